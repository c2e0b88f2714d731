"""A small campaign and dossiers built by hand, for the tests of the rules.

Forms are built as the reader gives them and folded by the real ``assemble``;
only values that a test is about are named in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from parsers.model import Document, Field, Form, Row, Section, Table, Value
from rules.gathering.dossier import assemble
from rules.judge import judge
from rules.model import Decision, Dossier, Facts, Finding, Submission, Verdict
from rules.notice.campaign import Campaign

ZONE = ZoneInfo("Asia/Shanghai")
UNIT = "湘江重工装备有限公司"
ID = "probe-2026"
IN_TIME = datetime(2026, 7, 10, 9, 0, tzinfo=ZONE)
NOW = datetime(2026, 7, 20, 9, 0, tzinfo=ZONE)

_FORMS: list[dict[str, Any]] = [
    {
        "kind": "team_form",
        "title": "示范班组成果表",
        "annex": "附件二",
        "fields": [
            {"key": "team_name", "label": "班组名称", "must": "sense"},
            {"key": "company", "label": "企业名称", "type": "organisation", "must": "sense"},
            {"key": "postcode", "label": "邮 编：", "type": "postcode", "must": "sense"},
            {"key": "phone", "label": "电话", "type": "phone", "must": "sense"},
            {"key": "mobile", "label": "手机", "type": "mobile", "must": "sense"},
            {"key": "fax", "label": "传真", "type": "fax"},
            {
                "key": "member_count",
                "label": "班组人数",
                "type": "integer",
                "must": "sense",
                "minimum": 1,
            },
            {"key": "rate", "label": "完成率%", "type": "percent", "must": "sense"},
            {"key": "accidents", "label": "事故数", "type": "integer", "must": "sense"},
            {"key": "training", "label": "培训人数、时长", "type": "pair"},
            {"key": "founded", "label": "成立日期", "type": "date"},
            {"key": "crew", "label": "成员名单", "type": "names", "slots": 3},
            {
                "key": "region",
                "label": "所属地区",
            },
            {
                "key": "team_intro",
                "label": "班组简介",
                "type": "long_text",
                "must": "sense",
                "prompts": ["1. 成员组成。", "2. 基础管理情况。", "3. 荣誉情况。"],
            },
            {"key": "stamp", "label": "单位盖章", "type": "stamp", "must": "hand"},
            {"key": "serial", "label": "编号", "type": "serial", "must": "sense"},
        ],
        "tables": [
            {
                "key": "members",
                "columns": [
                    {"key": "name", "label": "姓名", "type": "person", "must": "sense"},
                ],
                "optional": True,
            }
        ],
    },
    {
        "kind": "team_text",
        "title": "班组创建活动材料",
        "annex": "附件二",
        "layout": "text",
        "file_words": ["班组简介"],
        "sections": [
            {"key": "members", "title": "成员组成", "words": ["成员组成"]},
            {"key": "management", "title": "基础管理情况", "words": ["基础管理"]},
            {"key": "honours", "title": "荣誉情况", "words": ["荣誉"]},
        ],
    },
    {
        "kind": "story_form",
        "title": "示范故事推荐表",
        "annex": "附件四",
        "family": "故事推荐表",
        "fields": [
            {"key": "story_title", "label": "故事名称", "must": "sense"},
            {
                "key": "company",
                "label": "单位名称：",
                "scope": ["推荐单位"],
                "type": "organisation",
                "must": "sense",
            },
            {
                "key": "topics",
                "label": "内容类别",
                "type": "ticks",
                "options": ["品牌战略", "品牌文化"],
                "must": "sense",
            },
            {
                "key": "award",
                "label": "奖项",
                "type": "choice",
                "options": ["金奖", "银奖"],
            },
            {"key": "story_intro", "label": "特色简介200字以内", "type": "long_text"},
            {"key": "speaker", "label": "演讲人", "type": "person"},
            {
                "key": "gender",
                "label": "性别",
                "type": "choice",
                "options": ["男", "女"],
            },
        ],
    },
    {
        "kind": "rollup",
        "title": "示范成果汇总表",
        "annex": "附件三",
        "layout": "list",
        "file_words": ["汇总表"],
        "fields": [{"key": "total", "label": "总计", "type": "integer"}],
        "tables": [
            {
                "key": "results",
                "columns": [
                    {"key": "seq", "label": "序", "type": "serial"},
                    {"key": "name", "label": "名称", "must": "stated"},
                    {"key": "company", "label": "单位名称", "type": "organisation"},
                    {"key": "postcode", "label": "邮编", "type": "postcode"},
                    {"key": "members", "label": "人数", "type": "integer"},
                    {"key": "women", "label": "女性数", "type": "integer"},
                    {"key": "list", "label": "成员名单", "type": "names"},
                    {"key": "grade", "label": "等级", "type": "choice", "options": ["1", "2"]},
                ],
            },
            {
                "key": "presenters",
                "columns": [{"key": "name", "label": "发表小组"}],
                "optional": True,
            },
            {
                "key": "reviewers",
                "columns": [
                    {"key": "name", "label": "评委"},
                    {"key": "number", "label": "证书编号"},
                ],
                "optional": True,
            },
        ],
    },
    {
        "kind": "summary_both",
        "title": "示范活动工作总结",
        "annex": "附件五",
        "layout": "text",
        "file_words": ["工作总结"],
        "sections": [
            {"key": "basics", "title": "一、基本情况", "words": ["基本情况"]},
            {"key": "problems", "title": "二、存在问题", "words": ["存在问题"]},
        ],
    },
    {
        "kind": "stats_both",
        "title": "示范活动统计表",
        "annex": "附件六",
        "layout": "statistics",
        "file_words": ["统计表"],
        "fields": [
            {"key": "period", "label": "统计期间", "type": "period", "place": "head"},
            {"key": "company", "label": "填报单位：", "type": "organisation"},
            {"key": "registered_year", "label": "本年度注册数", "type": "integer", "unit": "个"},
            {"key": "registered_total", "label": "累计注册数", "type": "integer", "unit": "万个"},
            {"key": "penetration", "label": "普及率", "type": "percent", "unit": "%"},
        ],
    },
    {
        "kind": "change_note",
        "title": "变更说明",
        "layout": "text",
        "file_words": ["变更说明"],
    },
]

TEAM: dict[str, Value] = {
    "team_name": "冲压一班",
    "company": UNIT,
    "postcode": "410000",
    "phone": "0731-80000001",
    "mobile": "13900000001",
    "member_count": 12,
    "rate": 98.5,
    "accidents": 0,
    "team_intro": "1、成员组成十二人。2、基础管理扎实。3、荣誉三项。",
}
STORY: dict[str, Value] = {
    "story_title": "一把扳手的三十年",
    "company": UNIT,
    "topics": ["品牌战略"],
}


def campaign(rules: Iterable[dict[str, Any]] = (), **more: Any) -> Campaign:
    """A campaign of teams and stories with these rules; ``more`` replaces its other parts."""
    data: dict[str, Any] = {
        "id": ID,
        "name": "示范活动",
        "title": "关于开展示范活动的通知",
        "issuers": ["示范协会"],
        "mailbox": [{"address": "shenbao@example.cn"}],
        "tier": [{"deadlines": [{"last_day": "2026-07-15", "late": "reject", "clause": "四.2"}]}],
        "category": [
            {
                "id": "team",
                "name": "质量信得过班组",
                "counter": "个",
                "form": "team_form",
                "name_field": "team_name",
                "region_field": "region",
            },
            {
                "id": "story",
                "name": "品牌故事",
                "counter": "篇",
                "form": "story_form",
                "name_field": "story_title",
            },
        ],
        "form": _FORMS,
        "rule": [{"severity": "ask", **rule} for rule in rules],
    }
    return Campaign.model_validate(data | more)


EMPTY = campaign()


def form(kind: str, values: dict[str, Value], **more: Any) -> Form:
    """A form as read: the fields of the campaign's form in order, absent values empty.

    A ``Field`` among the values stands as it is.
    """
    spec = EMPTY.form(kind)
    assert spec is not None
    fields = []
    for position, entry in enumerate(spec.fields, start=1):
        value = values.get(entry.key)
        if isinstance(value, Field):
            fields.append(value)
            continue
        raw = "、".join(map(str, value)) if isinstance(value, list) else str(value)
        fields.append(
            Field(
                key=entry.key,
                label=entry.label,
                value=value,
                raw="" if value is None else raw,
                where=f"表1 第{position}行第2列",
            )
        )
    return Form(kind=kind, **{"campaigns": (ID,), "fields": tuple(fields), **more})


def field(key: str, value: Value = None, raw: str = "", **more: Any) -> Field:
    """One field on its own."""
    return Field(key=key, label=key, value=value, raw=raw, **{"where": "表1 第9行第9列", **more})


def team(name: str = "冲压一班", **values: Any) -> Form:
    """A team's form in order, but for these values."""
    return form("team_form", {**TEAM, "team_name": name, **values})


