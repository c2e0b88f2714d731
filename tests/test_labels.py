"""Labels and names made comparable, and labels found in a text."""

from __future__ import annotations

import pytest
from filledforms import hunan
from hypothesis import given
from hypothesis import strategies as st

from parsers.forms.folding import fold
from parsers.forms.labelindex import LabelIndex
from parsers.forms.labels import normalise_label, normalise_name
from parsers.spec import FieldSpec


def _index(
    *labels: str | tuple[str, str], vocabulary: tuple[str, ...] = (), place: str = "right"
) -> LabelIndex:
    pairs = [(entry, "text") if isinstance(entry, str) else entry for entry in labels]
    fields = [
        FieldSpec.model_validate({"key": f"k{n}", "label": label, "type": kind, "place": place})
        for n, (label, kind) in enumerate(pairs)
    ]
    return LabelIndex(fields, frozenset(vocabulary))


@pytest.mark.parametrize(
    ("printed", "core"),
    [
        ("质量信得过 班组名称", "质量信得过班组名称"),
        ("QC 小组名称", "QC小组名称"),
        ("QC小组名称\n（前面写全单位名称）", "QC小组名称"),
        ("企业名称 (公章为准)", "企业名称"),
        ("单位名称\n（以公章为准）", "单位名称"),
        ("* 单位名称", "单位名称"),
        ("手 机：", "手机"),
        ("邮\u3000编", "邮编"),
        ("邮\u00a0箱:", "邮箱"),
        ("班组工作完成 率 %", "班组工作完成率"),
        ("产品/服务一次合格率％", "产品/服务一次合格率"),
        ("质量成本（万元/年）", "质量成本"),
        ("经济效益\n（万元）", "经济效益"),
        ("质量信得过班组简介及创建活动结果（另附材料）：", "质量信得过班组简介及创建活动结果"),
        ("故事主要 特色简介 200字以内", "故事主要特色简介"),
        ("课题名称 (简写)", "课题名称"),
        ("推荐部门意见（签字）", "推荐部门意见"),
        ("本年度QC小组普及率＝参加QC小组人数/职工总数×100%", "本年度QC小组普及率"),
        ("QC 小组 (信组) 名称", "QC小组(信组)名称"),
        ("1. 企业名称：", "企业名称"),
        ("**邮编**", "邮编"),
        ("联系方式：手机", "联系方式:手机"),
        ("企业推荐\n等级 1、2", "企业推荐等级1、2"),
    ],
)
def test_a_label_is_reduced_to_its_core(printed: str, core: str) -> None:
    """Blanks, width, stars, numbers, colons, remarks, formulas and units go."""
    assert normalise_label(printed) == core


def test_a_formula_is_cut_but_a_value_behind_the_sign_is_not() -> None:
    """本年度普及率=98% holds a value."""
    assert normalise_label("本年度普及率 = 参加人数/职工总数 × 100%") == "本年度普及率"
    assert normalise_label("本年度普及率=98%") != "本年度普及率"


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Of what has been reduced, nothing more can be reduced by blanks."""
    core = normalise_label(text)

    assert normalise_label(f" {core} ") == normalise_label(core)
    assert not any(c.isspace() for c in core)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("湘江重工（集团）有限公司", "湘江重工(集团) 有限公司"),
        ("“飞跃”QC小组", '"飞跃" qc 小组'),
        ("「飞跃」小组", "『飞跃』小组"),
        ("飞跃【一】班", "飞跃（一）班"),
        ("ＱＣ小组", "QC小组"),
    ],
)
def test_names_are_compared_without_their_typography(one: str, other: str) -> None:
    """Width, blanks, brackets, quotes, case."""
    assert normalise_name(one) == normalise_name(other)


def test_different_names_stay_different() -> None:
    """One character is enough."""
    assert normalise_name("湘江重工一班") != normalise_name("湘江重工二班")


def _cores(index: LabelIndex, text: str) -> list[str]:
    return [hit.core for hit in index.find(text)]


def test_several_labels_in_one_text() -> None:
    """Each with the place where its value begins."""
    index = _index("联系人姓名", "手机", "部门职务")
    text = "联系人姓名：张 三   手 机：139 0000 0001；部门职务："
    hits = index.find(text)

    ends = [*(hit.start for hit in hits[1:]), len(text)]
    assert [text[hit.end : end].strip(" ；") for hit, end in zip(hits, ends, strict=True)] == [
        "张 三",
        "139 0000 0001",
        "",
    ]


def test_the_longest_label_wins() -> None:
    """联系电话 is not 电话 behind 联系."""
    index = _index(("电话", "phone"), ("联系电话", "phone"), "通信地址、邮编", ("邮编", "postcode"))

    assert _cores(index, "联系电话：1 电话：2") == ["联系电话", "电话"]
    assert _cores(index, "通信地址、邮编：长沙") == ["通信地址、邮编"]


def test_a_word_before_a_label_may_make_it_another_one() -> None:
    """办公电话 is unknown here, and not the person's 电话."""
    assert _cores(_index(("传真", "fax"), "姓名"), "姓名：张三 移动传真：1") == ["姓名"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话会议系统改造", False),
        ("请拨打电话 联系", False),
        ("电话 0731-88880000", True),
        ("电话0731-88880000", True),
        ("电话：", True),
        ("电话", True),
    ],
)
def test_a_label_needs_what_may_follow_it(text: str, *, found: bool) -> None:
    """A colon, the end, or a value of its type."""
    assert bool(_index(("电话", "phone")).find(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("直接联系人人", True),
        ("直接联络人", True),
        ("直接联系", False),
        ("直联络人", False),
        ("联系入", False),
        ("直接联系人8", False),
    ],
)
def test_one_wrong_character_is_forgiven_in_long_labels(text: str, *, found: bool) -> None:
    """From five characters on, and one only."""
    assert (_index("直接联系人", "联系人").whole(text) is not None) is found


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("企业推荐事迹介绍", "企业推进事迹介绍"),
        ("小组人数总计", "班组人数总计"),
        ("本年度推荐班组数", "本年度推进班组数"),
    ],
)
def test_a_misprint_never_leads_onto_another_label(known: str, text: str) -> None:
    """One character makes them different things."""
    assert _index(known).whole(text) is None


