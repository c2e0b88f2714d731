"""From forms to a verdict.

The campaign model and its loader, and the rules. Everything here is pure: no
clock, no file, no network, no database; "now" and what the register knows come
in as :class:`rules.model.Facts`. Imports ``parsers``, never ``mailbot``.
"""
