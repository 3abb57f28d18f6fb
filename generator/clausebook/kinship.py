"""Clauses with different IDs that share their words: split, merged, put in another's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SPLIT = 0.8
"""A clause was split off if more than this share of its words was given up by another.

Source of both figures: trials on two published school policies, `redlines_word_pdf.md`, section 2.
"""

REPLACES = 0.6
"""An added clause replaces a removed one if they have more than this share in common."""

FEW_WORDS = 4
"""Clauses with fewer words are alike by chance and have no kin."""

Words = Sequence[str]


@dataclass(frozen=True)
class Kin:
    """Which clause is whose kin, by ID."""

    split_from: Mapping[str, str]
    """For added clauses: the kept clause that gave up their words."""
    merged_into: Mapping[str, str]
    """For removed clauses: the kept clause that took their words."""
    replaces: Mapping[str, str]
    """For added clauses: the removed clause they resemble most; each is taken once."""


def find_kin(
    added: Mapping[str, Words],
    removed: Mapping[str, Words],
    reworded: Mapping[str, tuple[Words, Words]],
) -> Kin:
    """Kinship among what was added, what was removed, and what was reworded (old, new)."""
    gave = {key: (old, new) for key, (old, new) in reworded.items() if len(old) > len(new)}
    took = {key: (new, old) for key, (old, new) in reworded.items() if len(new) > len(old)}
    split_from, merged_into = _parts(added, gave), _parts(removed, took)
    left = {key: words for key, words in added.items() if key not in split_from}
    gone = {key: words for key, words in removed.items() if key not in merged_into}
    return Kin(split_from, merged_into, _replacements(left, gone))


def share(one: Words, other: Words) -> float:
    """The share of words that two wordings have in common, in order; 1 if they are equal."""
    return 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()


def _parts(
    pieces: Mapping[str, Words], wholes: Mapping[str, tuple[Words, Words]]
) -> dict[str, str]:
    """For each piece, the clause whose longer wording has it and whose shorter one has not."""
    found: dict[str, str] = {}
    if not wholes:
        return found
    lost = {key: Counter(longer) - Counter(shorter) for key, (longer, shorter) in wholes.items()}
    for key, words in pieces.items():
        if len(words) < FEW_WORDS:
            continue
        bag = Counter(words)
        best = SPLIT
        for other, (longer, _) in wholes.items():
            if (bag & lost[other]).total() <= best * len(words):
                continue
            held = _held(words, longer)
            if held > best:
                found[key], best = other, held
    return found


def _held(words: Words, longer: Words) -> float:
    """The share of `words` that stands in `longer`, in order."""
    matcher = SequenceMatcher(None, words, longer, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(words)


def _replacements(added: Mapping[str, Words], removed: Mapping[str, Words]) -> dict[str, str]:
    alike: list[tuple[float, str, str]] = []
    old = {key: words for key, words in removed.items() if len(words) >= FEW_WORDS}
    for key, words in added.items():
        if len(words) < FEW_WORDS or not old:
            continue
        matcher = SequenceMatcher(None, "", words, autojunk=False)
        for other, others in old.items():
            matcher.set_seq1(others)
            if matcher.real_quick_ratio() > REPLACES and matcher.quick_ratio() > REPLACES:
                ratio = matcher.ratio()
                if ratio > REPLACES:
                    alike.append((ratio, key, other))
    found: dict[str, str] = {}
    for _, key, other in sorted(alike, key=lambda entry: -entry[0]):
        if key not in found and other not in found.values():
            found[key] = other
    return found
