"""The commands: what a person types, nothing that decides.

``main`` turns every outcome into one of three exit codes: 0 done, 1 the work
failed or problems were found, 2 wrong usage or wrong configuration.
"""

from mailbot.cli.root import main

__all__ = ["main"]
