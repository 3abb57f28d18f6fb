"""One policy at one body: what is on record, what the files say today, and what differs."""

from __future__ import annotations

from dataclasses import dataclass

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
    draft: Draft
    archive: Archive
    masters: Archive
    """The trust's own versions of the policy."""
    comparison: Comparison
    """The latest version against the draft; no changes if there is no version yet."""
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

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of wording, in reading order: renumbering is none."""
        return tuple(change for change in self.comparison.changes if change.kinds - _ASIDE)

    @property
    def is_first(self) -> bool:
        """Whether no version has been ratified yet."""
        return self.archive.latest is None


def standing(body: Body, policy: TailoredPolicy, records: Records, notes: Notes) -> Standing:
    """Compare what the files say of a policy with what was ratified last."""
    policy_id = policy.policy.id
    archive = records.of(body.id, policy_id)
    draft = freeze(policy, is_master=body.school is None)
    masters = records.of(TRUST_ID, policy_id)
    old_master = based_on(archive.latest, masters) if archive.latest else None
    names = policy.names
    before = of_frozen(archive.latest.clauses if archive.latest else (), names, old_master)
    after = of_frozen(draft.clauses, names, policy.policy.outline if body.school else None)
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
        draft=draft,
        archive=archive,
        masters=masters,
        comparison=compare(before, after) if archive.latest else Comparison(before, after, ()),
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
