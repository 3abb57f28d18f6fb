"""A person taken out of what was recorded, leaving that it was, when and why.

People and channels as they stood can be taken out: the seal covers salted
digests of them, and the salt goes with the text.  Everything else in a version
is sealed for good; where a name stands there is found and said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product

from clausebook.archive import Records
from clausebook.frozen import FrozenClause, Version, withdrawal_seal
from clausebook.problems import Problems
from clausebook.prose import inlines_of, plain
from clausebook.records import AsItStood, Withdrawal
from clausebook.source import Source, Span
from clausebook.wording import Run, read_inline
from clausebook.yamldoc import Data, Path, read_front_matter


@dataclass(frozen=True)
class Withdrawn:
    """A version as it stands after a withdrawal."""

    version: Version
    values: tuple[str, ...]
    """The names of the values that were taken out."""


@dataclass(frozen=True)
class Mention:
    """A place in the sealed part of a version that names somebody."""

    what: str
    """`'minute'`, or the wording of a clause."""
    span: Span


def withdraw(
    records: Records, body: str, person: str, on: date, reason: str
) -> tuple[Withdrawn, ...]:
    """Take `person` out of every version at `body`, with everything that identifies them.

    That is each value in which the name stands, or an email address made from
    it, and the email, telephone and card of a contact whose name it is: those of
    a role as well, for nobody can tell them from the person's own.  A card or a
    sentence is taken out whole.
    """
    return tuple(
        withdrawn
        for version in versions_at(records, body)
        for withdrawn in _from_version(version, person, on, reason)
    )


def versions_at(records: Records, body: str) -> Iterator[Version]:
    """Every version of every policy at a body."""
    for (owner, _), archive in records.archives.items():
        if owner == body:
            yield from archive.versions


def _from_version(version: Version, person: str, on: date, reason: str) -> Iterator[Withdrawn]:
    texts = {name: value.text for name, value in version.stood.items() if value.text}
    theirs = frozenset(_contacts_of(texts.items(), person))
    names = tuple(
        name for name, text in texts.items() if names_in(text, person) or _is_of(name, theirs)
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


_CONTACT = re.compile(r"\bcontact\.(?P<role>\w+)(?:\.(?P<part>\w+))?")


def _contacts_of(texts: Iterable[tuple[str, str]], person: str) -> Iterator[str]:
    """The roles that a person held: a card names its holder first, and then perhaps others."""
    for name, text in texts:
        found = _CONTACT.fullmatch(name)
        if found:
            is_card = found["part"] == "card"
            holder = "\n".join(text.split("\n")[:2]) if is_card else text
            if names_in(holder, person):
                yield found["role"]


def _is_of(name: str, roles: frozenset[str]) -> bool:
    """Whether a value has something of whoever held one of these roles; its title is nobody's."""
    return any(
        found["role"] in roles and found["part"] != "role" for found in _CONTACT.finditer(name)
    )


# -- whether a text names somebody -------------------------------------------------------


def names_in(markdown: str, person: str) -> bool:
    """Whether a person's name, or an email address made from it, stands in a text."""
    return any(_names(text, person) for text in _readings(markdown))


def _names(text: str, person: str) -> bool:
    return stands_in(text, without_title(person)) or _address_of(text, person)


def without_title(person: str) -> str:
    """A name as it may also be written: `The Revd Dorothy Amos` without what comes before."""
    words = person.split()
    begun = next((n for n, word in enumerate(words) if _letters(word) not in _TITLES), 0)
    return " ".join(words[begun:] if len(words) - begun > 1 else words)


def stands_in(text: str, person: str) -> bool:
    """Whether a name stands in a text, as words of its own: `Ann` does not stand in `Hannah`."""
    words = r"\s+".join(re.escape(word) for word in person.split())
    return bool(words) and bool(re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE))


def _readings(markdown: str) -> Iterator[str]:
    """A recorded text as it is written, and as it is read: a name may hold escaped signs."""
    yield markdown
    for line in markdown.split("\n"):
        yield plain(read_inline(Run(Source("", line).passage(), 0, line), Problems()))


