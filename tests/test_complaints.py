"""Mistakes in TOML files, told with line, key and what is expected."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from rules.notice.complaints import Complaint, Rejected, nearest, parse, validate


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Length(Strict):
    check: Literal["length"]
    maximum: int


class Order(Strict):
    check: Literal["order"]
    column: str


class Sheet(Strict):
    name: str
    colour: Literal["red", "green"] = "red"
    rules: tuple[Annotated[Length | Order, Field(discriminator="check")], ...] = Field(
        alias="rule", min_length=1
    )


def complaints(text: str | bytes) -> tuple[Complaint, ...]:
    source = text.encode() if isinstance(text, str) else text
    with pytest.raises(Rejected) as caught:
        validate(Sheet, parse(source, file="s.toml"), source=source, file="s.toml")
    return caught.value.complaints


GOOD = 'name = "x"\n[[rule]]\ncheck = "length"\nmaximum = 3\n'


def test_a_right_file_becomes_the_model() -> None:
    """No complaint where nothing is wrong."""
    source = GOOD.encode()

    assert validate(Sheet, parse(source, file="s"), source=source, file="s").name == "x"


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        (GOOD.replace("maximum", "maxium"), 4, "rule.maxium", "是否想写 maximum"),
        (GOOD.replace("maximum", "maxium"), 2, "rule.maximum", "缺少必填的 maximum"),
        (GOOD.replace("3", '"drei"'), 4, "rule.maximum", "应为整数"),
        (
            GOOD.replace('"length"', '"lenth"'),
            3,
            "rule.check",
            "length、order，现为“lenth”，是否想写 length",
        ),
        (GOOD.replace('check = "length"\n', ""), 2, "rule", "缺少 check"),
        ('colour = "blue"\n' + GOOD, 1, "colour", "应为以下之一：red、green，现为“blue”"),
        ('colr = "blue"\n' + GOOD, 1, "colr", "是否想写 colour"),
        ('zzz = "blue"\n' + GOOD, 1, "zzz", "此处可用：colour、name、rule"),
        ('name = "x"\nrule = []\n', 2, "rule", "至少应有 1 项"),
        ('name = "x"\nrule = 1\n', 2, "rule", "应为列表"),
        ('name = 1\n[[rule]]\ncheck = "length"\nmaximum = 3\n', 1, "name", "应为文字"),
    ],
)
def test_a_mistake_is_told_with_line_key_and_expectation(
    text: str, line: int, key: str, words: str
) -> None:
    """One complaint names the place and what belongs there."""
    found = [entry for entry in complaints(text) if (entry.line, entry.key) == (line, key)]

    assert [entry for entry in found if words in entry.message]


def test_all_mistakes_are_told_at_once_in_order_of_lines() -> None:
    """Nobody wants to mend one line a run."""
    found = complaints('colour = 1\n[[rule]]\ncheck = "order"\n[[rule]]\ncheck = "x"\n')

    assert [entry.line for entry in found] == [1, 1, 2, 5]


def test_a_list_is_not_called_empty_because_its_entries_are_wrong() -> None:
    """That would be a complaint about nothing."""
    assert not [entry for entry in complaints(GOOD.replace("3", '"x"')) if "至少" in entry.message]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (b'name = "x"\nb = \xb5\xc4', 2, "UTF-8"),
        (b"\xef\xbb\xbfa = 1\nb = \xb5\xc4", 2, "UTF-8"),
        (b'name = "C:\\data"', 1, "单引号"),
        ("name = “x”".encode(), 1, "请改为半角：引号"),
        ("name ＝ 1".encode(), 1, "半角"),
        (b"a = 1\na = 2", 2, "写了两次"),
        (b"[a]\nb = 1\n[a]\n", 3, "写了两次"),
        (b'a = 1\nb = "x\n', 2, "引号没有成对"),
        (b"a = 1\nb = [1,\n\n", 2, "写法有误"),
        (b"a = 1 b = 2", 1, "多余内容"),
    ],
)
def test_wrong_writing_is_told_with_its_line(text: bytes, line: int, words: str) -> None:
    """What staff type wrong most: full-width signs, back-slashes, encodings."""
    (only,) = complaints(text)

    assert only.line == line
    assert words in only.message


def test_a_byte_order_mark_is_stepped_over() -> None:
    """Windows' Notepad writes one."""
    assert parse(b"\xef\xbb\xbfa = 1", file="s") == {"a": 1}


def test_a_complaint_reads_as_one_line() -> None:
    """File, line, key, message."""
    complaint = Complaint(file="c.toml", line=3, key="mailbox.url", message="应为文字")

    assert str(complaint) == "c.toml 第 3 行，mailbox.url：应为文字"


def test_nothing_is_offered_where_nothing_is_near() -> None:
    """A wild guess would mislead."""
    assert (nearest("maxium", ["maximum"]), nearest("zzz", ["maximum"])) == ("maximum", "")
