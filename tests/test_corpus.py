"""Every sample of the corpus is read whole, in Word and in Excel; slower formats: make accuracy."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest
from corpus import CAMPAIGNS, drawing
from corpus.measuring import Score, score
from corpus.sample import Sample

from mailbot.catalogue import shipped_campaigns, spec_sets
from parsers.documents import read_document
from parsers.forms.reader import FormReader
from parsers.limits import Limits
from parsers.model import Line
from parsers.word.document import read_word

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


#: a title without the association's name, over the same labels as another campaign's form
SHARED = {("china-machinery-2024", "story_form")}
TEXTS = {
    form.kind for c in shipped_campaigns().values() for form in c.forms if form.layout == "text"
}
#: of each printed form the plain fill
PLAIN = {
    (sample.campaign, sample.kind): sample for sample in SAMPLES[::-1] if sample.kind not in TEXTS
}


@pytest.mark.parametrize("sample", PLAIN.values(), ids=lambda sample: sample.label)
def test_a_form_is_taken_for_no_other_campaign_s(sample: Sample) -> None:
    """Title and labels tell, where several campaigns have forms of one kind."""
    document = read_document("表.docx", drawing.word(sample.papers), reader())
    told = {form.campaigns for leaf in document.leaves() for form in leaf.forms}
    shared = (sample.campaign, sample.kind) in SHARED

    assert all(sample.campaign in campaigns for campaigns in told)
    assert {len(campaigns) for campaigns in told} == {2 if shared else 1}


def test_a_section_s_heading_is_no_title_though_read_badly() -> None:
    """Off a picture, where characters of it were lost, over each of a form's lists."""
    sample = PLAIN["henan-2020", "review_rollup"]
    badly = {
        "一、质量管理小组成果评审": "一、质量管理组成果评",
        "二、质量信得过班组材料评审": "二、质量信得过组评",
    }
    content = read_word(drawing.word(sample.papers), Limits())
    text = "\n".join(block.text for block in content.blocks if isinstance(block, Line))
    assert all(printed in text for printed in badly)
    blocks = tuple(
        replace(
            block, text=functools.reduce(lambda t, one: t.replace(*one), badly.items(), block.text)
        )
        if isinstance(block, Line)
        else block
        for block in content.blocks
    )

    (form,) = reader().read(replace(content, blocks=blocks), "表.pdf")

    assert [len(table.rows) for table in form.tables] == [2, 1]
