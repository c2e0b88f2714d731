"""Scenes of chongqing-2019: companies for themselves, an association for its companies."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from corpus import chongqing, henan
from corpus.drawing import word
from officefiles import archive
from papers import Box, Paper

from scenarios.chongqing import builders as b
from scenarios.stage import Scene, Stage

CAMPAIGN = "chongqing-2019"
MAILBOX = "cqszlxh@126.com"
BEIJING = ZoneInfo("Asia/Shanghai")
FORM, REPORT = "附件2 启航QC小组申报表.docx", "启航QC小组成果报告.docx"
SUMMARY, STATISTICS = "附件3 质量管理小组活动工作总结.docx", "附件4 质量管理小组活动统计表.docx"
ROLLUP = "附件5 质量管理小组推荐表.docx"
TEAM_FORM, TEAM_TEXT = "附件6 总装一班申报表.docx", "总装一班创建材料.docx"
TEAM_SUMMARY = "附件7 质量信得过班组活动总结.docx"
TEAM_STATISTICS = "附件8 质量信得过班组活动统计表.docx"
TEAM_ROLLUP = "附件9 质量信得过班组推荐表.docx"


def at(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2019, 5, day, hour, minute, second, tzinfo=BEIJING)


def without(files: b.Files, *names: str) -> b.Files:
    return {name: content for name, content in files.items() if name not in names}


# ---- complete -----------------------------------------------------------------------------


def complete_group(stage: Stage) -> None:
    """Everything for a group in one mail: accepted with a number."""
    stage.mail(b.qc_papers(), at(20))


def complete_team(stage: Stage) -> None:
    """Everything for a team in one mail: accepted with a number."""
    stage.mail(b.team_papers(), at(20))


def group_and_team_in_an_archive(stage: Stage) -> None:
    """One file with both: two numbers."""
    files = {**b.qc_papers(), **b.team_papers()}
    stage.mail({"巴渝精密申报材料.zip": archive(files)}, at(20))


def opinions_at_the_end_of_the_report(stage: Stage) -> None:
    """小组成果资料须附审查意见: in the same file. The project was registered too early."""
    report = b.report(
        b.GROUP,
        "2017年12月28日",
        "五、审查意见",
        "财务部：情况属实。质量管理部：数据真实。技术中心：措施有效。",
        "六、评审意见",
        "选题恰当，程序严谨，同意推荐。评委：张广林 何英",
    )
    files = without(b.qc_papers(), "启航QC小组审查意见.docx", "启航QC小组评审意见.docx")
    stage.mail({**files, REPORT: report}, at(20))


# ---- incomplete and faulty ------------------------------------------------------------------


def nothing_but_the_forms(stage: Stage) -> None:
    """Everything else is asked for at once; what comes by post is not."""
    stage.mail({FORM: b.qc_form(), TEAM_FORM: b.team_form()}, at(20))


def papers_in_three_mails(stage: Stage) -> None:
    """Each answer says what has come and what still lacks."""
    papers = b.qc_papers()
    first = stage.mail({FORM: papers.pop(FORM), REPORT: papers.pop(REPORT)}, at(13))
    later = {name: papers.pop(name) for name in (SUMMARY, STATISTICS, ROLLUP)}
    second = stage.mail(later, at(15), subject="补充材料", answers=first)
    stage.mail(papers, at(16), subject="审查意见、评审意见和证书", answers=second)


def several_faults_corrected(stage: Stage) -> None:
    """Every fault with its place in one letter; then all are put right."""
    row = b.group_row(group_name="启航小组", project_type="QC型", member_count="5", benefit="很多")
    judges = [b.reviewer(1, certificate_no="", mobile="1390000003")]
    files = {
        **b.qc_papers(postcode="4000", mobile="", district="", member_count="4"),
        STATISTICS: b.stats_qc(email="deng#bayu", success_rate_qc="九成以上"),
        ROLLUP: b.rollup_qc(row, reviewers=judges),
    }
    first = stage.mail(files, at(20))
    right = {name: b.qc_papers()[name] for name in (FORM, STATISTICS, ROLLUP)}
    stage.mail(right, at(21), subject="回复：补正通知", answers=first)


def what_only_staff_need_to_see(stage: Stage) -> None:
    """Differences and figures that hold up nobody stand in the tick list alone."""
    files = {
        **b.team_papers(member_count="11", contact="邓佳宁", district="重庆市江北区"),
        TEAM_SUMMARY: b.summary_team(length=799),
        TEAM_STATISTICS: b.stats_team(
            teams_year="90",
            teams_recommended="2",
            district="渝北区",
            recommender="巴渝精密机械公司",
        ),
        TEAM_ROLLUP: b.rollup_team(district="江北"),
    }
    stage.mail(files, at(20))


def roll_up_and_forms_differ(stage: Stage) -> None:
    """A team without row, a row without form, a name misspelt, a row too many."""
    rows = [
        b.team_row(team_name="总装1班"),
        b.team_row(team_name="拉丝三班", team_leader="王平"),
    ]
    files = {
        **b.team_papers(),
        "附件6 调试班申报表.docx": b.team_form(team_name="调试班", team_leader="谭秋月"),
        "调试班创建材料.docx": b.team_text("调试班"),
        TEAM_ROLLUP: b.rollup_team(*rows),
    }
    stage.mail(files, at(20))


def text_too_long(stage: Stage) -> None:
    """5001 字 are one too many, 5000 are not."""
    first = stage.mail({**b.team_papers(), TEAM_TEXT: b.team_text(length=5001)}, at(20))
    stage.mail({TEAM_TEXT: b.team_text(length=5000)}, at(21), answers=first)


def six_points_on_the_form(stage: Stage) -> None:
    """They may stand in the cell that says 另附纸; the summary lacks a part, for staff."""
    points = "\n".join(f"{n}、本班组这一方面的情况和做法如下，详实可查。" for n in range(1, 7))
    files = without(b.team_papers(team_intro=points), TEAM_TEXT)
    summary = b.text(
        "2019年开展质量信得过班组活动总结",
        "一、基本情况",
        "全年质量信得过班组活动工作开展情况总体平稳，年度重点工作任务全部完成。" * 9,
        "二、推进经验和做法",
        "推行班前五分钟质量讲评的特色做法，一次合格率提高，效果明显。" * 20,
    )
    stage.mail({**files, TEAM_SUMMARY: summary}, at(21))


def accident(stage: Stage) -> None:
    """One accident on the form: a person decides, the sender is told that it arrived."""
    stage.mail(b.team_papers(accidents_per_year="1"), at(20))


# ---- time -----------------------------------------------------------------------------------


def last_second(stage: Stage) -> None:
    """23 日前 includes the day, until 24:00."""
    stage.mail(b.qc_papers(), at(23, 23, 59, 59))


def one_second_late(stage: Stage) -> None:
    """No consequence is stated: staff decide, no number is given, nothing is declined."""
    stage.mail(b.qc_papers(), at(24, 0))


def corrected_after_the_deadline(stage: Stage) -> None:
    """Begun in time, so the late correction is for staff."""
    first = stage.mail(b.qc_papers(postcode=""), at(23))
    stage.mail({FORM: b.qc_form()}, at(25), subject="补正", answers=first)


def sent_again_with_changes(stage: Stage) -> None:
    """Accepted stays accepted, with its number; a mail from elsewhere is not obeyed."""
    first = stage.mail(b.team_papers(), at(15))
    stage.mail({TEAM_FORM: b.team_form(fax="023-67500104")}, at(16), answers=first)
    stage.mail(
        {TEAM_FORM: b.team_form(contact="司马文")},
        at(17),
        subject="更换联系人",
        sender="someone@elsewhere.example",
    )


# ---- other forms ------------------------------------------------------------------------------


def last_years_form(stage: Stage) -> None:
    """The form of 2018: this year's is asked for, and nothing else besides."""
    old = chongqing.qc({**chongqing.QC["plain"], "member_count": "4"})
    head = ("附件 2", "2018 年重庆市优秀质量管理小组申报表", *old.head[2:])
    files = {**b.qc_papers(), FORM: word([Paper(head, old.rows, old.foot)])}
    stage.mail(files, at(20))


