"""A tailored policy made ready to be frozen: terms and limits filled in, live names kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from clausebook.changes import Provision, Wording
from clausebook.filling import Filling
from clausebook.frozen import FrozenClause, Version
from clausebook.model import Clause, Outline, Provenance, TailoredClause, TailoredPolicy
from clausebook.problems import Problems
from clausebook.prose import Value
from clausebook.remembering import by_identity
from clausebook.values import Names, is_live, look_up
from clausebook.writing import SOURCE, write_blocks, write_inline


@dataclass(frozen=True)
class Draft:
    """What today's files say of one policy at one body, as it would be frozen."""

    clauses: tuple[FrozenClause, ...]
    live: Mapping[str, str]
    """What every live name stands for today, as Markdown."""

    @cached_property
    def outline(self) -> Outline:
        """The clauses as they would be frozen."""
        return Outline(tuple(frozen.clause for frozen in self.clauses))


def freeze(policy: TailoredPolicy, *, is_master: bool = False) -> Draft:
    """The policy with only live names left in it, and what those stand for today.

    A master keeps all its names: what a school says differently is no change of it.

    The policy has been tailored already, so nothing can be missing.
    """
    names = policy.names
    filling = Filling(names, Problems(), trusted=True, keep=is_live)
    clauses = tuple(
        _frozen(
            published.clause if is_master else _without_terms(published, filling),
            published.label,
            published.provenance,
            published.departure.layer if published.departure else None,
        )
        for published in policy.clauses
    )
    live = {
        value.expression: value
        for frozen in (() if is_master else clauses)
        if frozen.clause.values and frozen.provenance is not Provenance.OMITTED
        for value in frozen.clause.values
    }
    return Draft(clauses, {key: _shown(live[key], names) for key in sorted(live)})


@by_identity()
def _frozen(clause: Clause, label: str, provenance: Provenance, layer: str | None) -> FrozenClause:
    return FrozenClause(clause=clause, label=label, provenance=provenance, layer=layer)


def _without_terms(published: TailoredClause, filling: Filling) -> Clause:
    """A clause with only live names left in it; where it has none, that is what it shows."""
    values = published.clause.values
    applies = published.provenance is not Provenance.OMITTED
    if values and applies and not any(is_live(value.expression) for value in values):
        return published.shown
    return filling.clause(published.clause)


def of_frozen(
    clauses: Sequence[FrozenClause], names: Names, master: Version | Outline | None = None
) -> Wording:
    """Frozen clauses as one side of a comparison.

    `master` is what they are based on: a version, or for a draft the master of today.
    Both sides show today's people, so that people and channels never count as wording.
    """
    filling = todays(names)
    outline = master.outline if isinstance(master, Version) else master
    bases = outline.by_id if outline else {}
    return Wording(
        tuple(
            _provision(frozen, filling.clause(frozen.clause), bases.get(frozen.clause.id))
            for frozen in clauses
        )
    )


@by_identity(most=8)
def todays(names: Names) -> Filling:
    """Puts in what names stand for today: what versions have alike is filled in once."""
    return Filling(names, Problems(), trusted=True)


@by_identity()
def _provision(frozen: FrozenClause, shown: Clause, basis: Clause | None) -> Provision:
    """What several versions have alike is one provision."""
    return Provision(
        clause=frozen.clause,
        shown=shown,
        label=frozen.label,
        provenance=frozen.provenance,
        layer=frozen.layer,
        basis=basis,
    )


def _shown(value: Value, names: Names) -> str:
    slot = look_up(value, names, Problems(), trusted=True)
    if slot is None:
        return ""
    if slot.block is not None:
        return "\n".join(write_blocks(slot.block, SOURCE))
    return write_inline(slot.shown or (), SOURCE)
