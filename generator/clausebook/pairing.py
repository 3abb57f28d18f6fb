"""Two lists put side by side: what in the new one is a version of what in the old one.

For the parts of a clause that have no IDs: blocks, rows of a table, items of a list.
Order is kept; what was moved counts as deleted and inserted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

ALIKE = 0.35
"""Two parts that share fewer of their words are not versions of one another.

The figure below which a run of words is shown whole, old and new (`redlinewords.REWRITTEN`).
"""

MANY_PAIRS = 40_000
"""Where more pairs than this would have to be compared, only equal parts are paired."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What of a part decides about its pairing."""

    group: Hashable
    """Only parts of one group are ever paired."""
    said: tuple[object, ...]
    """Its words."""
    head: tuple[object, ...] = ()
    """Words, such as a table's header, that make a pair if they are the same."""


T = TypeVar("T")


def pairs(
    before: Sequence[T], after: Sequence[T], profile: Callable[[T], Profile]
) -> Iterator[tuple[T | None, T | None]]:
    """Each part with its version on the other side, or None; deleted ones before inserted ones."""
    old, new = [profile(part) for part in before], [profile(part) for part in after]
    # what says nothing is paired last, so that it never parts what says the same
    matcher = SequenceMatcher(None, _telling(old), _telling(new), autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(before[i1:i2], after[j1:j2], strict=True)
            continue
        for i, j in _aligned(old[i1:i2], new[j1:j2]):
            yield (None if i is None else before[i1 + i], None if j is None else after[j1 + j])


def _telling(parts: Sequence[Profile]) -> list[Hashable]:
    """The parts, of which those without words are like no other."""
    return [part if part.said or part.head else object() for part in parts]


def _aligned(
    old: Sequence[Profile], new: Sequence[Profile]
) -> Iterator[tuple[int | None, int | None]]:
    """The pairing, in order, whose pairs are most alike in sum."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness: dict[tuple[int, int], float] = {}
    if len(old) * len(new) <= MANY_PAIRS:
        bags = [Counter(part.said) for part in old], [Counter(part.said) for part in new]
        for i in reversed(range(len(old))):
            for j in reversed(range(len(new))):
                alike = _likeness(old[i], new[j], bags[0][i], bags[1][j])
                likeness[i, j] = alike
                paired = best[i + 1][j + 1] + alike if alike >= ALIKE else 0.0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    i = j = 0
    while i < len(old) or j < len(new):
        alike = likeness.get((i, j), 0.0)
        if alike >= ALIKE and best[i][j] == best[i + 1][j + 1] + alike:
            yield i, j
            i, j = i + 1, j + 1
        elif i < len(old) and (j == len(new) or best[i][j] == best[i + 1][j]):
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1


def _likeness(old: Profile, new: Profile, words: Counter[object], others: Counter[object]) -> float:
    if old.group != new.group:
        return 0.0
    if old.head and old.head == new.head:
        return 1.0
    total = len(old.said) + len(new.said)
    return 2 * (words & others).total() / total if total else ALIKE
