"""Scenes of henan-2020: units recommend for all their companies, the city collects from companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from corpus import chongqing
from corpus.drawing import converted, word
from corpus.henan_papers import qc, slots

from scenarios.henan.bundle import (
    COMPANY,
    CONTACT,
    REVIEWS,
    ROLLUP,
    STATS_QC,
    STATS_TEAM,
    SUMMARY_QC,
    SUMMARY_TEAM,
    UNIT,
    Crew,
    Group,
    lists,
    note,
    packed,
    papers,
    reviews,
    statistics_qc,
    statistics_team,
    summary_qc,
    text,
)
from scenarios.stage import Scene, Stage

CAMPAIGN = "henan-2020"
MAILBOX = "henanshengzlxh@163.com"
CITY = "gxj6358080@163.com"
BEIJING = ZoneInfo("Asia/Shanghai")
OTHER = "豫南起重设备股份有限公司"
HEALTH = "卫生与健康质量管理专委会"
_PLACES = ("淮南岸", "洛北", "颍东", "沙河", "伏牛山", "太行")
_HOSPITALS = tuple(
    f"{place}{name}医院" for place in _PLACES for name in ("仁和", "康宁", "同济堂", "博爱", "惠民")
)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2020, 7, day, hour, minute, tzinfo=BEIJING)


# ---- whole bundles ----------------------------------------------------------------------


def complete_bundle(stage: Stage) -> None:
    """Two groups and a team of two companies in one archive: one letter with three numbers."""
    groups = (Group(), Group("金点子QC小组", OTHER))
    stage.whole = True
    stage.mail(packed(papers(groups)), at(8), text=CONTACT)


def thirty_companies(stage: Stage) -> None:
    """Seven of thirty are faulty; the unit puts right what was told, with a note of changes."""
    faults = {
        3: Group(form={"postcode": ""}),
        7: Group(form={"mobile": "1390000003"}),
        11: Group(row={"company": "颍东仁爱医院"}),
        18: Group(form={"project_type": "□ 问题解决型 □ 创新型"}),
        22: Group(review={"evaluation": "内容翔实。" * 61}),
    }
    named = {
        number: (
            company,
            "暖心护理QC小组" if number in (5, 9) else f"{company[:2]}{number}号QC小组",
        )
        for number, company in enumerate(_HOSPITALS, 1)
    }
    groups = [
        replace(faults.get(number, Group()), name=name, company=company)
        for number, (company, name) in named.items()
    ]
    right = [Group(name, company) for company, name in named.values()]
    left = (f"{groups[14].stem}_成果报告", f"{groups[25].stem}_活动记录")
    first = stage.mail(
        packed(papers(groups, (), unit=HEALTH, leave=left), "卫生健康专委会QC小组推荐材料.zip"),
        at(7),
        sender="zhiwei@health.example",
        text=CONTACT,
    )
    whole = papers(right, (), unit=HEALTH)
    wanted = [f"{right[n].stem}_申报表" for n in (2, 6, 17)] + [*left, REVIEWS, ROLLUP]
    again = {name: file for name, file in whole.items() if any(word in name for word in wanted)}
    again["变更说明.docx"] = note(
        "附件9第11行的企业名称更正为颍东仁和医院，附件10第22行的成果评价已精简。"
    )
    stage.mail(
        packed(again, "卫生健康专委会补正材料.zip"),
        at(9),
        sender="zhiwei@health.example",
        subject="补正材料",
        answers=first,
    )


def direct_unit(stage: Stage) -> None:
    """A company with a row of its own in the quota tables recommends its own groups."""
    unit, company = "中原油田", "中原油田"
    groups = [Group(f"采油{n}队QC小组", company) for n in (1, 2)]
    files = papers(groups, (), unit=unit)
    stage.mail(
        packed(files, "中原油田QC小组推荐材料.zip"), at(6), sender="qc@oil.example", text=CONTACT
    )


def documents_in_several_mails(stage: Stage) -> None:
    """The unit's papers first, then the companies': each letter says what is still wanting."""
    everything = papers()
    unit = {name: file for name, file in everything.items() if name.startswith("附件")}
    forms = {name: file for name, file in everything.items() if not name.startswith("附件")}
    first = stage.mail(packed(unit, "信阳市推荐单位材料.zip"), at(6), text=CONTACT)
    stage.mail(packed(forms, "信阳市企业申报材料.zip"), at(7), answers=first)


# ---- what is missing, what is wrong ------------------------------------------------------


def documents_missing(stage: Stage) -> None:
    """Of each level something: everything is asked for at once, and what was sent is not."""
    left = (SUMMARY_QC, STATS_TEAM, REVIEWS, "活动记录", "班组创建材料")
    stage.mail(packed(papers(leave=left)), at(8), text=CONTACT)


def each_other_document_missing(stage: Stage) -> None:
    """The other half; without 附件9 nobody is asked about rows."""
    left = (STATS_QC, SUMMARY_TEAM, ROLLUP, "成果报告")
    stage.mail(packed(papers(leave=left)), at(8), text=CONTACT)


def many_faults(stage: Stage) -> None:
    """Forms, texts and lists at once: each fault with its place and its cure."""
    group = Group(
        form={"postcode": "46400", "contact": "", "project_type": "☑ 问题解决型 ☑ 创新型"}
    )
    crew = Crew(
        form={"team_leader": "", "first_pass_rate": "109", "member_count": "十四五"},
        text=("一、班组概况", *["班组成员组成合理，主要工作内容是总装。"] * 330),
    )
    stage.mail(
        packed(
            papers(
                (group,),
                (crew,),
                instead={SUMMARY_QC: summary_qc(filler=60), STATS_QC: statistics_qc(reward_qc="")},
            )
        ),
        at(8),
        text=CONTACT,
    )


def papers_that_differ(stage: Stage) -> None:
    """Form, 附件9 and 附件10 beside each other; what is only odd is for staff."""
    group = Group(
        row={
            "company": "淮河精密机械公司",
            "project_type": "创新型",
            "members": "李建国、王丽、周涛",
        },
        review={"group_name": f"{COMPANY}/淮河浪涛QC小组"},
    )
    crew = Crew(
        row={"member_count": 13, "women": 15},
        review={"team_name": "淮河精密机械有限责任公司/装配一班"},
    )
    files = papers((group,), (crew,))
    files[ROLLUP] = lists((group,), (crew,), total=14)
    files[STATS_TEAM] = statistics_team(2)
    stage.mail(packed(files), at(8), text=CONTACT)


def rows_and_forms(stage: Stage) -> None:
    """A form without row, a row without form, a row that stands twice."""
    groups = (Group(), Group("金点子QC小组", OTHER))
    files = papers(groups, ())
    listed = (groups[0], groups[0], Group("启明星QC小组", OTHER))
    files[ROLLUP] = lists(listed, ())
    stage.mail(packed(files), at(8), text=CONTACT)


def reviewers_without_certificate(stage: Stage) -> None:
    """And a team that states an accident: staff decide."""
    crew = Crew(form={"accidents_per_year": "1"})
    nobody = {"seq": "1", "name": "张敏", "work_unit": "信阳市质量协会", "mobile": "13900000041"}
    files = papers((Group(),), (crew,))
    files[ROLLUP] = lists((Group(),), (crew,), reviewers=[nobody])
    stage.mail(packed(files), at(8), text=CONTACT)


def an_accident(stage: Stage) -> None:
    """A team that states one is for a person; the group beside it is accepted."""
    stage.mail(packed(papers(crews=(Crew(form={"accidents_per_year": "1"}),))), at(8), text=CONTACT)


def odd_statistics(stage: Stage) -> None:
    """Single groups where 万个 is printed, another period: remarks for staff, accepted."""
    odd = statistics_qc(
        registered_total_qc="215", registered_year_qc="310", penetration_rate="130",
        exchange_place="", exchange_shown_qc="50",
    )  # fmt: skip
    stage.mail(packed(papers(crews=(), instead={STATS_QC: odd})), at(8), text=CONTACT)


def twelve_members(stage: Stage) -> None:
    """More than the form has slots: accepted, told to staff; more women than members, too."""
    names = tuple(
        f"{family}{given}" for family in "李王赵" for given in ("小军", "志强", "海燕", "明")
    )
    group = Group(members=names, row={"women": 13})
    files = papers((group,), ())
    values = group.values(UNIT)
    cells = [f"{n} {name}" for n, name in enumerate(names, 1)]
    files[f"{group.stem}_申报表.docx"] = word([qc(values, slots(*cells, "", "", ""))])
    stage.mail(packed(files), at(8), text=CONTACT)


def loose_files(stage: Stage) -> None:
    """No contact in the mail: asked for; eleven files instead of one: told to staff."""
    first = stage.mail(papers(), at(8), text="材料见附件。")
    stage.mail({}, at(8, 15), text=CONTACT, answers=first)


def pictures_instead_of_word(stage: Stage) -> None:
    """PDF and WPS where Word is asked: the one is asked for again, the other is read."""
    files = papers()
    group, crew = Group(), Crew()
    form, report = f"{group.stem}_申报表", f"{group.stem}_成果报告"
    drawn = converted({f"{report}.docx": files.pop(f"{report}.docx")}, "pdf")
    files[f"{report}.pdf"] = drawn[report]
    old = converted({f"{form}.docx": files.pop(f"{form}.docx")}, "doc")
    files[f"{form}.wps"] = old[form]
    files[f"{crew.stem}_盖章扫描件.pdf"] = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n%%EOF\n"
    stage.mail(packed(files), at(8), text=CONTACT)


def another_years_form(stage: Stage) -> None:
    """The form of 2019, and the team's form of another province."""
    files = papers()
    group, crew = Group(), Crew()
    old = qc(group.values(UNIT), slots(*map(str, range(1, 11))))
    head = tuple(line.replace("2020", "2019") for line in old.head)
    files[f"{group.stem}_申报表.docx"] = word([replace(old, head=head)])
    files[f"{crew.stem}_申报表.docx"] = _form_of_chongqing()
    stage.mail(packed(files), at(8), text=CONTACT)


