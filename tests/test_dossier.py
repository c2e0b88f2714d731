"""Mails folded into dossiers: items keep their ordinal, the right versions are in force."""

from __future__ import annotations

import pytest
from filed import COMPANY, document, form, mails, rollup, story, team
from hypothesis import given
from hypothesis import strategies as st

from mailbot.catalogue import shipped_campaigns
from parsers.model import Document
from rules.gathering.dossier import assemble
from rules.model import Dossier, Submission

HUNAN = shipped_campaigns()["hunan-2026"]


def fold(submissions: tuple[Submission, ...]) -> Dossier:
    return assemble(HUNAN, "", COMPANY, submissions)


def names(dossier: Dossier) -> list[tuple[int, str, str]]:
    return [(item.ordinal, item.category, item.name) for item in dossier.items]


def in_force(dossier: Dossier, kind: str) -> list[str]:
    return [paper.document.file for paper in dossier.current(kind)]


def test_each_item_form_makes_an_item() -> None:
    """A team form and a story form are two items; a summary is none."""
    dossier = fold(
        mails(
            (
                document("班组.docx", team()),
                document("故事.docx", story()),
                document("总结.docx", form("summary_both")),
            )
        )
    )
    assert names(dossier) == [(0, "team", "冲压一班"), (1, "story", "一颗螺栓")]


def test_a_corrected_form_is_the_same_item() -> None:
    """Category and normalised name tell the item, blanks and width aside."""
    dossier = fold(
        mails((document("a.docx", team("冲压 一班")),), (document("b.docx", team("冲压一班")),))
    )
    assert names(dossier) == [(0, "team", "冲压一班")]
    assert dossier.items[0].submissions == (0, 1)
    assert in_force(dossier, "team_form") == ["b.docx"]


def test_a_rename_in_answer_to_our_reply_keeps_the_item() -> None:
    """A form sent in answer to the mail about the only team is that team's, renamed."""
    dossier = fold(
        mails(
            (document("a.docx", team("冲压一班", postcode="400100")),),
            (document("b.docx", team("飞轮装配班组", postcode="400200")),),
            answers={1: 0},
        )
    )
    assert names(dossier) == [(0, "team", "飞轮装配班组")]
    assert dossier.items[0].former_names == ("冲压一班",)


def test_the_only_unmatched_item_is_renamed_when_the_form_agrees() -> None:
    """Without a reply to go by, the same values under another name are the same form."""
    values = {"postcode": "400100", "member_count": 12, "team_leader": "周志远"}
    dossier = fold(
        mails(
            (document("a.docx", team("冲压一班", **values)),),
            (document("b.docx", team("飞轮装配班组", **values)),),
        )
    )
    assert names(dossier) == [(0, "team", "飞轮装配班组")]


def test_a_second_team_sent_later_does_not_swallow_the_first() -> None:
    """Another name and other values: another item."""
    dossier = fold(
        mails(
            (document("a.docx", team("冲压一班", member_count=12, team_leader="周志远")),),
            (document("b.docx", team("飞轮装配班组", member_count=9, team_leader="吴春生")),),
        )
    )
    assert names(dossier) == [(0, "team", "冲压一班"), (1, "team", "飞轮装配班组")]


def test_names_that_the_roll_up_lists_both_are_two_items() -> None:
    """The unit's own list decides when two forms look alike."""
    dossier = fold(
        mails(
            (
                document("a.docx", team("冲压一班")),
                document("汇总.docx", rollup("冲压一班", "冲压二班")),
            ),
            (document("b.docx", team("冲压二班")),),
        )
    )
    assert names(dossier) == [(0, "team", "冲压一班"), (1, "team", "冲压二班")]


def test_the_newest_document_of_the_unit_is_in_force() -> None:
    """An older summary is kept and no longer counts."""
    dossier = fold(
        mails(
            (document("旧.docx", form("summary_both")),),
            (document("新.docx", form("summary_both")),),
        )
    )
    assert in_force(dossier, "summary_both") == ["新.docx"]
    assert len(dossier.papers) == 2


def test_last_years_form_does_not_displace_the_right_one() -> None:
    """A form of another year never takes the place of a right one, whichever came first."""
    right, wrong = form("summary_both"), form("summary_both", campaign="")
    for contents in ((right, wrong), (wrong, right)):
        dossier = fold(mails(*((document(f"{n}.docx", f),) for n, f in enumerate(contents))))
        assert in_force(dossier, "summary_both") == [f"{contents.index(right)}.docx"]


