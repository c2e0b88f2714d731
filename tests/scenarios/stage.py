"""Plays the mails of one scene through reading, judging and answering, and writes down what came."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from desk import Desk
from letters import letter

from mailbot.outcome import Outcome
from rules.model import Finding, ItemVerdict

WIDTH = 60  #: of a rule between two mails
#: files drawn anew differ in their bytes
_BRIEF = re.compile(r"（[\d.]+ [KM]?B，[0-9a-f]{8}）")
_PRINT = re.compile(r"（[\d.]+ [KM]?B，校验码 [0-9a-f]{8}）")
#: the section with what was read, long and tested elsewhere; up to the next section
_READ = re.compile(
    r"(?ms)^([一二三四五六七八九十]+、读取结果)\n.*?(?=^[一二三四五六七八九十]+、|^联系单位：)"
)


@dataclass
class Stage:
    """The register of one scene; ``mail`` and the like write their lines at once."""

    mailbox: str
    sender: str = "zhiliang@company.example"
    desk: Desk = field(default_factory=Desk)
    lines: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    whole: bool = False  #: write down what was read, too

    def mail(
        self,
        files: Mapping[str, bytes],
        when: datetime,
        *,
        sender: str = "",
        to: str = "",
        subject: str = "申报材料",
        text: str = "现报送申报材料，请查收。",
        answers: Outcome | None = None,
    ) -> Outcome:
        """One mail arrives. ``answers``: an earlier one whose reply it answers."""
        number = next(self.numbers)
        headers = {}
        if answers is not None and answers.reply is not None:
            headers["In_Reply_To"] = answers.reply.message_id
        raw = letter(
            files,
            arrived=when,
            subject=subject,
            text=text,
            sender=sender or self.sender,
            to=to or self.mailbox,
            message_id=f"<{number}@scene.example>",
            **headers,
        )
        outcome = self.desk.take(raw, when)
        self.outcomes.append(outcome)
        self.lines += [
            "=" * WIDTH,
            f"第{number}封 {when:%Y-%m-%d %H:%M:%S} {sender or self.sender} → {to or self.mailbox}",
            f"主题：{subject}",
            *(["正文：" + text.replace("\n", "\n      ")] if text else []),
            *(f"附件：{name}" for name in files),
            "-" * WIDTH,
            *told(outcome, whole=self.whole),
        ]
        return outcome

    def transcript(self) -> str:
        """Everything that happened."""
        return "\n".join(self.lines) + "\n"


def told(outcome: Outcome, *, whole: bool) -> Iterator[str]:
    """What was decided about a mail and what is answered."""
    decision = outcome.decision.value if outcome.decision else "-"
    yield f"{outcome.disposition} {outcome.campaign or '-'} {outcome.tier or '-'} {decision}"
    for finding in outcome.findings:
        yield "  " + _finding(finding)
    for entry in outcome.dossiers:
        yield f"单位：{entry.dossier.unit or '（未知）'}"
        for judged in entry.verdict.items:
            yield from _item(judged, entry.receipts.get(judged.item.ordinal))
        for finding in entry.verdict.findings:
            yield "  " + _finding(finding)
    yield "-" * WIDTH
    if outcome.reply is None:
        yield f"不回信：{outcome.silence}"
        return
    yield f"回信：{outcome.reply.recipient} {outcome.reply.subject}"
    yield ""
    text = _PRINT.sub("（大小、校验码略）", outcome.reply.text)
    text = _BRIEF.sub("（略）", text)
    if not whole:
        text = _READ.sub(r"\1（略）\n\n", text)
    yield from text.rstrip("\n").split("\n")


def _item(judged: ItemVerdict, receipt: str | None) -> Iterator[str]:
    item = judged.item
    names = "，".join(filter(None, (item.name, item.company, item.region)))
    yield f"  [{item.category}] {names}：{judged.decision.value} {receipt or '-'}"
    for finding in judged.findings:
        yield "    " + _finding(finding)


def _finding(finding: Finding) -> str:
    place = " ".join(filter(None, (finding.document or finding.kind, finding.where, finding.field)))
    head = f"{finding.severity.value} {finding.code} {finding.rule or '-'}"
    categories = f"（涉及 {'、'.join(finding.categories)}）" if finding.categories else ""
    return f"{head} 〔{place}〕{finding.message}{categories}"


#: A scene takes a fresh stage and plays on it.
Scene = Callable[[Stage], None]
