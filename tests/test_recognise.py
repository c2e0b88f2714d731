"""Titles and label sets: which form this is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from drawn import content, grid
from filledforms import ROLLUP_HEADER, ROLLUP_TITLE, hunan, rollup_row, spec, story, team

from parsers.forms.cells import View
from parsers.forms.formindex import FormIndex
from parsers.forms.reader import FormReader
from parsers.forms.recognise import Candidate, candidate, label_ratio, recognise, words_of
from parsers.forms.titles import FormTitle, TitleBook, TitleMatch, fold_title, years_of
from parsers.model import Line
from parsers.spec import FieldSpec, FormSpec, SpecSet


def _candidates() -> list[Candidate]:
    return [
        candidate("hunan-2026", (2025, 2026), FormIndex(form))
        for form in hunan().forms
        if form.layout != "text"
    ]


def _title(kind: str) -> FormTitle:
    return FormTitle(next(form for form in hunan().forms if form.kind == kind), (2025, 2026))


def _match(kind: str, title: str) -> tuple[float, str]:
    found = _title(kind).match(fold_title(title))
    return (found.rank, found.foreign) if found else (0.0, "")


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("附件二：《湖南省成果表》", "湖南省成果表"),
        ("附件3.1：\n山西省 申 报 表", "山西省申报表"),
        ("附件 10 推荐汇总表", "推荐汇总表"),
        ("☑某省优秀推进者 □", "某省优秀推进者"),
        ("[√]某省优秀推进者（□）申报表", "某省优秀推进者申报表"),
        ("2025－2026 年度工作总结", "2025-2026年度工作总结"),
    ],
)
def test_a_title_is_folded(printed: str, folded: str) -> None:
    """Annex number, 《》, boxes, blanks and width go; years stay."""
    assert fold_title(printed) == folded


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("2025-2026年度工作总结", (2025, 2026)),
        ("2025-26年度工作总结", (2025, 2026)),
        ("2024年度成果表", (2024,)),
        ("成果表(2024年)", (2024,)),
        ("统计表(2023年7月~2024年6月)", ()),
        ("成果表", ()),
    ],
)
def test_years_of_a_title(title: str, years: tuple[int, ...]) -> None:
    """A bracketed period of months is not the title's year."""
    assert years_of(title) == years


@pytest.mark.parametrize(
    ("kind", "title", "rank"),
    [
        ("team_form", "湖南省机械工业优秀质量信得过班组成果表", 1),
        ("team_form", "2026年湖南省机械工业优秀质量信得过班组成果表", 1),
        ("team_form", "湖南省机械工业优秀质量信得过班组成果表（填报表）", 1),
        ("team_form", "优秀质量信得过班组成果表", 1),
        ("team_form", "湖南机械工业优秀质量信得过班组成果表", 0.9),
        ("team_form", "湖南省机械工业优秀质量信得过班组成呆表", 0.9),
        ("stats_both", "湖南省机械工业群众性质量管理活动概况统计表(2023年7月~2024年6月)", 1),
        ("summary_both", "2025-2026年度湖南省机械工业群众性质量管理活动工作总结", 1),
        ("summary_both", "2025年度湖南省机械工业群众性质量管理活动工作总结", 1),
        ("rollup", "成果推荐汇总表", 1),
        ("rollup", "湘江重工推荐汇总表", 0.85),
        ("team_form", "湖南省机械工业优秀质量管理小组成果表", 0),
        ("team_form", "班组安全生产责任书", 0),
    ],
)
def test_titles_of_ours(kind: str, title: str, rank: float) -> None:
    """Equal, shortened, misprinted; or none of ours."""
    assert _match(kind, title) == (rank, "")


@pytest.mark.parametrize(
    ("title", "rank"),
    [
        ("质量管理小组活动总结", 1),
        ("星城市质量管理小组活动总结", 0.85),
        ("星城市2025年质量管理小组活动总结", 0.85),
        ("星城市2019年质量管理小组活动总结", 0.5),
        ("星城市质量管理小组活动总结表", 0),
        ("星城市年度总结", 0),
    ],
)
def test_a_text_whose_title_names_nobody_may_name_its_unit(title: str, rank: float) -> None:
    """A place in front of it is the unit's, not another association's."""
    text = spec("summary", title="质量管理小组活动总结", titles=["年度总结"], layout="text")
    found = FormTitle(text, (2025, 2026)).match(fold_title(title))

    assert (found.rank if found else 0) == rank


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("team_form", "湖北省机械工业优秀质量信得过班组成果表"),
        ("team_form", "全国机械工业优秀质量信得过班组成果表"),
        ("team_form", "化工行业优秀质量信得过班组成果表"),
        ("story_form", "湖北省质量文化品牌故事推荐表"),
        ("rollup", "全国优秀质量管理小组推荐汇总表"),
        ("team_form", "2024年度湖南省机械工业优秀质量信得过班组成果表"),
        ("team_form", "2027年湖南省机械工业优秀质量信得过班组成果表"),
        ("summary_both", "2024-2025年度湖南省机械工业群众性质量管理活动工作总结"),
        ("summary_both", "2026-2027年度群众性质量管理活动工作总结"),
    ],
)
def test_foreign_titles_say_why(kind: str, title: str) -> None:
    """Another association or another year, in words that name it."""
    rank, foreign = _match(kind, title)

    assert 0 < rank <= 0.5
    assert title[:4] in foreign


@pytest.mark.parametrize(
    "line",
    [
        "请填写《湖南省机械工业优秀质量信得过班组成果表》（附件二）、《成果推荐汇总表》（附件三）。",
        "附件：1. 表；2. 表",
        "表",
        "",
    ],
)
def test_a_sentence_is_no_title(line: str) -> None:
    """However many titles it names."""
    assert TitleBook([form.title for form in _candidates()]).find(line) == {}


