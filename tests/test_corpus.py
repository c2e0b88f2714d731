"""Every sample of the corpus is read whole, in Word and in Excel; slower formats: make accuracy."""

from __future__ import annotations

import functools

import pytest
from corpus import CAMPAIGNS, drawing
from corpus.measuring import Score, score
from corpus.sample import Sample

from mailbot.catalogue import shipped_campaigns, spec_sets
from parsers.documents import read_document
from parsers.forms import FormReader

SAMPLES = [sample for samples in CAMPAIGNS.values() for sample in samples()]


@functools.cache
def reader() -> FormReader:
    return FormReader(spec_sets(shipped_campaigns()))


def read(sample: Sample, name: str, data: bytes) -> Score:
    return score(sample, read_document(name, data, reader()))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.label)
def test_a_word_document_is_read_whole(sample: Sample) -> None:
    """Every value right, nothing read where nothing was written."""
    found = read(sample, f"{sample.file}.docx", drawing.word(sample.papers))
    assert (found.missed, found.wrong) == ((), ())


@pytest.mark.parametrize(
    "sample", [sample for sample in SAMPLES if sample.sheet], ids=lambda sample: sample.label
)
def test_a_spreadsheet_is_read_whole(sample: Sample) -> None:
    """The same paper in cells."""
    found = read(sample, f"{sample.file}.xlsx", drawing.sheets(sample))
    assert (found.missed, found.wrong) == ((), ())
