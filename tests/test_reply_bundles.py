"""Replies about many items: what they tell in short, and from how many on."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from outcomes import ROLLUP, TEAM, document, finding, item, outcome, request

from mailbot.letters import bundles
from mailbot.letters.reply import compose_reply
from mailbot.outcome import DossierOutcome
from parsers.model import Document

FAULT = "附件二表1 第5行第4列“邮编”未填写，请补充填写6位数字邮政编码。"


def _bundle(number: int) -> str:
    """The letter about so many teams of as many companies: the second faulty, a list too long."""
    judged, papers = [], []
    for n in range(number):
        faults = [finding("field.empty", "ask", FAULT, kind="team_form", item=n)] if n == 1 else []
        team = item(n, "team", f"班组{n:02d}", company=f"第{n}机床厂")
        judged.append((team, "supplement", faults))
        papers.append((document(f"包.zip/表{n}.docx", TEAM), "team_form", n))
    papers.append((document("包.zip/附件三.xlsx", ROLLUP), "rollup", None))
    long = finding(
        "text.too_long", "ask", "“包.zip/附件三.xlsx”过长。", document="包.zip/附件三.xlsx"
    )
    made = outcome(judged, papers=papers, dossier_findings=[long])
    packed = document("包.zip", format="zip", members=tuple(entry for entry, *_ in papers))
    return compose_reply(request(_repacked(made, packed), documents=[packed])).text


def _repacked(made: DossierOutcome, packed: Document) -> DossierOutcome:
    submission = replace(made.dossier.submissions[0], documents=(packed,))
    return replace(made, dossier=replace(made.dossier, submissions=(submission,)))


@pytest.mark.parametrize(("number", "short"), [(10, False), (11, True)])
def test_more_than_ten_items_are_told_in_short(number: int, short: bool) -> None:
    """An overview, the faulty one first, forms in one line each."""
    text = _bundle(number)
    results = text[text.index("一、办理结果") : text.index("二、")]

    assert (f"共 {number} 项：补正 {number} 项。" in text) is short
    assert (f"共 {number} 份，摘要" in text) is short
    assert (results.index("班组01") < results.index("班组00")) is short
    assert ("本项 1 处" in results) is short
    assert results.count("本项无误，待整体材料补正") == (number - 1 if short else 0)


@pytest.mark.parametrize(("number", "short"), [(19, False), (20, True)])
def test_more_than_twenty_files_are_told_by_item(number: int, short: bool) -> None:
    """With the list of the unit they are one more."""
    text = _bundle(number)

    assert (f"收到的材料（共 {number + 1} 个文件）" in text) is short
    assert ("识别为：" in text) is not short
    assert ("第3机床厂「班组03」：附件二" in text) is short


def test_every_file_of_many_is_evidence_too() -> None:
    """Size and the beginning of the SHA-256, and what they are good for."""
    text = _bundle(20)
    listed = text[text.index("收到的材料（共 21 个文件）") :].split("\n\n")[1]

    assert len(re.findall(r"（[\d.]+ [KM]?B，[0-9a-f]{8}）", listed)) == 21
    assert "括号内为文件大小和校验码（文件 SHA-256 值的前 8 位）" in text


def test_the_same_bytes_under_another_name_are_a_file_too() -> None:
    """Told beside the one they are the same as."""
    first = document("包.zip/表.docx", TEAM)
    again = replace(first, file="包.zip/表 副本.docx")
    odd = document("包.zip/未知.docx")
    made = outcome([(item(0, "team", "班组"), "supplement", [])], papers=[(first, "team_form", 0)])
    packed = document("包.zip", format="zip", members=(first, again, odd))
    rows = bundles.files(request(made).campaign, [made], [packed]).rows

    assert [row.label for row in rows] == [
        "湘江重工装备有限公司「班组」",
        "表 副本.docx",
        "未知.docx",
    ]
    assert rows[1].value.startswith("与“表.docx”内容相同（")
    assert all(re.search(r"B，[0-9a-f]{8}）$", row.value) for row in rows)


@pytest.mark.parametrize(("count", "rows"), [(100, 100), (101, 101), (2000, 101)])
def test_files_nobody_knows_are_counted_from_the_hundredth_on(count: int, rows: int) -> None:
    """An archive may hold thousands; the letter stays one that is read."""
    first = document("包.zip/表.docx", TEAM)
    made = outcome([(item(0, "team", "班组"), "supplement", [])], papers=[(first, "team_form", 0)])
    unknown = [document(f"包.zip/{number}.txt") for number in range(count)]
    packed = document("包.zip", format="zip", members=(first, *unknown))
    found = bundles.files(request(made).campaign, [made], [packed]).rows[1:]

    assert len(found) == rows
    assert found[99].label == "99.txt"
    assert count == 100 or found[-1].label == f"其余 {count - 100} 个文件"


def test_a_fault_stands_under_its_company_and_its_file_under_its_own_name() -> None:
    """The unit has to tell each company; everything came in one archive."""
    text = _bundle(2)

    assert "◆ 第1机床厂　质量信得过班组「班组01」" in text
    assert "包.zip" not in text
    assert "1. 表0.docx（" in text
    assert "“附件三.xlsx”过长" in text


def test_an_item_that_is_the_company_itself_is_named_once() -> None:
    """An award for companies bears the company's name."""
    teams = [item(n, "team", f"第{n}机床厂", company=f"第{n}机床厂") for n in range(21)]
    papers = [(document(f"表{n}.docx", TEAM), "team_form", n) for n in range(21)]
    made = outcome([(team, "accepted", []) for team in teams], papers=papers)
    text = compose_reply(request(made, documents=[entry for entry, *_ in papers])).text
    listed = text[text.index("收到的材料（共 21 个文件）") :].split("\n\n")[1]

    assert "\n第3机床厂：附件二" in listed
    assert "「第3机床厂」" not in listed
