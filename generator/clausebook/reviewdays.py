"""Days of reviews as entries of a calendar."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from clausebook.ical import Event, write_calendar
from clausebook.model import Body, Trust
from clausebook.publication import Publication

_LONG_AGO = date(2000, 1, 1)


def review_event(trust: Trust, body: Body, publication: Publication, day: date) -> Event:
    """The next review of a policy: the same entry in the trust's calendar and in the school's."""
    home = (trust.details.sites or f"urn:clausebook:{trust.details.name}").rstrip("/")
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{home}/{body.id}/{publication.id}#review")
    version = publication.in_force.version if publication.in_force else None
    known = version.record.ratified.on if version else publication.shown.review.last
    stands = f"Version {version.label} is in force." if version else "No version is in force yet."
    title = publication.shown.policy.control.title
    return Event(
        uid=str(key),
        day=day,
        stamp=known or _LONG_AGO,
        summary=f"{body.short_name}: review of the {title}",
        description=stands,
        url=f"{home}/{body.id}/policies/{publication.id}.html" if trust.details.sites else None,
    )


def review_calendar(trust: Trust, body: Body, publications: Sequence[Publication]) -> str | None:
    """One site's own calendar; None if no day is set."""
    events = [
        review_event(trust, body, one, one.shown.review.next)
        for one in publications
        if one.shown.review.next and not one.withdrawn
    ]
    name = f"{body.short_name}: policy reviews"
    return write_calendar(name, events) if events else None
