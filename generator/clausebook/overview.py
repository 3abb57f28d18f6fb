"""The trust at a glance, as data: every policy at every school, and every clause.

Pages, drawings and files are made from this; nothing here knows how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from clausebook.archive import Archive, Status
from clausebook.frozen import Version
from clausebook.model import (
    Body,
    Kind,
    Person,
    Provenance,
    TailoredClause,
    TailoredPolicy,
)
from clausebook.namings import Named, named_in, text_of
from clausebook.prose import plain
from clausebook.publication import Publication
from clausebook.remembering import by_identity
from clausebook.shapes import Channel
from clausebook.standing import based_on


class Waiting(StrEnum):
    """What somebody has to do about a policy at a school."""

    COMING = "next version not yet in force"
    PROPOSALS = "proposals waiting"
    BEHIND = "behind the master"
    REVIEW = "clauses need review"


@dataclass(frozen=True, kw_only=True)
class BodyAt:
    """A school, or the trust, as the others see it."""

    id: str
    name: str
    short_name: str
    is_school: bool
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]


@dataclass(frozen=True, kw_only=True)
class VersionAt:
    """A version, as far as the overview speaks of it."""

    label: str
    ratified: date
    by: str
    effective: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of a clause as one body publishes it."""

    id: str
    label: str
    provenance: Provenance
    root: str
    """Where the page of differences explains it."""
    reason: str | None
    named: frozenset[Named]
    """What its words name: roles, channels, Acts, websites."""
    text: str
    """Its bare characters, in which somebody may have typed a name; none if it is left out."""
    clause: TailoredClause | None
    """Kept where its words are not simply the trust's of today."""


@dataclass(frozen=True, kw_only=True)
class PolicyAt:
    """One policy at one school, or at the trust: facts, few enough to keep them of every school."""

    body: BodyAt
    id: str
    """The policy's ID."""
    title: str
    version: VersionAt | None
    """The version in force."""
    status: Status
    applies: bool
    """Whether it has not been withdrawn."""
    review: date | None
    """When it is to be reviewed next."""
    last_review: date | None
    overdue: bool
    """Whether the day of the next review has passed."""
    master: str | None
    """The label of the master that the version in force is based on."""
    master_now: str | None
    """The label of the master that is in force."""
    behind: bool
    """Whether a later master is in force than the one the school's version is based on."""
    to_review: frozenset[str]
    """The clauses whose trust wording has changed since the school wrote its own."""
    explained: frozenset[str]
    """The clauses at which the school's page of differences gives its reasons."""
    waiting: tuple[Waiting, ...]
    """What somebody has to do about it; nothing once it is withdrawn."""
    clauses: tuple[Known, ...]


@dataclass(frozen=True, kw_only=True)
class MasterAt(PolicyAt):
    """One of the trust's own policies."""

    shown: TailoredPolicy
    versions: Archive


@dataclass(frozen=True, kw_only=True)
class Account:
    """What one body gives to the overview."""

    body: BodyAt
    policies: tuple[PolicyAt, ...]


def account(body: Body, publications: Sequence[Publication]) -> Account:
    """What the overview keeps of a body and what it publishes."""
    at = BodyAt(
        id=body.id,
        name=body.name,
        short_name=body.short_name,
        is_school=body.school is not None,
        people=body.people,
        channels=body.channels,
    )
    return Account(body=at, policies=tuple(_policy_at(at, one) for one in publications))


def _policy_at(body: BodyAt, publication: Publication) -> PolicyAt:
    standing, shown = publication.standing, publication.shown
    record = publication.in_force.version.record if publication.in_force else None
    now = standing.masters.in_force(publication.today)
    applies = publication.withdrawn is None
    behind = body.is_school and _is_behind(publication, now)
    to_review = frozenset(
        clause.id
        for clause in publication.draft.clauses
        if clause.departure and clause.departure.needs_review
    )
    latest = standing.archive.latest
    waits = {
        Waiting.COMING: latest is not None and latest.record.effective > publication.today,
        Waiting.PROPOSALS: publication.has_proposals,
        Waiting.BEHIND: behind,
        Waiting.REVIEW: bool(to_review),
    }
    todays = {frozen.id for frozen in now.clauses} if now else set()
    facts: dict[str, Any] = {
        "body": body,
        "id": publication.id,
        "title": shown.policy.control.title,
        "version": record
        and VersionAt(
            label=record.version,
            ratified=record.ratified.on,
            by=record.ratified.by,
            effective=record.effective,
        ),
        "status": publication.status,
        "applies": applies,
        "review": shown.review.next if applies else None,
        "last_review": shown.review.last,
        "overdue": applies and publication.is_overdue,
        "master": record.master.version if record and record.master else None,
        "master_now": now.label if now else None,
        "behind": behind,
        "to_review": to_review,
        "explained": frozenset(clause.id for clause in shown.departures),
        "waiting": tuple(what for what, holds in waits.items() if holds and applies),
        "clauses": tuple(
            _known(clause, to_review, whole=behind or clause.id not in todays)
            for clause in shown.clauses
        ),
    }
    if body.is_school:
        return PolicyAt(**facts)
    return MasterAt(**facts, shown=shown, versions=standing.archive)


