"""Scenes of shanxi-2018: cities and industries recommend, one bundle for many companies."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from officefiles import archive

from scenarios.shanxi import documents as d
from scenarios.stage import Scene, Stage

CAMPAIGN = "shanxi-2018"
MAILBOX = "sxaq001@126.com"
PICTURE = b"\xff\xd8\xff\xe0" + b"scan" * 200
BEIJING = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 9, minute: int = 0, *, second: int = 0) -> datetime:
    return datetime(2018, 6, day, hour, minute, second, tzinfo=BEIJING)


def _two_groups() -> d.Files:
    return {**d.group_files(), **d.group_files(d.HAOLI)}


def _two_rows() -> list[d.Row]:
    return [d.group_row(), d.group_row(d.HAOLI, seq="2")]


def complete_bundle(stage: Stage) -> None:
    """Two groups of two companies, a team, and one of each other award: all accepted, one reply."""
    promoter = {"name": "令狐雪", "gender": "女", "post": "质量主管"}
    stage.mail(
        {
            **_two_groups(),
            **d.team_files(),
            **d.enterprise_files(),
            **d.person_files("leader"),
            **d.person_files("promoter", **promoter),
            **d.team_enterprise_files(),
            **d.individual_files(),
            **d.unit_files(
                totals={"groups": "9", "teams": "4"},
                groups=_two_rows(),
                teams=[d.team_row()],
                qc_enterprises=[
                    {"seq": "1", "company": d.ROLLING, "contact": "贺建平", "phone": "0351-3000101"}
                ],
                leaders=[d.person_row()],
                promoters=[d.person_row(name="令狐雪", post="质量主管")],
                individuals=[d.individual_row()],
                presenters=[d.presenter_row()],
            ),
        },
        at(5),
        subject="太原市推荐材料",
    )


def _bundle() -> d.Files:
    """One group, one team and the unit's papers, all in order."""
    return {
        **d.group_files(),
        **d.team_files(),
        **d.unit_files(groups=[d.group_row()], teams=[d.team_row()]),
    }


def _without(files: d.Files, *words: str) -> d.Files:
    return {name: file for name, file in files.items() if not any(word in name for word in words)}


def only_the_forms(stage: Stage) -> None:
    """Every other document is missing: each is asked for once, with the group or person it is of."""
    files = {
        **d.group_files(),
        **d.team_files(),
        **d.enterprise_files(),
        **d.person_files("leader"),
        **d.team_enterprise_files(),
        **d.individual_files(),
    }
    stage.mail({name: file for name, file in files.items() if "申报表" in name}, at(5))


def answered_in_two_mails(stage: Stage) -> None:
    """The report and the unit's papers come later; each reply shows what is still missing."""
    files = _bundle()
    first = stage.mail(_without(files, "报告", "汇总表", "统计表", "年度"), at(5))
    report = {name: file for name, file in files.items() if "报告" in name or "年度" in name}
    second = stage.mail(report, at(6), subject="补报", answers=first)
    rest = {name: file for name, file in files.items() if "汇总表" in name or "统计表" in name}
    stage.mail(rest, at(7), subject="补报", answers=second)


def many_faults(stage: Stage) -> None:
    """Empty and wrong values, texts too long, implausible figures, another period: all at once."""
    beichen = d.group(postcode="03000", contact="", project_type="", member_count="3")
    team = {**d.TEAM, "work_completion_rate": "995", "accidents_per_year": "1", "leader_age": ""}
    reviewers = [{**d.REVIEWERS[0], "certificate_no": ""}]
    files = {
        **d.group_files(beichen),
        **d.team_files(team),
        **d.unit_files(
            groups=[d.group_row(beichen, project_title="")],
            teams=[d.team_row(team, team_leader="武刚")],
            totals={"groups": "12", "teams": "4"},
            reviewers=reviewers,
        ),
        "附件9 活动统计表.docx": d.statistics(
            registered_total_qc="860",
            penetration_rate="146.5",
            period="2016年6月1日——2017年5月31日",
        ),
        "QC小组活动年度工作总结.wps": d.summary(length=2900),
    }
    stage.mail(files, at(5))


def names_that_differ(stage: Stage) -> None:
    """Company, group, type of project, leaders: each difference side by side."""
    registered = d.group(
        company="晋阳重型轧机公司",
        group_name="北辰QC小祖",
        project_type="创新",
        leader_name="任小东",
    )
    files = {
        **_bundle(),
        "北辰QC小组注册登记表.docx": d.registration(registered),
        "附件10 推荐汇总表.wps": d.roll_up(
            groups=[d.group_row()],
            teams=[d.team_row(team_name="压力校验一班", company="并州仪表公司")],
            presenters=[d.presenter_row(group_name="北辰QC小组", project_type="服务")],
        ),
    }
    stage.mail(files, at(5))


