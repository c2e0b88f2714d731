"""Programs that stand for the office program and behave badly, and what it is asked with."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

_START = """#!/bin/sh
echo started >> {log}
while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done
case "$1" in --*) exit 0;; esac
mkdir -p "$out"
"""


def office(folder: Path, deed: str) -> Path:
    """A program that does this (a shell line; $1 is the document, $out where results go)."""
    program = folder / "office"
    program.write_text(_START.format(log=folder / "log") + deed + "\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def runs(folder: Path) -> int:
    """How often it was asked for a document; the first start of all makes the profile."""
    log = folder / "log"
    return len(log.read_text().splitlines()) - 1 if log.exists() else 0


def saved_as(content: bytes, before: str, after: str) -> bytes:
    """A document saved by the real office program in another format."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"form.{before}"
        source.write_bytes(content)
        program = shutil.which("soffice")
        assert program, "soffice is missing: apt-get install libreoffice-writer-nogui"
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", after, "--outdir", str(folder / "out")),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (folder / "out" / f"form.{after}").read_bytes()


_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("draw", "drawing"), ("table", "table"),
        ("svg", "svg-compatible"), ("manifest", "manifest"), ("form", "form"),
    )
)  # fmt: skip


def open_document(kind: str, body: str) -> bytes:
    """An OpenDocument file (kind text or spreadsheet) with this XML in its body."""
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    content = (
        f'<office:document-content {_NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'office:version="1.2"><office:body><office:{kind}>{body}</office:{kind}>'
        "</office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest {_NAMESPACES} manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", media_type)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()
