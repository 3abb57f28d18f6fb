"""Wording cut into the smallest parts that a redline marks: words, numbers, signs, blanks.

A token knows two things apart: what it says (its `key`) and how it looks.  Strong
importance, stress and code are looks; where a link leads is part of what it says.
Cosmetic differences (quotes, dashes, kinds of blank) are not in the key.  The pieces
a token was cut from stay with it, so that tokens build exactly the wording they came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count, groupby
from typing import TypeVar

from clausebook.prose import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Reference,
    Strong,
    Text,
    Value,
    join_text,
    plain,
)
from clausebook.remembering import by_identity
from clausebook.writing import normal

Wrapper = Strong | Emphasis | Code | Link | Reference


@dataclass(frozen=True, slots=True)
class Wrap:
    """A piece that holds words, such as a link; `number` tells it from its like beside it."""

    piece: Wrapper
    """Without its content."""
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """Characters, or a piece that cannot be cut, and all that it stands in, outermost first."""

    piece: Inline
    wraps: tuple[Wrap, ...] = ()


Look = tuple[tuple[int, frozenset[str]], ...]
"""For each stretch of a word, its length and how it looks; empty for plain words."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, a sign or a blank."""

    key: object
    """What it says: equal keys are the same to a reader."""
    text: str
    """Its characters, cosmetic differences gone, wherever it may lead."""
    look: Look
    parts: tuple[Part, ...]
    blank: bool
    word: bool
    """Whether it counts as a word."""


Tokens = tuple[Token, ...]

_TOKEN = re.compile(
    r"""\s+
    | \w+ (?: (?: ['.@-] | (?<=\d) [,:/] (?=\d) ) \w+ )*   # 2.3.1, 1,000, face-to-face, a@b.org
    | .""",
    re.VERBOSE | re.DOTALL,
)

_PLAIN: Look = ()
_LOOKS: dict[type, str] = {Strong: "strong", Emphasis: "stress", Code: "code"}


@by_identity()
def tokens(words: Inlines) -> Tokens:
    """The tokens of a run of wording."""
    result: list[Token] = []
    for is_text, parts in groupby(_parts(words, (), count()), lambda p: isinstance(p.piece, Text)):
        if is_text:
            result.extend(_cut(tuple(parts)))
        else:
            result.extend(map(_whole, parts))
    return tuple(result)


def uncut(words: Inlines) -> Tokens:
    """A run of wording as one token, for what is shown and not compared."""
    parts = tuple(_parts(words, (), count()))
    return (Token(parts, "", _PLAIN, parts, blank=False, word=False),) if parts else ()


def build(parts_of: Sequence[Token]) -> Inlines:
    """The wording that tokens of one side make, neighbouring texts joined."""
    return _nest([part for token in parts_of for part in token.parts], 0)


def _nest(parts: Sequence[Part], depth: int) -> Inlines:
    result: list[Inline] = []
    for wrap, group in groupby(parts, lambda p: p.wraps[depth] if depth < len(p.wraps) else None):
        if wrap is None:
            result.extend(part.piece for part in group)
        elif isinstance(wrap.piece, Code):
            result.append(Code(plain([part.piece for part in group])))
        else:
            result.append(replace(wrap.piece, children=_nest(list(group), depth + 1)))
    return join_text(result)


def _parts(
    words: Sequence[Inline], wraps: tuple[Wrap, ...], number: Iterator[int]
) -> Iterator[Part]:
    for word in join_text(words):
        if isinstance(word, Code) and word.text:
            yield Part(Text(word.text), (*wraps, Wrap(Code(""), next(number))))
        elif isinstance(word, Strong | Emphasis | Link | Reference):
            children, empty = join_text(word.children), replace(word, children=())
            if children:
                yield from _parts(children, (*wraps, Wrap(empty, next(number))), number)
            else:
                yield Part(empty, wraps)
        else:
            yield Part(word, wraps)