def story(title: str = "一把扳手的三十年", **values: Any) -> Form:
    """A story's form in order, but for these values."""
    return form("story_form", {**STORY, "story_title": title, **values})


def stats(**values: Any) -> Form:
    """A statistics table."""
    return form("stats_both", {"period": "2025-07/2026-07", "company": UNIT, **values})


def table(key: str, *rows: dict[str, Value]) -> Table:
    """A list with these rows."""
    return Table(
        key=key,
        where="表1",
        rows=tuple(
            Row(
                where=f"表1 第{line}行",
                cells=tuple(
                    Field(
                        key=column,
                        label=column,
                        value=value,
                        raw="" if value is None else str(value),
                        where=f"表1 第{line}行第{place}列",
                    )
                    for place, (column, value) in enumerate(row.items(), start=1)
                ),
            )
            for line, row in enumerate(rows, start=2)
        ),
    )


def rollup(*rows: dict[str, Value], total: Value = None, tables: Sequence[Table] = ()) -> Form:
    """A roll-up whose results are these rows."""
    return form("rollup", {"total": total}, tables=(table("results", *rows), *tables))


def text(kind: str, *, found: Sequence[str] = (), characters: int = 900) -> Form:
    """A text in which the named sections were found."""
    spec = EMPTY.form(kind)
    assert spec is not None
    sections = tuple(
        Section(key=entry.key, title=entry.title, found=entry.key in found)
        for entry in spec.sections
    )
    return Form(kind=kind, campaigns=(ID,), sections=sections, characters=characters)


