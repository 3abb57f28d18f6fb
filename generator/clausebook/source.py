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
from functools import cached_property, lru_cache
from typing import Protocol

MAX_BYTES = 1_000_000
"""Largest source file read, in bytes.  The longest school policies are under 100 KB."""

MAX_LINES = 20_000
"""Most lines read in one file."""

MAX_LINE = 10_000
"""Longest line, and longest paragraph, read, in characters."""

_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"  # control characters, halves of others
    "\xad\u200b\u2028\u2029\u2060-\u2064\ufeff\ufff0-\uffff"  # nothing to be seen
    "\u061c\u200e\u200f\u202a-\u202e\u2065-\u206f"  # another direction of reading
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # fillers: letters without a shape
    "\ufe00-\ufe0d\U000e0000-\U000e0fff"  # other forms of a letter; tags
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # control characters of shorthand and music
    "\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff"  # without any meaning that all share
)
_MARK = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_SYMBOL = "#*0-9\xa9\xae\u203c\u2049\u2122-\u2fff\u3001-\u3299\U0001f000-\U0001faff"

INVISIBLE = re.compile(
    f"[{_UNSEEN}]"
    f"|(?<=[{_MARK}]{{4}})[{_MARK}]"
    f"|(?<![{_SYMBOL}])[\ufe0e\ufe0f]"
    f"|(?<![{_SYMBOL}\ufe0f\u0600-\u1cff])[\u200c\u200d]"
)
"""Characters that a policy cannot hold: control characters, what nobody can see, what turns the
direction of reading, what stands in for a character that was lost, a fifth mark on one letter.
What joins or parts letters, and what makes a picture of a sign, can stand where it does that."""

_ASCII = bytes(range(128))


def is_seen(text: str) -> bool:
    """Whether there is no character in a text that a policy cannot hold; quick where that is so."""
    if not text.replace("\n", "").replace("\t", "").isprintable():
        return INVISIBLE.search(text) is None
    if text.isascii():
        return True
    rare = text.encode().translate(None, _ASCII).decode()
    return INVISIBLE.search(rare) is None or INVISIBLE.search(text) is None


def character(sign: str) -> str:
    """A character that cannot be shown, in words: `U+202E, right-to-left override`."""
    name = unicodedata.name(sign, "control character").lower()
    fifth = ", the fifth mark on one letter" if re.fullmatch(f"[{_MARK}]", sign) else ""
    return f"U+{ord(sign):04X}, {name}{fifth}"


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


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[str, ...]:
    """The lines of a text; readers ask for those of one passage again and again."""
    return tuple(text.split("\n"))


@dataclass(frozen=True, slots=True)
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

    @property
    def lines(self) -> tuple[str, ...]:
        """The passage's own lines."""
        return _lines(self.text)

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
