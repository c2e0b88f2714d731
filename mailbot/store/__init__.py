"""The register: mails, documents, dossiers, items, verdicts, replies and history in a database.

Rooms: :mod:`~mailbot.store.engine` opens it, :mod:`~mailbot.store.schema` has the
tables, the others read and write them, each for one noun. Nothing here decides.
"""

from sqlalchemy import Connection

from mailbot.store.engine import Store, open_store

__all__ = ["Connection", "Store", "open_store"]
