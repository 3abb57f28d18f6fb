"""Clauses written as people write them in a policy's file: what the clause reader reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count

from clausebook.model import Clause, Kind
from clausebook.writing import SOURCE, write_blocks, write_line


def clause_lines(clauses: Sequence[Clause]) -> list[str]:
    """The lines of clauses in reading order, each with its ID and marks at the end of its words.

    Those whose parent is not among them stand at the left margin.
    """
    lines: list[str] = []
    columns: dict[str | None, int] = {}
    """For each item, the column in which its words begin."""
    numbers: Counter[tuple[str | None, int]] = Counter()
    before: Clause | None = None
    spaced = False
    for clause in clauses:
        column = columns.get(clause.parent, 0) if clause.kind is Kind.ITEM else 0
        first, *more = f"{write_line(clause.words, SOURCE)} {marker(clause)}".split("\n")
        sign = ""
        if clause.kind is Kind.HEADING:
            sign = "#" * clause.depth + " "
        elif clause.kind is Kind.ITEM:
            numbers[clause.parent, clause.depth] += 1
            sign = f"{numbers[clause.parent, clause.depth]}. " if clause.ordered else "- "
            columns[clause.id] = column + len(sign)
        inner = column + (len(sign) if clause.kind is Kind.ITEM else 0)
        listed = before and before.kind is Kind.ITEM and clause.kind is Kind.ITEM
        if lines and (not listed or spaced):
            lines.append("")
        lines.append(" " * column + sign + first)
        lines += [" " * inner + line for line in more]
        body = write_blocks(clause.body, SOURCE)
        if body:
            lines += ["", *(" " * inner + line if line else "" for line in body)]
        spaced = bool(body)
        before = clause
    return lines


def marker(clause: Clause) -> str:
    """What stands in braces after a clause's words."""
    marks = "".join(f" .{mark}" for mark in sorted(clause.marks))
    readers = f' for="{" ".join(clause.audiences)}"' if clause.audiences else ""
    return f"{{#{clause.id}{marks}{readers}}}"


def free_numbers(prefix: str, used: set[str]) -> Iterator[str]:
    """The IDs after the highest that `prefix` has had, as `assign-ids` gives them."""
    found = (re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,9}})", one) for one in used)
    taken = [int(one[1]) for one in found if one]
    yield from (f"{prefix}-{number}" for number in count(max(taken, default=0) + 1))
