"""Marked runs of wording as pieces for a Word document, exact to the character.

A redline takes curly and straight quotes, dashes and kinds of blank for the same.  Accepting all
changes in Word must give exactly the new text, so here such a difference is a change as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from clausebook.prose import Break, Code, Emphasis, Inlines, Link, Reference, Strong, Text, plain
from clausebook.redlinetokens import Part, Token, target
from clausebook.redlinewords import RunKind, Runs, redline_words, whole
from clausebook.wordshapes import Face, Fate, Piece, Pieces, joined

_FACES: dict[type, str] = {Strong: "strong", Emphasis: "stress", Code: "code"}

_UNFIT = re.compile("[^\t\n\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2, production 2)."""


def clean(text: str) -> str:
    """Characters as Word can hold them: no line ends or tabs, nothing that XML cannot say."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", re.sub("[\t\n\r]", " ", text))


def marked(before: Inlines | None, after: Inlines | None) -> Pieces:
    """Two runs of wording as one; None for a side on which there is none."""
    if before is None or after is None:
        kind = RunKind.INSERTED if before is None else RunKind.DELETED
        return pieces(whole(before or after or (), kind))
    return pieces(whole(after, RunKind.SAME) if before == after else redline_words(before, after))


def said(before: str | None, after: str | None, style: str = "") -> Pieces:
    """The same for plain text, in a character style."""
    found = marked(
        *((Text(text),) if text else () if text == "" else None for text in (before, after))
    )
    return tuple(Piece(p.text, p.fate, p.face, p.was, p.leads, style) for p in found)


def instead(before: str | None, after: str | None, style: str = "") -> Pieces:
    """Two short texts as one; where they differ the old goes as a whole and the new one comes."""
    if before == after:
        return (Piece(clean(after), style=style),) if after else ()
    old = (Piece(clean(before), Fate.DELETED, style=style),) if before else ()
    return (*old, *((Piece(clean(after), Fate.INSERTED, style=style),) if after else ()))


def pieces(runs: Runs) -> Pieces:
    """Marked runs as pieces."""
    return joined(list(_pieces(runs)))


def _pieces(runs: Runs) -> Iterator[Piece]:
    for run in runs:
        if len(run.before) != len(run.after):  # inserted, deleted, or blanks of two kinds
            yield from _all(run.before, Fate.DELETED)
            yield from _all(run.after, Fate.INSERTED)
            continue
        for one, other in zip(run.before, run.after, strict=True):
            yield from _pair(one, other)


def _pair(before: Token, after: Token) -> Iterable[Piece]:
    """A token of both sides: its looks may differ, and characters that mean the same."""
    if before is after or before.parts == after.parts:
        return _all((after,), Fate.SAME)
    old, new = list(_signs(before)), list(_signs(after))
    if [(sign, leads) for sign, _, leads in old] != [(sign, leads) for sign, _, leads in new]:
        return (*_all((before,), Fate.DELETED), *_all((after,), Fate.INSERTED))
    return [
        Piece(sign, Fate.SAME, face, was if was != face else None, leads)
        for (sign, face, leads), (_, was, _) in zip(new, old, strict=True)
    ]


def _signs(token: Token) -> Iterator[tuple[str, Face, str]]:
    for piece in _all((token,), Fate.SAME):
        for sign in piece.text:
            yield sign, piece.face, piece.leads


def _all(tokens: Sequence[Token], fate: Fate) -> Iterator[Piece]:
    parts = (part for token in tokens for part in token.parts)
    for (face, leads), group in groupby(parts, lambda part: (_face(part), _leads(part))):
        yield Piece("".join(map(_text, group)), fate, face, None, leads)


def _text(part: Part) -> str:
    if isinstance(part.piece, Break):
        return "\n"
    return clean(plain((part.piece,)))


def _face(part: Part) -> Face:
    return frozenset(_FACES[type(wrap.piece)] for wrap in part.wraps if type(wrap.piece) in _FACES)


def _leads(part: Part) -> str:
    """Where it leads; of a link in a link, the outer one, as Word has none in another."""
    found = (wrap.piece for wrap in part.wraps if isinstance(wrap.piece, Link | Reference))
    return next(map(target, found), "")
