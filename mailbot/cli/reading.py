"""``read``: what the program reads in a document, with places and doubts. Touches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mailbot import equipment
from mailbot.cli import readouts, screen, session
from mailbot.reports.readingpage import compose_page
from mailbot.reports.readout import readout
from parsers.codec import document_to_json

_PAGES = (".html", ".htm")


def read(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="要读的文件。")],
    *,
    campaign: session.CampaignId = None,
    as_json: session.Json = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="OUT.html",
            help="写成网页，原文与取出的值对照；每次一个文件。",
        ),
    ] = None,
) -> None:
    """显示程序从文件中读到了什么。

    列出表单、栏目、值、所在位置和疑问；什么都不改动。读不出的文件也会列出原因，退出码仍为 0；只有文件打不开时退出码为 1。
    """
    if html is not None:
        _may_be_written(html, files)
    session.readable(files)
    found = session.of(context)
    campaigns = found.campaigns(campaign)
    with equipment.reader(found.config_if_any(), campaigns) as reader:
        documents = [reader.read_document(file, content=html is not None) for file in files]
    if html is not None:
        page = compose_page(readout(documents[0], campaigns))
        html.write_text(page, encoding="utf-8")
        screen.messages().print(f"已写入 {escape(str(html))}", soft_wrap=True)
    if as_json:
        shown = zip(files, map(document_to_json, documents), strict=True)
        screen.print_json([{**entry, "path": str(file)} for file, entry in shown])
        return
    if html is None:
        for document in documents:
            readouts.show(readout(document, campaigns), screen.output())


def _may_be_written(page: Path, files: Sequence[Path]) -> None:
    """Is this a page for one file, and not that file itself? Raises Misuse."""
    if len(files) != 1:
        raise session.Misuse(f"--html 每次只能用于一个文件，现有 {len(files)} 个；请逐个读取")
    if page.suffix.lower() not in _PAGES:
        raise session.Misuse(f"--html 的扩展名应为 {'、'.join(_PAGES)}，现为“{page.name}”")
    if page.exists() and files[0].exists() and page.samefile(files[0]):
        raise session.Misuse("--html 写的是要读的文件本身，会将其覆盖；请另取文件名")
