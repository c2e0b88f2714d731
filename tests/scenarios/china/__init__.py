"""Scenes of china-machinery-2024: two mailboxes, two roll-ups, no fees, lateness for a person."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from scenarios.china import documents as d
from scenarios.stage import Scene, Stage

CAMPAIGN = "china-machinery-2024"
MAILBOX = "zjzx4950@sina.com"
STORIES = "3532360176@qq.com"
BEIJING = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 9, minute: int = 0, *, second: int = 0, month: int = 7) -> datetime:
    return datetime(2024, month, day, hour, minute, second, tzinfo=BEIJING)


def complete_company(stage: Stage) -> None:
    """A group and a team to the one mailbox, a story to the other: all accepted, nothing to pay."""
    stage.mail({**d.qc_files(), **d.team_files(), **d.shared()}, at(10))
    stage.mail(d.story_files(), at(10, 10), to=STORIES, subject="品牌故事")


def only_the_forms(stage: Stage) -> None:
    """Every other document is missing: asked for at once, each once."""
    stage.mail(
        {
            "附件一.docx": d.qc_form(),
            "附件二.docx": d.team_form(),
            "附件四.docx": d.story_form(),
        },
        at(10),
    )


def many_faults(stage: Stage) -> None:
    """Empty and wrong fields, a row without postcode and grade, a story too long and unticked."""
    files = {**d.qc_files(postcode="50031", mobile="", project_title=""), **d.shared()}
    files["附件三 QC小组汇总表.docx"] = d.rollup_list(d.qc_row(postcode="", grade="3"))
    stage.mail(files, at(10))
    story = d.story_files(
        story_intro="三代工艺员接力攻关。" * 21,
        content_category="□ 品牌战略 □ 品牌体系 □ 品牌传播 □ 风险防范 □ 方法途径 □ 品牌文化",
    )
    stage.mail(story, at(10, 10), to=STORIES, subject="品牌故事")


def answered_step_by_step(stage: Stage) -> None:
    """The report and the statistics are asked for, then mailed as an answer in two mails."""
    files = {**d.qc_files(), **d.shared()}
    report = files.pop("利剑QC小组成果报告.docx")
    figures = files.pop("附件六 统计表.docx")
    first = stage.mail(files, at(10))
    second = stage.mail({"利剑QC小组成果报告.docx": report}, at(11), subject="补正", answers=first)
    stage.mail({"附件六 统计表.docx": figures}, at(12), subject="补正", answers=second)


def corrected_form(stage: Stage) -> None:
    """The team's rate is out of range; the corrected form alone is enough."""
    first = stage.mail({**d.team_files(first_pass_rate="993"), **d.shared()}, at(10))
    stage.mail({"附件二 总装一班.docx": d.team_form()}, at(11), subject="更正", answers=first)


def sent_again(stage: Stage) -> None:
    """All of it once more with other head counts: newest in force, the number stays."""
    stage.mail({**d.team_files(), **d.shared()}, at(10))
    files = {**d.team_files(member_count="17"), **d.shared()}
    files["附件三 班组汇总表.docx"] = d.rollup_list(d.team_row(member_count="17"))
    stage.mail(files, at(12), subject="更新材料")


def last_minute(stage: Stage) -> None:
    """30 July, 23:59:59, is in time."""
    stage.mail({**d.qc_files(), **d.shared()}, at(30, 23, 59, second=59))


def late(stage: Stage) -> None:
    """A second later a person decides, for the notice names no consequence."""
    stage.mail({**d.qc_files(), **d.shared()}, at(31))


def corrected_late(stage: Stage) -> None:
    """Begun in time, put right in August: never declined, a person decides."""
    files = {**d.qc_files(), **d.shared()}
    report = files.pop("利剑QC小组成果报告.docx")
    first = stage.mail(files, at(29))
    stage.mail({"利剑QC小组成果报告.docx": report}, at(2, month=8), subject="补正", answers=first)


def everything_to_one_mailbox(stage: Stage) -> None:
    """The story in the wrong box is taken all the same; the sender is told."""
    stage.mail({**d.qc_files(), **d.shared(), **d.story_files()}, at(10))


