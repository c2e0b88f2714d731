"""Scenes of hunan-2026: companies apply for themselves, fees are due, lateness is declined."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import printed
from letters import team_papers

from scenarios.hunan import documents as d
from scenarios.stage import Scene, Stage

CAMPAIGN = "hunan-2026"
MAILBOX = "hnjxzlgl@163.com"
BEIJING = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, second, tzinfo=BEIJING)


def complete_team(stage: Stage) -> None:
    """Everything in one mail: accepted with a number."""
    stage.mail(team_papers(), at(10))


def summary_comes_later(stage: Stage) -> None:
    """The summary is asked for, mailed as an answer, and nothing else is asked again."""
    papers = team_papers()
    papers.pop("附件五 工作总结.docx")
    first = stage.mail(papers, at(10))
    stage.mail({"附件五 工作总结.docx": printed.summary()}, at(11), subject="补正", answers=first)


def a_group_a_team_and_a_story(stage: Stage) -> None:
    """Three items in one archive: three numbers, the fee of two, the third's not stated."""
    files = {
        **d.whole_team(),
        "附件一 飞跃QC小组.docx": d.qc_form(),
        "附件三 汇总表.docx": d.rollup({}, {"group_name": d.GROUP, "member_count": "10"}),
        "附件四 推荐表.docx": d.story_form(),
    }
    stage.mail({"申报材料.zip": d.packed(files)}, at(10))


def only_the_forms(stage: Stage) -> None:
    """Every other document is missing: asked for at once, each once; the story's text is not."""
    stage.mail(
        {
            "附件一.docx": d.qc_form(),
            "附件二.docx": d.team_form(),
            "附件四.docx": d.story_form(),
        },
        at(10),
    )


def many_faults(stage: Stage) -> None:
    """Fields, ticks, length, roll-up, period and outline, each with place and cure."""
    files = {
        **d.whole_team(postcode="41020", email="zhou", complaints_per_year="无数", contact=""),
        "附件三 汇总表.docx": d.rollup({"phone": "", "member_count": "11"}),
        "附件四 推荐表.docx": d.story_form(
            story_intro="装配班组守护每一颗螺栓。" * 17, brand_type="", speaker_mobile=""
        ),
        "附件六 统计表.docx": d.statistics(registered_year_qc="410", penetration_rate="178.5"),
        "附件五 工作总结.docx": d.summary(lines=4),
    }
    stage.mail(files, at(10))


def last_minute(stage: Stage) -> None:
    """15 July, 23:59:59, is in time."""
    stage.mail(d.whole_team(), at(15, 23, 59, 59))


def late(stage: Stage) -> None:
    """A second later the notice itself says what follows."""
    stage.mail(d.whole_team(), at(16))


def corrected_late(stage: Stage) -> None:
    """Begun in time, put right afterwards: a person decides; nothing is declined."""
    files = d.whole_team(postcode="")
    first = stage.mail(files, at(14))
    stage.mail({"附件二 冲压一班.docx": d.team_form()}, at(17), subject="补正", answers=first)


def faulty_after_the_deadline(stage: Stage) -> None:
    """What is still missing after the deadline is asked for, but who may still mend it is open."""
    files = d.whole_team()
    text = files.pop("冲压一班创建材料.docx")
    figures = files.pop("附件六 统计表.docx")
    first = stage.mail(files, at(14))
    second = stage.mail({"冲压一班创建材料.docx": text}, at(16), subject="补正", answers=first)
    stage.mail({"附件六 统计表.docx": figures}, at(17), subject="补正", answers=second)


def sent_again(stage: Stage) -> None:
    """A newer form after acceptance: it is in force, the number stays."""
    stage.mail(d.whole_team(), at(10))
    stage.mail(
        {"附件二 冲压一班.docx": d.team_form(team_leader="吴夏生")}, at(12), subject="更新班组长"
    )


def renamed(stage: Stage) -> None:
    """A corrected form under another name is the same item; the roll-up now lags behind."""
    first = stage.mail(d.whole_team(), at(10))
    second = stage.mail(
        {"附件二 成果表.docx": d.team_form(team_name="冲压甲班")},
        at(12),
        subject="班组更名",
        answers=first,
    )
    stage.mail(
        {"附件三 汇总表.docx": d.rollup({"group_name": "冲压甲班"})},
        at(13),
        subject="补正",
        answers=second,
    )


