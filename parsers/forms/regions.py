"""A document's blocks divided into the parts of its forms.

A known title opens a part; a further grid without title goes on with the form
before it, or is a form of its own, as its labels tell. A worksheet that holds
several forms is cut at their titles. Whether a part is a form at all is not
decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parsers.forms.cells import Part, View
from parsers.forms.labels import compact
from parsers.forms.recognise import Candidate, label_ratio, words_of
from parsers.forms.titles import TitleBook, TitleMatch, fold_title
from parsers.model import Block, Grid, Line

_ANNEX_ONLY = re.compile(r"^\(?附(?:件|表|录)?[一二三四五六七八九十\d.\-—]*\)?[:：]?$")
_NUMBERED = re.compile(r"\(?[一二三四五六七八九十]+[)、.．]")
_JOIN = 3  #: lines a title may be spread over
_LINE = 60  #: characters a piece of a title has at most
_STRANGE = re.compile(r"(?:表|总结|登记册|申请书)(?:\([^()]*\))?$")


@dataclass(slots=True)
class Piece:
    """One part of a document, still to be recognised."""

    parts: list[Part] = field(default_factory=list)
    title: str = ""
    where: str = ""
    heading: tuple[str, ...] = ()  #: the title's lines as they stand there
    titles: Mapping[int, TitleMatch] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    strange: bool = False  #: an unknown title stands over it

    def views(self) -> list[View]:
        """Its grids."""
        return [part for part in self.parts if isinstance(part, View)]

    def has_grid(self) -> bool:
        """Is there any? Asked for every grid of a document: not by counting them all."""
        return any(isinstance(part, View) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _TitleLine:
    text: str
    where: str
    titles: Mapping[int, TitleMatch]
    lines: tuple[str, ...]


def shown_title(text: str) -> str:
    """A title as found, without line breaks and the annex number in front."""
    one = re.sub(r"\s*[\r\n]+\s*", "", text.strip())
    one = re.sub(r"^\(?附(?:件|表|录)?\s*[一二三四五六七八九十\d.\-—]*\)?\s*[:：]?\s*", "", one)
    return one.strip("《》 \u3000")


class Divider:
    """Divides documents by the titles and labels of the given forms."""

    def __init__(self, forms: Sequence[Candidate], book: TitleBook) -> None:
        self._forms = forms
        self._book = book
        lists = (form.index.lists for form in forms if form.index.lists)
        self._sections = [entry.has_title for each in lists for entry in each.listings]

    def divide(self, blocks: Sequence[Block]) -> list[Piece]:
        """The pieces of a document, each with at most one title."""
        stream = list(self._titled(list(self._flat(blocks))))
        pieces: list[Piece] = [Piece()]
        for entry in stream:
            current = pieces[-1]
            if isinstance(entry, _TitleLine) and (
                self._is_label_of(current, entry) or self._heads_a_section_of(current, entry)
            ):
                current.parts.append(Line(text=entry.text, where=entry.where))
            elif isinstance(entry, _TitleLine):
                if current.parts and _is_annex_line(current.parts[-1]):
                    current.parts.pop()  # the number of the annex that begins here
                pieces.append(
                    Piece(
                        title=entry.text,
                        where=entry.where,
                        titles=entry.titles,
                        heading=entry.lines,
                    )
                )
            elif (
                isinstance(entry, View) and current.has_grid() and not self._goes_on(current, entry)
            ):
                pieces.append(Piece(parts=[entry]))
            else:
                current.parts.append(entry)
                if isinstance(entry, View):
                    current.words |= words_of([entry])
        for piece in pieces:
            piece.words = words_of(piece.parts)
            piece.strange = not piece.title and self._has_strange_title(piece)
        return [piece for piece in pieces if piece.parts]

    # ---- blocks to parts ---------------------------------------------------------------

    def _flat(self, blocks: Sequence[Block]) -> Iterator[Part]:
        """Lines and views; grids cut at titles, nested grids behind their outer one."""
        for block in blocks:
            if isinstance(block, Line):
                if block.text.strip():
                    yield block
                continue
            yield from self._cut(block)
            for cell in block.cells():
                if cell.grids:
                    yield from self._flat(cell.grids)

    def _cut(self, grid: Grid) -> Iterator[Part]:
        """A grid as views between the rows that hold a single line of title."""
        view = View(grid)
        start = 0
        row = 0
        headed = True  # nothing but single cells so far
        while row < len(grid.rows):
            filled = view.filled(row)
            single = filled[0] if len(filled) == 1 else None
            text = single.text if single else ""
            if single is not None and self._is_title_from(view, row):
                if row > start:
                    yield View(grid, start, row)
                yield Line(text=text, where=single.where, heading=True)
                start = row + 1
                headed = True
            elif (
                single is not None
                and headed
                and len(text) < _LINE
                and not _is_label(text)
                and not (len(view.row(row)) > 1 and self._names_a_field(text))
            ):
                if row > start:
                    yield View(grid, start, row)
                yield Line(text=text, where=single.where)
                start = row + 1
            elif filled:
                headed = False
            row += 1
        if start < len(grid.rows):
            yield View(grid, start, len(grid.rows))

    def _names_a_field(self, text: str) -> bool:
        """Is this the label of a field, whose value was left empty?"""
        return any(form.index.labels.whole(text) for form in self._forms)

    def _is_title_from(self, view: View, row: int) -> bool:
        """Does a title begin in this row? It may go on in the next ones."""
        text = ""
        for at in range(row, min(row + _JOIN, view.last)):
            filled = view.filled(at)
            if len(filled) != 1 or len(filled[0].text) > 2 * _LINE:
                return False
            text += filled[0].text
            if any(not self._forms[number].is_text for number in self._titles(text)):
                return True
        return False

    # ---- titles ---------------------------------------------------------------------------

    def _titled(self, parts: Sequence[Part]) -> Iterator[Part | _TitleLine]:
        """Lines that are titles marked, pieces of one title joined."""
        at, lines = 0, 0
        titled = closed = False  #: is this under a form's title, and behind its grid?
        while at < len(parts):
            part = parts[at]
            if isinstance(part, View):
                at += 1
                closed = titled
                yield part
                continue
            found = self._title_at(parts, at)
            if found is not None and self._may_open(found[0], lines, closed=closed):
                yield found[0]
                at += found[1]
                titled, closed = not self._is_of_text(found[0]), False
            else:
                yield part
                at += 1
            if not _ANNEX_ONLY.match(compact(part.text)):
                lines += 1

    def _title_at(self, parts: Sequence[Part], at: int) -> tuple[_TitleLine, int] | None:
        """The title that begins with this line, and over how many lines it goes."""
        text, where = "", ""
        best: tuple[_TitleLine, int] | None = None
        for count in range(1, _JOIN + 1):
            if at + count > len(parts):
                break
            part = parts[at + count - 1]
            if not isinstance(part, Line) or len(part.text) > 2 * _LINE:
                break
            if count > 1 and (_ANNEX_ONLY.match(compact(part.text)) or len(part.text) > _LINE):
                break
            if count > 1 and self._heads_a_list(part.text):
                break
            joined = text + part.text.strip()
            titles = self._titles(joined)
            alone = self._titles(part.text) if count > 1 else {}
            if alone and (not titles or _rank(alone) >= _rank(titles)):
                break  # the next line is a title of its own
            text = joined
            where = where or part.where
            if titles and (best is None or _rank(titles) > _rank(best[0].titles)):
                lines = tuple(one for p in parts[at : at + count] for one in _lines(p))
                best = _TitleLine(shown_title(text), where, titles, lines), count
            if best is None and count == 1 and _ANNEX_ONLY.match(compact(part.text)):
                return None
        return best

    def _is_label_of(self, piece: Piece, title: _TitleLine) -> bool:
        """Is the title of a text the label of a field in a form typed without cells?"""
        if piece.views() or any(not self._forms[number].is_text for number in title.titles):
            return False
        forms = [self._forms[number] for number in piece.titles]
        return any(not f.is_text and f.index.labels.whole(title.text) for f in forms)

    def _heads_a_section_of(self, piece: Piece, title: _TitleLine) -> bool:
        """Is this a numbered section of the form before it, not quite legible?

        Read off a picture, 二、…汇总表 over one of a form's lists is like some form's title.
        """
        if _rank(title.titles) >= 1 or not _NUMBERED.match(compact(title.text)):
            return False
        lists = [
            self._forms[number].index.lists
            for number, match in piece.titles.items()
            if match.rank >= 1
        ]
        return any(each and len(each.listings) > 1 for each in lists)

    def _titles(self, text: str) -> Mapping[int, TitleMatch]:
        """How a text fits as a title; the heading of a section only where it is one in full."""
        found = self._book.find(text)
        return {} if found and _rank(found) < 1 and self._heads_a_list(text) else found

    def _heads_a_list(self, text: str) -> bool:
        """Is this the printed heading of one of a form's lists?"""
        return any(has_title(text) for has_title in self._sections)

    def _may_open(self, title: _TitleLine, lines: int, *, closed: bool) -> bool:
        """A short name of a text is a title only at the beginning, or behind a form's grid."""
        if not self._is_of_text(title) or lines < 5 or len(fold_title(title.text)) >= 12:  # noqa: PLR2004
            return True
        return closed and _rank(title.titles) >= 1

    def _is_of_text(self, title: _TitleLine) -> bool:
        return all(self._forms[number].is_text for number in title.titles)

    # ---- grids ------------------------------------------------------------------------------

    def _goes_on(self, piece: Piece, view: View) -> bool:
        """Does a grid without title belong to the form before it?"""
        words = words_of([view])
        if not words or (piece.titles and not piece.words):
            return True  # nothing in it, or nothing yet: a table used as a frame
        best = self._best(
            piece.words | words_of(p for p in piece.parts if isinstance(p, Line)), piece.titles
        )
        alone = self._best(words, {})
        if best is None:
            return alone is None
        form, _score = best
        own = frozenset().union(*(spellings for spellings, _weight in form.words), frozenset())
        own |= frozenset().union(*(c for listing in form.lists for c in listing), frozenset())
        here = [s for s, _weight in form.words if not s.isdisjoint(words)]
        again = [s for s in here if not s.isdisjoint(piece.words)]
        if form.lists and (alone is None or alone[0].spec.kind == form.spec.kind):
            return not (len(again) >= 3 and len(again) * 2 > len(here))  # noqa: PLR2004
        if len(again) >= 3 and len(again) * 2 >= len(here):  # noqa: PLR2004
            return False
        if len(here) > len(again):
            return True
        return alone is None or not words.isdisjoint(own)

    def _best(
        self, words: set[str], titles: Mapping[int, TitleMatch]
    ) -> tuple[Candidate, float] | None:
        scored = []
        for number, form in enumerate(self._forms):
            if form.is_text:
                continue
            ratio, count = label_ratio(form, words)
            rank = titles[number].rank if number in titles else 0.0
            if count >= 2 and ratio + rank >= 0.6:  # noqa: PLR2004
                scored.append((ratio + rank, -number, form))
        if not scored:
            return None
        score, _number, form = max(scored, key=lambda entry: entry[:2])
        return form, score

    @staticmethod
    def _has_strange_title(piece: Piece) -> bool:
        """Does an unknown title stand right before the first grid?"""
        before: list[Line] = []
        for part in piece.parts:
            if isinstance(part, View):
                break
            before.append(part)
        return any(
            6 <= len(compact(line.text)) <= _LINE and _STRANGE.search(compact(line.text))  # noqa: PLR2004
            for line in before[-4:]
        )


def _rank(titles: Mapping[int, TitleMatch]) -> float:
    return max(match.rank for match in titles.values())


def _lines(part: Part) -> list[str]:
    return [] if isinstance(part, View) else part.text.split("\n")


def _is_annex_line(part: Part) -> bool:
    return not isinstance(part, View) and bool(_ANNEX_ONLY.match(compact(part.text)))


def _is_label(text: str) -> bool:
    return ":" in text or "：" in text or "\t" in text
