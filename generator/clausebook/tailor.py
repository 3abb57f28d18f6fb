"""Master policy + layers of overrides + values = the policy as published at one school.

Pure: values in, a `TailoredPolicy` out, problems collected.  Every override
hits exactly one clause or is a problem; every clause of the master is in the
result, with what was left out marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.filling import Filling, TextFilling
from clausebook.labels import Numbered, number_clauses
from clausebook.model import (
    Add,
    Adoption,
    Clause,
    Departure,
    Kind,
    Omit,
    Outline,
    Override,
    Place,
    Policy,
    Provenance,
    Replace,
    TailoredClause,
    TailoredPolicy,
)
from clausebook.permissions import Permissions
from clausebook.placing import fit
from clausebook.problems import Problems, nearest
from clausebook.remembering import by_identity
from clausebook.shapes import Freedom, Review
from clausebook.values import Names
from clausebook.writing import canonical, fingerprint

SOME = 1_000
"""So much is remembered of whole policies."""


@dataclass(frozen=True)
class Layer:
    """One layer's say on a policy: whose it is, and what its file says."""

    id: str
    adoption: Adoption


@dataclass(frozen=True, slots=True)
class _Entry:
    """A clause on its way through the layers."""

    clause: Clause
    basis: Clause | None
    layer: str | None
    """Who wrote the clause first: None for the trust."""
    provenance: Provenance = Provenance.TRUST
    departure: Departure | None = None
    anchor: str | None = None
    """For additions at the top of their override: the clause they were put after."""


def tailor(
    policy: Policy, layers: Sequence[Layer], names: Names, problems: Problems
) -> TailoredPolicy:
    """The policy as it stands after every layer, with values filled in.

    `layers` come farthest first (group, then school); none gives the master itself.
    """
    untouched = entries = _untouched(policy.outline)
    for number, layer in enumerate(layers):
        freedom = policy.control.schools_may
        if layer.adoption.overrides:
            tailoring = _Tailoring(entries, layer, layers[:number], freedom, problems)
            entries = tuple(tailoring.apply())
    control = TextFilling(names, problems).shape(policy.control, policy.document)
    added = len(entries) > len(untouched)
    labels = _labels(entries) if added else _own_labels(policy.outline)
    return TailoredPolicy(
        policy=policy if control is policy.control else replace(policy, control=control),
        clauses=tuple(_filled(entries, labels, names, problems)),
        summary=control.summary,
        audiences=_audiences(policy, layers),
        review=_review(layers),
        names=names,
    )


@by_identity(SOME)
def _untouched(outline: Outline) -> tuple[_Entry, ...]:
    """A master's clauses before any layer."""
    return tuple(_Entry(clause, clause, None) for clause in outline)


@by_identity(SOME)
def _own_labels(outline: Outline) -> Mapping[str, str]:
    """The printed numbers of a master's clauses; only additions bring others."""
    return _labels(_untouched(outline))


def _labels(entries: Sequence[_Entry]) -> Mapping[str, str]:
    return number_clauses([Numbered(entry.clause, entry.layer) for entry in entries])


def _audiences(policy: Policy, layers: Sequence[Layer]) -> tuple[str, ...]:
    for layer in reversed(layers):
        if layer.adoption.audiences is not None:
            return layer.adoption.audiences
    return policy.control.audiences


def _review(layers: Sequence[Layer]) -> Review:
    last = next(
        (la.adoption.review.last for la in reversed(layers) if la.adoption.review.last), None
    )
    due = next(
        (la.adoption.review.next for la in reversed(layers) if la.adoption.review.next), None
    )
    return Review(last=last, next=due)


@by_identity()
def wording_print(clause: Clause) -> str:
    """Fingerprint of one clause's own wording."""
    return fingerprint(canonical(clause.words, clause.body))


def print_for(override: Override, outline: Outline) -> str:
    """The fingerprint an override of a clause in `outline` should carry today.

    Leaving a clause out concerns all that stands under it, so an `Omit` carries
    that of the whole; the others concern the clause's own words.
    """
    if isinstance(override, Omit):
        return _print_of_all(*outline.subtree(override.target))
    return wording_print(outline.by_id[override.target])


@by_identity(SOME)
def _print_of_all(*clauses: Clause) -> str:
    return fingerprint(*(canonical(clause.words, clause.body) for clause in clauses))


