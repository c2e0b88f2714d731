"""``read``: what the program reads in a document, with places and doubts. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from mailbot import equipment
from mailbot.cli import screen, session
from parsers.codec import document_to_json
from parsers.model import Document, Field, Form, Table


def read(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="要读的文件。")],
    *,
    campaign: session.CampaignId = None,
    as_json: session.Json = False,
) -> None:
    """显示程序从文件中读到了什么。

    列出表单、栏目、值、所在位置和疑问；什么都不改动。读不出的文件也会列出原因，退出码仍为 0；只有文件打不开时退出码为 1。
    """
    session.readable(files)
    found = session.of(context)
    with equipment.reader(found.config_if_any(), found.campaigns(campaign)) as reader:
        documents = [reader.read_document(file) for file in files]
    if as_json:
        shown = zip(files, map(document_to_json, documents), strict=True)
        screen.print_json([{**entry, "path": str(file)} for file, entry in shown])
        return
    for document in documents:
        _print(document, screen.output())


def _print(document: Document, console: Console) -> None:
    facts: list[str] = [document.format]
    if document.characters is not None:
        facts.append(f"{document.characters} 字")
    console.print(f"[bold]{escape(document.file)}[/]（{'，'.join(facts)}）", soft_wrap=True)
    for problem in document.problems:
        console.print(f"[red]{problem.code}[/] {escape(problem.message)}", soft_wrap=True)
    for form in document.forms:
        _print_form(form, console)
    for member in document.members:
        _print(member, console)
    if not (document.forms or document.members or document.problems):
        console.print("没有认出已知的表单。")


def _print_form(form: Form, console: Console) -> None:
    campaigns = "、".join(form.campaigns) or (f"非本活动：{form.foreign}" if form.foreign else "")
    heading = f"{form.title or '（无标题）'}　{form.kind}　{campaigns}　把握 {form.confidence:.0%}"
    columns = ("栏目", "值", "位置", "疑问")
    console.print(screen.table(heading, columns, map(_row, form.fields)))
    for table in form.tables:
        console.print(screen.table(table.key, _columns(table), _rows(table)))
    if form.sections:
        rows = [
            (entry.title, "有" if entry.found else "无", entry.where) for entry in form.sections
        ]
        console.print(screen.table("段落", ("要求", "有无", "位置"), rows))


def _row(field: Field) -> Sequence[object]:
    return field.label, _value(field), field.where, field.doubt


def _value(field: Field) -> object:
    if field.value is None and field.raw.strip():
        return f"（未读出）{field.raw}"
    return field.value


def _columns(table: Table) -> list[str]:
    labels = [cell.label for cell in table.rows[0].cells] if table.rows else list(table.columns)
    return ["位置", *labels]


def _rows(table: Table) -> Iterator[Sequence[object]]:
    for row in table.rows:
        yield (row.where, *map(_value, row.cells))
