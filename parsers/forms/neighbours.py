"""Values beside, below, behind and inside the labels of one grid.

Cells are gone through in their order. A cell that has been taken as a value is
never a label, so that an applicant's word which happens to be a label does no
harm; a label whose value cell is missing takes nothing from its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.forms.cells import View
from parsers.forms.formindex import NOTE, Found, between, strip_prompts, trim
from parsers.forms.labelindex import Hit
from parsers.forms.labels import normalise_label
from parsers.forms.search import Search
from parsers.model import Cell
from parsers.spec import FieldSpec, FieldType
from parsers.values.numbers import plain
from parsers.values.typed import is_blank

_JOINED = {FieldType.TICKS, FieldType.CHOICE, FieldType.NAMES}
_HAND = {FieldType.STAMP, FieldType.SIGNATURE}
_LONG = {FieldType.LONG_TEXT}
_SLOT = re.compile(r"\(?\d{1,2}[.、):,]?")  #: the printed number of a cell


def _with_grids(text: str, cell: Cell, *, last: bool = True) -> str:
    """A long text with the tables that stand in its cell."""
    grids = (View(grid).text() for grid in cell.grids) if last else ()
    return "\n".join(filter(None, (text.strip(), *grids)))


class GridReader:
    """One grid of the region."""

    def __init__(self, search: Search, view: View, zone: str) -> None:
        self.e = search
        self.view = view
        self.fields = search.form.spec.fields
        self.index = search.form.labels
        self.values: tuple[int, int] | None = None  # grid columns of the value column
        self.body = self._body(zone)

    def _body(self, zone: str) -> tuple[int, int]:
        """First and last row of the form itself, between head and foot."""
        rows = [
            row
            for row in self.view.numbers()
            for cell in self.view.beginning(row)
            if (hit := self.e.begins(cell))
            and any(
                self.fields[n].place not in ("head", "foot") for n in self.index.cores[hit.core]
            )
            and all(
                self.fields[n].place not in ("head", "foot") for n in self.index.cores[hit.core]
            )
        ]
        lists = [
            row for row in self.view.numbers() if any(map(self.e.is_taken, self.view.row(row)))
        ]
        rows += lists
        if rows:
            return min(rows), max(rows)
        return (self.view.last, self.view.last) if zone == "head" else (-1, -1)

    def _zone(self, row: int) -> str:
        if row < self.body[0]:
            return "head"
        return "foot" if row > self.body[1] else "body"

    def read(self) -> None:
        """All labels of the grid, in their order."""
        noted = False
        for row in self.view.numbers():
            if self._is_header(row):
                continue
            filled = self.view.filled(row)
            single = filled[0] if len(filled) == 1 else None
            if single is not None and NOTE.match(single.text):
                if row > self.body[0]:
                    break
                noted = True
            if noted and single is not None and row < self.body[0] and not self.e.begins(single):
                continue  # a note over the form goes on
            for cell in self.view.beginning(row):
                if not self.e.is_taken(cell) and cell.text.strip():
                    self._cell(cell)

    def _is_header(self, row: int) -> bool:
        """The header of a table of statistics; its words are no labels."""
        wanted = self.e.form.value_header
        if not wanted:
            return False
        cells = self.view.beginning(row)
        names = [normalise_label(cell.text) for cell in cells]
        if wanted not in names or len([name for name in names if name]) < 2:  # noqa: PLR2004
            return False
        cell = cells[names.index(wanted)]
        self.values = cell.col, cell.colspan
        for other in cells:
            self.e.take(other)
        return True

    def _cell(self, cell: Cell) -> None:
        hits = self.index.find(cell.text)
        for at, hit in enumerate(hits):
            end = hits[at + 1].start if at + 1 < len(hits) else len(cell.text)
            number, confidence = self.e.choose(hit, self._contexts(cell), self._zone(cell.row))
            self.e.seen(hit)
            spec = self.fields[number]
            raw = (
                between(cell.text, hit.start, hit.end, end)
                if spec.type not in _LONG
                else _with_grids(cell.text[hit.end : end], cell, last=at + 1 == len(hits))
            )
            filled = strip_prompts(raw, self.e.form.prompts[number])
            if (filled and not is_blank(filled)) or at + 1 < len(hits):
                self.e.keep(number, Found(filled, cell.where, confidence))
                continue
            found = self._beside(cell, hit, spec)
            if found is None:
                found = Found("", cell.where, 1.0)
            self.e.keep(
                number, Found(found.raw, found.where, confidence * found.confidence, found.doubt)
            )

    # ---- scopes ----------------------------------------------------------------------

    def _contexts(self, cell: Cell) -> Iterator[str]:
        """What may be the header of this cell's row, nearest first."""
        left = self.view.left_of(cell)
        recent = [hit for other in left for hit in self.index.find(other.text)]
        for other in left:
            if other.text.strip():
                yield normalise_label(other.text).casefold()
        for hit in recent:
            yield hit.core
        corner = left[-1] if left else None
        if corner is None or not corner.text.strip():  # an unmerged header: look up its column
            col = corner.col if corner else 0
            for row in range(cell.row - 1, max(self.view.first - 1, cell.row - 8), -1):
                above = self.view.at(row, col)
                if above is not None and above.text.strip():
                    yield normalise_label(above.text).casefold()
                    break
        yield from self.e.recent()
        for row in range(cell.row - 1, self.view.first - 1, -1):
            filled = self.view.filled(row)
            if len(filled) == 1 and filled[0].col <= cell.col:
                yield normalise_label(filled[0].text).casefold()

    # ---- places of values ------------------------------------------------------------

    def _beside(self, cell: Cell, hit: Hit, spec: FieldSpec) -> Found | None:
        """The value of a label that stands alone in its cell."""
        if self._is_figure(spec) and (figure := self._figure(cell)):
            return figure
        run = self._run(cell, hit)
        beneath = self.view.below(cell)
        if beneath is not None and (self.e.is_taken(beneath) or self.e.begins(beneath)):
            beneath = None
        found: Found | None = None
        if spec.slots and self._has_its_row(cell, run) and (found := self._slots(cell, spec)):
            return found
        if spec.type in _HAND:
            found = self._by_hand(cell, run)
        elif beneath is not None and spec.place == "below":
            found = self._taken(beneath, 1.0)
        elif beneath is not None and self._in_header_row(cell):
            found = self._taken(beneath, 0.9)
        elif spec.type in _LONG:
            found = self._long(cell, run, beneath)
        elif run:
            found = self._first_of(cell, run, spec)
        elif beneath is not None and self._stands_over(cell, beneath, hit, spec):
            found = self._taken(beneath, 0.85)
        return found

    def _by_hand(self, cell: Cell, run: list[Cell]) -> Found:
        """A signature or stamp: whatever was typed beside it."""
        if run and not is_blank(run[0].text):
            return self._taken(run[0], 0.9)
        return Found("", (run[0] if run else cell).where, 1.0)

    def _stands_over(self, cell: Cell, beneath: Cell, hit: Hit, spec: FieldSpec) -> bool:
        """A label without neighbour over a filled cell of its own width."""
        alone = not hit.colon and spec.place == "right" and not self.view.right_of(cell)
        return alone and bool(beneath.text.strip()) and beneath.colspan == cell.colspan

    def _in_header_row(self, cell: Cell) -> bool:
        """A row of labels only, whose values stand in the row below."""
        row = self.view.row(cell.row)
        cells = [c for c in row if c.row == cell.row and c.text.strip()]
        if len(cells) < 2 or 2 * len(cells) <= len(row):  # noqa: PLR2004
            return False
        if cells[-1].col != row[len(cells) - 1].col:
            return False  # empty cells between labels are their values
        if not all((hit := self.e.begins(c)) and hit.whole for c in cells):
            return False
        under = [self.view.below(c) for c in cells]
        return all(c is not None and not self.e.begins(c) for c in under)

    def _run(self, cell: Cell, hit: Hit) -> list[Cell]:
        """The cells right of a label up to the next label."""
        run: list[Cell] = []
        right = self.view.right_of(cell)
        for at, other in enumerate(right):
            if self.e.is_taken(other):
                break
            begins = self.e.begins(other)
            if begins is not None:
                last = at + 1 == len(right) or self.e.begins(right[at + 1]) is not None
                own = begins.core == hit.core or self.e.is_elsewhere(begins)
                if at or not (own or (begins.whole and last and self.e.is_surplus(begins.core))):
                    break
            run.append(other)
        return run

    def _taken(
        self, cell: Cell, confidence: float, raw: str | None = None, doubt: str = ""
    ) -> Found:
        self.e.take(cell)
        return Found(cell.text.strip() if raw is None else raw, cell.where, confidence, doubt)

    def _first_of(self, cell: Cell, run: list[Cell], spec: FieldSpec) -> Found:
        """The value among the cells between two labels."""
        if spec.type in _JOINED or spec.slots:
            return self._joined([*run, *self._lower(cell)], spec)
        filled = [other for other in run if not is_blank(other.text)]
        if not filled:
            self.e.take(run[0])
            return Found("", run[0].where, 1.0)
        if run[0] is filled[0]:
            own = self.index.find(run[0].text)
            repeated = own[0] if own and not own[0].whole and own[0].start == 0 else None
            raw = trim(run[0].text[repeated.end :]) if repeated and self.e.begins(run[0]) else None
            if len(filled) == 2 and not self._unknown_label(filled[1]):  # noqa: PLR2004
                return self._taken(run[0], 0.7, raw, "该项内容分写在相邻的单元格中")
            return self._taken(run[0], 1.0, raw)
        if len(filled) == 1 and len(run) > 1:
            return self._taken(filled[0], 0.85)
        self.e.take(run[0])
        return Found("", run[0].where, 1.0)

    @staticmethod
    def _has_its_row(cell: Cell, run: Sequence[Cell]) -> bool:
        """Does a label stand over the whole form, spare columns of a sheet aside?"""
        return not run or (cell.colspan > 1 and all(is_blank(other.text) for other in run))

    def _slots(self, cell: Cell, spec: FieldSpec) -> Found | None:
        """The cells of the rows under a label that has its row to itself, up to the next label."""
        slots: list[Cell] = []
        for row in range(cell.row + cell.rowspan, self.view.last):
            cells = self.view.beginning(row)
            if any(self.e.is_taken(other) or self.e.begins(other) for other in cells):
                break
            if len(cells) < 2 and (slots or NOTE.match("".join(c.text for c in cells))):  # noqa: PLR2004
                break
            slots += cells
        return self._joined(slots, spec) if slots else None

    def _joined(self, cells: Sequence[Cell], spec: FieldSpec) -> Found:
        """A value spread over several cells; in numbered ones a number alone is printed."""
        for cell in cells:
            self.e.take(cell)
        filled = [cell for cell in cells if not is_blank(cell.text)]
        if spec.slots:
            filled = [cell for cell in filled if not _SLOT.fullmatch(plain(cell.text))]
        parted = "\n" if spec.type is FieldType.NAMES else " "
        return Found(parted.join(cell.text.strip() for cell in filled), cells[0].where, 1.0)

    def _unknown_label(self, cell: Cell) -> bool:
        """Does a cell look like a label nobody knows, without a value of its own?"""
        return cell.text.strip().endswith((":", "：")) or plain(cell.text) in {"备注", "注"}

    def _lower(self, cell: Cell) -> Iterator[Cell]:
        """Cells right of a merged label in its further rows; for unmerged ones, rows without label."""
        for row in range(cell.row + 1, cell.row + cell.rowspan):
            for other in self.view.right_of(cell, row):
                if other.row == row and not self.e.is_taken(other) and not self.e.begins(other):
                    yield other

    def _long(self, cell: Cell, run: list[Cell], beneath: Cell | None) -> Found | None:
        """A long text: right, then below; several rows of it are joined."""
        texts = [(other, _with_grids(other.text, other)) for other in (*run, *self._lower(cell))]
        filled = [(other, text) for other, text in texts if not is_blank(text)]
        if filled:
            for other, _text in filled:
                self.e.take(other)
            return Found("\n".join(text for _other, text in filled), filled[0][0].where, 1.0)
        if run:
            return self._taken(run[0], 1.0, "")
        if (
            beneath is not None
            and not is_blank(beneath.text)
            and len(self.view.row(beneath.row)) == 1
            and not NOTE.match(beneath.text)
        ):
            return self._taken(beneath, 0.95)
        return None

    @staticmethod
    def _is_figure(spec: FieldSpec) -> bool:
        return spec.place == "right" and spec.type not in (
            *_LONG, *_HAND, FieldType.PERSON, FieldType.ORGANISATION)  # fmt: skip

    def _in_values(self, row: int) -> Cell | None:
        """A row's cell in the column of the values; a unit drawn into it stands left of it."""
        first, width = self.values or (0, 0)
        cell = self.view.at(row, first)
        if cell is None or not is_blank(cell.text):
            return cell
        beside = next(iter(self.view.right_of(cell, row)), None)
        is_unit = bool(cell.text.strip())
        is_slipped = beside is not None and cell.col < first and beside.col < first + width
        return beside if beside is not None and (is_unit or is_slipped) else cell

    def _figure(self, cell: Cell) -> Found | None:
        """The cell of a statistics row in the column of the values."""
        if self.values is None:
            return None
        found: list[Cell] = []
        for row in range(cell.row, cell.row + cell.rowspan):
            other = self._in_values(row)
            if other is None or other.col <= cell.col or self.e.is_taken(other):
                return None
            if not any(other is known for known in found):
                found.append(other)
        filled = [other for other in found if not is_blank(other.text)]
        value = filled[0] if filled else found[0]
        raw = " ".join(other.text.strip() for other in filled)
        if filled and value.rowspan > cell.rowspan:  # left free: it concerns several rows
            return Found(raw, value.where, 0.4, "该数值所在单元格与其他行合并，无法确定归属")
        for other in found:
            if other.rowspan <= cell.rowspan:
                self.e.take(other)
        if len(filled) > 1:
            return Found(raw, value.where, 0.4, "该项填写了多个数值，无法确定")
        return Found(raw, value.where, 1.0)
