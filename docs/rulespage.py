"""Writes docs/rules.md: every numbered rule of every shipped notice, and what shows it.

Run ``python docs/rulespage.py``; a test fails when the page is not what this writes, and when
a number has neither a test nor a reason for which it is left to a person.

Rules come from the campaign data, their codes from the words of the rule kinds, what shows
them from the golden texts of the scenes (``tests/scenarios``) and from the tests whose
source names the number (``tests/test_<campaign>_rules.py``).
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mailbot.catalogue import shipped_campaigns
from rules.model import Severity
from rules.notice.campaign import Campaign, Demand, Fees

PAGE = Path(__file__).with_name("rules.md")
TESTS = PAGE.parent.parent / "tests"

_NUMBER = re.compile(r"R(\d+)")
_CODE = re.compile(r"``([a-z_]+\.[a-z_]+)``")
_TOLD = re.compile(r"^\s*(?:info|warn|human|hold|ask|reject) (\S+) (R\d+) 〔", re.MULTILINE)
_NAMED = re.compile(r"(?<![A-Za-z0-9])[Rr](\d+)(?!\d)")
_MOST = 3  #: scenes named for one rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry of the data that carries a rule number."""

    number: str
    clause: str
    what: str
    codes: tuple[str, ...] = ()
    severity: str = ""
    reason: str = ""  #: for which it is left to a person


#: scenes and tests by number; scenes of one code by (number, code)
Shown = Mapping[str, Sequence[str]]


def rows(campaign: Campaign) -> list[Row]:
    """Every entry with a number, in the order of the numbers."""
    found = sorted(_entries(campaign), key=lambda row: int(row.number[1:]))
    return list(dict.fromkeys(found))


def _entries(campaign: Campaign) -> Iterator[Row]:
    for number, row in _stated(campaign):
        for single in _NUMBER.findall(number):
            yield Row(
                number=f"R{single}", clause=row.clause, what=row.what, codes=row.codes,
                severity=row.severity, reason=row.reason,
            )  # fmt: skip


def _stated(campaign: Campaign) -> Iterator[tuple[str, Row]]:
    """Number as written, and the entry."""
    for tier in campaign.tiers:
        where = f" ({tier.id})" if tier.id else ""
        for entry in tier.deadlines:
            codes = ("deadline.passed", "deadline.last_day")
            yield entry.rule, _row(f"deadline{where}", entry.clause, codes, entry.late)
    for demand in campaign.demands:
        codes = ("document.missing",) if demand.channel != "post" else ("human.paper",)
        yield demand.rule, _row(_demanded(demand), demand.clause, codes, demand.severity)
    for quota in campaign.quotas:
        codes = ("quota.exceeded", "quota.unknown_region")
        yield quota.rule, _row(f"quota `{quota.id}`", quota.clause, codes, quota.severity)
    for rule in campaign.rules:
        codes = tuple(dict.fromkeys(_CODE.findall(type(rule).__doc__ or "")))
        named = getattr(rule, "code", None)
        where = f" ({', '.join(rule.tiers)})" if rule.tiers else ""
        yield (
            rule.id,
            _row(
                f"`{rule.check}`{where}",  # type: ignore[attr-defined]
                rule.clause,
                (named,) if named else codes,
                rule.severity,
            ),
        )
    for note in campaign.staff_notes:
        yield note.rule, Row(number="", clause=note.clause, what="staff note", reason=note.text)
    yield from _fees(campaign.fees)


def _fees(fees: Fees) -> Iterator[tuple[str, Row]]:
    number = getattr(fees, "rule", "")
    if number:
        yield number, Row(number="", clause=fees.clause, what=f"fees: {fees.policy}")


def _row(what: str, clause: str, codes: tuple[str, ...], severity: Severity) -> Row:
    return Row(number="", clause=clause, what=what, codes=codes, severity=severity.value)


def _demanded(demand: Demand) -> str:
    return f"document `{demand.kind}`" + (" by post" if demand.channel == "post" else "")


def shown(campaign: Campaign) -> tuple[dict[tuple[str, str], list[str]], dict[str, list[str]]]:
    """Scenes by number and code, and tests by number."""
    scenes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for folder in sorted((TESTS / "scenarios").iterdir()):
        source = folder / "__init__.py"
        if not source.is_file() or f'"{campaign.id}"' not in source.read_text(encoding="utf-8"):
            continue
        for text in sorted(folder.glob("*.txt")):
            for code, number in _TOLD.findall(text.read_text(encoding="utf-8")):
                if text.stem not in scenes[number, code]:
                    scenes[number, code].append(text.stem)
    return scenes, dict(_tests(campaign))


def _tests(campaign: Campaign) -> Iterator[tuple[str, list[str]]]:
    short = campaign.id.partition("-")[0]
    named: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.glob(f"test_{short}_*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                source = "\n".join([*map(ast.unparse, node.decorator_list), ast.unparse(node)])
                for number in dict.fromkeys(_NAMED.findall(source)):
                    named[f"R{number}"].append(node.name)
    yield from named.items()


def unshown(campaign: Campaign) -> list[str]:
    """The numbers that have neither a scene nor a test nor a reason."""
    scenes, tests = shown(campaign)
    with_scene = {number for number, _ in scenes}
    found = []
    for number in dict.fromkeys(row.number for row in rows(campaign)):
        reasons = [row.reason for row in rows(campaign) if row.number == number]
        if number not in with_scene and number not in tests and not any(reasons):
            found.append(number)
    return found


def page() -> str:
    """The whole page."""
    lines = [
        "# Rules",
        "",
        "Generated from the campaign data, the scenes and the tests by `python docs/rulespage.py`.",
        "The numbers are those of the fact sheet of each notice; a scene is a text in",
        "`tests/scenarios`, what is left to a person says why.",
    ]
    for campaign in shipped_campaigns().values():
        scenes, tests = shown(campaign)
        lines += [
            "",
            f"## {campaign.id}",
            "",
            campaign.title,
            "",
            "| rule | entry | code | severity | clause | shown by, or why a person decides |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_line(row, scenes, tests) for row in rows(campaign)]
    return "\n".join(lines) + "\n"


def _line(
    row: Row, scenes: Mapping[tuple[str, str], Sequence[str]], tests: Mapping[str, Sequence[str]]
) -> str:
    found = [
        (code, names)
        for (number, code), names in sorted(scenes.items())
        if number == row.number and (code in row.codes or not row.codes)
    ]
    codes = tuple(dict.fromkeys(code for code, _ in found)) if row.codes else ()
    codes = codes or row.codes
    told = list(dict.fromkeys(name for _, names in found for name in names[:_MOST]))[:_MOST]
    proof = [f"scene `{name}`" for name in told]
    proof += [f"`{name}`" for name in tests.get(row.number, ())[: _MOST if not told else 1]]
    where = row.reason or ", ".join(proof)
    cells = (row.number, row.what, ", ".join(f"`{c}`" for c in codes), row.severity, row.clause)
    return "| " + " | ".join(_cell(cell) for cell in (*cells, where)) + " |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
