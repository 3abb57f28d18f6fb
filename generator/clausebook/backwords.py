"""Characters of a Word document as wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from clausebook.prose import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Reference,
    Strong,
    Text,
    join_text,
)
from clausebook.source import Source
from clausebook.wordshapes import PLAIN, Face

NOWHERE = Source("a Word document", "").whole()
"""Where in our files something stands that stands in a Word document."""


@dataclass(frozen=True)
class Bit:
    """Characters of one look."""

    text: str
    face: Face = PLAIN
    leads: str = ""
    """An address, or `#` and a bookmark's name."""
    style: str = ""
    """The name of their character style, in small letters."""


Names = Mapping[str, str]
"""Where links lead: clauses' IDs by the names of their bookmarks, and our own spelling of an
address by another that means the same."""


def words_of(bits: Sequence[Bit], names: Names) -> Inlines:
    """Characters as wording."""
    found: list[Inline] = []
    for leads, group in groupby(bits, lambda bit: bit.leads):
        inside = _faces(list(group), ("strong", "stress", "code"))
        clause = names.get(leads[1:].lower()) if leads.startswith("#") else None
        if clause:
            found.append(Reference(clause, inside, NOWHERE))
        elif leads and not leads.startswith("#"):
            found.append(Link(names.get(leads, leads), inside))
        else:
            found += inside
    return join_text(found)


def _faces(bits: Sequence[Bit], faces: Sequence[str]) -> Inlines:
    if not faces:
        return _texts("".join(bit.text for bit in bits))
    face, *others = faces
    found: list[Inline] = []
    for has, group in groupby(bits, lambda bit: face in bit.face):
        inside = list(group)
        if not has:
            found += _faces(inside, others)
        elif face == "code":
            found.append(Code("".join(bit.text for bit in inside).replace("\n", " ")))
        else:
            made = _faces(inside, others)
            found.append(Strong(made) if face == "strong" else Emphasis(made))
    return join_text(found)


def _texts(text: str) -> Inlines:
    parts = text.replace("\t", " ").split("\n")
    found: list[Inline] = [Text(parts[0])]
    for part in parts[1:]:
        found += [Break(), Text(part)]
    return join_text(found)
