"""Free texts of a known kind: summaries, stories, reports, the text beside a form.

A text is known by its title, by words in its first lines, by the headings of the
demanded outline, or by the name of its file, and only if it holds text of the
applicant's own. A notice that names such texts is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath

from parsers.forms.cells import Part, part_text
from parsers.forms.extract import Extraction
from parsers.forms.formindex import Region
from parsers.forms.labels import compact
from parsers.forms.outline import find_sections, own_text
from parsers.forms.recognise import Candidate
from parsers.forms.regions import Piece, shown_title
from parsers.forms.titles import TitleMatch, fold_title, years_of
from parsers.model import Content, Field, Form, Line
from parsers.spec import FormSpec
from parsers.values.wordcount import count_words

_SOME = 30  #: 字 of its own that a titled text has at least
_BESIDE = 200  #: the same in a file that holds a filled form, or a notice
_MUCH = 100  #: the same for a text known by its file name or headings alone
_FIRST = 5  #: lines in which a text's heading is looked for
_HEADING = 60  #: characters such a line has at most
_SHARE = 0.6  #: of the demanded headings that show a text by themselves
_ALIKE = 0.05  #: scores closer than this are equal
_WORDED = 0.85  #: confidence in a text known by a word of its title and the year
_TEMPLATE = 0.5  #: confidence in a text that is only the printed outline
_TITLE_LINE = 150  #: characters of a notice's own title at most
#: documents about the matter that are not the applicant's text
_NOTICE = re.compile(r"(?:通知|公告|函|方案|办法|细则|议程|指南)(?:\([^()]*\))?$")
_ISSUED = re.compile(r"^关于|[〔\[(]\d{4}[〕\])]")


@dataclass(frozen=True, slots=True)
class _Likely:
    """A kind of text that an untitled document may be."""

    form: Candidate
    score: float
    confidence: float
    heading: str
    foreign: str  #: why the year in the heading is not the campaign's


class TextReader:
    """Reads the texts of some campaigns."""

    def __init__(self, forms: Sequence[Candidate]) -> None:
        self._forms = tuple(forms)
        self._texts = tuple(form for form in forms if form.is_text)

    def titled(self, piece: Piece, *, beside: bool) -> Form | None:
        """The text that a part of the document is by its title, or None.

        Args:
            piece: a part of the document that is no form.
            beside: the file holds a form, or is a notice; then a mere outline, or
                a few lines under a title, are no text.
        """
        matches = {n: m for n, m in piece.titles.items() if self._forms[n].is_text}
        if not matches:
            return None
        form, match, campaigns = self._best({**matches, **self._dated(matches, piece.title)})
        lines = [part_text(part) for part in piece.parts]
        own = own_text(form.spec.sections, "\n".join(lines), guidance(form.spec))
        amount = count_words(own)
        template = amount < _SOME and not beside and _has_outline(form, lines)
        treated = amount >= 2 * _SOME and _is_treated(form, "\n".join(lines))
        least = _BESIDE if beside and not treated else _SOME
        if amount < (1 if form.spec.brief and not beside else least) and not template:
            return None
        confidence = 1.0 if match.foreign else match.rank
        made = _read(
            form,
            piece.parts,
            title=piece.title,
            where=piece.where,
            campaigns=campaigns,
            foreign=match.foreign,
            confidence=_TEMPLATE if template else confidence,
        )
        barred = {self._forms[n].campaign for n, entry in matches.items() if entry.foreign}
        likely = [
            entry for form in self._texts if (entry := _likely(form, [piece.title, *lines], ""))
        ]
        return self._for_others(made, likely, with_title(piece), barred)

    def _dated(self, matches: Mapping[int, TitleMatch], title: str) -> dict[int, TitleMatch]:
        """Texts of the title's own year where it fits other campaigns but for the year."""
        kinds = {self._forms[n].spec.kind for n in matches}
        years = set(years_of(fold_title(title)))
        if not years or any(not match.foreign for match in matches.values()):
            return {}
        bare = compact(title)
        return {
            number: TitleMatch(_WORDED)
            for number, form in enumerate(self._forms)
            if number not in matches and form.is_text and form.spec.kind in kinds
            if years <= form.title.allowed
            if any(compact(word) in bare for word in form.spec.file_words)
        }

    def _best(
        self, matches: Mapping[int, TitleMatch]
    ) -> tuple[Candidate, TitleMatch, tuple[str, ...]]:
        """The form whose title fits best, and all campaigns where it fits so."""
        rank = max(match.rank for match in matches.values())
        best = {n: match for n, match in matches.items() if match.rank == rank}
        number, match = next(iter(best.items()))
        form = self._forms[number]
        equal = [
            self._forms[n].campaign for n in best if self._forms[n].spec.kind == form.spec.kind
        ]
        return form, match, () if match.foreign else tuple(dict.fromkeys(equal))

    def untitled(self, pieces: Sequence[Piece], content: Content, file: str) -> Form | None:
        """The whole document as a text, known by heading, outline, or the name of its file."""
        parts = [part for piece in pieces for part in with_title(piece)]
        lines = [part_text(part) for part in parts]
        name = compact(PurePosixPath(file).stem)
        likely = [entry for form in self._texts if (entry := _likely(form, lines, name))]
        if not likely:
            return None
        top = max(likely, key=lambda entry: entry.score)
        kind = top.form.spec.kind
        rival = any(
            top.score - other.score < _ALIKE and other.form.spec.kind != kind for other in likely
        )
        equal = [e.form for e in likely if e.form.spec.kind == kind and e.score == top.score]
        form = _read(
            top.form,
            parts,
            title=shown_title(top.heading),
            where=next((part.where for part in parts if part.where), ""),
            campaigns=() if top.foreign else tuple(dict.fromkeys(form.campaign for form in equal)),
            foreign=top.foreign,
            confidence=0.7 if rival else top.confidence,
        )
        form = replace(form, characters=content.characters or form.characters)
        return self._for_others(form, likely, parts, set())

    def _for_others(
        self, form: Form, likely: Sequence[_Likely], parts: Sequence[Part], barred: set[str]
    ) -> Form:
        """The same text as campaigns read it that call it another kind, or call it so less clearly.

        A 工作总结 is one campaign's summary of groups and another's of groups and
        teams. Where the title is another year's or association's for a campaign, it
        stays so (``barred``).
        """
        if form.foreign:
            return form
        best: dict[str, _Likely] = {}
        for entry in likely:
            campaign = entry.form.campaign
            if campaign in form.campaigns or campaign in barred or entry.foreign:
                continue
            if campaign not in best or entry.score > best[campaign].score:
                best[campaign] = entry
        others: dict[str, Form] = {}
        for campaign, entry in best.items():
            kind = entry.form.spec.kind
            if kind in others:
                both = (*others[kind].campaigns, campaign)
                others[kind] = replace(others[kind], campaigns=both)
                continue
            read = _read(
                entry.form,
                parts,
                title=form.title,
                where=form.where,
                campaigns=(campaign,),
                foreign="",
                confidence=entry.confidence,
            )
            others[kind] = replace(read, characters=form.characters)
        return replace(form, others=tuple(others.values()))


