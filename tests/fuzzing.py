"""Throws coverage-guided nonsense at the readers: ``python tests/fuzzing.py TARGET --seconds 60``.

Three targets, each begun from the samples of the corpus:

    word      the XML of a Word document (mutated as XML, packed anew, so that the
              bytes reach the walk instead of breaking the checksum of the archive)
    archives  the bytes of .zip, .7z, .rar and .tar.gz files
    values    every type of value, with any text in its cell

What must hold: a document comes back for any bytes, JSON can carry it, a value that
was read stood somewhere, and a value is read, flagged or empty but never an exception. The fuzzer
adds that no input takes longer than ten seconds or more than 2 GB. It ends with 1 and
leaves the input in ``fuzz/`` when one is found.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import atheris
from lxml import etree

with atheris.instrument_imports(include=["parsers"]):
    from parsers.codec import document_to_json
    from parsers.documents import read_document
    from parsers.forms.reader import FormReader
    from parsers.limits import MEGABYTE, Limits
    from parsers.model import Document
    from parsers.spec import FieldSpec, FieldType
    from parsers.values.typed import read_value

from corpus import CAMPAIGNS, drawing
from officefiles import NAMESPACES, archive, docx

from mailbot.catalogue import shipped_campaigns, spec_sets

#: small, so that a bomb is refused before it costs the fuzzer's time
LIMITS = Limits(max_bytes=8 * MEGABYTE, max_part=8 * MEGABYTE, max_total=16 * MEGABYTE)
READER = FormReader(spec_sets(shipped_campaigns()))
SAMPLES = 3  #: of each campaign, to begin with
FOLDER = Path("fuzz")


def read(name: str, content: bytes) -> None:
    """The document comes back whole and can be told to another process."""
    document = read_document(name, content, READER, LIMITS)
    json.dumps(document_to_json(document, text=True))
    for leaf in document.leaves():
        check(leaf)


def check(document: Document) -> None:
    """What holds of every document, whatever it was made of."""
    for form in document.forms:
        for field in form.fields:
            assert field.value is None or field.raw or field.where, field
            assert 0.0 <= field.confidence <= 1.0, field


# ---- the targets --------------------------------------------------------------------------


def word(data: bytes) -> None:
    """The body of a document, as far as the parser of XML takes it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        read("表.docx", data)
        return
    read("表.docx", docx(text))


def archives(data: bytes) -> None:
    """Any bytes, under each name."""
    read("材料.zip", data)


_TYPES = tuple(FieldType)


def values(data: bytes) -> None:
    """A type, and what stands in the cell."""
    if not data:
        return
    kind = _TYPES[data[0] % len(_TYPES)]
    spec = FieldSpec(key="value", label="数量（万元）", type=kind, options=("产品", "企业", "团队"))
    text = data[1:].decode("utf-8", "replace")
    reading = read_value(spec, text)
    numbers = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.PERCENT, FieldType.MONEY)
    assert 0.0 <= reading.confidence <= 1.0
    if kind in numbers and reading.value is not None:
        assert isinstance(reading.value, int | float)
        assert any(letter.isnumeric() or letter in "无〇零百半" for letter in text), text
    json.dumps(reading.value)


# ---- where they begin -----------------------------------------------------------------------


def _bodies() -> Iterator[bytes]:
    for samples in CAMPAIGNS.values():
        for sample in samples()[:SAMPLES]:
            with zipfile.ZipFile(io.BytesIO(drawing.word(sample.papers))) as package:
                tree = etree.fromstring(package.read("word/document.xml"))
            body = b"".join(etree.tostring(child, encoding="utf-8") for child in tree[0])
            for declared in NAMESPACES.split():
                body = body.replace(f" {declared}".encode(), b"")
            yield body


def _packed() -> Iterator[bytes]:
    for samples in CAMPAIGNS.values():
        sample = samples()[0]
        inner = archive({"表.docx": drawing.word(sample.papers)})
        yield inner
        yield archive({"内.zip": inner, "说明.txt": "说明".encode("gbk")})
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            entry = tarfile.TarInfo("内.zip")
            entry.size = len(inner)
            tar.addfile(entry, io.BytesIO(inner))
        yield buffer.getvalue()
    documents = Path(__file__).parent / "documents"
    for path in sorted(documents.iterdir()):
        if path.suffix in (".rar", ".7z"):
            yield path.read_bytes()


def _texts() -> Iterator[bytes]:
    for samples in CAMPAIGNS.values():
        for sample in samples():
            for number, value in enumerate(sample.values.values()):
                yield bytes([number % len(_TYPES)]) + str(value).encode()


TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], Iterator[bytes]]]] = {
    "word": (word, _bodies),
    "archives": (archives, _packed),
    "values": (values, _texts),
}


def main() -> None:
    """Run one target for the time given; never returns."""
    options = argparse.ArgumentParser(description="Fuzz one of the readers.")
    options.add_argument("target", choices=TARGETS)
    options.add_argument("--seconds", type=int, default=60)
    chosen = options.parse_args()
    target, seeds = TARGETS[chosen.target]
    folder = FOLDER / chosen.target
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
    command = [
        sys.argv[0],
        str(folder),
        f"-max_total_time={chosen.seconds}",
        "-timeout=10",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={FOLDER}/{chosen.target}-",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    atheris.Setup(command, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
