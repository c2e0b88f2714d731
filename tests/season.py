"""A season's mails, as many and of whatever kinds a test asks for, for tests of the whole service."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import printed
from letters import MAILBOX, letter

FIRST = datetime(2026, 7, 8, 1, 0, tzinfo=UTC)  #: arrival of the first mail
LATE = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)  #: of the first after the deadline
NOW = datetime(2026, 7, 22, 1, 0, tzinfo=UTC)  #: when the service runs
COMPANIES = tuple(
    f"{place}{trade}有限公司"
    for place, trade in zip(
        (
            *("岳麓", "洞庭", "资水", "沅江", "澧水", "衡山", "苏仙岭", "崀山", "雪峰", "武陵源"),
            *("橘洲", "洣水", "舂陵", "浏阳河", "韶峰", "汨罗", "桃花源", "大围山", "炎陵", "凤凰"),
        ),
        (
            *("轴承", "铸造", "电机", "水泵", "阀门", "液压件", "齿轮", "锅炉", "起重机械", "钻机"),
            *("农机", "压缩机", "变压器", "电缆", "仪表", "焊接材料", "模具", "刀具", "风机", "矿山设备"),
        ),
        strict=True,
    )
)  # fmt: skip
#: What comes in; those of one kind after the deadline come last.
KINDS = (
    *("accepted", "faulty", "zip", "bundle", "question", "automatic"),
    *("bounce", "garbage", "duplicate", "again", "late"),
)
_DSN = """Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {to}
Subject: Undelivered Mail Returned to Sender ({number})
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b{number}"

--b{number}
Content-Type: text/plain

This is the mail system at host mx.example.

--b{number}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; zl@applicant.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b{number}
Content-Type: text/rfc822-headers

From: {to}
Message-ID: <{number}@{to}>
Subject: returned

--b{number}--
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail in the mailbox."""

    kind: str
    arrived: datetime
    raw: bytes


def season(kinds: Sequence[str]) -> list[Posted]:
    """These mails, one every ten minutes, in this order."""
    posted: list[Posted] = []
    for number, kind in enumerate(kinds):
        start = LATE if kind == "late" else FIRST
        arrived = start + timedelta(minutes=10 * number)
        posted.append(Posted(kind, arrived, _made(number, kind, arrived, posted)))
    return posted


def _made(number: int, kind: str, arrived: datetime, before: Sequence[Posted]) -> bytes:
    first = next((entry.raw for entry in reversed(before) if entry.kind == "accepted"), None)
    if kind == "garbage":
        noise = random.Random(number).randbytes(3000)
        return noise.translate(None, b"\0\r\n") + b"\r\n"  # so that no server mends the lines
    if kind == "bounce":
        text = _DSN.format(number=number, to=MAILBOX)
        return text.replace("\n", "\r\n").encode()
    if kind == "again" and before:  # put back by hand: the same bytes under another number
        return before[-1].raw
    if kind == "duplicate" and first:  # another way through the servers, the same message
        return b"X-Forwarded-For: %d\r\n%s" % (number, first)
    headers = {"Auto_Submitted": "auto-replied"} if kind == "automatic" else {}
    raw = letter(
        _papers(number, kind),
        arrived=arrived,
        sender=f"zl{number}@applicant{number}.example",
        message_id=f"<{number}@applicant.example>",
        **headers,
    )
    boundary = raw.partition(b'boundary="')[2].partition(b'"')[0]
    return raw.replace(boundary, b"=-=%d=-=" % number) if boundary else raw


def _papers(number: int, kind: str) -> dict[str, bytes]:
    """What hangs on a mail."""
    company = _company(number)
    team = f"{company[:2]}{number}班"
    if kind in {"accepted", "late", "duplicate", "again"}:
        return {
            "附件二 成果表.docx": printed.team_form(company=company, team_name=team),
            **_rest(company, team),
        }
    if kind == "faulty":
        form = printed.team_form(company=company, team_name=team, mobile="1390000", postcode="")
        return {"附件二 成果表.docx": form, **_rest(company, team)}
    if kind == "bundle":
        teams = (f"{team}甲", f"{team}乙")
        forms = {
            f"附件二 {name}.docx": printed.team_form(company=company, team_name=name)
            for name in teams
        }
        return {**forms, **_rest(company, *teams)}
    if kind == "zip":
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as packed:
            files = {"推荐表.docx": printed.story_form(company=company), **_common(company)}
            for name, content in files.items():
                packed.writestr(zipfile.ZipInfo(name), content)
        return {"申报材料.zip": whole.getvalue()}
    return {}


def _rest(company: str, *teams: str) -> dict[str, bytes]:
    rows = [{"company": company, "group_name": team} for team in teams]
    return {"附件三 汇总表.docx": printed.rollup(*rows), **_common(company)}


@cache
def _common(company: str) -> dict[str, bytes]:
    return {
        "附件五 工作总结.docx": printed.summary(company=company),
        "附件六 统计表.docx": printed.statistics(company=company),
    }


def _company(number: int) -> str:
    """Twenty places and twenty trades make four hundred companies."""
    place = COMPANIES[number % 20]
    trade = COMPANIES[(number // 20 + number) % 20].removesuffix("有限公司")
    return f"{place.removesuffix('有限公司')}{trade[2:]}有限公司"
