"""Ratification: today's draft becomes a version, or everything that stands in the way is said.

Pure: nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clausebook.archive import Archive, Records
from clausebook.changes import Cause, Change, ChangeKind, Comparison
from clausebook.compare import compare
from clausebook.dates import show_date
from clausebook.describing import gathered
from clausebook.english import count, enumerate_words
from clausebook.freezing import Draft, freeze, of_frozen
from clausebook.frozen import Version, digest
from clausebook.model import Add, Body, Outline, TailoredPolicy, Trust
from clausebook.notes import Note, Notes
from clausebook.problems import Problems
from clausebook.reading import SCHOOLS, TRUST_ID
from clausebook.records import (
    FORMAT,
    AsItStood,
    ChangeRecord,
    DepartureRecord,
    Ratification,
    Record,
    Reference,
    Step,
    Weight,
)
from clausebook.source import Span
from clausebook.withdrawing import speaks_of

SIGNED = "signed."
"""Signatories are kept as values named `signed.1` and so on, so that they can be withdrawn."""

_ASIDE = frozenset({ChangeKind.RENUMBERED, ChangeKind.VALUE_ONLY})
"""Kinds of change that need no ratification and no note."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the governors, or the trustees, agreed."""

    version: str
    on: date
    by: str
    minute: str
    signed: tuple[str, ...] = ()
    effective: date | None = None
    next_review: date | None = None
    shared_with_staff: date | None = None
    no_changes: bool = False
    label_reason: str | None = None


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
        if not _taken_in(note, archive)
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
            if body.school and not _taken_in(note, masters)
        ),
    )


def based_on(version: Version, masters: Archive) -> Version | None:
    """The version of the master that a school's version is based on."""
    master = version.record.master
    return masters.by_label.get(master.version) if master else None


def _taken_in(note: Note, archive: Archive) -> bool:
    """Whether a version has the note on record already: this one, not an earlier namesake."""
    said = note.record()
    return any(
        change.model_copy(update={"clauses": said.clauses}) == said
        for version in archive.versions
        for change in version.record.changes
    )


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
            (record, [c.id for c in state.changes if _covers(record, c.id, state)])
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


def _covers(record: ChangeRecord, clause_id: str, state: Standing) -> bool:
    """Whether a note names a clause, or one that it stands under, before or after."""
    if clause_id in record.clauses:
        return True
    sides = [Outline(tuple(f.clause for f in state.draft.clauses))]
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
        span = _span_of(change.id, state) if change.after else None
        own = span and (not state.body.school or span.source.name.startswith(SCHOOLS))
        place = span if span and own else _override_of(change, state) or state.place
        alike = f", with {count(len(under), 'clause')} under it," if under else ""
        report(
            "change-without-note",
            f"'{change.id}'{alike} has changed since version {_latest_label(state)} of "
            f"{state.body.short_name}, and no note says why",
            place,
            f"write one: clausebook note {author} {state.policy.policy.id} --clauses {change.id} "
            "--what … --why … --origin …",
        )
    since = f"by {state.body.short_name} since version {_latest_label(state)}"
    for note in state.notes:
        if note.author == state.body.id:
            _check_use(note, [state], since, report)


def check_group_notes(
    states: Sequence[Standing], notes: Notes, problems: Problems, *, ratifying: bool = False
) -> None:
    """Find clauses in groups' notes that have changed at none of the group's schools.

    `states` are the policies of those schools.  A note that is on record at one
    of them had a change to explain.
    """
    report = problems.error if ratifying else problems.warning
    together: dict[tuple[str, str], list[Standing]] = {}
    for state in states:
        for key in _group_key(state):
            together.setdefault(key, []).append(state)
    for key, schools in together.items():
        for note in notes.get(key, ()):
            if not any(_taken_in(note, state.archive) for state in schools):
                since = "at any school of the group since its latest version"
                _check_use(note, schools, since, report)


def _group_key(state: Standing) -> Iterable[tuple[str, str]]:
    """Under what the notes of a school's group on its policy are kept, if it has a group."""
    group = state.body.school.group if state.body.school else None
    return [(group.id, state.policy.policy.id)] if group else []


def _check_use(note: Note, states: Sequence[Standing], since: str, report: Report) -> None:
    """Find clauses that a note names and that have changed in none of these policies."""
    for number, clause_id in enumerate(note.said.clauses):
        if not any(_explains(note, clause_id, state) for state in states):
            report(
                "note-without-change",
                f"there is no version yet that '{clause_id}' has changed since"
                if all(state.is_first for state in states)
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
        _fits(record, change) and _covers(record, change.id, state) for change in state.changes
    )


def _span_of(clause_id: str, state: Standing) -> Span | None:
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


def _latest_label(state: Standing) -> str:
    return state.archive.latest.label if state.archive.latest else ""


# -- IDs ---------------------------------------------------------------------------