def test_a_digit_behind_a_label_is_its_value_and_no_misprint() -> None:
    """One character too many that is a figure was written by the applicant."""
    (hit,) = _index(("交流班组数", "integer")).find("交流班组数 8")
    assert (hit.whole, hit.end) == (False, 5)


def test_a_label_known_elsewhere_is_no_misprint() -> None:
    """The vocabulary holds the labels of all forms."""
    assert _index("成员分工情况").whole("成员分工状况") is not None
    assert _index("成员分工情况", vocabulary=("成员分工状况",)).whole("成员分工状况") is None


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("邮编", "邮政编码"),
        ("手机", "手机号码"),
        ("邮箱", "E-mail"),
        ("企业名称", "企业名称（全称）"),
        ("人数", "人数（含组长）"),
    ],
)
def test_other_words_for_the_same_thing(label: str, typed: str) -> None:
    """Which any such form may use."""
    assert _index(label).whole(typed) is not None


def test_other_words_give_way_to_a_label_of_their_own() -> None:
    """Where both are printed, each is itself."""
    index = _index(("电话", "phone"), ("联系电话", "phone"))

    assert index.whole("联系电话").core == "联系电话"  # type: ignore[union-attr]
    assert index.cores["联系电话"] == (1,)


@given(st.text(max_size=30))
def test_folding_keeps_the_way_back(text: str) -> None:
    """Each character knows where it stood."""
    folded = fold(text)

    assert len(folded.at) == len(folded.text) + 1
    assert list(folded.at) == sorted(folded.at)
    assert folded.at[-1] == len(text)


@given(st.sampled_from([form for form in hunan().forms if form.layout != "text"]), st.data())
def test_every_printed_label_is_known_in_its_own_form(form: object, data: st.DataObject) -> None:
    """With colon, blanks and full width, exactly."""
    fields = [field for field in form.fields if field.type != "period"]  # type: ignore[attr-defined]
    field = data.draw(st.sampled_from(fields))
    label = data.draw(st.sampled_from(field.labels))
    hit = LabelIndex(fields).whole(f" {' '.join(label)}：")

    assert hit is not None
    assert hit.core == normalise_label(label).casefold()


def test_behind_a_tab_a_label_may_be_glued_to_its_value() -> None:
    """What was the next cell of a lost table is no part of the value before it."""
    index = _index(
        ("通信地址、邮编：", "address_postcode"), ("邮箱或QQ：", "email_or_qq"), place="foot"
    )
    text = "通信地址、邮编：麓谷大道99号 410205\t邮箱或 QQzhou@xiang.cn"

    hits = index.find(text, loose=True)

    assert [hit.core for hit in hits] == ["通信地址、邮编", "邮箱或qq"]
    assert text[hits[1].end :] == "zhou@xiang.cn"
