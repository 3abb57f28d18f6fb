"""A ratified version made ready to be shown: its words, with people and channels filled in.

The version in force shows today's people; an older one shows those of its day,
as far as they have not been withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from clausebook.archive import Archive
from clausebook.clauses import read_frozen
from clausebook.filling import Filling
from clausebook.freezing import todays
from clausebook.frozen import FrozenClause, Version
from clausebook.model import (
    Clause,
    Departure,
    Outline,
    Policy,
    Provenance,
    TailoredClause,
    TailoredPolicy,
)
from clausebook.problems import Problems
from clausebook.prose import Blocks, Text, Value
from clausebook.records import DepartureRecord
from clausebook.remembering import by_identity
from clausebook.shapes import Review
from clausebook.source import Source
from clausebook.values import Names, Slot, look_up
from clausebook.wording import Run, read_inline

WITHDRAWN = "[name withdrawn]"
"""What stands where a name was taken out of a version."""


def thaw(
    version: Version, policy: Policy, names: Names, masters: Archive, *, as_it_stood: bool
) -> TailoredPolicy:
    """A version as a tailored policy, with today's people or those of its day."""
    record = version.record
    reasons = _reasons(record.departures)
    roots = _roots(version, frozenset(reasons))
    master = masters.by_label.get(record.master.version) if record.master else None
    given = _stood(version) if as_it_stood else _gone(version, names)
    filling = Filling(names, Problems(), trusted=True, given=given) if given else todays(names)
    bases = master.outline.by_id if master else {}
    clauses: list[TailoredClause] = []
    for frozen in version.clauses:
        clause = frozen.clause
        is_trusts = frozen.provenance is Provenance.TRUST
        departure = None if is_trusts else _decided(frozen, reasons.get(roots[clause.id]))
        basis = bases.get(clause.id)
        shown = filling.clause(clause)
        clauses.append(_thawed(frozen, shown, basis and filling.clause(basis), departure))
    return TailoredPolicy(
        policy=replace(policy, control=record.control),
        clauses=tuple(clauses),
        summary=record.control.summary,
        audiences=record.audiences,
        review=Review(last=record.ratified.on, next=record.next_review),
        names=names,
    )


@by_identity()
def _thawed(
    frozen: FrozenClause, shown: Clause, basis: Clause | None, departure: Departure | None
) -> TailoredClause:
    """What several versions have alike is one clause."""
    return TailoredClause(
        clause=frozen.clause,
        shown=shown,
        label=frozen.label,
        basis=basis,
        provenance=frozen.provenance,
        departure=departure,
    )


def _reasons(records: Sequence[DepartureRecord]) -> Mapping[str, Departure]:
    """Each departure by the clause it is about, with those that came before it."""
    found: dict[str, Departure] = {}
    for record in reversed(records):
        found[record.clause] = Departure(
            layer=record.layer,
            reason=record.reason,
            since=record.since,
            approver=record.approver,
            expires=record.expires,
            root=record.clause,
            earlier=found.get(record.clause),
        )
    return found


def _decided(frozen: FrozenClause, departure: Departure | None) -> Departure | None:
    """Of all that was decided of an override's clauses, what holds for this one."""
    chain = departure.chain if departure else ()
    return next((one for one in chain if one.layer == frozen.layer), departure)


def _roots(version: Version, named: frozenset[str]) -> Mapping[str, str]:
    """For each clause that is not the trust's, the one whose override it belongs to.

    That is the clause itself, or the nearest above it that the record names, or
    (for several clauses added side by side) the last one named before it.
    """
    outline: Outline = version.outline
    roots: dict[str, str] = {}
    last = ""
    for frozen in version.clauses:
        if frozen.provenance is Provenance.TRUST:
            continue
        if frozen.id in named:
            last = frozen.id
        above = (a.id for a in outline.ancestors(frozen.id) if a.id in named)
        roots[frozen.id] = frozen.id if frozen.id in named else next(above, last)
    return roots


def _stood(version: Version) -> dict[str, Slot]:
    """What every live name stood for on the version's own day."""
    return {
        name: _slot(name, WITHDRAWN if value.text is None else value.text)
        for name, value in version.stood.items()
    }


def _gone(version: Version, names: Names) -> dict[str, Slot]:
    """What live names stood for that mean nothing any more: a role the trust has dropped."""
    found: dict[str, Slot] = {}
    for name, slot in _stood(version).items():
        problems = Problems()
        value = Value(name, Source("", "").whole())
        today = look_up(value, names, problems, trusted=True)
        if today is None or not today.filled:
            found[name] = slot
    return found


@lru_cache(maxsize=4096)
def _slot(name: str, text: str) -> Slot:
    """A recorded text as something to show: words, or blocks where it has several lines."""
    source = Source(name, text)
    if "\n" in text or text.startswith(("- ", "| ", "1. ")):
        return Slot(name, block=_blocks(text), on_record=True)
    run = Run(source.passage(), 0, text)
    return Slot(name, read_inline(run, Problems()) or (Text(text),), on_record=True)


def _blocks(text: str) -> Blocks:
    """Recorded blocks, read after a stand-in for the words they belong to."""
    return read_frozen(Source("", f"words\n\n{text}").passage(), Problems())[1]
