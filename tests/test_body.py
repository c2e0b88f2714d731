"""The sender's own words out of HTML and from above quotations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.body import own_words, text_of_html

OWN = "您好：\n补充材料见附件。\n联系人 李四 13900000001"


def test_html_becomes_lines() -> None:
    """Blocks and line breaks are lines; scripts, styles and comments are nothing."""
    markup = (
        "<html><head><title>t</title><style>p{}</style></head><body><!-- c --><p>单位&nbsp;A</p>"
        "<div>联系人<br>李四</div><table><tr><td>邮编</td><td>410000</td></tr></table>"
        "<script>x()</script>尾</body></html>"
    )
    assert [line for line in text_of_html(markup).split("\n") if line] == [
        "单位 A",
        "联系人",
        "李四",
        "邮编",
        "410000",
        "尾",
    ]


@pytest.mark.parametrize(
    "quoted",
    [
        '<div id="isReplyContent">旧</div>',
        '<blockquote type="cite">旧</blockquote>',
        '<div class="gmail_quote x">旧</div>',
        "<includetail>旧</includetail>",
    ],
)
def test_marked_quotations_are_left_out(quoted: str) -> None:
    """What the mail program has marked as quoted goes, the text behind it stays."""
    assert text_of_html(f"<div>新{quoted}后</div>") == "新后"
    assert "旧" in text_of_html(f"<div>新{quoted}后</div>", quotes=True)


@pytest.mark.parametrize(
    "markup", ["", "  ", "<!-- x -->", "<?xml version='1.0' encoding='gbk'?>", "\0"]
)
def test_html_of_nothing(markup: str) -> None:
    """There is no text where there is nothing to see."""
    assert text_of_html(markup) == ""


@pytest.mark.parametrize(
    "quotation",
    [
        "------------------ 原始邮件 ------------------\n发件人: x",
        "-----原始邮件-----\n发件人：x",
        "---- 回复的原邮件 ----\n| 发件人 | x |",
        "-----Original Message-----\nFrom: x",
        "---------- Forwarded message ---------\nFrom: x",
        "发件人：质量协会 <qc@example.org>\n发送时间：2026年7月8日 9:00\n收件人：李四\n主题：补正",
        "From: qc\nSent: Monday\nTo: li\nSubject: x",
        "在 2026年7月8日，质量协会 <qc@example.org> 写道：\n旧",
        '在 2026-07-08 09:00:00，"质量协会" <qc@example.org> 写道：\n旧',
        'At 2026-07-08 09:00:00, "qc" <qc@example.org> wrote:\n旧',
        "质量协会 <qc@example.org> 于2026年7月8日写道：\n旧",
        "> 旧的一行\n> 又一行",
    ],
)
def test_quotation_is_cut(quotation: str) -> None:
    """Everything from the mark of an earlier mail on is not the sender's."""
    assert own_words(f"{OWN}\n\n{quotation}", answer=True) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "发件人：李四\n请查收",
        "---- 附件清单 ----\n1. 申报表",
        "领导在会上写道：质量第一",
        "我们在2026年7月开展了活动",
        "----------\n湘江重工",
    ],
)
def test_what_only_resembles_a_quotation_stays(text: str) -> None:
    """Cut where it is certain, and nowhere else."""
    assert own_words(text, answer=True) == text


def test_forwarded_mail_without_own_words_is_what_is_said() -> None:
    """A bare forward keeps its text, unless it answers a mail."""
    forward = "-----原始邮件-----\n联系人 李四 13900000001"
    assert own_words(forward, answer=False) == forward
    assert own_words(forward, answer=True) == ""


@given(st.text(st.sampled_from("<>/div p&;\"'=!-\0\ud7ff表x \n")), st.booleans())
def test_no_markup_raises(markup: str, quotes: bool) -> None:
    """Whatever is called HTML gives some text."""
    assert isinstance(own_words(text_of_html(markup, quotes=quotes), answer=quotes), str)