def another_associations_form(stage: Stage) -> None:
    """The form of another province, then the right one."""
    theirs = next(s for s in henan.samples() if s.kind == "team_form")
    paper = (
        theirs.papers[0]
        .replaced(str(theirs.values["team_name"]), Box("总装一班", 5))
        .replaced(str(theirs.values["company"]), Box(b.COMPANY, 5))
    )
    first = stage.mail({**b.team_papers(), TEAM_FORM: word([paper])}, at(20))
    stage.mail({TEAM_FORM: b.team_form()}, at(21), answers=first)


def scans(stage: Stage) -> None:
    """A scan beside the Word file is of no account; of a list or report the file is asked for."""
    files = {
        **without(b.qc_papers(), ROLLUP, REPORT, "启航QC小组审查意见.docx"),
        "附件2 启航QC小组申报表（盖章扫描件）.jpg": b.picture(250),
        "启航QC小组审查意见.jpg": b.picture(245),
        "附件5 推荐表.jpg": b.picture(240),
        "启航QC小组成果报告.jpg": b.picture(235),
    }
    first = stage.mail(files, at(20))
    stage.mail({ROLLUP: b.rollup_qc(), REPORT: b.report()}, at(21), answers=first)


def stamped_form_as_a_scan_only(stage: Stage) -> None:
    """The notice asks for no editable form: a person reads it, nobody is asked again."""
    files = {
        **without(b.qc_papers(), FORM),
        "附件2 启航QC小组申报表（盖章）.jpg": b.picture(250),
    }
    first = stage.mail(files, at(20))
    stage.mail({FORM: b.qc_form()}, at(21), subject="申报表电子版", answers=first)


