"""Files: readable, editable, in the format asked for, of this campaign, once."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import (
    UNIT,
    campaign,
    codes,
    decisions,
    document,
    findings,
    mail,
    only,
    rollup,
    story,
    team,
    text,
    verdict,
)

from mailbot.catalogue import shipped_campaigns
from parsers.model import Content, Document, Form, Problem
from parsers.scans.optical import as_recognised
from rules.gathering.filenames import guess_kind
from rules.model import Decision, Severity

SUMMARY = {"kind": "summary_both", "of": "unit", "categories": ["team"]}
READABLE = {"check": "readable"}
EDITABLE = {"check": "editable", "exempt_words": ["扫描", "照片", "回单"]}
UNKNOWN = {"check": "unknown", "severity": "warn"}


def broken(file: str, code: str = "document.unreadable", **more: Any) -> Document:
    """A file with a problem."""
    return document(file, problems=(Problem(code=code, message="文件损坏"),), **more)


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("document.unreadable", "重新发送"),
        ("document.encrypted", "取消密码"),
        ("document.macro", "不含宏"),
        ("document.too_large", "压缩"),
        ("document.cloud_link", "普通附件"),
        ("document.unsafe", "取出"),
    ],
)
def test_each_problem_of_a_file_names_the_file_and_the_cure(code: str | None, cure: str) -> None:
    """The code is the reader's, the severity the campaign's."""
    given = verdict(campaign([READABLE]), mail(team(), broken("资料.docx", code)))
    found = only(given)
    assert (found.code, found.severity, found.document) == (code, Severity.ASK, "资料.docx")
    assert "文件损坏" in found.message
    assert cure in found.message
    assert decisions(given) == [Decision.SUPPLEMENT]


def test_macros_in_a_form_that_was_read_are_a_remark() -> None:
    """The form is usable; staff are told."""
    file = document(
        "附件二.doc", team(), problems=(Problem(code="document.macro", message="含宏"),)
    )
    given = verdict(campaign([READABLE]), mail(file))
    assert only(given).severity is Severity.WARN
    assert decisions(given) == [Decision.ACCEPTED]


def test_a_form_whose_name_leads_out_of_its_archive_is_a_remark() -> None:
    """It was read; whoever packed it so deserves a look."""
    problem = Problem(code="document.unsafe", message="路径异常")
    member = document("材料.zip/附件二.docx", team(), problems=(problem,))
    given = verdict(
        campaign([READABLE]), mail(document("材料.zip", format="zip", members=(member,)))
    )
    assert only(given).severity is Severity.WARN
    assert decisions(given) == [Decision.ACCEPTED]


def test_a_broken_archive_is_complained_of_though_it_has_members() -> None:
    """One member could be taken out, the archive as a whole not."""
    zipped = broken(
        "材料.zip", "document.unsafe", format="zip", members=(document("a.docx", team()),)
    )
    assert codes(verdict(campaign([READABLE]), mail(zipped))) == ["document.unsafe"]


@pytest.mark.parametrize(
    ("file", "later", "expected"),
    [
        ("工作总结.docx", [text("summary_both")], []),
        ("工作总结.docx", [], ["document.unreadable"]),
        ("工作总结.docx", [story()], ["document.unreadable"]),
        ("资料.docx", [text("summary_both")], []),
        ("资料.docx", [document("资料.docx", text("summary_both"))], []),
    ],
)
def test_a_file_that_comes_again_readable_heals(
    file: str, later: list[Any], expected: list[Any]
) -> None:
    """By its kind, by its name, or where the name says nothing by what comes later."""
    mails = [mail(team(), broken(file)), mail(*later)]
    assert codes(verdict(campaign([READABLE]), *mails)) == expected


def test_an_encrypted_archive_is_healed_by_a_later_mail() -> None:
    """An archive is no paper; what is still missing is asked for by itself."""
    locked = broken("材料.zip", "document.encrypted", format="zip", members=(broken("a.docx"),))
    rules = campaign([READABLE])
    assert "document.encrypted" in codes(verdict(rules, mail(locked)))
    assert codes(verdict(rules, mail(locked), mail(team()))) == []


def test_a_scan_beside_an_editable_file_is_fine() -> None:
    """Stamped scans are welcome."""
    scan = document("附件二示范班组成果表盖章.pdf", format="pdf")
    given = verdict(campaign([EDITABLE]), mail(team(), scan))
    assert codes(given) == []


def test_a_scan_instead_of_a_form_is_asked_for_as_editable() -> None:
    """By the title in its name; its item cannot be known."""
    scan = document("示范班组成果表.pdf", format="pdf")
    found = only(verdict(campaign([EDITABLE]), mail(scan)))
    assert (found.code, found.kind) == ("document.not_editable", "team_form")
    assert (found.item, found.categories) == (None, ("team",))


def test_a_scan_is_all_there_is_even_where_its_name_says_so() -> None:
    """扫描 exempts evidence, never the only copy of a form."""
    scan = document("示范班组成果表扫描件.pdf", format="pdf")
    assert codes(verdict(campaign([EDITABLE]), mail(scan))) == ["document.not_editable"]


def test_a_form_read_from_a_pdf_is_asked_for_as_editable() -> None:
    """Its item exists, and waits."""
    given = verdict(campaign([EDITABLE]), mail(document("a.pdf", team(), format="pdf")))
    assert only(given).item == 0
    assert decisions(given) == [Decision.SUPPLEMENT]


def test_a_form_read_from_a_pdf_beside_its_word_file_is_fine() -> None:
    """Whichever of the two counts as newest."""
    word, pdf = document("a.docx", team()), document("a.pdf", team(fax="1"), format="pdf")
    assert codes(verdict(campaign([EDITABLE]), mail(word, pdf))) == []
    assert codes(verdict(campaign([EDITABLE]), mail(pdf, word))) == []


def pdf(form: Form) -> Document:
    """A form read from a PDF."""
    return document("盖章.pdf", form, format="pdf")


def test_an_editable_file_stays_in_force_beside_its_pdf() -> None:
    """However new the PDF: what was read of it is less certain."""
    rules = campaign([EDITABLE, {"check": "fields", "kinds": ["team_form"]}])
    stamped = pdf(team(postcode=None))
    for mails in (
        [mail(team(), stamped)],
        [mail(stamped, team())],
        [mail(team()), mail(stamped)],
        [mail(stamped), mail(team())],
    ):
        assert codes(verdict(rules, *mails)) == []


def test_a_later_pdf_that_says_something_else_is_not_passed_over() -> None:
    """The sender meant to correct; the editable file counts until another comes."""
    rules = campaign([EDITABLE])
    mails = [mail(document("表.docx", team(member_count=12))), mail(pdf(team(member_count=13)))]
    found = only(verdict(rules, *mails))
    assert (found.code, found.item, found.document) == ("document.not_editable", 0, "盖章.pdf")
    assert "现仍以“表.docx”为准" in found.message
    again = mail(document("新表.docx", team(member_count=13)))
    assert codes(verdict(rules, *mails, again)) == []


def test_a_pdf_does_not_rename_an_item_nor_stand_back_where_nobody_asks_for_files_to_edit() -> None:
    """Only the demand for editable files makes them count for more."""
    mails = [mail(team("冲压一班")), mail(pdf(team("冲压一班组")))]
    renamed = verdict(campaign([EDITABLE]), *mails)
    assert [entry.item.name for entry in renamed.items] == ["冲压一班"]
    renamed = verdict(campaign([]), *mails)
    assert [entry.item.name for entry in renamed.items] == ["冲压一班组"]


def test_a_pdf_is_no_missing_document_and_no_editable_one() -> None:
    """One complaint, for the form of an item and for a text of the unit."""
    rules = campaign([EDITABLE], document=[SUMMARY])
    given = verdict(rules, mail(team(), document("总结.pdf", text("summary_both"), format="pdf")))
    assert codes(given) == ["document.not_editable"]
    given = verdict(rules, mail(pdf(team()), text("summary_both")))
    assert codes(given) == ["document.not_editable"]
    given = verdict(rules, mail(pdf(team())))
    assert sorted(codes(given)) == ["document.missing", "document.not_editable"]


def test_the_pdf_of_one_team_is_not_answered_by_the_file_of_another() -> None:
    """Each item needs its own editable form."""
    rules = campaign([EDITABLE])
    given = verdict(rules, mail(team("冲压一班"), pdf(team("热处理甲班"))))
    assert (only(given).code, only(given).item) == ("document.not_editable", 1)


@pytest.mark.parametrize(
    ("file", "wanted", "expected"),
    [
        ("IMG_001.jpg", [], []),
        ("IMG_001.jpg", [SUMMARY], ["document.missing", "document.not_editable"]),
        ("现场照片.jpg", [SUMMARY], ["document.missing"]),
        ("工作总结.jpg", [SUMMARY], ["document.not_editable"]),
    ],
)
def test_a_picture_is_asked_about_only_where_something_lacks(
    file: str, wanted: Any, expected: list[Any]
) -> None:
    """Evidence is no application paper."""
    rules = campaign([EDITABLE], document=wanted)
    picture = document(file, format="image")
    assert codes(verdict(rules, mail(team(), picture))) == expected


def test_pictures_without_any_form_are_asked_about() -> None:
    """Nobody may be left without an answer."""
    pictures = [document(f"IMG_{number}.jpg", format="image") for number in range(3)]
    given = verdict(campaign([EDITABLE]), mail(*pictures))
    assert "IMG_0.jpg" in only(given).message
    assert "IMG_2.jpg" in only(given).message
    assert given.decision is Decision.SUPPLEMENT


def test_a_scan_that_a_later_mail_answers_is_forgotten() -> None:
    """The editable file came."""
    rules = campaign([EDITABLE], document=[SUMMARY])
    scan = document("工作总结.pdf", format="pdf")
    later = mail(document("工作总结.docx", text("summary_both")))
    assert codes(verdict(rules, mail(team(), scan), later)) == []


@pytest.mark.parametrize(
    ("found", "formats", "tolerated", "severity"),
    [
        ("docx", ["docx", "doc"], [], None),
        ("wps", ["docx", "doc"], [], Severity.INFO),
        ("docx", ["wps"], [], Severity.INFO),
        ("rtf", ["docx"], ["rtf"], Severity.INFO),
        ("rtf", ["docx"], [], Severity.ASK),
        ("xlsx", ["docx"], [], Severity.ASK),
        ("pdf", ["docx"], [], Severity.ASK),
    ],
)
def test_the_format_asked_for(
    found: str, formats: list[str], tolerated: list[str], severity: Any
) -> None:
    """WPS for Word and the reverse are information only."""
    rule = {"check": "format", "kinds": ["team_form"], "formats": formats, "tolerated": tolerated}
    given = verdict(campaign([rule]), mail(document("a.x", team(), format=found)))
    assert [entry.severity for entry in findings(given)] == ([severity] if severity else [])


def test_a_picture_is_no_word_file() -> None:
    """Whatever else a person has to look at in it."""
    rule = {"check": "format", "kinds": ["team_form"], "formats": ["docx"]}
    given = verdict(campaign([rule]), mail(scan(team())))
    assert (
        "现为图片文件“扫描件.jpg”，通知要求使用Word文件（docx），请改用Word文件"
        in only(given).message
    )


def test_tolerated_formats_of_one_mail_are_told_once() -> None:
    """A bundle of thirty texts has one remark, not thirty."""
    rule = {"check": "format", "kinds": ["team_form"], "formats": ["wps"]}
    files = [document(f"{name}.docx", team(f"{name}班")) for name in "甲乙丙"]
    found = only(verdict(campaign([rule]), mail(*files)))
    assert (found.severity, found.item, found.mail) == (Severity.INFO, None, 0)
    assert found.categories == ("team",)
    assert all(file.file in found.message for file in files)


@pytest.mark.parametrize(("file", "count"), [("甲.wps", 0), ("甲.WPS", 0), ("甲.docx", 1)])
def test_words_own_format_in_a_wps_file_is_wps(file: str, count: int) -> None:
    """WPS writes it so."""
    rule = {"check": "format", "kinds": ["team_form"], "formats": ["wps"]}
    given = verdict(campaign([rule]), mail(document(file, team("甲班"))))
    assert codes(given) == ["document.wrong_format"] * count


def test_unknown_files_are_for_staff() -> None:
    """Not those that could not be read, and not proofs of payment."""
    proof = {"check": "fee_proof", "words": ["回单"], "severity": "warn"}
    rules = campaign([UNKNOWN, proof])
    given = verdict(
        rules, mail(team(), document("简历.docx"), broken("坏.docx"), document("电子回单.docx"))
    )
    assert [(entry.code, entry.document) for entry in findings(given)] == [
        ("fee.proof", "电子回单.docx"),
        ("document.unknown", "简历.docx"),
    ]


def test_a_foreign_form_names_its_fault_and_the_right_form() -> None:
    """The title says another association."""
    foreign = Form(kind="team_form", title="邻省班组成果表", foreign="标题属于其他协会")
    given = verdict(campaign([{"check": "identity"}]), mail(foreign))
    found = only(given)
    assert found.code == "form.wrong_campaign"
    assert "邻省班组成果表" in found.message
    assert "附件二《示范班组成果表》" in found.message


def test_a_foreign_form_is_not_judged_field_by_field() -> None:
    """Another form has other fields."""
    rules = campaign([{"check": "identity"}, {"check": "fields", "kinds": ["team_form"]}])
    foreign = Form(kind="team_form", foreign="标题为2019年")
    assert codes(verdict(rules, mail(foreign))) == ["form.wrong_campaign"]


def test_a_repeat_is_information() -> None:
    """Whatever severity the rule has; the contract fixes it."""
    file = document("附件二.docx", team())
    given = verdict(campaign([{"check": "repeated"}]), mail(file), mail(file))
    assert (only(given).code, only(given).severity) == ("document.duplicate", Severity.INFO)
    assert only(given).mail == 1


def test_two_versions_in_one_mail() -> None:
    """They differ, so the sender is told which one counts."""
    rules = campaign([{"check": "repeated"}])
    one, two = document("一.docx", team()), document("二.docx", team(member_count=13))
    found = only(verdict(rules, mail(one, two)))
    assert (found.code, found.item) == ("form.versions", 0)
    assert "以“二.docx”为准" in found.message
    same = document("二.docx", team())
    assert codes(verdict(rules, mail(one, same))) == []
    assert codes(verdict(rules, mail(one), mail(two))) == []


def test_lists_in_parts_are_no_versions() -> None:
    """A roll-up may come in two files."""
    one = rollup({"name": "冲压一班"})
    two = rollup({"name": "热处理甲班"})
    rules = campaign([{"check": "repeated"}])
    given = verdict(rules, mail(document("1.xlsx", one), document("2.xlsx", two)))
    assert codes(given) == []


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("示范班组成果表.pdf", "team_form"),
        ("示 范 班 组 成 果 表.pdf", "team_form"),
        ("工作总结.pdf", "summary_both"),
        (f"{UNIT}工作总结及统计表.pdf", "stats_both"),
        ("附件二.pdf", "team_form"),  # the text shares the annex, but the form is the annex
        ("附件四.pdf", "story_form"),
        ("附件4.pdf", "story_form"),
        ("附件四十.pdf", ""),
        ("附件14.pdf", ""),
        ("附件四/扫描.pdf", "story_form"),
        ("工作总结/统计表.pdf", "stats_both"),
        ("材料.zip/工作总结.pdf", "summary_both"),
        ("IMG_001.jpg", ""),
        ("", ""),
    ],
)
def test_what_a_file_name_says(file: str, kind: str) -> None:
    """Titles before words before annex numbers; the file before its folder."""
    assert guess_kind(campaign(), file) == kind


# ---- forms known from pictures ---------------------------------------------------------


def recognised(form: Form) -> Form:
    """As the reader of pictures marks it."""
    (marked,) = as_recognised([form], Content(source="ocr"))
    return marked


def scan(form: Form, file: str = "扫描件.jpg", **more: Any) -> Document:
    return document(file, recognised(form), format="image", **more)


def test_a_form_known_from_a_picture_is_asked_for_as_editable() -> None:
    """Nothing else is said of it: what looks wrong may be a misreading."""
    rules = campaign([EDITABLE, {"check": "fields", "kinds": ["team_form"]}])
    given = verdict(rules, mail(scan(team(postcode="4l0200"))))
    assert codes(given) == ["document.not_editable"]
    assert decisions(given) == [Decision.SUPPLEMENT]


def test_where_pictures_are_welcome_a_person_reads_them() -> None:
    """One remark for the whole form."""
    rules = campaign([{"check": "certain", "severity": "human"}])
    given = verdict(rules, mail(scan(team())))
    assert codes(given) == ["field.invalid"]
    assert "核对全表" in only(given).message
    assert decisions(given) == [Decision.REVIEW]


@pytest.mark.parametrize("editable", [[], [EDITABLE]])
def test_a_picture_never_takes_the_place_of_an_editable_form(editable: list[Any]) -> None:
    """Whether it comes first, along or later, and also where its name was misread."""
    for mails in (
        [mail(scan(team("冲压—班"))), mail(team("冲压一班"))],
        [mail(scan(team("冲压—班")), document("表.docx", team("冲压一班")))],
        [mail(team("冲压一班")), mail(scan(team("冲压—班")))],
    ):
        given = verdict(campaign(editable), *mails)
        assert [entry.item.name for entry in given.items] == ["冲压一班"]
        assert decisions(given) == [Decision.ACCEPTED]


def test_a_picture_of_another_team_is_another_item() -> None:
    """One character that counts."""
    given = verdict(campaign([EDITABLE]), mail(team("冲压一班"), scan(team("冲压二班"))))
    assert decisions(given) == [Decision.ACCEPTED, Decision.SUPPLEMENT]


def test_a_word_file_that_is_a_picture_is_asked_for_once() -> None:
    """Not by two rules."""
    pasted = broken("示范班组成果表.docx", "document.not_editable")
    given = verdict(campaign([READABLE, EDITABLE]), mail(pasted))
    assert codes(given) == ["document.not_editable"]


def test_a_scan_read_in_part_is_for_staff() -> None:
    """Nobody need shorten his evidence."""
    long = broken("活动记录.pdf", "document.partial", format="pdf")
    found = only(verdict(campaign([READABLE]), mail(team(), long)))
    assert (found.code, found.severity) == ("document.partial", Severity.WARN)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("附件三 QC小组汇总表.jpg", "rollup.qc"),
        ("附件三 信得过班组汇总表.jpg", "rollup.team"),
        ("附件三 汇总表.jpg", ""),
        ("附件三 QC小组、信得过班组汇总表.jpg", ""),
    ],
)
def test_two_kinds_of_one_print_are_told_by_their_words(file: str, kind: str) -> None:
    """As in the lines over the list."""
    assert guess_kind(shipped_campaigns()["china-machinery-2024"], file) == kind


@pytest.mark.parametrize("stroke", ["、", "_", "／", ""])
def test_a_stroke_in_a_title_cannot_stand_in_a_file_name(stroke: str) -> None:
    """People write something else for it, or nothing."""
    chongqing = shipped_campaigns()["chongqing-2019"]
    file = f"附件9 2019年重庆市质量信得过班组{stroke}个人推荐表.pdf"
    assert guess_kind(chongqing, file) == "rollup.team"


def test_a_scan_is_asked_for_in_the_format_of_the_notice() -> None:
    """Where it names one."""
    rules = [EDITABLE, {"check": "format", "kinds": ["summary_both"], "formats": ["docx"]}]
    given = verdict(
        campaign(rules, document=[SUMMARY]), mail(team(), document("工作总结.jpg", format="image"))
    )
    assert "电子版（Word文件）" in only(given).message
