"""Files from anybody, changed by chance: every answer keeps the laws in `tests.fuzz.laws`."""

from __future__ import annotations

import hashlib
import time
import traceback
from functools import cache
from pathlib import Path

from tests.fuzz.mutating import Mutator, words_of
from tests.fuzz.targets import TARGETS, WORDS, corpus
from tests.torture.crowd import SHOWN, Case, in_chunks
from tests.torture.outcome import Outcome

LONG = 800_000

SHARE = ("markdown", "yaml", "version", "markdown", "yaml", "markdown", "version", "yaml")
"""Which reader's turn it is."""

KEPT = Path(".cache/fuzz")
"""Where an input that broke something is put, to be tried again by `python -m tests.fuzz`."""


def run(number: int, seed: int) -> Outcome:
    """Make up so many files and read each."""
    wrong = in_chunks(one, number, seed)
    return Outcome(
        "files made up, and read", number, uncaught=len(wrong), remarks=tuple(wrong[:SHOWN])
    )


def one(case: Case) -> str:
    """One file; "" if everything holds, or else how to see it again."""
    reader = SHARE[case.number % len(SHARE)]
    data = mutator(reader).make(case.rng)
    begun = time.thread_time()
    try:
        TARGETS[reader](data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
        return _kept(reader, data, "".join(traceback.format_exception_only(error)))
    taken = time.thread_time() - begun
    return _kept(reader, data, f"{taken:.1f} s\n") if taken > 1 else ""


def _kept(reader: str, data: bytes, what: str) -> str:
    path = KEPT / reader / f"crash-{hashlib.sha256(data).hexdigest()[:16]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return f"python -m tests.fuzz {reader} {path}: {what.strip()[:600]}"


@cache
def mutator(reader: str) -> Mutator:
    """What makes up files for a reader."""
    return Mutator(list(corpus(reader).values()), words_of(WORDS / f"{reader}.dict"))
