"""Decided mails built by hand for the tests of everything people read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.catalogue import shipped_campaigns
from mailbot.letters.reply import ReplyRequest
from mailbot.model import Disposition, Envelope, Reading
from mailbot.outcome import DossierOutcome, Incoming
from parsers.model import Document, Field, Form, Row, Section, Table, Value
from rules.model import (
    Decision,
    Dossier,
    Finding,
    Item,
    ItemVerdict,
    Paper,
    Severity,
    Submission,
    Verdict,
)

ZONE = ZoneInfo("Asia/Shanghai")
HUNAN = shipped_campaigns()["hunan-2026"]
UNIT = "湘江重工装备有限公司"
ARRIVED = datetime(2026, 7, 10, 9, 5, 40, tzinfo=ZONE)
NOW = datetime(2026, 7, 10, 9, 6, tzinfo=ZONE)
GOLDEN = Path(__file__).parent / "golden"


def sha(name: str) -> str:
    """A stand-in for the SHA-256 of a file's bytes."""
    return hashlib.sha256(name.encode()).hexdigest()


def form(kind: str, values: Sequence[tuple[Any, ...]], **more: Any) -> Form:
    """A form of the Hunan campaign with these values, printed as (key, value) or (key, value, raw)."""
    spec = HUNAN.form(kind)
    assert spec is not None
    fields = []
    for position, (key, value, *raw) in enumerate(values, start=1):
        text = raw[0] if raw else "" if value is None else str(value)
        where = f"表1 第{position}行第2列"
        entry = spec.field(key)
        assert entry is not None
        fields.append(Field(key=key, label=entry.label, value=value, raw=text, where=where))
    return Form(kind=kind, title=spec.title, campaigns=(HUNAN.id,), fields=tuple(fields), **more)


TEAM = form(
    "team_form",
    [
        ("team_name", "冲压一班"),
        ("company", UNIT),
        ("address", "长沙市岳麓区示范路 1 号"),
        ("postcode", "410000"),
        ("phone", "0731-80000001"),
        ("fax", None),
        ("mobile", "13900000001"),
        ("member_count", 12, "12人"),
        ("work_completion_rate", 98.5, "98.5%"),
        ("complaints_per_year", None, "无数"),
        ("training_people_hours", [12, 40], "12人、40小时"),
        ("team_intro", "班组成立于二〇一五年，现有成员十二人，承担冲压件生产。" * 8),
        ("stamp_company", None),
    ],
)

STORY = form(
    "story_form",
    [
        ("story_title", "一把扳手的三十年"),
        ("company", UNIT),
        ("contact_dept_post", "质量部 部长"),
        ("content_category", ["品牌战略", "品牌文化"]),
        ("speaker_dept_post", None),
    ],
)

SUMMARY = form(
    "summary_both",
    [("company", UNIT)],
    characters=2318,
    sections=(
        Section(key="basics", title="一、基本情况", found=True),
        Section(key="problems", title="三、存在问题及改进方向", found=False),
    ),
)


def _cell(key: str, label: str, value: Value) -> Field:
    return Field(key=key, label=label, value=value, raw=str(value), where="表1 第3行第1列")


ROLLUP = form(
    "rollup",
    [("preparer", "张示例")],
    tables=(
        Table(
            key="results",
            rows=(
                Row(
                    cells=(
                        _cell("seq", "序", "1"),
                        _cell("company", "单位名称", UNIT),
                        _cell("group_name", "QC小组(信组)名称", "冲压一班"),
                        _cell("member_count", "小组人数", 12),
                    )
                ),
            ),
        ),
    ),
)


def document(file: str, *forms: Form, size: int = 24_576, **more: Any) -> Document:
    """A file of the mail."""
    more = {"format": "docx", **more}
    return Document(file=file, sha256=sha(file), size=size, forms=forms, **more)


def finding(code: str, severity: str, message: str, **more: Any) -> Finding:
    """A finding."""
    return Finding(code=code, severity=Severity(severity), message=message, **more)


def item(ordinal: int, category: str, name: str, **more: Any) -> Item:
    """An item of the unit."""
    more = {"company": UNIT, "first_arrival": ARRIVED, **more}
    return Item(ordinal=ordinal, category=category, name=name, **more)


