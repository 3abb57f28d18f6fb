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
from itertools import pairwise

from clausebook.english import typographic
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

_SPECIAL = re.compile(r"[\\`*_{}\[\]&<>\n]")
_ESCAPED = str.maketrans(
    {sign: "\\" + sign for sign in "\\`*_{}[]"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": " "}
)
_LINE_START = re.compile(r"^(?:[#+=:~!?|-]|/(?=//)|[0-9]+[.)])", re.MULTILINE)


def escape(text: str) -> str:
    """Characters as Markdown that shows exactly them, anywhere in a line but its start."""
    return text.translate(_ESCAPED) if _SPECIAL.search(text) else text


def _guard_start(lines: str) -> str:
    """Keep the first characters of lines from making them headings, lists, tables or rules."""
    return _LINE_START.sub(lambda found: found[0][:-1] + _guarded(found[0][-1]), lines)


def _guarded(sign: str) -> str:
    return f"\\{sign}" if sign in "#+-.!)" else _entity(sign)


def _entity(sign: str) -> str:
    return f"&#{ord(sign)};"


@dataclass(frozen=True)
class Dialect:
    """How the pieces are written for one kind of reader."""

    html: bool
    """Whether inline HTML may stand in where Markdown readers disagree."""
    by_sentence: bool = False
    """Whether each sentence of a paragraph gets a line of its own; a reader joins them again."""


SITE = Dialect(html=True)
"""For Python-Markdown, which builds the site."""
SOURCE = Dialect(html=False)
"""For Clausebook's own reader, and for people: no HTML."""
FROZEN = Dialect(html=False, by_sentence=True)
"""The same for versions: any tool that compares lines shows which sentences changed."""


def in_print(words: Sequence[Inline]) -> Inlines:
    """Words with the quotation marks and apostrophes that print has."""
    return map_inlines(words, printed)


def printed(word: Inline) -> Inlines:
    """One piece of wording as print has it."""
    if isinstance(word, Text) and (text := typographic(word.text)) is not word.text:
        return (Text(text),)
    return (word,)


def write_inline(words: Sequence[Inline], dialect: Dialect = SITE) -> str:
    """Markdown fit to stand anywhere but at the start of a line; one line, but for `Break`s."""
    return _written(words, dialect)


def _written(words: Sequence[Inline], dialect: Dialect, *, in_strong: bool = False) -> str:
    if len(words) == 1 and isinstance(words[0], Text):  # as most wording is
        return escape(words[0].text)
    texts = [_inline(words, at, dialect, in_strong=in_strong) for at in range(len(words))]
    for at, (word, after) in enumerate(pairwise(words)):
        if isinstance(after, Link | Reference) and texts[at].endswith("!"):
            texts[at] = texts[at][:-1] + "\\!"
        if not dialect.html and isinstance(after, Strong | Emphasis) and isinstance(word, Text):
            texts[at] = _before(texts[at], texts[at + 1])
        if not dialect.html and isinstance(word, Strong | Emphasis) and isinstance(after, Text):
            texts[at + 1] = _after(texts[at + 1], texts[at])
    return "".join(texts)


def write_line(words: Sequence[Inline], dialect: Dialect = SITE) -> str:
    """Markdown fit to begin a paragraph."""
    text = _guard_start(write_inline(words, dialect))
    return _SENTENCE_END.sub("\n", text) if dialect.by_sentence else text


_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z“‘\"'(\[*{])")


def _inline(words: Sequence[Inline], at: int, dialect: Dialect, *, in_strong: bool) -> str:
    match words[at]:
        case Text(text):
            return escape(text)
        case Code(text):
            return f"<code>{escape(text)}</code>" if dialect.html else _backticks(text)
        case Break():
            return "<br>" if dialect.html else "\\\n"
        case Value(expression):
            return "{{ " + expression + " }}"
        case Strong() | Emphasis():
            if dialect.html:
                return _marked_for_site(words, at)
            return _marked(words, at, in_strong=in_strong)
        case Link(href, children, style):
            address = _address(href) if dialect.html else _address(href, keep="*")
            styled = f"{{ .{style} }}" if style and dialect.html else ""
            return f"[{write_inline(children, dialect)}](<{address}>){styled}"
        case Reference(target, children):
            return f"[{write_inline(children, dialect) or target}](#{target})"


def _stands_alone(words: Sequence[Inline], at: int) -> bool:
    """Whether white space or a plain sign stands on both sides, so that all readers agree."""
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    return (before is None or (isinstance(before, Text) and before.text[-1] in " (“‘")) and (
        after is None or (isinstance(after, Text) and after.text[0] in " .,;:!?)’”")
    )


