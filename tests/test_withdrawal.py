"""What letters say of withdrawing and keeping, word by word."""

from __future__ import annotations

import pytest
from dossiers import IN_TIME
from hypothesis import given
from hypothesis import strategies as st

from rules.gathering.withdrawal import Wish, is_demand, read_wish, speaks
from rules.model import Item

COMPANY = "湘江重工装备有限公司"
GENERAL = (COMPANY, "质量信得过班组", "品牌故事")


def items(*names: str) -> list[Item]:
    """Teams of one company."""
    return [
        Item(ordinal=n, category="team", name=name, company=COMPANY, first_arrival=IN_TIME)
        for n, name in enumerate(names)
    ]


THREE = items("冲压一班", "焊接二班", "希望")


def wish(text: str, *names: str, over: bool = False) -> Wish:
    """What is read; all items are too many with ``over``."""
    applied = items(*names) if names else THREE
    groups = [frozenset(item.ordinal for item in applied)] if over else []
    return read_wish(text, applied, receipts={0: "HN2026-0001"}, over=groups, general=GENERAL)


@pytest.mark.parametrize(
    ("text", "withdrawn"),
    [
        ("申请撤回冲压一班", {0}),
        ("申请撤销 冲压 一班 的申报", {0}),
        ("冲压一班因人员变动，申请撤回。", {0}),
        ("我公司冲压一班、焊接二班不再申报", {0, 1}),
        ("现放弃“希望”QC小组", {2}),
        ("希望撤回冲压一班。", {0}),
        ("冲压一班、希望不再参加", {0, 2}),
        ("撤回以下项目：\n1、冲压一班\n2、希望小组\n谢谢。", {0, 2}),
        ("撤回hn2026-0001", {0}),
        ("撤回冲压一班，焊接二班的材料随后补上", {0}),
        ("撤回冲压一班；焊接二班保留。", {0}),
        ("不得不放弃冲压一班", {0}),
        ("撤回湘江重工装备有限公司焊接二班", {1}),
        ("我单位申报冲压一班和焊接二班，因焊接二班人员不足，申请撤回。", {1}),
        ("全部申报项目撤回", {0, 1, 2}),
        ("不保留冲压一班", {0}),
    ],
)
def test_what_is_withdrawn(text: str, withdrawn: set[int]) -> None:
    """By name or number, before or behind the word, in a list below it."""
    read = wish(text)

    assert (read.withdrawn, read.unclear) == (withdrawn, "")


@pytest.mark.parametrize(
    "text",
    [
        "我公司不撤回冲压一班",
        "冲压一班没有放弃，请继续办理",
        "请勿取消冲压一班的资格",
        "已撤回的冲压一班请归档",
        "撤回办理通知已收到，谢谢",
        "此前并未要求撤销冲压一班的申报，请核实",
        "上次退出的工作群请再拉一下，谢谢",
        "保留冲压一班",
        "请查收冲压一班的材料",
        "",
    ],
)
def test_what_withdraws_nothing(text: str) -> None:
    """Negated, done before, or no word of it."""
    assert not wish(text)


@pytest.mark.parametrize(
    "text",
    [
        "申请撤回",
        "撤回铸造三班",
        "能否撤回冲压一班？",
        "如果名额不够则放弃冲压一班",
        "撤回“铸造三班”和冲压一班",
        "撤回HN2026-0099",
        "撤回冲压一班的汇总表，重新报送",
        "撤回冲压一班，保留冲压一班",
        "请撤回上一封邮件",
    ],
)
def test_what_a_person_has_to_read(text: str) -> None:
    """Which item, or whether at all, is not said."""
    read = wish(text)

    assert read.unclear
    assert not read.withdrawn


@pytest.mark.parametrize(
    ("text", "clear"),
    [
        ("申请撤回。", True),
        ("我单位自愿放弃本次申报资格，特此申请。", True),
        ("本班组退出评选", True),
        ("因人员变动，我公司决定退出2026年优秀质量信得过班组申报，特此说明。", True),
        ("我公司撤回质量信得过班组的申报材料", True),
        ("撤回铸造三班的申报", False),
        ("因铸造三班人员变动，申请撤回", False),
        ("撤回焊接的申报", False),
    ],
)
def test_the_only_item_is_meant_unless_another_is_named(text: str, *, clear: bool) -> None:
    """Words that tell no item do not matter; a name that is unknown does."""
    assert (wish(text, "冲压一班").withdrawn == {0}) is clear


@pytest.mark.parametrize(
    ("text", "withdrawn", "kept", "only"),
    [
        ("同意保留冲压一班、焊接二班", {2}, {0, 1}, True),
        ("只报冲压一班", {1, 2}, {0}, True),
        ("保留冲压一班，其余撤回", {1, 2}, {0}, False),
        ("放弃希望小组，保留冲压一班、焊接二班", {2}, {0, 1}, False),
        ("撤回希望小组", {2}, set(), False),
    ],
)
def test_which_to_keep(text: str, withdrawn: set[int], kept: set[int], *, only: bool) -> None:
    """Where more were sent than places are left, naming some gives up the others."""
    read = wish(text, over=True)

    assert (read.withdrawn, read.kept, read.only_kept) == (withdrawn, kept, only)


def test_keeping_without_a_name_is_for_a_person() -> None:
    """Which ones?"""
    assert wish("同意保留", over=True).unclear


def test_a_name_of_two_items_is_for_a_person_unless_the_company_stands_by() -> None:
    """Two companies of a unit may each have a group of one name."""
    other = Item(
        ordinal=1, category="team", name="创新班组", company="洞庭机床", first_arrival=IN_TIME
    )
    both = [*items("创新班组"), other]

    assert read_wish("撤回创新班组", both, receipts={}).unclear
    assert read_wish("撤回洞庭机床创新班组", both, receipts={}).withdrawn == {1}


def test_a_longer_name_is_not_the_shorter_one_in_it() -> None:
    """冲压一班 within 新冲压一班."""
    assert wish("撤回新冲压一班", "冲压一班", "新冲压一班").withdrawn == {1}


@pytest.mark.parametrize(
    ("text", "spoken", "demand"),
    [
        ("申请撤回", "withdraw", True),
        ("能否撤回？", "withdraw", False),
        ("同意保留冲压一班", "keep", False),
        ("请问何时公布", "", False),
    ],
)
def test_a_cheap_look(text: str, spoken: str, *, demand: bool) -> None:
    """Whether a dossier should be opened at all."""
    assert speaks(text) == spoken
    assert is_demand(text) is demand


@given(
    st.text(alphabet="撤回保留不放弃其余全部冲压一班焊接二希望小组，。、\n：“”?A1", max_size=40),
    st.booleans(),
)
def test_no_text_breaks_it_and_nothing_is_both(text: str, over: bool) -> None:
    """Total; withdrawn and kept never meet; unclear settles nothing."""
    read = wish(text, over=over)

    assert not read.withdrawn & read.kept
    assert not (read.unclear and (read.withdrawn or read.kept))
    assert read.withdrawn | read.kept <= {0, 1, 2}
