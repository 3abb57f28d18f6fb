"""The beginning of a document: its title, and what stands before the policy itself begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clausebook.found import FoundDocument, FoundLine, FoundPart
from clausebook.foundcontrol import control, history, text_of, told_in_line
from clausebook.headingguess import SENTENCE
from clausebook.ourown import first_clause
from clausebook.prose import plain

_POLICY = re.compile(
    r"\b(?:policy|policies|procedure|procedures|statement|code of conduct|agreement|guidance|"
    r"protocol|strategy|plan|charter|handbook)\b",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:table of )?contents(?: page)?:?", re.IGNORECASE)
_ENTRY = re.compile(r"(?:\.\.\.|…|[ \t])[0-9]{1,3}$")
"""How a line of a table of contents ends: with the number of a page."""

LONGEST_ENTRY = 160
_CONTROL = re.compile(
    r"\b(?:histor(?:y|ies)|document control|version|reviews?|amendments?|approval|changes|"
    r"policy details|document details|policy information)\b",
    re.IGNORECASE,
)

FAR = 30
"""So many parts at the beginning can hold the title and the document's control."""


@dataclass(frozen=True)
class Cover:
    """Where the policy itself begins."""

    title: str
    title_at: int | None
    """The part that is the title, if one is."""
    end: int
    """The first part of the policy itself."""


def cover(document: FoundDocument) -> Cover:
    """Find the title and the end of what stands before the policy."""
    parts = document.parts
    at = _title_at(parts)
    title = ""
    if at is not None:
        part = parts[at]
        title = text_of((part,)) if isinstance(part, FoundLine) else ""
    if not title:
        told = [v for name, v in document.properties if name.casefold() == "title" and v.strip()]
        title = told[0].strip() if told else _from_name(document.name)
    return Cover(title, at, _end(parts, at))


def _from_name(name: str) -> str:
    stem = re.sub(r"[-_]+", " ", name.rpartition(".")[0] or name)
    return " ".join(stem.split()) or "Policy"


def _title_at(parts: Sequence[FoundPart]) -> int | None:
    clause = first_clause(parts)
    first = list(enumerate(parts[: FAR if clause is None else clause]))
    for at, part in first:
        if isinstance(part, FoundLine) and part.is_title and plain(part.words).strip():
            return at
    for at, part in first:
        if not isinstance(part, FoundLine):
            continue
        text = plain(part.words).strip()
        if part.label or _is_sentence(part) or _CONTENTS.fullmatch(text):
            break
        if _POLICY.search(text) and not told_in_line(part):
            return at
    if clause is not None:
        return None
    highest = [
        at for at, part in enumerate(parts) if isinstance(part, FoundLine) and part.heading == 1
    ]
    return highest[0] if len(highest) == 1 and highest[0] < FAR else None


def _is_sentence(line: FoundLine) -> bool:
    text = plain(line.words).strip()
    many = len(text.split())
    return many >= 2 * SENTENCE or (many >= SENTENCE and text.endswith((".", ":", ";")))


def _end(parts: Sequence[FoundPart], title_at: int | None) -> int:
    """After the title and the last table or line of document control that stands before wording."""
    first = first_clause(parts)
    if first is not None:
        return first
    end = 0 if title_at is None else title_at + 1
    for at, part in enumerate(parts[:FAR]):
        if isinstance(part, FoundLine):
            if at != title_at and (_is_sentence(part) or (part.label and not told_in_line(part))):
                break
            dated = told_in_line(part) is not None
            if dated and at <= end + 2:
                end = max(end, at + 1)
        elif control(part) or history(part):
            end = max(end, at + 1)
        else:
            break
    return end


def is_contents(text: str) -> bool:
    """Whether a line is the heading of a table of contents."""
    return _CONTENTS.fullmatch(text.strip()) is not None


def contents_end(parts: Sequence[FoundPart], at: int) -> int:
    """The first part after the table of contents that begins at `at`."""
    end = at + 1
    while end < len(parts):
        part = parts[end]
        text = text_of((part,)) if isinstance(part, FoundLine) else ""
        if not _ENTRY.search(text) or len(text) > LONGEST_ENTRY:
            break
        end += 1
    return end


def names_control(text: str) -> bool:
    """Whether a heading announces document control, and goes where its table goes."""
    return _CONTROL.search(text) is not None
