"""Documents from elsewhere, made by hand: a line of text for a line, a list of rows for a table.

A line may begin with a number in square brackets, `[4.2]`, which is its printed number, and with
`# ` for a heading that the file itself gives; `*words*` on a whole line is bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from clausebook.found import Format, FoundDocument, FoundLine, FoundPart, FoundTable
from clausebook.model import Kind, Provenance, TailoredClause, TailoredPolicy
from clausebook.prose import (
    Block,
    Inline,
    Inlines,
    PlainList,
    Quote,
    Reference,
    Strong,
    Table,
    Text,
    inlines_of,
    map_block,
    map_inlines,
)

Row = Sequence[str]
Part = str | Sequence[Row] | FoundLine | FoundTable

_LINE = re.compile(r"(?P<indent> *)(?P<hashes>#* ?)(?:\[(?P<label>[^\]]+)\] )?(?P<words>.*)")


def found(*parts: Part, name: str = "policy.docx", form: Format = Format.WORD) -> FoundDocument:
    """A document of these parts, whose file holds just their words."""
    made = tuple(_part(part, number) for number, part in enumerate(parts, 1))
    document = FoundDocument(name=name, format=form, parts=made)
    return FoundDocument(name=name, format=form, parts=made, words=document.carried)


def line(text: str, where: str = "somewhere") -> FoundLine:
    """A line; every two spaces before it are an indent of 18 points."""
    said = _LINE.fullmatch(text)
    assert said
    words = said["words"]
    bold = re.fullmatch(r"\*(.+)\*", words)
    piece = Strong((Text(bold[1]),)) if bold else Text(words)
    return FoundLine(
        where=where,
        words=(piece,) if words else (),
        label=said["label"] or "",
        typed=bool(said["label"]) and any(sign.isalnum() for sign in said["label"]),
        heading=said["hashes"].count("#"),
        indent=9 * len(said["indent"]),
    )


def _part(part: Part, number: int) -> FoundPart:
    where = f"paragraph {number}"
    if isinstance(part, FoundLine | FoundTable):
        return part
    if isinstance(part, str):
        return line(part, where)
    rows = tuple(tuple((line(cell, where),) if cell else () for cell in row) for row in part)
    return FoundTable(where=f"table {number}", rows=rows)


# -- a policy of ours as a school would send it ----------------------------------------


def as_found(policy: TailoredPolicy, *, ids: bool = False, numbers: bool = True) -> FoundDocument:
    """A policy as published, in a document that knows nothing of Clausebook.

    With `ids` it still says which clause is which; without `numbers` nothing is numbered.
    """
    parts: list[FoundPart] = []
    labels = {clause.id: clause.label for clause in policy.clauses}
    for clause in policy.clauses:
        if clause.provenance is not Provenance.OMITTED:
            parts += _clause(printed(clause, labels), ids=ids, numbers=numbers)
    made = FoundDocument(name="policy.docx", format=Format.WORD, parts=tuple(parts))
    return FoundDocument(
        name="policy.docx", format=Format.WORD, parts=tuple(parts), words=made.carried
    )


def printed(clause: TailoredClause, labels: Mapping[str, str]) -> TailoredClause:
    """A clause in which cross-references are the numbers that readers see."""

    def change(word: Inline) -> Inlines:
        if isinstance(word, Reference):
            return word.children or (Text(labels.get(word.target, word.target)),)
        return (word,)

    def run(words: Inlines) -> Inlines:
        return map_inlines(words, change)

    shown = clause.shown
    body = tuple(map_block(block, run) for block in shown.body)
    return replace(clause, shown=replace(shown, words=run(shown.words), body=body))


def _clause(clause: TailoredClause, *, ids: bool, numbers: bool) -> Iterator[FoundPart]:
    shown = clause.shown
    item = shown.kind is Kind.ITEM
    label = clause.label
    if item:
        label = re.findall(r"\([A-Za-z]+\)", label)[-1] if "(" in label else f"{label}."
    yield FoundLine(
        where=f"clause {clause.label}",
        words=shown.words,
        label=label if numbers else "•" if item else "",
        typed=numbers,
        heading=shown.depth - 1 if shown.kind is Kind.HEADING else 0,
        level=shown.depth - 1 if item else None,
        indent=18.0 * shown.depth if item else 0,
        id=shown.id if ids else "",
    )
    for block in shown.body:
        yield from _block(block, shown.depth)


def _block(block: Block, depth: int) -> Iterator[FoundPart]:
    where = "a block"
    match block:
        case Table(header, _, rows):
            cells = tuple(tuple(_cell(words) for words in row) for row in (header, *rows))
            yield FoundTable(where=where, rows=cells)
        case Quote():
            lines = tuple(FoundLine(where=where, words=run) for run in inlines_of((block,)))
            yield FoundTable(where=where, rows=((lines,),))
        case PlainList(items):
            for item in items:
                yield FoundLine(where=where, words=item, label="•", level=depth)
        case _:
            for run in inlines_of((block,)):
                yield FoundLine(where=where, words=run, level=depth - 1, indent=18.0 * depth)


def _cell(words: Inlines) -> tuple[FoundLine, ...]:
    return (FoundLine(where="a cell", words=words),) if words else ()
