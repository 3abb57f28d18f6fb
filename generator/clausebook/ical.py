"""Days as a calendar file that any calendar program takes (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LINE = 75
"""Longest line, in octets without its end; what is longer goes on in the next, after a space."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something on a day, all day."""

    uid: str
    """The same in every build, so that a calendar moves the entry and does not double it."""
    day: date
    stamp: date
    """When what is said of it was last true news: no clock, so that builds give the same bytes."""
    summary: str
    description: str
    url: str | None = None


def write_calendar(name: str, events: Sequence[Event]) -> str:
    """The file's text; a calendar has one event at least."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Clausebook//Reviews//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for event in events:
        lines += _event_lines(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event_lines(event: Event) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_day(event.stamp)}T000000Z",
        f"DTSTART;VALUE=DATE:{_day(event.day)}",  # without an end it is that whole day
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        *([f"URL:{_without_controls(event.url)}"] if event.url else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """Text with the signs that mean something in a calendar file made harmless."""
    escaped = re.sub(r"[\\;,]", r"\\\g<0>", text)
    return _without_controls(re.sub(r"\r\n|\r|\n", r"\\n", escaped))


def _without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", "", text)


def _folded(line: str) -> str:
    """A line in pieces that are short enough; no character is ever split."""
    pieces, size = [""], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += width
    return "\r\n".join(pieces)
