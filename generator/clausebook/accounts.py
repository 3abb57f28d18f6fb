"""Why each change was made: notes held against what changed, and IDs against what they stood for.

Pure: notes and versions in, reasons and problems out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from clausebook.archive import Archive
from clausebook.changes import Cause, Change
from clausebook.describing import gathered
from clausebook.english import count
from clausebook.frozen import Version
from clausebook.model import Add
from clausebook.notes import Note, Notes
from clausebook.problems import Problems
from clausebook.reading import SCHOOLS, TRUST_ID
from clausebook.records import (
    ChangeRecord,
)
from clausebook.source import Span
from clausebook.standing import Standing, based_on, is_taken_in, latest_label

# -- why each change was made --------------------------------------------------------


def reasons(state: Standing, *, proposed: bool = False) -> tuple[ChangeRecord, ...]:
    """The notes that explain the changes, each with the clauses that did change.

    With `proposed`, also what the trust says of a master it has not approved yet.
    """
    waiting = (*state.expected, *state.notes) if proposed else state.notes
    told = [  # a record names every clause it is about; a note may name what they stand under
        *(
            (rec, [c.id for c in state.changes if c.id in rec.clauses])
            for rec in _from_trust(state)
        ),
        *(
            (record, [c.id for c in state.changes if covers(record, c.id, state)])
            for record in (note.record() for note in waiting)
        ),
    ]
    fitting = (
        (record, tuple(i for i in ids if _fits(record, state.comparison.by_id[i])))
        for record, ids in told
    )
    return tuple(record.model_copy(update={"clauses": ids}) for record, ids in fitting if ids)


def _from_trust(state: Standing) -> Iterable[ChangeRecord]:
    """What the trust's versions say of changes since the one the body's last is based on."""
    if not state.body.school or not state.archive.latest:
        return ()
    base = based_on(state.archive.latest, state.masters)
    later = list(state.masters.versions)
    if base:
        later = later[later.index(base) + 1 :]
    return (change for version in later for change in version.record.changes)


def _fits(record: ChangeRecord, change: Change) -> bool:
    """A change from the trust is explained by the trust, one made here by whoever made it."""
    if record.source == TRUST_ID:
        return change.involves_trust
    return change.cause is not Cause.TRUST


def covers(record: ChangeRecord, clause_id: str, state: Standing) -> bool:
    """Whether a note names a clause, or one that it stands under, before or after."""
    if clause_id in record.clauses:
        return True
    sides = [state.draft.outline]
    if state.archive.latest:
        sides.append(state.archive.latest.outline)
    return any(
        ancestor.id in record.clauses
        for side in sides
        if clause_id in side.by_id
        for ancestor in side.ancestors(clause_id)
    )


def unexplained(state: Standing) -> tuple[Change, ...]:
    """The changes that whoever made them must give a reason for, and has not."""
    told = [record for record in reasons(state) if _is_own(record, state)]
    explained = {clause for record in told for clause in record.clauses}
    return tuple(
        change
        for change in (() if state.is_first else state.changes)
        if change.id not in explained and not (state.body.school and change.cause is Cause.TRUST)
    )


def check_notes(state: Standing, problems: Problems, *, ratifying: bool = False) -> None:
    """Find changes that no note explains, and notes about clauses that did not change.

    What the trust changed, the trust explains, before a school can adopt it.
    """
    report = problems.error if ratifying else problems.warning
    for change, under in gathered(unexplained(state)):
        author = change.layer or state.body.id
        span = span_of(change.id, state) if change.after else None
        own = span and (not state.body.school or span.source.name.startswith(SCHOOLS))
        place = span if span and own else _override_of(change, state) or state.place
        alike = f", with {count(len(under), 'clause')} under it," if under else ""
        report(
            "change-without-note",
            f"'{change.id}'{alike} has changed since version {latest_label(state)} of "
            f"{state.body.short_name}, and no note says why",
            place,
            f"write one: clausebook note {author} {state.policy.policy.id} --clauses {change.id} "
            "--what … --why … --origin …",
        )
    since = f"by {state.body.short_name} since version {latest_label(state)}"
    for note in state.notes:
        if note.author == state.body.id:
            named = note.said.clauses
            explained = frozenset(id_ for id_ in named if _explains(note, id_, state))
            _check_use(note, explained, since, report, is_first=state.is_first)


@dataclass(frozen=True)
class GroupNoteUse:
    """What came of one note of a group at one of its schools."""

    group: str
    policy: str
    note: str
    is_first: bool
    """Whether the school has no version of the policy yet."""
    is_taken_in: bool
    explains: frozenset[str]
    """Those of the clauses it names that have changed there."""


def group_note_uses(state: Standing, notes: Notes) -> list[GroupNoteUse]:
    """What came of every note of its group on a policy at a school."""
    return [
        GroupNoteUse(
            *key,
            note=note.name,
            is_first=state.is_first,
            is_taken_in=is_taken_in(note, state.archive),
            explains=frozenset(id_ for id_ in note.said.clauses if _explains(note, id_, state)),
        )
        for key in _group_key(state)
        for note in notes.get(key, ())
    ]


def check_group_notes(
    uses: Iterable[GroupNoteUse], notes: Notes, problems: Problems, *, ratifying: bool = False
) -> None:
    """Find clauses in groups' notes that have changed at none of the group's schools.

    A note that is on record at one of them had a change to explain.
    """
    report = problems.error if ratifying else problems.warning
    together: dict[tuple[str, str, str], list[GroupNoteUse]] = {}
    for use in uses:
        together.setdefault((use.group, use.policy, use.note), []).append(use)
    for (group, policy, name), used in together.items():
        note = next(note for note in notes[group, policy] if note.name == name)
        if not any(use.is_taken_in for use in used):
            explained = frozenset(id_ for use in used for id_ in use.explains)
            first = all(use.is_first for use in used)
            since = "at any school of the group since its latest version"
            _check_use(note, explained, since, report, is_first=first)


def _group_key(state: Standing) -> Iterable[tuple[str, str]]:
    """Under what the notes of a school's group on its policy are kept, if it has a group."""
    group = state.body.school.group if state.body.school else None
    return [(group.id, state.policy.policy.id)] if group else []


