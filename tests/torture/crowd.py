"""Many small cases, tried on all processors, the same ones for the same seed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random

CHUNK = 250
"""So many cases are one piece of work."""

SHOWN = 40
"""So many cases that went wrong are told; all are counted."""

HANG = 20.0
"""Seconds of a processor after which a case counts as one that never ends."""


@dataclass(frozen=True)
class Case:
    """One case: its number, and chance that depends on nothing but the seed and the number."""

    number: int
    seed: int

    @property
    def rng(self) -> Random:
        """A source of chance of its own."""
        return Random(f"{self.seed}:{self.number}")  # noqa: S311 - to be the same is what it is for


Try = Callable[[Case], str]
"""Tries one case; "" if it went well, or else how to see it again."""


def in_chunks(attempt: Try, number: int, seed: int) -> list[str]:
    """Try so many cases; gives what is said of those that went wrong."""
    chunks = [range(at, min(at + CHUNK, number)) for at in range(0, number, CHUNK)]
    work = partial(_chunk, attempt, seed)
    if len(chunks) < 2:
        return [said for chunk in chunks for said in work(chunk)]
    # "spawn" would import everything again; "fork" has what this process has read already
    context = multiprocessing.get_context("fork")
    with context.Pool(os.cpu_count()) as pool:
        return [said for wrong in pool.imap(work, chunks) for said in wrong]


def _chunk(attempt: Try, seed: int, numbers: range) -> list[str]:
    wrong: list[str] = []
    for number in numbers:
        try:
            with ended_after(HANG):
                said = attempt(Case(number, seed))
        except HangError:
            said = "it does not end"
        if said:
            wrong.append(f"case {number} of seed {seed}: {said}")
    return wrong


class HangError(BaseException):
    """A case took longer than any may; no handler of `Exception` takes it for its own."""


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """Raise `HangError` in what takes so many seconds of a processor."""

    def end(_signal: int, _frame: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
