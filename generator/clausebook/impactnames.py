"""Which names clauses use, and which of those a school fills in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from clausebook.model import Add, Clause, Omit, Outline, Replace, School, Trust
from clausebook.problems import Problems
from clausebook.prose import Inlines, Value, inlines_of, walk
from clausebook.values import Names, look_up

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


def values_in(wording: Clause | Replace) -> Iterator[Value]:
    """Every value name in some wording."""
    runs: list[Inlines] = [wording.words, *inlines_of(wording.body)]
    for words in runs:
        yield from (word for word in walk(words) if isinstance(word, Value))


def is_filled(value: Value, names: Names) -> bool:
    """Whether a name stands for something."""
    slot = look_up(value, names, Problems(), trusted=True)
    return slot is not None and slot.filled


def no_longer_used(trust: Trust, policy_id: str, before: Outline, after: Outline) -> list[str]:
    """The names that a master used before its change, and no master of the trust's uses now."""
    others = [other.outline for other in trust.policies.values() if other.id != policy_id]
    now = [clause for outline in (after, *others) for clause in outline]
    return sorted(_used(before) - _used(now))


def is_for_nothing(name: str, school: School) -> bool:
    """Whether a school, or its group, fills a name in that its own wording does not use either."""
    return _fills(school, name) and name not in _used(list(_own_wording(school)))


def _used(wordings: Iterable[Clause | Replace]) -> set[str]:
    """The values and contact roles that wording names: `dormant_days`, `contact.dsl`."""
    found = set[str]()
    for wording in wordings:
        for value in values_in(wording):
            for name in _NAME.findall(value.expression):
                steps: Sequence[str] = name.split(".")
                found.add(".".join(steps[:2]) if steps[0] == "contact" else steps[0])
    return found


def _fills(school: School, name: str) -> bool:
    role = name.removeprefix("contact.")
    return any(
        name in filled.values or (role != name and role in filled.contacts)
        for layer in school.layers
        for filled in (layer.details, *(a.fillings for a in layer.adoptions.values()))
    )


def _own_wording(school: School) -> Iterator[Clause | Replace]:
    """What a school and its group have written themselves."""
    for layer in school.layers:
        for adoption in layer.adoptions.values():
            for override in adoption.overrides:
                match override:
                    case Add():
                        yield from override.clauses
                    case Replace():
                        yield override
                    case Omit():
                        pass
