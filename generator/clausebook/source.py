"""Texts and places in them.

A `Source` is a *named text*, not a path: the same readers read the working
folder, a frozen version and a test's dictionary.  A `Span` is a place in a
source that a message can point at.  A `Passage` is Markdown that stands inside
a source (a whole policy file, or a block of wording inside YAML) and knows
where each of its lines came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Protocol

MAX_BYTES = 1_000_000
"""Largest source file read, in bytes.  The longest school policies are under 100 KB."""

MAX_LINES = 20_000
"""Most lines read in one file."""

MAX_LINE = 10_000
"""Longest line, and longest paragraph, read, in characters."""

INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff"
    "\ufeff\ufffd-\uffff]"
)
"""Characters that a policy cannot hold: control characters, what nobody can see, what turns the
direction of reading, and what stands in for a character that was lost."""


def character(sign: str) -> str:
    """A character that cannot be shown, in words: `U+202E, right-to-left override`."""
    name = unicodedata.name(sign, "control character").lower()
    return f"U+{ord(sign):04X}, {name}"


@dataclass(frozen=True)
class Source:
    """A named text: `name` is its path from the trust's folder, with forward slashes."""

    name: str
    text: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines, without their ends; never empty, so every place has a line."""
        return tuple(self.text.split("\n"))

    def span(self, line: int, column: int = 1, width: int = 1) -> Span:
        """A place in this source; `line` and `column` count from 1."""
        return Span(self, line, column, width)

    def whole(self) -> Span:
        """The source as such, for messages about the file as a whole."""
        return Span(self, 1, 1, 0)

    def passage(self) -> Passage:
        """The whole text as one passage."""
        return Passage(self, self.text, 1, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """`width` characters at `line`:`column` of a source, counted from 1.

    A width of 0 means the file as a whole: it is shown without an excerpt.
    """

    source: Source
    line: int
    column: int = 1
    width: int = 1

    def __str__(self) -> str:
        """The place as editors and terminals link it, e.g. `schools/a/school.yml:3:5`."""
        return f"{self.source.name}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Passage:
    """Markdown inside a source, starting at `first_line`, each line cut by `indent` columns.

    Where a YAML scalar was folded or quoted its lines cannot be matched to the
    file's: `exact` is then false and every place is the start of the scalar.
    """

    source: Source
    text: str
    first_line: int
    indent: int
    exact: bool = True

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The passage's own lines."""
        return tuple(self.text.split("\n"))

    def span(self, line: int, column: int = 0, width: int = 1) -> Span:
        """A place by line and column counted from 0 inside the passage; it ends with its line."""
        if not self.exact:
            return self.source.span(self.first_line, self.indent + 1, 1)
        number, first = self.first_line + line, self.indent + column
        left = len(self.source.lines[number - 1]) - first
        return self.source.span(number, first + 1, max(1, min(width, left)))


class Tree(Protocol):
    """The trust's folder, as the readers see it; all paths are relative, with `/`."""

    def read_bytes(self, path: str) -> bytes:
        """The file's bytes, at most `MAX_BYTES + 1` of them; `OSError` if it cannot be read."""

    def is_file(self, path: str) -> bool:
        """Whether there is a file at `path`."""

    def folders(self, path: str) -> tuple[str, ...]:
        """The names of the folders directly in `path`, sorted; none if it does not exist."""

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """The names of the files directly in `path` that end with `suffix`, sorted."""


@dataclass(frozen=True)
class WorkingTree:
    """A folder on disk.  Nothing outside it is read, through links or otherwise."""

    root: Path

    def _inside(self, path: str) -> Path:
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            message = f"'{path}' is outside the trust's folder"
            raise OSError(message)
        full = self.root / path
        try:
            inside = full.resolve().is_relative_to(self.root.resolve())
        except RuntimeError as error:  # links in a circle, before Python 3.13
            raise OSError(f"'{path}' is a link that leads back to itself") from error
        if not inside:
            message = f"'{path}' is a link out of the trust's folder"
            raise OSError(message)
        return full

    def read_bytes(self, path: str) -> bytes:
        """See `Tree.read_bytes`; anything but a regular file is refused."""
        full = self._inside(path)
        if full.exists() and not full.is_file():
            message = f"'{path}' is not a file"
            raise OSError(message)
        with full.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)

    def is_file(self, path: str) -> bool:
        """See `Tree.is_file`."""
        return (self.root / path).is_file()

    def folders(self, path: str) -> tuple[str, ...]:
        """See `Tree.folders`; hidden folders are left out."""
        return tuple(sorted(p.name for p in self._entries(path) if p.is_dir()))

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`; hidden files are left out."""
        entries = self._entries(path)
        return tuple(sorted(p.name for p in entries if p.is_file() and p.name.endswith(suffix)))

    def _entries(self, path: str) -> list[Path]:
        """What stands in a folder; nothing if it cannot be read, as reading its files will tell."""
        try:
            entries = list(self._inside(path).iterdir())
        except OSError:
            return []
        return [entry for entry in entries if not entry.name.startswith(".")]
