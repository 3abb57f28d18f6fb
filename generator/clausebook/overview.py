"""The trust at a glance, as data: every policy at every school, and every clause.

Pages, drawings and files are made from this; nothing here knows how it looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from clausebook.archive import Archive, Status
from clausebook.frozen import Version
from clausebook.model import Body, Kind, Provenance, TailoredClause, TailoredPolicy
from clausebook.prose import plain
from clausebook.publication import Publication
from clausebook.standing import based_on


class Waiting(StrEnum):
    """What somebody has to do about a policy at a school."""

    COMING = "next version not yet in force"
    PROPOSALS = "proposals waiting"
    BEHIND = "behind the master"
    REVIEW = "clauses need review"


@dataclass(frozen=True, kw_only=True)
class PolicyAt:
    """One policy at one school, or at the trust itself."""

    body: Body
    publication: Publication

    @property
    def id(self) -> str:
        """The policy's ID."""
        return self.publication.id

    @property
    def title(self) -> str:
        """The policy's title."""
        return self.publication.shown.policy.control.title

    @property
    def version(self) -> Version | None:
        """The version in force."""
        return self.publication.in_force.version if self.publication.in_force else None

    @property
    def status(self) -> Status:
        """What the policy is today."""
        return self.publication.status

    @property
    def applies(self) -> bool:
        """Whether it has not been withdrawn."""
        return self.publication.withdrawn is None

    @property
    def review(self) -> date | None:
        """When it is to be reviewed next."""
        return self.publication.shown.review.next if self.applies else None

    @property
    def overdue(self) -> bool:
        """Whether that day has passed."""
        return self.applies and self.publication.is_overdue

    @property
    def master(self) -> str | None:
        """The label of the master that the version in force is based on."""
        record = self.version.record if self.version else None
        return record.master.version if record and record.master else None

    @property
    def master_now(self) -> Version | None:
        """The version of the master that is in force."""
        return self.publication.standing.masters.in_force(self.publication.today)

    @property
    def behind(self) -> bool:
        """Whether a later master is in force than the one the school's version is based on."""
        based = based_on(self.version, self.masters) if self.version else None
        if not self.body.school or based is None or self.master_now is None:
            return False
        order = self.masters.versions
        return order.index(based) < order.index(self.master_now)

    @property
    def masters(self) -> Archive:
        """The trust's own versions of the policy."""
        return self.publication.standing.masters

    @cached_property
    def to_review(self) -> frozenset[str]:
        """The clauses whose trust wording has changed since the school wrote its own."""
        return frozenset(
            clause.id
            for clause in self.publication.draft.clauses
            if clause.departure and clause.departure.needs_review
        )

    @cached_property
    def explained(self) -> frozenset[str]:
        """The clauses at which the school's page of differences gives its reasons."""
        return frozenset(clause.id for clause in self.publication.shown.departures)

    @property
    def coming(self) -> Version | None:
        """A version that was ratified and is not in force yet."""
        latest = self.publication.standing.archive.latest
        return latest if latest and latest.record.effective > self.publication.today else None

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What somebody has to do about it; nothing once it is withdrawn."""
        found = (
            (Waiting.COMING, self.coming is not None),
            (Waiting.PROPOSALS, self.publication.has_proposals),
            (Waiting.BEHIND, self.behind),
            (Waiting.REVIEW, bool(self.to_review)),
        )
        return tuple(what for what, holds in found if holds and self.applies)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything a trust has, at its schools."""

    trust: Body
    masters: Sequence[PolicyAt]
    """The trust's own versions of every policy."""
    schools: Sequence[Body]
    policies: Sequence[PolicyAt]
    """Every policy at every school that has it, school by school."""

    @property
    def used(self) -> list[PolicyAt]:
        """The trust's versions of the policies that apply at some school."""
        return [master for master in self.masters if self.at_schools(master.id)]

    def at_schools(self, policy_id: str) -> list[PolicyAt]:
        """One policy at every school where it applies."""
        return [one for one in self.policies if one.id == policy_id and one.applies]

    def without(self, policy_id: str) -> list[Body]:
        """The schools that have not adopted a policy."""
        having = {one.body.id for one in self.policies if one.id == policy_id}
        return [school for school in self.schools if school.id not in having]


