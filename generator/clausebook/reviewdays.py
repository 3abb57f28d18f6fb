"""Days of reviews as entries of a calendar."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clausebook.ical import Event, write_calendar
from clausebook.model import Body, Trust
from clausebook.publication import Publication

_LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A policy at a body that is to be reviewed."""

    body: str
    body_name: str
    policy: str
    title: str
    version: str | None
    """The label of the version in force."""
    known: date | None
    """Since when the day is known."""


def review_event(trust: Trust, due: Due, day: date) -> Event:
    """The next review of a policy: the same entry in the trust's calendar and in the school's."""
    home = (trust.details.sites or f"urn:clausebook:{trust.details.name}").rstrip("/")
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{home}/{due.body}/{due.policy}#review")
    return Event(
        uid=str(key),
        day=day,
        stamp=due.known or _LONG_AGO,
        summary=f"{due.body_name}: review of the {due.title}",
        description=(
            f"Version {due.version} is in force." if due.version else "No version is in force yet."
        ),
        url=f"{home}/{due.body}/policies/{due.policy}.html" if trust.details.sites else None,
    )


def review_calendar(trust: Trust, body: Body, publications: Sequence[Publication]) -> str | None:
    """One site's own calendar; None if no day is set."""
    events = [
        _event(trust, body, one, one.shown.review.next)
        for one in publications
        if one.shown.review.next and not one.withdrawn
    ]
    name = f"{body.short_name}: policy reviews"
    return write_calendar(name, events) if events else None


def _event(trust: Trust, body: Body, publication: Publication, day: date) -> Event:
    version = publication.in_force.version if publication.in_force else None
    due = Due(
        body=body.id,
        body_name=body.short_name,
        policy=publication.id,
        title=publication.shown.policy.control.title,
        version=version.label if version else None,
        known=version.record.ratified.on if version else publication.shown.review.last,
    )
    return review_event(trust, due, day)
