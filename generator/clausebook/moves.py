"""Which clauses were moved: put under another parent, or past their neighbours.

Of clauses that changed places, as few and as small as possible count as moved; which
they are depends on nothing but the two orders, so that every table and every redline
says the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from clausebook.model import Clause


def moved_ids(before: Sequence[Clause], after: Sequence[Clause]) -> frozenset[str]:
    """The IDs of the clauses in both that were moved; what stands under one moves with it."""
    if _places(before) == _places(after):
        return frozenset()
    parents = {clause.id: clause.parent for clause in before}
    ranks = {clause.id: rank for rank, clause in enumerate(before)}
    weights = _weights(after)
    moved: set[str] = set()
    siblings: defaultdict[str | None, list[str]] = defaultdict(list)
    for clause in after:
        if clause.id not in parents:
            continue
        if parents[clause.id] == clause.parent:
            siblings[clause.parent].append(clause.id)
        else:
            moved.add(clause.id)
    for ids in siblings.values():
        moved.update(set(ids) - _staying(ids, ranks, weights))
    return frozenset(moved)


def _places(clauses: Sequence[Clause]) -> list[tuple[str, str | None]]:
    return [(clause.id, clause.parent) for clause in clauses]


def _weights(clauses: Sequence[Clause]) -> Mapping[str, int]:
    """How many clauses stand under each, itself among them."""
    weights: Counter[str] = Counter()
    parents = {clause.id: clause.parent for clause in clauses}
    for clause in reversed(clauses):
        weights[clause.id] += 1
        parent = parents[clause.id]
        if parent is not None:
            weights[parent] += weights[clause.id]
    return weights


def _staying(
    ids: Sequence[str], ranks: Mapping[str, int], weights: Mapping[str, int]
) -> frozenset[str]:
    """The heaviest of `ids`, in all, that are still in their old order.

    Among equals, those that stood first stay.
    """
    order = [ranks[key] for key in ids]
    if order == sorted(order):
        return frozenset(ids)
    best: list[tuple[int, int]] = []
    """For each: the most that can stay up to and with it, and which comes before it (-1: none)."""
    for at, key in enumerate(ids):
        earlier = [n for n in range(at) if order[n] < order[at]]
        last = max(earlier, key=lambda n: (best[n][0], -order[n]), default=-1)
        best.append((weights[key] + (best[last][0] if last >= 0 else 0), last))
    at = max(range(len(ids)), key=lambda n: (best[n][0], -order[n]))
    staying: list[str] = []
    while at >= 0:
        staying.append(ids[at])
        at = best[at][1]
    return frozenset(staying)
