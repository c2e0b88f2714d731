"""The door to the templates."""

from __future__ import annotations

from importlib import resources

import jinja2
import pytest

from mailbot import render


def templates() -> list[str]:
    """All templates in the package."""
    root = resources.files("templates")
    found, open_ones = [], [("", root)]
    while open_ones:
        head, folder = open_ones.pop()
        for entry in folder.iterdir():
            if entry.is_dir():
                open_ones.append((f"{head}{entry.name}/", entry))
            elif entry.name.endswith(".j2"):
                found.append(head + entry.name)
    return sorted(found)


@pytest.mark.parametrize("name", templates())
def test_every_template_compiles(name: str) -> None:
    """A mistake in a template is found before anybody is written to."""
    assert render._environment().get_template(name).name == name


def test_missing_value_is_an_error() -> None:
    """StrictUndefined: never an empty place in a letter."""
    with pytest.raises(jinja2.UndefinedError):
        render.render("reply/lead/unreadable.j2")


def test_missing_template_is_named() -> None:
    """Nor a path outside the package."""
    for name in ("reply/none.j2", "../pyproject.toml"):
        with pytest.raises(jinja2.TemplateNotFound):
            render.render(name)


def test_only_html_is_escaped() -> None:
    """Sentences are plain text and are escaped where they are put into HTML."""
    text = render.render("reply/lead/unreadable.j2", arrived="<b>&")
    assert "<b>&" in text
    page = render.render(
        "digest/digest.html.j2",
        tone="good", headline="<b>&", since="", until="", problems=(), blocks=(),
    )  # fmt: skip
    assert "&lt;b&gt;&amp;" in page


def test_paragraphs_are_lines_without_empty_ones() -> None:
    """What a letter takes them for."""
    found = render.paragraphs("reply/lead/unreadable.j2", arrived="今天")
    assert len(found) == 3
    assert all(found)
