"""From what was read to what is recorded and answered: whose it is, what the rules say, what staff settle.

Everything here works through the register it is handed; nothing reads a document or sends a mail.
"""
