"""Pages as scanners and cameras give them: printed, stamped, laid on askew, grainy."""

from __future__ import annotations

import io
import math
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_DPI = 200
_FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
_RED = (214, 40, 44)

Picture = NDArray[np.uint8]


def printed_pages(folder: Path, **words: bytes) -> dict[str, list[Picture]]:
    """Word files printed by LibreOffice: the pages of each as pictures at 200 dpi."""
    files = []
    for name, content in words.items():
        files.append(folder / f"{name}.docx")
        files[-1].write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=240)
    return {name: pictures((folder / f"{name}.pdf").read_bytes()) for name in words}


def pictures(pdf: bytes) -> list[Picture]:
    """The pages of a PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=_DPI / 72).to_pil().convert("RGB") for page in document]
    return [np.asarray(page) for page in pages]


def stamped(
    picture: Picture, at: tuple[float, float] = (0.6, 0.5), *, faint: float = 1.0
) -> Picture:
    """A round red seal around a point given in shares of width and height."""
    height, width = picture.shape[:2]
    radius = round(width * 0.095)
    layer = Image.new("RGB", (2 * radius + 8, 2 * radius + 8), "white")
    draw, middle = ImageDraw.Draw(layer), radius + 4
    draw.ellipse((4, 4, 2 * radius + 4, 2 * radius + 4), outline=_RED, width=6)
    star = [
        (middle + radius * 0.3 * math.sin(k * 4 * math.pi / 5),
         middle - radius * 0.3 * math.cos(k * 4 * math.pi / 5))
        for k in range(5)
    ]  # fmt: skip
    draw.polygon(star, fill=_RED)
    font = ImageFont.truetype(_FONT, round(radius * 0.24))
    for number, letter in enumerate("湘江重工装备有限公司"):
        angle = math.radians(-125 + number * 250 / 9)
        tile = Image.new("RGB", (radius // 3, radius // 3), "white")
        ImageDraw.Draw(tile).text((2, -4), letter, fill=_RED, font=font)
        tile = tile.rotate(-math.degrees(angle), fillcolor="white")
        x = middle + radius * 0.76 * math.sin(angle) - tile.width / 2
        y = middle - radius * 0.76 * math.cos(angle) - tile.height / 2
        layer.paste(tile, (round(x), round(y)))
    ink = 255 - (255 - np.asarray(layer, np.float32)) * faint
    left, top = round(at[0] * width) - middle, round(at[1] * height) - middle
    result = picture.astype(np.float32)
    part = result[top : top + ink.shape[0], left : left + ink.shape[1]]
    part *= ink[: part.shape[0], : part.shape[1]] / 255
    return result.astype(np.uint8)


def scanned(
    picture: Picture, *, lean: float = 0.8, grain: float = 8, blur: float = 0.6, seed: int = 1
) -> Picture:
    """Laid on askew (degrees), unsharp, grainy, on paper that is not quite white."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), lean, 1)
    askew = cv2.warpAffine(
        picture, turn, (width, height), borderValue=(250, 250, 250), flags=cv2.INTER_CUBIC
    )
    soft = cv2.GaussianBlur(askew, (0, 0), blur).astype(np.float32)
    noise = np.random.default_rng(seed).normal(0, grain, soft.shape)
    return np.clip(soft * 0.93 + 5 + noise, 0, 255).astype(np.uint8)


def photographed(picture: Picture) -> Picture:
    """By hand: seen at an angle, in the light of one window."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array(
        [[width * 0.03, height * 0.02], [width * 0.97, height * 0.03],
         [width * 0.995, height * 0.98], [width * 0.01, height * 0.97]], np.float32,
    )  # fmt: skip
    view = cv2.getPerspectiveTransform(corners, seen)
    paper = cv2.warpPerspective(picture, view, (width, height), borderValue=(120, 110, 100))
    light = np.linspace(1.0, 0.62, width, dtype=np.float32)[None, :, None]
    return np.clip(cv2.GaussianBlur(paper, (0, 0), 0.8) * light, 0, 255).astype(np.uint8)


def saved(picture: Picture, kind: str = "JPEG", **options: object) -> bytes:
    """As a file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, kind, **options)
    return buffer.getvalue()


def scanned_pdf(*pages: Picture) -> bytes:
    """A PDF of pictures, as office machines send it."""
    first, *rest = map(Image.fromarray, pages)
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=rest, resolution=_DPI)
    return buffer.getvalue()
