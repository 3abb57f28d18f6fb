"""A person's name taken out of what was recorded, leaving that it was, when and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from clausebook.archive import Records
from clausebook.frozen import Version, withdrawal_seal
from clausebook.problems import Problems
from clausebook.prose import inlines_of, plain
from clausebook.records import AsItStood, Withdrawal
from clausebook.source import Source
from clausebook.wording import Run, read_inline


@dataclass(frozen=True)
class Withdrawn:
    """A version as it stands after a withdrawal."""

    version: Version
    values: tuple[str, ...]
    """The names of the values that were taken out."""


def withdraw(
    records: Records, body: str, person: str, on: date, reason: str
) -> tuple[Withdrawn, ...]:
    """Take `person` out of every version at `body`: each value in which the name stands.

    A card or a sentence is taken out whole.  The seal still verifies: it covers
    a salted digest of the value, and the salt goes with the text.
    """
    return tuple(
        withdrawn
        for (owner, _), archive in records.archives.items()
        if owner == body
        for version in archive.versions
        for withdrawn in _from_version(version, person, on, reason)
    )


def _from_version(version: Version, person: str, on: date, reason: str) -> Iterator[Withdrawn]:
    names = tuple(
        name
        for name, value in version.stood.items()
        if value.text and any(_stands_in(text, person) for text in _readings(value.text))
    )
    if not names:
        return
    entries = tuple(
        Withdrawal(
            value=name, on=on, reason=reason, seal=withdrawal_seal(version.seal, name, on, reason)
        )
        for name in names
    )
    stood = {n: AsItStood() if n in names else value for n, value in version.stood.items()}
    changed = replace(version, stood=stood, withdrawals=(*version.withdrawals, *entries))
    yield Withdrawn(changed, names)


def _stands_in(text: str, person: str) -> bool:
    """Whether a name stands in a text, as words of its own: `Ann` does not stand in `Hannah`."""
    words = r"\s+".join(re.escape(word) for word in person.split())
    return bool(words) and bool(re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE))


def _readings(markdown: str) -> Iterator[str]:
    """A recorded text as it is written, and as it is read: a name may hold escaped signs."""
    yield markdown
    for line in markdown.split("\n"):
        yield plain(read_inline(Run(Source("", line).passage(), 0, line), Problems()))


def in_wording(records: Records, body: str, person: str) -> Iterator[tuple[Version, str]]:
    """Where a name stands in ratified words, which nothing can be taken out of."""
    for (owner, _), archive in records.archives.items():
        for version in archive.versions if owner == body else ():
            for frozen in version.clauses:
                runs = (frozen.clause.words, *inlines_of(frozen.clause.body))
                if any(_stands_in(plain(words), person) for words in runs):
                    yield version, frozen.id
