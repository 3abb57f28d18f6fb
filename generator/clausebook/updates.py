"""Administrative updates: changes of people and channels, put on record with their date.

They need no ratification.  The log names roles and what changed about them,
never the people: those are on the contacts page today, and nowhere after.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from clausebook.fieldtypes import NAME_PATTERN, Day, FilledLine, Line, Shape
from clausebook.model import Body
from clausebook.problems import Problems
from clausebook.reading import SCHOOLS
from clausebook.source import Tree
from clausebook.sourcefiles import read_shape
from clausebook.writtenyaml import write_yaml

_HEAD = (
    "# Written by `clausebook record`: changes of people and channels, newest last.\n"
    "# `state` lets the next run see what has changed since: salted digests, which name nobody.\n"
)


class Update(Shape):
    """One change of a person or a channel."""

    on: Day
    what: FilledLine
    """The role or channel."""
    change: Line
    """What changed about it: `new person`, `telephone`, `added`, `removed`."""


class EntryState(Shape):
    """What a role or channel was called, a salt, and a digest of each of its parts.

    Logs that were written before digests were salted have no salt and no label.
    """

    label: FilledLine | None = None
    salt: Line | None = None
    name: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    title: Line | None = None
    address: Line | None = None
    purpose: Line | None = None
    run_by: Line | None = None
    settings: Line | None = None

    def digests(self) -> dict[str, str]:
        """The parts that there were, and their digests."""
        return self.model_dump(exclude_none=True, exclude={"label", "salt"})


def _entry_key(key: str) -> str:
    kind, _, name = key.partition(".")
    known = (
        re.match(NAME_PATTERN, name) if kind == "contact" else kind == "channel" and name.strip()
    )
    if not known:
        message = "an entry is called 'contact.' and a role, or 'channel.' and a channel's name"
        raise PydanticCustomError("bad_value", message)
    return key


EntryKey = Annotated[
    str, StringConstraints(min_length=1, max_length=500), AfterValidator(_entry_key)
]
"""What an entry stands under: `contact.dsl`, `channel.Facebook`."""


class UpdateLog(Shape):
    """`versions/updates.yml` in a school's folder."""

    updates: tuple[Update, ...] = ()
    state: Mapping[EntryKey, EntryState] = Field(default_factory=dict)
    """The roles and channels at the last run."""


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
    data: dict[str, Any] = log.model_dump(exclude_none=True)
    data["updates"] = [dict(update) for update in data["updates"]]
    return _HEAD + write_yaml(data)


def record(body: Body, log: UpdateLog | None, on: date, salt: Callable[[], str]) -> Outcome:
    """Put the people and channels of today on record; without a log, as its first state."""
    new = tuple(differences(body, log, on)) if log else ()
    old = log.state if log else {}
    state = {key: _kept(body.id, key, entry, old, salt) for key, entry in entries_of(body).items()}
    return Outcome(UpdateLog(updates=(*log.updates, *new) if log else (), state=state), new)


def differences(body: Body, log: UpdateLog, on: date) -> list[Update]:
    """What has changed since the log was last written."""
    today = entries_of(body)
    found: list[Update] = []
    for key in [*today, *(key for key in log.state if key not in today)]:
        before, after = log.state.get(key), today.get(key)
        what = after.label if after else _label(key, before or EntryState(), body)
        if before is None or after is None:
            change = "added" if before is None else "removed"
        else:
            change = ", ".join(_WORDS.get(p, p) for p in _changed(body.id, before, after))
        if change:
            found.append(Update(on=on, what=what, change=change))
    return found


_WORDS = {"name": "new person", "phone": "telephone", "run_by": "who looks after it"}


@dataclass(frozen=True)
class Entry:
    """A role or channel of today."""

    label: str
    parts: Mapping[str, str]
    """What readers see of it; parts with nothing in them are left out."""


def entries_of(body: Body) -> dict[str, Entry]:
    """Everything about a body's people and channels that readers see."""
    entries: dict[str, Entry] = {}
    for person in body.people:
        contact = person.contact
        parts = {"name": contact.name, "email": contact.email, "phone": contact.phone}
        entries[f"contact.{person.role}"] = _entry(person.label, {**parts, "title": contact.role})
    for channel in body.channels:
        entries[f"channel.{channel.name}"] = _entry(
            channel.name,
            {
                "address": channel.address,
                "purpose": channel.purpose,
                "run_by": channel.run_by,
                "settings": "\n".join(channel.settings) or None,
            },
        )
    return entries


def _entry(label: str, parts: Mapping[str, str | None]) -> Entry:
    return Entry(label, {part: text for part, text in parts.items() if text})


def _label(key: str, state: EntryState, body: Body) -> str:
    """What a role or channel that is gone was called, as far as that is still known.

    The log says it; in an older one the trust's name for the role is the next best.
    """
    kind, _, name = key.partition(".")
    if state.label:
        return state.label
    if kind == "channel":
        return name
    slots = (policy.names["contact"].parts.get(name) for policy in body.policies)
    return next((slot.label for slot in slots if slot is not None), name.replace("_", " "))


# -- digests ---------------------------------------------------------------------------


def _changed(body: str, before: EntryState, after: Entry) -> Sequence[str]:
    """The parts that are not as they were."""
    then, today = before.digests(), _digests(body, after, before.salt)
    return [part for part in {**then, **today} if then.get(part) != today.get(part)]


def _kept(
    body: str, key: str, entry: Entry, old: Mapping[str, EntryState], salt: Callable[[], str]
) -> EntryState:
    """What the log keeps of an entry: as it stands there, or with a new salt."""
    before = old.get(key)
    unchanged = before is not None and before.salt and not _changed(body, before, entry)
    chosen = before.salt if before is not None and unchanged else salt()
    return EntryState(label=entry.label, salt=chosen, **_digests(body, entry, chosen))


def _digests(body: str, entry: Entry, salt: str | None) -> dict[str, str]:
    """A digest of each part; without a salt as in logs from before there were any."""
    begin = f"{salt}\0" if salt else ""
    return {
        part: hashlib.sha256(f"{begin}{body}\0{part}\0{text}".encode()).hexdigest()[:16]
        for part, text in entry.parts.items()
    }