def lists_in_other_formats(stage: Stage) -> None:
    """Word is asked for: a workbook is asked for again."""
    sample = next(s for s in chongqing.samples() if s.kind == "rollup.qc" and s.name == "plain")
    book = b.workbook_of(sample)
    stage.mail({**without(b.qc_papers(), ROLLUP), "附件5 推荐表.xlsx": book}, at(20))


# ---- associations -----------------------------------------------------------------------------


def association_for_its_companies(stage: Stage) -> None:
    """One mail, one dossier, one answer for groups of three companies; two are in order.

    What a company has written for itself beside the association's papers changes nothing.
    """
    papers = {**b.association_papers(), "巴渝公司工作总结.docx": b.summary_qc()}
    stage.mail(papers, at(20), sender="mishu@xiehui.example")


def association_completes(stage: Stage) -> None:
    """What lacked comes in a second mail of the association."""
    papers = b.association_papers()
    lists = {name: papers.pop(name) for name in list(papers) if name.startswith("协会")}
    first = stage.mail(lists, at(14), sender="mishu@xiehui.example", subject="推荐表等")
    stage.mail(papers, at(15), sender="mishu@xiehui.example", subject="申报材料", answers=first)


def question(stage: Stage) -> None:
    """A mail without papers is answered with what to send, how and until when."""
    stage.mail({}, at(10), subject="咨询", text="请问申报质量信得过班组需要交哪些材料？")


SCENES: tuple[Scene, ...] = (
    complete_group,
    complete_team,
    group_and_team_in_an_archive,
    opinions_at_the_end_of_the_report,
    nothing_but_the_forms,
    papers_in_three_mails,
    several_faults_corrected,
    what_only_staff_need_to_see,
    roll_up_and_forms_differ,
    text_too_long,
    six_points_on_the_form,
    accident,
    last_second,
    one_second_late,
    corrected_after_the_deadline,
    sent_again_with_changes,
    last_years_form,
    another_associations_form,
    scans,
    stamped_form_as_a_scan_only,
    lists_in_other_formats,
    association_for_its_companies,
    association_completes,
    question,
)
