"""What wording names: roles, channels, Acts of Parliament and websites.

Found in wording as structure, before names are filled in; Acts are found in its bare characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from clausebook.english import typographic
from clausebook.model import Clause
from clausebook.prose import Link, Value, inlines_of, plain, walk
from clausebook.remembering import by_identity


class Sort(StrEnum):
    """What is named."""

    ROLE = "role"
    CHANNEL = "channel"
    ACT = "Act"
    LINK = "website"


EVERY_CHANNEL = "The list of official channels"

Named = tuple[Sort, str]
"""What is named, and how: a role by its ID, a website by its address."""


@by_identity()
def named_in(clause: Clause) -> frozenset[Named]:
    """Everything that a clause names, save people and channels whose names somebody typed."""
    return frozenset(_find(clause))


@by_identity()
def text_of(clause: Clause) -> str:
    """A clause's bare characters, a line for each run of words."""
    runs = (clause.words, *inlines_of(clause.body))
    return "\n".join(" ".join(plain(words).split()) for words in runs)


def _find(clause: Clause) -> Iterator[Named]:
    for words in (clause.words, *inlines_of(clause.body)):
        for word in walk(words):
            if isinstance(word, Value):
                yield from _live(word.expression)
            if isinstance(word, Link) and word.href.startswith(("https://", "http://")):
                yield Sort.LINK, word.href
    for line in text_of(clause).splitlines():
        yield from ((Sort.ACT, act) for act in acts(line))


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
