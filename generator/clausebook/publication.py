"""One policy at one body with everything on record of it: what a site publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from clausebook.archive import Archive, Status
from clausebook.changes import ChangeKind, Comparison, Wording
from clausebook.compare import compare, overtaken
from clausebook.freezing import of_frozen
from clausebook.frozen import Version
from clausebook.model import Body, TailoredPolicy
from clausebook.records import ChangeRecord
from clausebook.shapes import Ended
from clausebook.stale import Hit
from clausebook.standing import Standing, based_on
from clausebook.survey import Survey
from clausebook.thawing import thaw
from clausebook.updates import Update


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A version as a site shows it."""

    version: Version
    policy: TailoredPolicy
    """Its words, with people and channels filled in."""
    status: Status
    superseded_by: Version | None
    changes: Comparison
    """The version before it against this one."""

    @property
    def label(self) -> str:
        """The version's label."""
        return self.version.label


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One policy at one body."""

    standing: Standing
    editions: tuple[Edition, ...]
    """Every version, oldest first."""
    in_force: Edition | None
    withdrawn: Ended | None
    """Since when, and why, the policy does not apply here any more."""
    today: date
    stale: tuple[Hit, ...] = ()
    """What today's files name that has gone out of date, or will."""
    as_pdf: bool = False
    """Whether a PDF stands beside each version."""

    @property
    def id(self) -> str:
        """The policy's ID."""
        return self.standing.policy.policy.id

    @property
    def shown(self) -> TailoredPolicy:
        """What the policy's own page shows: the version in force, or the draft if none is."""
        return self.in_force.policy if self.in_force else self.standing.policy

    @property
    def draft(self) -> TailoredPolicy:
        """What today's files say."""
        return self.standing.policy

    @cached_property
    def has_proposals(self) -> bool:
        """Whether a draft waits that differs from what was ratified last, or the trust's does."""
        state = self.standing
        return not state.is_first and bool(state.changes or overtaken(state.comparison))

    @property
    def has_pack(self) -> bool:
        """Whether governors, or trustees, have a draft to consider: the first, or another."""
        return not self.withdrawn and (self.standing.is_first or self.has_proposals)

    @property
    def pdfs(self) -> Mapping[str, Edition]:
        """The versions that a site has as PDFs, by their paths in it."""
        if not self.as_pdf:
            return {}
        return {f"policies/{self.id}/versions/v{e.label}.pdf": e for e in self.editions}

    def removed_in(self, clause_id: str) -> Version | None:
        """The version in which a clause was gone for good."""
        gone: Version | None = None
        for edition in reversed(self.editions):
            if clause_id in edition.version.by_id:
                break
            gone = edition.version
        return gone

    @property
    def status(self) -> Status:
        """What the policy is today."""
        if self.withdrawn:
            return Status.WITHDRAWN
        status = self.standing.archive.status_on(self.today)
        return Status.OVERDUE if status is Status.IN_FORCE and self.is_overdue else status

    @property
    def is_overdue(self) -> bool:
        """Whether the next review was to be before today."""
        due = self.shown.review.next
        return due is not None and due < self.today


def publication(state: Standing, survey: Survey) -> Publication:
    """Bring together a policy, its versions and what waits for the next one."""
    today, body, policy = survey.today, state.body, state.policy
    archive = state.archive
    ended = _ended(body, policy.policy.id, today)
    editions = _editions(state, today, ended=ended is not None)
    current = archive.in_force(today)
    return Publication(
        standing=state,
        editions=editions,
        in_force=next((e for e in editions if e.version is current), None),
        withdrawn=ended,
        today=today,
        stale=survey.hits_at(body.id if body.school else None, policy.policy.id),
    )


def _ended(body: Body, policy_id: str, today: date) -> Ended | None:
    """What the nearest layer says of the policy's end, once the day has come."""
    for layer in reversed(body.school.layers if body.school else ()):
        adoption = layer.adoptions.get(policy_id)
        if adoption and adoption.withdrawn and adoption.withdrawn.on <= today:
            return adoption.withdrawn
    return None


def _editions(state: Standing, today: date, *, ended: bool) -> tuple[Edition, ...]:
    """Every version, compared with the one before it."""
    editions: list[Edition] = []
    nothing = last = of_frozen((), state.policy.names)
    for version in state.archive.versions:
        before = last if version.record.previous else nothing
        last = _side(version, state)
        editions.append(_edition(state, version, today, compare(before, last), ended=ended))
    return tuple(editions)


def _side(version: Version, state: Standing) -> Wording:
    if version is state.archive.latest:
        return state.comparison.before
    master = based_on(version, state.masters)
    return of_frozen(version.clauses, state.policy.names, master)


def _edition(
    state: Standing, version: Version, today: date, changes: Comparison, *, ended: bool
) -> Edition:
    archive: Archive = state.archive
    status = archive.status(version, today)
    return Edition(
        version=version,
        policy=thaw(
            version,
            state.policy.policy,
            state.policy.names,
            state.masters,
            as_it_stood=status is Status.SUPERSEDED,
        ),
        status=Status.WITHDRAWN if ended and status is Status.IN_FORCE else status,
        superseded_by=archive.superseded_by(version, today),
        changes=changes,
    )


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a change-history table."""

    on: date
    version: Version | None
    """None for an administrative update."""
    change: ChangeRecord | None
    """None where the row is about the version as a whole."""
    words: str = ""
    """What happened, where no change record says it."""


def history(editions: Sequence[Edition], updates: Sequence[Update]) -> list[Row]:
    """The change history, newest first: versions with their changes, and updates."""
    rows: list[Row] = []
    for edition in reversed(editions):  # of one day, what came later comes first
        version = edition.version
        on = version.record.ratified.on
        if version.record.changes:
            rows += [Row(on=on, version=version, change=c) for c in version.record.changes]
        else:
            words = "First version" if version.record.previous is None else "Reviewed, no changes"
            rows.append(Row(on=on, version=version, change=None, words=words))
    rows += [
        Row(on=update.on, version=None, change=None, words=f"{update.what}: {update.change}")
        for update in reversed(updates)
    ]
    return sorted(rows, key=lambda row: row.on, reverse=True)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one clause said from a version on."""

    version: Version
    label: str
    clause_id: str
    reasons: tuple[ChangeRecord, ...]
    only_moved: bool
    """Whether the words are the ones it had before, in another place."""


def wordings(editions: Sequence[Edition]) -> Mapping[str, list[Said]]:
    """For each clause that any version had, the versions in which its words or place were new.

    Another number alone is neither.
    """
    found: dict[str, list[Said]] = {}
    for edition in editions:
        changed = {change.id: change.kinds for change in edition.changes.listed}
        for frozen in edition.version.clauses:
            if frozen.id in found and frozen.id not in changed:
                continue
            records = edition.version.record.changes
            kinds = changed.get(frozen.id, frozenset())
            said = Said(
                version=edition.version,
                label=frozen.label,
                clause_id=frozen.id,
                reasons=tuple(record for record in records if frozen.id in record.clauses),
                only_moved=bool(kinds) and kinds <= _IN_PLACE,
            )
            found.setdefault(frozen.id, []).append(said)
    return found


_IN_PLACE = frozenset({ChangeKind.MOVED, ChangeKind.RENUMBERED})
