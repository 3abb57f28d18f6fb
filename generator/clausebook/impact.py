"""What a change of a master policy does at every school, clause by clause.

Pure.  Each school's own decisions are laid over the trust's old and new wording in turn; what
becomes of each of them is read from the two results.  Decisions that no longer fit are part of
the answer here, and stop nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from clausebook.changes import Change, Comparison
from clausebook.describing import describe
from clausebook.english import enumerate_words
from clausebook.impactnames import is_filled, is_for_nothing, no_longer_used, values_in
from clausebook.kinship import share
from clausebook.model import (
    INHERITED,
    Add,
    Mark,
    Omit,
    Override,
    Policy,
    Provenance,
    School,
    TailoredClause,
    TailoredPolicy,
    Trust,
)
from clausebook.names import fill_for_school, with_texts
from clausebook.problems import Problems
from clausebook.redline import word_list
from clausebook.tailor import Layer, tailor


class Effect(StrEnum):
    """What a change of one clause does at one school."""

    INHERITS = "inherits"
    """The school has the trust's wording, and gets the new one."""
    LOSES = "loses"
    """It had the trust's wording, which is gone."""
    NEVER_HAD = "never had"
    """The clause is gone, and the school had left it out."""
    KEEPS = "keeps its own"
    """It has wording of its own, written against the trust's as it now is."""
    DECIDES = "must decide"
    """It has wording of its own, written against other wording than this."""
    OMITS = "left out"
    OMITS_AND_DECIDES = "left out, must decide"
    ADDS = "addition stands beside"
    ADDS_AND_DECIDES = "addition stands beside, must decide"
    SAYS_THE_SAME = "override without effect"
    """The trust now says what the school says."""
    LOST_TARGET = "override without target"
    REFUSED = "no longer allowed"
    """The trust has locked the clause, or made it obligatory."""
    CONFLICT = "conflicting overrides"


BROKEN = frozenset({Effect.SAYS_THE_SAME, Effect.LOST_TARGET, Effect.REFUSED, Effect.CONFLICT})
"""Nothing can be built until the school has done something."""

UNDECIDED = frozenset({Effect.DECIDES, Effect.OMITS_AND_DECIDES, Effect.ADDS_AND_DECIDES})
"""The school has to look at what it decided again."""

_HAS_THE_TRUSTS = frozenset({Effect.INHERITS, Effect.ADDS, Effect.ADDS_AND_DECIDES})


@dataclass(frozen=True, kw_only=True)
class AtSchool:
    """What the change of a clause does at one school."""

    school: School
    effects: frozenset[Effect]
    layers: tuple[str, ...] = ()
    """Whose decisions those are: the school's, or its group's."""
    missing: tuple[str, ...] = ()
    """Names that the trust's new wording uses and nobody has filled in for the school."""
    closeness: tuple[float, float] | None = None
    """The share of words in common with the trust's wording, before and after."""

    @property
    def must_act(self) -> bool:
        """Whether somebody at the school has to do something."""
        return bool(self.effects & (BROKEN | UNDECIDED) or self.missing)


@dataclass(frozen=True, kw_only=True)
class ChangedClause:
    """One clause that the trust changed, and what that does at each school."""

    id: str
    label: str
    words: str
    """What happened to it, in words."""
    change: Change | None
    """None where nothing changed but whether schools may depart from it."""
    at: tuple[AtSchool, ...]


@dataclass(frozen=True, kw_only=True)
class Unused:
    """A name that the policies no longer use, and the schools that fill it in."""

    name: str
    schools: tuple[School, ...]


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What a change of one master policy does at the schools that have the policy."""

    policy: Policy
    before: str
    after: str
    """What the two wordings are called."""
    schools: tuple[School, ...]
    clauses: tuple[ChangedClause, ...]
    unused: tuple[Unused, ...]
    renumbered: int = 0
    """How many clauses have another number and are otherwise as they were."""

    @property
    def to_do(self) -> list[tuple[ChangedClause, AtSchool]]:
        """Where somebody has to do something, school by school."""
        order = {school.id: number for number, school in enumerate(self.schools)}
        found = [(clause, at) for clause in self.clauses for at in clause.at if at.must_act]
        return sorted(found, key=lambda one: order[one[1].school.id])


@dataclass(frozen=True, kw_only=True)
class Sides:
    """The trust's old and new wording, and how they differ."""

    before: Policy
    after: Policy
    comparison: Comparison
    called: tuple[str, str]


