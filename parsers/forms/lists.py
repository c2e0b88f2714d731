"""Lists inside forms: members, nominations, reviewers.

A list is known by its header, of up to three rows, whatever the order of the
columns and whichever of them are missing. Rows follow until a totals row, a
heading, the next list, or the end; a header repeated after a page break is
skipped, and a grid without header that goes on with the same columns is part of
the list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from parsers.forms.cells import View, row_where
from parsers.forms.labelindex import LabelIndex
from parsers.forms.listheads import Column, Header, ListIndex, find_header
from parsers.model import Cell, Field, Row, Table
from parsers.spec import FieldSpec, FieldType, FormSpec
from parsers.values.numbers import Reading, plain
from parsers.values.ticks import is_untouched
from parsers.values.typed import is_blank, points_above, read_value

_SERIAL = re.compile(r"\(?\d{1,4}[.、)]?|[一二三四五六七八九十]{1,3}、?|[…. ]*")
_NOTE = re.compile(r"^\s*(?:备?注|说明|填表说明|填报说明)\s*(?:[:：]|\d)")
#: a heading over some of the rows, as applicants put it between them
_SECTION = re.compile(
    r"^(?=.{2,30}$)(?!.*[。;]|.*:.)(?:第?[(]?[一二三四五六七八九十\d]+[)、.．]|.*(?:小组|班组|类|部分|故事|成果))"
)
_HEADING = re.compile(r"^(?!.*[。;]|.*:.).{2,30}$")
#: what is written into a row of a list that has none
_NOTHING = re.compile(r"无|没有|暂无|不适用|本次无|[/\\—–―－_~·.…-]+")
#: how sure it is that 同上 means what was read in the row above
_DITTO_SURE = 0.95
_TOTAL = re.compile(r"^(?:总计|合计|共计|总数|小计)")


@dataclass(slots=True)
class Lists:
    """What was read: lists, totals, and the cells that belong to them."""

    tables: list[Table] = field(default_factory=list)
    totals: list[Field] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    #: what was read last in a column, by list, block and number of the column
    above: dict[tuple[str, int, int], Field] = field(default_factory=dict)


def _is_heading(text: str, view: View, row: int, header: Header) -> bool:
    """Is a text across all columns a heading over further rows of the same list?"""
    if _SECTION.search(text):
        return True
    starts = {cell.col for cell in view.row(row + 1) if cell.text.strip()}
    aligned = 2 * sum(column.col in starts for column in header.columns) > len(header.columns)
    return aligned and bool(_HEADING.search(text))


class ListReader:
    """Reads all lists of one form from its views."""

    def __init__(self, form: FormSpec, vocabulary: Collection[str] = ()) -> None:
        self.form = form
        self.listings = [ListIndex(spec, vocabulary) for spec in form.tables]
        ends = [f for f in form.fields if f.place in ("head", "foot") or f.type in (
            FieldType.STAMP, FieldType.SIGNATURE, FieldType.LONG_TEXT)]  # fmt: skip
        self._ends = LabelIndex(ends, vocabulary)
        self._heads = LabelIndex([f for f in form.fields if f.place == "head"], vocabulary)

    def _holds_head(self, cell: Cell, listing: ListIndex) -> bool:
        """Does a cell of the header rows hold a field of the form's head?"""
        hits = self._heads.find(cell.text)
        return bool(hits and hits[0].colon) and listing.index.whole(cell.text) is None

    def best(self, view: View, row: int) -> tuple[float, ListIndex, Header] | None:
        """The list whose header begins in this row."""
        found = [
            (header.score, -number, listing, header)
            for number, listing in enumerate(self.listings)
            if (header := find_header(view, listing, row))
        ]
        if not found:
            return None
        score, _number, listing, header = max(found, key=lambda entry: entry[:2])
        return score, listing, header

    def read(self, views: Sequence[View], headings: Sequence[str] = ()) -> Lists:
        """All lists of the form.

        Args:
            views: the form's grids in their order.
            headings: for each view the line above it, which may name the section.
        """
        result = Lists()
        rows: dict[str, list[Row]] = {}
        keys: dict[str, set[str]] = {}
        places: dict[str, str] = {}
        last: tuple[ListIndex, Header, int] | None = None
        for position, view in enumerate(views):
            heading = headings[position] if position < len(headings) else ""
            titled = next((entry for entry in self.listings if entry.has_title(heading)), None)
            width = max((c.col + c.colspan for c in view.cells()), default=0)
            current: tuple[ListIndex, Header] | None = None
            if last is not None and titled is None and last[2] == width:
                current = last[0], last[1]
            row = view.first
            while row < view.last:
                if named := self._heading(view, row):
                    titled, current, row = named, None, row + 1
                    continue
                if start := self._start(view, row, titled):
                    listing, header = start
                    current = listing, header
                    last = listing, header, width
                    titled = None
                    keys.setdefault(listing.spec.key, set()).update(
                        listing.spec.columns[c.number].key for c in header.columns
                    )
                    places.setdefault(listing.spec.key, row_where(view.row(row)[0]))
                    for r in range(row, row + header.depth):
                        result.used.update(
                            id(cell) for cell in view.row(r) if not self._holds_head(cell, listing)
                        )
                    row += header.depth
                    continue
                if current is not None and not self._row(view, row, current, rows, result):
                    current = last = None
                row += 1
        for listing in self.listings:
            key = listing.spec.key
            if key in keys:
                columns = tuple(c.key for c in listing.spec.columns if c.key in keys[key])
                result.tables.append(
                    Table(
                        key=key, rows=tuple(rows.get(key, ())), columns=columns, where=places[key]
                    )
                )
        return result

    def _heading(self, view: View, row: int) -> ListIndex | None:
        filled = view.filled(row)
        if len(filled) != 1:
            return None
        return next((entry for entry in self.listings if entry.has_title(filled[0].text)), None)

    def _start(
        self, view: View, row: int, titled: ListIndex | None
    ) -> tuple[ListIndex, Header] | None:
        if titled is not None and (header := find_header(view, titled, row)):
            return titled, header
        best = self.best(view, row)
        return (best[1], best[2]) if best else None

    def _row(
        self,
        view: View,
        row: int,
        current: tuple[ListIndex, Header],
        rows: dict[str, list[Row]],
        result: Lists,
    ) -> bool:
        """Take one row; False where the list has ended before it."""
        listing, header = current
        cells = view.row(row)
        filled = [cell for cell in cells if cell.text.strip()]
        if not filled:
            return True
        first = filled[0].text
        if _NOTE.match(first) or (self._ends.find(first) and len(filled) <= 4):  # noqa: PLR2004
            return False
        if any(_TOTAL.match(plain(cell.text)) for cell in filled) or self._is_total(
            listing, filled
        ):
            self._total(view, row, current, result)
            result.used.update(id(cell) for cell in cells)
            return True
        if rows.get(listing.spec.key) and (bare := _bare_total(listing, header, filled)):
            result.totals.append(bare)
            result.used.update(id(cell) for cell in cells)
            return True
        if len(filled) == 1 and filled[0].colspan >= max(2, len(header.columns) - 1):
            heads = _is_heading(plain(first), view, row, header)
            result.used.update(id(cell) for cell in cells if heads)
            return heads
        for number, block in enumerate(header.blocks):
            taken = self._block(view, row, listing, (number, block), result.above)
            if taken is not None:
                rows.setdefault(listing.spec.key, []).append(taken)
        result.used.update(id(cell) for cell in cells)
        return True

    @staticmethod
    def _is_total(listing: ListIndex, filled: Sequence[Cell]) -> bool:
        total = listing.total
        return total is not None and any(total.find(cell.text) for cell in filled)

    @staticmethod
    def _total(view: View, row: int, current: tuple[ListIndex, Header], result: Lists) -> None:
        """The number of a totals row: behind its label, or in the cells beside it.

        Where the label takes the place of a number, one beside it is of another column.
        """
        listing, header = current
        spec, total = listing.spec.total, listing.total
        if spec is None or total is None:
            return
        cells = view.row(row)
        for position, cell in enumerate(cells):
            hits = total.find(cell.text)
            printed = _TOTAL.match(plain(cell.text))
            if hits:
                rest = cell.text[hits[0].end :]
            elif printed:
                rest = plain(cell.text)[printed.end() :].lstrip(":")
            else:
                continue
            around = [(rest, cell)]
            around += [(other.text, other) for other in cells[position + 1 :]]
            around += [(other.text, other) for other in cells[:position][::-1]]
            text, place = next(
                ((text, place) for text, place in around if re.search(r"\d", text)), ("", cell)
            )
            sure = place is cell or not _stands_for_number(listing, header, cell)
            doubt = "" if sure or not text else "合计数与标签不在同一栏，无法确定是哪一栏的合计"
            entry = make_field(spec, text, place.where, 1.0 if sure else 0.5, doubt)
            result.totals.append(entry)
            return

    def _block(
        self,
        view: View,
        row: int,
        listing: ListIndex,
        numbered: tuple[int, Sequence[Column]],
        above: dict[tuple[str, int, int], Field],
    ) -> Row | None:
        """One row of one block, or None where nothing was filled in.

        A ditto has the value ``above`` it, if one was read there.
        """
        number, block = numbered
        found: list[tuple[int, Field]] = []
        empty = True
        first: Cell | None = None
        for column in block:
            spec = listing.spec.columns[column.number]
            cell, text, confidence = self._cell(view, row, column)
            first = first or cell
            entry = make_field(
                spec, text, cell.where if cell else "", column.confidence * confidence
            )
            if points_above(entry.raw):
                entry = _as_above(entry, above.get((listing.spec.key, number, column.number)))
            found.append((column.number, entry))
            if (
                entry.raw
                and not _is_serial(spec, entry.raw)
                and not _NOTHING.fullmatch(plain(entry.raw))
            ):
                empty = False
        if empty or first is None:
            return None
        above.update({(listing.spec.key, number, column): entry for column, entry in found})
        found.sort(key=lambda pair: pair[0])
        return Row(cells=tuple(entry for _column, entry in found), where=row_where(first))

    @staticmethod
    def _cell(view: View, row: int, column: Column) -> tuple[Cell | None, str, float]:
        """A row's cell in a column; tick columns are read together."""
        if column.options:
            chosen = [
                (cell, option)
                for col, option in column.options
                if (cell := view.at(row, col)) and not is_blank(cell.text)
            ]
            place = chosen[0][0] if chosen else view.at(row, column.col)
            return place, "、".join(option for _cell, option in chosen), 1.0
        cell = view.at(row, column.col)
        if cell is None:
            return None, "", 1.0
        # a cell that reaches far over its column belongs to a row of another layout
        stray = cell.colspan > column.span and cell.col != column.col
        return cell, cell.text, 0.75 if stray else 1.0


