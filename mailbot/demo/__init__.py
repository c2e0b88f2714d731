"""A demonstration of the whole main job on an embedded mailbox, made from a campaign's own data."""
