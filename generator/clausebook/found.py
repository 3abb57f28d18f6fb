"""A document from elsewhere as its reader found it: paragraphs and tables, nothing decided.

Readers of Word, HTML, PDF, Markdown and plain text all give this, so that whatever is made of a
document (`drafts`, `matches`) knows no format.  A reader computes what a format computes (the
numbers of Word's lists) and guesses nothing: whether a bold line is a heading is not its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from clausebook.problems import ClausebookError
from clausebook.prose import Inlines, plain
from clausebook.source import INVISIBLE


class DocumentError(ClausebookError):
    """A document that cannot be read; `str()` says why, and what to do."""


_SPACES = {
    **dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029"), " "),
    **dict.fromkeys(map(ord, "\u202f\u205f\u3000"), " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    0x2011: "-",  # a hyphen that a line cannot end with
}
_FOLDS = dict.fromkeys(map(ord, "\xad\u200b\u2060\ufeff"))
"""What only says where a line may end; nobody misses it."""
_JOINS = dict.fromkeys(map(ord, "\u200c\u200d\ufe0e\ufe0f"))
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def spaced(text: str) -> str:
    """A text in which every kind of space is one, and what only folds lines is gone."""
    return text.translate(_SPACES).translate(_FOLDS)


def count_words(text: str) -> int:
    """How many words are in a text: rows of letters and digits, with the apostrophes in them.

    Signs are no words, so a number keeps its count when it is parted from what follows it; nor
    are characters that nobody sees, so a text keeps its count when they are taken out.
    """
    if not text.isascii() or not text.isprintable():
        text = INVISIBLE.sub("", spaced(text).translate(_JOINS))
    return sum(1 for _ in _WORD.finditer(text))


class Format(StrEnum):
    """What a file is."""

    WORD = "Word document"
    HTML = "HTML"
    MARKDOWN = "Markdown"
    PDF = "PDF"
    TEXT = "plain text"


@dataclass(frozen=True, kw_only=True)
class FoundLine:
    """A paragraph, a heading or a list item."""

    where: str
    """Where it stands in the file, for people: `paragraph 12`, `line 30`, `page 2, line 7`."""
    words: Inlines
    """Its words without the number; no references and no values. Spaces are single."""
    label: str = ""
    """Its number or bullet as it is printed: `4.2`, `(a)`, `1.`, `•`; "" if it has none."""
    typed: bool = False
    """Whether somebody typed the number, where the format could have counted."""
    heading: int = 0
    """The level, from 1, that the file itself gives it as a heading; 0 if it does not."""
    is_title: bool = False
    """Whether the file itself says it is the document's title."""
    level: int | None = None
    """The level, from 0, of the list that the file itself puts it in; None outside lists."""
    indent: float = 0
    """How far from the left margin it begins (with its number, if it has one), in points; 0 where
    that is unknown."""
    id: str = ""
    """The ID of a clause, where the document is one of ours and still says so."""
    tags: tuple[str, ...] = ()
    """What our own documents say of a clause beside its words: `Guidance`, `For staff`."""

    @property
    def count(self) -> int:
        """How many words it holds, its tags among them, and its number if that was typed."""
        said = (plain(self.words), self.label if self.typed else "", *self.tags)
        return sum(map(count_words, said))


@dataclass(frozen=True, kw_only=True)
class FoundTable:
    """A table; a cell that spans several columns stands in the first, the others are empty."""

    where: str
    rows: tuple[tuple[tuple[FoundLine, ...], ...], ...]
    """Every row has as many cells; a cell is its paragraphs."""


FoundPart = FoundLine | FoundTable


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something in the file that cannot be carried over."""

    where: str
    what: str
    """What it is, for people: `a picture`, `a footnote`, `the header of every page`."""
    text: str = ""
    """The words in it, if there are any."""
    times: int = 1
    """How often it stands there, such as on each page; with other numbers, it may be."""


@dataclass(frozen=True)
class Highlight:
    """Words that somebody has marked with a colour, as gaps and notes in templates are."""

    where: str
    text: str


@dataclass(frozen=True, kw_only=True)
class FoundDocument:
    """A whole file."""

    name: str
    """The file's name, without its folders."""
    format: Format
    parts: tuple[FoundPart, ...]
    """In reading order."""
    left_out: tuple[LeftOut, ...] = ()
    words: int = 0
    """How many words the file holds, counted on its raw text by itself: `parts` and `left_out`
    together must hold as many."""
    highlighted: tuple[Highlight, ...] = ()
    """What is marked with a colour among the words of `parts`."""
    properties: tuple[tuple[str, str], ...] = ()
    """What the file says of itself: title, author, when it was last changed."""

    @property
    def lines(self) -> Iterator[FoundLine]:
        """Every paragraph, those in tables among them, in reading order."""
        for part in self.parts:
            if isinstance(part, FoundLine):
                yield part
                continue
            for row in part.rows:
                for cell in row:
                    yield from cell

    @property
    def carried(self) -> int:
        """How many words stand in its parts."""
        return sum(line.count for line in self.lines)

    @property
    def told(self) -> int:
        """How many words stand in what is left out."""
        return sum(count_words(left.text) * left.times for left in self.left_out)