def _check_use(
    note: Note, explained: AbstractSet[str], since: str, report: Report, *, is_first: bool
) -> None:
    """Find clauses that a note names and that have not changed."""
    for number, clause_id in enumerate(note.said.clauses):
        if clause_id not in explained:
            report(
                "note-without-change",
                f"there is no version yet that '{clause_id}' has changed since"
                if is_first
                else f"'{clause_id}' has not been changed {since}",
                note.document.span("clauses", number),
                "take it out of the note, or remove the note",
            )


def _is_own(record: ChangeRecord, state: Standing) -> bool:
    """Whether a note can explain what was decided here: at a school the trust's cannot."""
    return state.body.school is None or record.source != TRUST_ID


def _explains(note: Note, clause_id: str, state: Standing) -> bool:
    """Whether a clause that a note names, or one that stands under it, has changed."""
    record = note.record().model_copy(update={"clauses": (clause_id,)})
    return any(
        _fits(record, change) and covers(record, change.id, state) for change in state.changes
    )


def span_of(clause_id: str, state: Standing) -> Span | None:
    """Where today's files have a clause; None for one that is gone."""
    found = state.policy.by_id.get(clause_id)
    return found.clause.span if found else None


def _override_of(change: Change, state: Standing) -> Span | None:
    """Where a school or its group has decided what a clause says, if one has."""
    policy_id = state.policy.policy.id
    return next(
        (
            override.span
            for layer in (state.body.school.layers if state.body.school else ())
            if layer.id == change.layer and policy_id in layer.adoptions
            for override in layer.adoptions[policy_id].overrides
            if override.target == change.id and not isinstance(override, Add)
        ),
        None,
    )


Report = Callable[[str, str, Span, str], None]
"""How a problem is noted: its code, message, place and hint."""


def taken_notes(
    state: Standing, version: Version, notes: Notes, siblings: Sequence[Standing] | None
) -> Sequence[Note]:
    """The notes that are on record and that nobody waits for any more.

    That is the body's own, in its new version or in one before it (left behind by a
    ratification that was interrupted), and its group's once the last school has
    taken them in.  `siblings` are the group's other schools; None if that is not known.
    """
    versions = (*state.archive.versions, version)
    archive = Archive(state.body.id, state.policy.policy.id, versions)
    own = notes.get((archive.body, archive.policy), ())
    others = siblings or ()
    archives = (archive, *(other.archive for other in others))
    shared = (
        note
        for key in (() if siblings is None else _group_key(state))
        for note in notes.get(key, ())
        if any(is_taken_in(note, one) for one in archives)
        and not any(_waits_for(note, other) for other in others)
    )
    return [*(note for note in own if is_taken_in(note, archive)), *shared]


def _waits_for(note: Note, state: Standing) -> bool:
    """Whether the next version of a policy is going to take a note in."""
    return not is_taken_in(note, state.archive) and any(
        _explains(note, clause_id, state) for clause_id in note.said.clauses
    )


# -- IDs ---------------------------------------------------------------------------


def check_ids(state: Standing, problems: Problems) -> None:
    """Find IDs of removed clauses that are used again, and IDs whose meaning changed."""
    for frozen in state.draft.clauses:
        gone = state.archive.retired.get(frozen.id) or state.masters.retired.get(frozen.id)
        if gone:
            problems.error(
                "retired-id-reused",
                f"'{frozen.id}' was the ID of a clause that was removed after version {gone.label}",
                span_of(frozen.id, state) or state.place,
                "give the new clause an ID of its own; 'clausebook assign-ids' never gives a "
                "number twice",
            )
    for change in state.changes:
        if change.unrecognisable and not (state.body.school and change.cause is Cause.TRUST):
            problems.warning(
                "unrecognisable-clause",
                f"nothing is left of what '{change.id}' said in version {latest_label(state)}",
                _override_of(change, state) or span_of(change.id, state) or state.place,
                _OTHER_RULE_HERE if change.layer else _OTHER_RULE,
            )


_OTHER_RULE = "if it is another rule now, give it an ID of its own and remove the old one"
_OTHER_RULE_HERE = (
    "if it is another rule now, add it as a clause of your own, so that the ID keeps its meaning, "
    "and leave the trust's clause as it is, or out if it may be left out"
)
