"""Rules about what has to be looked at again: reviews, people, channels, links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from clausebook.dates import MONTHS, show_date
from clausebook.linked import links_in
from clausebook.model import Adoption, Policy, School
from clausebook.shapes import Contact, Fillings
from clausebook.source import Span
from clausebook.survey import Finding, Rule, Survey
from clausebook.yamldoc import YamlDocument

CHECK_EVERY = timedelta(days=366)
"""Somebody looks at every person and channel once in this time."""

GRACE = timedelta(days=31)
"""A meeting may be so much later than a year after the last one."""


# -- reviews -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Review:
    """When one school reviews one policy, and where that is written."""

    school: School
    policy: Policy
    last: date | None
    next: date | None
    span: Span


def _reviews(survey: Survey) -> Iterator[_Review]:
    """Every review date of a policy that has been ratified and still applies."""
    for school in survey.trust.schools.values():
        for policy in survey.trust.policies.values():
            found = (layer.adoptions.get(policy.id) for layer in school.layers)
            own = [adoption for adoption in found if adoption]
            if (school.id, policy.id) in survey.ratified and not any(a.withdrawn for a in own):
                yield _review(school, policy, own)


def _review(school: School, policy: Policy, own: Sequence[Adoption]) -> _Review:
    said = [adoption for adoption in own if adoption.review.next]
    if not said:
        return _Review(school, policy, None, None, own[-1].document.key_span("review"))
    last = next((adoption.review.last for adoption in reversed(own) if adoption.review.last), None)
    span = said[-1].document.span("review", "next")
    return _Review(school, policy, last, said[-1].review.next, span)


def _grouped(reviews: Iterator[_Review]) -> Iterator[list[_Review]]:
    """Reviews written in one place, such as a federation's file."""
    groups: dict[tuple[str, int], list[_Review]] = {}
    for review in reviews:
        groups.setdefault((review.span.source.name, review.span.line), []).append(review)
    yield from groups.values()


def _missing(survey: Survey) -> Iterator[Finding]:
    for group in _grouped(r for r in _reviews(survey) if r.next is None):
        title = group[0].policy.control.title
        where = survey.where(r.school.id for r in group)
        yield Finding(
            f"nothing says when the {title} is reviewed next {where}",
            group[0].span,
            "add 'review: {last: …, next: …}' with the dates from the minutes",
        )


def _overdue(survey: Survey) -> Iterator[Finding]:
    for group in _grouped(r for r in _reviews(survey) if r.next and r.next < survey.today):
        first = group[0]
        day = show_date(first.next) if first.next else ""
        where = survey.where(r.school.id for r in group)
        yield Finding(
            f"the {first.policy.control.title} was to be reviewed by {day} {where}",
            first.span,
            "review it, and set 'last' and 'next' when the governors have decided",
        )


def _too_late(survey: Survey) -> Iterator[Finding]:
    for group in _grouped(r for r in _reviews(survey) if r.next and r.next > _latest(r, survey)):
        first = group[0]
        day = show_date(first.next) if first.next else ""
        every = first.policy.control.review_every
        where = survey.where(r.school.id for r in group)
        since = f"the last review on {show_date(first.last)}" if first.last else "today"
        yield Finding(
            f"the next review of the {first.policy.control.title} {where} is on {day}, "
            f"more than {every} after {since}",
            first.span,
            f"it is reviewed every {every}: choose an earlier day, or correct 'last'",
        )


def _latest(review: _Review, survey: Survey) -> date:
    """The last day on which the next review can be."""
    number, unit = review.policy.control.review_every.split()
    months = int(number) * (len(MONTHS) if unit.startswith("year") else 1)
    return min(later(review.last or survey.today, months), date.max - GRACE) + GRACE


def later(day: date, months: int) -> date:
    """The same day so many months on; the first of the month after, where there is none.

    After the end of the calendar, in 9999, there is no day: that gives its last.
    """
    year, month = divmod(day.month - 1 + months, len(MONTHS))
    if day.year + year > MAXYEAR:
        return date.max
    try:
        return date(day.year + year, month + 1, day.day)
    except ValueError:
        return later(day.replace(day=1), months + 1)


