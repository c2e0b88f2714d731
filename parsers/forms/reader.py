"""Forms and texts recognised in a document, and read.

The one entry is :class:`FormReader`. It is built once from the specs of all
campaigns in question; reading is a pure function of the document's content and
its file name. It reads and does not judge: what is missing is absent, what is
unreadable keeps its raw text and a doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from parsers.forms.cells import Part, part_text
from parsers.forms.extract import Extraction
from parsers.forms.formindex import FormIndex, Region
from parsers.forms.labels import normalise_label
from parsers.forms.recognise import Verdict, candidate, recognise
from parsers.forms.regions import Divider, Piece
from parsers.forms.telling import tell
from parsers.forms.texts import TextReader, is_notice
from parsers.forms.titles import TitleBook
from parsers.model import Content, Form
from parsers.spec import FieldType, SpecSet
from parsers.values.wordcount import count_words

_FLAT_SHARE = 0.5  #: of its labels that a form typed without any table shows
_FLAT_WRITTEN = 3  #: one field in so many is filled in such a form
_FLAT = 0.75  #: confidence in it at most: its values stand in running text


class FormReader:
    """Reads the forms of some campaigns.

    Args:
        sets: the forms of each campaign, in order of preference.
    """

    def __init__(self, sets: Sequence[SpecSet]) -> None:
        vocabulary = _vocabulary(sets)
        self._forms = tuple(
            candidate(entry.campaign, entry.years, FormIndex(form, vocabulary))
            for entry in sets
            for form in entry.forms
        )
        self._grids = tuple(form for form in self._forms if not form.is_text)
        #: position among all forms -> position among those that are no texts
        self._position = {
            number: self._grids.index(form)
            for number, form in enumerate(self._forms)
            if not form.is_text
        }
        self._divider = Divider(self._forms, TitleBook([form.title for form in self._forms]))
        self._texts = TextReader(self._forms)
        #: keys of what forms print themselves: periods, titles, and options without any mark
        self._printed = self._keys(FieldType.PERIOD) | self._named_by_titles()
        self._options = self._keys(FieldType.TICKS, FieldType.CHOICE)

    def read(self, content: Content, file: str) -> tuple[Form, ...]:
        """All forms and known texts of a document, in reading order.

        Args:
            content: lines and grids of the document.
            file: its name, members of archives as "archive.zip/name.docx".
        """
        pieces = self._divider.divide(content.blocks)
        read = [(piece, self._form(piece, file)) for piece in pieces]
        forms = {number: form for number, (_piece, form) in enumerate(read) if form is not None}
        if len(pieces) == 1 and content.characters:
            forms = {n: replace(form, characters=content.characters) for n, form in forms.items()}
        notice = is_notice(pieces)
        filled = {n: form for n, form in forms.items() if self._is_filled(form)}
        if filled or notice:
            forms = filled  # blank forms come along with the notice or with filled ones
        beside = bool(forms) or notice
        for number, (piece, form) in enumerate(read):
            if form is None and (text := self._texts.titled(piece, beside=beside)):
                forms[number] = text
        if not forms and not notice:
            whole = self._texts.untitled(pieces, content, file)
            return (whole,) if whole else ()
        return tuple(form for _number, form in sorted(forms.items()))

    def _form(self, piece: Piece, file: str) -> Form | None:
        """The form of a piece, or None where title and labels make none."""
        titles = {
            self._position[number]: match
            for number, match in piece.titles.items()
            if number in self._position
        }
        if piece.titles and not titles:
            return None  # titled as a text
        words = piece.words if piece.views() else self._flat_words(piece, titles)
        verdict = recognise(
            self._grids,
            words,
            titles,
            strange_title=piece.strange,
            periods=_region(piece).periods() if len(titles) > 1 else frozenset(),
        )
        if verdict is None:
            return None
        if piece.views():
            others = tuple(_told(piece, other, file) for other in verdict.others)
            return replace(_told(piece, verdict, file), others=others)
        if not titles or verdict.ratio < _FLAT_SHARE:
            return None  # running text that names things is no form
        form = _read(piece, verdict)
        written = sum(field.value is not None for field in form.fields)
        if written * _FLAT_WRITTEN < len(form.fields):
            return None  # the blank form of a notice, flattened
        return replace(form, confidence=min(form.confidence, _FLAT))

    def _flat_words(self, piece: Piece, titles: Collection[int]) -> set[str]:
        """The labels in lines of a form without cells, where its title stands over them."""
        return piece.words | {
            hit.core
            for number in titles
            for part in piece.parts
            for hit in self._grids[number].index.labels.find(part_text(part), loose=True)
        }

    def _keys(self, *types: FieldType) -> frozenset[str]:
        fields = (field for form in self._forms for field in form.spec.fields)
        return frozenset(field.key for field in fields if field.type in types)

    def _named_by_titles(self) -> frozenset[str]:
        fields = (field for form in self._forms for field in form.spec.fields)
        return frozenset(field.key for field in fields if field.place == "title")

    def _is_filled(self, form: Form) -> bool:
        """Has the applicant written anything into it? The printed period is none of his."""
        if any(table.rows for table in form.tables):
            return True
        written = [field for field in form.fields if field.raw and field.key not in self._printed]
        return any(
            field.value is not None or (field.doubt and field.key not in self._options)
            for field in written
        )


def _vocabulary(sets: Sequence[SpecSet]) -> frozenset[str]:
    """The cores of all labels of all forms."""
    fields = [
        field
        for entry in sets
        for form in entry.forms
        for field in (*form.fields, *(column for table in form.tables for column in table.columns))
    ]
    labels = (label for field in fields for label in (*field.labels, *field.scope))
    return frozenset(normalise_label(label).casefold() for label in labels)


def _region(piece: Piece) -> Region:
    return Region(
        parts=tuple(piece.parts), title=piece.title, where=piece.where, heading=tuple(piece.heading)
    )


def _read(piece: Piece, verdict: Verdict) -> Form:
    """All values of a recognised form."""
    extraction = Extraction(verdict.form.index, _region(piece))
    return Form(
        kind=verdict.form.spec.kind,
        title=piece.title,
        campaigns=verdict.campaigns,
        foreign=verdict.foreign,
        confidence=verdict.confidence,
        fields=extraction.run(),
        tables=extraction.tables,
        characters=count_words("\n".join(part_text(part) for part in piece.parts)),
        where=piece.where or _where(piece.parts),
    )


def _told(piece: Piece, verdict: Verdict, file: str) -> Form:
    """The form read as the one of its twins that it is."""
    form = _read(piece, verdict)
    if not verdict.twins:
        return form
    told = tell(verdict.twins, form, piece.parts, file)
    if told.form is not verdict.form:
        form = _read(piece, replace(verdict, form=told.form))
    return replace(form, confidence=min(form.confidence, told.confidence))


def _where(parts: Sequence[Part]) -> str:
    return next((part.where for part in parts if part.where), "")
