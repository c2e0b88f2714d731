"""The world around the readers and the rules: mail, store, replies, service, commands."""

__version__ = "0.1.0"
