"""The file format the notice asks for: Word, WPS, and what is accepted in their stead."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from parsers.model import Document
from rules.checks.case import Case
from rules.checks.findings import Defect, about_paper
from rules.checks.standins import is_picture
from rules.model import Paper, Severity
from rules.notice.settings import EditableRule, FormatRule

_WORD = frozenset({"docx", "doc", "wps"})

_PROGRAMS = {
    "docx": "Word", "doc": "Word", "wps": "WPS文字", "rtf": "RTF", "xlsx": "Excel", "xls": "Excel",
    "et": "WPS表格", "pdf": "PDF", "image": "图片", "text": "文本", "html": "网页",
}  # fmt: skip


def file_format(rule: FormatRule, case: Case) -> Iterator[Defect]:
    """The file format the notice asks for. Code ``document.wrong_format``.

    WPS where Word is asked, or the reverse, is information only (contract).
    """
    editable_asked = any(True for _ in case.rules(EditableRule))
    told: dict[tuple[int, str], list[Paper]] = {}
    for paper in case.dossier.papers:
        if paper.kind not in rule.kinds or not paper.current or case.is_foreign(paper):
            continue
        found = paper.document.format
        if _is_of_format(paper.document, rule.formats):
            continue
        if editable_asked and is_picture(case, paper.document):
            continue
        akin = found in _WORD and bool(_WORD & set(rule.formats))
        if akin or found in rule.tolerated:
            told.setdefault((paper.submission, found), []).append(paper)
            continue
        said = _is_not_wanted(rule, [paper], case)
        message = f"{said}，请改用{program_name(rule.formats[0])}文件重新发送。"
        yield about_paper(case, paper, "document.wrong_format", message)
    for papers in told.values():
        yield _tolerated(rule, papers, case)


def _tolerated(rule: FormatRule, papers: list[Paper], case: Case) -> Defect:
    """All files of one mail in one remark."""
    defect = about_paper(
        case,
        papers[0],
        "document.wrong_format",
        f"{_is_not_wanted(rule, papers, case)}，本次可以接受。",
        severity=Severity.INFO,
    )
    if len(papers) == 1:
        return defect
    concerned = {
        name
        for paper in papers
        for item in [case.item(paper.item)]
        for name in ([item.category] if item else case.categories_of(paper.kind))
    }
    categories = tuple(e.id for e in case.campaign.categories if e.id in concerned)
    return replace(defect, item=None, categories=categories, mail=papers[0].submission)


def _is_not_wanted(rule: FormatRule, papers: list[Paper], case: Case) -> str:
    files = "、".join(dict.fromkeys(f"“{paper.document.file}”" for paper in papers))
    one = len(papers) == 1
    whose = case.campaign.paper_name(papers[0].kind) if one else "下列材料"
    program, wanted = program_name(papers[0].document.format), program_name(rule.formats[0])
    told = f"{whose}现为{program}文件{files}" if one else f"{whose}现为{program}文件：{files}"
    return f"{told}，通知要求使用{wanted}文件（{'、'.join(rule.formats)}）"


def _is_of_format(document: Document, formats: Collection[str]) -> bool:
    """By content; or by its ending, for WPS writes Word's own format into .wps, too."""
    ending = PurePosixPath(document.file).suffix.lower().removeprefix(".")
    return document.format in formats or (
        ending in formats and document.format in _WORD and ending in _WORD
    )


def program_name(name: str) -> str:
    """How people call a format: Word for docx."""
    return _PROGRAMS.get(name, name)
