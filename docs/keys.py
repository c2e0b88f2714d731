"""Writes docs/keys.md: every field key of every shipped campaign with its printed label.

Run ``python docs/keys.py``; a test fails when the page is not what this writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mailbot.catalogue import shipped_campaigns
from parsers.spec import FieldSpec, FormSpec
from rules.notice.campaign import Campaign

PAGE = Path(__file__).with_name("keys.md")


def page() -> str:
    """The whole page."""
    lines = [
        "# Field keys",
        "",
        "Generated from the campaign data by `python docs/keys.py`. A key is the same for the",
        "same concept in all campaigns; the label is printed in the notice.",
    ]
    for campaign in shipped_campaigns().values():
        lines += ["", f"## {campaign.id}", "", campaign.title]
        for form in campaign.forms:
            lines += list(_form(form, campaign))
    return "\n".join(lines) + "\n"


def _form(form: FormSpec, campaign: Campaign) -> Iterator[str]:
    yield from ("", f"### `{form.kind}` {campaign.paper_name(form.kind)}")
    if form.assumption:
        yield from ("", form.assumption)
    if form.fields:
        yield from ("", "| key | label | type | must be filled |", "|---|---|---|---|")
        yield from (_row(entry) for entry in form.fields)
    for table in form.tables:
        yield from ("", f"List `{table.key}`:", "", "| key | label | type | must be filled |")
        yield "|---|---|---|---|"
        yield from (_row(column) for column in table.columns)
    if form.sections:
        yield from ("", "| section | title |", "|---|---|")
        yield from (f"| `{section.key}` | {section.title} |" for section in form.sections)


def _row(entry: FieldSpec) -> str:
    scope = f"{entry.scope[0]} › " if entry.scope else ""
    return f"| `{entry.key}` | {scope}{entry.label} | {entry.type.value} | {entry.must.value} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
