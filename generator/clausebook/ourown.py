"""A document that Clausebook wrote and that still says so: what in it is no wording of a clause.

Its clauses carry their IDs, so what stands before the first of them is the cover, and what it
prints beside a clause (`[Guidance]`, "Not applicable here") is known by its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clausebook.found import FoundDocument, FoundLine, FoundPart, LeftOut
from clausebook.foundcontrol import text_of
from clausebook.foundlabels import is_number
from clausebook.prose import Emphasis, Inlines, Text, plain

_TAGS = re.compile(r"(?:\[[^\[\]]{1,80}\] ?){1,6}")
_LABEL = re.compile(
    r"([0-9]{1,3}[A-Z]{0,2}(?:\.[0-9]{1,3}[A-Z]{0,2}){0,5}(?:\([0-9A-Za-z]{1,5}\)){0,4}) "
)
_TAG = re.compile(r"\[([^\[\]]{1,80})\]")
NOT_APPLICABLE = "Not applicable here:"
IMPRINT = ("Fingerprint of this text:", "The version in force is always at ")
"""How the lines begin that stand below everything else."""
_STAMP = re.compile(r"(?:Version|Draft) [^,]{1,60}, fingerprint [a-z]{4}-[a-z]{4}")
"""The line that says which text it is."""


@dataclass(frozen=True)
class Ours:
    """A document without what Clausebook itself has put beside its clauses."""

    parts: tuple[FoundPart, ...]
    left_out: tuple[LeftOut, ...]


def carries_ids(parts: Sequence[FoundPart]) -> bool:
    """Whether a document says which clause is which."""
    return any(isinstance(part, FoundLine) and part.id for part in parts)


def first_clause(parts: Sequence[FoundPart]) -> int | None:
    """Where the first clause with an ID stands; None in a document without any."""
    places = (at for at, part in enumerate(parts) if isinstance(part, FoundLine) and part.id)
    return next(places, None)


def our_own(document: FoundDocument) -> Ours:
    """Take out what is no wording; a document from anywhere else stays as it is."""
    if not carries_ids(document.parts):
        return Ours(document.parts, ())
    kept: list[FoundPart] = []
    left: list[LeftOut] = []
    for part in document.parts:
        if not isinstance(part, FoundLine):
            kept.append(part)
            continue
        line = _tagged(_numbered(part))
        last = kept[-1] if kept else None
        text = " ".join((plain(line.words), *line.tags)).strip()
        if text.startswith(NOT_APPLICABLE):
            left += _with_heading(kept, line)
        elif _is_tags(line) and isinstance(last, FoundLine) and last.heading:
            kept[-1] = replace(last, tags=(*last.tags, *line.tags))
        elif not line.id and (text.startswith(IMPRINT) or _STAMP.fullmatch(text)):
            left.append(_left(line, "what is printed at the end"))
        else:
            kept.append(line)
    return Ours(tuple(kept), tuple(left))


def _is_tags(line: FoundLine) -> bool:
    """Whether nothing but tags stands in a line: those of the heading above it."""
    return bool(line.tags) and not (line.words or line.label or line.id)


def _with_heading(kept: list[FoundPart], line: FoundLine) -> Iterator[LeftOut]:
    """A clause that does not apply; a heading that does not is the line before."""
    last = kept[-1] if kept else None
    if not line.id and isinstance(last, FoundLine) and last.heading and last.id:
        kept.pop()
        yield _left(last, "a section that does not apply")
    yield _left(line, "a clause that does not apply")


def _left(line: FoundLine, what: str) -> LeftOut:
    text = " ".join(filter(None, (text_of((line,)), *line.tags)))
    return LeftOut(where=line.where, what=what, text=text)


def _numbered(line: FoundLine) -> FoundLine:
    """A clause with a number that only we print, such as `13.5(cA)`, which stands in its words."""
    first = line.words[0] if line.words else None
    if not line.id or is_number(line.label) or not isinstance(first, Text):
        return line
    found = _LABEL.match(first.text)
    if not found:
        return line
    rest = Text(first.text[found.end() :])
    return replace(line, label=found[1], typed=True, words=(rest, *line.words[1:]))


def _tagged(line: FoundLine) -> FoundLine:
    """A clause whose tags stand in its words, in brackets and italics at their end."""
    words, tags = line.words, line.tags
    last = words[-1] if words else None
    if not isinstance(last, Emphasis) or (not line.id and len(words) > 1):
        return line
    if not _TAGS.fullmatch(plain((last,))):
        return line
    found = tuple(_TAG.findall(plain((last,))))
    return replace(line, words=_ended(words[:-1]), tags=(*tags, *found))


def _ended(words: Inlines) -> Inlines:
    """Without white space at its end."""
    if words and isinstance(words[-1], Text):
        text = words[-1].text.rstrip()
        return (*words[:-1], Text(text)) if text else words[:-1]
    return words
