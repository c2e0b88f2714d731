"""超大附件 links as the providers write them."""

from __future__ import annotations

import pytest

from mailbot.mime.cloudlinks import links_in
from mailbot.model import CloudLink

QQ_URL = "http://mail.qq.com/cgi-bin/ftnExs_download?k=3a1&t=exs_ftn_download&code=b2"
QQ = """<div class="bg-attach"><div>从QQ邮箱发来的超大附件</div>
<div><a href="http://mail.qq.com/cgi-bin/ftnExs_download?k=3a1&amp;amp;t=exs_ftn_download&amp;amp;code=b2"
>申报材料.zip</a> (80.96M, 2026年8月17日 0:49 到期)<a href="https://example.com">帮助</a></div></div>"""
NETEASE_URL = "https://mail.163.com/large-attachment-download/index.html?p=X-1&file=Y"
NETEASE = f"""<div><table><tr><td><a href="{NETEASE_URL}"><span>视频.mp4</span></a>
<div>1.2 GB | 过期时间：2026-08-20 12:00</div></td></tr></table></div>"""


def test_qq_html() -> None:
    """Escaped twice, with name, size and expiry beside it."""
    assert links_in([QQ], []) == (
        CloudLink(url=QQ_URL, name="申报材料.zip", size="80.96M", expires="2026年8月17日 0:49"),
    )


def test_netease_html() -> None:
    """Size and expiry in an element of their own below the name."""
    assert links_in([NETEASE], []) == (
        CloudLink(url=NETEASE_URL, name="视频.mp4", size="1.2 GB", expires="2026-08-20 12:00"),
    )


def test_two_files_are_not_mixed_up() -> None:
    """Each link has the description that stands beside it."""
    markup = "".join(
        f'<div><a href="https://wx.mail.qq.com/ftn/download?func=3&key={n}&code=c">{n}.docx</a>'
        f" ({n}M, 2026年8月{n}日 到期)</div>"
        for n in (1, 2)
    )
    assert [(link.name, link.size, link.expires) for link in links_in([markup], [])] == [
        ("1.docx", "1M", "2026年8月1日"),
        ("2.docx", "2M", "2026年8月2日"),
    ]


def test_plain_text_twin_is_the_same_link() -> None:
    """In the text part the description stands before the link; a link is told once."""
    text = f"超大附件\n\n申报材料.zip (80.96M, 2026年8月17日 0:49 到期)进入下载页面：{QQ_URL}"
    assert links_in([], [text]) == links_in([QQ], [text]) == links_in([QQ], [])


@pytest.mark.parametrize(
    "url",
    [
        "https://mail.163.com/large-attachment-download/index.html?p=1",
        "https://dashi.163.com/html/cloud-attachment-download/?key=1",
        "https://u.163.com/t0/abc",
        "https://iwx.mail.qq.com/ftn/download?func=3&key=1&code=2",
        "https://wx.mail.qq.com/ftn/download?func=3&key=1&code=2",
        "https://mail.sina.com.cn/filecenter/download.php?id=1",
        "https://edisk.qiye.163.com/api/biz/attachment/download?identity=1",
        "https://download.cloud.189.cn/file/1",
    ],
)
def test_providers(url: str) -> None:
    """Every provider's address is known, with nothing beside it too."""
    assert links_in([f'<a href="{url}">下载</a>'], []) == (CloudLink(url=url),)


@pytest.mark.parametrize(
    "url",
    [
        "https://mail.163.com/",
        "https://example.com/?u=https://u.163.com/x",
        "https://notu.163.com.example.com/x",
        "mailto:a@mail.qq.com",
    ],
)
def test_other_links_are_none(url: str) -> None:
    """An ordinary link is no attachment."""
    assert links_in([f'<a href="{url}">x.zip 3M</a>'], [f"x.zip 3M {url}"]) == ()


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>" + '<a href="https://u.163.com/x">a</a>' * 5000, ""),
        ("".join(f'<a href="https://u.163.com/{n}">a</a>' for n in range(5000)), ""),
        ("<p>" + "1" * 500_000 + '<a href="https://u.163.com/x">a</a>', ""),
        ("", "1" * 500_000 + "https://u.163.com/x"),
        ("", "https://u.163.com/x " * 20_000),
    ],
)
def test_bombs_cost_little(markup: str, text: str) -> None:
    """Thousands of links, or endless text beside one: some are found, in moments."""
    assert 1 <= len(links_in([markup], [text])) <= 50
