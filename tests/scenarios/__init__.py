"""Mails of whole campaigns as applicants send them, with golden verdicts and letters.

A folder for each campaign: its module plays the scenes (who mails what, and when),
the texts beside it are what came of it. A person has read them; after a change that
is meant, ``GOLDEN=write`` in the environment writes them anew, to be read again.
"""
