"""Text on a picture, by the optical recogniser of the extra ``ocr``.

The only room that knows the library. Its models come with its wheel: nothing is ever
fetched. It says which characters it sees where and how sure it is of a line; what the
lines mean is not known here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]

LONGEST = 2400  #: pixels of the longer side; the recogniser makes larger pictures smaller
_THREADS = 2
#: other shapes of characters, which forms do not use and the recogniser mixes up
_SHAPES = str.maketrans("別內戶說啟眞靑敎絕戸", "别内户说启真青教绝户")


@dataclass(frozen=True, slots=True, kw_only=True)
class Char:
    """One character; ``middle`` is where it stands, pixels from the left."""

    text: str
    middle: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line, or a part of one, in pixels from the upper left; blanks have no place."""

    chars: tuple[Char, ...]
    left: float
    top: float
    right: float
    bottom: float
    score: float  #: 0..1, the recogniser's own opinion
    upright: bool  #: False: it runs down the page

    def holds(self, across: float, down: float, reach: float) -> bool:
        """Does a point lie in the line, or so near to one of its ends?"""
        return self.left - reach <= across <= self.right + reach and self.top < down < self.bottom


def texts_on(gray: Gray) -> list[Text]:
    """The lines of a picture, in no certain order."""
    found: Any = _engine()(np.dstack([gray] * 3))
    if found.boxes is None:
        return []
    return [
        text
        for corners, line, score, chars in zip(
            found.boxes, found.txts, found.scores, found.word_results, strict=True
        )
        if (text := _text(corners, line, float(score), chars)) is not None
    ]


def _text(corners: Any, line: str, score: float, chars: Any) -> Text | None:
    across, down = corners[:, 0], corners[:, 1]
    middles = iter([float(np.mean([x for x, _y in box])) for _char, _score, box in chars])
    placed = tuple(_placed(line, middles))
    if not placed:
        return None
    left, right = float(across.min()), float(across.max())
    top, bottom = float(down.min()), float(down.max())
    upright = bottom - top < 1.5 * (right - left) or len(placed) == 1
    return Text(chars=placed, left=left, top=top, right=right, bottom=bottom, score=score, upright=upright)  # fmt: skip


def _placed(line: str, middles: Iterator[float]) -> Iterator[Char]:
    """The characters with their places; a blank stands where the one before it does."""
    at: float | None = None
    for sign in line.strip().translate(_SHAPES):
        if not sign.isspace():
            at = next(middles, at)
        if at is not None:
            yield Char(text=sign, middle=at)


@functools.cache
def _engine() -> Any:
    """The recogniser with its models loaded: 0.1 s, about 100 MB, and 0.9 GB at work."""
    # most processes never look at a picture, and the library is large
    import rapidocr  # noqa: PLC0415

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            # named, because it fetches what is not
            "Det.model_path": str(_model(models, "det")),
            "Rec.model_path": str(_model(models, "rec")),
            "Global.log_level": "critical",
            "Global.max_side_len": LONGEST,
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Global.return_single_char_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _model(folder: Path, task: str) -> Path:
    """The model for a task out of the wheel; FileNotFoundError where the wheel has none."""
    found = next(iter(sorted(folder.glob(f"*_{task}_*.onnx"))), None)
    if found is None:
        raise FileNotFoundError(folder / f"*_{task}_*.onnx")
    return found