# -- people and channels -------------------------------------------------------------------


@dataclass(frozen=True)
class _Entry:
    """A person or a channel, and where it is written."""

    name: str
    checked: date | None
    span: Span


def _entries(survey: Survey) -> Iterator[_Entry]:
    trust = survey.trust
    for key, role in trust.details.contacts.items():
        if role.default:
            span = trust.document.key_span("contacts", key, "default")
            yield _Entry(role.default.name, role.default.checked, span)
    for layer in trust.layers:
        yield from _filled(layer.details, layer.document)
        for adoption in layer.adoptions.values():
            if not adoption.withdrawn:
                yield from _filled(adoption.fillings, adoption.document)


def _filled(fillings: Fillings, document: YamlDocument) -> Iterator[_Entry]:
    people: Mapping[str, Mapping[str, Contact]] = {
        "contacts": fillings.contacts,
        "local_contacts": fillings.local_contacts,
    }
    for section, found in people.items():
        for key, contact in found.items():
            yield _Entry(contact.name, contact.checked, document.key_span(section, key))
    for number, channel in enumerate(fillings.channels):
        yield _Entry(channel.name, channel.checked, document.span("channels", number, "name"))


def _unchecked(survey: Survey) -> Iterator[Finding]:
    for entry in _entries(survey):
        if entry.checked is None:
            yield Finding(
                f"nothing says when '{entry.name}' was last checked",
                entry.span,
                f"check name, role and address, then add 'checked: {survey.today}'",
            )


def _check_overdue(survey: Survey) -> Iterator[Finding]:
    for entry in _entries(survey):
        if entry.checked and survey.today - entry.checked > CHECK_EVERY:
            yield Finding(
                f"'{entry.name}' was last checked on {show_date(entry.checked)}, "
                "more than a year ago",
                entry.span,
                f"check name, role and address again, then write 'checked: {survey.today}'",
            )


# -- links -----------------------------------------------------------------------------------


def _dead_links(survey: Survey) -> Iterator[Finding]:
    for address, span in links_in(survey.trust):
        seen = survey.links.seen.get(address)
        if seen and seen.problem:
            worked = f"; it last worked on {show_date(seen.worked)}" if seen.worked else ""
            yield Finding(
                f"'{address}' did not work on {show_date(seen.tried)}: {seen.problem}{worked}",
                span,
                "correct the address or take the link out, then run 'clausebook links --check'",
            )


RULES = (
    Rule(
        "review-missing",
        "Readers and inspectors ask when a policy will be looked at again, and a policy without "
        "a date is forgotten.",
        "Write 'review: {last: …, next: …}' into the school's file for the policy, or once into "
        "its group's.",
        _missing,
    ),
    Rule(
        "review-overdue",
        "The policy still applies, but nobody has said that it is still right.",
        "Put it on the next agenda; when it has been decided, ratify it and set the new dates.",
        _overdue,
    ),
    Rule(
        "review-too-late",
        "The trust says how often the policy is reviewed; a later date would quietly change that.",
        "Choose an earlier date. If the policy can wait longer, change 'review_every' in its "
        "document control.",
        _too_late,
    ),
    Rule(
        "unchecked-contact",
        "A wrong name or number under a safeguarding policy costs time when there is none.",
        "Ring or write to the person, look at the channel, then note the day under 'checked'.",
        _unchecked,
    ),
    Rule(
        "contact-check-overdue",
        "People change posts and channels change hands in the course of a year.",
        "Check every person and channel again, at best all of a school's on one day, and note "
        "the day under 'checked'.",
        _check_overdue,
    ),
    Rule(
        "dead-link",
        "A link that leads nowhere takes readers away from what they need.",
        "Open the address. Correct it, or take the link out; then run 'clausebook links --check', "
        "which forgets addresses that no policy links to.",
        _dead_links,
    ),
)
