"""Ratification: today's draft becomes a version, or everything that stands in the way is said.

Pure: nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from clausebook.accounts import check_ids, check_notes, reasons
from clausebook.dates import show_date
from clausebook.english import enumerate_words
from clausebook.frozen import Version, digest
from clausebook.model import Body, TailoredPolicy, Trust
from clausebook.problems import Problems
from clausebook.records import (
    FORMAT,
    AsItStood,
    DepartureRecord,
    FiledControl,
    Ratification,
    Record,
    Reference,
    Step,
    Weight,
)
from clausebook.source import Span
from clausebook.standing import Standing, latest_label
from clausebook.withdrawing import speaks_of

SIGNED = "signed."
"""Signatories are kept as values named `signed.1` and so on, so that they can be withdrawn."""


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
            f"nothing has changed since version {latest_label(state)}",
            "to put on record that it was reviewed, add --no-changes",
        )
    if request.no_changes and (changed or state.is_first):
        stop(
            "this is the first version" if state.is_first
            else f"{len(state.changes)} clauses have changed since version {latest_label(state)}",
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
                if override.approver:
                    span = adoption.document.span("overrides", number, "approver")
                    yield "'approver'", override.approver, span


Stop = Callable[..., None]


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
        control=_filed(state.policy),
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


def _filed(policy: TailoredPolicy) -> FiledControl:
    said = policy.policy.control.model_dump() | {"summary": policy.summary}
    return FiledControl.model_validate(said)


def _reference(version: Version) -> Reference:
    return Reference(version=version.label, seal=version.seal)


def _departures(policy: TailoredPolicy) -> tuple[DepartureRecord, ...]:
    return tuple(
        DepartureRecord(
            clause=clause.id,
            layer=decided.layer,
            reason=decided.reason,
            since=decided.since,
            approver=decided.approver,
            expires=decided.expires,
        )
        for clause in policy.departures
        if clause.departure
        for decided in clause.departure.chain
    )


def _digests(stood: Mapping[str, AsItStood]) -> dict[str, str]:
    return {name: digest(v.text or "", v.salt or "") for name, v in stood.items()}
