"""Where replies go out: one adapter a kind of way."""
