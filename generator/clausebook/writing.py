"""Wording written out as Markdown, in one canonical way.

What is written reads back as the same pieces under CommonMark and under
Python-Markdown: characters that either would take for markup are escaped, so
that text can never become markup by passing through here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.prose import (
    Block,
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    PlainList,
    Quote,
    ReadyBlock,
    Reference,
    Strong,
    Table,
    Text,
    Value,
    map_block,
    map_inlines,
)

_SPECIAL = re.compile(r"[\\`*_{}\[\]]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINE_START = re.compile(r"^(?:[#+=:~!?-]|[0-9]+[.)])")


def escape(text: str) -> str:
    """Characters as Markdown that shows exactly them, anywhere in a line but its start."""
    text = re.sub("[&<>]", lambda found: _ENTITIES[found[0]], text)
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\n", " ")


def _guard_start(line: str) -> str:
    """Keep a line's first characters from making it a heading, list or rule."""
    found = _LINE_START.match(line)
    if not found:
        return line
    at = found.end() - 1
    return f"{line[:at]}\\{line[at:]}" if line[at] in "#+-.!)" else f"&#{ord(line[at])};{line[1:]}"


@dataclass(frozen=True)
class Dialect:
    """How the pieces are written for one kind of reader."""

    html: bool
    """Whether inline HTML may stand in where Markdown readers disagree."""


SITE = Dialect(html=True)
"""For Python-Markdown, which builds the site."""
SOURCE = Dialect(html=False)
"""For Clausebook's own reader, and for people: no HTML."""


def write_inline(words: Sequence[Inline], dialect: Dialect = SITE) -> str:
    """One line of Markdown, fit to stand anywhere but at the start of a line."""
    texts: list[str] = []
    for at, word in enumerate(words):
        if isinstance(word, Strong | Emphasis):
            alone = _stands_alone(words, at)
            texts.append(_marked(word, dialect, alone=alone))
        else:
            texts.append(_inline(word, dialect))
    return "".join(texts)


def write_line(words: Sequence[Inline], dialect: Dialect = SITE) -> str:
    """One line of Markdown, fit to begin a paragraph."""
    return _guard_start(write_inline(words, dialect))


def _inline(word: Inline, dialect: Dialect) -> str:
    match word:
        case Text(text):
            return escape(text)
        case Code(text):
            return f"<code>{escape(text)}</code>" if dialect.html else _backticks(text)
        case Break():
            return "<br>" if dialect.html else "\\\n"
        case Value(expression):
            return "{{ " + expression + " }}"
        case Strong() | Emphasis():
            return _marked(word, dialect, alone=False)
        case Link(href, children):
            return f"[{write_inline(children, dialect)}](<{_address(href)}>)"
        case Reference(target, children):
            return f"[{write_inline(children, dialect) or target}](#{target})"


def _stands_alone(words: Sequence[Inline], at: int) -> bool:
    """Whether white space or a plain sign stands on both sides, so that all readers agree."""
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    return (before is None or (isinstance(before, Text) and before.text[-1] in " (“‘")) and (
        after is None or (isinstance(after, Text) and after.text[0] in " .,;:!?)’”")
    )


def _marked(word: Strong | Emphasis, dialect: Dialect, *, alone: bool) -> str:
    mark, tag = ("**", "strong") if isinstance(word, Strong) else ("*", "em")
    text = write_inline(word.children, dialect)
    plain_words = all(isinstance(child, Text | Value | Link | Code) for child in word.children)
    if not dialect.html or (alone and plain_words and re.fullmatch(r"\w(?:.*[\w.,;:!?])?", text)):
        return f"{mark}{text}{mark}"
    return f"<{tag}>{text}</{tag}>"


def _backticks(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _address(href: str) -> str:
    return (
        href.replace("&", "&amp;")
        .replace("<", "%3C")
        .replace(">", "%3E")
        .replace(" ", "%20")
        .replace("\\", "%5C")
        .replace("*", "%2A")
        .replace("`", "%60")
        .replace("{", "%7B")
        .replace("}", "%7D")
        .replace("\n", "")
    )


def write_block(block: Block, dialect: Dialect = SITE) -> list[str]:
    """The lines of a block, without blank lines around it."""
    match block:
        case Paragraph(words):
            return [write_line(words, dialect)]
        case Table(header, align, rows):
            rules = {"left": ":---", "right": "---:", "center": ":---:"}
            return [
                _row(header, dialect),
                "| " + " | ".join(rules.get(way, "---") for way in align) + " |",
                *(_row(row, dialect) for row in rows),
            ]
        case Quote(blocks):
            return ["> " + line if line else ">" for line in write_blocks(blocks, dialect)]
        case PlainList(items, ordered):
            mark = "1. " if ordered else "-   "
            return [mark.ljust(4) + write_line(item, dialect) for item in items]
        case ReadyBlock(value):
            return ["{{ " + value.expression + " }}"]


def write_blocks(blocks: Sequence[Block], dialect: Dialect = SITE) -> list[str]:
    """The lines of several blocks, a blank line between each two."""
    lines: list[str] = []
    for block in blocks:
        lines += ([""] if lines else []) + write_block(block, dialect)
    return lines


def _row(cells: Sequence[Inlines], dialect: Dialect) -> str:
    texts = (write_inline(cell, dialect).replace("|", "&#124;") for cell in cells)
    return "| " + " | ".join(texts) + " |"


# -- fingerprints ------------------------------------------------------------------

_LETTERS = "bcdfghjklmnpqrstvwxz"
"""Twenty consonants: a fingerprint never spells a word or looks like a number."""

_SAME = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " "}
)


def normal(words: Sequence[Inline]) -> Inlines:
    """Wording without cosmetic differences: quotes, dashes and spacing made alike."""

    def change(word: Inline) -> Inlines:
        if isinstance(word, Text):
            return (Text(re.sub(r"\s+", " ", word.text.translate(_SAME))),)
        return (word,)

    return map_inlines(words, change)


def canonical(words: Sequence[Inline], body: Sequence[Block]) -> str:
    """Wording as text in which cosmetic differences do not show; what is fingerprinted."""
    blocks = [map_block(block, normal) for block in body]
    return "\n".join([write_inline(normal(words), SOURCE).strip(), *write_blocks(blocks, SOURCE)])


def fingerprint(*wordings: str) -> str:
    """Eight letters that change when wording does: `kqzt-bmwd`.

    About 34 bits of SHA-256: enough to notice any edit, short enough to read out.
    """
    number = int.from_bytes(hashlib.sha256("\n\n".join(wordings).encode()).digest()[:8], "big")
    signs = ""
    for _ in range(8):
        number, sign = divmod(number, len(_LETTERS))
        signs += _LETTERS[sign]
    return f"{signs[:4]}-{signs[4:]}"
