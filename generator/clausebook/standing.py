"""One policy at one body: what is on record, what the files say today, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from clausebook.archive import Archive, Records
from clausebook.changes import Change, ChangeKind, Comparison
from clausebook.compare import compare
from clausebook.freezing import Draft, freeze, of_frozen
from clausebook.frozen import Version
from clausebook.model import Body, TailoredPolicy
from clausebook.notes import Note, Notes
from clausebook.reading import TRUST_ID
from clausebook.source import Span

_ASIDE = frozenset({ChangeKind.RENUMBERED, ChangeKind.VALUE_ONLY})
"""Kinds of change that need no ratification and no note."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One policy at one body: what is on record, what the files say, and what differs."""

    body: Body
    policy: TailoredPolicy
    archive: Archive
    masters: Archive
    """The trust's own versions of the policy."""
    notes: tuple[Note, ...]
    """The notes of the body, and of its group, that wait for its next version."""
    expected: tuple[Note, ...]
    """For a school: the trust's notes that wait for the next version of the master."""

    @property
    def place(self) -> Span:
        """Where to point when something stands in the way."""
        school = self.body.school
        policy_id = self.policy.policy.id
        if school:
            layer = next(
                (la for la in reversed(school.layers) if policy_id in la.adoptions), school
            )
            adoption = layer.adoptions.get(policy_id)
            return (adoption.document if adoption else school.document).source.whole()
        return self.policy.policy.document.source.whole()

    @cached_property
    def draft(self) -> Draft:
        """What the files say, as it would be frozen."""
        return freeze(self.policy, is_master=self.body.school is None)

    @cached_property
    def comparison(self) -> Comparison:
        """The latest version against the draft; no changes if there is no version yet."""
        names, latest = self.policy.names, self.archive.latest
        old_master = based_on(latest, self.masters) if latest else None
        new_master = self.policy.policy.outline if self.body.school else None
        before = of_frozen(latest.clauses if latest else (), names, old_master)
        after = of_frozen(self.draft.clauses, names, new_master)
        return compare(before, after) if latest else Comparison(before, after, ())

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes of wording, in reading order: renumbering is none."""
        return tuple(change for change in self.comparison.changes if change.kinds - _ASIDE)

    @property
    def is_first(self) -> bool:
        """Whether no version has been ratified yet."""
        return self.archive.latest is None


def standing(body: Body, policy: TailoredPolicy, records: Records, notes: Notes) -> Standing:
    """Bring together what the files say of a policy and what was ratified."""
    policy_id = policy.policy.id
    archive = records.of(body.id, policy_id)
    masters = records.of(TRUST_ID, policy_id)
    authors = [layer.id for layer in body.school.layers] if body.school else [TRUST_ID]
    waiting = tuple(
        note
        for author in authors
        for note in notes.get((author, policy_id), ())
        if not is_taken_in(note, archive)
    )
    return Standing(
        body=body,
        policy=policy,
        archive=archive,
        masters=masters,
        notes=waiting,
        expected=tuple(
            note
            for note in notes.get((TRUST_ID, policy_id), ())
            if body.school and not is_taken_in(note, masters)
        ),
    )


def based_on(version: Version, masters: Archive) -> Version | None:
    """The version of the master that a school's version is based on."""
    master = version.record.master
    return masters.by_label.get(master.version) if master else None


def is_taken_in(note: Note, archive: Archive) -> bool:
    """Whether a version has the note on record already: this one, not an earlier namesake."""
    said = note.record()
    return any(
        change.model_copy(update={"clauses": said.clauses}) == said
        for version in archive.versions
        for change in version.record.changes
    )


def latest_label(state: Standing) -> str:
    """What the last version is called; nothing before the first."""
    return state.archive.latest.label if state.archive.latest else ""
