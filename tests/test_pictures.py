"""Picture files and scanned PDF: what is opened, what is refused, what is left out."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from scanned import Picture, saved, scanned_pdf

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.model import Content, Line
from parsers.scans.pictures import PictureReader

FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"


def sheet(text: str) -> Picture:
    """A small page with one line."""
    page = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(page).text((60, 100), text, fill="black", font=ImageFont.truetype(FONT, 48))
    return np.asarray(page)


def lines(content: Content | None) -> list[str]:
    assert content is not None
    return [block.text for block in content.blocks if isinstance(block, Line)]


def read(*pictures: bytes, **limits: int) -> Content | None:
    return PictureReader(Limits(**limits))(pictures)


def test_the_pages_of_a_picture_file_follow_each_other() -> None:
    """A fax in TIFF; what is over the limit is left out, and it is said."""
    first, second = Image.fromarray(sheet("第一页内容")), Image.fromarray(sheet("第二页内容"))
    fax = saved(np.asarray(first), "TIFF", save_all=True, append_images=[second])
    found = read(fax, max_scans=1)

    assert found is not None
    assert lines(found) == ["第一页内容"]
    assert (found.source, found.seal) == ("ocr", "not_found")
    assert [problem.code for problem in found.problems] == ["document.partial"]
    assert "共2页" in found.problems[0].message


def test_pages_over_the_limit_count_for_the_whole_document() -> None:
    """An archive of photographs is one document as sent."""
    reader = PictureReader(Limits(max_scans=1))
    assert reader([saved(sheet("照片"), "PNG")]) is not None
    left = reader([scanned_pdf(sheet("照片"))])
    assert left is None


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1"])
def test_a_photograph_of_a_telephone_is_not_called_broken(brand: bytes) -> None:
    """It is sound, only nothing here reads it: another format is asked for."""
    with pytest.raises(Damaged, match=r"HEIC.*JPG"):
        read(b"\0\0\0\x18ftyp" + brand + bytes(500))


def test_a_picture_on_its_side_by_the_camera_is_upright() -> None:
    """The orientation of EXIF, and transparency on white."""
    turned = Image.fromarray(np.rot90(sheet("湘江重工"), 3).copy())
    exif = Image.Exif()
    exif[0x0112] = 8
    assert lines(read(saved(np.asarray(turned), "JPEG", exif=exif))) == ["湘江重工"]


def test_a_blank_is_seen_and_a_mouth_is_no_box() -> None:
    """Two labels in one line; a word with the character that looks like a box."""
    (line,) = lines(read(saved(sheet("归口单位   质量部   区县   望城"), "PNG")))
    assert line.split() == ["归口单位", "质量部", "区县", "望城"]


def test_icons_are_not_looked_at() -> None:
    """A logo in a signature is no page."""
    assert read(saved(sheet("标志")[:199], "PNG")) is None


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    """A bomb of a few bytes; at the limit it is looked at."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))  # fmt: skip
    with pytest.raises(Damaged) as refused:
        read(bomb + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")))
    assert refused.value.problem.code == "document.too_large"
    with pytest.raises(Damaged):
        read(saved(sheet("满")), max_pixels=900 * 300 - 1)
    assert read(saved(sheet("湘江重工"), "PNG"), max_pixels=900 * 300) is not None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "TIFF", "GIF", "WEBP"])
def test_a_torn_picture_is_damage(kind: str) -> None:
    """With a cure."""
    with pytest.raises(Damaged) as torn:
        read(saved(sheet("内容"), kind)[:60])
    assert torn.value.problem.code == "document.unreadable"
    assert "请" in torn.value.problem.message


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_damage(data: bytes) -> None:
    """Behind the mark of a picture."""
    for mark in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"%PDF-1.4\n"):
        with pytest.raises(Damaged):
            read(mark + data)
