"""``read``: what the program reads in a document, with places and doubts. Touches nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailbot import equipment
from mailbot.cli import readouts, screen, session
from mailbot.reports.readout import readout
from parsers.codec import document_to_json


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
    campaigns = found.campaigns(campaign)
    with equipment.reader(found.config_if_any(), campaigns) as reader:
        documents = [reader.read_document(file) for file in files]
    if as_json:
        shown = zip(files, map(document_to_json, documents), strict=True)
        screen.print_json([{**entry, "path": str(file)} for file, entry in shown])
        return
    for document in documents:
        readouts.show(readout(document, campaigns), screen.output())
