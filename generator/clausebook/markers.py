"""What stands in braces at the end of a clause: its permanent ID, its marks, whom it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from clausebook.fieldtypes import ID_PATTERN
from clausebook.model import Mark
from clausebook.problems import Problems, nearest
from clausebook.source import Span
from clausebook.wording import Run

MARKER = re.compile(r"(?<![\\{])\{(?!\{)(?P<inside>[^{}\n]*)\}[ \t]*$")
"""A brace group at the very end of a paragraph; `{{ value }}` and `\\{` are not one."""

_PIECE = re.compile(r'[^\s"=]+="[^"]*"|[^\s"]+|"')
"""What stands in a brace group, piece by piece."""


@dataclass(frozen=True)
class Marker:
    """What stands in braces at the end of a clause's first paragraph."""

    id: str
    marks: frozenset[Mark]
    audiences: tuple[str, ...]
    span: Span


def take_marker(
    run: Run, problems: Problems, stand_in: Callable[[], str], *, refuse: bool = False
) -> tuple[str, Marker | None]:
    """The text of a paragraph without its marker, and the marker.

    An ID that is none is told, and `stand_in` gives one in its place; with `refuse` any is told.
    """
    found = MARKER.search(run.text)
    if not found:
        return run.text, None
    text = run.text[: found.start()].rstrip(" \t\n")
    if not refuse:
        return text, _marker(run, found, problems, stand_in)
    span = run.span(found.start(), found.end("inside") + 1 - found.start())
    problems.error(
        "malformed-id",
        "a replacement keeps the ID of the clause it replaces",
        span,
        "leave the braces and what is in them out",
    )
    return text, Marker(stand_in(), frozenset(), (), span)


def _marker(
    run: Run, found: re.Match[str], problems: Problems, stand_in: Callable[[], str]
) -> Marker:
    """Read `#sm-17 .locked for="pupils parents"`."""
    span = run.span(found.start(), found.end("inside") + 1 - found.start())
    identifier, marks, audiences = "", set[Mark](), tuple[str, ...]()
    strange: list[tuple[str, Span]] = []
    begin = found.start("inside") + len(found["inside"]) - len(found["inside"].lstrip(" \t:"))
    for piece in _PIECE.finditer(run.text, begin, found.end("inside")):
        text, place = piece[0], run.span(piece.start(), len(piece[0]))
        if text.startswith("#") and not identifier:
            identifier = text[1:]
        elif text.startswith("."):
            mark = _mark(text[1:], place, problems)
            marks |= {mark} if mark else set()
        elif re.fullmatch(r'for="[^"]*\w[^"]*"', text):
            audiences = tuple(text[5:-1].replace(",", " ").split())
        else:
            strange.append((text, place))
    if not re.fullmatch(ID_PATTERN, identifier):
        _refuse_id(identifier, [text for text, _ in strange], span, problems)
        identifier = stand_in()
    else:
        for text, place in strange:
            problems.error(
                "malformed-id",
                f"'{text[:60]}' cannot stand beside an ID",
                place,
                "an ID has no spaces in it; a mark or for= can stand beside it, in straight "
                'quotes: {#id .guidance for="pupils parents"}',
            )
    return Marker(identifier, frozenset(marks), audiences, span)


def _refuse_id(identifier: str, beside: list[str], span: Span, problems: Problems) -> None:
    first, *rest = identifier.split(".")
    better = "-".join(re.findall("[a-z0-9]+", "-".join([identifier, *beside]).lower()))
    if rest and re.fullmatch(ID_PATTERN, first):
        better = first + "".join(f" .{word}" for word in rest)
    elif not re.fullmatch(ID_PATTERN, better):
        better = "sm-17"
    problems.error(
        "malformed-id",
        f"'#{identifier[:60]}' is not an ID" if identifier else "there is no ID in these braces",
        span,
        f"write something like {{#{better}}}: lower-case letters, digits and single hyphens, "
        "beginning with a letter",
    )


def _mark(word: str, span: Span, problems: Problems) -> Mark | None:
    if word in {mark.value for mark in Mark}:
        return Mark(word)
    marks = [f".{mark}" for mark in Mark]
    problems.error(
        "unknown-class",
        f"'.{word[:60]}' is not a mark that a clause can have",
        span,
        nearest(f".{word[:60]}", marks) or "marks: " + ", ".join(marks),
    )
    return None