def _marked_for_site(words: Sequence[Inline], at: int) -> str:
    word = words[at]
    assert isinstance(word, Strong | Emphasis)  # noqa: S101 - asked of nothing else
    mark, tag = ("**", "strong") if isinstance(word, Strong) else ("*", "em")
    text = write_inline(word.children)
    plain_words = all(isinstance(child, Text | Value | Link | Code) for child in word.children)
    alone = _stands_alone(words, at)
    if alone and plain_words and _SURE_EVERYWHERE.fullmatch(text):
        return f"{mark}{text}{mark}"
    return f"<{tag}>{text}</{tag}>"


_SURE_EVERYWHERE = re.compile(r"\w(?:.*[\w.,;:!?])?")
"""Text around which every reader takes stars for marks."""


def _marked(words: Sequence[Inline], at: int, *, in_strong: bool) -> str:
    """CommonMark's marks; `_` where an emphasis touches bold, whose stars it would run into."""
    word = words[at]
    assert isinstance(word, Strong | Emphasis)  # noqa: S101 - asked of nothing else
    text = _written(word.children, SOURCE, in_strong=isinstance(word, Strong))
    text = _entity(text[0]) + text[1:] if text[:1].isspace() else text
    text = text[:-1] + _entity(text[-1]) if text[-1:].isspace() else text
    if isinstance(word, Strong):
        return f"**{text}**"
    beside = [*words[max(0, at - 1) : at], *words[at + 1 : at + 2]]
    touching = [*beside, *word.children[:1], *word.children[-1:]]
    at_edge = at in (0, len(words) - 1)
    starred = (in_strong and at_edge) or any(isinstance(other, Strong) for other in touching)
    return f"_{text}_" if starred else f"*{text}*"


_SURE = frozenset(" \n!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
"""Characters beside which CommonMark's marks open and close whatever they hold."""


def _before(text: str, marked: str) -> str:
    """Text that lets the marks after it open: they do not always, straight after a letter."""
    if text[-1] in _SURE or marked.lstrip("*")[0].isalnum():
        return text
    return text[:-1] + _entity(text[-1])


def _after(text: str, marked: str) -> str:
    """Text that lets the marks before it close."""
    if text[0] in _SURE or marked.rstrip("*")[-1].isalnum():
        return text
    return _entity(text[0]) + text[1:]


def _backticks(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    spaced = text.startswith(" ") and text.endswith(" ") and text.strip()
    pad = " " if spaced or text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _address(href: str, *, keep: str = "") -> str:
    """An address to stand between `<` and `>`, with nothing in it that could be markup."""

    def encoded(found: re.Match[str]) -> str:
        return found[0] if found[0] in keep else f"%{ord(found[0]):02X}"

    return _UNFIT.sub(encoded, href.replace("&", "&amp;").replace("\n", ""))


_UNFIT = re.compile(r"[<> \\*`{}]")


def write_block(block: Block, dialect: Dialect = SITE) -> list[str]:
    """The lines of a block, without blank lines around it."""
    match block:
        case Paragraph(words):
            return write_line(words, dialect).split("\n")
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
            texts = (write_line(item, dialect).replace("\n", "\n    ") for item in items)
            return "\n".join(mark.ljust(4) + text for text in texts).split("\n")
        case ReadyBlock(value):
            return ["{{ " + value.expression + " }}"]


def write_blocks(blocks: Sequence[Block], dialect: Dialect = SITE) -> list[str]:
    """The lines of several blocks, a blank line between each two."""
    lines: list[str] = []
    for block in blocks:
        lines += ([""] if lines else []) + write_block(block, dialect)
    return lines


def _row(cells: Sequence[Inlines], dialect: Dialect) -> str:
    pipe = "&#124;" if dialect.html else "\\|"
    texts = (write_inline(cell, dialect).replace("|", pipe) for cell in cells)
    return "| " + " | ".join(texts) + " |"


# -- fingerprints ------------------------------------------------------------------

_LETTERS = "bcdfghjklmnpqrstvwxz"
"""Twenty consonants: a fingerprint never spells a word or looks like a number."""

_SAME = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " "}
)
_SPACES = re.compile(r"\s+")


def normal(words: Sequence[Inline]) -> Inlines:
    """Wording without cosmetic differences: quotes, dashes and spacing made alike."""

    def change(word: Inline) -> Inlines:
        if isinstance(word, Text):
            text = _SPACES.sub(" ", word.text.translate(_SAME))
            return (word,) if text == word.text else (Text(text),)
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