def document(file: str, *forms: Form, **more: Any) -> Document:
    """A file; its bytes are told apart by name and forms unless ``sha256`` is given."""
    bytes_ = f"{file} {forms}".encode()
    more = {"format": "docx", "sha256": hashlib.sha256(bytes_).hexdigest(), **more}
    return Document(file=file, forms=forms, **more)


def mail(*documents: Document | Form, **more: Any) -> Submission:
    """A mail; forms get a file each. ``ordinal`` and ``arrived`` are set by ``dossier``."""
    files = [
        entry if isinstance(entry, Document) else document(f"{entry.kind}{place}.docx", entry)
        for place, entry in enumerate(documents)
    ]
    return Submission(**{"ordinal": 0, "arrived": IN_TIME, "documents": tuple(files), **more})


def dossier(
    rules: Campaign,
    *mails: Submission,
    unit: str = UNIT,
    tier: str = "",
    accepted: Mapping[int, int] | None = None,
) -> Dossier:
    """The dossier after these mails; forms in later mails are other files."""
    numbered = []
    for place, entry in enumerate(mails):
        values = {name: getattr(entry, name) for name in Submission.__slots__}
        numbered.append(Submission(**{**values, "ordinal": place}))
    return assemble(rules, tier, unit, numbered, accepted or {})


def verdict(rules: Campaign, *mails: Submission, unit: str = UNIT, **facts: Any) -> Verdict:
    """The verdict after these mails."""
    made = {
        item: ruling.submissions
        for item, ruling in facts.get("rulings", {}).items()
        if ruling.what == "accept"
    }
    case = dossier(rules, *mails, unit=unit, tier=rules.tiers[0].id, accepted=made)
    return judge(case, rules, Facts(**{"now": NOW, **facts}))


def findings(given: Verdict) -> list[Finding]:
    """All findings of a verdict, the dossier's first."""
    return [*given.findings, *(entry for item in given.items for entry in item.findings)]


def codes(given: Verdict) -> list[str]:
    """The codes of all findings, the dossier's first."""
    return [entry.code for entry in findings(given)]


def only(given: Verdict, code: str = "") -> Finding:
    """The one finding there is (of a code)."""
    (found,) = [entry for entry in findings(given) if code in ("", entry.code)]
    return found


def decisions(given: Verdict) -> list[Decision]:
    """The decisions, item by item."""
    return [entry.decision for entry in given.items]
