"""From bytes to located cells to forms.

This package reads; it never judges. It knows nothing of mail, of deadlines or
of databases, and imports neither ``rules`` nor ``mailbot``.
"""