def outcome(
    judged: Sequence[tuple[Item, str, Sequence[Finding]]],
    *,
    papers: Sequence[tuple[Document, str, int | None]] = (),
    dossier_findings: Sequence[Finding] = (),
    previous: Verdict | None = None,
    receipts: dict[int, str] | None = None,
    touched: AbstractSet[int] | None = None,
    unit: str = UNIT,
) -> DossierOutcome:
    """What one mail did to one dossier.

    ``judged``: (item, decision, findings); ``papers``: (document, kind, item ordinal).
    """
    documents = tuple({entry[0].file: entry[0] for entry in papers}.values())
    last = 1 if previous else 0
    submissions = tuple(
        Submission(ordinal=n, arrived=ARRIVED, documents=documents if n == last else ())
        for n in range(last + 1)
    )
    filed = tuple(
        Paper(
            submission=last,
            arrived=ARRIVED,
            document=source,
            form=next((f for f in source.forms if f.kind == kind), None),
            kind=kind,
            item=ordinal,
        )
        for source, kind, ordinal in papers
    )
    verdict = Verdict(
        campaign=HUNAN.id,
        version="v",
        items=tuple(
            ItemVerdict(item=entry, decision=Decision(decision), findings=tuple(found))
            for entry, decision, found in judged
        ),
        findings=tuple(dossier_findings),
    )
    dossier = Dossier(
        campaign=HUNAN.id,
        tier="",
        unit=unit,
        submissions=submissions,
        papers=filed,
        items=tuple(entry for entry, _, _ in judged),
    )
    return DossierOutcome(
        known=None,
        dossier=dossier,
        verdict=verdict,
        previous=previous,
        receipts=receipts or {},
        touched=frozenset(range(len(judged))) if touched is None else frozenset(touched),
    )


def envelope(**more: Any) -> Envelope:
    """The envelope of a mail from the unit."""
    more = {
        "message_id": "<tencent_0A1B2C@qq.com>",
        "subject": "申报材料",
        "sender": "zhiliang@xiangjiang.example",
        "sender_name": "质量部",
        "return_path": "zhiliang@xiangjiang.example",
        **more,
    }
    return Envelope(**more)


def request(
    *outcomes: DossierOutcome,
    disposition: Disposition = "submission",
    documents: Sequence[Document] | None = None,
    findings: Sequence[Finding] = (),
    now: datetime = NOW,
    **more: Any,
) -> ReplyRequest:
    """A request for the reply to one mail that brought the documents of its dossiers."""
    if documents is None:
        documents = [entry for made in outcomes for entry in made.dossier.submissions[-1].documents]
    reading = Reading(
        envelope=more.pop("envelope", envelope()),
        documents=tuple(documents),
        failure=more.pop("failure", ""),
    )
    incoming = Incoming(mail=sha("mail"), arrived=more.pop("arrived", ARRIVED), reading=reading)
    return ReplyRequest(
        campaign=more.pop("campaign", HUNAN),
        tier=None,
        incoming=incoming,
        disposition=disposition,
        outcomes=outcomes,
        findings=tuple(findings),
        from_address="hnjxzlgl@163.com",
        account="hnjxzlgl@imap.163.com",
        now=now,
    )


FEE = finding("fee.due", "info", "应缴费用 500 元。", clause="附件二")
TEAM_FILE = document("附件二 冲压一班.docx", TEAM)
STORY_FILE = document("品牌故事/附件四.docx", STORY, size=1_500_000)
SUMMARY_FILE = document("附件五 工作总结.docx", SUMMARY)
ROLLUP_FILE = document("附件三.xlsx", ROLLUP, format="xlsx", size=900)
ALL_PAPERS = [
    (TEAM_FILE, "team_form", 0),
    (ROLLUP_FILE, "rollup", None),
    (SUMMARY_FILE, "summary_both", None),
]


def receipt() -> ReplyRequest:
    """Everything in order."""
    made = outcome(
        [(item(0, "team", "冲压一班"), "accepted", [])],
        papers=ALL_PAPERS,
        dossier_findings=[
            FEE,
            finding("human.stamp", "warn", "只供工作人员核对盖章。"),
            finding("deadline.last_day", "info", "到达日为截止日当天，按期受理。", mail=0),
        ],
        receipts={0: "HN2026-0001"},
    )
    return request(made)


TEAM_ASKS = [
    finding(
        "field.invalid",
        "ask",
        "附件二《湖南省机械工业优秀质量信得过班组成果表》表1 第10行第2列“年顾客投诉数”"
        "填写为“无数”，应为不小于 0 的整数，请更正。",
        document=TEAM_FILE.file,
        kind="team_form",
        where="表1 第10行第2列",
        field="complaints_per_year",
        label="年顾客投诉数",
        clause="附件二",
        item=0,
    ),
    finding("human.authenticity", "warn", "只供工作人员核对真实性。", kind="team_form", item=0),
]
STATS_MISSING = finding(
    "document.missing",
    "ask",
    "未收到附件六《湖南省机械工业群众性质量管理活动概况统计表》，请补报。",
    kind="stats_both",
    clause="二",
    categories=("qc", "team", "story"),
)
ROLLUP_MISSING = finding(
    "document.missing",
    "ask",
    "未收到附件三汇总表，请补报。",
    kind="rollup",
    clause="一",
    categories=("qc", "team"),
)