def test_a_list_of_other_items_stands_beside_the_first() -> None:
    """One mail a team, each with its one-row list: both lists count."""
    dossier = fold(
        mails(
            (document("a.docx", team("冲压一班")), document("表1.docx", rollup("冲压一班"))),
            (
                document("b.docx", team("磨削精英班组", member_count=3)),
                document("表2.docx", rollup("磨削精英班组")),
            ),
        )
    )
    assert in_force(dossier, "rollup") == ["表1.docx", "表2.docx"]


def test_a_corrected_list_replaces_the_one_with_the_wrong_name() -> None:
    """A row that names no item does not stay in force beside its correction."""
    dossier = fold(
        mails(
            (document("a.docx", team("冲压一班")), document("表1.docx", rollup("完全不同的名称"))),
            (document("表2.docx", rollup("冲压一班")),),
        )
    )
    assert in_force(dossier, "rollup") == ["表2.docx"]


def test_a_text_belongs_to_the_item_it_names() -> None:
    """With several teams the name in the file or in the text tells."""
    dossier = fold(
        mails(
            (
                document("a.docx", team("冲压一班")),
                document("b.docx", team("磨削精英班组")),
                document("磨削精英班组材料.docx", form("team_text")),
                document("材料.docx", form("team_text"), text="冲压一班成立于二〇一〇年"),
            )
        )
    )
    owners = {paper.document.file: paper.item for paper in dossier.current("team_text")}
    assert owners == {"磨削精英班组材料.docx": 1, "材料.docx": 0}


def test_a_text_sent_before_its_form_finds_its_item() -> None:
    """Documents arrive in any order."""
    dossier = fold(
        mails((document("材料.docx", form("team_text")),), (document("a.docx", team()),))
    )
    assert [paper.item for paper in dossier.current("team_text")] == [0]


def test_a_broken_file_is_done_with_once_it_was_sent_again() -> None:
    """The complaint about a damaged file ends when a file of that name can be read."""
    broken = document("总结.docx", problem="document.unreadable")
    dossier = fold(mails((broken,), (document("总结.docx", form("summary_both")),)))
    assert in_force(dossier, "") == []
    assert in_force(fold(mails((broken,))), "") == ["总结.docx"]


def test_the_same_bytes_again_are_marked_as_a_repeat() -> None:
    """A repeated file changes nothing and is known as such."""
    same = document("a.docx", team())
    dossier = fold(mails((same,), (same,)))
    assert [paper.repeats for paper in dossier.papers] == [False, True]
    assert len(dossier.items) == 1


def test_a_repeated_file_without_names_makes_no_new_items() -> None:
    """Two forms without a name in one file stay two items, however often the file comes."""
    same = document("a.docx", team("", member_count=3), team("", member_count=9))
    dossier = fold(mails((same,), (same,)))
    assert [item.ordinal for item in dossier.items] == [0, 1]


FILES = st.sampled_from(
    [
        document("a.docx", team("冲压一班")),
        document("b.docx", team("磨削精英班组", member_count=3)),
        document("c.docx", story()),
        document("d.docx", rollup("冲压一班")),
        document("e.docx", form("summary_both")),
        document("f.docx", form("team_text"), text="磨削精英班组"),
        document("g.docx"),
    ]
)


@given(st.lists(st.lists(FILES, max_size=3).map(tuple), min_size=1, max_size=5))
def test_a_further_mail_never_renumbers_items(contents: list[tuple[Document, ...]]) -> None:
    """Ordinals and categories of items stay; each item kind and item has one form in force."""
    whole = fold(mails(*contents))
    part = fold(mails(*contents[:-1]))
    assert [(i.ordinal, i.category) for i in whole.items][: len(part.items)] == [
        (i.ordinal, i.category) for i in part.items
    ]
    for item in whole.items:
        kind = HUNAN.category(item.category).form
        assert len(list(whole.current(kind, item.ordinal))) == 1


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_dossier_has_no_items(count: int) -> None:
    """A mail without documents makes nothing."""
    assert fold(mails(*(() for _ in range(count)))).items == ()
