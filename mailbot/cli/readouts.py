"""A document read, in a terminal: an archive as a tree, each form as tables, doubts in words.

Fits the width there is: long values are cut with their length, a list that is too
wide is told row by row. Colour never stands alone; a pipe gets none.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from mailbot.cli import screen
from mailbot.letters.wording import shorten
from mailbot.reports.readout import WORDS, Entry, FormReadout, Listing, Mark, Readout
from parsers.model import Section

_COLOURS = {Mark.DOUBT: "yellow", Mark.UNREAD: "yellow", Mark.EMPTY: "red", Mark.BLANK: "dim"}
_NARROW = 100  #: columns of the terminal below which doubts have no column of their own
_ROWS = 200  #: of a list that are shown
_READABLE = 14  #: columns of the terminal below which a wide column is hard to read
_FRAME = 3  #: columns of the terminal that a column's borders take
_LINES = 3  #: a value is cut at about so many widths of the terminal


def show(document: Readout, console: Console) -> None:
    """Print everything about one file."""
    if document.members:
        tree = Tree(_line(document))
        for message, code in document.problems:
            tree.add(_problem(message, code))
        _grow(tree, document)
        console.print(tree)
        for leaf in document.leaves():
            if leaf.forms:
                console.print()
                _details(leaf, console)
    else:
        _details(document, console)
    console.print()


def _grow(tree: Tree, document: Readout) -> None:
    for member in document.members:
        branch = tree.add(_line(member))
        for message, code in member.problems:
            branch.add(_problem(message, code))
        for form in member.forms:
            branch.add(f"{_heading(form)}　{escape(form.counts)}")
        if member.silence:
            branch.add(f"[dim]{escape(member.silence)}[/]")
        _grow(branch, member)


def _line(document: Readout) -> str:
    facts = [f"{document.format_name} {document.format}"]
    if document.members:
        facts.append(f"{len(document.members)} 个文件")
    elif document.characters is not None:
        facts.append(f"{document.characters} 字")
    if document.converted:
        facts.append("经转换读取，位置以转换后的文档为准")
    return f"[bold]{escape(document.name)}[/]（{escape('，'.join(facts))}）"


def _problem(message: str, code: str) -> str:
    return f"[red]问题：{escape(message)}[/]（{escape(code)}）"


def _details(document: Readout, console: Console) -> None:
    """One file that is no archive, or an archive nothing came out of."""
    console.print(_line(document), soft_wrap=True)
    for message, code in document.problems:
        console.print(_problem(message, code), soft_wrap=True)
    if document.silence:
        console.print(escape(document.silence), soft_wrap=True)
    for form in document.forms:
        _form(form, console)


def _heading(form: FormReadout) -> str:
    sure = f"把握 {form.confidence:.0%}"
    if not form.sure:
        sure = f"[yellow]{sure}，偏低，请人工核对[/]"
    return f"[bold]{escape(form.title or '（无标题）')}[/]　{escape(form.kind)}　{sure}"


def _form(form: FormReadout, console: Console) -> None:
    console.print()
    console.print(_heading(form), soft_wrap=True)
    if form.foreign:
        console.print(f"[yellow]不是本活动的表：{escape(form.foreign)}[/]", soft_wrap=True)
    elif len(form.campaigns) > 1:
        console.print(f"活动：{escape('、'.join(form.campaigns))}，尚不能区分", soft_wrap=True)
    else:
        console.print(f"活动：{escape(''.join(form.campaigns) or '未知')}", soft_wrap=True)
    facts = [form.counts, f"{form.characters} 字" if form.characters else "", form.where]
    console.print(escape("　".join(filter(None, facts))), soft_wrap=True)
    if form.entries:
        console.print(_entries(form.entries, console.width))
    for listing in form.lists:
        _listing(listing, console)
    if form.sections:
        rows = [_section(section) for section in form.sections]
        console.print(screen.table("", ("要求的内容", "有无", "位置"), rows))


def _entries(entries: tuple[Entry, ...], width: int) -> Table:
    """Doubts stand in a column of their own, or below the value where the terminal is narrow."""
    columns = ["栏目", "值", "位置", "疑问"]
    beside = width >= _NARROW
    rows: list[tuple[object, ...]] = []
    for entry in entries:
        value, notes = _value(entry, width * _LINES // 4), _notes(entry)
        if not beside and notes:
            value = screen.Marked(f"{value}\n{notes}")
        rows.append((entry.label, value, entry.where, *((notes,) if beside else ())))
    made = screen.table("", columns[: 4 if beside else 3], rows)
    made.columns[0].max_width = width // 4
    made.columns[2].no_wrap = True
    for column in made.columns[3:]:
        column.max_width = width // 4
    return made


def _value(entry: Entry, limit: int) -> screen.Marked:
    """The value, cut with its length; where there is none, a word for that."""
    if not entry.seen:
        return screen.Marked(_coloured(f"（{WORDS[entry.mark]}）", entry.mark))
    text = entry.seen
    if len(text) > limit:
        text = f"{shorten(text, limit)}（共 {len(text)} 字）"
    return screen.Marked(_coloured(text, entry.mark))


def _notes(entry: Entry) -> screen.Marked:
    word = f"{WORDS[entry.mark]}：" if entry.mark in (Mark.DOUBT, Mark.UNREAD) else ""
    notes = list(entry.notes)
    if entry.seen and entry.confidence < 1:
        notes.append(f"把握 {entry.confidence:.0%}")
    return screen.Marked(_coloured(word + "；".join(notes), entry.mark))


def _coloured(text: str, mark: Mark) -> str:
    colour = _COLOURS.get(mark)
    return f"[{colour}]{escape(text)}[/]" if colour and text else escape(text)


def _section(section: Section) -> tuple[object, ...]:
    mark = "[green]有[/]" if section.found else "[red]缺[/]"
    return section.title, screen.Marked(mark), section.where


# ---- lists --------------------------------------------------------------------------


def _listing(listing: Listing, console: Console) -> None:
    title = f"{listing.name}：{len(listing.rows)} 行"
    shown = listing.rows[:_ROWS]
    texts = [[_cell(cell) for cell in row.cells] for row in shown]
    if _fits(listing, texts, console.width):
        rows: list[list[object]] = [
            [row.where, *cells] for row, cells in zip(shown, texts, strict=True)
        ]
        made = screen.table(title, ("位置", *listing.columns), rows)
    else:
        records = [
            (row.where, _record(listing.columns, cells))
            for row, cells in zip(shown, texts, strict=True)
        ]
        made = screen.table(title, ("位置", "内容"), records)
        made.show_lines = True
    made.columns[0].min_width = max((cell_len(row.where) for row in shown), default=0)
    console.print(made)
    for note in _remarks(listing):
        console.print(note, soft_wrap=True)


def _cell(entry: Entry) -> screen.Marked:
    """The value with its doubts behind it, because a list has no column for them."""
    notes = _notes(entry) if entry.mark is not Mark.EMPTY else ""
    return screen.Marked(
        "".join(filter(None, (_value(entry, 80), f"（{notes}）" if notes else "")))
    )


def _fits(listing: Listing, rows: list[list[screen.Marked]], width: int) -> bool:
    """Is there room for the columns side by side, without breaking each word?"""
    places = max((cell_len(row.where) for row in listing.rows[:_ROWS]), default=0)
    needed = places + _FRAME
    for column, label in enumerate(listing.columns):
        widest = max([cell_len(label), *(cell_len(row[column]) for row in rows)])
        needed += min(widest, _READABLE) + _FRAME
    return needed <= width


def _record(columns: tuple[str, ...], cells: list[screen.Marked]) -> screen.Marked:
    """One row as 栏目：值 in turn."""
    pairs = zip(columns, cells, strict=True)
    return screen.Marked("　".join(f"[dim]{escape(label)}：[/]{cell}" for label, cell in pairs))


def _remarks(listing: Listing) -> Iterator[str]:
    if len(listing.rows) > _ROWS:
        rest = len(listing.rows) - _ROWS
        yield f"另有 {rest} 行未显示，请用 --html 或 --json 查看。"
    if listing.missing:
        yield f"[red]表中未找到应有的栏目：{escape('、'.join(listing.missing))}[/]"
