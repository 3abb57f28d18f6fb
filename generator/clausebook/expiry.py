"""What was agreed for a time: found ahead of its end."""

from __future__ import annotations

from datetime import date, timedelta

from clausebook.dates import show_date
from clausebook.model import Body, Trust
from clausebook.problems import Problems


def check_expiry(trust: Trust, body: Body, problems: Problems, today: date) -> None:
    """Find overrides at a school, or of its group, that end within the trust's notice."""
    notice = timedelta(days=trust.details.notice_days)
    for layer in body.school.layers if body.school else ():
        for adoption in layer.adoptions.values():
            for override in adoption.overrides:
                ends = override.expires
                if ends is None or ends - today > notice:
                    continue
                over = ends < today
                problems.warning(
                    "override-expires",
                    f"what is said here of '{override.target}' was agreed until {show_date(ends)}"
                    + (", which is over" if over else ""),
                    override.span,
                    "have it agreed again and change 'expires:', or remove it",
                )
