"""Many files with one complaint are told in one sentence."""

import pytest
from dossiers import campaign, decisions, document, findings, mail, team, verdict

from parsers.model import Document, Problem
from rules.checks.crowds import gathered
from rules.checks.findings import Defect
from rules.model import Decision

READABLE = {"check": "readable"}
UNKNOWN = {"check": "unknown", "severity": "warn"}


def empty(file: str) -> Document:
    said = "文件为空，请检查后重新发送。"
    return document(file, problems=(Problem(code="document.unreadable", message=said),))


def packed(count: int) -> Document:
    members = tuple(empty(f"材料.zip/{number}.docx") for number in range(count))
    return document("材料.zip", format="zip", members=members)


@pytest.mark.parametrize(("count", "told"), [(1, 1), (5, 5), (6, 1), (2000, 1)])
def test_more_than_a_few_files_of_an_archive_are_told_at_once(count: int, told: int) -> None:
    """What is asked of the sender is the same, and the good form is judged."""
    given = verdict(campaign([READABLE]), mail(team(), packed(count)))
    messages = [finding.message for finding in findings(given)]
    assert len(messages) == told
    assert all("请检查后重新发送" in message for message in messages)
    assert decisions(given) == [Decision.SUPPLEMENT]


def test_all_are_named_as_far_as_a_person_reads_on() -> None:
    """Twenty by name; where there are more, how many."""
    (six,) = findings(verdict(campaign([READABLE]), mail(team(), packed(6))))
    assert six.document == "材料.zip"
    assert six.message == (
        "“材料.zip”中的“0.docx”、“1.docx”、“2.docx”、“3.docx”、“4.docx”、“5.docx”"
        "共6个文件：文件为空，请检查后重新发送。"
    )
    (many,) = findings(verdict(campaign([READABLE]), mail(team(), packed(21))))
    assert "“19.docx”等21个文件：文件为空" in many.message


def test_files_with_different_complaints_stay_apart() -> None:
    """Of another cause, of another item, in another archive, in another mail."""
    alike = [
        Defect(code="document.unreadable", message=f"文件“{name}”：坏。", document=name, **more)
        for more in ({}, {"item": 1}, {"mail": 2}, {"kind": "team_form"})
        for name in ("a", "b", "c", "d")
    ]
    assert list(gathered(alike)) == alike


def test_files_in_which_nothing_is_known_are_told_at_once() -> None:
    """Loose in the mail, as well as in an archive."""
    notes = [document(f"{number}.txt") for number in range(9)]
    found = findings(verdict(campaign([UNKNOWN]), mail(team(), *notes)))
    assert [finding.code for finding in found] == ["document.unknown"]
    assert found[0].document == ""
    assert found[0].message.endswith("“8.txt”共9个文件中未识别出通知所列的表格或材料，请查看。")


def test_bombs_in_a_bomb_are_told_once() -> None:
    """Of the outermost archive; what else is wrong in it is told as ever."""
    bomb = (Problem(code="document.unsafe", message="文件结构异常，请重新制作后发送。"),)
    inner = document("材料.zip/内.zip/里.zip", format="zip", problems=bomb)
    middle = document("材料.zip/内.zip", format="zip", problems=bomb, members=(inner,))
    outer = document(
        "材料.zip", format="zip", problems=bomb, members=(middle, empty("材料.zip/空.docx"))
    )
    beside = document("材料.zip2.zip", format="zip", problems=bomb)
    found = findings(verdict(campaign([READABLE]), mail(team(), outer, beside)))
    assert sorted((finding.code, finding.document) for finding in found) == [
        ("document.unreadable", "材料.zip/空.docx"),
        ("document.unsafe", "材料.zip"),
        ("document.unsafe", "材料.zip2.zip"),
    ]
