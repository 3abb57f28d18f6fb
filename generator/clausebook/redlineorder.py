"""The clauses of two wordings in one reading order, for a page that shows what changed.

What was removed stands where it was, what was moved leaves a placeholder there, and
what did not change can be folded away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from clausebook.changes import Change, ChangeKind, Comparison, Provision
from clausebook.model import Kind

Context = Literal["all", "changed"]
"""Whether to show every clause, or those that changed and the ones they stand under."""


class Role(StrEnum):
    """What an entry is there for."""

    CLAUSE = "clause"
    """A clause of the new wording."""
    REMOVED = "removed"
    """A clause of the old wording only."""
    MOVED_AWAY = "moved away"
    """The old place of a clause that stands elsewhere now."""
    FOLD = "fold"
    """A stretch of clauses that did not change."""


@dataclass(frozen=True)
class Entry:
    """One thing to show."""

    role: Role
    provision: Provision
    """The clause; for a fold, the first of those folded."""
    depth: int
    """How deep in lists it stands; 0 for what is no list item."""
    change: Change | None = None
    folded: tuple[Provision, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether there is anything about it to show, beside its words."""
        return self.role is not Role.CLAUSE or bool(self.change and self.change.listed)


def arrange(comparison: Comparison, context: Context = "all") -> tuple[Entry, ...]:
    """Everything to show, in reading order."""
    entries = tuple(_Merging(comparison).entries())
    return tuple(_folded(entries)) if context == "changed" else entries


class _Merging:
    """The old clauses being put among the new."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.under: defaultdict[str | None, list[Entry]] = defaultdict(list)
        """The new clauses under each clause; depths are found when all are in place."""
        self.behind: defaultdict[tuple[str | None, str | None], list[Entry]] = defaultdict(list)
        """By parent and the clause that they stood behind (None: first): old entries."""
        for provision in comparison.after.provisions:
            change = comparison.by_id.get(provision.id)
            self.under[provision.clause.parent].append(Entry(Role.CLAUSE, provision, 0, change))
        last: dict[str | None, str] = {}
        for provision in comparison.before.provisions:
            parent = provision.clause.parent
            change = comparison.by_id.get(provision.id)
            role = _old_role(change)
            if role:
                place = parent, last.get(parent)
                self.behind[place].append(Entry(role, provision, 0, change))
            elif comparison.after.by_id[provision.id].clause.parent == parent:
                last[parent] = provision.id

    def entries(self, parent: str | None = None, depth: int = 0) -> Iterator[Entry]:
        """What stands under a clause, and under that; `depth` is the parent's."""
        for entry in self._beside(parent):
            is_item = entry.provision.clause.kind is Kind.ITEM
            own = depth + 1 if is_item else 0
            if not self._within_omitted(entry):
                yield replace(entry, depth=own)
            if entry.role is not Role.MOVED_AWAY:
                yield from self.entries(entry.provision.id, own)

    def _beside(self, parent: str | None) -> Iterator[Entry]:
        yield from self.behind[parent, None]
        for entry in self.under[parent]:
            yield entry
            yield from self.behind[parent, entry.provision.id]

    def _within_omitted(self, entry: Entry) -> bool:
        """Whether the clause it stands under says for it that it does not apply."""
        parent = entry.provision.clause.parent
        above = self.comparison.after.by_id.get(parent) if parent else None
        return not entry.is_shown and entry.provision.omitted and bool(above and above.omitted)


def _old_role(change: Change | None) -> Role | None:
    """What is shown in a clause's old place, if it has left it."""
    if change and change.after is None:
        return Role.REMOVED
    return Role.MOVED_AWAY if change and ChangeKind.MOVED in change.kinds else None


def _folded(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries with what did not change folded, save what changed clauses stand under."""
    parents = {e.provision.id: e.provision.clause.parent for e in entries if e.role is Role.CLAUSE}
    kept: set[str] = set()
    for entry in entries:
        above = entry.provision.clause.parent if entry.is_shown else None
        while above in parents and above not in kept:
            kept.add(above)
            above = parents[above]
    hidden: list[Provision] = []
    for entry in entries:
        if not entry.is_shown and entry.provision.id not in kept:
            hidden.append(entry.provision)
            continue
        if hidden:
            yield Entry(Role.FOLD, hidden[0], entry.depth, folded=tuple(hidden))
            hidden = []
        yield entry
    if hidden:
        yield Entry(Role.FOLD, hidden[0], 0, folded=tuple(hidden))