def _likely(form: Candidate, lines: Sequence[str], name: str) -> _Likely | None:
    """How well a document's first lines, outline and file name point to a kind of text."""
    words = [compact(word) for word in form.spec.file_words]
    heading, told = _heading(lines, words)
    named = max((len(word) for word in words if word in name), default=0)
    text = "\n".join(lines)
    share = _outline_share(form, text)
    if not (heading or named or share >= _SHARE):
        return None
    amount = count_words(own_text(form.spec.sections, text, guidance(form.spec)))
    if amount < (1 if form.spec.brief and (heading or named) else _MUCH):
        return None
    score = (1.5 + told / 30 if heading else 0.0) + (1.0 + named / 100 if named else 0.0) + share
    foreign = _other_year(form, heading)
    if foreign:
        score -= 1.0  # after every campaign whose year it may be
    return _Likely(form, score, 0.9 if heading else 0.85, heading, foreign)


def _read(
    form: Candidate,
    parts: Sequence[Part],
    *,
    title: str,
    where: str,
    campaigns: tuple[str, ...],
    foreign: str,
    confidence: float,
) -> Form:
    """A text with its head fields and sections."""
    pairs = [(line, part.where) for part in parts for line in part_text(part).split("\n")]
    text = "\n".join(line for line, _where in pairs)
    head = tuple(part for part in parts if isinstance(part, Line))[: 2 * _FIRST]
    fields: tuple[Field, ...] = ()
    if form.spec.fields:
        fields = Extraction(form.index, Region(parts=head, title=title, where=where)).run()
    return Form(
        kind=form.spec.kind,
        title=title,
        campaigns=campaigns,
        foreign=foreign,
        confidence=round(confidence, 3),
        fields=fields,
        sections=find_sections(
            form.spec.sections,
            text,
            prompts=guidance(form.spec),
            places=[where for _line, where in pairs],
        ),
        characters=count_words(f"{title}\n{text}"),
        where=where,
    )


