"""Blocks read back from JSON: every shape is checked."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.blockcodec import BlockError, blocks_from_json, blocks_to_json
from parsers.codec import CodecError, document_from_json, document_to_json
from parsers.model import Block, Cell, Document, Grid, Line


def nested(depth: int) -> Grid:
    """A grid with so many grids inside each other."""
    grid = Grid(rows=(), where="内")
    for _ in range(depth):
        grid = Grid(rows=((Cell(row=0, col=0, grids=(grid,)),),), where="表1")
    return grid


def test_lines_and_grids_keep_their_order() -> None:
    """A line, a grid, a line."""
    blocks: tuple[Block, ...] = (Line(text="一"), nested(2), Line(text="二", heading=True))

    assert blocks_from_json(blocks_to_json(blocks)) == blocks


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [1],
        [{}],
        [{"line": 1, "where": "", "heading": False}],
        [{"line": "", "where": "", "heading": 1}],
        [{"rows": [[]]}],
        [{"rows": [1], "where": ""}],
        [{"rows": [[{"text": "", "where": ""}]], "where": ""}],
        [{"rows": [[{"at": [0, 0, 1], "text": "", "where": ""}]], "where": ""}],
        [{"rows": [[{"at": [0, 0, 1, -1], "text": "", "where": ""}]], "where": ""}],
        [{"rows": [[{"at": [0, 0, 1, True], "text": "", "where": ""}]], "where": ""}],
        [{"rows": [[{"at": [0, 0, 1, 1], "text": None, "where": ""}]], "where": ""}],
        [{"rows": [[{"at": [0, 0, 1, 1], "text": "", "where": "", "grids": [1]}]], "where": ""}],
    ],
)
def test_another_shape_is_refused(wrong: Any) -> None:
    """Nothing is guessed; and the document it belongs to is refused with it."""
    with pytest.raises(BlockError):
        blocks_from_json(wrong)
    with pytest.raises(CodecError):
        document_from_json({**document_to_json(Document(file="x", sha256="")), "blocks": wrong})


def test_grids_within_grids_end_somewhere() -> None:
    """At the bound they are taken, one deeper they are not."""
    blocks_from_json(blocks_to_json((nested(64),)))
    with pytest.raises(BlockError, match="depth"):
        blocks_from_json(blocks_to_json((nested(65),)))
