"""What a clause of a document says that it is: a definition, a worked example, guidance."""

from __future__ import annotations

import re
from collections.abc import Sequence

from clausebook.model import Mark
from clausebook.prose import Inlines, Strong, plain

_EXAMPLE = re.compile(r"(?:worked )?examples?(?: [0-9A-Z])?[:.]", re.IGNORECASE)
_GUIDANCE = re.compile(r"(?:guidance|guidance note|note|notes)[:.]", re.IGNORECASE)
_MEANS = re.compile(
    r"^(?:['\"’”]?\s*[(–:-]|\s+(?:means?|refers? to|is defined|is|are|includes?)\b)"
)
_DEFINING = re.compile(
    r"\b(?:definitions?|glossary|terms used|terminology|interpretation)\b", re.IGNORECASE
)


def marks_of(words: Inlines, tags: Sequence[str], titles: Sequence[str]) -> set[Mark]:
    """The marks of a clause by its words, what our own documents say of it, and its headings.

    Only where it is clear: a definition begins with its term in bold and says what it means.
    """
    marks = {mark for mark in (Mark.GUIDANCE, Mark.EXAMPLE) if mark.capitalize() in tags}
    text = plain(words)
    if _EXAMPLE.match(text):
        marks.add(Mark.EXAMPLE)
    elif _GUIDANCE.match(text):
        marks.add(Mark.GUIDANCE)
    if _defines(words, text, titles):
        marks.add(Mark.DEFINITION)
    return marks


def _defines(words: Inlines, text: str, titles: Sequence[str]) -> bool:
    first = words[0]
    if not isinstance(first, Strong):
        return False
    means = _MEANS.match(text[len(plain(first.children)) :])
    if not means:
        return False
    told = "mean" in means[0] or "refer" in means[0]
    return told or any(map(_DEFINING.search, titles))
