"""From an archived mail to what its documents say: strangers' files in limited children, never here.

Nothing in this room judges; it hands on what was read, with places and doubts.
"""