def test_labels_make_the_form() -> None:
    """Of all forms, its own shows the largest share of labels."""
    forms = _candidates()
    for table, kind in ((team(), "team_form"), (story(), "story_form")):
        words = words_of([View(table)])
        best = max(forms, key=lambda form: label_ratio(form, words))
        assert best.spec.kind == kind


def test_a_title_alone_is_no_form() -> None:
    """Neither in a notice nor on a cover."""
    forms = _candidates()
    titles = TitleBook([form.title for form in forms]).find(
        "湖南省机械工业优秀质量信得过班组成果表"
    )

    assert titles
    assert (
        recognise(forms, words_of([Line(text="电话：1"), Line(text="各有关企业：")]), titles)
        is None
    )


def test_labels_without_title_need_to_be_many() -> None:
    """Six labels in ten, and four at least."""
    forms = _candidates()

    assert recognise(forms, words_of([View(team())]), {}) is not None
    assert recognise(forms, {"企业名称", "联系人", "手机"}, {}) is None


def test_a_strange_title_over_known_labels_is_for_a_person() -> None:
    """The labels fit, the title does not."""
    verdict = recognise(_candidates(), words_of([View(team())]), {}, strange_title=True)

    assert verdict is not None
    assert verdict.confidence < 0.8


def test_a_company_may_put_its_name_before_any_of_our_titles() -> None:
    """Also before a wording that does not end as the form's family does."""
    form = FormSpec(
        kind="summary_qc", title="协会2019年小组活动工作总结", titles=("小组活动总结",),
        family="小组活动工作总结", layout="text",
    )  # fmt: skip
    title = FormTitle(form, (2019,))
    found = title.match(fold_title("湘江重工装备有限公司2019年小组活动总结"))
    assert found is not None
    assert (found.rank, found.foreign) == (0.9, "")
    assert title.match(fold_title("某某省小组活动总结")) is None


def test_a_list_that_another_campaign_calls_another_kind_is_read_for_both() -> None:
    """Nothing but the campaign, known later, tells which of them it is."""
    own = next(form for form in hunan().forms if form.kind == "rollup")
    theirs = own.model_copy(update={"kind": "rollup.qc"})
    sets = [hunan(), SpecSet(campaign="sister-2024", years=(2024,), forms=(theirs,))]
    table = grid([ROLLUP_HEADER, rollup_row(1, "冲压一班"), rollup_row(2, "总装二班")])
    for title in ("成果推荐汇总表", ""):
        (form,) = FormReader(sets).read(content(*filter(None, [title]), table), "表.docx")
        (other,) = form.others
        assert (form.kind, form.campaigns) == ("rollup", ("hunan-2026",))
        assert (other.kind, other.campaigns) == ("rollup.qc", ("sister-2024",))
        assert form.confidence >= 0.8
        assert form.read_by("sister-2024") is other
        assert form.read_by("hunan-2026") is form
        assert form.read_by("third-2020") is form


def test_a_title_of_one_campaign_leaves_no_other_kind() -> None:
    """Its own prefix decides."""
    own = next(form for form in hunan().forms if form.kind == "rollup")
    theirs = own.model_copy(
        update={"kind": "rollup.qc", "title": "全国优秀成果汇总表", "titles": ()}
    )
    sets = [hunan(), SpecSet(campaign="sister-2024", years=(2024,), forms=(theirs,))]
    table = grid([ROLLUP_HEADER, rollup_row(1, "冲压一班")])
    (form,) = FormReader(sets).read(content(ROLLUP_TITLE, table), "表.docx")
    assert (form.kind, form.campaigns, form.others) == ("rollup", ("hunan-2026",), ())


def _sheets(*campaigns: tuple[str, Sequence[str]]) -> list[Candidate]:
    """A sheet of the same title and kind in several campaigns, each with its own labels."""
    return [
        candidate(
            name,
            (2025,),
            FormIndex(
                spec(
                    "stats",
                    *(FieldSpec(key=f"f{n}", label=label) for n, label in enumerate(labels)),
                    title="小组活动统计表",
                )
            ),
        )
        for name, labels in campaigns
    ]


_COMMON = [
    "登记注册小组数",
    "小组普及率",
    "活动经费投入",
    "活动奖励费用",
    "联系人",
    "通信地址",
    "邮政编码",
]


@pytest.mark.parametrize(
    ("labels", "campaigns"),
    [
        ([*_COMMON, "交流会时间", "参会人数"], ("one",)),
        ([*_COMMON, "交流会时间"], ("one", "other")),
        ([*_COMMON, "交流会时间", "参会人数", "所属区县"], ("one", "other")),
        ([*_COMMON, "所属区县"], ("other",)),
    ],
)
def test_under_one_title_labels_of_its_own_tell_a_campaign_s_form(
    labels: list[str], campaigns: tuple[str, ...]
) -> None:
    """Two that the other one does not have, and none of the other's own."""
    forms = _sheets(
        ("other", [*_COMMON, "所属区县"]), ("one", [*_COMMON, "交流会时间", "参会人数"])
    )
    titles = {number: TitleMatch(1.0) for number in range(2)}
    verdict = recognise(forms, words_of([Line(text=label, where="") for label in labels]), titles)

    assert verdict is not None
    assert set(verdict.campaigns) == set(campaigns)


def test_a_label_shows_itself_with_its_value_behind_a_blank() -> None:
    """The cell has no other place for the value."""
    assert {"参会人数", "手机"} <= words_of(
        [Line(text="参会人数 95", where=""), Line(text="手 机 13900000001", where="")]
    )
