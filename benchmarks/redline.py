"""How long a redline takes as a policy grows, beside comparing the whole text at once.

Run by `make bench`.  Every figure of a table is measured in the same run; quote the
ratios, not the times.  The edits are seeded: every tenth clause loses, gains or
exchanges some words, one in fifty is moved and one in fifty is removed.
"""

from __future__ import annotations

import difflib
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from clausebook.changes import Provision, Wording
from clausebook.compare import compare
from clausebook.model import Clause, Kind
from clausebook.prose import Text, plain
from clausebook.redlineinline import Unlinked
from clausebook.redlinepage import redline_policy_lines
from clausebook.source import Source

SIZES = (50, 100, 200, 400, 800)
RUNS = 5
WORDS = (
    *("staff", "pupils", "must", "may", "not", "share", "picture", "account", "school", "post"),
    *("report", "before", "after", "name", "family", "online", "message", "without", "asking"),
    *("keep", "record", "tell", "lead", "day", "week", "agreed", "shown", "read", "reply", "close"),
)


def policy(size: int, chance: random.Random) -> Wording:
    """A policy of `size` clauses of about 125 characters, in sections of ten."""
    nowhere = Source("benchmark", "").whole()
    provisions: list[Provision] = []
    for number in range(size):
        section, place = divmod(number, 10)
        heading = place == 0
        words = " ".join(chance.choices(WORDS, k=3 if heading else 22)) + "."
        clause = Clause(
            id=f"b-{number}",
            kind=Kind.HEADING if heading else Kind.PARAGRAPH,
            parent=None if heading else f"b-{section * 10}",
            depth=2 if heading else 0,
            words=(Text(words),),
            span=nowhere,
        )
        label = str(section + 1) if heading else f"{section + 1}.{place}"
        provisions.append(Provision(clause=clause, shown=clause, label=label))
    return Wording(tuple(provisions))


def edited(wording: Wording, chance: random.Random) -> Wording:
    """The same policy after a year of edits."""
    provisions: list[Provision] = []
    for number, provision in enumerate(wording.provisions):
        if number % 50 == 23:
            continue
        if number % 10 == 7:
            words = plain(provision.shown.words).split()
            for _ in range(3):
                words[chance.randrange(len(words))] = chance.choice(WORDS)
            clause = replace(provision.clause, words=(Text(" ".join(words)),))
            provision = replace(provision, clause=clause, shown=clause)  # noqa: PLW2901 - edited
        provisions.insert(-1 if number % 50 == 31 else len(provisions), provision)
    return Wording(tuple(provisions))


def median(work: Callable[[], object]) -> float:
    """The median time of several runs, in milliseconds, after one that does not count."""
    work()
    times: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def redline(before: Wording, after: Wording) -> list[str]:
    """What a page of proposed changes needs: the comparison and the whole redlined text."""
    return redline_policy_lines(compare(before, after), Unlinked())


def whole_text(before: Wording, after: Wording) -> object:
    """The peer: difflib over all words of both texts at once."""
    old, new = (
        " ".join(plain(provision.shown.words) for provision in side.provisions).split()
        for side in (before, after)
    )
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def main() -> None:
    """Print the table."""
    print("clauses   KB  redline ms  ms per clause  whole-text difflib / redline")
    for size in SIZES:
        chance = random.Random(size)  # noqa: S311 - edits, not secrets
        before = policy(size, chance)
        after = edited(before, chance)
        kilobytes = sum(len(plain(p.shown.words)) for p in before.provisions) / 1000
        ours = median(partial(redline, before, after))
        peer = median(partial(whole_text, before, after))
        print(f"{size:7} {kilobytes:4.0f} {ours:11.1f} {ours / size:14.3f} {peer / ours:29.1f}")


if __name__ == "__main__":
    main()
