"""Where things are named: every role, person, channel, Act and website, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clausebook.model import Person, Provenance
from clausebook.namings import Named, Sort
from clausebook.overview import BodyAt, Known, Overview, PolicyAt


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A clause that names something, and who publishes it with that name in it."""

    policy: PolicyAt
    """As it stands at the first of those who publish it."""
    clause: Known
    at: tuple[BodyAt, ...]
    """The schools; none where only the trust's own policy has it."""
    by_trust: bool
    """Whether the trust's own policy names it there as well."""


@dataclass
class _Found:
    policy: PolicyAt
    clause: Known
    at: list[BodyAt] = field(default_factory=list)
    by_trust: bool = False


def mentions(overview: Overview) -> Mapping[Named, list[Mention]]:
    """Every mention, by what is named; in reading order, the trust's clauses first."""
    people = _names_of_people(overview)
    channels = {channel.name for school in overview.schools for channel in school.channels}
    typed = _Typed(people, channels)
    found: dict[Named, dict[str, _Found]] = {}
    for one in (*overview.masters, *overview.policies):
        for clause in one.clauses if one.applies else ():
            if clause.provenance is Provenance.OMITTED:
                continue
            for named in clause.named | typed.names_in(clause.text):
                mention = found.setdefault(named, {}).setdefault(clause.id, _Found(one, clause))
                if one.body.is_school:
                    mention.at.append(one.body)
                else:
                    mention.by_trust = True
    return {
        named: [
            Mention(policy=m.policy, clause=m.clause, at=tuple(m.at), by_trust=m.by_trust)
            for m in by_clause.values()
        ]
        for named, by_clause in sorted(found.items(), key=lambda item: item[0][1].lower())
    }


def roles(overview: Overview) -> Mapping[str, str]:
    """Every role by its ID, as the trust or else the first school calls it."""
    names = overview.masters[0].shown.names if overview.masters else {}
    declared = names["contact"].parts if "contact" in names else {}
    found = {role: slot.label for role, slot in declared.items()}
    for body in (overview.trust, *overview.schools):
        for person in body.people:
            found.setdefault(person.role, person.label)
    return found


def holders(overview: Overview) -> list[tuple[BodyAt, Person]]:
    """Who holds which role at which school."""
    return [(school, person) for school in overview.schools for person in school.people]


def _names_of_people(overview: Overview) -> Mapping[str, frozenset[str]]:
    """The roles of everybody who is named, by their name."""
    found: dict[str, set[str]] = {}
    for body in (overview.trust, *overview.schools):
        for person in body.people:
            found.setdefault(person.contact.name, set()).add(person.role)
    return {name: frozenset(held) for name, held in found.items()}


class _Typed:
    """Finds names of people and channels that somebody typed out; looks at each text once."""

    def __init__(self, people: Mapping[str, frozenset[str]], channels: set[str]) -> None:
        self.people = people
        self.channels = channels
        self.by_first_word: dict[str, list[str]] = {}
        for name in sorted({*people, *channels}):
            first = _WORD.search(name)
            self.by_first_word.setdefault(first[0] if first else name, []).append(name)
        self.seen: dict[str, frozenset[Named]] = {}

    def names_in(self, text: str) -> frozenset[Named]:
        """The roles and channels whose names a text has."""
        known = self.seen.get(text)
        if known is None:
            known = self.seen[text] = frozenset(self._find(text))
        return known

    def _find(self, text: str) -> Iterator[Named]:
        for word in self.by_first_word.keys() & _WORD.findall(text):
            for name in self.by_first_word[word]:
                if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                    if name in self.channels:
                        yield Sort.CHANNEL, name
                    yield from ((Sort.ROLE, role) for role in self.people.get(name, ()))


_WORD = re.compile(r"\w+")
