"""The formats in which a policy can be handed out, each loaded when it is asked for.

A format is one function from what is asked for to the bytes of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from clausebook.handouts import Shelved
from clausebook.papers import Paper


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be handed out."""

    shelf: Shelved
    label: str | None
    """A version's label, `draft`, or None for what the site shows."""
    against: str | None = None
    """From which version (or `draft`) the changes are to be shown; None for a clean document."""
    template: bytes | None = None
    """A Word document whose styles and page are to be used."""

    @property
    def paper(self) -> Paper:
        """The version as a document."""
        return self.shelf.paper(self.label)


@dataclass(frozen=True)
class Format:
    """A kind of file."""

    make: Callable[[Asked], bytes]
    is_text: bool
    """Whether it can be printed on a terminal."""


def _call(module: str, function: str, *arguments: Any) -> bytes:  # noqa: ANN401 - as its format takes them
    made: bytes = getattr(import_module(f"clausebook.{module}"), function)(*arguments)
    return made


def _of_paper(module: str, function: str, *, is_text: bool) -> Format:
    """A format that needs nothing but the document."""
    return Format(lambda asked: _call(module, function, asked.paper), is_text)


def _of_all(module: str, function: str, *, is_text: bool) -> Format:
    """A format that needs what is around the document as well."""
    return Format(lambda asked: _call(module, function, asked), is_text)


FORMATS: Mapping[str, Format] = {
    "docx": _of_all("wordexport", "docx_of", is_text=False),
    "pdf": _of_paper("pdfs", "pdf_of", is_text=False),
    "html": _of_paper("paperhtml", "html_of", is_text=True),
    "md": _of_paper("papermarkdown", "markdown_of", is_text=True),
    "json": _of_all("paperdata", "json_of", is_text=True),
}
"""Every format by the name that people ask for, which is also the ending of its files."""
