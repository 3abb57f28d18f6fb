"""Pure functions that remember what they made of a value: the same clause is written once.

Wording is immutable and shared, so most of what a build works out for one school it has
worked out for another already.  `functools.lru_cache` remembers what was made of texts; of
wording, which is deep and costly to hash and compare, `by_identity` does.

Neither may stand on a function that notes problems: they would be noted once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

Values = TypeVarTuple("Values")
Made = TypeVar("Made")

MANY = 8_000
"""So many results are kept of each function, unless it says otherwise."""


def by_identity(
    most: int = MANY,
) -> Callable[[Callable[[*Values], Made]], Callable[[*Values], Made]]:
    """Remember results by which objects the arguments are; these must never change.

    At most so many are kept, so that memory stays flat: those that nobody has asked for during
    the last half as many are forgotten, all at once.
    """

    def remembering(function: Callable[[*Values], Made]) -> Callable[[*Values], Made]:
        recent: dict[tuple[int, ...], tuple[Made, tuple[Any, ...]]] = {}
        older = recent

        @wraps(function)
        def remembered(*values: *Values) -> Made:
            nonlocal recent, older
            key = tuple(map(id, values))
            found = recent.get(key)
            if found is None:
                # the arguments are kept too: while they live, nothing else has their identity
                found = older.get(key) or (function(*values), values)
                if len(recent) >= most / 2:
                    recent, older = {}, recent
                recent[key] = found
            return found[0]

        def forget() -> None:
            nonlocal recent, older
            recent = older = {}

        _FORGETTING.append(forget)
        return remembered

    return remembering


_FORGETTING: list[Callable[[], None]] = []


def forget() -> None:
    """Forget everything that was remembered by identity: for when none of it will come again."""
    for one in _FORGETTING:
        one()
