"""What judging a dossier of 30 items costs against reading its documents, by campaign.

The fixture is made up for each shipped campaign from its own forms as the demonstration
draws them (nothing in a cell but its text): 30 items of one unit over the campaign's
categories in turn, each with its form and every text demanded of it, and every document
demanded of the unit, roll-ups with a row for each item. Between 40 and 130 documents.

    reading    parsers.documents.read_document of each document, CPU time
    judging    rules.gathering.dossier.assemble and rules.judge.judge with all rules of the campaign
               on what was read

The least of 3 rounds of reading and of 5 of judging, in one process. Goal: judging /
reading at most 0.1. Nothing is gated. Run it with ``python benchmarks/judging.py``.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from mailbot.catalogue import shipped_campaigns, spec_sets
from mailbot.demo.drawing import draw
from mailbot.demo.invention import Applicant
from parsers.documents import read_document
from parsers.forms.reader import FormReader
from parsers.model import Document
from parsers.spec import FormSpec
from rules.gathering.dossier import assemble
from rules.judge import judge
from rules.model import Facts, Submission
from rules.notice.campaign import Campaign, Category
from rules.notice.figuresettings import RowsRule

ITEMS = 30
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def documents(campaign: Campaign) -> Iterator[tuple[str, bytes]]:
    """Every document of the unit, with its name."""
    who = Applicant(seed=7)
    items = [
        (campaign.categories[n % len(campaign.categories)], f"第{n + 1}先锋") for n in range(ITEMS)
    ]
    for number, (category, name) in enumerate(items):
        own = [d.kind for d in campaign.demands if d.of == "item" and category.id in d.categories]
        for kind in dict.fromkeys([category.form, *own]):
            form = campaign.form(kind)
            if form is not None:
                writer = Applicant(seed=100 + number)
                known = {"company": who.company, category.name_field: name}
                values = writer.fill(form, campaign, known)
                values["text"] = f"{name}\n" + values.get("text", "")
                yield f"{name}{kind}.docx", draw(form, values)
    for kind in dict.fromkeys(d.kind for d in campaign.demands if d.of == "unit"):
        form = campaign.form(kind)
        if form is not None:
            values = who.fill(form, campaign, {"company": who.company})
            yield f"{kind}.docx", draw(form, values, _rows(campaign, form, who, items))


def _rows(
    campaign: Campaign, form: FormSpec, who: Applicant, items: list[tuple[Category, str]]
) -> dict[str, list[dict[str, str]]]:
    """A row in the unit's lists for each item that belongs there."""
    rows: dict[str, list[dict[str, str]]] = {}
    for rule in campaign.rules:
        table = form.table(rule.table) if isinstance(rule, RowsRule) else None
        if isinstance(rule, RowsRule) and rule.rollup == form.kind and table:
            rows[table.key] = [
                who.row(table.columns, {"company": who.company, rule.column: name})
                for category, name in items
                if category.id in rule.categories
            ]
    return rows


def least(rounds: int, task: Callable[[], object]) -> float:
    """CPU seconds of the quickest round."""
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        task()
        taken.append(time.process_time() - begun)
    return min(taken)


def main() -> None:
    """Print both times and their ratio for each campaign."""
    campaigns = shipped_campaigns()
    reader = FormReader(spec_sets(campaigns))
    for campaign in campaigns.values():
        files = list(documents(campaign))
        read: list[Document] = []

        def read_all(files: list[tuple[str, bytes]] = files, read: list[Document] = read) -> None:
            read[:] = [read_document(name, content, reader) for name, content in files]

        reading = least(3, read_all)
        found = tuple(
            replace(entry.read_by(campaign.id), sha256=hashlib.sha256(content).hexdigest())
            for entry, (_, content) in zip(read, files, strict=True)
        )
        tier = campaign.tiers[0].id
        sent = (Submission(ordinal=0, arrived=NOW, documents=found, sender="a@example.org"),)
        unit = Applicant(seed=7).company

        def judged(
            campaign: Campaign = campaign,
            tier: str = tier,
            sent: tuple[Submission, ...] = sent,
            unit: str = unit,
        ) -> int:
            dossier = assemble(campaign, tier, unit, sent)
            return len(judge(dossier, campaign, Facts(now=NOW)).items)

        judging = least(5, judged)
        print(
            f"{campaign.id:22} {len(files):3} documents, {judged()} items:"
            f" reading {reading * 1000:6.0f} ms, judging {judging * 1000:5.0f} ms,"
            f" ratio {judging / reading:.3f} (goal 0.1)"
        )


if __name__ == "__main__":
    main()
