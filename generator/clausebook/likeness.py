"""How like two clauses are whose IDs say nothing: by their words, in order.

Where the trust's wording has a name in it, such as `{{ school.name }}`, a document has what
somebody filled in, perhaps years ago; so a few words in its place count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from clausebook.kinship import share
from clausebook.matching import GAP, words_of
from clausebook.prose import (
    Blocks,
    Inline,
    Inlines,
    Reference,
    Text,
    Value,
    inlines_of,
    map_inlines,
    plain,
)

FILLED = 10
"""So many words may stand in place of one name."""

RARE = 8
"""So many of a clause's rarest words are looked up."""

CANDIDATES = 6
"""So many clauses are looked at closely for each: those that share most words."""


HEADS = 0.9
"""What the likeness of two first paragraphs counts, where more belongs to one of them."""


@dataclass(frozen=True, eq=False)
class Said:
    """The words of one clause, ready to be compared."""

    key: str
    words: tuple[str, ...]
    """As readers see them, without capitals."""
    gapped: tuple[str, ...]
    """The same, with a gap for each name that something was filled in for."""
    is_heading: bool
    head: tuple[str, ...] = ()
    """The words of its first paragraph alone, with gaps, if more belongs to it."""

    @cached_property
    def bag(self) -> Counter[str]:
        """How often each word stands in it."""
        return Counter(self.words)


def said(key: str, shown: tuple[Inlines, Blocks], named: tuple[Inlines, Blocks] | None, *,
         is_heading: bool) -> Said:  # fmt: skip
    """The words of a clause as shown, and as written with names, if it has any."""
    words = spoken(*shown)
    own = named or shown
    head = spoken(own[0], ()) if shown[1] else ()
    return Said(key, words, spoken(*named) if named else words, is_heading, head)


def spoken(words: Inlines, body: Blocks) -> tuple[str, ...]:
    """Every word of a clause and of what belongs to it; cross-references and names are gaps."""
    runs = (words, *inlines_of(body))
    text = "\n".join(plain(map_inlines(run, _gap)) for run in runs)
    return tuple(word.seen for word in words_of(text))


def _gap(word: Inline) -> Inlines:
    match word:
        case Value() | Reference(_, ()):
            return (Text(f" {GAP} "),)
        case Reference(_, children):
            return children
        case _:
            return (word,)


@dataclass(frozen=True)
class Likeness:
    """How two clauses compare."""

    share: float
    """From 0 to 1."""
    same: bool
    """Whether all words are the same, apart from what stands in place of names."""
    filled: tuple[tuple[str, ...], ...] = ()
    """What stands in place of each name, if all else is the same."""


NOT_ALIKE = Likeness(0.0, same=False)


def likeness(ours: Said, theirs: Said) -> Likeness:
    """Compare a clause of the trust's with one of a document."""
    if ours.words == theirs.words:
        return Likeness(1.0, same=True)
    tolerant = _tolerant(ours.gapped, theirs.words)
    if tolerant.same:
        return tolerant
    best = tolerant.share
    if GAP in ours.gapped:
        best = max(best, share(ours.words, theirs.words))
    if ours.head or theirs.head:  # a quotation or a table may be missing on one side
        heads = _tolerant(ours.head or ours.gapped, theirs.head or theirs.words)
        best = max(best, HEADS * heads.share)
    return Likeness(best, same=False)


def _tolerant(gapped: Sequence[str], words: Sequence[str]) -> Likeness:
    matcher = SequenceMatcher(None, gapped, words, autojunk=False)
    matched, free, same = 0, 0, True
    filled: list[tuple[str, ...]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            matched += i2 - i1
            continue
        gaps = gapped[i1:i2].count(GAP)
        others = i2 - i1 - gaps
        spare = min(max(0, j2 - j1 - others), FILLED * gaps)
        free += spare
        same = same and gaps > 0 and others == 0 and 0 < j2 - j1 <= spare
        filled.append(tuple(words[j1:j2]))
    total = len(gapped) - gapped.count(GAP) + len(words) - free
    alike = 2 * matched / total if total > 0 else float(same)
    return Likeness(min(alike, 1.0), same=same, filled=tuple(filled) if same else ())


@dataclass(frozen=True)
class Index:
    """Clauses by their words, so that of many only a few are looked at closely."""

    clauses: Sequence[Said]

    @cached_property
    def _by_word(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for number, clause in enumerate(self.clauses):
            for word in set(clause.words):
                found.setdefault(word, []).append(number)
        return {word: tuple(numbers) for word, numbers in found.items()}

    def candidates(self, clause: Said) -> Iterator[int]:
        """The clauses that share rare words with one, those with most in common first."""
        known = [word for word in set(clause.words) if word in self._by_word]
        rare = sorted(known, key=lambda word: (len(self._by_word[word]), word))[:RARE]
        hits: Counter[int] = Counter()
        for word in rare:
            for number in self._by_word[word]:
                hits[number] += 1
        often = sorted(hits, key=lambda number: (-hits[number], number))[: 6 * CANDIDATES]
        yield from sorted(often, key=lambda number: (-self._common(clause, number), number))[
            :CANDIDATES
        ]

    def _common(self, clause: Said, number: int) -> float:
        other = self.clauses[number]
        total = len(clause.words) + len(other.words)
        return 2 * (clause.bag & other.bag).total() / total if total else 0.0


def held(part: Sequence[str], whole: Sequence[str]) -> tuple[float, int, int]:
    """The share of some words that stands in others in order, and from where to where."""
    matcher = SequenceMatcher(None, part, whole, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks or not part:
        return 0.0, 0, 0
    # a single common word far from the rest is no part of it
    solid = [block for block in blocks if block.size > 1] or blocks
    common = sum(block.size for block in solid)
    return common / len(part), solid[0].b, solid[-1].b + solid[-1].size
