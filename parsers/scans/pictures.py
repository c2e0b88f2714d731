"""Pictures and scanned PDF files: opened within limits, looked at page by page, joined.

What was recognised is marked as such and never more than likely. Without the extra
``ocr`` nobody calls this room. Sizes are checked before anything is decoded; where
there are more pages than the limit allows, the first ones are read and a remark says so.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps

from parsers.damage import Damaged, broken
from parsers.limits import Limits
from parsers.model import Content, Problem, Seal
from parsers.portable.document import content_of
from parsers.portable.pages import Page
from parsers.scans.page import read_scan

Color: TypeAlias = NDArray[np.uint8]

_DPI = 200
_POINTS = 72  #: an inch
_LEAST = 200  #: pixels of the shorter side: smaller is an icon, no page
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP")
_CURE = "确认图片能正常打开，或改为可编辑的电子版"
#: how a photograph of a telephone begins that nothing here reads (ISO/IEC 23008-12, 10)
_TELEPHONE = (b"ftypheic", b"ftypheix", b"ftypmif1")
_TOO_LARGE = "图片尺寸过大，无法识别，请缩小图片，或改为可编辑的电子版后重新发送。"
_CONVERT = "图片为手机的 HEIC 格式，暂不能读取，请转存为 JPG 图片，或改为可编辑的电子版后重新发送。"
_FAULTS = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, struct.error)


class PictureReader:
    """Reads the pictures of one document as sent; counts its pages over all its members."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.max_scans

    def __call__(self, pictures: Sequence[bytes]) -> Content | None:
        """What stands on some pictures or scanned PDF files, one after the other.

        None where nothing was recognised. Raises :class:`parsers.damage.Damaged`.
        """
        pages: list[Page] = []
        seals: list[Seal] = []
        total = 0
        for content in pictures:
            is_pdf = content.startswith(b"%PDF-")
            shown = self._printed(content) if is_pdf else self._frames(content)
            for picture in shown:
                total += 1
                if picture is None or self._left <= 0:
                    continue
                self._left -= 1
                scan = read_scan(picture, len(pages) + 1)
                pages.append(scan.page)
                seals.append(scan.seal)
        found = content_of(pages, self._limits)
        return found and replace(
            found, source="ocr", seal=_gravest(seals), problems=_partly(len(pages), total)
        )

    def _frames(self, content: bytes) -> Iterator[Color | None]:
        """The pages of a picture file, upright as the camera says; None for those left out."""
        if content[4:12] in _TELEPHONE:
            raise Damaged("document.unreadable", _CONVERT)
        Image.MAX_IMAGE_PIXELS = None  # counted here
        try:
            # a library that warns of torn bytes goes on; whether they can be decoded is seen then
            with (
                warnings.catch_warnings(action="ignore"),
                Image.open(io.BytesIO(content), formats=_FORMATS) as file,
            ):
                for number in range(min(getattr(file, "n_frames", 1), self._limits.max_pages)):
                    if self._left <= 0 or (number and file.format == "GIF"):
                        yield None
                        continue
                    file.seek(number)
                    if file.width * file.height > self._limits.max_pixels:
                        raise Damaged("document.too_large", _TOO_LARGE)
                    if min(file.size) < _LEAST:
                        continue
                    upright = ImageOps.exif_transpose(file)
                    yield np.asarray(_on_white(upright), np.uint8)
        except _FAULTS as error:
            raise broken(_CURE) from error

    def _printed(self, content: bytes) -> Iterator[Color | None]:
        """The pages of a PDF at 200 dpi; None for those left out."""
        try:
            with pypdfium2.PdfDocument(content) as document:
                for number in range(min(len(document), self._limits.max_pages)):
                    if self._left <= 0:
                        yield None
                        continue
                    page = document[number]
                    width, height = page.get_size()
                    scale = min(
                        _DPI / _POINTS,
                        (self._limits.max_pixels / max(1.0, width * height)) ** 0.5,
                    )
                    yield np.asarray(page.render(scale=scale).to_pil().convert("RGB"), np.uint8)
                    page.close()
        except (pypdfium2.PdfiumError, *_FAULTS) as error:
            raise broken(_CURE) from error


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, as on paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return picture.convert("RGB")


def _gravest(seals: Sequence[Seal]) -> Seal:
    """Of all pages: a seal on any is a seal."""
    order: tuple[Seal, ...] = ("found", "unsure")
    return next((state for state in order if state in seals), "not_found")


def _partly(read: int, total: int) -> tuple[Problem, ...]:
    if read >= total:
        return ()
    message = (
        f"扫描件或图片共{total}页，只识别了前{read}页；其余请人工查看，或请改发可编辑的电子版。"
    )
    return (Problem(code="document.partial", message=message),)
