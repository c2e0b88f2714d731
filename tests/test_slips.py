"""Slips of those who write a campaign for the first time: each is told with place and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.notice.complaints import Complaint, Rejected
from rules.notice.loader import load_campaign

FOLDER = Path(__file__).parent / "sixth" / "jianghai-2027"
FILES = {entry.name: entry.read_bytes() for entry in FOLDER.iterdir()}
RATIO = """\
check = "ratio"
rollup = "rollup"
table = "nominees"
column = "item_category"
value = "小组"
percent = 50
"""
TOGETHER = """\
check = "together"
kind = "team_form"
name = "质量"
fields = ["team_leader", "mobile"]
when = "activities"
marked = "六西格马"
"""
MAIN, FORMS, TABLE = "campaign.toml", "forms.toml", "quota.csv"


def slip(file: str, old: str, new: str) -> tuple[int, tuple[Complaint, ...]]:
    """The line of the slip, and what is said of it."""
    source = FILES[file].decode()
    assert old in source
    with pytest.raises(Rejected) as caught:
        load_campaign({**FILES, file: source.replace(old, new, 1).encode()})
    return source[: source.index(old)].count("\n") + 1, caught.value.complaints


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "words"),
    [
        # words of the schema, with the nearest one
        (MAIN, "late =", "lat =", "tier.deadlines.lat", "是否想写 late"),
        (MAIN, '"either"', '"eiter"', "tier.applicant", "是否想写 either"),
        (MAIN, '"unlimited"', '"nolimit"', "quota.special.meaning", "是否想写 unlimited"),
        (MAIN, '"outline"', '"outlines"', "rule.check", "是否想写 outline"),
        (MAIN, '"human.stamp"', '"human.stamps"', "rule.code", "是否想写 human.stamp"),
        (MAIN, 'formats = ["xlsx"', 'formats = ["excel"', "rule.formats", "xlsx、xls、et"),
        (FORMS, 'must = "sense"', 'must = "应填"', "form.fields.must", "stated、sense、optional、hand"),
        (FORMS, 'place = "head"', 'place = "above"', "form.fields.place", "head、foot"),
        # how things are written
        (MAIN, 'id = "jianghai-2027"', 'id = "江海"', "id", "小写半角字母、数字和连字符"),
        (MAIN, 'id = "case"', 'id = "Case"', "category.id", "小写半角字母"),
        (MAIN, "jhfz-tj@", "jhfz-tj＠", "mailbox.address", "@ 用半角"),
        (MAIN, "2027-06-18", "2027-6-18", "", "应写作 2027-06-18"),
        (MAIN, "2027-06-18", "2027年6月18日", "", "应写作 2027-06-18"),
        (MAIN, 'name = "秦老师"', "name = “秦老师”", "", "全角符号 “ ”"),
        (MAIN, '"汇款", ', '"汇款"，', "", "全角符号 ，"),
        (MAIN, "2027-06-18", "2027-06-31", "", "没有 2027-06-31 这一天"),
        (MAIN, "last_day = 2027-06-18", "last_day = 2027-06-18\nuntil = 17:00", "", "写在引号内"),
        (MAIN, "last_day = 2027-06-18", 'last_day = 2027-06-18\nuntil = "17时"',
         "tier.deadlines.until", '如 "17:30"'),
        (MAIN, "last_day = 2027-06-18", 'last_day = 2027-06-18\ncategories = ["qcc"]',
         "tier.deadlines.categories", "是否想写 qc"),
        (MAIN, '"2026-01-01"', '"2026-02-30"', "rule.day", "现为“2026-02-30”"),
        (MAIN, '"2026-04"', '"2026年4月"', "rule.first", '如 "2026-04"'),
        (MAIN, "amount = 800", 'amount = "800元"', "fees.amounts.amount", "应为整数"),
        # names of things that are not there
        (MAIN, 'kinds = ["participant_list"]\nlate', 'kinds = ["list"]\nlate', "tier.deadlines.kinds",
         "participant_list"),
        (MAIN, '["recommender", ', '["recomender", ', "tier.unit_fields", "是否想写 recommender"),
        (MAIN, 'table = "quota.csv"', 'table = "quotas.csv"', "quota.table", "是否想写 quota.csv"),
        (MAIN, '"participants_qc"', '"participant_qc"', "rule.pairs", "是否想写 participants_qc"),
        (MAIN, 'total = "item_total"', 'total = "total"', "rule.total", "是否想写 item_total"),
        (FORMS, '["contact", "mobile"]', '["contacts", "mobile"]', "form.rows.fields",
         "是否想写 contact"),
        # quota tables
        (TABLE, "望潮市,4,2", "望潮市,4", "", "空着的格也要留逗号"),
        (TABLE, "白鹭市,不限", "白鹭市,无限", "qc", "special ="),
        (TABLE, "青崖市", "望潮市", "region", "已写在第 2 行"),
    ],
)  # fmt: skip
def test_each_slip_is_told_once_with_place_and_cure(
    file: str, old: str, new: str, key: str, words: str
) -> None:
    """In the file and the line where it stands, whichever of the files that is."""
    line, found = slip(file, old, new)
    told = [entry for entry in found if words in entry.message]

    assert [(entry.file, entry.key) for entry in told] == [(file, key)]
    assert abs(told[0].line - line) <= 1  # the slip may begin at the end of the line before
    assert {entry.file for entry in found} == {file}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("about = 1500\n", "", "maximum（不超过多少字）"),
        ('late = "warn"\n', 'late = "warn"\n[[tier.deadlines]]\nlast_day = 2027-07-01\n', "kinds"),
        ('prefix = "JH2027-"', 'pattern = "{prefix}{n}"', "{seq:04d}"),
        ('check = "identity"\n', 'check = "identity"\ntiers = ["city"]\n', "只有一个层级"),
        ("[regions]\n", '[regions]\naliases = { "望潮" = "望朝市" }\n', "是否想写 望潮市"),
        ('id = "case_places"\n', 'id = "case_places"\naliases = { "望潮" = "朔方市" }\n', "望潮市"),
        ('applicant = "either"\n', 'applicant = "either"\nregion = "望朝市"\n', "是否想写 望潮市"),
        (
            'check = "rates"\nkind = "stats_both"\n',
            'check = "service"\nyears = 3\ncategory = "cases"\n',
            "是否想写 case",
        ),
        ("last_day = 2027-06-18", "last_day = 2026-06-18", "早于活动开始的"),
        ("last_day = 2027-06-18", 'last_day = 2027-06-18\ncategories = ["qc"]', "没有截止时间"),
        (
            "last_day = 2027-06-18",
            'last_day = 2027-06-18\ninclusive = false\nuntil = "17:00"',
            "请删去 inclusive",
        ),
        ("about = 1500\n", "maximum = 300\nminimum = 500\n", "应不小于"),
        ('day = "2026-01-01"\n', "", "day（不早于哪一天）"),
        ('day = "2026-01-01"\n', 'day = "2026-01-01"\nuntil = "2025-01-01"\n', "不应早于"),
        (
            'name_field = "group_name"',
            'name_field = "group_name"\nmarked_by = "project_type"\nmarked_as = "现场性"',
            "是否想写 现场型",
        ),
        (
            '[[mailbox]]\naddress = "jhfz-hy@example.org"',
            (
                '[[mailbox]]\naddress = "JHFZ-hy@example.org"\ntier = "a"\n'
                '[[mailbox]]\ntier = "b"\naddress = "jhfz-hy@example.org"'
            ),
            "已是另一层级的地址",
        ),
        (
            'check = "rates"\nkind = "stats_both"\n',
            RATIO,
            "QC小组",
        ),
        (
            'check = "rates"\nkind = "stats_both"\n',
            TOGETHER,
            "是否想写 六西格玛",
        ),
    ],
)
def test_what_could_never_work_is_a_mistake(old: str, new: str, words: str) -> None:
    """A rule, region or answer that leads nowhere would silently never apply."""
    _, found = slip(MAIN, old, new)

    assert any(words in entry.message for entry in found), found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            '{ key = "contact", label = "联系人",',
            '{ key = "company", label = "联系人",',
            "出现了两次",
        ),
        ('file_words = ["推荐汇总表"]\n', 'told_in = "item_categorie"\n', "是否想写 item_category"),
    ],
)
def test_a_form_names_its_own_fields(old: str, new: str, words: str) -> None:
    """Each once, and none that it has not."""
    _, found = slip(FORMS, old, new)

    assert any(words in entry.message for entry in found), found


def test_a_category_may_be_one_nobody_has_named_before() -> None:
    """Whatever a notice gives prizes for."""
    campaign = load_campaign(FILES)

    assert [entry.id for entry in campaign.categories] == ["qc", "team", "case"]