def with_title(piece: Piece) -> list[Part]:
    """A piece's parts with its title as the first line."""
    if not piece.title:
        return list(piece.parts)
    return [Line(text=piece.title, where=piece.where, heading=True), *piece.parts]


def is_notice(pieces: Sequence[Piece]) -> bool:
    """Does the document begin as a notice, with or without its annexes?"""
    parts = [part for piece in pieces[:2] for part in with_title(piece)]
    first = [part.text for part in parts[: 2 * _FIRST] if isinstance(part, Line)]
    titles = [*first, *(one + other for one, other in pairwise(first))]
    bare = [compact(title) for title in titles if len(title) < _TITLE_LINE]
    return any(_ISSUED.search(title) and _NOTICE.search(title) for title in bare)


def guidance(spec: FormSpec) -> tuple[str, ...]:
    """What the notice prints into the text's template."""
    return (*spec.notes, *(prompt for field in spec.fields for prompt in field.prompts))


def _has_outline(form: Candidate, lines: Sequence[str]) -> bool:
    """Does at least half of the demanded outline stand there, if only as a template?"""
    bare = {compact(line) for text in lines for line in text.split("\n")}
    titles = [compact(section.title) for section in form.spec.sections]
    found = sum(any(title in line for line in bare) for title in titles)
    return bool(titles) and found * 2 >= len(titles)


def _is_treated(form: Candidate, text: str) -> bool:
    """Is at least half of the demanded outline treated in words of the applicant's own?"""
    found = find_sections(form.spec.sections, text, prompts=guidance(form.spec))
    return bool(found) and 2 * sum(section.found for section in found) >= len(found)


def _heading(lines: Sequence[str], words: Sequence[str]) -> tuple[str, int]:
    """The first short line near the beginning that holds a word of this kind.

    With it the length of the longest such word in any of these lines: a title of two
    lines may name the matter in the second.
    """
    heading, longest = "", 0
    for line in [line for line in lines if line.strip()][:_FIRST]:
        bare = compact(line)
        if len(bare) > _HEADING or bare.endswith(("。", ";")):
            continue
        if told := max((len(word) for word in words if word in bare), default=0):
            heading, longest = heading or line, max(longest, told)
    return heading, longest


def _outline_share(form: Candidate, text: str) -> float:
    """Share of the outline's main sections found by headings of their own."""
    sections = [section.model_copy(update={"words": ()}) for section in form.spec.sections]
    if not sections:
        return 0.0
    main = [s for s in sections if re.match(r"^[一二三四五六七八九十]+、", compact(s.title))]
    found = find_sections(main or sections, text, prompts=guidance(form.spec))
    return sum(section.found for section in found) / len(found)


def _other_year(form: Candidate, heading: str) -> str:
    """Why the years in a text's own heading contradict the campaign, or nothing."""
    years = years_of(fold_title(heading)) if heading else ()
    if not form.title.years or set(years) <= form.title.allowed:
        return ""
    wanted = "、".join(str(year) for year in sorted(form.title.allowed))
    return f"标题年份为“{'、'.join(map(str, years))}”，本次为“{wanted}”"
