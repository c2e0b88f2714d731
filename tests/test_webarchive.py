"""Web archives: the page in the wrapping, and its frames where it only sets them up."""

import email.policy
import quopri
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from pathlib import Path

import pytest
from filledforms import reader
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.damage import Damaged
from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Content, Line
from parsers.web.archive import read_web

PAGE = (Path(__file__).parent / "documents" / "team_form.html").read_bytes()


def page(content: bytes, *, charset: str = "", place: str = "", key: str = "") -> MIMEBase:
    part = MIMEBase("text", "html", **({"charset": charset} if charset else {}))
    part.set_payload(quopri.encodestring(content).decode("ascii"))
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part["Content-Location"] = place or "file:///C:/page.htm"
    if key:
        part["Content-ID"] = key
    return part


def archive(*pages: MIMEBase, start: str = "") -> bytes:
    """As Word and WPS save it: no addressee, no date."""
    whole = MIMEMultipart("related", type="text/html", **({"start": start} if start else {}))
    for part in pages:
        whole.attach(part)
    picture = MIMEBase("image", "png")
    picture.set_payload(b"\x89PNG")
    whole.attach(picture)
    return whole.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))


def lines(content: Content) -> list[tuple[str, str]]:
    return [(block.where, block.text) for block in content.blocks if isinstance(block, Line)]


def test_a_form_in_an_archive_named_doc_is_read_like_the_page() -> None:
    """Values and places; saved in an encoding that only the wrapping names."""
    text = PAGE.decode().replace("charset=utf-8", "charset=gb2312")
    content = archive(page(text.encode("gb18030"), charset="gb2312"))
    document = read_document("表.doc", content, reader())

    assert (document.format, document.problems) == ("html", ())
    assert document.forms == read_document("表.html", PAGE, reader()).forms


def test_the_root_is_read_alone() -> None:
    """Other pages belong to headers or comments."""
    first, second = page(b"<p>1", key="<a>"), page(b"<p>2", key="<b>")

    assert lines(read_web(archive(first, second), Limits())) == [("第1段", "1")]
    assert lines(read_web(archive(first, second, start="<b>"), Limits())) == [("第1段", "2")]


def test_where_the_root_shows_nothing_its_frames_are_read() -> None:
    """A workbook of several sheets is saved like that; the tabs are no content."""
    root = page(b"<frameset><frame src=a></frameset>")
    tabs = page(b"<p>Sheet1", place="file:///C:/book.files/TabStrip.htm")
    found = read_web(archive(root, tabs, page(b"<p>1"), page(b"<p>2")), Limits())

    assert lines(found) == [("网页1 第1段", "1"), ("网页2 第1段", "2")]
    assert found.characters == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (archive(), "document.unreadable"),
        (archive(page(b"<p>1")) + b"\n boundary=x" * 25, "document.unsafe"),
        (archive(page(b"x" * 5000)), "document.too_large"),
    ],
)
def test_what_is_no_archive_of_a_page_is_damage(content: bytes, code: str) -> None:
    """No page in it, built to nest, too large."""
    with pytest.raises(Damaged) as refused:
        read_web(content, Limits(max_part=4000))
    assert refused.value.problem.code == code


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1), filling=st.sampled_from([b"", b"\xff", b"--", b"\r\n\r\n", b"=", b"\0"]))
def test_mangled_archives_are_read_or_damage(at: float, filling: bytes) -> None:
    """Nothing else is raised."""
    data = archive(page(b"<p>1<table><tr><td>2", charset="utf-8"))
    cut = int(at * len(data))
    document = read_document("表.mht", data[:cut] + filling + data[cut + 3 :], reader())
    assert document.size