def check_ids(state: Standing, problems: Problems) -> None:
    """Find IDs of removed clauses that are used again, and IDs whose meaning changed."""
    for frozen in state.draft.clauses:
        gone = state.archive.retired.get(frozen.id) or state.masters.retired.get(frozen.id)
        if gone:
            problems.error(
                "retired-id-reused",
                f"'{frozen.id}' was the ID of a clause that was removed after version {gone.label}",
                _span_of(frozen.id, state) or state.place,
                "give the new clause an ID of its own; 'clausebook assign-ids' never gives a "
                "number twice",
            )
    for change in state.changes:
        if change.unrecognisable and not (state.body.school and change.cause is Cause.TRUST):
            problems.warning(
                "unrecognisable-clause",
                f"nothing is left of what '{change.id}' said in version {_latest_label(state)}",
                _override_of(change, state) or _span_of(change.id, state) or state.place,
                _OTHER_RULE_HERE if change.layer else _OTHER_RULE,
            )


_OTHER_RULE = "if it is another rule now, give it an ID of its own and remove the old one"
_OTHER_RULE_HERE = (
    "if it is another rule now, add it as a clause of your own, so that the ID keeps its meaning, "
    "and leave the trust's clause as it is, or out if it may be left out"
)


# -- what stands in the way -------------------------------------------------------------


def obstacles(state: Standing, request: Request, today: date, problems: Problems) -> None:
    """Everything that keeps this draft from being ratified as requested."""
    check_notes(state, problems, ratifying=True)
    check_ids(state, problems)

    def stop(message: str, hint: str, code: str = "not-ready") -> None:
        problems.error(code, message, state.place, hint)

    for clause in state.policy.departures:
        if clause.departure and clause.departure.needs_review:
            stop(
                f"the wording that '{clause.id}' was adapted from has changed since",
                "look at it again; 'clausebook check' says how to confirm it",
            )
    changed = bool(state.changes)
    if not state.is_first and not changed and not request.no_changes:
        stop(
            f"nothing has changed since version {_latest_label(state)}",
            "to put on record that it was reviewed, add --no-changes",
        )
    if request.no_changes and (changed or state.is_first):
        stop(
            "this is the first version" if state.is_first
            else f"{len(state.changes)} clauses have changed since version {_latest_label(state)}",
            "leave --no-changes out",
        )  # fmt: skip
    _check_dates(state, request, today, stop)
    _check_label(state, request, stop)
    if state.body.school and not state.masters.latest:
        stop(
            "the trust has not approved this policy yet",
            f"first: clausebook ratify trust {state.policy.policy.id} …",
        )


def master_obstacle(state: Standing, master: Standing, problems: Problems) -> None:
    """A school adopts an approved master: find a master that was edited since."""
    if master.archive.latest and master.changes:
        names = enumerate_words([change.id for change in master.changes[:5]])
        problems.error(
            "not-ready",
            f"the trust's policy is not the approved version {master.archive.latest.label}: "
            f"{names}{' and more' if len(master.changes) > 5 else ''} "  # noqa: PLR2004
            f"{'differs' if len(master.changes) == 1 else 'differ'}",
            master.place,
            f"have it approved first: clausebook ratify trust {state.policy.policy.id} …",
        )


def named_people(trust: Trust, body: Body) -> Sequence[str]:
    """Everybody who is a contact at a school, or for the trust at any of its schools."""
    layers = body.school.layers if body.school else trust.layers
    fillings = [
        filled
        for layer in layers
        for filled in (layer.details, *(a.fillings for a in layer.adoptions.values()))
    ]
    default = (role.default for role in trust.details.contacts.values())
    return sorted(
        {contact.name for contact in default if contact}
        | {contact.name for filled in fillings for contact in filled.contacts.values()}
        | {contact.name for filled in fillings for contact in filled.local_contacts.values()}
    )


def name_obstacles(
    state: Standing, request: Request, people: Sequence[str], problems: Problems
) -> None:
    """Find people's names in what would be sealed: they could never be withdrawn."""
    for what, text, span in _to_be_sealed(state, request):
        for person in people:
            if speaks_of(text, person):
                problems.error(
                    "not-ready",
                    f"{what} names '{person}'",
                    span,
                    "write the role, not the name: this text can never be changed",
                )


def _to_be_sealed(state: Standing, request: Request) -> Iterator[tuple[str, str, Span]]:
    """The free texts of this body's own that a version keeps, and where they are written."""
    yield "--by", request.by, state.place
    yield "--minute", request.minute, state.place
    yield "--label-reason", request.label_reason or "", state.place
    for note in state.notes:
        yield "'what' of this note", note.said.what, note.document.span("what")
        yield "'why' of this note", note.said.why, note.document.span("why")
    for layer in state.body.school.layers if state.body.school else ():
        if adoption := layer.adoptions.get(state.policy.policy.id):
            for number, override in enumerate(adoption.overrides):
                span = adoption.document.span("overrides", number, "reason")
                yield "this reason", override.reason, span


Stop = Callable[..., None]
Report = Callable[[str, str, Span, str], None]


