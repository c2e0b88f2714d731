"""A sixth notice nobody has seen, its campaign as staff would write it, and its papers."""
