"""The header rows of a list: which column holds what.

A header has up to three rows, whatever the order of its columns and whichever of
them are missing; a label may stand in any of its rows, or be spread over them. The
rows under the header are not looked at here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from parsers.forms.cells import View
from parsers.forms.labelindex import LabelIndex
from parsers.forms.labels import normalise_label
from parsers.model import Cell
from parsers.spec import TableSpec
from parsers.values.numbers import plain

_DEPTH = 3  #: rows a header may have
_JOINED = 0.9  #: confidence a label spread over several cells needs: no character may differ


class ListIndex:
    """A list's spec, ready for look-up."""

    def __init__(self, spec: TableSpec, vocabulary: Collection[str] = ()) -> None:
        self.spec = spec
        self.index = LabelIndex(spec.columns, vocabulary)
        self.titles = tuple(normalise_label(title).casefold() for title in spec.titles)
        self.total = LabelIndex([spec.total]) if spec.total else None

    def has_title(self, text: str) -> bool:
        """Is this the heading of the list's section?"""
        core = normalise_label(text).casefold()
        return any(title and (core == title or core.startswith(title)) for title in self.titles)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a grid that is a column of the list."""

    number: int  #: of the spec's column
    col: int
    span: int
    options: tuple[tuple[int, str], ...] = ()  #: tick columns: grid column and option text
    confidence: float = 1.0
    begins: bool = True  #: its label stands in the first header row, or begins there
    ends: bool = True  #: and in the last one, or ends there


@dataclass(slots=True)
class Header:
    """A header found: its columns, and over how many rows it goes."""

    columns: list[Column]
    depth: int
    score: float
    blocks: list[list[Column]] = field(default_factory=list)


def _stacked(view: View, row: int, depth: int, col: int) -> list[Cell]:
    """The header cells over a column from the top, each once."""
    seen: list[Cell] = []
    for r in range(row, row + depth):
        cell = view.at(r, col)
        if cell is not None and not any(cell is other for other in seen):
            seen.append(cell)
    return seen


def _prints(stack: Sequence[Cell]) -> tuple[str, ...]:
    """What may be a column's label: all its cells joined, the lowest, the highest, one between."""
    texts = [cell.text for cell in stack]
    return tuple(dict.fromkeys(("".join(texts), texts[-1], texts[0], *texts[1:-1])))


def _reach(stack: Sequence[Cell], text: str) -> tuple[bool, bool]:
    """Does a label found over a column begin in the first header row, and end in the last?

    A word in both rows is the lower row's: the upper one may be a row of fields.
    """
    first, last = stack[0].text, stack[-1].text
    whole = text == "".join(cell.text for cell in stack)
    ends = bool(last.strip()) and (whole or text == last)
    begins = bool(first.strip()) and (whole or text == first != last)
    return begins, ends


def _lowest(view: View, listing: ListIndex, bottom: int) -> dict[int, list[int]]:
    """Where the lowest header row names a column by itself: the grid columns of each."""
    named: dict[int, list[int]] = {}
    for cell in view.row(bottom):
        hit = listing.index.whole(cell.text) if cell.text.strip() else None
        for number in listing.index.cores[hit.core] if hit else ():
            named.setdefault(number, []).append(cell.col)
    return named


def _columns(view: View, listing: ListIndex, row: int, depth: int) -> list[Column]:
    """The columns of a header of this depth, left to right."""
    found: list[Column] = []
    used: list[int] = []
    bottom = row + depth - 1
    lowest = _lowest(view, listing, bottom)
    for cell in view.row(bottom):
        top = view.at(row, cell.col)
        stack = _stacked(view, row, depth, cell.col)
        for text in _prints(stack):
            hit = listing.index.whole(text) if text.strip() else None
            if hit is None or (text != cell.text and hit.confidence < _JOINED):
                continue  # a value over a label is no misprint of it
            numbers = listing.index.cores[hit.core]
            fresh = [n for n in numbers if used.count(n) < listing.spec.blocks]
            if text != cell.text:  # another column says so itself, right over its values
                fresh = [n for n in fresh if all(col == cell.col for col in lowest.get(n, ()))]
            if fresh:
                spread = text == (top.text if top else "") and text != cell.text
                if (
                    spread
                    and top is not None
                    and top.colspan > cell.colspan
                    and any(column.number == fresh[0] and column.col >= top.col for column in found)
                ):
                    continue
                number = min(fresh, key=used.count)
                used.append(number)
                span = top.colspan if spread and top is not None else cell.colspan
                begins, ends = _reach(stack, text)
                begins = begins and stack[0].row <= row  # a shorter row may stand above
                found.append(
                    Column(
                        number,
                        cell.col,
                        span,
                        confidence=hit.confidence,
                        begins=begins,
                        ends=ends,
                    )
                )
                break
    return [_with_options(view, listing, column, row, depth) for column in found]


def _with_options(view: View, listing: ListIndex, column: Column, row: int, depth: int) -> Column:
    """A column whose options are columns of their own (现场 攻关 管理 …)."""
    spec = listing.spec.columns[column.number]
    if not spec.options or depth == 1 or column.span == 1:
        return column
    options = {plain(option): option for option in spec.options}
    pairs = [
        (cell.col, options[plain(cell.text)])
        for cell in view.row(row + depth - 1)
        if column.col <= cell.col < column.col + column.span and plain(cell.text) in options
    ]
    if len(pairs) < 2:  # noqa: PLR2004 - an option alone is the answer of a row
        return column
    return replace(column, options=tuple(pairs), ends=True)


def _blocks(columns: Sequence[Column], blocks: int) -> list[list[Column]]:
    """Columns side by side: the n-th of a kind belongs to the n-th block."""
    result: list[list[Column]] = [[] for _ in range(blocks)]
    counts: dict[int, int] = {}
    for column in columns:
        block = counts.get(column.number, 0)
        counts[column.number] = block + 1
        result[block].append(column)
    return [block for block in result if block]


def find_header(view: View, listing: ListIndex, row: int) -> Header | None:
    """The header that begins in this row, or None."""
    cells = view.row(row)
    if not any(listing.index.whole(cell.text) for cell in cells if cell.text.strip()) and not any(
        cell.rowspan > 1 or cell.colspan > 1 for cell in cells
    ):
        return None
    printed = (
        max((cell.row + cell.rowspan for cell in cells if cell.row == row), default=row + 1) - row
    )
    best: Header | None = None
    most = (0, False)  #: columns told apart, and whether one's options are columns of their own
    for depth in dict.fromkeys((min(printed, _DEPTH), 1, 2, 3)):
        if row + depth > view.last:
            continue
        columns = _columns(view, listing, row, depth)
        different = len({column.number for column in columns})
        if depth > 1 and not any(column.begins for column in columns):
            continue  # the header begins further down
        if depth > 1 and not any(column.ends for column in columns):
            continue  # it has ended before
        if 2 * len(columns) < sum(bool(cell.text.strip()) for cell in view.row(row + depth - 1)):
            continue  # labels with their values between them
        worth = (different, any(column.options for column in columns))
        if best is None or worth > most:
            best, most = Header(columns, depth, different / len(listing.spec.columns)), worth
    if best is None or len({c.number for c in best.columns}) < min(2, len(listing.spec.columns)):
        return None
    if best.score < 0.4:  # noqa: PLR2004 - fewer than two columns in five are no header
        return None
    best.blocks = _blocks(best.columns, listing.spec.blocks)
    return best