class _Tailoring:
    """One layer being applied."""

    def __init__(
        self,
        entries: Sequence[_Entry],
        layer: Layer,
        below: Sequence[Layer],
        freedom: Freedom,
        problems: Problems,
    ) -> None:
        self.entries = list(entries)
        self.standing: Outline | None = None
        """The clauses as they stand now, once that has been asked for; see `_outline`."""
        self.layer = layer
        self.below = below
        """The layers applied before this one."""
        self.freedom = freedom
        """What the trust lets its schools do where no clause says otherwise."""
        self.problems = problems
        self.before = _outline_of(*(entry.clause for entry in entries))
        """The clauses as the layer below left them: what overrides were written against."""

    def apply(self) -> list[_Entry]:
        """The entries after this layer."""
        overrides = self.layer.adoption.overrides
        self._refuse_conflicts(overrides)
        for override in overrides:
            if not self._allowed(override):
                continue
            departure = Departure(
                layer=self.layer.id,
                reason=override.reason,
                since=override.since,
                approver=override.approver,
                expires=override.expires,
                root=override.target,
                needs_review=self._needs_review(override),
            )
            match override:
                case Replace():
                    self._replace(override, departure)
                case Omit():
                    self._omit(override, departure)
                case Add():
                    self._add(override, departure)
            self.standing = None
        return self.entries

    # -- what an override must be ------------------------------------------------

    def _refuse_conflicts(self, overrides: Sequence[Override]) -> None:
        """Find overrides of this layer that cannot both hold."""
        changed: dict[str, Override] = {}
        omitted: dict[str, Override] = {}
        for override in overrides:
            if isinstance(override, Add):
                continue
            if override.target in changed:
                earlier = changed[override.target]
                self._conflict(override, earlier, f"'{override.target}' is changed twice")
            changed.setdefault(override.target, override)
            if isinstance(override, Omit):
                omitted.setdefault(override.target, override)
        for override in overrides:
            omit = next((omitted[i] for i in self._goes_with(override) if i in omitted), None)
            if omit:
                message = f"{_deed(override)}, which is left out with '{omit.target}'"
                if override.target == omit.target:
                    message = f"{_deed(override)}, which is left out"
                self._conflict(override, omit, message)

    def _goes_with(self, override: Override) -> tuple[str, ...]:
        """The clauses without which this override cannot be."""
        if override.target not in self.before.by_id:
            return ()
        above = tuple(clause.id for clause in self.before.ancestors(override.target))
        return (override.target, *above) if _is_within(override) else above

    def _conflict(self, override: Override, other: Override, message: str) -> None:
        self.problems.error(
            "conflicting-overrides",
            message,
            override.span,
            "keep one of the two",
            ((other.span, "the other is here"),),
        )

    def _allowed(self, override: Override) -> bool:
        """Whether the target is there and may be changed in this way."""
        target = self._find(override)
        if target is None:
            return False
        if target.provenance is Provenance.OMITTED and target.departure:
            whole = target.departure.root == override.target
            if isinstance(override, Add) and whole and not _is_within(override):
                return True
            self._refuse_what_others_left_out(override, target.departure)
            return False
        if target.layer == self.layer.id and not isinstance(override, Add):
            self.problems.error(
                "conflicting-overrides",
                f"'{override.target}' is an addition of this file's own",
                override.span,
                "change or remove the addition itself",
                ((target.clause.span, "it is added here"),),
            )
            return False
        allowed = Permissions(self._outline(), self.freedom)
        return allowed.check(override, self.problems, is_trusts=target.layer is None)

    def _refuse_what_others_left_out(self, override: Override, departure: Departure) -> None:
        """For what this layer itself leaves out, `_refuse_conflicts` has spoken."""
        if departure.layer == self.layer.id:
            return
        places = [
            other.span
            for layer in self.below
            if layer.id == departure.layer
            for other in layer.adoption.overrides
            if isinstance(other, Omit) and other.target == departure.root
        ]
        self.problems.error(
            "conflicting-overrides",
            f"{_deed(override)}, which '{departure.layer}' leaves out",
            override.span,
            "remove this override, or have the clause kept there",
            tuple((place, "it is left out here") for place in places),
        )

    def _find(self, override: Override) -> _Entry | None:
        for entry in self.entries:
            if entry.clause.id == override.target:
                return entry
        known = [clause.id for clause in self.before]
        self.problems.error(
            "unknown-clause",
            f"'{override.target}' is not a clause of this policy",
            override.span,
            nearest(override.target, known)
            or f"its clauses are numbered from '{known[0]}' to '{known[-1]}'",
        )
        return None

    def _outline(self) -> Outline:
        if self.standing is None:
            self.standing = _outline_of(*(entry.clause for entry in self.entries))
        return self.standing

    def _needs_review(self, override: Override) -> bool:
        """Compare the fingerprint that the override carries with today's."""
        if override.target not in self.before.by_id:
            return False
        today = print_for(override, self.before)
        clause = self.before.by_id[override.target]
        if override.against is None:
            self.problems.error(
                "missing-fingerprint",
                f"this override of '{override.target}' does not say which wording it was "
                "written against",
                override.span,
                f"read the clause as it is now, then add 'against: {today}'",
                ((clause.span, "the clause is here"),),
            )
            return False
        if override.against == today:
            return False
        self.problems.warning(
            "needs-review",
            f"the wording of '{override.target}' is not the one this was written against "
            f"({override.against})",
            override.span,
            f"run 'clausebook review {self.layer.id} {self.layer.adoption.policy}' to see both "
            f"wordings and decide; or, if what you say still holds, change to 'against: {today}'",
            ((clause.span, "the clause is here"),),
        )
        return True

    # -- what an override does -----------------------------------------------------

    def _replace(self, override: Replace, departure: Departure) -> None:
        at = self._position(override.target)
        old = self.entries[at]
        clause = replace(old.clause, words=override.words, body=override.body)
        if wording_print(clause) == wording_print(old.clause):
            self.problems.error(
                "override-without-effect",
                f"the new wording of '{override.target}' is the wording it already has",
                override.span,
                "remove this override",
                ((old.clause.span, "the clause is here"),),
            )
        if old.basis and wording_print(clause) == wording_print(old.basis):
            # the trust's own words again, over a group's: no departure any more
            self.entries[at] = replace(
                old, clause=old.basis, provenance=Provenance.TRUST, departure=None
            )
            return
        provenance = Provenance.ADDED if old.basis is None else Provenance.ADAPTED
        departure = replace(departure, earlier=old.departure)
        self.entries[at] = replace(old, clause=clause, provenance=provenance, departure=departure)

    def _omit(self, override: Omit, departure: Departure) -> None:
        inside = {clause.id for clause in self._outline().subtree(override.target)}
        self.entries = [
            replace(
                entry,
                provenance=Provenance.OMITTED,
                departure=replace(departure, earlier=entry.departure),
            )
            if entry.clause.id in inside
            else entry
            for entry in self.entries
        ]

    def _add(self, override: Add, departure: Departure) -> None:
        outline = self._outline()
        added = fit(override, outline, self.problems)
        if not added:
            return
        tops = {c.id for c in added if c.parent not in {other.id for other in added}}
        at, anchor = self._gap(override, outline)
        self.entries[at:at] = [
            _Entry(
                clause=clause,
                basis=None,
                layer=self.layer.id,
                provenance=Provenance.ADDED,
                departure=replace(departure, root=added[0].id),
                anchor=anchor if clause.id in tops else None,
            )
            for clause in added
        ]

    def _gap(self, override: Add, outline: Outline) -> tuple[int, str | None]:
        """Where an addition goes: after others put after the same clause, in the order written."""
        if override.place is Place.BEFORE:
            return self._position(override.target), None
        end = self._end_of(override.target, outline)
        if override.place is Place.WITHIN:
            below = [clause for clause in outline if clause.parent == override.target]
            section = next((c.id for c in below if c.kind is Kind.HEADING), None)
            if section and override.clauses[0].kind is not Kind.HEADING:
                return self._position(section), None  # before the first section inside
            return end, None
        beside = {override.target}
        for entry in self.entries[end:]:
            if entry.anchor not in beside and entry.clause.parent not in beside:
                break
            beside.add(entry.clause.id)
            end += 1
        return end, override.target

    def _end_of(self, clause_id: str, outline: Outline) -> int:
        return self._position(outline.subtree(clause_id)[-1].id) + 1

    def _position(self, clause_id: str) -> int:
        return next(n for n, entry in enumerate(self.entries) if entry.clause.id == clause_id)


