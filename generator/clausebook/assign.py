"""IDs for clauses that have none, written into the files in place; nothing else changes.

An ID is the policy's code and the next free number: `sm-191`; for an addition,
the school's ID as well: `sm-kestrel-3`.  Numbers of IDs in use are never given
again, nor those of clauses that were removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clausebook.model import Add, Adoption, Clause
from clausebook.problems import Problems
from clausebook.reading import (
    POLICIES,
    SCHOOLS,
    read_adoption_file,
    read_policy,
)
from clausebook.source import Span, Tree

UNNAMED = "?"
"""What the clause reader puts at the beginning of the ID of a clause that has none."""


@dataclass(frozen=True)
class Assigned:
    """One file as it should be written."""

    path: str
    data: bytes
    ids: tuple[str, ...]
    """The IDs that were given, in reading order."""


def assign_ids(tree: Tree, problems: Problems, retired: Iterable[str] = ()) -> tuple[Assigned, ...]:
    """Every file that has clauses without an ID, with their IDs put in.

    `retired` are the IDs that ratified versions have: even a removed one is never given again.

    Files with other mistakes are left alone, and their mistakes reported.
    """
    own = Problems()
    wanted: list[tuple[str, str, list[Clause]]] = []
    used: set[str] = set(retired)
    codes: dict[str, str] = {}
    for folder in tree.folders(POLICIES):
        policy = read_policy(tree, folder, own)
        if policy:
            codes[folder] = policy.control.code.lower()
            used |= {clause.id for clause in policy.outline}
            path = f"{POLICIES}/{folder}/policy.md"
            wanted.append((path, codes[folder], list(policy.outline)))
    for body in tree.folders(SCHOOLS):
        for name in tree.files(f"{SCHOOLS}/{body}", ".yml"):
            policy_id = name.removesuffix(".yml")
            if policy_id not in codes:
                continue
            path = f"{SCHOOLS}/{body}/{name}"
            adoption = read_adoption_file(tree, path, policy_id, own)
            clauses = _added(adoption) if adoption else []
            used |= {clause.id for clause in clauses}
            wanted.append((path, f"{codes[policy_id]}-{body}", clauses))
    ours = {clause.span for _, _, clauses in wanted for clause in clauses}
    problems.found += [p for p in own if p.code != "clause-without-id" or p.span not in ours]
    wrong = {problem.span.source.name for problem in problems}
    return tuple(
        assigned
        for path, prefix, clauses in wanted
        if path not in wrong
        for assigned in _assign(tree, path, prefix, clauses, used)
    )


def _added(adoption: Adoption) -> list[Clause]:
    """The clauses of additions whose lines in the file are known.

    In folded or quoted YAML text they are not; a missing ID there stays a problem.
    """
    document = adoption.document
    return [
        clause
        for number, override in enumerate(adoption.overrides)
        if isinstance(override, Add) and document.passages["overrides", number, "add"].exact
        for clause in override.clauses
    ]


def _assign(
    tree: Tree, path: str, prefix: str, clauses: Iterable[Clause], used: set[str]
) -> Iterator[Assigned]:
    unnamed = [clause for clause in clauses if clause.id.startswith(UNNAMED)]
    if not unnamed:
        return
    numbers = _free_numbers(prefix, used)
    given = {clause.span: f"{prefix}-{next(numbers)}" for clause in unnamed}
    used.update(given.values())
    yield Assigned(path, _insert(tree.read_bytes(path), given), tuple(given.values()))


def _free_numbers(prefix: str, used: set[str]) -> Iterator[int]:
    """The numbers after the highest that `prefix` has had."""
    pattern = re.compile(re.escape(prefix) + r"-([0-9]+)")
    taken = [int(found[1]) for found in map(pattern.fullmatch, used) if found]
    number = max(taken, default=0)
    while True:
        number += 1
        yield number


def _insert(data: bytes, given: Mapping[Span, str]) -> bytes:
    """Put each ID after the words its span covers, keeping line ends and byte-order mark."""
    text = data.decode("utf-8")
    lines = re.split("(\r\n|\n|\r)", text)
    mark = 1 if text.startswith("\ufeff") else 0
    for span, clause_id in given.items():
        at = (span.line - 1) * 2
        column = span.column - 1 + span.width + (mark if span.line == 1 else 0)
        line = lines[at]
        lines[at] = f"{line[:column]} {{#{clause_id}}}{line[column:]}"
    return "".join(lines).encode("utf-8")
