"""The clauses of two wordings in one reading order, for a page that shows what changed.

What was removed stands where it was, what was moved leaves a placeholder there, and
what did not change can be folded away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

from clausebook.changes import Change, ChangeKind, Comparison, Provision
from clausebook.model import Kind
from clausebook.remembering import by_identity

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


class Entry(NamedTuple):
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
    entries = _arranged(comparison)
    return fold(entries) if context == "changed" else entries


@by_identity(most=8)
def _arranged(comparison: Comparison) -> tuple[Entry, ...]:
    """Everything, once for the page of a comparison and for the pack on it."""
    return tuple(_Merging(comparison).entries())


class _Merging:
    """The old clauses being put among the new."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        before, after = comparison.before.provisions, comparison.after.by_id
        self.under: defaultdict[str | None, list[Provision]] = defaultdict(list)
        """The new clauses under each clause."""
        self.behind: defaultdict[tuple[str | None, str | None], list[tuple[Role, Provision]]]
        """By parent and the clause that they stood behind (None: first): old clauses."""
        self.behind = defaultdict(list)
        for provision in comparison.after.provisions:
            self.under[provision.clause.parent].append(provision)
        last: dict[str | None, str] = {}
        for provision in before:
            id_, parent = provision.clause.id, provision.clause.parent
            role = _old_role(comparison.by_id.get(id_))
            if role:
                self.behind[parent, last.get(parent)].append((role, provision))
            elif after[id_].clause.parent == parent:
                last[parent] = id_
        self.above = {*self.under, *(parent for parent, _ in self.behind)}
        """The clauses under which any stands, old or new."""

    def entries(self) -> list[Entry]:
        """Everything in reading order, as deep as it stands."""
        found: list[Entry] = []
        self._add_under(None, 0, found)
        return found

    def _add_under(self, parent: str | None, depth: int, found: list[Entry]) -> None:
        """Add what stands under a clause, and under that; `depth` is the parent's."""
        self._add_behind(parent, None, depth, found)
        for provision in self.under.get(parent, ()):
            self._add(Role.CLAUSE, provision, depth, found)
            if self.behind:
                self._add_behind(parent, provision.clause.id, depth, found)

    def _add_behind(
        self, parent: str | None, clause: str | None, depth: int, found: list[Entry]
    ) -> None:
        for role, provision in self.behind.get((parent, clause), ()):
            self._add(role, provision, depth, found)

    def _add(self, role: Role, provision: Provision, depth: int, found: list[Entry]) -> None:
        clause = provision.clause
        own = depth + 1 if clause.kind is Kind.ITEM else 0
        entry = Entry(role, provision, own, self.comparison.by_id.get(clause.id))
        if not (provision.omitted and self._within_omitted(entry)):
            found.append(entry)
        if role is not Role.MOVED_AWAY and clause.id in self.above:
            self._add_under(clause.id, own, found)

    def _within_omitted(self, entry: Entry) -> bool:
        """Whether the clause it stands under says for it that it does not apply."""
        parent = entry.provision.clause.parent
        above = self.comparison.after.by_id.get(parent) if parent else None
        return not entry.is_shown and bool(above and above.omitted)


def _old_role(change: Change | None) -> Role | None:
    """What is shown in a clause's old place, if it has left it."""
    if change and change.after is None:
        return Role.REMOVED
    return Role.MOVED_AWAY if change and ChangeKind.MOVED in change.kinds else None


def fold(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries with what did not change folded, save what changed clauses stand under."""
    parents = {e.provision.id: e.provision.clause.parent for e in entries if e.role is Role.CLAUSE}
    kept: set[str] = set()
    for entry in entries:
        above = entry.provision.clause.parent if entry.is_shown else None
        while above in parents and above not in kept:
            kept.add(above)
            above = parents[above]
    folded: list[Entry] = []
    hidden: list[Provision] = []
    for entry in entries:
        if not entry.is_shown and entry.provision.clause.id not in kept:
            hidden.append(entry.provision)
            continue
        if hidden:
            folded.append(Entry(Role.FOLD, hidden[0], entry.depth, folded=tuple(hidden)))
            hidden = []
        folded.append(entry)
    if hidden:
        folded.append(Entry(Role.FOLD, hidden[0], 0, folded=tuple(hidden)))
    return tuple(folded)