def _stands_for_number(listing: ListIndex, header: Header, cell: Cell) -> bool:
    """Does a cell stand in a column of numbers, and in no other?"""
    over = [
        listing.spec.columns[column.number].type
        for column in header.columns
        if cell.col < column.col + column.span and column.col < cell.col + cell.colspan
    ]
    numbers = {FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT}
    return bool(over) and set(over) <= numbers


def _bare_total(listing: ListIndex, header: Header, filled: Sequence[Cell]) -> Field | None:
    """A number written over the printed word for the total, alone in its row."""
    cell, spec = filled[0], listing.spec.total
    alone = len(filled) == 1 and bool(re.fullmatch(r"\d+[人个名]?", plain(cell.text)))
    if spec is None or not alone or not _stands_for_number(listing, header, cell):
        return None
    return make_field(spec, cell.text, cell.where)


def _as_above(ditto: Field, above: Field | None) -> Field:
    """A ditto with the value above it, no surer than that; as it stands where there is none."""
    if above is None or above.value is None:
        return ditto
    sure = above.confidence if points_above(above.raw) else above.confidence * _DITTO_SURE
    return replace(ditto, value=above.value, doubt=above.doubt, confidence=round(sure, 3))


def _is_serial(spec: FieldSpec, raw: str) -> bool:
    return spec.type is FieldType.SERIAL or (
        spec.key in ("seq", "serial") and bool(_SERIAL.fullmatch(raw.strip()))
    )


def make_field(
    spec: FieldSpec, raw: str, where: str, confidence: float = 1.0, doubt: str = ""
) -> Field:
    """A field from the text that stands in its cell."""
    text = "" if is_blank(raw) or is_untouched(raw, spec.options) else raw.strip()
    reading = read_value(spec, text) if text else Reading()
    return Field(
        key=spec.key,
        label=spec.label,
        value=reading.value,
        raw=text,
        where=where,
        confidence=round(confidence * reading.confidence, 3),
        doubt=doubt or reading.doubt,
    )
