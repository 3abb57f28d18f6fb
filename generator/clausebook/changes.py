"""The nouns of comparing: provisions, wordings, changes, and who is behind a change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from clausebook.kinship import share
from clausebook.model import Clause, Provenance
from clausebook.redline import redline, word_list
from clausebook.redlineshapes import Content, Redline

UNRECOGNISABLE = 0.3
"""Below this share of common words, an ID is asked whether it still means the same clause.

Source: trials on two published school policies, `redlines_word_pdf.md`, section 2.
"""

FEW_WORDS = 4
"""Clauses shorter than this on both sides, such as headings, are not asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Provision:
    """One clause of a wording."""

    clause: Clause
    """With names still in place."""
    shown: Clause
    """With values filled in."""
    label: str
    """Its printed number."""
    provenance: Provenance = Provenance.TRUST
    layer: str | None = None
    """The school or group that wrote it, or left it out; None for the trust's own wording."""
    basis: Clause | None = None
    """The trust's wording of it, with names still in place, where that is known."""

    @property
    def id(self) -> str:
        """The clause's permanent ID."""
        return self.clause.id

    @property
    def omitted(self) -> bool:
        """Whether the clause is there only as not applicable."""
        return self.provenance is Provenance.OMITTED

    @property
    def is_trusts(self) -> bool:
        """Whether the trust wrote it first, and so decides where it stands."""
        return self.provenance is not Provenance.ADDED

    @property
    def content(self) -> Content | None:
        """What readers see; None for a clause that does not apply."""
        return None if self.omitted else (self.shown.words, self.shown.body)


@dataclass(frozen=True)
class Wording:
    """One side of a comparison: the clauses in reading order."""

    provisions: tuple[Provision, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Provision]:
        """Each clause by its ID."""
        return {provision.clause.id: provision for provision in self.provisions}

    @cached_property
    def places(self) -> Sequence[tuple[str, str | None]]:
        """Each clause's ID and that of the clause it stands under."""
        clauses = (provision.clause for provision in self.provisions)
        return [(clause.id, clause.parent) for clause in clauses]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Each clause's printed number by its ID."""
        return {provision.id: provision.label for provision in self.provisions}


class ChangeKind(StrEnum):
    """What happened to a clause; more than one can be true at once."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"
    """To another parent, or past its neighbours."""
    RENUMBERED = "renumbered"
    """Nothing but its label changed, because of what happened elsewhere."""
    SPLIT = "split"
    """Added, from words that another clause gave up."""
    MERGED = "merged"
    """Removed, and its words are in another clause now."""
    OMITTED = "not applicable"
    """Not applicable any more."""
    APPLICABLE = "applicable"
    """Applicable again."""
    MARKED = "marked"
    """Now guidance, an example or a definition, or for other readers; or not any more."""
    LINK_ONLY = "link only"
    FORMATTING_ONLY = "formatting only"
    VALUE_ONLY = "value only"
    """The wording is the same, and a name in it stands for something else."""


SUBSTANTIVE = frozenset(ChangeKind) - {
    ChangeKind.RENUMBERED,
    ChangeKind.LINK_ONLY,
    ChangeKind.FORMATTING_ONLY,
    ChangeKind.VALUE_ONLY,
}
"""Kinds that can change what a policy says."""


_PLACED = frozenset({ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.MOVED, ChangeKind.MARKED})
"""Kinds that whoever wrote the clause first decides: where it stands, and whom it is for."""


class Cause(StrEnum):
    """Who is behind a change."""

    TRUST = "trust"
    HERE = "here"
    """The school, or its group: `Change.layer` says which."""
    VALUE = "value"
    """Nobody's decision: a person, a channel or another value changed."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happened to one clause."""

    before: Provision | None
    after: Provision | None
    kinds: frozenset[ChangeKind]
    cause: Cause
    trust_changed: bool = False
    """Whether the trust's own wording of it changed too, whatever the school made of it."""
    split_from: Provision | None = None
    """The clause that gave up the words of this new one, as it was."""
    merged_into: Provision | None = None
    """The clause that has the words of this removed one, as it is now."""
    replaces: Provision | None = None
    """The removed clause that this new one resembles."""
    replaced_by: Provision | None = None
    """The new clause that resembles this removed one."""

    @property
    def provision(self) -> Provision:
        """The clause as it is now, or was last."""
        provision = self.after or self.before
        assert provision is not None  # noqa: S101 - one side is there by construction
        return provision

    @property
    def id(self) -> str:
        """The clause's permanent ID."""
        return self.provision.id

    @property
    def involves_trust(self) -> bool:
        """Whether the trust did something to the clause, whatever else happened to it."""
        if self.cause is Cause.TRUST or self.trust_changed:
            return True
        return self.provision.is_trusts and bool(self.kinds & _PLACED)

    @property
    def layer(self) -> str | None:
        """The school or group behind it, for changes made `HERE`."""
        if self.cause is not Cause.HERE:
            return None
        layers = [side.layer for side in (self.after, self.before) if side and side.layer]
        return layers[0] if layers else None

    @property
    def listed(self) -> bool:
        """Whether it deserves a line of its own: not if only its number changed."""
        return self.kinds != {ChangeKind.RENUMBERED}

    @property
    def substantive(self) -> bool:
        """Whether it can change what the policy says."""
        return bool(self.kinds & SUBSTANTIVE)

    @cached_property
    def similarity(self) -> float:
        """The share of words that both sides have in common; 1 where only one side has any."""
        before, after = (side and side.content for side in (self.before, self.after))
        return share(word_list(before), word_list(after)) if before and after else 1.0

    @property
    def unrecognisable(self) -> bool:
        """Whether so little is left under the same ID that it could be another clause."""
        if ChangeKind.REWORDED not in self.kinds or self.similarity >= UNRECOGNISABLE:
            return False
        sides = [side.content for side in (self.before, self.after) if side]
        return max(len(word_list(content)) for content in sides if content) >= FEW_WORDS

    @cached_property
    def redline(self) -> Redline:
        """Its old and new wording as one."""
        return redline(
            self.before.content if self.before else None, self.after.content if self.after else None
        )


@dataclass(frozen=True, kw_only=True)
class Overtaken:
    """A clause with wording of a school's or group's own, when the trust's own was changed."""

    provision: Provision
    """The clause as it stands here."""
    before: Clause
    """The trust's wording, with names still in place, as it was."""
    after: Clause
    """The trust's wording as it is now."""


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two wordings."""

    before: Wording
    after: Wording
    changes: tuple[Change, ...]
    """In the new reading order; what was removed stands where it was."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs, not even a number."""
        return not self.changes

    @cached_property
    def by_id(self) -> Mapping[str, Change]:
        """Each change by its clause's ID."""
        return {change.id: change for change in self.changes}

    @cached_property
    def listed(self) -> tuple[Change, ...]:
        """All changes but those of numbers alone."""
        return tuple(change for change in self.changes if change.listed)

    @cached_property
    def renumbered(self) -> tuple[Change, ...]:
        """Clauses of which nothing but the number changed."""
        return tuple(change for change in self.changes if not change.listed)

    @cached_property
    def substantive(self) -> tuple[Change, ...]:
        """Changes that can change what the policy says."""
        return tuple(change for change in self.changes if change.substantive)

    def caused_by(self, cause: Cause) -> tuple[Change, ...]:
        """The listed changes with one cause."""
        return tuple(change for change in self.listed if change.cause is cause)
