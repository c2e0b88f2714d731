"""The page of one file: values and places lead to each other, in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import printed
import pytest
from command import CAMPAIGN, Program
from lxml import html
from officefiles import archive

from mailbot.reports.readingpage import compose_page
from mailbot.reports.readout import readout
from parsers.model import Document, Field, Form, Line, Row, Section, Table

LOCKED = (Path(__file__).parent / "documents" / "locked.pdf").read_bytes()
EVIL = '<script>document.title="taken"</script>"><img src=x onerror=alert(1)>'
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def mailbot(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILBOT_CONFIG", raising=False)
    return Program(capsys)


def composed(*forms: Form, **more: object) -> html.HtmlElement:
    document = Document(file="表.docx", sha256="ab", format="docx", forms=forms, **more)  # type: ignore[arg-type]
    return html.fromstring(compose_page(readout(document, {CAMPAIGN.id: CAMPAIGN})))


def in_browser(page: Path, folder: Path) -> html.HtmlElement:
    """The page as Chromium holds it after its scripts have run."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert browser, "Chromium is missing: make test installs it (Debian package chromium)"
    done = subprocess.run(
        [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", f"--user-data-dir={folder}", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    return html.fromstring(done.stdout.decode())


def texts(nodes: list[html.HtmlElement]) -> list[str]:
    return [" ".join(node.text_content().split()) for node in nodes]


def test_every_link_resolves_in_a_browser(mailbot: Program, tmp_path: Path) -> None:
    """Both ways, for each member; the page's script runs, and nothing an applicant wrote does."""
    members = {
        "班组/表.docx": printed.team_form(postcode="", mobile="139000", company=EVIL),
        "汇总.docx": printed.rollup(),
        "总结.docx": printed.summary(sections=2),
        "锁.pdf": LOCKED,
        f"{EVIL.replace('/', '')}.txt": b"x",
    }
    (tmp_path / "外.zip").write_bytes(archive(members))
    done = mailbot("read", "外.zip", "--html", "页.html")
    page = in_browser(tmp_path / "页.html", tmp_path / "browser")
    ids = page.xpath("//@id")
    targets = [href[1:] for href in page.xpath("//a/@href")]
    partners = " ".join(page.xpath("//@data-to")).split()

    assert done.code == 0
    assert "页.html" in done.err
    assert page.get("class") == "live"
    assert page.findtext(".//title") == "读取结果：外.zip"
    assert len(page.xpath("//script")) == 1
    assert not page.xpath("//img | //link | //iframe")
    assert len(ids) == len(set(ids))
    assert targets
    assert set(targets) | set(partners) <= set(ids)
    for value in page.xpath("//*[@data-to][contains(@id, 'v')]"):
        place = page.get_element_by_id(value.get("data-to"))
        assert value.get("id") in place.get("data-to").split()
        assert place.xpath(f".//a[@href='#{value.get('id')}']")


def test_doubts_and_gaps_are_words_on_both_sides() -> None:
    """At the value and at its cell; what was recognised from an image, too."""
    form = Form(
        kind="team_form",
        campaigns=(CAMPAIGN.id,),
        confidence=0.5,
        fields=(
            Field(key="company", label="企业名称", where="第1段"),
            Field(key="mobile", label="手机", raw="139", doubt="不是手机", where="第2段", confidence=0.625),
            Field(key="contact", label="联系人", value="张三", raw="张三", where="第3段", source="ocr"),
            Field(key="dept", label="联系部门"),
        ),
    )  # fmt: skip
    lines = tuple(
        Line(text=text, where=f"第{n}段") for n, text in enumerate(("", "139", "张三"), 1)
    )
    page = composed(form, blocks=lines)
    empty, unread, seen, lost = texts(page.xpath("//tbody/tr"))

    assert texts(page.xpath("//p[contains(@class, 'line')]")) == [
        "1 未填", "1392 未能读取", "张三3 图像识别",
    ]  # fmt: skip
    assert "未填" in empty
    assert "未能读取 139" in unread
    assert "不是手机" in unread
    assert unread.endswith("62%")
    assert "图像识别 张三" in seen
    assert "未找到此栏" in lost
    assert "把握 50%，偏低，请人工核对" in page.text_content()


def test_a_list_and_the_points_of_a_text_lead_to_their_places() -> None:
    """Row by row, cell by cell; what is missing has no place."""
    cell = Field(key="company", label="单位名称", value="湘江重工", raw="湘江重工", where="第1段")
    table = Table(key="results", rows=(Row(cells=(cell,), where="第1段"),), columns=("company",))
    sections = (
        Section(key="a", title="基本情况", found=True, where="第2段"),
        Section(key="b", title="存在问题", found=False),
    )
    form = Form(kind="rollup", campaigns=(CAMPAIGN.id,), tables=(table,), sections=sections)
    blocks = (Line(text="湘江重工", where="第1段"), Line(text="一、基本情况", where="第2段"))
    page = composed(form, blocks=blocks)
    (value,) = page.xpath("//td[@data-to]")
    found, missing = page.xpath("//table[contains(@class, 'points')]/tbody/tr")

    assert texts(value.xpath("./a")) == ["湘江重工"]
    assert texts([page.get_element_by_id(value.get("data-to"))]) == ["湘江重工↗"]
    assert texts([page.get_element_by_id(found.get("data-to"))]) == ["一、基本情况§"]
    assert texts([missing]) == ["缺存在问题"]
    assert missing.get("data-to") is None
    assert "表中未找到应有的栏目" in page.text_content()


def test_the_page_forbids_everything_but_its_own_style_and_script() -> None:
    """By a policy with their hashes; no address of any other place stands in it."""
    text = compose_page(readout(Document(file="表.docx", sha256="ab"), {}))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)

    assert policy
    assert policy.group(1).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy.group(1)
    assert not re.search(r"https?:|url\(|@import|\bsrc=", text)


def test_a_lone_surrogate_can_be_written() -> None:
    """A name in broken UTF-16 must not end the command."""
    document = Document(file="\ud800.txt", sha256="ab", blocks=(Line(text="\udfff"),))

    assert compose_page(readout(document, {})).encode()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("a.txt", "b.txt", "--html", "c.html"), "每次只能用于一个文件"),
        (("a.txt", "--html", "b.txt"), "扩展名应为"),
        (("a.html", "--html", "a.html"), "覆盖"),
    ],
)
def test_wrong_use_writes_nothing(
    mailbot: Program, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Several files, a page by another name, the document itself."""
    for name in ("a.txt", "b.txt", "a.html"):
        (tmp_path / name).write_text("原件", encoding="utf-8")
    done = mailbot("read", *arguments)

    assert done.code == 2
    assert said in done.err
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == {
        "a.txt": "原件", "b.txt": "原件", "a.html": "原件",
    }  # fmt: skip


def test_a_page_and_json_go_together(mailbot: Program, tmp_path: Path) -> None:
    """Standard output holds the document alone, without the drawing; an old page is replaced."""
    (tmp_path / "a.txt").write_text("一", encoding="utf-8")
    (tmp_path / "a.html").write_text("旧", encoding="utf-8")
    done = mailbot("read", "a.txt", "--html", "a.html", "--json")

    assert (done.code, done.json[0]["file"]) == (0, "a.txt")
    assert "blocks" not in done.json[0]
    assert "读取结果" in (tmp_path / "a.html").read_text("utf-8")