def _form_of_chongqing() -> bytes:
    sample = next(made for made in chongqing.samples() if made.kind == "team_form")
    names = {sample.values["team_name"]: "装配一班", sample.values["company"]: COMPANY}
    return word(
        [
            paper.boxes(lambda box: replace(box, text=names.get(box.text, box.text)))
            for paper in sample.papers
        ]
    )


def a_bank_slip(stage: Stage) -> None:
    """No fee may be taken: a slip is for staff."""
    files = papers() | {
        "汇款回单.docx": text("电子回单", "付款金额：500.00 元", "用途：QC小组评审费")
    }
    stage.mail(packed(files), at(8), text=CONTACT)


# ---- in time and late --------------------------------------------------------------------


def last_minute(stage: Stage) -> None:
    """10 July counts until midnight."""
    stage.mail(packed(papers(crews=())), at(10, 23, 59), text=CONTACT)


def late(stage: Stage) -> None:
    """The first minute of 11 July: the recommendation counts as given up."""
    stage.mail(packed(papers()), at(11, 0, 0), text=CONTACT)


def corrected_late(stage: Stage) -> None:
    """Begun in time, corrected late: staff decide."""
    first = stage.mail(packed(papers((Group(form={"postcode": ""}),), ())), at(9), text=CONTACT)
    right = Group()
    form = f"{right.stem}_申报表.docx"
    stage.mail({form: right.files()[form]}, at(11), subject="补正", answers=first)


