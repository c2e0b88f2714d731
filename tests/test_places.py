"""The line of a key in a TOML text."""

import tomllib

import pytest

from rules.notice.places import find_place, syntax_line

TEXT = """\
name = "x"
"键".'x y'.c = "v"
[mail.box]
k = [ {a = 1, b.c = 2},
  {a = 2}, # remark
  [1, 2],
]
[[form]]
kind = "x"
[[form.fields]]
typ = 1
[form.sub]
z = 1
[[form]]
title = "[[form]]"
""".encode()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 1),
        (("键", "x y", "c"), 2),
        (("mail", "box", "k"), 4),
        (("mail", "box", "k", 0, "b", "c"), 4),
        (("mail", "box", "k", 1, "a"), 5),
        (("mail", "box", "k", 2, 1), 6),
        (("form", 0, "kind"), 9),
        (("form", 0, "fields", 0, "typ"), 11),
        (("form", 0, "sub", "z"), 13),
        (("form", 1, "title"), 15),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    """Tables, arrays of tables, dotted and quoted keys, inline tables."""
    assert find_place(TEXT, path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("form", 1, "kind"), 14),
        (("form", 0, "fields", 3, "typ"), 10),
        (("nothing",), 1),
        ((), 1),
    ],
)
def test_an_absent_key_gives_the_nearest_ancestor(path: tuple[str | int, ...], line: int) -> None:
    """A missing key is reported where it should have been written."""
    assert find_place(TEXT, path) == line


def test_the_tag_of_a_union_is_stepped_over() -> None:
    """Pydantic puts the chosen member's tag into the path; the text has no such key."""
    assert find_place(TEXT, ("form", 0, "length", "kind")) == 9


def test_a_syntax_error_names_its_line() -> None:
    """Also where the exception has no attribute for it."""
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads("a = 1\nb = = 2\n")

    assert syntax_line(caught.value) == 2


def test_damaged_text_still_gives_lines() -> None:
    """The tree is built of what can be seen."""
    assert find_place(b"a = 1\n[[x]\nb = \n[c]\nd = 2\n", ("c", "d")) == 5