def overview(
    trust: Body,
    masters: Sequence[Publication],
    schools: Sequence[Body],
    publications: Sequence[Sequence[Publication]],
) -> Overview:
    """Bring together what the trust and its schools publish, each with its publications."""
    return Overview(
        trust=trust,
        masters=[PolicyAt(body=trust, publication=one) for one in masters],
        schools=schools,
        policies=[
            PolicyAt(body=school, publication=one)
            for school, its_own in zip(schools, publications, strict=True)
            for one in its_own
        ],
    )


# -- clauses -----------------------------------------------------------------------


class State(StrEnum):
    """What a clause of a school is, next to the trust's policy."""

    INHERITED = "inherited"
    ADAPTED = "adapted"
    ADDED = "added"
    OMITTED = "not applicable"
    REVIEW = "needs review"
    OTHER_MASTER = "from another version of the master"
    """The trust's own wording, of a clause that its policy does not have today."""
    MISSING = "not in this version"
    """The school's version is based on a master that did not have the clause."""


_STATES = {
    Provenance.TRUST: State.INHERITED,
    Provenance.ADAPTED: State.ADAPTED,
    Provenance.ADDED: State.ADDED,
    Provenance.OMITTED: State.OMITTED,
}


@dataclass(frozen=True, kw_only=True)
class ClauseAt:
    """One clause at one school."""

    id: str
    label: str
    state: State
    clause: TailoredClause | None
    """None where the school does not have it."""
    after: str | None = None
    """For what the trust's policy does not have: the clause of the trust's it follows."""

    @property
    def root(self) -> str:
        """Where the school's page of differences explains the clause."""
        departure = self.clause.departure if self.clause else None
        return departure.root if departure else self.id


def clauses_at(master: TailoredPolicy, school: PolicyAt) -> list[ClauseAt]:
    """Every clause of the trust's, then of the school's own, with what it is at the school."""
    shown = school.publication.shown
    review = school.to_review
    found: list[ClauseAt] = []
    for clause in master.clauses:
        own = shown.by_id.get(clause.id)
        state = _state(own, review) if own else State.MISSING
        found.append(ClauseAt(id=clause.id, label=clause.label, state=state, clause=own))
    last: str | None = None
    for own in shown.clauses:
        if own.id in master.by_id:
            last = own.id
            continue
        state = _state(own, review)
        if state is State.INHERITED:
            state = State.OTHER_MASTER
        found.append(ClauseAt(id=own.id, label=own.label, state=state, clause=own, after=last))
    return found


def _state(clause: TailoredClause, review: frozenset[str]) -> State:
    return State.REVIEW if clause.id in review else _STATES[clause.provenance]


@dataclass(frozen=True)
class Section:
    """A heading of the trust's at the top level, with all that stands under it."""

    heading: TailoredClause | None
    """None for what stands before the first heading."""
    clauses: tuple[TailoredClause, ...]

    @property
    def name(self) -> str:
        """What it is about, in bare characters."""
        return plain(self.heading.shown.words) if self.heading else "Beginning"


def sections(policy: TailoredPolicy) -> list[Section]:
    """A policy's clauses by the heading they stand under."""
    groups: list[list[TailoredClause]] = []
    for clause in policy.clauses:
        opens = clause.clause.kind is Kind.HEADING and clause.clause.parent is None
        if opens or not groups:
            groups.append([])
        groups[-1].append(clause)
    return [
        Section(group[0] if group[0].clause.kind is Kind.HEADING else None, tuple(group))
        for group in groups
    ]