def to_both_mailboxes(stage: Stage) -> None:
    """One mail addressed to both is in its place, and so is the answer to our letter."""
    files = {**d.qc_files(), **d.shared(), **d.story_files()}
    text = files.pop("故事内容.docx")
    first = stage.mail(files, at(10), to=f"{MAILBOX}, {STORIES}")
    stage.mail({"故事内容.docx": text}, at(11), subject="补正", answers=first)


def mixed_rollup(stage: Stage) -> None:
    """Groups and teams in one table: one request to part them, no more."""
    files = {**d.qc_files(), **d.team_files(), **d.shared()}
    del files["附件三 班组汇总表.docx"], files["附件三 QC小组汇总表.docx"]
    files["附件三 汇总表.docx"] = d.rollup_list(d.qc_row(), d.team_row())
    stage.mail(files, at(10))


def rollup_as_sheet(stage: Stage) -> None:
    """附件三 is to be a Word file; the spreadsheet is read but sent back for."""
    files = {**d.qc_files(), **d.shared()}
    del files["附件三 QC小组汇总表.docx"]
    files["附件三 QC小组汇总表.xlsx"] = d.rollup_sheet(d.qc_row())
    stage.mail(files, at(10))


def names_differ(stage: Stage) -> None:
    """Company, group and head count differ between form and roll-up: shown side by side."""
    files = {**d.qc_files(), **d.shared()}
    files["附件三 QC小组汇总表.docx"] = d.rollup_list(
        d.qc_row(group_name="利箭QC小组", company="东岭动力机械公司", member_count="10")
    )
    first = stage.mail(files, at(10))
    right = d.rollup_list(d.qc_row())
    stage.mail({"附件三 QC小组汇总表.docx": right}, at(11), subject="补正", answers=first)


def company_put_right(stage: Stage) -> None:
    """The form itself bears the wrong company; put right, it is the same item of the same unit."""
    files = {**d.qc_files(company="东岭动力机械公司"), **d.shared()}
    first = stage.mail(files, at(10))
    stage.mail({"附件一 利剑QC小组.docx": d.qc_form()}, at(11), subject="补正", answers=first)


def too_many_first_class(stage: Stage) -> None:
    """Two of three rows first class fit 50 % rounded up; three of four are one too many."""
    names = ("攻坚", "晨曦", "启航", "匠心")
    for grades, when, sender in (("112", at(10), "a"), ("1112", at(11), "b")):
        company = f"{sender.upper()}星电机有限公司"
        files: d.Files = {
            "附件五 工作总结.docx": d.summary_text(company),
            "附件六 统计表.docx": d.statistics(company=company),
        }
        rows = []
        for name, grade in zip(names, grades, strict=False):
            files |= {
                f"附件一 {name}QC小组.docx": d.qc_form(group_name=f"{name}QC小组", company=company),
                f"{name}QC小组成果报告.docx": d.qc_report(f"{name}QC小组"),
            }
            rows.append(d.qc_row(group_name=f"{name}QC小组", company=company, grade=grade))
        files["附件三 汇总表.docx"] = d.rollup_list(*rows)
        stage.mail(files, when, sender=f"{sender}@company.example")


def form_of_hunan(stage: Stage) -> None:
    """The team's form of a province's own notice is not this year's national one."""
    files = {**d.team_files(), **d.shared()}
    del files["附件二 总装一班.docx"]
    files["附件二 总装一班.docx"] = d.word(
        [
            d.Paper(
                tuple(
                    line.replace("全国机械工业", "湖南省机械工业") for line in d.team_paper().head
                ),
                d.team_paper().rows,
                d.team_paper().foot,
            )
        ]
    )
    stage.mail(files, at(10))


def paid_for_nothing(stage: Stage) -> None:
    """A bank slip lies in the mail, though nothing is to be paid."""
    slip = d.word([d.Paper(("网上银行电子回执", "付款人：东岭动力机械有限公司", "金额：500.00元"))])
    stage.mail({**d.team_files(), **d.shared(), "缴费回单.docx": slip}, at(10))


