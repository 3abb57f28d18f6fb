"""Wording from elsewhere made fit for a policy: what our own reader would refuse is changed.

Whatever is given back is written as Markdown and read again as the very same pieces, so that no
draft made from a document can be one that `check` refuses for its signs.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from clausebook.clauses import read_clauses
from clausebook.problems import Problems
from clausebook.prose import (
    Block,
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Quote,
    Reference,
    Strong,
    Text,
    inlines_of,
    join_text,
    map_inlines,
    plain,
)
from clausebook.source import INVISIBLE, MAX_LINE, Source, is_seen
from clausebook.wording import MAX_SIGNS, Run, read_inline
from clausebook.writing import SOURCE, write_blocks, write_line

_STRAY = re.compile(r"\{(?=[{%#:])|\[(?=\^)|\](?=\[)")
"""Signs that Clausebook takes for its own, whatever stands after them."""
_ROUND = str.maketrans("{}[]", "()()")

LONG = MAX_LINE // 2
"""Paragraphs are kept so short, in characters, that no sign that is written as two is too much."""

SIGNS = MAX_SIGNS // 2

PLACE = Source("a document", "").whole()


@dataclass
class Settled:
    """What was done to some wording, to be told."""

    signs: bool = False
    """Whether signs were replaced."""
    links: list[str] = field(default_factory=list)
    """Addresses of links that became words."""
    plain: bool = False
    """Whether emphasis was taken out, because it could not be written."""


def settle(
    words: Inlines, known: Collection[str] = (), *, in_table: bool = False
) -> tuple[Inlines, Settled]:
    """Wording that a policy can hold, with the same words; and what was changed for that.

    Links to one of the `known` IDs become cross-references, other links inside the document
    become words.  Wording with nothing to be seen in it gives no pieces.
    """
    told = Settled()
    words = map_inlines(words, lambda word: _settled(word, told, known, in_table=in_table))
    if _reads_back(words):
        return _read(words), told
    unlinked = map_inlines(words, lambda word: _unlinked(word, told))
    if _reads_back(unlinked):
        return _read(unlinked), told
    told.plain = True
    bare = (Text(" ".join(plain(unlinked).split())),)
    return (_read(bare) if _reads_back(bare) else ()), told


def _settled(word: Inline, told: Settled, known: Collection[str], *, in_table: bool) -> Inlines:
    match word:
        case Text(text):
            return (Text(_text(text, told)),)
        case Code(text):
            spaced = _text(text, told)
            clean = spaced.strip()
            if in_table or not clean:
                return (Text(spaced),)
            before, _, after = spaced.partition(clean)
            return join_text((Text(before), Code(clean), Text(after)))
        case Break() if in_table:
            return (Text(" "),)
        case Link(href, children) if not plain(children).strip():
            told.links.append(href)
            return children
        case Link(href, children) if href.startswith("#"):
            if href[1:] in known:
                return (Reference(href[1:], children, PLACE),)
            told.links.append(href)
            return children
        case Strong(children) | Emphasis(children) if not plain(children).strip():
            return children
        case _:
            return (word,)


def _text(text: str, told: Settled) -> str:
    text = text.replace("\n", " ").replace("\t", " ")
    while not is_seen(text):
        text = INVISIBLE.sub("", text)
    if _STRAY.search(text):
        told.signs, text = True, text.translate(_ROUND)
    return re.sub(r" {2,}", " ", text)


def _unlinked(word: Inline, told: Settled) -> Inlines:
    if isinstance(word, Link):
        told.links.append(word.href)
        return word.children
    return (word,)


def _reads_back(words: Inlines) -> bool:
    """Whether our reader takes what would be written, and finds the same words in it."""
    problems = Problems()
    read = _read(words, problems)
    if problems.found:
        return False
    again = _read(read)
    return again == read and plain(read).split() == plain(words).split()


def _read(words: Inlines, problems: Problems | None = None) -> Inlines:
    text = write_line(join_text(words), SOURCE).strip()
    if not text:
        return ()
    run = Run(Source("a document", text).passage(), 0, text)
    return read_inline(run, problems or Problems())


def settle_block(block: Block) -> Block | None:
    """A block as our reader reads it; in the simplest form, if it cannot be read as it is.

    None if no form of it can be.
    """
    runs = [words for words in inlines_of((block,)) if plain(words).strip()]
    bare = [(Text(" ".join(plain(words).split())),) for words in runs]
    for one in (block, Quote(tuple(map(Paragraph, runs))), Quote(tuple(map(Paragraph, bare)))):
        problems = Problems()
        text = "\n".join(["words {#a}", "", *write_blocks((one,), SOURCE), ""])
        clauses = read_clauses(Source("a document", text).passage(), problems)
        said = [plain(words).split() for words in inlines_of(clauses[0].body)] if clauses else []
        wanted = [plain(words).split() for words in inlines_of((one,))]
        if not problems.found and len(clauses) == 1 and said == wanted:
            return clauses[0].body[0] if len(clauses[0].body) == 1 else None
    return None


def too_long(words: Inlines) -> bool:
    """Whether wording is longer than one paragraph of a policy can be."""
    text = plain(words)
    return len(text) > LONG or sum(1 for s in text if not (s.isalnum() or s in " .,")) > SIGNS


class Pieces(NamedTuple):
    """Wording in as many paragraphs as it needs."""

    parts: tuple[Inlines, ...]
    cuts: int = 0
    """How many times a word was cut because it is longer than any: each time it is one more."""


def pieces(words: Inlines) -> Pieces:
    """Wording too long for one paragraph as several; it loses its emphasis and its links."""
    if not too_long(words):
        return Pieces((words,))
    parts: list[Inlines] = []
    cuts = 0
    rest = " ".join(plain(words).split())
    while rest:
        at = _end_of_piece(rest)
        parts.append((Text(rest[:at].rstrip()),))
        cuts += at < len(rest) and _in_word(rest[at - 1]) and _in_word(rest[at])
        rest = rest[at:].lstrip()
    return Pieces(tuple(parts), cuts)


def _end_of_piece(text: str) -> int:
    """Where a piece ends: at a blank, or between signs, or in a word that is longer than any."""
    if len(text) <= SIGNS:
        return len(text)
    if (blank := text.rfind(" ", 0, SIGNS)) > 0:
        return blank
    between = (
        at for at in range(SIGNS, 0, -1) if not (_in_word(text[at - 1]) and _in_word(text[at]))
    )
    return next(between, SIGNS)


def _in_word(sign: str) -> bool:
    """Whether a sign can be in the middle of what `count_words` takes for a word."""
    return sign.isalnum() or sign in "'’"