# ---- quotas ------------------------------------------------------------------------------


def quota_just_fits(stage: Stage) -> None:
    """Twelve groups and two teams are what 信阳市 may recommend."""
    groups = [Group(f"淮河{n}号QC小组", f"信阳{n}号机械有限公司") for n in range(1, 13)]
    crews = [Crew(f"装配{n}班", f"信阳{n}号机械有限公司") for n in range(1, 3)]
    stage.mail(packed(papers(groups, crews)), at(8), text=CONTACT)


def quota_exceeded(stage: Stage) -> None:
    """Three teams for two places: the unit is asked to choose, then it has chosen."""
    crews = [Crew(f"装配{n}班", f"信阳{n}号机械有限公司") for n in range(1, 4)]
    first = stage.mail(packed(papers((), crews)), at(7), text=CONTACT)
    chosen = {
        ROLLUP: lists((), crews[:2]),
        REVIEWS: reviews((), crews[:2]),
        STATS_TEAM: statistics_team(2),
        "变更说明.docx": note("按名额保留装配1班、装配2班，不再推荐装配3班。"),
    }
    stage.mail(
        packed(chosen, "信阳市更正后的推荐表.zip"), at(8), subject="更正推荐表", answers=first
    )


def units_outside_the_tables(stage: Stage) -> None:
    """A unit without a row for teams, a county without any row, and one of 其他."""
    for n, (unit, sender) in enumerate(
        (
            ("国网河南省电力公司", "qc@power.example"),
            ("固始县工业和信息化局", "gs@county.example"),
            ("河南省总工会", "jj@union.example"),
        )
    ):
        company = f"{unit[:2]}星光设备有限公司"
        files = papers(
            (Group(f"星光{n}号QC小组", company),), (Crew("检修一班", company),), unit=unit
        )
        stage.mail(packed(files, f"{unit}推荐材料.zip"), at(8, 9 + n), sender=sender, text=CONTACT)


