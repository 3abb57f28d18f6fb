"""How long redlines take, beside comparing the whole text at once; prints JSON.

    python -m benchmarks.redline                      as a policy grows
    python -m benchmarks.redline ROOT NUMBER SEED     between versions of a trust's schools

Policies that grow are made up, and their edits are seeded: every tenth clause loses, gains or
exchanges some words, one in fifty is moved and one in fifty is removed.
"""

from __future__ import annotations

import difflib
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks.part import school_names, standings

from clausebook.changes import Provision, Wording
from clausebook.compare import compare
from clausebook.freezing import of_frozen
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


def milliseconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


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


def grown() -> list[dict[str, float]]:
    """Milliseconds for policies of growing size: medians of several, each seen once."""
    rows: list[dict[str, float]] = []
    for size in SIZES:
        chance = random.Random(size)  # noqa: S311 - edits, not secrets
        befores = [policy(size, chance) for _ in range(RUNS)]
        pairs = [(before, edited(before, chance)) for before in befores]
        rows.append(
            {
                "clauses": size,
                "redline": statistics.median(milliseconds(partial(redline, *p)) for p in pairs),
                "difflib": statistics.median(milliseconds(partial(whole_text, *p)) for p in pairs),
            }
        )
    return rows


def of_versions(root: Path, number: int, seed: int) -> dict[str, float]:
    """Seconds for redlines between versions, and how many all schools have.

    Where there is but one version, between that and the draft.
    """
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    schools = school_names(root)
    pairs = list(_pairs(root, chance.sample(schools, min(4, len(schools)))))
    versions = len(list(root.glob("schools/*/versions/*/*.md")))
    archives = len(list(root.glob("schools/*/versions/*/register.txt")))
    some = chance.sample(pairs, min(number, len(pairs)))
    return {
        "pairs": len(some),
        "every": versions - archives or archives,
        "redline": milliseconds(lambda: [redline(*pair) for pair in some]) / 1000,
        "difflib": milliseconds(lambda: [whole_text(*pair) for pair in some]) / 1000,
    }


def _pairs(root: Path, schools: list[str]) -> Iterator[tuple[Wording, Wording]]:
    for state in standings(root, schools):
        names, versions = state.policy.names, state.archive.versions
        yield from pairwise(of_frozen(version.clauses, names) for version in versions)
        if len(versions) == 1:
            yield state.comparison.before, state.comparison.after


def main() -> None:
    """Print what was measured."""
    if len(sys.argv) > 1:
        print(json.dumps(of_versions(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
    else:
        print(json.dumps(grown()))


if __name__ == "__main__":
    main()
