"""The one door to the templates: names and values in, text out.

Templates ship inside the package ``templates`` and are read through
``importlib.resources``, so they work from a wheel as from a checkout. A value a
template asks for and does not get is an error (StrictUndefined). Templates
named ``*.html.j2`` escape everything that is put into them; every other one is
plain text. This room refuses to know what is rendered.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import jinja2

_PACKAGE = "templates"


def render(name: str, /, **values: object) -> str:
    """The template ``name`` (``reply/letter.txt.j2``) filled with ``values``.

    Raises jinja2.TemplateNotFound, and jinja2.UndefinedError for a missing value.
    """
    return _environment().get_template(name).render(**values)


def paragraphs(name: str, /, **values: object) -> tuple[str, ...]:
    """The plain-text template ``name``, one paragraph a line, empty lines dropped."""
    lines = (line.strip() for line in render(name, **values).splitlines())
    return tuple(line for line in lines if line)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html.j2"], default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )


def _source(name: str) -> str | None:
    """The text of a template; None, which Jinja2 reports by name, where there is none."""
    parts = name.split("/")
    if ".." in parts:
        return None
    place = resources.files(_PACKAGE).joinpath(*parts)
    return place.read_text(encoding="utf-8") if place.is_file() else None
