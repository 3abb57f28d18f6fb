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

MANY = 20_000
"""So many results are kept of each function, unless it says otherwise."""


def by_identity(
    most: int = MANY,
) -> Callable[[Callable[[*Values], Made]], Callable[[*Values], Made]]:
    """Remember results by which objects the arguments are; these must never change.

    Everything is forgotten at once when there are `most` of them, so that memory stays flat.
    """

    def remembering(function: Callable[[*Values], Made]) -> Callable[[*Values], Made]:
        known: dict[tuple[int, ...], tuple[Made, tuple[Any, ...]]] = {}

        @wraps(function)
        def remembered(*values: *Values) -> Made:
            key = tuple(map(id, values))
            found = known.get(key)
            if found is None:
                if len(known) >= most:
                    known.clear()
                # the arguments are kept too: while they live, nothing else has their identity
                found = known[key] = function(*values), values
            return found[0]

        return remembered

    return remembering
