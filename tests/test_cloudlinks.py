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
        "https://exmail.qq.com/cgi-bin/ftnExs_download?k=1&t=exs_ftn_download&code=2",
        "https://set1.mail.qq.com/cgi-bin/ftnExs_download?k=1&code=2",
        "https://mail.126.com/large-attachment-download/index.html?file=1",
        "http://fs.163.com/fs/display/?p=X-NETEASE-HUGE-ATTACHMENT&file=1",
        "https://dashi.163.com/html/cloud-attachment-download?key=1",
        "https://cloud.189.cn/t/abc",
        "https://caiyun.139.com/m/i?abc",
        "https://pan.baidu.com/s/1abc?pwd=1234",
        "https://www.alipan.com/s/abc",
        "https://share.weiyun.com/abc",
        "https://pan.quark.cn/s/abc",
        "https://1drv.ms/u/s!abc",
        "https://example-my.sharepoint.com/:b:/g/personal/abc",
        "https://drive.google.com/file/d/abc/view",
    ],
)
def test_providers(url: str) -> None:
    """Every provider's address is known, with nothing beside it too."""
    assert links_in([f'<a href="{url}">下载</a>'], []) == (CloudLink(url=url),)


@pytest.mark.parametrize(
    "url",
    [
        "https://mail.163.com/",
        "https://pan.baidu.com/",
        "https://cloud.189.cn/",
        "https://example.sharepoint.com/sites/news",
        "https://drive.google.com/",
        "https://example.com/?u=https://u.163.com/x",
        "https://notu.163.com.example.com/x",
        "mailto:a@mail.qq.com",
    ],
)
def test_other_links_are_none(url: str) -> None:
    """An ordinary link is no attachment."""
    assert links_in([f'<a href="{url}">x.zip 3M</a>'], [f"x.zip 3M {url}"]) == ()


def test_the_button_for_a_program_is_no_file() -> None:
    """NetEase puts it above the files, for a faster download by its own program."""
    button = '<a class="bigattach-mailmaster-download" href="http://u.163.com/a?spm=x">极速下载</a>'
    markup = f"<div><div>从网易163邮箱发来的超大附件{button}</div>{NETEASE}</div>"
    text = f"客户端极速下载：http://u.163.com/a?spm=x\n视频.mp4\n1.2 GB\n{NETEASE_URL}"

    assert [link.name for link in links_in([markup], [])] == ["视频.mp4"]
    assert [link.url for link in links_in([], [text])] == [NETEASE_URL]
    assert [link.url for link in links_in([button], [])] == ["http://u.163.com/a?spm=x"]


@pytest.mark.parametrize("name", ["湖南 申报 材料（终稿）.zip", "现场录像.mov", "厂房 A1.dwg"])
def test_the_whole_text_of_a_link_is_the_name(name: str) -> None:
    """With blanks in it, and whatever it ends in."""
    markup = f'<p><a href="{QQ_URL}">{name}</a> (80.96M, 2026年8月17日 0:49 到期)</p>'

    assert [(link.name, link.size) for link in links_in([markup], [])] == [(name, "80.96M")]


@pytest.mark.parametrize(
    ("beside", "size", "expires"),
    [
        ("材料.zip (80.96M, 2026年8月17日 0:49 到期)", "80.96M", "2026年8月17日 0:49"),
        ("材料.zip (1.2G, 无限期)", "1.2G", "无限期"),
        ("材料.zip 大小：12.5MB 有效期至：2026-08-20 14:20:54", "12.5MB", "2026-08-20 14:20:54"),
        ("材料.zip 900KB 7天后过期", "900KB", "7天"),
        ("材料.zip 3.0 GB 有效期：30天", "3.0 GB", "30天"),
        ("材料.zip 512字节 过期时间: 2026/8/20", "512字节", "2026/8/20"),
        ("材料.zip", "", ""),
    ],
)
@pytest.mark.parametrize("plain", [True, False])
def test_what_is_printed_beside_it(beside: str, size: str, expires: str, plain: bool) -> None:
    """Size and expiry in the words of the providers, in both kinds of text."""
    html, text = [f'<div>{beside} <a href="{QQ_URL}">下载</a></div>'], [f"{beside}\n{QQ_URL}"]
    found = links_in([], text) if plain else links_in(html, [])

    assert found == (CloudLink(url=QQ_URL, name="材料.zip", size=size, expires=expires),)


def test_a_provider_that_is_not_known() -> None:
    """The heading, a file, its size and its end are enough, and each file is told once."""
    url = "https://mail.unknown.example/big/1"
    row = f'<p><a href="{url}">材料.zip</a> (80.96M, 2026年8月17日 到期) <a href="{url}?d">下载</a></p>'
    text = f"超大附件\n材料.zip (80.96M, 2026年8月17日 到期)\n{url}"
    expected = CloudLink(url=url, name="材料.zip", size="80.96M", expires="2026年8月17日")

    assert links_in([f"<p>超大附件</p>{row}"], []) == (expected,)
    assert links_in([], [text]) == (expected,)
    assert links_in([row], []) == ()
    assert links_in([f'<p>超大附件请看<a href="{url}">这里</a></p>'], []) == ()


def test_a_quoted_letter_of_ours_is_no_link() -> None:
    """It names the file, size and end; a link of the signature above it does not."""
    ours = "“材料.zip”（80.96M，2026年8月17日 到期）是以超大附件方式发送的，无法收取。"
    signature = '<div><a href="https://zishui.example">资水机械公司</a></div>'
    letter = f"<blockquote><p>您好！</p><p>{'申报' * 150}</p><p>{ours}</p></blockquote>"

    assert links_in([f"<div>{signature}<div>{letter}</div></div>"], []) == ()


def test_an_address_broken_in_two() -> None:
    """At the end of a line of the text, or within the attribute."""
    text = f"材料.zip (1M, 无限期)进入下载页面：\n{QQ_URL[:60]}\n{QQ_URL[60:]}\n\n张三"
    html = f'<a href="{QQ_URL[:30]}\r\n\t{QQ_URL[30:]}">材料.zip</a>'

    assert [link.url for link in links_in([], [text])] == [QQ_URL]
    assert [link.url for link in links_in([html], [])] == [QQ_URL]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div>" + '<a href="https://u.163.com/x">a</a>' * 5000, ""),
        ("".join(f'<a href="https://u.163.com/{n}">a</a>' for n in range(5000)), ""),
        ("<p>" + "1" * 500_000 + '<a href="https://u.163.com/x">a</a>', ""),
        ("", "1" * 500_000 + "https://u.163.com/x"),
        ("", "https://u.163.com/x " * 20_000),
        (
            "超大附件"
            + "".join(f'<a href="https://a.cn/{n}">a.zip 3M 1天后到期</a>' for n in range(5000)),
            "",
        ),
        ("", "超大附件" + "a.zip 3M 1天后到期 https://a.cn/x\n" * 5000),
    ],
)
def test_bombs_cost_little(markup: str, text: str) -> None:
    """Thousands of links, or endless text beside one: some are found, in moments."""
    assert 1 <= len(links_in([markup], [text])) <= 50