def bundle_of_a_province(stage: Stage) -> None:
    """An association sends two companies at once, each with a group of the same name.

    One dossier, one letter with the fault of each; a corrected form alone and the story of a
    third company find their way into it.
    """
    unit, first, second = "河东省机械工业联合会", "东岭动力机械有限公司", "海川电机股份有限公司"
    name = "创新QC小组"
    files: d.Files = {}
    for company, postcode in ((first, ""), (second, "710075")):
        values = {"group_name": name, "company": company, "postcode": postcode}
        files[f"{company}/附件一.docx"] = d.qc_form(**values)
        files[f"{company}/{name}成果报告.docx"] = d.qc_report(f"{company} {name}")
    files |= {
        f"{second}/附件二.docx": d.team_form(company=second),
        f"{second}/总装一班创建材料.docx": d.team_text(),
        "附件三 QC小组.docx": d.rollup_list(
            d.qc_row(group_name=name), d.qc_row(group_name=name, company=second, grade="2")
        ),
        "附件三 信得过班组.docx": d.rollup_list(d.team_row(company=second)),
        "附件五 工作总结.docx": d.summary_text(unit),
        "附件六 统计表.docx": d.statistics(company=unit),
    }
    sender = "mishuchu@hedong.example"
    bundle = stage.mail({"河东省申报材料.zip": d.packed(files)}, at(20), sender=sender)
    form = d.qc_form(group_name=name, company=first)
    stage.mail({"附件一.docx": form}, at(22), sender=sender, subject="补正", answers=bundle)
    story = d.story_files(company="北山重型机器有限公司")
    stage.mail(story, at(23), sender=sender, to=STORIES, subject="品牌故事")


def picture_of_the_rollup(stage: Stage) -> None:
    """附件三 is to be a Word file: a photograph of it is not one."""
    files = {**d.qc_files(), **d.shared()}
    del files["附件三 QC小组汇总表.docx"]
    files["附件三 QC小组汇总表.jpg"] = d.picture()
    stage.mail(files, at(10))


def picture_of_a_form(stage: Stage) -> None:
    """Nothing is said of the format of the other papers: a person looks at the picture."""
    files = {**d.team_files(), **d.shared()}
    del files["附件二 总装一班.docx"]
    files["附件二 总装一班.jpg"] = d.picture()
    stage.mail(files, at(10))


def written_in_their_own_way(stage: Stage) -> None:
    """Full-width figures, units behind numbers, 无 for none, a landline left out: all in order."""
    files = {
        **d.team_files(
            postcode="０５００３１", phone="", complaints_per_year="无", accidents_per_year="零",
            member_count="十六人", first_pass_rate="99.3％", training_people_hours="16人，48学时",
            mobile="139-0000-0021", email="linjg＠dongling.example",
        ),
        **d.shared(),
        "附件六 统计表.docx": d.statistics(
            benefit_total="9860万元", benefit_year="7,354,000元", spending_team="无",
            training_times_people="8次/560人", email_or_qq="800012345",
        ),
    }  # fmt: skip
    stage.mail(files, at(10))


def doubtful_values(stage: Stage) -> None:
    """0.98 under a percent sign is not scaled, a rate of 0.5 is asked about, never guessed."""
    files = {
        **d.team_files(first_pass_rate="0.98", work_completion_rate="大于99"),
        **d.shared(),
    }
    stage.mail(files, at(10))


def question(stage: Stage) -> None:
    """What belongs in which mailbox, and what must be a Word file, stands in the answer."""
    stage.mail({}, at(8), to=STORIES, subject="咨询", text="请问今年的申报材料怎样报送？")


SCENES: tuple[Scene, ...] = (
    complete_company,
    only_the_forms,
    many_faults,
    answered_step_by_step,
    corrected_form,
    sent_again,
    last_minute,
    late,
    corrected_late,
    everything_to_one_mailbox,
    to_both_mailboxes,
    mixed_rollup,
    rollup_as_sheet,
    names_differ,
    company_put_right,
    too_many_first_class,
    form_of_hunan,
    paid_for_nothing,
    bundle_of_a_province,
    picture_of_the_rollup,
    picture_of_a_form,
    written_in_their_own_way,
    doubtful_values,
    question,
)
