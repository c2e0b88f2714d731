"""Samples as scans: printed, stamped over the place for the seal, laid askew, grainy.

The lean, the grain and the file differ from sample to sample but not from run to run,
so that two measurements can be held against each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pypdfium2
from scanned import Picture, pictures, saved, scanned, scanned_pdf, stamped

from corpus.sample import Sample

#: degrees askew, grain (standard deviation, of 255), unsharpness (pixels): by turns
_WAYS = ((0.8, 8, 0.6), (-1.2, 6, 0.5), (0.3, 12, 0.7), (-0.5, 8, 0.8), (1.6, 10, 0.6))
#: where the seal goes, as it is printed; the last one on the paper
_SEAL_PLACES = ("盖章", "签章", "（章）", "公章")
_ABOUT = (
    "章为准",
    "加盖公章",
    "需公章",
    "需盖章",
    "公章一致",
    "公章原件",
)  #: notes that speak of it


def chosen(corpus: Iterable[Sample]) -> list[Sample]:
    """The first sample of every form and text of every campaign: the plain fill."""
    first: dict[tuple[str, str], Sample] = {}
    for sample in corpus:
        first.setdefault((sample.campaign, sample.kind), sample)
    return list(first.values())


def scan(pdf: bytes, number: int) -> tuple[str, bytes]:
    """A printed sample as a file out of the scanner: its ending, its bytes.

    A sheet alone comes as a picture every second time; all else is a PDF of pictures.
    """
    lean, grain, blur = _WAYS[number % len(_WAYS)]
    places = dict(_seal_place(pdf))
    pages: list[Picture] = []
    for page, picture in enumerate(pictures(pdf)):
        inked = stamped(picture, places[page]) if page in places else picture
        pages.append(scanned(inked, lean=lean, grain=grain, blur=blur, seed=number))
    if len(pages) == 1 and number % 2:
        return "png", saved(pages[0], "PNG")
    return "pdf", scanned_pdf(*pages)


def _seal_place(pdf: bytes) -> list[tuple[int, tuple[float, float]]]:
    """The page and the point, in shares of its width and height, of the last place for a seal."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document) - 1, -1, -1):
            page = document[number]
            at = _last_on(page)
            if at is not None:
                width, height = page.get_size()
                # whole on the paper, as people stamp
                across = min(max(at[0] / width, 0.12), 0.88)
                down = min(max(1 - at[1] / height, 0.1), 0.9)
                return [(number, (across, down))]
    return []


def _last_on(page: Any) -> tuple[float, float] | None:
    """The middle of the last such word on a page, in points from the lower left."""
    text = page.get_textpage()
    found = []
    for word in _SEAL_PLACES:
        search = text.search(word)
        while (hit := search.get_next()) is not None:
            start, count = hit
            around = text.get_text_range(max(0, start - 2), count + 4)
            if not any(note in around for note in _ABOUT):
                found.append(start)
        search.close()
    if not found:
        return None
    left, bottom, right, top = text.get_charbox(max(found))
    return (left + right) / 2, (bottom + top) / 2