# ---- changes -----------------------------------------------------------------------------


def changed_without_a_note(stage: Stage) -> None:
    """A new contact without a change note: asked for; the note alone settles it."""
    first = stage.mail(packed(papers(crews=())), at(6), text=CONTACT)
    changed = Group(form={"contact": "王丽", "mobile": "13900000039"})
    form = f"{changed.stem}_申报表.docx"
    second = stage.mail({form: changed.files()[form]}, at(7), subject="更换联系人", answers=first)
    stage.mail(
        {"变更说明.docx": note("淮河浪花QC小组的联系人由李建国改为王丽。")},
        at(8),
        subject="变更说明",
        answers=second,
    )


def added_without_a_note(stage: Stage) -> None:
    """What was missing is added; nothing that had been said is changed, and no note is wanted."""
    group = Group(form={"postcode": ""})
    files = papers((group,), (), leave=("活动记录",), instead={SUMMARY_QC: summary_qc(filler=40)})
    first = stage.mail(packed(files), at(6), text=CONTACT)
    whole = papers((Group(),), ())
    added = {
        name: file
        for name, file in whole.items()
        if "活动记录" in name or "申报表" in name or name == SUMMARY_QC
    }
    stage.mail(packed(added, "信阳市补正材料.zip"), at(7), subject="补正", answers=first)


def another_sender(stage: Stage) -> None:
    """Somebody else replaces the unit's list: put before staff, not obeyed."""
    groups = (Group(), Group("金点子QC小组", OTHER))
    stage.mail(packed(papers(groups, ())), at(6), text=CONTACT)
    stage.mail(
        {ROLLUP: lists(groups[:1], ()), "变更说明.docx": note("不再推荐金点子QC小组。")},
        at(7),
        sender="someone@other.example",
        text=CONTACT,
    )


# ---- companies themselves ----------------------------------------------------------------


def company_to_the_province(stage: Stage) -> None:
    """It names no unit, then its unit: told how it is meant, never asked for its unit's papers."""
    files = Group(form={"recommender": COMPANY}).files()
    stage.mail(
        packed(files, "淮河精密机械QC小组申报材料.zip"),
        at(6),
        sender="qc@huaihe.example",
        text=CONTACT,
    )


def company_under_its_units_name(stage: Stage) -> None:
    """Only one company's papers came, under the city's name: both readings are told."""
    files = Group().files()
    stage.mail(
        packed(files, "淮河精密机械QC小组申报材料.zip"),
        at(6),
        sender="qc@huaihe.example",
        text=CONTACT,
    )


def city_company(stage: Stage) -> None:
    """The city's own letter, number and address; no unit's papers are wanted here."""
    files = Group().files() | Crew().files()
    stage.mail(files, at(3), sender="qc@huaihe.example", to=CITY)


def city_county_with_two_companies(stage: Stage) -> None:
    """A county office sends for two companies: one letter, each company with its own faults."""
    one, two = Group(), Group("金点子QC小组", OTHER, form={"postcode": ""})
    files = one.files() | two.files()
    stage.mail(packed(files, "浉河区申报材料.zip"), at(3), sender="gxj@shihe.example", to=CITY)


def city_late(stage: Stage) -> None:
    """The city states no consequence: staff decide; the last day itself counts."""
    stage.mail(Group().files(), at(6, 23, 59), sender="qc@huaihe.example", to=CITY)
    other = Group("金点子QC小组", OTHER)
    stage.mail(other.files(), at(7, 0, 0), sender="qc@yunan.example", to=CITY)


SCENES: tuple[Scene, ...] = (
    complete_bundle,
    thirty_companies,
    direct_unit,
    documents_in_several_mails,
    documents_missing,
    each_other_document_missing,
    many_faults,
    papers_that_differ,
    rows_and_forms,
    reviewers_without_certificate,
    an_accident,
    odd_statistics,
    twelve_members,
    loose_files,
    pictures_instead_of_word,
    another_years_form,
    a_bank_slip,
    last_minute,
    late,
    corrected_late,
    quota_just_fits,
    quota_exceeded,
    units_outside_the_tables,
    changed_without_a_note,
    added_without_a_note,
    another_sender,
    company_to_the_province,
    company_under_its_units_name,
    city_company,
    city_county_with_two_companies,
    city_late,
)
