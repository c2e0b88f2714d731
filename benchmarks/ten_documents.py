"""What the limited child costs: a mail of ten documents read there and in this process.

The fixture is one mail with ten Word forms of 60 rows by 4 columns as Word writes them
(read_form.py), each with another name in it. Timed in turn, 25 rounds after two to warm
up, medians of wall time:

    in process   parsers.documents.read_document of each of the ten
    one child    mailbot.reading.reader.Reader.read of the archived mail: taken apart, read,
                 answered over the pipe; the child has been started before

Goal: one child / in process at most 1.3. Nothing is gated. Run it with
``python benchmarks/ten_documents.py``.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

from docx import Document
from read_form import form

from mailbot.catalogue import load_campaigns, spec_sets
from mailbot.reading.child import Bounds
from mailbot.reading.reader import Reader
from parsers.documents import read_document
from parsers.forms.reader import FormReader

DOCUMENTS, ROUNDS = 10, 25
TYPE = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def documents() -> list[tuple[str, bytes]]:
    """Ten files, no two alike."""
    made = []
    for number in range(DOCUMENTS):
        document = Document(io.BytesIO(form()))
        document.add_paragraph(f"第{number}份")
        buffer = io.BytesIO()
        document.save(buffer)
        made.append((f"申报表{number}.docx", buffer.getvalue()))
    return made


def main() -> None:
    """Print medians and the ratio."""
    files = documents()
    message = EmailMessage()
    message["From"], message["To"] = "zhou@xiangjiang.example", "box@example.org"
    message["Subject"] = "申报材料"
    message.set_content("见附件。")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype=TYPE, filename=name)
    specs = spec_sets(load_campaigns(None, ["hunan-2026"]))
    forms = FormReader(specs)
    here, there = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        Reader(specs, bounds=Bounds(mails=1_000), workers=1) as reader,
    ):
        path = Path(folder, "mail.eml")
        path.write_bytes(message.as_bytes())
        for _ in range(ROUNDS + 2):
            began = time.perf_counter()
            for name, content in files:
                read_document(name, content, forms)
            between = time.perf_counter()
            assert len(reader.read(path).documents) == DOCUMENTS
            here.append(between - began)
            there.append(time.perf_counter() - between)
    base, child = statistics.median(here[2:]), statistics.median(there[2:])
    print(f"in process               {base * 1000:8.2f} ms for {DOCUMENTS} documents")
    print(f"one child                {child * 1000:8.2f} ms for the mail")
    print(f"one child / in process   {child / base:8.2f}  (goal: at most 1.3)")


if __name__ == "__main__":
    main()
