"""How much of a document is looked at before it counts as hostile.

Every reader counts against these numbers while it reads, never after. They are
generous for forms and small for bombs; the service may set its own.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds of reading one document; sizes in bytes."""

    max_bytes: int = 100 * MEGABYTE  #: one document as sent, or one member of an archive
    max_part: int = 64 * MEGABYTE  #: one unpacked part inside a .docx or .xlsx
    max_entries: int = 2000  #: members of an archive, nested archives included
    max_ratio: int = 200  #: unpacked to packed size of a member of 8 MB and more
    max_depth: int = 5  #: archives within archives; the outermost is depth 0
    max_pages: int = 200  #: of one PDF
    max_scans: int = 20  #: pages of pictures recognised in one document as sent
    max_pixels: int = 64_000_000  #: of one picture
    max_cells: int = 300_000  #: cells of all tables or worksheets of one document
    max_total: int = 500 * MEGABYTE  #: all unpacked members of the outermost archive together
    max_nesting: int = 24  #: tables within tables, content controls within content controls