def _is_behind(publication: Publication, now: Version | None) -> bool:
    masters = publication.standing.masters
    based = publication.in_force and based_on(publication.in_force.version, masters)
    if based is None or now is None:
        return False
    return masters.versions.index(based) < masters.versions.index(now)


def _known(clause: TailoredClause, review: frozenset[str], *, whole: bool) -> Known:
    omitted = clause.provenance is Provenance.OMITTED
    departure = clause.departure
    kept = whole or clause.provenance is not Provenance.TRUST or clause.id in review
    return Known(
        id=clause.id,
        label=clause.label,
        provenance=clause.provenance,
        root=departure.root if departure else clause.id,
        reason=departure.reason if departure else None,
        named=frozenset() if omitted else named_in(clause.clause),
        text="" if omitted else text_of(clause.clause),
        clause=clause if kept else None,
    )


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything a trust has, at its schools."""

    trust: BodyAt
    masters: Sequence[MasterAt]
    """The trust's own versions of every policy."""
    schools: Sequence[BodyAt]
    policies: Sequence[PolicyAt]
    """Every policy at every school that has it, school by school."""

    @property
    def used(self) -> list[MasterAt]:
        """The trust's versions of the policies that apply at some school."""
        return [master for master in self.masters if self.at_schools(master.id)]

    def at_schools(self, policy_id: str) -> list[PolicyAt]:
        """One policy at every school where it applies."""
        return [one for one in self._by_policy.get(policy_id, ()) if one.applies]

    def without(self, policy_id: str) -> list[BodyAt]:
        """The schools that have not adopted a policy."""
        having = {one.body.id for one in self._by_policy.get(policy_id, ())}
        return [school for school in self.schools if school.id not in having]

    @cached_property
    def _by_policy(self) -> Mapping[str, list[PolicyAt]]:
        found: dict[str, list[PolicyAt]] = {}
        for one in self.policies:
            found.setdefault(one.id, []).append(one)
        return found


def overview(trust: Account, schools: Iterable[Account]) -> Overview:
    """Bring together what the trust and its schools publish."""
    accounts = tuple(schools)
    return Overview(
        trust=trust.body,
        masters=[one for one in trust.policies if isinstance(one, MasterAt)],
        schools=[one.body for one in accounts],
        policies=[policy for one in accounts for policy in one.policies],
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
    known: Known | None
    """None where the school does not have it."""
    after: str | None = None
    """For what the trust's policy does not have: the clause of the trust's it follows."""

    @property
    def root(self) -> str:
        """Where the school's page of differences explains the clause."""
        return self.known.root if self.known else self.id

    @property
    def reason(self) -> str | None:
        """Why it is not the trust's, for what was decided."""
        return self.known.reason if self.known else None

    @property
    def clause(self) -> TailoredClause | None:
        """Its words, where they are not simply the trust's of today."""
        return self.known.clause if self.known else None


@by_identity()
def clauses_at(master: TailoredPolicy, school: PolicyAt) -> tuple[ClauseAt, ...]:
    """Every clause of the trust's, then of the school's own, with what it is at the school."""
    by_id = {one.id: one for one in school.clauses}
    masters = master.by_id
    review = school.to_review
    found: list[ClauseAt] = []
    for clause in master.clauses:
        own = by_id.get(clause.id)
        if own is None:
            found.append(ClauseAt(id=clause.id, label=clause.label, state=State.MISSING, known=own))
        else:
            found.append(_clause_at(clause, own, _state(own, review)))
    last: str | None = None
    for own in school.clauses:
        if own.id in masters:
            last = own.id
            continue
        state = _state(own, review)
        if state is State.INHERITED:
            state = State.OTHER_MASTER
        found.append(ClauseAt(id=own.id, label=own.label, state=state, known=own, after=last))
    return tuple(found)


@by_identity()
def _clause_at(clause: TailoredClause, own: Known, state: State) -> ClauseAt:
    """One clause of the trust's; nearly all schools that have not changed it have it alike."""
    return ClauseAt(id=clause.id, label=clause.label, state=state, known=own)


def _state(clause: Known, review: frozenset[str]) -> State:
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


@by_identity()
def sections(policy: TailoredPolicy) -> tuple[Section, ...]:
    """A policy's clauses by the heading they stand under."""
    groups: list[list[TailoredClause]] = []
    for clause in policy.clauses:
        opens = clause.clause.kind is Kind.HEADING and clause.clause.parent is None
        if opens or not groups:
            groups.append([])
        groups[-1].append(clause)
    return tuple(
        Section(group[0] if group[0].clause.kind is Kind.HEADING else None, tuple(group))
        for group in groups
    )
