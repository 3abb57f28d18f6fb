"""A document matched to a master policy: which clause is which, and what differs.

Clauses are paired by the IDs that the document itself carries; then by equal words; then by
likeness, the likeliest first, where order, headings and numbers decide between equals.  Numbers
alone are never a reason: they are what schools change first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from clausebook.cutting import cut, sentence_end, trim
from clausebook.foundlabels import same_number
from clausebook.imported import Structure
from clausebook.kinship import REPLACES
from clausebook.likeness import Index, Likeness, Said, held, likeness, said
from clausebook.matched import Fate, Match, Matching
from clausebook.matching import words_of
from clausebook.model import Kind, Provenance, TailoredClause, TailoredPolicy
from clausebook.prose import Blocks, Inlines, Paragraph, Text, join_text, plain
from clausebook.redline import word_list

IN_PLACE = 0.45
"""Two clauses that stand in the same place need to have less in common than others."""

ALONE = 0.15
"""Where as many clauses are left over on either side, each was put in another's place; they have
at least this much in common, or the same number."""

PART = 0.8
"""A clause is a part of another if more than this share of its words stands there, in order."""

LONG = 8
"""Clauses of fewer words stand in longer ones by chance."""

FEW = 5
"""Clauses of fewer words are alike by chance: they are paired if they are equal, or in place."""


def match(policy: TailoredPolicy, document: Structure) -> Matching:
    """Hold a document against a policy as it stands at a school, or at the trust."""
    return _Pairing(policy, document).result()


@dataclass
class _Pair:
    """A clause of the master and what was found of it."""

    ours: int
    theirs: list[int]
    how: str
    likeness: Likeness
    words: Inlines = ()
    body: Blocks = ()
    notes: list[str] = field(default_factory=list)


class _Pairing:
    """One document being matched; clauses are known by their numbers on either side."""

    def __init__(self, policy: TailoredPolicy, document: Structure) -> None:
        self.policy = policy
        self.document = document
        self.master = [c for c in policy.clauses if c.provenance is not Provenance.OMITTED]
        self.found = document.clauses
        self.ours = [_said_of_master(clause) for clause in self.master]
        self.theirs = [
            said(
                one.id, (one.clause.words, one.clause.body), None,
                is_heading=one.clause.kind is Kind.HEADING,
            )
            for one in self.found
        ]  # fmt: skip
        self.index = Index(self.ours)
        self.pairs: dict[int, _Pair] = {}
        """By the number of the master's clause."""
        self.taken: dict[int, int] = {}
        """For each clause of the document that is paired, the master's."""

    def result(self) -> Matching:
        self._by_id()
        self._equal()
        self._alike()
        self._in_place()
        self._shortened()
        self._filled_in()
        self._divided()
        self._joined()
        return Matching(self.policy, self.document, tuple(self._matches()))

    # -- pairing -------------------------------------------------------------------------

    def _pair(self, ours: int, theirs: int, how: str, alike: Likeness) -> None:
        clause = self.found[theirs].clause
        self.pairs[ours] = _Pair(ours, [theirs], how, alike, clause.words, clause.body)
        self.taken[theirs] = ours

    def _by_id(self) -> None:
        numbers = {clause.id: number for number, clause in enumerate(self.master)}
        for theirs, one in enumerate(self.found):
            ours = numbers.get(one.source_id)
            if ours is not None and ours not in self.pairs:
                alike = likeness(self.ours[ours], self.theirs[theirs])
                self._pair(ours, theirs, "the ID it carries", alike)

    def _equal(self) -> None:
        """Clauses whose words are the same and stand once on either side."""
        ours: dict[tuple[str, ...], list[int]] = {}
        theirs: dict[tuple[str, ...], list[int]] = {}
        for number, one in enumerate(self.ours):
            if number not in self.pairs:
                ours.setdefault(one.words, []).append(number)
        for number, one in enumerate(self.theirs):
            if number not in self.taken:
                theirs.setdefault(one.words, []).append(number)
        for words, numbers in ours.items():
            others = theirs.get(words, [])
            if words and len(numbers) == len(others) == 1:
                self._pair(numbers[0], others[0], "the same words", Likeness(1.0, same=True))

    def _alike(self) -> None:
        """The likeliest pairs first; what stands in order is likelier."""
        anchors = self._anchors()
        found: list[tuple[float, int, int, Likeness]] = []
        for theirs, one in enumerate(self.theirs):
            if theirs in self.taken:
                continue
            for ours in self.index.candidates(one):
                if ours in self.pairs or self.ours[ours].is_heading != one.is_heading:
                    continue
                alike = likeness(self.ours[ours], one)
                short = min(len(one.words), len(self.ours[ours].words)) < FEW
                if alike.share > REPLACES and (alike.same or not short):
                    score = alike.share + self._fits(ours, theirs, anchors)
                    found.append((score, ours, theirs, alike))
        for _, ours, theirs, alike in sorted(found, key=lambda one: (-one[0], one[1], one[2])):
            if ours not in self.pairs and theirs not in self.taken:
                how = "the same words" if alike.same else "likeness"
                self._pair(ours, theirs, how, alike)

    def _anchors(self) -> list[tuple[int, int]]:
        """Pairs so far, in the document's order."""
        return sorted((pair.theirs[0], pair.ours) for pair in self.pairs.values())

    def _fits(self, ours: int, theirs: int, anchors: Sequence[tuple[int, int]]) -> float:
        """What speaks for a pair beside its words; less than a few words more would."""
        at = bisect_left(anchors, (theirs, -1))
        before = anchors[at - 1][1] if at else -1
        after = anchors[at][1] if at < len(anchors) else len(self.ours)
        fit = 0.06 if before < ours < after else 0.0
        parents = self.master[ours].clause.parent, self.found[theirs].clause.parent
        if all(parents) and self._paired(*parents):
            fit += 0.06
        label = self.found[theirs].label
        return fit + (0.03 if label and same_number(label, self.master[ours].label) else 0.0)

    def _paired(self, ours: str | None, theirs: str | None) -> bool:
        at = next((n for n, one in enumerate(self.found) if one.id == theirs), -1)
        return at in self.taken and self.master[self.taken[at]].id == ours

    def _in_place(self) -> None:
        """Clauses left over between the same neighbours, alone on either side or nearly so."""
        anchors = self._in_order()
        edges = [(-1, -1), *anchors, (len(self.theirs), len(self.ours))]
        for (their_start, our_start), (their_end, our_end) in pairwise(edges):
            theirs = [n for n in range(their_start + 1, their_end) if n not in self.taken]
            ours = [n for n in range(our_start + 1, our_end) if n not in self.pairs]
            if theirs and ours and len(theirs) * len(ours) <= _MOST_PAIRS:
                self._fill(ours, theirs)

    def _in_order(self) -> list[tuple[int, int]]:
        """As many pairs as keep their order on both sides."""
        best: list[int] = []
        tails: list[int] = []
        chain: dict[int, int] = {}
        pairs = self._anchors()
        for number, (_, ours) in enumerate(pairs):
            at = bisect_right(best, ours)
            chain[number] = tails[at - 1] if at else -1
            best[at : at + 1] = [ours]
            tails[at : at + 1] = [number]
        kept, number = [], tails[-1] if tails else -1
        while number >= 0:
            kept.append(pairs[number])
            number = chain[number]
        return kept[::-1]

    def _fill(self, ours: Sequence[int], theirs: Sequence[int]) -> None:
        found = []
        for one in theirs:
            for other in ours:
                if self.ours[other].is_heading != self.theirs[one].is_heading:
                    continue
                alike = likeness(self.ours[other], self.theirs[one])
                if alike.share >= IN_PLACE:
                    found.append((alike.share, other, one, alike))
        for _, other, one, alike in sorted(found, key=lambda f: (-f[0], f[1], f[2])):
            if other not in self.pairs and one not in self.taken:
                self._pair(other, one, "its place and its words", alike)
        left = [one for one in theirs if one not in self.taken]
        for ours_beside, theirs_beside in self._groups(ours, left):
            for other, one in zip(ours_beside, theirs_beside, strict=True):
                alike = likeness(self.ours[other], self.theirs[one])
                label = self.found[one].label
                numbered = label and same_number(label, self.master[other].label)
                if alike.share >= ALONE or (numbered and len(ours_beside) == len(left)):
                    self._pair(other, one, "its place alone", alike)

    def _groups(
        self, ours: Sequence[int], theirs: Sequence[int]
    ) -> Iterator[tuple[list[int], list[int]]]:
        """Clauses left over under one clause, of one kind, and as many on either side."""
        pending = list(theirs)
        while pending:
            others = [n for n in ours if n not in self.pairs and self._beside(n, pending[0])]
            beside = [n for n in pending if others and self._beside(others[0], n)]
            if others and len(others) == len(beside):
                yield others, beside
            else:
                labels = {self.found[n].label: n for n in beside if self.found[n].label}
                yield from (
                    ([n], [one])
                    for n in others
                    for label, one in labels.items()
                    if same_number(label, self.master[n].label)
                )
            pending = [n for n in pending if n not in {pending[0], *beside}]

    def _beside(self, ours: int, theirs: int) -> bool:
        """Whether two clauses are of one kind and stand under the same clause."""
        one, other = self.master[ours].clause, self.found[theirs].clause
        parents = one.parent, other.parent
        same = self._paired(*parents) if all(parents) else parents == (None, None)
        return same and one.kind is other.kind

    # -- divided and joined --------------------------------------------------------------

    def _divided(self) -> None:
        """Clauses of the document that are parts of one clause of the master."""
        for theirs, one in enumerate(self.theirs):
            if theirs in self.taken or len(one.words) < FEW or one.is_heading:
                continue
            for ours in self.index.candidates(one):
                pair = self.pairs.get(ours)
                if pair is None or self.ours[ours].is_heading:
                    continue
                share, _, _ = held(one.words, self.ours[ours].words)
                lost = self.ours[ours].bag - _bag(self.theirs, pair.theirs)
                if share >= PART and (one.bag & lost).total() >= PART * len(one.words):
                    self._append(pair, theirs)
                    break

    def _shortened(self) -> None:
        """Clauses of which one has most of its words in the other, which says more."""
        for theirs, one in enumerate(self.theirs):
            if theirs in self.taken or len(one.words) < LONG or one.is_heading:
                continue
            for ours in self.index.candidates(one):
                other = self.ours[ours]
                if ours in self.pairs or other.is_heading or len(other.words) < LONG:
                    continue
                shorter, longer = sorted((one.words, other.gapped), key=len)
                if held(shorter, longer)[0] >= PART:
                    self._pair(ours, theirs, "a part of its words", likeness(other, one))
                    break

    def _append(self, pair: _Pair, theirs: int) -> None:
        numbers = sorted([*pair.theirs, theirs])
        words: Inlines = ()
        body: Blocks = ()
        for number in numbers:
            clause = self.found[number].clause
            words = join_text((*words, Text(" "), *clause.words)) if words else clause.words
            body += clause.body
        pair.theirs, pair.words, pair.body = numbers, words, body
        pair.notes = [f"the document has it as {len(numbers)} clauses"]
        self._joined_up(pair, theirs)

    def _joined_up(self, pair: _Pair, theirs: int) -> None:
        """A clause of the document belongs to a pair now."""
        ours = self.ours[pair.ours]
        pair.likeness = likeness(ours, _said_of_words(pair.words, pair.body))
        self.taken[theirs] = pair.ours

    def _filled_in(self) -> None:
        """Items that stand where the policy fills in a list, such as its channels."""
        for pair in list(self.pairs.values()):
            master = self.master[pair.ours].shown
            if pair.likeness.same or not master.body:
                continue
            lost = self.ours[pair.ours].bag - _said_of_words(pair.words, pair.body).bag
            for number in range(pair.theirs[-1] + 1, len(self.theirs)):
                bag = self.theirs[number].bag
                if number in self.taken or (bag & lost).total() < PART * bag.total():
                    break
                lost -= bag
                clause = self.found[number].clause
                pair.theirs.append(number)
                pair.body = (*pair.body, Paragraph(clause.words), *clause.body)
                self._joined_up(pair, number)

    def _joined(self) -> None:
        """Clauses of the master that the document has inside another clause."""
        index = Index(self.theirs)
        for ours, one in enumerate(self.ours):
            if ours in self.pairs or len(one.words) < FEW or one.is_heading:
                continue
            for theirs in index.candidates(one):
                host = self.pairs.get(self.taken.get(theirs, -1))
                if host is None or len(host.theirs) > 1 or self.theirs[theirs].is_heading:
                    continue
                if self._cut(ours, theirs, host):
                    break

    def _cut(self, ours: int, theirs: int, host: _Pair) -> bool:
        """Give a clause its words out of a longer one; whether they stand there."""
        spoken = words_of(plain(host.words))
        share, start, end = held(self.ours[ours].gapped, [word.seen for word in spoken])
        if share < PART or end - start > 2 * len(self.ours[ours].words):
            return False
        first, last = spoken[start].start, sentence_end(plain(host.words), spoken[end - 1].end)
        before, inside, after = cut(host.words, first, last)
        before, after = trim(before), trim(after)
        between = (Text(" "),) if before and after else ()
        rest = join_text((*before, *between, *after))
        left = likeness(self.ours[host.ours], _said_of_words(rest, host.body))
        if not rest or left.share < host.likeness.share:
            return False
        host.words, host.likeness = rest, left
        inside = trim(inside)
        alike = likeness(self.ours[ours], _said_of_words(inside, ()))
        note = f"the document has it inside clause {self.master[host.ours].label}"
        self.pairs[ours] = _Pair(
            ours, [theirs], "its words in another clause", alike, inside, (), [note]
        )
        host.notes.append(f"the document has clause {self.master[ours].label} in it as well")
        return True

    # -- what is told --------------------------------------------------------------------

    def _matches(self) -> Iterator[Match]:
        ordered = {theirs for theirs, _ in self._in_order()}
        missing: dict[int, list[int]] = {}
        last = -1
        for ours in range(len(self.master)):
            if ours in self.pairs:
                last = self.pairs[ours].theirs[0]
            else:
                missing.setdefault(last, []).append(ours)
        yield from (self._gone(ours) for ours in missing.get(-1, ()))
        told: set[int] = set()
        hosts: dict[int, list[_Pair]] = {}
        for pair in self.pairs.values():
            hosts.setdefault(pair.theirs[0], []).append(pair)
        for theirs, one in enumerate(self.found):
            for pair in hosts.get(theirs, ()):
                yield self._told(pair, in_order=theirs in ordered)
                told.update(pair.theirs)
            if theirs not in self.taken:
                clause = one.clause
                yield Match(
                    fate=Fate.ONLY_HERE, master=None, found=(one,), words=clause.words,
                    body=clause.body, share=0.0,
                )  # fmt: skip
            yield from (self._gone(ours) for ours in missing.get(theirs, ()))

    def _gone(self, ours: int) -> Match:
        return Match(fate=Fate.MISSING, master=self.master[ours], found=(), share=0.0)

    def _told(self, pair: _Pair, *, in_order: bool) -> Match:
        master = self.master[pair.ours]
        notes = list(pair.notes)
        if not in_order and len(pair.notes) == 0:
            notes.append("it stands in another place")
        same = pair.likeness.same
        if same and pair.likeness.filled:
            said_here = "; ".join(" ".join(words) for words in pair.likeness.filled)
            names = ", ".join(value.expression for value in master.clause.values)
            notes.append(f"where the policy fills in {names}, the document has: {said_here}")
        elif same and not _same_signs(master, pair):
            notes.append("only signs or capitals differ")
        return Match(
            fate=Fate.INHERITED if same else Fate.ALTERED,
            master=master,
            found=tuple(self.found[number] for number in pair.theirs),
            words=pair.words,
            body=pair.body,
            share=pair.likeness.share,
            how=pair.how,
            notes=tuple(notes),
        )


_MOST_PAIRS = 400
"""Where more pairs than this would have to be compared, place says nothing."""


def _said_of_master(clause: TailoredClause) -> Said:
    shown, own = clause.shown, clause.clause
    return said(
        clause.id,
        (shown.words, shown.body),
        (own.words, own.body),
        is_heading=own.kind is Kind.HEADING,
    )


def _said_of_words(words: Inlines, body: Blocks) -> Said:
    return said("", (words, body), None, is_heading=False)


def _bag(clauses: Sequence[Said], numbers: Sequence[int]) -> Counter[str]:
    bag: Counter[str] = Counter()
    for number in numbers:
        bag += clauses[number].bag
    return bag


def _same_signs(master: TailoredClause, pair: _Pair) -> bool:
    ours = (master.shown.words, master.shown.body)
    return word_list(ours) == word_list((pair.words, pair.body)) and plain(ours[0]) == plain(
        pair.words
    )
