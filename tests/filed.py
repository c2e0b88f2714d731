"""Documents as they come out of reading, built by hand for tests of routing and filing."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from parsers.model import Document, Field, Form, Problem, Row, Table
from rules.model import Submission

CAMPAIGN = "hunan-2026"
COMPANY = "湘江重工装备有限公司"
START = datetime(2026, 7, 1, 1, tzinfo=UTC)


def form(
    kind: str, campaign: str = CAMPAIGN, rows: tuple[dict[str, str], ...] = (), **values: object
) -> Form:
    """A recognised form with these values."""
    campaigns = (campaign,) if campaign else ()
    return Form(
        kind=kind,
        title=kind,
        campaigns=campaigns,
        foreign="" if campaigns else "标题年份不符",
        fields=tuple(field(key, value) for key, value in values.items()),
        tables=(Table(key="results", rows=tuple(row(entry) for entry in rows)),) if rows else (),
    )


def row(values: dict[str, str]) -> Row:
    return Row(cells=tuple(field(key, value) for key, value in values.items()))


def field(key: str, value: object) -> Field:
    return Field(key=key, label=key, value=value, raw=str(value or ""), where="表1 第1行第2列")  # type: ignore[arg-type]


def document(file: str, *forms: Form, text: str = "", problem: str = "") -> Document:
    return Document(
        file=file,
        sha256=hashlib.sha256(f"{file}{forms}{text}".encode()).hexdigest(),
        size=1000,
        format="docx",
        forms=forms,
        text=text,
        problems=(Problem(code=problem, message="文件已损坏。"),) if problem else (),
    )


def team(name: str = "冲压一班", company: str = COMPANY, **values: object) -> Form:
    return form("team_form", team_name=name, company=company, **values)


def story(title: str = "一颗螺栓", company: str = COMPANY) -> Form:
    return form("story_form", story_title=title, company=company)


def rollup(*names: str, company: str = COMPANY) -> Form:
    return form("rollup", rows=tuple({"company": company, "group_name": name} for name in names))


def mails(
    *contents: tuple[Document, ...], answers: dict[int, int] | None = None
) -> tuple[Submission, ...]:
    """One submission a day with these documents."""
    return tuple(
        Submission(
            ordinal=n,
            arrived=START + timedelta(days=n),
            documents=documents,
            sender="zhang@company.example",
            answers=(answers or {}).get(n),
        )
        for n, documents in enumerate(contents)
    )
