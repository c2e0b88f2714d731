"""Which papers a dossier holds: pictures nobody could read, and prints beside editable files."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import (
    campaign,
    codes,
    decisions,
    document,
    dossier,
    findings,
    mail,
    rollup,
    stats,
    story,
    team,
    verdict,
)

from parsers.model import Document
from rules.model import Decision
from rules.notice.campaign import Campaign

STATS = {"kind": "stats_both", "of": "unit", "categories": ["team"]}
TEXT = {"kind": "team_text", "categories": ["team"]}
WORD = {"check": "editable", "kinds": ["summary_both"]}
CERTAIN = {"check": "certain", "severity": "human"}


def rules(*more: dict[str, Any], demands: tuple[dict[str, Any], ...] = (STATS, TEXT)) -> Campaign:
    return campaign([WORD, CERTAIN, *more], document=list(demands))


def scan(file: str) -> Document:
    return document(file, format="image")


def test_a_picture_nobody_could_read_is_taken_for_what_its_name_says() -> None:
    """Nobody is asked for it again; a person looks at it."""
    given = verdict(rules(), mail(team(), scan("统计表.jpg"), scan("冲压一班班组简介.jpg")))
    assert codes(given) == ["document.unreadable", "document.unreadable"]
    assert {entry.severity.value for entry in findings(given)} == {"human"}
    assert [entry.item for entry in findings(given)] == [None, 0]
    assert decisions(given) == [Decision.REVIEW]


@pytest.mark.parametrize(
    ("severity", "decision"), [("warn", Decision.ACCEPTED), ("human", Decision.REVIEW)]
)
def test_how_grave_that_is_may_differ_by_kind(severity: str, decision: Decision) -> None:
    """A rule for some kinds takes them from the rule for all."""
    own = {"check": "certain", "kinds": ["stats_both"], "severity": severity}
    given = verdict(rules(own, demands=(STATS,)), mail(team(), scan("统计表.jpg")))
    assert [entry.severity.value for entry in findings(given)] == [severity]
    assert decisions(given) == [decision]


@pytest.mark.parametrize("first", ["scan", "form"])
def test_a_scan_beside_the_form_itself_is_of_no_account(first: str) -> None:
    """Whichever stands first in the mail."""
    papers = [scan("示范班组成果表.jpg"), document("表.docx", team())]
    given = verdict(rules(demands=()), mail(*(papers if first == "scan" else papers[::-1])))
    assert codes(given) == []
    assert decisions(given) == [Decision.ACCEPTED]


def test_a_scan_that_names_an_item_is_that_of_no_other() -> None:
    """The form of the second team has not been read."""
    papers = [document("表.docx", team()), document("二.docx", team("冲压二班", rate=97.1))]
    named = scan("冲压二班 示范班组成果表.jpg")
    assert codes(verdict(rules(demands=()), mail(papers[0], papers[1], named))) == []
    assert codes(verdict(rules(demands=()), mail(papers[0], scan("故事推荐表.jpg")))) == [
        "document.unreadable"
    ]


def test_where_every_editable_file_is_asked_for_nothing_is_taken_by_its_name() -> None:
    """The sender is asked for a file that can be read."""
    strict = campaign([{"check": "editable"}, CERTAIN], document=[STATS])
    given = verdict(strict, mail(team(), scan("统计表.jpg")))
    assert codes(given) == ["document.not_editable"]


def test_a_name_that_tells_nothing_makes_no_paper() -> None:
    """It stays a file in which nothing known was found."""
    given = dossier(rules(), mail(team(), scan("IMG_0001.jpg")))
    assert [paper.kind for paper in given.papers] == ["team_form", ""]


def test_a_corrected_print_replaces_the_form_where_no_editable_file_is_asked_for() -> None:
    """Sent later; a print in the same mail never does."""
    word, pdf = document("表.docx", stats()), document("表.pdf", stats(company="他"), format="pdf")
    later = dossier(rules(), mail(story(), word), mail(pdf))
    assert [p.document.file for p in later.current("stats_both")] == ["表.pdf"]
    for papers in ((word, pdf), (pdf, word)):
        together = dossier(rules(), mail(story(), *papers))
        assert [p.document.file for p in together.current("stats_both")] == ["表.docx"]


def test_a_roll_up_does_not_ask_for_a_form_that_came_as_a_scan() -> None:
    """A person has it before them."""
    listed = rollup({"name": "冲压一班"}, {"name": "冲压二班"})
    rows = {
        "check": "rows",
        "rollup": "rollup",
        "table": "results",
        "column": "name",
        "categories": ["team"],
    }
    papers = (listed, scan("冲压一班 示范班组成果表.jpg"))
    given = verdict(rules(rows, demands=()), mail(*papers))
    assert codes(given) == ["document.unreadable", "rollup.form_missing"]
    assert "冲压二班" in findings(given)[1].message