def _said(part: Part) -> str:
    """A text's characters without cosmetic differences, as many as there are in it."""
    text = _text(part)
    if any(isinstance(wrap.piece, Code) for wrap in part.wraps):
        return text
    said = _normal(text)
    if len(said) == len(text):
        return said
    return re.sub(r"\S+", lambda found: _normal(found[0]), text)


def _normal(text: str) -> str:
    return plain(normal((Text(text),)))


def _text(part: Part) -> str:
    return part.piece.text if isinstance(part.piece, Text) else ""


def _cut(run: Sequence[Part]) -> Iterable[Token]:
    """Neighbouring texts as tokens."""
    if len(run) == 1 and not run[0].wraps:
        raw, said = _text(run[0]), _said(run[0])
        tokens = _TOKEN.findall(said)
        written = tokens
        if said != raw:
            written = [raw[at.start() : at.end()] for at in _TOKEN.finditer(said)]
        return map(_plain_token, tokens, written)
    return _cut_apart(run)


def _cut_apart(run: Sequence[Part]) -> Iterator[Token]:
    """The same where a word may begin in one text and end in another."""
    raws = [_text(part) for part in run]
    at, used = 0, 0
    for found in _TOKEN.finditer("".join(map(_said, run))):
        parts: list[Part] = []
        left = len(found[0])
        while left:
            taken = raws[at][used : used + left]
            parts.append(Part(Text(taken), run[at].wraps))
            left -= len(taken)
            used += len(taken)
            if used == len(raws[at]):
                at, used = at + 1, 0
        yield _token(found[0], tuple(parts))


@lru_cache(maxsize=20_000)
def _plain_token(said: str, written: str) -> Token:
    """A token of plain text: the same words come again and again."""
    return _token(said, (Part(Text(written)),))


def _token(said: str, parts: tuple[Part, ...]) -> Token:
    blank = said.isspace()
    text = " " if blank else said
    word = not blank and any(map(str.isalnum, said))
    if len(parts) == 1 and not parts[0].wraps:
        return Token(text, text, _PLAIN, parts, blank, word)
    leads = _stretches(parts, _leads_to)
    return Token(
        key=(text, leads) if any(target for _, target in leads) and not blank else text,
        text=text,
        look=_PLAIN if blank else _look(parts),
        parts=parts,
        blank=blank,
        word=word,
    )


def _whole(part: Part) -> Token:
    """A piece that cannot be cut."""
    match part.piece:
        case Value(expression):
            text = "{{ " + expression + " }}"
            return Token(("value", text), text, _look((part,)), (part,), blank=False, word=True)
        case Reference(target):
            return Token(("#", target), "#", _look((part,)), (part,), blank=False, word=True)
        case Break():
            broken: Look = ((1, frozenset({"break"})),)
            return Token(" ", " ", broken, (part,), blank=True, word=False)
        case _:  # an emphasis, a code or a link with nothing in it
            return Token(" ", " ", _PLAIN, (part,), blank=True, word=False)


def _look(parts: Sequence[Part]) -> Look:
    looks = _stretches(parts, _looks)
    return looks if any(look for _, look in looks) else _PLAIN


def _looks(part: Part) -> frozenset[str]:
    return frozenset(_LOOKS[type(wrap.piece)] for wrap in part.wraps if type(wrap.piece) in _LOOKS)


def _leads_to(part: Part) -> tuple[str, ...]:
    return tuple(filter(None, (target(wrap.piece) for wrap in part.wraps)))


def target(piece: Inline) -> str:
    """Where a piece leads: an address, or `#` and a clause's ID; empty for what leads nowhere."""
    match piece:
        case Link(href):
            return href or "#"
        case Reference(clause_id):
            return f"#{clause_id}"
        case _:
            return ""


Quality = TypeVar("Quality", bound=Hashable)


def _stretches(
    parts: Sequence[Part], quality: Callable[[Part], Quality]
) -> tuple[tuple[int, Quality], ...]:
    """How long each stretch of one quality is."""
    return tuple(
        (sum(_length(part) for part in group), found) for found, group in groupby(parts, quality)
    )


def _length(part: Part) -> int:
    return len(_text(part)) or 1
