"""The marked wording of one clause as lines of Markdown: paragraphs, tables, quotations, lists."""

from __future__ import annotations

from collections.abc import Sequence

from clausebook.redlineinline import InlineWriter
from clausebook.redlineshapes import (
    RedBlock,
    RedList,
    RedParagraph,
    RedQuote,
    RedReady,
    RedRow,
    RedTable,
)
from clausebook.redlinewords import RunKind

CLASSES = {RunKind.INSERTED: "cb-inserted", RunKind.DELETED: "cb-deleted"}
"""What a block, a row or a clause that is new or gone as a whole is called in style sheets."""

_RULES = {"left": ":---", "right": "---:", "center": ":---:"}


def block_lines(blocks: Sequence[RedBlock], writer: InlineWriter) -> list[str]:
    """Each block after a blank line, fit to follow a clause's first paragraph."""
    return [line for block in blocks for line in ("", *_block(block, writer))]


def _block(block: RedBlock, writer: InlineWriter) -> list[str]:
    match block:
        case RedParagraph() | RedReady():
            return [writer.line(block.runs), *_class_line(block.kind, writer)]
        case RedTable(_, rows, _, align):
            rule = "| " + " | ".join(_RULES.get(way, "---") for way in align) + " |"
            header, *others = (_row(row, writer) for row in rows)
            return [header, rule, *others]
        case RedList(_, items, _, ordered):
            mark = "1. " if ordered else "-   "
            return [mark.ljust(4) + writer.line(item.runs) for item in items]
        case RedQuote(_, inner):
            lines = block_lines(inner, writer)[1:]
            return [f"> {line}".rstrip() for line in lines]


def _class_line(kind: RunKind, writer: InlineWriter) -> list[str]:
    name = _class_of(kind, writer)
    return [f"{{: .{name} }}"] if name else []


def _class_of(kind: RunKind, writer: InlineWriter) -> str | None:
    return CLASSES.get(kind) if writer.style.attributes else None


def _row(row: RedRow, writer: InlineWriter) -> str:
    name = _class_of(row.kind, writer)
    end = f" {{: .{name} }}" if name else ""
    cells = (writer.inline(cell).replace("|", "&#124;") + end for cell in row.cells)
    return "| " + " | ".join(cells) + " |"