def _check_dates(state: Standing, request: Request, today: date, stop: Stop) -> None:
    if request.on > today:
        stop(
            f"{show_date(request.on)} is in the future",
            "give the day of the meeting; use --effective for the day it comes into force",
        )
    latest = state.archive.latest
    if latest and request.on < latest.record.ratified.on:
        stop(
            f"version {latest.label} was ratified later, on {show_date(latest.record.ratified.on)}",
            "versions are ratified in order",
        )
    effective = request.effective or request.on
    if latest and effective < latest.record.effective:
        stop(
            f"version {latest.label} comes into force on {show_date(latest.record.effective)}",
            "a version comes into force after the one before it",
        )
    if request.next_review and request.next_review <= request.on:
        stop("the next review would be before the ratification", "check --next-review")


def step_of(state: Standing, request: Request) -> Step:
    """Whether the version is substantive, editorial, or a review that changed nothing."""
    if request.no_changes:
        return Step.NO_CHANGES
    weights = {record.weight for record in reasons(state)}
    editorial = bool(weights) and weights == {Weight.EDITORIAL} and not state.is_first
    return Step.EDITORIAL if editorial else Step.SUBSTANTIVE


def _check_label(state: Standing, request: Request, stop: Stop) -> None:
    label = request.version
    if label in state.archive.by_label:
        stop(f"there is a version {label} already", "choose the next label", "wrong-label")
        return
    latest = state.archive.latest
    if not latest or request.label_reason:
        return
    old, new = _numbers(latest.label), _numbers(label)
    if old is None or new is None:
        return
    if new <= old:
        stop(
            f"version {label} does not come after version {latest.label}",
            "choose a higher number, or give a reason with --label-reason",
            "wrong-label",
        )
        return
    step = step_of(state, request)
    is_major = new[0] > old[0]
    if is_major and step is not Step.SUBSTANTIVE:
        stop(
            f"{label} says that rules have changed, and the changes are "
            + ("none" if step is Step.NO_CHANGES else "editorial"),
            f"call it {next_label(latest.label, step)}, or give a reason with --label-reason",
            "wrong-label",
        )
    if not is_major and step is Step.SUBSTANTIVE:
        stop(
            f"{label} says that nothing but words has changed, and some changes are substantive",
            f"call it {next_label(latest.label, step)}, mark the notes as editorial if they are, "
            "or give a reason with --label-reason",
            "wrong-label",
        )


def next_label(label: str, step: Step) -> str | None:
    """What the version after this one is called; None if labels here are no version numbers."""
    numbers = _numbers(label)
    if numbers is None:
        return None
    major, minor = (*numbers, 0)[:2]
    return str(major + 1) if step is Step.SUBSTANTIVE else f"{major}.{minor + 1}"


def _numbers(label: str) -> tuple[int, ...] | None:
    """`3.1` as numbers; None for labels that are not version numbers, such as dates."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})*", label):
        return None
    return tuple(int(part) for part in label.split("."))


# -- the version -----------------------------------------------------------------------


def make_version(state: Standing, request: Request, salt: Callable[[], str]) -> Version:
    """The version that the request asks for; call `obstacles` first."""
    latest, master = state.archive.latest, state.masters.latest
    stood = {name: AsItStood(text=text, salt=salt()) for name, text in state.draft.live.items()}
    for number, name in enumerate(request.signed, 1):
        stood[f"{SIGNED}{number}"] = AsItStood(text=name, salt=salt())
    record = Record(
        format=FORMAT,
        policy=state.policy.policy.id,
        body=state.body.id,
        version=request.version,
        step=step_of(state, request),
        control=state.policy.policy.control.model_copy(update={"summary": state.policy.summary}),
        audiences=state.policy.audiences,
        ratified=Ratification(on=request.on, by=request.by, minute=request.minute),
        effective=request.effective or request.on,
        next_review=request.next_review,
        shared_with_staff=request.shared_with_staff,
        label_reason=request.label_reason,
        master=_reference(master) if state.body.school and master else None,
        previous=_reference(latest) if latest else None,
        changes=() if state.is_first else reasons(state),
        departures=_departures(state.policy),
        values=_digests(stood),
    )
    return Version(record=record, clauses=state.draft.clauses, stood=stood)


def _reference(version: Version) -> Reference:
    return Reference(version=version.label, seal=version.seal)


def _departures(policy: TailoredPolicy) -> tuple[DepartureRecord, ...]:
    return tuple(
        DepartureRecord(
            clause=clause.id,
            layer=decided.layer,
            reason=decided.reason,
            since=decided.since,
            expires=decided.expires,
        )
        for clause in policy.departures
        if clause.departure
        for decided in clause.departure.chain
    )


def _digests(stood: Mapping[str, AsItStood]) -> dict[str, str]:
    return {name: digest(v.text or "", v.salt or "") for name, v in stood.items()}


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
        if any(_taken_in(note, one) for one in archives)
        and not any(_waits_for(note, other) for other in others)
    )
    return [*(note for note in own if _taken_in(note, archive)), *shared]


def _waits_for(note: Note, state: Standing) -> bool:
    """Whether the next version of a policy is going to take a note in."""
    return not _taken_in(note, state.archive) and any(
        _explains(note, clause_id, state) for clause_id in note.said.clauses
    )