def last_minute(stage: Stage) -> None:
    """10 June, 23:59:59, is in time though it is a Sunday."""
    stage.mail(_bundle(), at(10, 23, 59, second=59))


def late(stage: Stage) -> None:
    """A second later staff decide, for the notice states no consequence."""
    stage.mail(_bundle(), at(11, 0))


def corrected_after_the_deadline(stage: Stage) -> None:
    """Begun in time, the missing registration comes late: a person decides, nobody is refused."""
    files = _bundle()
    first = stage.mail(_without(files, "注册登记表"), at(9))
    found = {name: file for name, file in files.items() if "注册登记表" in name}
    stage.mail(found, at(12), subject="补正", answers=first)


def _leaders(*names: str) -> d.Files:
    made: d.Files = {}
    for name in names:
        made |= d.person_files("leader", name=name)
    rows = [d.person_row(name=name) for name in names]
    return {**made, **d.unit_files(leaders=rows, recommended="0")}


def quota_fits(stage: Stage) -> None:
    """The city has places for two leaders; two come, the second a day later."""
    stage.mail(_leaders("侯振华"), at(5))
    stage.mail(_leaders("侯振华", "裴红梅"), at(6), subject="增补一名")


def quota_exceeded(stage: Stage) -> None:
    """Three new ones do not fit into two places: the unit is asked which to keep."""
    stage.mail(_leaders("侯振华", "裴红梅", "史玉兰"), at(5))


def one_more_than_accepted(stage: Stage) -> None:
    """Two are accepted and keep their places; the third is asked about."""
    stage.mail(_leaders("侯振华", "裴红梅"), at(5))
    stage.mail(_leaders("侯振华", "裴红梅", "史玉兰"), at(6), subject="再增补一名")


def _for_unit(unit: str, *, teams: int = 0, leaders: int = 0, head: str = "") -> d.Files:
    """A bundle of another unit."""
    made: d.Files = {}
    names = [f"压力校验{number}班" for number in "一二三四五六七八"[:teams]]
    rows = []
    for name in names:
        team = {**d.TEAM, "recommender": head or unit, "team_name": name}
        made |= d.team_files(team)
        rows.append(d.team_row(team))
    people = [{**d.PERSON, "recommender": head or unit, "name": n} for n in ("侯振华", "裴红梅")]
    for person in people[:leaders]:
        made |= d.person_files("leader", person)
    made |= d.unit_files(
        unit=unit,
        teams=rows,
        leaders=[d.person_row(person) for person in people[:leaders]],
        recommended=str(teams),
    )
    made["附件9 活动统计表.docx"] = d.statistics(recommender=unit, teams_recommended=str(teams))
    return made


def starred_industry(stage: Stage) -> None:
    """Building materials may send one to five teams; of leaders the notice says nothing for it."""
    stage.mail(_for_unit("建材行业", teams=5, leaders=1), at(5), sender="jc@jiancai.example")


def starred_industry_with_six(stage: Stage) -> None:
    """Six teams are one too many."""
    stage.mail(_for_unit("建材", teams=6), at(5), sender="jc@jiancai.example")


def own_decision_and_empty_cell(stage: Stage) -> None:
    """The union decides itself how many teams (自定); its cell for leaders is empty: staff decide."""
    stage.mail(_for_unit("省总工会", teams=7, leaders=1), at(5), sender="gh@gonghui.example")


def unknown_industry(stage: Stage) -> None:
    """等行业 leaves the list open: a unit in no table is for staff."""
    stage.mail(_for_unit("黄金行业质协", teams=1), at(5), sender="hj@huangjin.example")


def unit_in_the_roll_up_only(stage: Stage) -> None:
    """Forms without the unit at their head, one with another city's: the roll-up says whose it is."""
    files = _bundle()
    files["北辰QC小组申报表.docx"] = d.group_form(d.group(recommender=""))
    files["压力校验班申报表.docx"] = d.team_form({**d.TEAM, "recommender": "大同市"})
    files["附件10 推荐汇总表.wps"] = d.roll_up(
        unit="太原市质协", groups=[d.group_row()], teams=[d.team_row()]
    )
    stage.mail(files, at(5))


