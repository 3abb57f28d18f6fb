"""Two runs of wording as one, in which every difference is marked, word by word.

Made to be read: what was deleted stands before what was inserted, words are never cut,
and a sentence that was rewritten is shown whole, old and new, not as confetti.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from clausebook.prose import Inlines
from clausebook.redlinetokens import Tokens, build, tokens, uncut

REWRITTEN = 0.35
"""Below this share of common words, the whole old run is shown, then the whole new one.

Source: trials on two published school policies, `redlines_word_pdf.md`, section 1.3.
"""

KEPT_WORDS = 3
"""An unchanged stretch of fewer words, and of fewer than both changes beside it, joins them.

From the same trials.
"""

MANY_TOKENS = 2_000_000
"""Products of lengths above which `difflib` may take frequent words for noise, to stay fast."""


class RunKind(StrEnum):
    """What has become of a stretch of wording."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    FORMATTED = "formatted"
    """The same words, looking different."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of wording with one fate."""

    kind: RunKind
    before: Tokens
    after: Tokens

    @property
    def shown(self) -> Tokens:
        """What a reader of the redline sees of it."""
        return self.after or self.before

    @property
    def words(self) -> Inlines:
        """What a reader of the redline sees of it, as wording."""
        return build(self.shown)


Runs = tuple[Run, ...]


def redline_words(before: Inlines, after: Inlines) -> Runs:
    """What became of every word of `before`, and where every word of `after` comes from."""
    old, new = tokens(before), tokens(after)
    steps = _steps(old, new)
    for at in range(len(steps)):
        _slide(steps, at, old, new)
    return _joined(run for step in _folded(steps, old, new) for run in _runs(step, old, new))


def accepted(runs: Sequence[Run]) -> Inlines:
    """The new wording."""
    return build([token for run in runs for token in run.after])


def rejected(runs: Sequence[Run]) -> Inlines:
    """The old wording."""
    return build([token for run in runs for token in run.before])


def whole(words: Inlines, kind: RunKind) -> Runs:
    """A run of wording that is inserted, deleted or the same from end to end."""
    found = uncut(words) if kind is RunKind.SAME else tokens(words)
    return (_run(kind, found, found),) if found else ()


def _run(kind: RunKind, old: Tokens, new: Tokens) -> Run:
    """A run; one of blanks alone counts as the same, whatever has become of it."""
    before = () if kind is RunKind.INSERTED else old
    after = () if kind is RunKind.DELETED else new
    if all(token.blank for token in before + after) and kind is not RunKind.FORMATTED:
        kind = RunKind.SAME
    return Run(kind, before, after)


def count_words(runs: Sequence[Run], kind: RunKind) -> int:
    """How many words were inserted, or deleted."""
    return sum(token.word for run in runs if run.kind is kind for token in run.shown)


# -- finding the differences ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """Tokens `i1` to `i2` of the old wording became `j1` to `j2` of the new."""

    same: bool
    i1: int
    i2: int
    j1: int
    j2: int

    @property
    def is_empty(self) -> bool:
        return (self.i1, self.j1) == (self.i2, self.j2)

    def shifted(self, i1: int, i2: int, j1: int, j2: int) -> _Step:
        return _Step(self.same, self.i1 + i1, self.i2 + i2, self.j1 + j1, self.j2 + j2)

    def until(self, other: _Step) -> _Step:
        """Everything from this step to the end of another, as changed."""
        return _Step(False, self.i1, other.i2, self.j1, other.j2)  # noqa: FBT003 - the field `same`


def _steps(old: Tokens, new: Tokens) -> list[_Step]:
    """Same and changed stretches in turn, a same one, maybe empty, at either end."""
    a, b = [token.key for token in old], [token.key for token in new]
    head = 0
    while head < min(len(a), len(b)) and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < min(len(a), len(b)) - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    found = [_Step(same=True, i1=0, i2=head, j1=0, j2=head)]
    matcher = SequenceMatcher(None, a, b, autojunk=len(a) * len(b) > MANY_TOKENS)
    for tag, *ends in matcher.get_opcodes():
        i1, i2, j1, j2 = (end + head for end in ends)
        found.append(_Step(tag == "equal", i1, i2, j1, j2))
    i, j = len(old) - tail, len(new) - tail
    found.append(_Step(same=True, i1=i, i2=len(old), j1=j, j2=len(new)))
    return _merged(step for step in found if step.same or not step.is_empty)


def _merged(steps: Iterator[_Step]) -> list[_Step]:
    """Neighbouring steps of one kind as one."""
    result: list[_Step] = []
    for same, group in groupby(steps, lambda step: step.same):
        first, *others = group
        last = others[-1] if others else first
        result.append(_Step(same, first.i1, last.i2, first.j1, last.j2))
    return result


