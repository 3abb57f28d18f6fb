"""What is still open before a draft can be ratified, in words for governors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from clausebook.accounts import check_ids, check_notes, reasons, unexplained
from clausebook.changes import Cause
from clausebook.dates import show_date
from clausebook.english import capital
from clausebook.problems import Problem, Problems
from clausebook.publication import Publication
from clausebook.ratify import Request, master_obstacle, name_obstacles
from clausebook.standing import Standing


@dataclass(frozen=True)
class Point:
    """Something that is open."""

    kind: str
    """What sort of point it is, in a word or two, to stand before it."""
    text: str
    clauses: tuple[tuple[str, str], ...] = ()
    """The clauses it is about: ID and printed number."""


@dataclass(frozen=True)
class Case:
    """What is looked at."""

    publication: Publication
    master: Standing | None
    """The trust's own policy, for a school's."""
    people: Sequence[str]
    """Those whose names must not get into what will be sealed."""

    @property
    def state(self) -> Standing:
        """The draft, what it is compared with, and the notes."""
        return self.publication.standing

    def clauses(self, ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Clauses with their numbers: today's, or those they had."""
        labels = {**self.state.comparison.before.labels, **self.state.comparison.after.labels}
        return tuple((key, labels[key]) for key in ids)


def open_points(
    publication: Publication, master: Standing | None, people: Sequence[str]
) -> Iterator[Point]:
    """Everything open, the weightiest first."""
    case = Case(publication, master, people)
    for source in SOURCES:
        yield from source(case)


def _not_approved(case: Case) -> Iterator[Point]:
    """A school adopts what the trust has approved."""
    if not case.state.body.school:
        return
    problems = Problems()
    if not case.state.masters.latest:
        text = "The trust has not approved this policy yet; until it has, it cannot be adopted."
        yield Point("Not approved", text)
    elif case.master:
        master_obstacle(case.state, case.master, problems)
    if problems.found:
        text = (
            f"The trust has changed its policy since its approved version "
            f"{case.state.masters.latest.label if case.state.masters.latest else ''} and has not "
            "approved the changes yet; until it has, they cannot be adopted."
        )
        yield Point("Not approved", text)


def _needs_review(case: Case) -> Iterator[Point]:
    """Departures written against wording that the trust has changed since."""
    found = [c for c in case.state.policy.departures if c.departure and c.departure.needs_review]
    for clause in found:
        text = (
            "The trust’s wording has changed since ours was written. Somebody must look at ours "
            "again, and confirm or change it."
        )
        yield Point("Needs review", text, ((clause.id, clause.label),))


def _without_reason(case: Case) -> Iterator[Point]:
    """Changes of which nobody has said why, whoever made them."""
    own = unexplained(case.state)
    told = {i for record in reasons(case.state, proposed=True) for i in record.clauses}
    trusts = [
        change
        for change in (() if case.state.is_first else case.state.changes)
        if change.id not in told and change.cause is Cause.TRUST and change not in own
    ]
    for changes, whose in ((own, ""), (trusts, " by the trust")):
        if changes:
            which = case.clauses([change.id for change in changes])
            yield Point("No reason given", f"Changed{whose}, and no note says why.", which)


def _notes_astray(case: Case) -> Iterator[Point]:
    """Notes about clauses that did not change."""
    problems = Problems()
    check_notes(case.state, problems)
    for problem in problems:
        if problem.code == "note-without-change":
            yield _point("Note astray", "A change note does not fit: ", problem, case)


def _other_rule(case: Case) -> Iterator[Point]:
    """Clauses of which so little is left that they may be other rules now."""
    problems = Problems()
    check_ids(case.state, problems)
    for problem in problems:
        yield _point("Rewritten", "", problem, case)


def _named(case: Case) -> Iterator[Point]:
    """People named in reasons and notes, which can never be changed once ratified."""
    problems = Problems()
    today = case.publication.today
    request = Request(version="", on=today, by="", minute="")
    name_obstacles(case.state, request, case.people, problems)
    for problem in problems:
        yield _point("Names a person", "what is ratified can never be changed, and ", problem, case)


def _out_of_date(case: Case) -> Iterator[Point]:
    """Laws, guidance and services that the draft names by what they are no longer."""
    labels = case.state.comparison.after.labels
    for hit in case.publication.stale:
        clause = hit.statement.clause
        kind = "Will be out of date" if hit.is_coming(case.publication.today) else "Out of date"
        text = f"“{hit.text}”: {hit.entry.what}. Write instead: {hit.entry.instead}."
        yield Point(kind, text, ((clause, labels[clause]),) if clause in labels else ())


def _review(case: Case) -> Iterator[Point]:
    """A review that is overdue, or that nobody has planned."""
    due, planned = case.publication.shown.review.next, case.state.policy.review.next
    if due and due < case.publication.today:
        yield Point("Overdue", f"The policy was to be reviewed by {show_date(due)}.")
    elif case.state.body.school and not (due or planned):
        yield Point("No review planned", "No date is set for the next review.")


SOURCES: tuple[Callable[[Case], Iterator[Point]], ...] = (
    _not_approved,
    _needs_review,
    _without_reason,
    _notes_astray,
    _other_rule,
    _named,
    _out_of_date,
    _review,
)
"""Where open points come from; another source is another line."""


def _point(kind: str, before: str, problem: Problem, case: Case) -> Point:
    """A problem in a sentence, with clauses' numbers in place of their IDs."""
    labels = {**case.state.comparison.before.labels, **case.state.comparison.after.labels}

    def numbered(found: re.Match[str]) -> str:
        return labels.get(found[1], found[0])

    message = re.sub(r"'([a-z0-9-]+)'", numbered, problem.message)
    return Point(kind, capital(before + message) + ".")
