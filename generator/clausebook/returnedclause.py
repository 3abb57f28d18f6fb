"""What a clause says in a document that came back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from clausebook.backwords import Names, words_of
from clausebook.papers import PaperClause
from clausebook.prose import Block, Blocks, Inlines, Paragraph, Quote, Table, Text
from clausebook.redline import redline, word_list
from clausebook.redlineshapes import Difference, difference
from clausebook.wordback import BackLine, BackPart, BackTable

ALIKE = 0.6
"""The share of words that makes two paragraphs one, or one a part of the other."""


_TYPED = re.compile(r"^(?:[0-9]+(?:\.[0-9]+)*[A-Z]?\.?(?:\([a-zA-Z]+\))*|\([a-z]+\))[\s\t]+")
"""A number that somebody typed before a clause of their own."""


def words_now(line: BackLine, label: str, names: Names) -> Inlines:
    """A clause's words, without its number and what we say of it; a new clause has no label."""
    bits = list(line.own)
    while bits and not bits[0].text.strip():
        del bits[0]
    if bits:
        text = bits[0].text.lstrip()
        text = text.removeprefix(label) if label else _TYPED.sub("", text, count=1)
        bits[0] = replace(bits[0], text=text.lstrip())
    while bits and not bits[-1].text.strip():
        del bits[-1]
    if bits:
        bits[-1] = replace(bits[-1], text=bits[-1].text.rstrip())
    return words_of([bit for bit in bits if bit.text], names)


def body_now(
    clause: PaperClause,
    words: Inlines,
    before: Sequence[BackPart],
    after: Sequence[BackPart],
    names: Names,
) -> tuple[Blocks, list[BackLine], str]:
    """What stands beside its words now; paragraphs that are new clauses; what is odd."""
    if [_text(part) for part in before] == [_text(part) for part in after]:
        return clause.body, [], ""
    old = {_text(part) for part in before}
    gone = Counter(word_list((clause.words, clause.body))) - Counter(word_list((words, ())))
    blocks: list[Block] = []
    new: list[BackLine] = []
    odd = ""
    for part in after:
        if isinstance(part, BackTable):
            blocks.append(_table(part, names))
            continue
        said = words_of(part.own, names)
        if part.style in ("clause list", "quote list"):
            odd = "it has a list now, and the items of a list are clauses of their own"
        elif part.style == "quote":
            last = blocks.pop() if blocks and isinstance(blocks[-1], Quote) else Quote(())
            assert isinstance(last, Quote)  # noqa: S101 - by the line above
            blocks.append(Quote((*last.blocks, Paragraph(said))))
        elif part.style == "clause text" or _text(part) in old or _share(said, gone) > ALIKE:
            blocks.append(Paragraph(said))
        else:
            new.append(part)
    body = _aligned(blocks, clause.body)
    same = not odd and not differs(((), clause.body), ((), body))
    return clause.body if same else body, new, odd


def _aligned(blocks: Sequence[Block], before: Blocks) -> Blocks:
    """Tables as they were aligned: one after the other, where they have as many columns."""
    tables = iter([block for block in before if isinstance(block, Table)])
    found: list[Block] = []
    for block in blocks:
        old = next(tables, None) if isinstance(block, Table) else None
        if isinstance(block, Table) and old and len(old.align) == len(block.align):
            found.append(replace(block, align=old.align))
        else:
            found.append(block)
    return tuple(found)


def _table(table: BackTable, names: Names) -> Table:
    rows = [tuple(words_of(cell, names) for cell in row) for row in table.rows]
    columns = max(map(len, rows))
    filled = [row + ((),) * (columns - len(row)) for row in rows]
    return Table(filled[0], ("",) * columns, tuple(filled[1:]))


def take(parts: list[BackPart], clause: PaperClause) -> list[BackPart]:
    """Take a clause's line out of what stands elsewhere, if it is there."""
    words = word_list((clause.words, ()))
    for at, part in enumerate(parts):
        if not isinstance(part, BackLine) or part.style.startswith("toc"):
            continue
        if part.text.lstrip().startswith(clause.label):
            rest = part.text.lstrip().removeprefix(clause.label)
            if rest[:1].isspace() and _share((Text(rest),), Counter(words)) > ALIKE:
                return [parts.pop(at)]
    return []


def _share(words: Inlines, others: Counter[str]) -> float:
    """How many of some words are among others."""
    own = Counter(word_list((words, ())))
    return (own & others).total() / own.total() if own else 0.0


def _text(part: BackPart) -> str:
    return part.text if isinstance(part, BackTable) else "".join(bit.text for bit in part.own)


def says(part: BackPart) -> bool:
    """Whether there is anything in a part but what we say of a clause."""
    return bool(_text(part).strip())


def differs(one: tuple[Inlines, Blocks], other: tuple[Inlines, Blocks]) -> bool:
    """Whether a reader of two wordings sees a difference."""
    return one != other and difference(redline(one, other)) is not Difference.NONE
