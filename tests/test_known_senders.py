"""The list of senders that staff keep: as Excel saves it, looked at again when it changes."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import SETTINGS, Desk
from hypothesis import given
from hypothesis import strategies as st
from letters import SENDER, letter, story_papers, team_papers

from mailbot.deciding.senders import NOBODY, KnownSenders, Sender, read_senders
from rules.notice.complaints import Rejected

NOW = datetime(2026, 7, 10, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LIST = "邮箱,单位,地区\nzhang@changling.example,长岭市质量协会,长岭\n@heyuan.example,,河源\n"


def test_an_address_stands_for_a_unit_and_its_region(tmp_path: Path) -> None:
    """Upper case or not; every address of a domain; a stranger for nobody."""
    file = tmp_path / "来信单位.csv"
    file.write_text(LIST, encoding="utf-8")
    known = KnownSenders(file)

    assert known.of("Zhang@Changling.example") == Sender(unit="长岭市质量协会", region="长岭")
    assert known.of("li@heyuan.example") == Sender(region="河源")
    assert known.of("li@sub.heyuan.example") is NOBODY
    assert known.of("") is NOBODY
    assert KnownSenders().of("zhang@changling.example") is NOBODY


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_as_excel_and_wps_save_it(tmp_path: Path, charset: str) -> None:
    """In either code page, with Windows line ends and the columns in another order."""
    file = tmp_path / "list.csv"
    file.write_bytes("地区,邮箱\r\n长岭,zhang@changling.example\r\n,\r\n".encode(charset))

    assert read_senders(file) == {"zhang@changling.example": Sender(region="长岭")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "第一行应为列名"),
        ("邮箱,备注\na@b.example,x\n", "第一行应为列名"),
        ("邮箱,单位\nzhang,甲\n", "“zhang”不是邮箱地址"),
        ("邮箱,单位\na@b.example,甲\nA@b.example,乙\n", "a@b.example 写了两次"),
    ],
)
def test_every_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    """So that staff can put it right."""
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Rejected, match=told):
        read_senders(file)


def test_a_list_that_is_gone_is_told(tmp_path: Path) -> None:
    """With the key that names it."""
    with pytest.raises(Rejected, match="senders"):
        read_senders(tmp_path / "none.csv")
    assert KnownSenders(tmp_path / "none.csv").of("a@b.example") is NOBODY


def test_a_changed_list_counts_at_once_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    """The service need not be started again."""
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    known = KnownSenders(file)
    assert known.of("a@heyuan.example").region == "河源"

    file.write_text(LIST.replace("河源", "河西"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert known.of("a@heyuan.example").region == "河西"
    file.write_text("没有列名", encoding="utf-8")
    os.utime(file, ns=(2, 2))
    assert known.of("a@heyuan.example").region == "河西"


@given(st.binary(max_size=200))
def test_any_bytes_give_a_list_or_its_mistakes(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Never another fault, and the list in use stays."""
    file = tmp_path_factory.mktemp("list") / "x.csv"
    file.write_bytes(content)

    assert KnownSenders(file).of("a@b.example") is NOBODY


def desk(folder: Path) -> Desk:
    """A desk whose staff know one sender."""
    file = folder / "list.csv"
    file.write_text(f"邮箱,单位,地区\n{SENDER},湘江重工装备有限公司,长岭\n", encoding="utf-8")
    return Desk(settings=replace(SETTINGS, senders=KnownSenders(file)))


def test_papers_that_name_no_unit_belong_to_whom_staff_know(tmp_path: Path) -> None:
    """And are found again by the form that comes later."""
    known = desk(tmp_path)
    (first,) = known.take(letter({"照片.jpg": b"\xff\xd8\xff"}, arrived=NOW), NOW).dossiers
    more = letter(team_papers(), arrived=NOW, sender="b@other.example", message_id="<2@x.example>")
    (second,) = known.take(more, NOW).dossiers

    assert first.dossier.unit == "湘江重工装备有限公司"
    assert "unit.unknown" not in [finding.code for finding in first.verdict.findings]
    assert second.known is not None
    assert len(second.dossier.submissions) == 2


def test_the_region_that_staff_know_is_kept_with_the_dossier(tmp_path: Path) -> None:
    """Also for later mails from somebody else."""
    known = desk(tmp_path)
    known.take(letter(team_papers(), arrived=NOW), NOW)
    more = letter(story_papers(), arrived=NOW, sender="b@other.example", message_id="<2@x.example>")
    (second,) = known.take(more, NOW).dossiers

    assert second.standing.region == "长岭"
    assert {place.region for place in second.places()} == {"长岭"}


def test_what_the_papers_say_is_not_overruled(tmp_path: Path) -> None:
    """Somebody writes for another company."""
    papers = team_papers(company="衡岳机床有限公司")
    (entry,) = desk(tmp_path).take(letter(papers, arrived=NOW), NOW).dossiers[:1]

    assert "衡岳机床有限公司" in {item.company for item in entry.dossier.items}
    assert entry.dossier.unit == "衡岳机床有限公司"


def test_a_cell_without_end_is_a_mistake(tmp_path: Path) -> None:
    """An open quotation mark over a whole file."""
    file = tmp_path / "list.csv"
    file.write_text('邮箱,单位\na@b.example,"' + "甲" * 200_000, encoding="utf-8")
    with pytest.raises(Rejected, match="不是 CSV"):
        read_senders(file)
