"""The shipped shanxi-2018 forms: told from other campaigns' and from each other."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pytest
from corpus import drawing, shanxi
from papers import Paper

from mailbot.catalogue import shipped_campaigns, spec_sets
from parsers.documents import read_document
from parsers.forms.reader import FormReader
from parsers.model import Form

CAMPAIGN = "shanxi-2018"


@functools.cache
def reader() -> FormReader:
    return FormReader(spec_sets(shipped_campaigns()))


def read(*papers: Paper) -> tuple[Form, ...]:
    return read_document("表.docx", drawing.word(papers), reader()).forms


def printed(kind: str, name: str) -> Paper:
    """A paper of the corpus."""
    (sample,) = [s for s in shanxi.samples() if (s.kind, s.name) == (kind, name)]
    return sample.papers[0]


def retitled(paper: Paper, *title: str) -> Paper:
    """With these lines instead of the annex number and the title."""
    return Paper((*title, paper.head[-1]), paper.rows, paper.foot)


@pytest.mark.parametrize(
    ("answers", "category"),
    [
        ({"award": ["卓越领导者"]}, "leader"),
        ({"award": ["优秀推进者"]}, "promoter"),
        ({"award": None}, "leader"),
    ],
)
def test_two_awards_on_one_form_are_told_by_the_title(
    answers: Mapping[str, object], category: str
) -> None:
    """One printed form serves two categories; unmarked, the first stands and a rule complains."""
    campaign = shipped_campaigns()[CAMPAIGN]
    found = campaign.category_of("person_form.qc", answers.get)
    assert found is not None
    assert found.id == category


def test_every_paper_that_is_asked_for_is_known() -> None:
    """All seven categories are there, each with a form of its own kind or a shared one."""
    campaign = shipped_campaigns()[CAMPAIGN]
    assert {entry.id for entry in campaign.categories} == {
        "qc", "team", "qc_enterprise", "leader", "promoter", "team_enterprise", "individual",
    }  # fmt: skip
    assert campaign.tier(None).deadline("participant_list").last_day.day == 20
    assert campaign.fees.amount("team_enterprise") == 1000


@pytest.mark.parametrize(
    ("kind", "title", "fits"),
    [
        ("qc_form", "优秀质量管理小组成果申报表", True),
        ("qc_form", "2018年度山西省优秀质量管理小组成果申报表", True),
        ("qc_form", "2017年山西省优秀质量管理小组成果申报表", False),
        ("team_form", "2019 年重庆市质量信得过班组申报表", False),
        ("team_form", "山西省2018年质量信得过班组申报表", True),
        ("enterprise_form.qc", "山西省QC小组活动优秀企业申报表", True),
        ("enterprise_form.qc", "陕西省质量管理小组活动优秀企业申报表", False),
        ("enterprise_form.team", "2019年山西省质量信得过班组建设优秀企业申报表", False),
        ("enterprise_form.team", "山西省质量信得过班组建设优秀企业申报表", True),
        ("person_form.team", "河南省质量信得过班组建设先进个人申报表", False),
    ],
)
def test_a_title_tells_the_association_and_the_year(kind: str, title: str, fits: bool) -> None:
    """The same labels under another association's title, or another year's, are not ours."""
    name = "plain"
    (found,) = read(retitled(printed(kind, name), title))
    assert (CAMPAIGN in found.campaigns) is fits
    if fits:
        assert (found.kind, found.foreign) == (kind, "")


def test_the_two_forms_for_companies_are_told_apart_without_title() -> None:
    """推荐 and 推进 are one character apart, yet two forms."""
    for kind in ("enterprise_form.qc", "enterprise_form.team"):
        (found,) = read(retitled(printed(kind, "plain")))
        assert (found.kind, found.title) == (kind, "")


def test_both_titles_left_standing_name_no_award() -> None:
    """Which of the two is meant is not guessed, and nothing was written there."""
    (found,) = read(printed("person_form.qc", "neither title marked"))
    award = found.get("award")
    assert award is not None
    assert (award.value, award.raw, award.doubt) == (None, "", "")


def test_a_short_list_alone_is_no_sure_rollup() -> None:
    """A few columns that any list has do not make the roll-up without its heading."""
    paper = printed_section("三、全省质量管理小组活动优秀企业")
    (headed,) = read(paper)
    assert (headed.kind, headed.campaigns) == ("rollup", (CAMPAIGN,))
    bare = read(Paper((), paper.rows))
    assert all(found.confidence < 0.8 for found in bare)


def printed_section(heading: str) -> Paper:
    (sample,) = [s for s in shanxi.samples() if (s.kind, s.name) == ("rollup", "plain")]
    return next(paper for paper in sample.papers if paper.head[-1] == heading)


def text(file: str, *lines: str) -> list[str]:
    """The kinds found in a document of these lines."""
    data = drawing.word([Paper(lines)])
    return [form.kind for form in read_document(file, data, reader()).read_by(CAMPAIGN).forms]


def test_a_few_names_are_a_list_of_participants() -> None:
    """By title, or by the name of the file; of other texts a few words are none."""
    names = ("太原市质量协会", "贺建平、梁慧")

    assert text("名单.docx", "参会代表名单", *names) == ["participant_list"]
    assert text("参会代表名单.docx", *names) == ["participant_list"]
    assert text("材料.docx", "QC小组成果报告", *names) == []
    assert text("成果报告.docx", *names) == []


@pytest.mark.parametrize(
    "title", ["质量管理小组活动工作总结", "QC小组活动年度工作总结", "工作总结"]
)
def test_the_ways_to_call_the_units_summary(title: str) -> None:
    """As the notice does, or shorter."""
    body = "全年围绕生产难点开展攻关，职工参与踊跃，管理水平不断提高，取得了明显成效。" * 6

    assert text("材料.docx", title, "太原市质量协会", body) == ["summary_qc"]
