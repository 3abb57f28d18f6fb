"""Plain phrases found in running text: words in a row, many phrases in one pass.

A phrase is words, as people write them, and four signs that make it fit more texts::

    Data Protection Act 1998        these words, whatever stands between them but a full stop
    head teacher/teachers           one of the words joined by strokes
    KCSIE September? [year<2025]    a word that may be missing, and a number with a limit
    Twitter                         capitals and a final 's count for nothing

There is no other sign, so that a phrase from anybody's file takes no more time than reading it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

GAP = "\ufffc"
"""Stands in running text for what is filled in, and for the end of a piece: no phrase spans it."""

_WORD = re.compile(r"[^\W_]+(?:[.’'&-][^\W_]+)*\+?|" + GAP)
_LETTERS = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[ \t(),\[\]\"'“”‘’*/&–—-]*")
"""What may stand between two words of one phrase."""

_LIMIT = re.compile(r"\[year(<=|>=|<|>|=)([0-9]{4})\]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
}

Key = TypeVar("Key")


class Word(NamedTuple):
    """A word of a text, as phrases see it."""

    seen: str
    """Without capitals and without a final `'s`."""
    start: int
    end: int
    joined: bool
    """Whether nothing stands between it and the word before that would end a phrase."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One place in a phrase, and what may stand there."""

    words: Mapping[str, str]
    """What fits, as phrases see it, and how it is written there."""
    optional: bool = False
    limit: tuple[str, int] | None = None

    def fits(self, word: str) -> bool:
        if self.limit is None:
            return word in self.words
        sign, year = self.limit
        return bool(_YEAR.fullmatch(word)) and _COMPARE[sign](int(word), year)

    def has_capitals(self, word: str, written: str) -> bool:
        """Whether a word has capitals where this part of the phrase has them."""
        raw = self.words.get(word, "")
        if raw[1:].isupper():
            return written[: len(raw)].isupper()
        return not raw[:1].isupper() or written[0].isupper()


@dataclass(frozen=True, slots=True)
class Found(Generic[Key]):
    """A phrase that stands in a text."""

    key: Key
    start: int
    end: int
    first: int
    """The number of its first word in the text."""
    last: int
    text: str
    """The phrase as it is written there."""


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, in order; gaps are words that no phrase has."""
    words: list[Word] = []
    end = 0
    for found in _WORD.finditer(text):
        start = found.start()
        between = text[end:start]
        joined = between == " " or _BETWEEN.fullmatch(between) is not None
        words.append(Word(_seen(found[0]), start, found.end(), joined))
        end = found.end()
    return tuple(words)


def words_in(text: str) -> frozenset[str]:
    """Which words a text has, as phrases see them, gaps not among them."""
    return frozenset(map(_seen, _WORD.findall(text))) - {GAP}


def _seen(word: str) -> str:
    plain = word.casefold()
    return plain if plain.isalnum() else plain.replace("’", "'").removesuffix("'s")


def _letters(text: str) -> list[str]:
    """What stands between all signs of a text, without capitals."""
    return " ".join(_LETTERS.findall(text)).casefold().split(" ")


def mistake_in(phrase: str) -> str:
    """What is wrong with a phrase, or "" if it can be used."""
    parts = phrase.split()
    if "[" in "".join(_LIMIT.sub("", part) for part in parts):
        return "a limit is written [year<2025], with one of < <= = >= >"
    read = [_part(part) for part in parts]
    if any(not part.words and part.limit is None for part in read):
        return "every part of a phrase has a letter or a digit"
    if read[0].limit or read[0].optional:
        return "a phrase begins with a word that is always there"
    return ""


@lru_cache(maxsize=2048)
def _parts(phrase: str) -> tuple[_Part, ...]:
    return tuple(map(_part, phrase.split()))


def _part(raw: str) -> _Part:
    if found := _LIMIT.fullmatch(raw):
        return _Part({}, limit=(found[1], int(found[2])))
    optional = raw.endswith("?")
    choices = raw.removesuffix("?").split("/")
    words = (found for choice in choices for found in _WORD.findall(choice)[:1])
    return _Part({_seen(word): word for word in words}, optional)


@dataclass
class Phrasebook(Generic[Key]):
    """Many phrases, each with a key, looked for at once."""

    first: dict[str, list[tuple[tuple[_Part, ...], Key, bool]]] = field(default_factory=dict)
    """Phrases by each word that can begin them."""
    needs: dict[str, set[tuple[frozenset[str], ...]]] = field(default_factory=dict)
    """By how a phrase can begin: of which letters a text must have some, for each of its parts."""

    def add(self, phrase: str, key: Key, *, as_written: bool = False) -> None:
        """Look for a phrase; `as_written` if it needs its capitals."""
        parts = _parts(phrase)
        self._add(parts, key, as_written=as_written)

    def add_words(self, words: str, key: Key, *, as_written: bool = False) -> None:
        """Look for words in which no sign means anything, such as a school's own term."""
        parts = tuple(_Part({_seen(word): word}) for word in _WORD.findall(words))
        if parts:
            self._add(parts, key, as_written=as_written)

    def _add(self, parts: tuple[_Part, ...], key: Key, *, as_written: bool) -> None:
        needed = [
            frozenset(_letters(written)[0] for written in part.words.values())
            for part in parts[1:]
            if not part.optional and not part.limit
        ]
        for word, written in parts[0].words.items():
            self.first.setdefault(word, []).append((parts, key, as_written))
            begins, *more = _letters(written)
            whole = (*(frozenset((letters,)) for letters in more), *needed)
            self.needs.setdefault(begins, set()).add(whole)

    def find(self, text: str) -> Iterator[Found[Key]]:
        """Every phrase that stands in the text, in order."""
        if not self._may_stand_in(text):
            return
        words = words_of(text)
        for at, word in enumerate(words):
            for parts, key, as_written in self.first.get(word.seen, ()):
                last = _match(parts, words, at, text if as_written else "")
                if last is not None:
                    start, end = word.start, words[last].end
                    yield Found(key, start, end, at, last, text[start:end])

    def _may_stand_in(self, text: str) -> bool:
        """Whether a text has words enough for any phrase, in whatever order: few have."""
        letters = set(_letters(text))
        for begins in self.needs.keys() & letters:
            for needed in self.needs[begins]:
                for some in needed:
                    if letters.isdisjoint(some):
                        break
                else:
                    return True
        return False


def phrasebook(phrases: Iterable[tuple[str, Key]]) -> Phrasebook[Key]:
    """A book of phrases and their keys."""
    book: Phrasebook[Key] = Phrasebook()
    for phrase, key in phrases:
        book.add(phrase, key)
    return book


def _match(parts: Sequence[_Part], words: Sequence[Word], at: int, text: str) -> int | None:
    """The number of the last word if the phrase stands at `at`; with its capitals, if in `text`.

    A word that may be missing is taken where it stands, so nothing is ever tried twice.
    """
    here = at
    for number, part in enumerate(parts):
        word = words[here] if here < len(words) else None
        if (
            word
            and (number == 0 or word.joined)
            and part.fits(word.seen)
            and (not text or part.has_capitals(word.seen, text[word.start : word.end]))
        ):
            here += 1
        elif not part.optional:
            return None
    return here - 1
