"""A demonstration of the whole main job on an embedded mailbox, made from a campaign's own data."""

from mailbot.demo.run import NotOurs, run_demo

__all__ = ["NotOurs", "run_demo"]
