"""Documents from elsewhere, made by hand: a line of text for a line, a list of rows for a table.

A line may begin with a number in square brackets, `[4.2]`, which is its printed number, and with
`# ` for a heading that the file itself gives; `*words*` on a whole line is bold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from clausebook.found import Format, FoundDocument, FoundLine, FoundPart, FoundTable
from clausebook.prose import Strong, Text

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