def _slide(steps: list[_Step], at: int, old: Tokens, new: Tokens) -> None:
    """Move an insertion or deletion to where people would see it.

    "ask[. They must record it]." says the same as "ask.[ They must record it.]" and reads worse.
    """
    step = steps[at]
    if step.same or (step.i1 != step.i2 and step.j1 != step.j2):
        return
    before, after = steps[at - 1], steps[at + 1]
    side, start, end = (new, step.j1, step.j2) if step.i1 == step.i2 else (old, step.i1, step.i2)
    left = right = 0
    while left < before.j2 - before.j1 and _alike(side, start - left - 1, end - left - 1):
        left += 1
    while right < after.j2 - after.j1 and _alike(side, start + right, end + right):
        right += 1
    by = max(
        range(-left, right + 1),
        key=lambda by: (_seam(side, start + by) + _seam(side, end + by), -abs(by)),
    )
    steps[at - 1] = before.shifted(0, by, 0, by)
    steps[at] = step.shifted(by, by, by, by)
    steps[at + 1] = after.shifted(by, 0, by, 0)


def _alike(side: Tokens, here: int, there: int) -> bool:
    one, other = side[here], side[there]
    return one.key == other.key and one.look == other.look


def _seam(side: Tokens, at: int) -> int:
    """How natural it is to cut before a token: at a sentence's end best, within a phrase worst."""
    if at in (0, len(side)):
        return 4
    before = side[at - 1]
    if before.blank:
        sign = side[at - 2].text if at > 1 else "."
        return 4 if sign in _ENDS else 3 if sign in _PAUSES else 2
    if side[at].blank:
        return 3 if before.text in _ENDS else 2 if before.text in _PAUSES else 1
    return 0


_ENDS = frozenset(".!?")
_PAUSES = frozenset(",;:)")


# -- keeping it readable -------------------------------------------------------------


def _folded(steps: list[_Step], old: Tokens, new: Tokens) -> list[_Step]:
    """Steps without confetti."""
    steps = [step for step in steps if not step.is_empty]
    if _share(steps, old, new) < REWRITTEN:
        return [steps[0].until(steps[-1])]
    steps = _merged(iter(steps))
    at = 1
    while at < len(steps) - 1:
        left, kept, right = steps[at - 1 : at + 2]
        words = _words(old, kept.i1, kept.i2)
        beside = min(_size(left, old, new), _size(right, old, new))
        if kept.same and (words == 0 or (words < KEPT_WORDS and words < beside)):
            steps[at - 1 : at + 2] = [left.until(right)]
            at = max(1, at - 2)
        else:
            at += 1
    return [part for step in steps for part in _trimmed(step, old, new)]


def _trimmed(step: _Step, old: Tokens, new: Tokens) -> Iterator[_Step]:
    """A change without a blank that both sides end with."""
    ends = (old[step.i2 - 1], new[step.j2 - 1]) if step.i1 < step.i2 and step.j1 < step.j2 else ()
    if step.same or not ends or not all(token.blank for token in ends):
        yield step
        return
    yield step.shifted(0, -1, 0, -1)
    yield _Step(same=True, i1=step.i2 - 1, i2=step.i2, j1=step.j2 - 1, j2=step.j2)


def _words(side: Tokens, start: int, end: int) -> int:
    return sum(side[at].word for at in range(start, end))


def _size(step: _Step, old: Tokens, new: Tokens) -> int:
    return max(_words(old, step.i1, step.i2), _words(new, step.j1, step.j2))


def _share(steps: Sequence[_Step], old: Tokens, new: Tokens) -> float:
    """The share of words that both sides have in common."""
    total = sum(token.word for token in old + new)
    kept = sum(_words(old, step.i1, step.i2) for step in steps if step.same)
    return 2 * kept / total if total else 1.0


# -- runs ----------------------------------------------------------------------------


def _runs(step: _Step, old: Tokens, new: Tokens) -> Iterator[Run]:
    before, after = old[step.i1 : step.i2], new[step.j1 : step.j2]
    if not step.same:
        if before:
            yield _run(RunKind.DELETED, before, ())
        if after:
            yield _run(RunKind.INSERTED, (), after)
        return
    pairs = list(zip(before, after, strict=True))
    changed = [one.look != other.look for one, other in pairs]
    if pairs and not any(changed):
        yield Run(RunKind.SAME, before, after)
        return
    for at, (one, other) in enumerate(pairs):
        # a blank between two words that look different goes with them
        within = one.blank and 0 < at < len(pairs) - 1 and changed[at - 1] and changed[at + 1]
        kind = RunKind.FORMATTED if changed[at] or within else RunKind.SAME
        yield Run(kind, (one,), (other,))


def _joined(runs: Iterator[Run]) -> Runs:
    """Neighbouring runs of one kind as one."""
    return tuple(
        group[0]
        if len(group) == 1
        else Run(
            kind,
            tuple(token for run in group for token in run.before),
            tuple(token for run in group for token in run.after),
        )
        for kind, found in groupby(runs, lambda run: run.kind)
        for group in [list(found)]
    )