_ADDRESS = re.compile(r"(?P<local>[^\s<>()\[\]\"'\\:?&@,;]+)@[\w-]+\.")


def _address_of(text: str, person: str) -> bool:
    """Whether an email address in a text is made from a person's name: `a.kemble@…`."""
    made = _made_from(person)
    return any(_letters(found["local"]) in made for found in _ADDRESS.finditer(text))


_TITLES = frozenset({
    "canon", "dame", "doctor", "dr", "father", "fr", "lady", "lord", "miss", "mr", "mrs", "ms",
    "mx", "prof", "professor", "rev", "revd", "reverend", "sir", "the",
})  # fmt: skip
MOST_NAMES = 4
"""Names of a person, the last ones, that are looked for in email addresses."""


@lru_cache(maxsize=64)
def _made_from(person: str) -> frozenset[str]:
    """What stands before the `@` in addresses made from a name: initials count, dots do not."""
    words = [word for word in map(_letters, person.split()) if word and word not in _TITLES]
    if not words or len(words[-1]) == 1:
        return frozenset()
    *given, family = words[-MOST_NAMES:]
    found = {family}
    for chosen in product(*(("", name[0], name) for name in given)):
        before = "".join(chosen)
        found |= {before + family, family + before}
    if given:
        found.add(given[0] + family[0])
    return frozenset(found)


def _letters(word: str) -> str:
    """A word's letters alone, without case and accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if sign.isalpha())


_HONORIFIC = r"(?:Mrs?|Ms|Miss|Mx|Dr|Prof(?:essor)?|Rev(?:d|erend)?|Sir|Dame|Canon)\.?"


def speaks_of(text: str, person: str) -> bool:
    """Whether a text names one of today's people: in full, or as `Mrs Kemble`.

    A name of one word, or one that is not written like a name, may be a word as
    well: such a name counts only with its capitals.
    """
    name = without_title(person)
    words = name.split()
    if not words:
        return False
    is_plain = len(words) > 1 and words[0][:1].isupper() and words[-1][:1].isupper()
    if stands_in(text, name) and (is_plain or _in_capitals(text, name)):
        return True
    called = rf"\b{_HONORIFIC}\s+{re.escape(words[-1])}(?!\w)"
    return is_plain and bool(re.search(called, text))


def _in_capitals(text: str, name: str) -> bool:
    return name[:1].isupper() and name in " ".join(text.split())


# -- where nothing can be taken out ------------------------------------------------------


_ASIDE = frozenset({"seal", "as_it_stood", "values"})
"""Keys of a version's record with nothing in them that is sealed as text."""


def mentions(versions: Iterable[Version], person: str) -> Iterator[Mention]:
    """Where sealed text names a person: who agreed, the minute, notes, reasons, the wording."""
    for version in versions:
        document, _ = read_front_matter(version.source, Problems())
        for path, text in _texts(document.data, ()) if document else ():
            if document and path[0] not in _ASIDE and names_in(text, person):
                key = next(part for part in reversed(path) if isinstance(part, str))
                yield Mention(f"'{key}'", document.span(*path))
        for frozen in version.clauses:
            runs = (frozen.clause.words, *inlines_of(frozen.clause.body))
            line = _line_of(frozen, version, person)
            if line or any(_names(plain(words), person) for words in runs):
                yield Mention(f"the wording of '{frozen.id}'", line or version.places[frozen.id])


def _texts(data: Data, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text in a document, and where it stands."""
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*path, number))


def _line_of(frozen: FrozenClause, version: Version, person: str) -> Span | None:
    """The line of a clause that names a person; None if none does by itself."""
    begin = version.places[frozen.id].line
    lines: Sequence[str] = version.source.lines
    for number in range(begin, len(lines) + 1):
        if lines[number - 1].startswith("#### "):
            break
        if _names(lines[number - 1], person):
            return version.source.span(number)
    return None