@by_identity(SOME)
def _outline_of(*clauses: Clause) -> Outline:
    """The clauses that many schools have before their own overrides are the same."""
    return Outline(clauses)


def _is_within(override: Override) -> bool:
    return isinstance(override, Add) and override.place is Place.WITHIN


def _deed(override: Override) -> str:
    """What an override does, for messages."""
    match override:
        case Replace():
            return f"this replaces '{override.target}'"
        case Omit():
            return f"this leaves out '{override.target}'"
        case Add():
            return f"this adds to '{override.target}'"


# -- values ------------------------------------------------------------------------


def _filled(
    entries: Sequence[_Entry], labels: Mapping[str, str], names: Names, problems: Problems
) -> Iterator[TailoredClause]:
    """The clauses with every value's words in place of its name."""
    fillings = {
        (trusted, may_be_open): Filling(names, problems, trusted=trusted, may_be_open=may_be_open)
        for trusted in (False, True)
        for may_be_open in (False, True)
    }
    plain = fillings[True, False]
    for entry in entries:
        clause, basis, provenance = entry.clause, entry.basis, entry.provenance
        if provenance is Provenance.TRUST:
            shown = plain.clause(clause)
        else:
            trusted = basis is not None and provenance is not Provenance.ADAPTED
            shown = fillings[trusted, provenance is Provenance.OMITTED].clause(clause)
        if basis and provenance is Provenance.ADAPTED:  # it is shown beside the other wording
            basis = fillings[True, True].clause(basis)
        yield _tailored(clause, shown, labels[clause.id], basis, provenance, entry.departure)


@by_identity()
def _tailored(
    clause: Clause,
    shown: Clause,
    label: str,
    basis: Clause | None,
    provenance: Provenance,
    departure: Departure | None,
) -> TailoredClause:
    """What many schools have alike is one clause."""
    return TailoredClause(
        clause=clause,
        shown=shown,
        label=label,
        basis=basis,
        provenance=provenance,
        departure=departure,
    )