def correction(**more: Any) -> ReplyRequest:
    """Faulty in several places at once."""
    made = outcome(
        [(item(0, "team", "冲压一班"), "supplement", TEAM_ASKS)],
        papers=[
            (TEAM_FILE, "team_form", 0),
            (document("扫描件.pdf", format="pdf"), "", None),
        ],
        dossier_findings=[FEE, STATS_MISSING, ROLLUP_MISSING],
    )
    return request(made, **more)


def second_mail() -> ReplyRequest:
    """The second mail puts one thing right; another remains."""
    before = outcome(
        [(item(0, "team", "冲压一班"), "supplement", TEAM_ASKS)],
        dossier_findings=[FEE, STATS_MISSING, ROLLUP_MISSING],
    ).verdict
    made = outcome(
        [(item(0, "team", "冲压一班"), "supplement", [])],
        papers=[(TEAM_FILE, "team_form", 0), (ROLLUP_FILE, "rollup", None)],
        dossier_findings=[FEE, STATS_MISSING],
        previous=before,
    )
    return request(made)


LATE = finding(
    "deadline.passed",
    "reject",
    "申报项“一把扳手的三十年”于2026年7月16日00:00:00到达，报送已于2026年7月15日24时截止。"
    "通知规定：逾期将不予受理。",
    clause="四.2",
    item=0,
)


def refusal() -> ReplyRequest:
    """Late, and faulty besides, which no longer matters."""
    arrived = datetime(2026, 7, 16, tzinfo=ZONE)
    made = outcome(
        [
            (
                item(0, "story", "一把扳手的三十年", first_arrival=arrived),
                "declined",
                [LATE, finding("field.empty", "ask", "请补填手机。", item=0)],
            )
        ],
        papers=[(STORY_FILE, "story_form", 0)],
        dossier_findings=[STATS_MISSING],
    )
    return request(made, arrived=arrived, now=datetime(2026, 7, 16, 0, 1, tzinfo=ZONE))


def review() -> ReplyRequest:
    """A person decides first."""
    made = outcome(
        [
            (
                item(0, "team", "冲压一班"),
                "review",
                [finding("sender.changed", "human", "发件人与此前不同，内部核对。", item=0)],
            )
        ],
        papers=[(TEAM_FILE, "team_form", 0)],
    )
    return request(made)


def waitlisted() -> ReplyRequest:
    """In order, but no place left."""
    held = finding(
        "quota.exceeded", "hold", "本地区推荐名额 3 个已满，列入候补。", clause="三", item=0
    )
    made = outcome(
        [(item(0, "team", "冲压一班"), "waitlisted", [held])],
        papers=[(TEAM_FILE, "team_form", 0)],
    )
    return request(made)


def mixed() -> ReplyRequest:
    """Twenty-nine accepted, one declined, and a QC group whose fee is unknown among them."""
    judged = [(item(0, "qc", "曙光QC小组"), "accepted", [])]
    judged += [(item(n, "team", f"班组{n:02d}"), "accepted", []) for n in range(1, 29)]
    late = finding("deadline.passed", "reject", LATE.message, clause="四.2", item=29)
    judged.append((item(29, "story", "一把扳手的三十年"), "declined", [late]))
    made = outcome(
        judged,
        papers=[(ROLLUP_FILE, "rollup", None)],
        dossier_findings=[FEE],
        receipts={n: f"HN2026-{n + 1:04d}" for n in range(29)},
    )
    return request(made)


def received() -> ReplyRequest:
    """Documents arrived, nothing is applied for yet."""
    made = outcome([], papers=[(SUMMARY_FILE, "summary_both", None)])
    return request(made)


def inquiry() -> ReplyRequest:
    """A person wrote and nothing is to be filed."""
    return request(disposition="inquiry", envelope=envelope(subject="请问截止时间"))


def unreadable() -> ReplyRequest:
    """The mail could not be taken apart."""
    return request(failure="MIME 结构损坏")


CASES: dict[str, Callable[[], ReplyRequest]] = {
    "receipt": receipt,
    "correction": correction,
    "second_mail": second_mail,
    "refusal": refusal,
    "review": review,
    "waitlisted": waitlisted,
    "mixed": mixed,
    "received": received,
    "inquiry": inquiry,
    "unreadable": unreadable,
}
