"""The page templates: their words are in `templates/pages`.

Everything put into them that is not `Markdown` already is escaped on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined

from clausebook.phrases import FILTERS, markdown


@dataclass(frozen=True)
class Page:
    """One page of a site: where it stands in the project's `docs` folder, and its Markdown."""

    path: str
    title: str
    markdown: str


def render(address: str, title: str, template: str, **words: object) -> Page:
    """A page from a template and what is put into it."""
    text = _templates().get_template(template).render(title=title, **words)
    return Page(address, title, text.strip("\n") + "\n")


@cache
def _templates() -> Environment:
    """The page templates, read once.  Whatever is not `Markdown` yet is escaped."""
    folder = files("clausebook") / "templates" / "pages"
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir()}
    environment = Environment(
        loader=DictLoader(texts),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, not HTML: `finalize` escapes it
        finalize=markdown,
    )
    environment.filters.update(FILTERS)
    return environment
