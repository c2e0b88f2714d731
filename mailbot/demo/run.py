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

from mailbot import log, running
from mailbot.cli import screen
from mailbot.clock import SetClock
from mailbot.configuration import config
from mailbot.demo.scenarios import Scenario, scenarios
from mailbot.letters import wording
from mailbot.outcome import Outcome
from mailbot.pipeline import Decided
from mailbot.service import Service
from rules.model import EFFECT, Finding, Severity
from rules.notice.campaign import Campaign

#: A folder with this file was made by a demonstration and may be made anew.
_MARKER = ".mailbot-demo"
#: What every reply says and no decision rests on.
_EXPECTED = ("fee.due",)
_TAKEN_UP_AFTER = timedelta(minutes=3)


class NotOurs(Exception):
    """The folder holds something else; nothing was changed."""


def run_demo(campaign: Campaign, folder: Path, console: Console, source: Path | None = None) -> int:
    """The whole main job in ``folder``, tier by tier; 0 when every mail was decided.

    ``source`` is where a campaign of one's own stands; its data are copied into the folder.
    Raises NotOurs where the folder holds anything that no demonstration made.
    """
    _prepare(folder, campaign)
    log.configure(level="error")
    if source is not None:
        _take_along(source, folder / "campaigns" / campaign.id)
    settings = config.load(_write_config(folder, campaign, own=source is not None))
    letters = sorted(
        (letter for tier in campaign.tiers for letter in scenarios(campaign, tier.id)),
        key=lambda letter: letter.arrived,
    )
    console.print(
        f"[bold]{escape(campaign.title)}[/]\n"
        f"下面把 {len(letters)} 封样例来信逐封投入信箱，由正式的受理程序处理。\n"
    )
    clock = SetClock(letters[0].arrived)
    done: list[tuple[Scenario, Decided]] = []
    with running.service(settings, clock=clock) as service:
        for letter in track(letters, "处理来信", console=screen.messages(), transient=True):
            clock.at = letter.arrived + _TAKEN_UP_AFTER
            box = folder / _boxes(campaign)[letter.address]
            done += [(letter, decided) for decided in _process(service, box, letter)]
        clock.at += timedelta(hours=1)
        files = running.papers(settings, campaign, folder, clock, since=letters[0].arrived)
    _tell(done, campaign, console)
    _where(folder, files, console)
    failed = [decided for _, decided in done if decided.outcome is None]
    return 1 if failed or len(done) != len(letters) else 0


def _prepare(folder: Path, campaign: Campaign) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARKER).exists():
        raise NotOurs(f"文件夹 {folder} 中已有其他内容，请用 --dir 另指定一个文件夹。")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARKER).write_text("可以整个删除。\n", encoding="utf-8")
    for name in (*_boxes(campaign).values(), "sent"):
        mailbox.Maildir(folder / name, create=True)


def _boxes(campaign: Campaign) -> dict[str, str]:
    """The folder of each of the notice's addresses."""
    addresses = dict.fromkeys(box.address for box in campaign.mailboxes)
    names = ("mailbox", *(f"mailbox{number}" for number in range(2, len(addresses) + 1)))
    return dict(zip(addresses, names, strict=True))


def _take_along(source: Path, target: Path) -> None:
    """The data of a campaign of one's own, so that the other commands find it, too."""
    target.mkdir(parents=True)
    is_folder = source.is_dir() or (source.parent / "campaign.toml").is_file()
    home = source if source.is_dir() else source.parent
    for path in home.iterdir():
        if path.suffix == ".csv" or (path.suffix == ".toml" and is_folder):
            shutil.copy(path, target / path.name)
    if not is_folder:
        shutil.copy(source, target / "campaign.toml")


def _write_config(folder: Path, campaign: Campaign, *, own: bool) -> Path:
    path = folder / "config.toml"
    incoming = [
        f'[[mailbox]]\nurl = "maildir:{name}"\naddress = "{address}"\n'
        for address, name in _boxes(campaign).items()
    ]
    sender = campaign.mailboxes[0].address
    beside = 'folder = "campaigns"\n' if own else ""
    path.write_text(
        "\n".join(incoming) + f'\n[outgoing]\nurl = "maildir:sent"\nfrom = "{sender}"\n\n'
        f'[campaigns]\n{beside}enabled = ["{campaign.id}"]\n',
        encoding="utf-8",
    )
    return path


def _process(service: Service, box: Path, letter: Scenario) -> Sequence[Decided]:
    """Deliver one mail as a server would, and let the service run one cycle."""
    seconds = letter.arrived.timestamp()
    name = f"{int(seconds)}.M{len(list((box / 'new').iterdir()))}.demo"
    path = box / "new" / name
    path.write_bytes(letter.raw)
    os.utime(path, (seconds, seconds))
    return service.run_once().decided


def _tell(done: Sequence[tuple[Scenario, Decided]], campaign: Campaign, console: Console) -> None:
    """Per mail what came, what was decided and why."""
    for number, (letter, decided) in enumerate(done, 1):
        tier = decided.outcome.tier if decided.outcome else None
        level = f"（{campaign.tier(tier).name}）" if tier and len(campaign.tiers) > 1 else ""
        head = f"{number:>2}. {letter.arrived:%m-%d %H:%M}  {letter.story}{level}"
        console.print(f"[bold cyan]{escape(head)}[/]", soft_wrap=True)
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