def impact(trust: Trust, policy: Policy, sides: Sides) -> Impact:
    """What the change from one wording of a master to another does at every school."""
    schools = tuple(school for school in trust.schools.values() if school.adopts(policy.id))
    weighed = [_Weighing(trust, school, policy, sides) for school in schools]
    changes = {change.id: change for change in sides.comparison.listed}
    freedom = _changes_of_freedom(sides)
    ids = dict.fromkeys((*changes, *freedom, *(i for w in weighed for i in w.newly_broken)))
    return Impact(
        policy=policy,
        before=sides.called[0],
        after=sides.called[1],
        schools=schools,
        clauses=tuple(
            ChangedClause(
                id=clause_id,
                label=_label(clause_id, sides),
                words=_in_words(changes.get(clause_id), freedom.get(clause_id, "")),
                change=changes.get(clause_id),
                at=tuple(w.at(clause_id, freedom=clause_id in freedom) for w in weighed),
            )
            for clause_id in _in_reading_order(ids, sides)
        ),
        unused=tuple(
            Unused(name=name, schools=filling)
            for name in no_longer_used(trust, policy.id, sides.before.outline, sides.after.outline)
            if (filling := tuple(one for one in schools if is_for_nothing(name, one)))
        ),
        renumbered=len(sides.comparison.renumbered),
    )


def _in_reading_order(ids: Mapping[str, None], sides: Sides) -> list[str]:
    """As the comparison lists them; what it does not list, by its place in the new wording."""
    places = {clause.id: at for at, clause in enumerate(sides.after.outline)}
    found: list[tuple[int, int, str]] = []
    here = -1
    listed = [change.id for change in sides.comparison.listed]
    for number, clause_id in enumerate(listed, 1):
        here = places.get(clause_id, here)
        found.append((here, 0 if clause_id in places else number, clause_id))
    found += [(places.get(i, len(places)), 0, i) for i in ids if i not in set(listed)]
    return [clause_id for _, _, clause_id in sorted(found)]


def _label(clause_id: str, sides: Sides) -> str:
    labels = {**sides.comparison.before.labels, **sides.comparison.after.labels}
    return labels.get(clause_id, "")


def _in_words(change: Change | None, freedom: str) -> str:
    said = describe(change).removeprefix(f"{change.provision.label} ") if change else ""
    return "; ".join(part for part in (said, freedom) if part) or "its words are unchanged"


def _changes_of_freedom(sides: Sides) -> dict[str, str]:
    """For each clause, whether schools may now do what they could not, or no longer may."""
    found: dict[str, str] = {}
    for clause in sides.after.outline:
        old = sides.before.outline.by_id.get(clause.id)
        if old and old.marks & INHERITED != clause.marks & INHERITED:
            new, gone = (clause.marks - old.marks, old.marks - clause.marks)
            gained = [f"now {_said(mark)}" for mark in sorted(new & INHERITED)]
            lost = [f"no longer {_said(mark)}" for mark in sorted(gone & INHERITED)]
            found[clause.id] = enumerate_words(gained + lost)
    return found


def _said(mark: Mark) -> str:
    return "open to stricter wording only" if mark is Mark.STRICTER else mark.value


# -- one school ------------------------------------------------------------------------


