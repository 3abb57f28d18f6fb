"""Administrative updates: changes of people and channels, put on record with their date.

They need no ratification.  The log names roles and what changed about them,
never the people: those are on the contacts page today, and nowhere after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from clausebook.frozen import write_yaml
from clausebook.model import Body
from clausebook.problems import Problems
from clausebook.reading import SCHOOLS, read_shape
from clausebook.shapes import Day, Line, Shape
from clausebook.source import Tree

_HEAD = (
    "# Written by `clausebook record`: changes of people and channels, newest last.\n"
    "# `state` lets the next run see what has changed since; it names nobody.\n"
)


class Update(Shape):
    """One change of a person or a channel."""

    on: Day
    what: Line
    """The role or channel."""
    change: Line
    """What changed about it: `new person`, `telephone`, `added`, `removed`."""


class UpdateLog(Shape):
    """`versions/updates.yml` in a school's folder."""

    updates: tuple[Update, ...] = ()
    state: Mapping[str, Mapping[str, Line]] = Field(default_factory=dict)
    """For each role and channel, a digest of each of its parts."""


@dataclass(frozen=True)
class Outcome:
    """What putting today's people and channels on record does to a log."""

    log: UpdateLog
    new: tuple[Update, ...]


def log_path(body: str) -> str:
    """Where a school's log stands."""
    return f"{SCHOOLS}/{body}/versions/updates.yml"


def read_log(tree: Tree, body: str, problems: Problems) -> UpdateLog | None:
    """A school's log; None if it has none yet."""
    path = log_path(body)
    if not tree.is_file(path):
        return None
    _, log = read_shape(tree, path, UpdateLog, problems)
    return log


def write_log(log: UpdateLog) -> str:
    """The log as a file."""
    data: dict[str, Any] = log.model_dump()
    data["updates"] = [dict(update) for update in data["updates"]]
    return _HEAD + write_yaml(data)


def record(body: Body, log: UpdateLog | None, on: date) -> Outcome:
    """Put the people and channels of today on record; without a log, as its first state."""
    state = state_of(body)
    if log is None:
        return Outcome(UpdateLog(state=state), ())
    new = tuple(differences(body, log, on))
    return Outcome(UpdateLog(updates=(*log.updates, *new), state=state), new)


def differences(body: Body, log: UpdateLog, on: date) -> list[Update]:
    """What has changed since the log was last written."""
    today = state_of(body)
    names = {f"contact.{person.role}": person.label for person in body.people}
    names |= {f"channel.{channel.name}": channel.name for channel in body.channels}
    found: list[Update] = []
    for key in [*today, *(key for key in log.state if key not in today)]:
        before, after = log.state.get(key), today.get(key)
        what = names.get(key, key.partition(".")[2])
        if before is None or after is None:
            change = "added" if before is None else "removed"
        else:
            parts = [part for part in {**before, **after} if before.get(part) != after.get(part)]
            change = ", ".join(_WORDS.get(part, part) for part in parts)
        if change:
            found.append(Update(on=on, what=what, change=change))
    return found


_WORDS = {"name": "new person", "phone": "telephone", "run_by": "who looks after it"}


def state_of(body: Body) -> dict[str, dict[str, str]]:
    """Digests of everything about a body's people and channels that readers see."""
    state: dict[str, dict[str, str]] = {}
    for person in body.people:
        contact = person.contact
        parts = {"name": contact.name, "email": contact.email, "phone": contact.phone}
        state[f"contact.{person.role}"] = _digests(body.id, {**parts, "title": contact.role})
    for channel in body.channels:
        state[f"channel.{channel.name}"] = _digests(
            body.id,
            {
                "address": channel.address,
                "purpose": channel.purpose,
                "run_by": channel.run_by,
                "settings": "\n".join(channel.settings) or None,
            },
        )
    return state


def _digests(body: str, parts: Mapping[str, str | None]) -> dict[str, str]:
    return {
        part: hashlib.sha256(f"{body}\0{part}\0{text}".encode()).hexdigest()[:16]
        for part, text in parts.items()
        if text
    }
