"""The notice as data: the model of a campaign, its loader, and every mistake in it by line."""
