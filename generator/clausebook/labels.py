"""Printed numbers: `4`, `4.2`, `4.2(a)`, `4.2(a)(i)`.  Data, computed once; never identity.

What a layer adds takes the number of the clause before it and a capital letter
(`4.2A`, `4.2(bA)`; before the first, `4.0A` and `4.2(A)`), as amending Acts do,
so that the trust's own numbers are the same at every school.  Source: Office of
the Parliamentary Counsel, Drafting Guidance, part 6 (numbering of insertions).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clausebook.model import Clause, Kind
from clausebook.remembering import MANY


@dataclass(frozen=True)
class Numbered:
    """A clause to be numbered, and the layer that wrote it (None for the trust)."""

    clause: Clause
    layer: str | None


def number_clauses(entries: Sequence[Numbered]) -> Mapping[str, str]:
    """Each clause's printed number by its ID; `entries` are in reading order."""
    headings: set[str] = set()
    layers: dict[str | None, str | None] = {None: None}
    labels: dict[str | None, str] = {None: ""}
    brackets: dict[str | None, int] = {None: 0}
    """How many bracketed steps a clause's own label has; headings and the top have none."""
    counts: dict[str | None, tuple[int, int]] = {}
    """For each parent: how many of its own layer so far, how many additions since."""
    for entry in entries:
        clause, parent = entry.clause, entry.clause.parent
        own, added = counts.get(parent, (0, 0))
        is_addition = entry.layer != layers[parent]
        own, added = (own, added + 1) if is_addition else (own + 1, 0)
        counts[parent] = own, added
        depth = 0 if parent in headings or parent is None else brackets[parent] + 1
        brackets[clause.id] = depth
        if clause.kind is Kind.HEADING:
            headings.add(clause.id)
        layers[clause.id] = entry.layer
        labels[clause.id] = _label(labels[parent], depth, own, added)
    return {clause_id: label for clause_id, label in labels.items() if clause_id is not None}


@lru_cache(maxsize=MANY)
def _label(above: str, brackets: int, own: int, added: int) -> str:
    """The label under another one; the same text for the same number, wherever it stands."""
    suffix = letters(added).upper()
    if not brackets:
        return f"{above}{'.' if above else ''}{own}{suffix}"
    style = (letters, roman, str)[(brackets - 1) % 3]
    return f"{above}({style(own) if own else ''}{suffix})"


def letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa; 0 is nothing."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def roman(number: int) -> str:
    """4 is iv; 0 is nothing."""
    text = ""
    for value, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        while number >= value:
            text += sign
            number -= value
    return text
