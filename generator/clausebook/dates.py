"""Dates as people in English schools write and read them."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Month names; spelled here because those of the `calendar` module follow the locale."""

MESSAGE = "a date looks like 2026-09-04, 4 September 2026 or 04/09/2026 (day first)"


YEARS = range(1000, 3000)
"""The years that a day can be in: far enough from where counting days ends."""


def read_date(text: str) -> date | None:
    """The date that `text` says, or None.

    Accepted: `2026-09-04`, `4 September 2026`, `4 Sep 2026`, `04/09/2026` (day
    first, as in Britain).
    """
    text = " ".join(text.split())
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
        day, month, year = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9}) ([0-9]{4})", text):
        day, year = int(found[1]), int(found[3])
        month = _month(found[2])
    else:
        return None
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _month(word: str) -> int:
    """1 to 12, or 0 for a word that is no month; full names, three letters, and `Sept`."""
    for number, name in enumerate(MONTHS, start=1):
        if word.lower() in (name.lower(), name[:3].lower(), {"September": "sept"}.get(name)):
            return number
    return 0


def show_date(day: date) -> str:
    """The date in full, as pages show it: `4 September 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