class _Weighing:
    """One school's decisions over the trust's old and new wording."""

    def __init__(self, trust: Trust, school: School, policy: Policy, sides: Sides) -> None:
        self.school = with_texts(trust, school, Problems())
        self.sides = sides
        self.layers = [
            Layer(body.id, body.adoptions[policy.id])
            for body in self.school.layers
            if policy.id in body.adoptions
        ]
        self.names = fill_for_school(trust, self.school, Problems(), policy.id).names
        self.before, self.codes_before = self._over(sides.before)
        self.after, self.codes = self._over(sides.after)

    def _over(
        self, policy: Policy
    ) -> tuple[TailoredPolicy, Mapping[tuple[str, int, int], frozenset[str]]]:
        """The tailored policy, and by place the codes of what is wrong with it."""
        problems = Problems()
        tailored = tailor(policy, self.layers, self.names, problems)
        codes: dict[tuple[str, int, int], frozenset[str]] = {}
        for problem in problems:
            where = (problem.span.source.name, problem.span.line, problem.span.column)
            codes[where] = codes.get(where, frozenset()) | {problem.code}
        return tailored, codes

    def _overrides(self) -> Iterator[tuple[str, Override, Effect]]:
        """Every override with the layer that makes it and what becomes of it."""
        for layer in self.layers:
            for override in layer.adoption.overrides:
                yield layer.id, override, self._effect(override)

    def _effect(self, override: Override) -> Effect:
        span = override.span
        place = (span.source.name, span.line, span.column)
        codes = self.codes.get(place, frozenset())
        for code, effect in _BREAKS.items():
            if code in codes:
                return effect
        stale = bool(codes & {"needs-review", "missing-fingerprint"})
        match override:
            case Add():
                return Effect.ADDS_AND_DECIDES if stale else Effect.ADDS
            case Omit():
                return Effect.OMITS_AND_DECIDES if stale else Effect.OMITS
            case _:
                return Effect.DECIDES if stale else Effect.KEEPS

    @property
    def newly_broken(self) -> list[str]:
        """The targets of overrides that held over the old wording, and do not over the new."""
        found = []
        for _, override, effect in self._overrides():
            span = override.span
            before = self.codes_before.get((span.source.name, span.line, span.column), frozenset())
            if effect in BROKEN and not before & _BREAKS.keys():
                found.append(override.target)
        return found

    def at(self, clause_id: str, *, freedom: bool) -> AtSchool:
        """What the change of one clause does here."""
        targets = {clause_id}
        if freedom:
            inside = {clause.id for clause in self.sides.after.outline.subtree(clause_id)}
            targets |= {
                o.target for _, o, e in self._overrides() if e is Effect.REFUSED
            } & inside  # fmt: skip
        made = [(layer, effect) for layer, o, effect in self._overrides() if o.target in targets]
        effects = frozenset(effect for _, effect in made)
        acute = effects & (BROKEN | UNDECIDED)
        if acute and effects & {Effect.KEEPS, Effect.OMITS}:
            effects = acute  # the school's own wording stands over a group's that has to be decided
        after = self.after.by_id.get(clause_id)
        if not effects:
            layer, effect = self._without_override(clause_id, after)
            made, effects = [(layer, effect)], frozenset({effect})
        return AtSchool(
            school=self.school,
            effects=effects,
            layers=tuple(dict.fromkeys(la for la, e in made if la and e in effects)),
            missing=self._missing(clause_id) if effects & _HAS_THE_TRUSTS else (),
            closeness=self._closeness(clause_id),
        )

    def _without_override(self, clause_id: str, after: TailoredClause | None) -> tuple[str, Effect]:
        """For a clause that no override names: it may be left out with what it stands under."""
        if after is None:
            before = self.before.by_id.get(clause_id)
            had = before is not None and before.provenance is not Provenance.OMITTED
            return "", Effect.LOSES if had else Effect.NEVER_HAD
        departure = after.departure
        if after.provenance is Provenance.OMITTED and departure:
            stale = departure.needs_review
            return departure.layer, Effect.OMITS_AND_DECIDES if stale else Effect.OMITS
        return "", Effect.INHERITS

    def _missing(self, clause_id: str) -> tuple[str, ...]:
        """Names in the new wording, and not in the old, that nobody has filled in."""
        old = self.sides.before.outline.by_id.get(clause_id)
        new = self.sides.after.outline.by_id.get(clause_id)
        known = {value.expression for value in values_in(old)} if old else set()
        fresh = [v for v in (values_in(new) if new else ()) if v.expression not in known]
        return tuple(dict.fromkeys(v.expression for v in fresh if not is_filled(v, self.names)))

    def _closeness(self, clause_id: str) -> tuple[float, float] | None:
        """How like the trust's wording the school's own is, before and after."""
        old, new = self.before.by_id.get(clause_id), self.after.by_id.get(clause_id)
        if not (old and new and old.basis and new.basis):
            return None
        if not old.provenance is new.provenance is Provenance.ADAPTED:
            return None
        own = word_list((new.shown.words, new.shown.body))
        bases = (word_list((c.words, c.body)) for c in (old.basis, new.basis))
        before, after = (share(own, basis) for basis in bases)
        return (before, after) if before != after else None


_BREAKS = {
    "unknown-clause": Effect.LOST_TARGET,
    "locked-clause": Effect.REFUSED,
    "not-optional": Effect.REFUSED,
    "stricter-only": Effect.REFUSED,
    "conflicting-overrides": Effect.CONFLICT,
    "override-without-effect": Effect.SAYS_THE_SAME,
}
"""What is wrong with an override that cannot hold, by the code of its problem."""