def namesakes(stage: Stage) -> None:
    """Two companies have a group of one name; each gets its own documents and row."""
    other = d.group(d.HAOLI, group_name="北辰QC小组")
    files = {
        **{f"轧机/{name}": file for name, file in d.group_files().items()},
        **{f"仪表/{name}": file for name, file in d.group_files(other).items()},
        **d.unit_files(groups=[d.group_row(), d.group_row(other, seq="2")], recommended="0"),
    }
    stage.mail({"太原市推荐材料.zip": archive(files)}, at(5))


def presenters(stage: Stage) -> None:
    """A team presents that is not nominated, two where there is one place; staff see the records."""
    files = {
        **_bundle(),
        "附件10 推荐汇总表.wps": d.roll_up(
            groups=[d.group_row()],
            teams=[d.team_row()],
            presenters=[d.presenter_row()],
            team_presenters=[
                {"seq": "1", "company": d.METERS, "team_name": "压力校验班", "project_title": "零差错",
                 "presenter": "梁慧"},
                {"seq": "2", "company": d.METERS, "team_name": "装配三班", "project_title": "争先锋",
                 "presenter": "靳伟"},
            ],
        ),
    }  # fmt: skip
    stage.mail(files, at(5))


def award_left_open(stage: Stage) -> None:
    """附件6 serves two awards; with both titles standing the unit is asked, then the form comes again."""
    person = {**d.PERSON, "name": "令狐雪", "gender": "女", "post": "质量主管"}
    files = {
        **d.person_files("promoter", person),
        **d.unit_files(promoters=[d.person_row(person)], recommended="0"),
    }
    files["令狐雪优秀推进者申报表.docx"] = d.person_form("", person)
    first = stage.mail(files, at(5))
    again = {"令狐雪优秀推进者申报表.docx": d.person_form("promoter", person)}
    stage.mail(again, at(6), subject="更正", answers=first)


def last_years_form(stage: Stage) -> None:
    """附件7 carries its year; last year's is asked for anew."""
    files = {
        **d.team_enterprise_files(),
        **d.unit_files(recommended="0"),
    }
    (name,) = (name for name in files if "申报表" in name)
    files[name] = d.last_years_enterprise()
    stage.mail(files, at(5))


def sent_again_by_another(stage: Stage) -> None:
    """The newest version counts; when it comes from another address staff look first."""
    stage.mail(_bundle(), at(5))
    newer = d.group(member_count="6", members="贺建平、常丽、郝志国、段小雷、苗青")
    files = {
        "北辰QC小组申报表.docx": d.group_form(newer),
        "北辰QC小组注册登记表.docx": d.registration(newer),
    }
    stage.mail(files, at(6), subject="更新材料")
    stage.mail(
        {"北辰QC小组申报表.docx": d.group_form(d.group(contact="常丽"))},
        at(7),
        sender="chang@jinyang.example",
        subject="更正联系人",
    )


def scans(stage: Stage) -> None:
    """A report as a picture is asked for as a text; a stamped page as a scan is no fault."""
    files = _without(_bundle(), "报告")
    files["北辰QC小组成果报告.jpg"] = PICTURE
    files["盖章页扫描件.jpg"] = PICTURE + b" "
    stage.mail(files, at(5))


def company_on_its_own(stage: Stage) -> None:
    """A company mails its form without a unit: staff find out which city it belongs to."""
    stage.mail(d.group_files(d.group(recommender="")), at(5), sender="he@jinyang.example")


def participants(stage: Stage) -> None:
    """The list of participants has its own last day; late it is noted and holds nobody up."""
    stage.mail(_bundle(), at(5))
    listed = {"参会代表名单.docx": d.text("参会代表名单", "太原市质量协会", "贺建平、梁慧")}
    stage.mail(listed, at(20, 17), subject="参会代表名单")
    newer = {"参会代表名单.docx": d.text("参会代表名单", "太原市质量协会", "贺建平、梁慧、常丽")}
    stage.mail(newer, at(21), subject="参会代表名单（更新）")


def fee_slip(stage: Stage) -> None:
    """A slip of the transfer is filed for staff to match."""
    stage.mail({**_bundle(), "交流活动费汇款回单.jpg": PICTURE}, at(5))


SCENES: tuple[Scene, ...] = (
    complete_bundle,
    only_the_forms,
    answered_in_two_mails,
    many_faults,
    names_that_differ,
    last_minute,
    late,
    corrected_after_the_deadline,
    quota_fits,
    quota_exceeded,
    one_more_than_accepted,
    starred_industry,
    starred_industry_with_six,
    own_decision_and_empty_cell,
    unknown_industry,
    unit_in_the_roll_up_only,
    namesakes,
    presenters,
    award_left_open,
    last_years_form,
    sent_again_by_another,
    scans,
    company_on_its_own,
    participants,
    fee_slip,
)