def form_of_another_year(stage: Stage) -> None:
    """The team filled in the form of 2024: this year's is asked for, nothing else."""
    files = {**d.whole_team(), "附件二 冲压一班.docx": d.earlier_team_form()}
    first = stage.mail(files, at(10))
    stage.mail({"附件二 冲压一班.docx": d.team_form()}, at(11), subject="补正", answers=first)


def names_differ(stage: Stage) -> None:
    """Company and team are written differently: shown side by side."""
    files = {
        **d.whole_team(),
        "附件三 汇总表.docx": d.rollup({"group_name": "冲压二班"}),
        "附件六 统计表.docx": d.statistics(company="湘江重工有限公司"),
    }
    stage.mail(files, at(10))


def row_without_form(stage: Stage) -> None:
    """The roll-up lists a group whose form never came."""
    files = {**d.whole_team(), "附件三 汇总表.docx": d.rollup({}, {"group_name": d.GROUP})}
    stage.mail(files, at(10))


def scan_instead_of_form(stage: Stage) -> None:
    """Only a scan of the team's form: an editable file is asked for; with it all is well."""
    files = d.whole_team()
    form = files.pop("附件二 冲压一班.docx")
    first = stage.mail({**files, "附件二 冲压一班.jpg": d.scan()}, at(10))
    stage.mail({"附件二 冲压一班.docx": form}, at(11), subject="补正", answers=first)


def damaged_file(stage: Stage) -> None:
    """One file is broken: it is asked for again by its name, and not as missing."""
    files = {**d.whole_team(), "附件六 统计表.docx": d.statistics()[:2000]}
    stage.mail(files, at(10))


def paid_in_advance(stage: Stage) -> None:
    """A bank slip is for staff to match; the letter still names the account."""
    stage.mail({**d.whole_team(), "汇款回单.docx": d.slip("500.00")}, at(10))


def another_sender(stage: Stage) -> None:
    """A colleague replaces what was sent: a person looks before it counts."""
    stage.mail(d.whole_team(), at(10))
    stage.mail(
        {"附件二 冲压一班.docx": d.team_form(member_count="15")},
        at(12),
        sender="ligong@company.example",
        subject="更正",
    )


def two_companies(stage: Stage) -> None:
    """One mail for two companies: a dossier each, one letter with what each lacks."""
    first = d.whole_team()
    second = d.whole_team(team_name="装配二班", company="湘潭精工机械有限公司")
    files = {f"湘江重工/{name}": content for name, content in first.items()}
    files |= {
        f"湘潭精工/{name}": content for name, content in second.items() if "统计表" not in name
    }
    stage.mail({"两家材料.zip": d.packed(files)}, at(10))


def one_list_for_two_companies(stage: Stage) -> None:
    """Each is judged by its own rows of the one list, and still is when it writes again."""
    other = "湘潭精工机械有限公司"
    files = d.team_files() | d.team_files(team_name="装配二班", company=other)
    files["附件三 汇总表.docx"] = d.rollup(
        {"group_name": d.TEAM}, {"group_name": "装配二班", "company": other}
    )
    files |= {f"湘江重工{name}": content for name, content in d.shared().items()}
    files |= {f"湘潭精工{name}": data for name, data in d.shared(other).items() if "总结" in name}
    stage.mail(files, at(10))
    stage.mail({"附件六 统计表.docx": d.statistics(company=other)}, at(11))


def nothing_attached(stage: Stage) -> None:
    """The attachment was forgotten, and a question was asked."""
    stage.mail({}, at(10), text="申报材料见附件，请查收。")
    stage.mail({}, at(10, 11), subject="咨询", text="请问质量管理小组的评审费是多少？")


SCENES: tuple[Scene, ...] = (
    complete_team,
    summary_comes_later,
    a_group_a_team_and_a_story,
    only_the_forms,
    many_faults,
    last_minute,
    late,
    corrected_late,
    faulty_after_the_deadline,
    sent_again,
    renamed,
    form_of_another_year,
    names_differ,
    row_without_form,
    scan_instead_of_form,
    damaged_file,
    paid_in_advance,
    another_sender,
    two_companies,
    one_list_for_two_companies,
    nothing_attached,
)
