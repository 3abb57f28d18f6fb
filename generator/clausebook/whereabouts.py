"""Where things are named: every role, person, channel, Act and website, clause by clause.

Found in wording as structure, before names are filled in; Acts and names that
somebody typed are found in its bare characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from clausebook.english import typographic
from clausebook.model import Body, Clause, Person, Provenance, TailoredClause, TailoredPolicy
from clausebook.overview import Overview
from clausebook.prose import Link, Value, inlines_of, plain, walk


class Sort(StrEnum):
    """What is named."""

    ROLE = "role"
    CHANNEL = "channel"
    ACT = "Act"
    LINK = "website"


EVERY_CHANNEL = "The list of official channels"

Named = tuple[Sort, str]
"""What is named, and how: a role by its ID, a website by its address."""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A clause that names something, and who publishes it with that name in it."""

    policy: TailoredPolicy
    """As it stands at the first of those who publish it."""
    clause: TailoredClause
    at: tuple[Body, ...]
    """The schools; none where only the trust's own policy has it."""
    by_trust: bool
    """Whether the trust's own policy names it there as well."""


@dataclass
class _Found:
    policy: TailoredPolicy
    clause: TailoredClause
    at: list[Body] = field(default_factory=list)
    by_trust: bool = False


def mentions(overview: Overview) -> Mapping[Named, list[Mention]]:
    """Every mention, by what is named; in reading order, the trust's clauses first."""
    people = _names_of_people(overview)
    channels = {channel.name for school in overview.schools for channel in school.channels}
    words = _Words(people, channels)
    found: dict[Named, dict[str, _Found]] = {}
    for one in (*overview.masters, *overview.policies):
        policy = one.publication.shown
        for clause in policy.clauses if one.applies else ():
            if clause.provenance is Provenance.OMITTED:
                continue
            for named in words.named(clause.clause):
                mention = found.setdefault(named, {}).setdefault(clause.id, _Found(policy, clause))
                if one.body.school:
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
    names = overview.masters[0].publication.draft.names if overview.masters else {}
    declared = names["contact"].parts if "contact" in names else {}
    found = {role: slot.label for role, slot in declared.items()}
    for body in (overview.trust, *overview.schools):
        for person in body.people:
            found.setdefault(person.role, person.label)
    return found


def holders(overview: Overview) -> list[tuple[Body, Person]]:
    """Who holds which role at which school."""
    return [(school, person) for school in overview.schools for person in school.people]


def _names_of_people(overview: Overview) -> Mapping[str, frozenset[str]]:
    """The roles of everybody who is named, by their name."""
    found: dict[str, set[str]] = {}
    for body in (overview.trust, *overview.schools):
        for person in body.people:
            found.setdefault(person.contact.name, set()).add(person.role)
    return {name: frozenset(held) for name, held in found.items()}


class _Words:
    """Finds what a clause names; the same wording is looked at once."""

    def __init__(self, people: Mapping[str, frozenset[str]], channels: set[str]) -> None:
        self.people = people
        self.channels = channels
        self.by_first_word: dict[str, list[str]] = {}
        for name in sorted({*people, *channels}):
            first = _WORD.search(name)
            self.by_first_word.setdefault(first[0] if first else name, []).append(name)
        self.seen: dict[int, tuple[Clause, frozenset[Named]]] = {}

    def named(self, clause: Clause) -> frozenset[Named]:
        """Everything that a clause names."""
        known = self.seen.get(id(clause))
        if known is None:
            known = clause, frozenset(self._find(clause))
            self.seen[id(clause)] = known
        return known[1]

    def _find(self, clause: Clause) -> Iterator[Named]:
        for words in (clause.words, *inlines_of(clause.body)):
            for word in walk(words):
                if isinstance(word, Value):
                    yield from _live(word.expression)
                if isinstance(word, Link) and word.href.startswith(("https://", "http://")):
                    yield Sort.LINK, word.href
            text = " ".join(plain(words).split())
            yield from ((Sort.ACT, act) for act in acts(text))
            for name in self._typed(text):
                if name in self.channels:
                    yield Sort.CHANNEL, name
                yield from ((Sort.ROLE, role) for role in self.people.get(name, ()))

    def _typed(self, text: str) -> Iterator[str]:
        """Names of people and channels that somebody typed out."""
        for word in set(_WORD.findall(text)) & self.by_first_word.keys():
            for name in self.by_first_word[word]:
                if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                    yield name


_WORD = re.compile(r"\w+")
_ROLE = re.compile(r"\bcontact\.([a-z][a-z0-9_]*)")
_CHANNELS = re.compile(r"(?<![\w.])channels\b")


def _live(expression: str) -> Iterator[Named]:
    """The roles and channels that a name between braces stands for."""
    for role in _ROLE.findall(expression):
        yield Sort.ROLE, role
    if _CHANNELS.search(expression):
        yield Sort.CHANNEL, EVERY_CHANNEL


# -- Acts ----------------------------------------------------------------------------

_ACT = re.compile(r"\bAct,? (1[0-9]{3}|20[0-9]{2})\b")
_TOKEN = re.compile(r"\([^()]*\)|[\w’'.&/‑-]+|[^\w\s]")
_SMALL = frozenset(("and", "of", "for", "from", "in", "to", "the", "on", "with", "by", "etc.", "&"))
_LEADING = re.compile(
    "Under|See|In|Since|By|Both|With|Although|The|An?|This|As|If|When|Where|While|Because|And|But"
    "|Or|Also|For|From|To|Of|On|At|Like|Our|Each|Every|Any|Section|Part|Schedule|Chapter"
)
"""Words with a capital that lead up to a title and are no part of it."""


def acts(text: str) -> list[str]:
    """The Acts of Parliament that a text names: `Data Protection Act 2018`."""
    found: list[str] = []
    text = typographic(text)
    for hit in _ACT.finditer(text):
        name = _title(text[: hit.start()])
        if name:
            found.append(f"{name} Act {hit[1]}")
    return found


def _title(before: str) -> str:
    """The words of a title that end a text, read backwards until they can be none."""
    taken: list[str] = []
    for word in reversed(_TOKEN.findall(before[-200:])):
        if not (word == "," or word in _SMALL or _is_title_word(word)):
            break
        taken.append(word)
    words = taken[::-1]
    for at, (word, after) in enumerate(pairwise(words)):
        if word.isupper() and len(word) > 1 and after in _SMALL:
            return _joined(words[at + 1 :])  # "the UK GDPR and the Data Protection Act"
    return _joined(words)


def _is_title_word(word: str) -> bool:
    if word.startswith("("):
        return word[1:2].isupper()
    return word[:1].isupper() and not word.endswith(".")


def _joined(words: Sequence[str]) -> str:
    """The title without what leads up to it; commas stay inside it."""
    kept = list(words)
    while kept and (kept[0] == "," or kept[0] in _SMALL or _LEADING.fullmatch(kept[0])):
        kept.pop(0)
    for at in range(len(kept) - 1, 0, -1):
        if kept[at] == "the" and kept[at - 1] in {"and", "or", ","}:
            return _joined(kept[at + 1 :])  # "Parliament and the Education Act"
    return " ".join(kept).replace(" ,", ",")
