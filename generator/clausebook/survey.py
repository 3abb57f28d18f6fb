"""What the rules look at, what they find, and what a rule is.

A rule is a few lines: `find` goes through the survey and yields findings.  How much each
matters, and how it is told, is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from clausebook.english import enumerate_words
from clausebook.linklog import LinkLog
from clausebook.model import TailoredPolicy, Trust
from clausebook.problems import CODES
from clausebook.shapes import Level
from clausebook.source import Span
from clausebook.stale import Hit, hits
from clausebook.statements import Statement, statements

FEW = 4
"""So many schools are named; of more, the rest are counted."""


@dataclass(frozen=True)
class Survey:
    """Everything that rules may ask."""

    trust: Trust
    today: date
    masters: tuple[TailoredPolicy, ...] = ()
    """The trust's own policies, with their values filled in."""
    ratified: frozenset[tuple[str, str]] = frozenset()
    """School and policy, where a version has been ratified."""
    links: LinkLog = field(default_factory=LinkLog)
    """What is known of links to other websites."""

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Everything that anybody has written, once."""
        return statements(self.trust)

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        """Everything that names what has gone out of date, or will."""
        return tuple(hits(self.trust, self.statements))

    def hits_at(self, school: str | None, policy: str) -> tuple[Hit, ...]:
        """Those in a policy's clauses at one school, or in the trust's own text."""
        return tuple(
            hit
            for hit in self.hits
            if hit.statement.clause
            and hit.statement.policy == policy
            and (school in hit.statement.schools if school else not hit.statement.layer)
        )

    @cached_property
    def clauses(self) -> tuple[Statement, ...]:
        """The wording of policies: clauses and overrides, worked examples not among them."""
        return tuple(s for s in self.statements if s.clause and not s.example)

    @cached_property
    def by_policy(self) -> Mapping[str, tuple[Statement, ...]]:
        """The wording of each policy."""
        found: dict[str, list[Statement]] = {policy: [] for policy in self.trust.policies}
        for statement in self.clauses:
            found[statement.policy].append(statement)
        return {policy: tuple(statements) for policy, statements in found.items()}

    def where(self, schools: Iterable[str]) -> str:
        """The schools at which something is so, as a mark in a message; `say_where` says it."""
        ids = dict.fromkeys(schools)
        return _MARK + "".join(f"{self.trust.schools[id_].short_name}\n" for id_ in ids) + _MARK


_MARK = "\0"
"""Stands around names of schools in a message; no name and no message can hold it."""


def say_where(text: str, everyone: int) -> str:
    """A message with its schools said: `at Kestrel and Millrace`, `at all 5 schools`."""
    parts = text.split(_MARK)
    parts[1::2] = (_where(part.splitlines(), everyone) for part in parts[1::2])
    return "".join(parts)


def _where(names: Sequence[str], everyone: int) -> str:
    if not names:
        return "on the trust's own site only"
    if len(names) == everyone > FEW:
        return f"at all {len(names)} schools"
    if len(names) > FEW:
        names = [*names[: FEW - 1], f"{len(names) - FEW + 1} more"]
    return "at " + enumerate_words(list(names))


def without_where(text: str) -> str:
    """A message without its schools: the same in every part of a trust."""
    return _MARK.join(text.split(_MARK)[::2])


def joined_where(texts: Sequence[str]) -> str:
    """One message of several that differ only in their schools: with all of these."""
    columns = zip(*(text.split(_MARK) for text in texts), strict=True)
    return _MARK.join("".join(column) if at % 2 else column[0] for at, column in enumerate(columns))


@dataclass(frozen=True)
class Finding:
    """Something a rule has found."""

    message: str
    span: Span
    hint: str
    notes: tuple[tuple[Span, str], ...] = ()
    level: Level = Level.WARNING
    """How much this one matters, if it is more than its rule says."""


@dataclass(frozen=True)
class Rule:
    """A check that a trust can turn off, or take more seriously."""

    code: str
    """A key of `CODES`."""
    why: str
    """Why it matters, in a sentence or two."""
    how: str
    """How to mend it."""
    find: Callable[[Survey], Iterator[Finding]]
    level: Level = Level.WARNING
    of_all: bool = False
    """Whether it holds only if it holds for all schools of a trust together."""

    @property
    def meaning(self) -> str:
        """What it means."""
        return CODES[self.code]
