"""Where a key stands in a TOML text.

The parsers of TOML give values without positions; a person who has to mend a
file needs the line. This room walks the syntax tree of the text and answers
with lines. It refuses to judge the values, and it does no reading of files.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

_LANGUAGE = Language(tree_sitter_toml.language())

_KEYS = ("bare_key", "quoted_key", "dotted_key")


@dataclass(slots=True)
class _Spot:
    """One table, array or value of the text while the tree is built."""

    line: int
    named: dict[str, _Spot] = field(default_factory=dict)
    items: list[_Spot] = field(default_factory=list)
    is_list: bool = False


class Places:
    """The lines of all keys of one TOML text (UTF-8; damaged text gives what can be seen)."""

    def __init__(self, source: bytes) -> None:
        self._root = _Spot(1)
        for node in (
            Parser(_LANGUAGE).parse(source.removeprefix(codecs.BOM_UTF8)).root_node.named_children
        ):
            if node.type == "pair":
                _add_pair(self._root, node)
            elif node.type in ("table", "table_array_element"):
                self._add_section(node)

    def find(self, path: Sequence[str | int]) -> tuple[int, tuple[str | int, ...]]:
        """The 1-based line of the deepest part of ``path`` that exists, and that part.

        Names that are not in the text but whose successor is (pydantic puts the
        tag of a discriminated union into its paths) are stepped over.
        """
        spot, found = self._root, []
        rest = list(path)
        while rest:
            step = rest.pop(0)
            inner = _child(spot, step)
            if inner is None:
                if rest and _child(spot, rest[0]) is not None:
                    continue
                break
            spot = inner
            found.append(step)
        return spot.line, tuple(found)

    def _add_section(self, node: Node) -> None:
        names: list[tuple[str, int]] = []
        spot: _Spot | None = None
        for child in node.named_children:
            if child.type in _KEYS and spot is None:
                names = _names(child)
                spot = self._open(names, repeated=node.type == "table_array_element")
            elif child.type == "pair" and spot is not None:
                _add_pair(spot, child)

    def _open(self, names: Sequence[tuple[str, int]], *, repeated: bool) -> _Spot:
        spot = self._root
        for name, line in names[:-1]:
            spot = _last(spot.named.setdefault(name, _Spot(line)))
        name, line = names[-1]
        section = spot.named.setdefault(name, _Spot(line))
        if not repeated:
            return _last(section)
        section.is_list = True
        section.items.append(_Spot(line))
        return section.items[-1]


def find_place(source: bytes, path: Sequence[str | int]) -> int:
    """The 1-based line of the key at ``path`` (a pydantic ``loc``) in a TOML text.

    The nearest existing ancestor where the key is absent; 1 where nothing of
    the path exists.
    """
    return Places(source).find(path)[0]


def syntax_line(error: tomllib.TOMLDecodeError) -> int:
    """The 1-based line a syntax error names; 1 where it names none.

    The attribute ``lineno`` exists from Python 3.14 only; the words
    "(at line X, column Y)" have been there from the start.
    """
    line = getattr(error, "lineno", None)
    if isinstance(line, int):
        return line
    match = re.search(r"\(at line (\d+), column \d+\)", str(error))
    return int(match.group(1)) if match else 1


def _child(spot: _Spot, step: str | int) -> _Spot | None:
    if isinstance(step, int):
        return spot.items[step] if spot.is_list and 0 <= step < len(spot.items) else None
    return spot.named.get(step)


def _last(spot: _Spot) -> _Spot:
    """A header below an array of tables belongs to its last table. TOML 1.0."""
    return spot.items[-1] if spot.items else spot


def _names(node: Node) -> list[tuple[str, int]]:
    """The parts of a key with the line each stands on."""
    if node.type == "dotted_key":
        return [part for child in node.named_children for part in _names(child)]
    text = (node.text or b"").decode("utf-8", "replace")
    if node.type == "quoted_key":
        try:
            text = next(iter(tomllib.loads(f"{text} = 0")))
        except tomllib.TOMLDecodeError:
            text = text.strip("\"'")
    return [(text, node.start_point[0] + 1)]


def _add_pair(spot: _Spot, pair: Node) -> None:
    """Enter ``key = value`` below a table; a dotted key opens the tables between."""
    parts = [child for child in pair.named_children if child.type != "comment"]
    if not parts or parts[0].type not in _KEYS:
        return
    for name, line in _names(parts[0]):
        spot = spot.named.setdefault(name, _Spot(line))
    for value in parts[1:2]:
        _add_value(spot, value)


def _add_value(spot: _Spot, value: Node) -> None:
    children = [child for child in value.named_children if child.type != "comment"]
    if value.type == "array":
        spot.is_list = True
        for child in children:
            item = _Spot(child.start_point[0] + 1)
            spot.items.append(item)
            _add_value(item, child)
    elif value.type == "inline_table":
        for child in children:
            _add_pair(spot, child)
