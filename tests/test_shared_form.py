"""A notice with one form for five categories, each with days, papers, places and fees of its own.

A company applies for itself; the tick tells the category. The campaign is data alone
(``tests/sixth/lingxi-2023``), written from its notice as ``docs/campaigns.md`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from corpus.drawing import word
from desk import SETTINGS, Desk, asked, decisions, findings
from papers import Box, L, Paper, workbook
from scenarios.stage import Stage

from mailbot.catalogue import read_campaign, spec_sets
from parsers.forms.reader import FormReader
from rules.notice.campaign import Campaign

CAMPAIGN = read_campaign(Path(__file__).parent / "sixth" / "lingxi-2023")
KNOWN = {CAMPAIGN.id: CAMPAIGN}
READER = FormReader(spec_sets(KNOWN))
ADDRESS = CAMPAIGN.mailboxes[0].address
COMPANY = "岚山机床股份有限公司"
QC, SITE = "质量管理小组", "现场管理"
NAMES = [category.name for category in CAMPAIGN.categories]
PASSAGE = "小组针对问题收集数据，查找要因，制定对策并逐项实施，效果明显，做法已纳入标准。" * 8


@pytest.fixture
def stage() -> Stage:
    """An office that knows this campaign and no other."""
    return office(CAMPAIGN)


def office(campaign: Campaign) -> Stage:
    settings = replace(
        SETTINGS, from_address=ADDRESS, own_addresses=frozenset({ADDRESS}), account=ADDRESS
    )
    return Stage(
        ADDRESS, desk=Desk(campaigns={campaign.id: campaign}, reader=READER, settings=settings)
    )


def at(month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2023, month, day, hour, minute, second, tzinfo=ZoneInfo("Asia/Shanghai"))


def form(title: str, ticked: Sequence[str], **v: str) -> Paper:
    """附件1: two labels a row, boxes, several figures in one cell, a figure in brackets."""
    boxes = " ".join(f"{'☑' if name in ticked else '□'}{name}" for name in NAMES)
    days = f"立项：{v.get('begun', '2021年3月1日')}  结题：{v.get('ended', '2022年11月30日')}"
    safety = v.get("safety", "无")
    rows = [
        (L("成果名称"), Box(title), L("申报类别"), Box(boxes)),
        (L("申报单位（盖章）"), Box(COMPANY), L("统一社会信用代码"), Box("91880000MA00000X1A")),
        (L("单位性质"), Box("☑国有 □民营 □外资 □其他"), L("是否会员"), Box("☑是 □否")),
        (L("通讯地址"), Box("岭西省云州市工业路3号"), L("邮政编码"), Box("588001")),
        (L("联系人"), Box("施蓝"), L("移动电话"), Box("13900000201")),
        (L("电子邮箱"), Box("sl@lanshan.example"), L("团队人数"), Box("8人")),
        (L("项目起止时间"), Box(days), L("项目负责人"), Box("郁青")),
        (
            L("近三年事故情况"),
            Box(f"质量事故 0 起  安全事故 {safety} 起  环保事故 无 起", across=3),
        ),
        (Box(f"成果摘要（300字以内）\n{PASSAGE[:120]}", across=4),),
        (Box("（经济效益： 35.6 万元/年）", across=4),),
        (Box("单位意见：　　（盖章）　　年　月　日", across=4),),
    ]
    return Paper(head=("附件1", "2023年岭西省质量创新成果申报表"), rows=tuple(rows))


def listed(*rows: tuple[str, str], total: int | None = None) -> bytes:
    """附件2: a worksheet with a header of two rows, its total, and the list of presenters."""
    made = [
        (Box(str(number)), Box(title), Box(category), Box("8"), Box("郁青"), Box("施蓝"),
         Box("13900000201"), Box("sl@lanshan.example"))
        for number, (title, category) in enumerate(rows, start=1)
    ]  # fmt: skip
    first = Paper(
        head=("申报汇总表", f"申报单位：{COMPANY}　　填表人：施蓝　　联系电话：0888-5550199",
              "一、申报成果"),
        rows=(
            (L("序号", 1, 2), L("成果名称", 1, 2), L("类别", 1, 2), L("团队", 2), L("联系人", 3)),
            tuple(map(L, ("人数", "负责人", "姓名", "手机", "邮箱"))),
            *made,
            (Box(f"合计：{total or len(rows)} 项", across=8),),
        ),
    )  # fmt: skip
    second = Paper(
        head=("二、发布人名单",),
        rows=(
            tuple(map(L, ("序号", "成果名称", "发布人", "性别", "手机"))),
            *(
                (Box("1"), Box(title), Box("温雅"), Box("女"), Box("13900000202"))
                for title, _ in rows
            ),
        ),
    )
    return workbook(Sheet1=[first, second])


def groups(*titles: str) -> dict[str, bytes]:
    """Everything for some groups."""
    files = {"汇总表.xlsx": listed(*((title, QC) for title in titles)), **promise()}
    for title in titles:
        files[f"{title}申报表.docx"] = word([form(title, [QC])])
        files[f"{title}成果报告.docx"] = word([Paper(head=(f"{title}成果报告", PASSAGE))])
    return files


def site(ticked: Sequence[str] = (SITE,), **v: str) -> dict[str, bytes]:
    """Everything for the management of a shop floor."""
    points = ("项目背景", "现状调查", "原因分析", "改进措施", "实施效果", "推广应用")
    lines = [line for point in points for line in (point, PASSAGE)]
    return {
        "申报表.docx": word([form("精益现场", ticked, **v)]),
        "精益现场案例.docx": word([Paper(head=("精益现场案例正文", *lines))]),
        "汇总表.xlsx": listed(("精益现场", SITE)),
        **promise(),
    }


def promise() -> dict[str, bytes]:
    said = "我单位承诺所报材料真实有效，如有虚假愿承担责任。"
    return {"诚信承诺书.docx": word([Paper(head=("诚信承诺书", said, COMPANY))])}


@pytest.mark.parametrize(
    ("when", "decision"),
    [(at(5, 15, 16, 59, 59), "accepted"), (at(5, 15, 17), "declined"), (at(6, 30), "declined")],
)
def test_the_hour_of_a_category_is_its_end(stage: Stage, when: datetime, decision: str) -> None:
    """17时: a group is late, and the reply says of which hour."""
    outcome = stage.mail(groups("降低主轴温升"), when)

    assert decisions(outcome) == {"降低主轴温升": decision}
    assert outcome.reply is not None
    assert ("2023年5月15日17:00截止" in outcome.reply.text) is (decision == "declined")
    assert "联系人：方老师" in outcome.reply.text


def test_the_words_of_the_day_that_passed_are_quoted() -> None:
    """Where one clause sets several days, a refusal cites none of the others."""
    (tier,) = CAMPAIGN.tiers
    days = [day.model_copy(update={"clause": "四"}) for day in reversed(tier.deadlines)]
    tiers = (tier.model_copy(update={"deadlines": tuple(days)}),)
    outcome = office(CAMPAIGN.model_copy(update={"tiers": tiers})).mail(groups("甲"), at(5, 16))

    assert outcome.reply is not None
    assert "通知原文：“质量管理小组、质量信得过班组于2023年5月15日17时前报送”" in outcome.reply.text


def test_another_category_has_its_own_day(stage: Stage) -> None:
    """The shop floor may come in June; figures with their labels in one cell are all read."""
    outcome = stage.mail(site(), at(6, 30, 23, 59))

    assert decisions(outcome) == {"精益现场": "accepted"}
    assert outcome.reply is not None
    text = outcome.reply.text
    assert all(words in text for words in ("LX2023-0001", "环保事故：0 起", "35.6 万元/年"))


def test_without_a_tick_nothing_is_declined(stage: Stage) -> None:
    """It may be of a category whose day is still to come; the tick is asked for until then."""
    outcome = stage.mail(site(ticked=()), at(6, 1))

    assert decisions(outcome) == {"精益现场": "supplement"}
    assert ("field.choice", "award") in asked(outcome)
    assert outcome.reply is not None
    assert "2023年6月30日24:00 前送达" in outcome.reply.text
    assert "已过" not in outcome.reply.text


def test_days_outside_the_notice_are_named(stage: Stage) -> None:
    """Begun too early, closed too late; an accident is for staff."""
    changed = site(begun="2020年12月31日", ended="2023年1月1日", safety="1")
    found = findings(stage.mail(changed, at(6, 1)))
    messages = [finding.message for finding in found if finding.code == "eligibility.date"]

    assert [("早于" in text, "晚于" in text) for text in messages] == [(True, False), (False, True)]
    assert "eligibility.accident" in {finding.code for finding in found}


def test_a_company_keeps_three_of_four(stage: Stage) -> None:
    """Asked once for all, answered in words; the answer is told once, too."""
    asking = stage.mail(groups("甲项目", "乙项目", "丙项目", "丁项目"), at(5, 8))
    assert set(decisions(asking).values()) == {"supplement"}

    answer = "保留“甲项目”“乙项目”“丙项目”。"
    kept = stage.mail({}, at(5, 9), subject="回复", text=answer, answers=asking)

    assert kept.reply is not None
    assert kept.reply.text.count("此前的要求") == 1
    assert kept.reply.text.count("受理编号：LX2023-") == 3
