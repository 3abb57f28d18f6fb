"""What must hold of tailoring, comparing, redlining, for policies and edits made up by chance."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from random import Random

from tests.edits import Maker, wording
from tests.overridden import keep_tailoring_laws, random_layers, random_master
from tests.redlinechecks import faults, misread, parsed, to_html
from tests.torture.crowd import SHOWN, Case, in_chunks
from tests.torture.outcome import Outcome

from clausebook.changes import Change, ChangeKind, Comparison, Provision
from clausebook.compare import compare
from clausebook.prose import inlines_of
from clausebook.redline import redline, same_words
from clausebook.redlineinline import Unlinked
from clausebook.redlinepage import redline_policy_lines
from clausebook.redlineshapes import Difference, accept, difference, reject

LONG = 200_000

WHOLE_PAGES = 20
"""Of so many comparisons one is written as a page and read by an HTML5 reader, which is slow."""


def run(number: int, seed: int) -> Outcome:
    """Try so many policies."""
    wrong = in_chunks(one, number, seed)
    return Outcome(
        "policies tailored, compared, redlined",
        number,
        uncaught=len(wrong),
        remarks=tuple(wrong[:SHOWN]),
    )


def one(case: Case) -> str:
    """One policy; "" if every law holds."""
    law = LAWS[case.number % len(LAWS)]
    try:
        law(case.rng)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = "".join(traceback.format_exception_only(error)).strip()
        return f"{law.__name__}, {where.name}: {said[:400]}"
    return ""


def tailoring(rng: Random) -> None:
    """A master under layers of overrides."""
    master = random_master(rng)
    keep_tailoring_laws(master, random_layers(rng, master))


def comparing(rng: Random) -> None:
    """A policy and the same after some edits."""
    maker = Maker(rng)
    before = maker.policy(6)
    old, new = wording(before), wording(maker.edited(before))
    comparison = compare(old, new)
    assert compare(old, old).is_empty
    assert compare(new, new).is_empty
    _is_accounted_for(comparison)
    for change in comparison.changes:
        _is_told_for_what_it_is(change)
    if rng.randrange(WHOLE_PAGES) == 0:
        _is_a_page(comparison)


def _is_accounted_for(comparison: Comparison) -> None:
    """Every clause is as it was, or a change says what became of it."""
    old, new = comparison.before.by_id, comparison.after.by_id
    for key in {*old, *new}:
        change = comparison.by_id.get(key)
        if key not in new or key not in old:
            kind = ChangeKind.REMOVED if key in old else ChangeKind.ADDED
            merged = {ChangeKind.MERGED, ChangeKind.SPLIT}
            assert change, f"{key} came or went unsaid"
            assert change.kinds & {kind, *merged}, change.kinds
        elif change is None:
            assert _reads_the_same(old[key], new[key]), f"{key} was reworded unsaid"
            assert old[key].label == new[key].label, f"{key} was renumbered unsaid"


def _is_told_for_what_it_is(change: Change) -> None:
    """Accepting gives the new wording, rejecting the old; a move is no rewording."""
    old, new = (side.content if side else None for side in (change.before, change.after))
    assert accept(change.redline) == (new or ((), ()))
    assert reject(change.redline) == (old or ((), ()))
    if change.before and change.after and old == new:
        told = change.kinds & {ChangeKind.REWORDED, ChangeKind.LINK_ONLY, ChangeKind.VALUE_ONLY}
        assert not told, f"{change.id} has the same words, and is told as {told}"
        assert difference(change.redline) is Difference.NONE
    if change.kinds == {ChangeKind.RENUMBERED}:
        assert not change.listed
        assert change.before
        assert change.after
        assert _reads_the_same(change.before, change.after)


def _reads_the_same(one: Provision, other: Provision) -> bool:
    """Whether nothing that is said is different: a break in a line says nothing."""
    if one.content is None or other.content is None:
        return one.content is other.content
    runs = [(words, *inlines_of(body)) for words, body in (one.content, other.content)]
    return len(runs[0]) == len(runs[1]) and all(map(same_words, *runs))


def _is_a_page(comparison: Comparison) -> None:
    article = parsed(to_html(redline_policy_lines(comparison, Unlinked())))
    assert faults(article) == []
    assert list(misread(article, comparison)) == []


def redlining(rng: Random) -> None:
    """Two wordings, one of them often made from the other."""
    maker = Maker(rng)
    before = (maker.words(), tuple(maker.block() for _ in range(rng.choice((0, 0, 1, 2)))))
    after = before
    for _ in range(rng.randrange(4)):
        after = (maker.reworded(after[0]), maker.reworked(after[1]))
    if rng.random() < 0.2:
        after = (maker.words(), (maker.block(),))
    found = redline(before, after)
    assert accept(found) == after
    assert reject(found) == before
    assert difference(redline(before, before)) is Difference.NONE
    assert difference(found) is difference(redline(after, before))
    if before == after:
        assert difference(found) is Difference.NONE


LAWS: tuple[Callable[[Random], None], ...] = (tailoring, comparing, redlining)
