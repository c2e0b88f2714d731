"""Real servers on loopback for tests: Dovecot, and an SMTP server that follows a script."""
