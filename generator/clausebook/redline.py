"""A clause's old and new wording as one: paragraphs, tables, quotations and lists.

Works on the pieces that wording is made of, never on text, so that a mark cannot
break an emphasis, a link or a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from clausebook.pairing import Profile, pairs
from clausebook.prose import (
    Block,
    Blocks,
    Inlines,
    Paragraph,
    PlainList,
    Quote,
    ReadyBlock,
    Table,
    inlines_of,
)
from clausebook.redlineshapes import (
    Content,
    RedBlock,
    RedItem,
    Redline,
    RedList,
    RedParagraph,
    RedQuote,
    RedReady,
    RedRow,
    RedTable,
)
from clausebook.redlinetokens import tokens
from clausebook.redlinewords import RunKind, Runs, redline_words, whole
from clausebook.remembering import by_identity


@lru_cache(maxsize=1 << 11)
def redline(before: Content | None, after: Content | None) -> Redline:
    """Two wordings of one clause as one; None for a side on which it is not there."""
    old_words, old_blocks = before or ((), ())
    new_words, new_blocks = after or ((), ())
    return Redline(redline_words(old_words, new_words), _blocks(old_blocks, new_blocks))


def unchanged(content: Content) -> Redline:
    """A wording in which nothing is marked."""
    words, blocks = content
    same = RunKind.SAME
    return Redline(whole(words, same), tuple(_whole(block, same) for block in blocks))


def word_list(content: Content) -> tuple[str, ...]:
    """Every word of a clause, cosmetic differences and capitals gone, for measuring likeness."""
    return _word_list(*content)


@by_identity()
def _word_list(words: Inlines, blocks: Blocks) -> tuple[str, ...]:
    parts = (words, *inlines_of(blocks))
    return tuple(token.text.casefold() for part in parts for token in tokens(part) if token.word)


def same_words(one: Inlines, other: Inlines) -> bool:
    """Whether two runs of wording say the same, however it looks and wherever it leads."""
    return _texts(one) == _texts(other)


@by_identity()
def _texts(words: Inlines) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(words) if not token.blank)


# -- putting blocks side by side ---------------------------------------------------------


def _blocks(before: Blocks, after: Blocks) -> tuple[RedBlock, ...]:
    return tuple(_block(*pair) for pair in pairs(before, after, _profile))


def _profile(block: Block) -> Profile:
    """Blocks of one type, and tables with as many columns, can be versions of one another."""
    said = _said(*inlines_of((block,)))
    if isinstance(block, Table):
        return Profile((Table, len(block.header)), said, _said(*block.header))
    return Profile(type(block).__name__, said)


def _row_profile(row: Sequence[Inlines]) -> Profile:
    return Profile(None, _said(*row))


def _item_profile(item: Inlines) -> Profile:
    return Profile(None, _said(item))


def _said(*parts: Inlines) -> tuple[object, ...]:
    return tuple(token.key for part in parts for token in tokens(part) if not token.blank)


def _block(before: Block | None, after: Block | None) -> RedBlock:
    match before, after:
        case Table(), Table():
            header = RedRow(RunKind.SAME, _cells(before.header, after.header))
            rows = (_row(*pair) for pair in pairs(before.rows, after.rows, _row_profile))
            return RedTable(RunKind.SAME, (header, *rows), before.align, after.align)
        case PlainList(), PlainList():
            items = (_item(*pair) for pair in pairs(before.items, after.items, _item_profile))
            return RedList(RunKind.SAME, tuple(items), before.ordered, after.ordered)
        case Quote(), Quote():
            return RedQuote(RunKind.SAME, _blocks(before.blocks, after.blocks))
        case Paragraph(), Paragraph():
            return RedParagraph(RunKind.SAME, redline_words(before.words, after.words))
        case ReadyBlock(), ReadyBlock():
            return RedReady(RunKind.SAME, after.value)
        case _, None:
            return _whole(before, RunKind.DELETED)
        case _:
            return _whole(after, RunKind.INSERTED)


def _whole(block: Block | None, kind: RunKind) -> RedBlock:
    match block:
        case Table(header, align, rows):
            red = (RedRow(kind, tuple(whole(c, kind) for c in row)) for row in (header, *rows))
            return RedTable(kind, tuple(red), align, align)
        case PlainList(items, ordered):
            made = tuple(RedItem(kind, whole(item, kind)) for item in items)
            return RedList(kind, made, ordered, ordered)
        case Quote(blocks):
            return RedQuote(kind, tuple(_whole(inner, kind) for inner in blocks))
        case ReadyBlock(value):
            return RedReady(kind, value)
        case _:
            return RedParagraph(kind, whole(block.words if block else (), kind))


def _row(before: tuple[Inlines, ...] | None, after: tuple[Inlines, ...] | None) -> RedRow:
    kind = _kind(before, after)
    one = before or after or ()
    return RedRow(kind, _cells(one, after or one) if kind is RunKind.SAME else _filled(one, kind))


def _cells(before: Sequence[Inlines], after: Sequence[Inlines]) -> tuple[Runs, ...]:
    return tuple(redline_words(*pair) for pair in zip(before, after, strict=True))


def _filled(cells: Sequence[Inlines], kind: RunKind) -> tuple[Runs, ...]:
    return tuple(whole(cell, kind) for cell in cells)


def _item(before: Inlines | None, after: Inlines | None) -> RedItem:
    return RedItem(_kind(before, after), redline_words(before or (), after or ()))


def _kind(before: object, after: object) -> RunKind:
    if before is None:
        return RunKind.INSERTED
    return RunKind.DELETED if after is None else RunKind.SAME
