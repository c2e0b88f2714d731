"""Runs the demonstration: delivers each mail to a Maildir and lets the real service take it up.

Nothing is simulated but the applicants and the time of day: configuration,
mailbox, archive, register, replies, digest and export are the program's own.
"""

from __future__ import annotations

import mailbox
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import track

from mailbot import catalogue, config, log, running
from mailbot.cli import screen
from mailbot.clock import SetClock
from mailbot.demo.scenarios import Scenario, scenarios
from mailbot.letters import wording
from mailbot.outcome import Outcome
from mailbot.pipeline import Decided
from mailbot.service import Service
from rules.campaign import Campaign
from rules.model import EFFECT, Finding, Severity

#: A folder with this file was made by a demonstration and may be made anew.
_MARKER = ".mailbot-demo"
#: What every reply says and no decision rests on.
_EXPECTED = ("fee.due",)
_TAKEN_UP_AFTER = timedelta(minutes=3)


class NotOurs(Exception):
    """The folder holds something else; nothing was changed."""


def run_demo(campaign_id: str, folder: Path, console: Console) -> int:
    """The whole main job in ``folder``; 0 when every mail was decided.

    Raises NotOurs where the folder holds anything that no demonstration made.
    """
    campaign = catalogue.shipped_campaigns()[campaign_id]
    _prepare(folder)
    log.configure(level="error")
    settings = config.load(_write_config(folder, campaign))
    letters = list(scenarios(campaign))
    console.print(
        f"[bold]{escape(campaign.title)}[/]\n"
        f"下面把 {len(letters)} 封样例来信逐封投入信箱，由正式的受理程序处理。\n"
    )
    clock = SetClock(letters[0].arrived)
    done: list[tuple[Scenario, Decided]] = []
    with running.service(settings, clock=clock) as service:
        for letter in track(letters, "处理来信", console=screen.messages(), transient=True):
            clock.at = letter.arrived + _TAKEN_UP_AFTER
            done += [(letter, decided) for decided in _process(service, folder, letter)]
        clock.at += timedelta(hours=1)
        files = running.papers(settings, campaign, folder, clock, since=letters[0].arrived)
    _tell(done, campaign, console)
    _where(folder, files, console)
    failed = [decided for _, decided in done if decided.outcome is None]
    return 1 if failed or len(done) != len(letters) else 0


def _prepare(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARKER).exists():
        raise NotOurs(f"文件夹 {folder} 中已有其他内容，请用 --dir 另指定一个文件夹。")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARKER).write_text("可以整个删除。\n", encoding="utf-8")
    mailbox.Maildir(folder / "mailbox", create=True)
    mailbox.Maildir(folder / "sent", create=True)


def _write_config(folder: Path, campaign: Campaign) -> Path:
    address = campaign.mailboxes[0].address
    path = folder / "config.toml"
    path.write_text(
        f'[[mailbox]]\nurl = "maildir:mailbox"\naddress = "{address}"\n\n'
        f'[outgoing]\nurl = "maildir:sent"\nfrom = "{address}"\n\n'
        f'[campaigns]\nenabled = ["{campaign.id}"]\n',
        encoding="utf-8",
    )
    return path


def _process(service: Service, folder: Path, letter: Scenario) -> Sequence[Decided]:
    """Deliver one mail as a server would, and let the service run one cycle."""
    seconds = letter.arrived.timestamp()
    name = f"{int(seconds)}.M{len(list((folder / 'mailbox' / 'new').iterdir()))}.demo"
    path = folder / "mailbox" / "new" / name
    path.write_bytes(letter.raw)
    os.utime(path, (seconds, seconds))
    return service.run_once().decided


def _tell(done: Sequence[tuple[Scenario, Decided]], campaign: Campaign, console: Console) -> None:
    """Per mail what came, what was decided and why."""
    for number, (letter, decided) in enumerate(done, 1):
        console.print(f"[bold cyan]{number:>2}. {letter.arrived:%m-%d %H:%M}  {letter.story}[/]")
        if decided.outcome is None:
            console.print(f"    [red]未能处理：{escape(decided.failure)}[/]\n")
            continue
        for line in _outcome_lines(decided.outcome, campaign):
            console.print(f"    {line}", soft_wrap=True)
        console.print()


def _outcome_lines(outcome: Outcome, campaign: Campaign) -> list[str]:
    lines = []
    for entry in outcome.dossiers:
        for verdict in entry.verdict.items:
            if verdict.item.ordinal not in entry.touched:
                continue
            number = entry.receipts.get(verdict.item.ordinal, "")
            category = campaign.category(verdict.item.category).name
            lines.append(
                f"{screen.state(verdict.decision)} {escape(number)} "
                f"{escape(verdict.item.company)} {category}“{escape(verdict.item.name)}”"
            )
            lines += _why(verdict.findings)
        lines += _why(entry.verdict.findings)
    lines += _why(outcome.findings)
    if not outcome.dossiers:
        kind = wording.DISPOSITIONS[outcome.disposition]
        lines.insert(0, "重复来信" if outcome.repeated else kind)
    if outcome.reply:
        lines.append(f"[dim]回复：{escape(outcome.reply.subject)}[/]")
    else:
        lines.append(f"[dim]不回复：{escape(outcome.silence)}[/]")
    return lines


def _why(findings: Sequence[Finding]) -> list[str]:
    """What decided the matter; tick lists for staff stand in the digest."""
    return [
        f"  · {escape(finding.message)}"
        + (f"（通知 {escape(finding.clause)}）" if finding.clause else "")
        for finding in findings
        if finding.severity in EFFECT or finding.severity is Severity.INFO
        if finding.code not in _EXPECTED
    ]


def _where(folder: Path, files: Sequence[tuple[str, Path]], console: Console) -> None:
    console.print("[bold]请看[/]")
    places = [
        ("来信（信箱）", folder / "mailbox"),
        ("发出的回复", folder / "sent" / "new"),
        *files,
        ("登记簿数据库", folder / "data" / "mailbot.db"),
        ("来信原件（永久保存）", folder / "data" / "archive"),
    ]
    for label, path in places:
        console.print(f"  {label}：{escape(str(path))}", soft_wrap=True)
    program = f"{sys.argv[0]} --config {folder / 'config.toml'}"
    console.print(
        f"\n再试试：{escape(program)} list\n        {escape(program)} digest", soft_wrap=True
    )
