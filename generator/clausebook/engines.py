"""Who does the work that is to be done once for every school: one seam, and what is local.

An engine is given what all pieces of work share, a function, and the pieces; it yields results
in the order in which they are done.  The function is found by its name in other processes, so
it must stand at the top of a module, and pieces and results must be data.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

from clausebook.problems import ClausebookError

Shared = TypeVar("Shared")
Piece = TypeVar("Piece")
Result = TypeVar("Result")


class EngineError(ClausebookError):
    """Work that could not be done for want of somebody to do it."""


class Engine(Protocol):
    """Somebody who does pieces of work."""

    @property
    def is_near(self) -> bool:
        """Whether the work is done on this machine, where folders are the same."""

    def run(
        self,
        work: Callable[[Shared, Piece], Result],
        shared: Shared,
        pieces: Sequence[Piece],
    ) -> Generator[Result, None, None]:
        """Begin to do every piece; results come as they are done, and to close them ends it."""


@dataclass(frozen=True)
class Here:
    """One piece after another, in this process."""

    is_near: bool = True

    def run(
        self,
        work: Callable[[Shared, Piece], Result],
        shared: Shared,
        pieces: Sequence[Piece],
    ) -> Generator[Result, None, None]:
        """See `Engine.run`."""
        return (work(shared, piece) for piece in pieces)


@dataclass(frozen=True)
class Processes:
    """Other processes on this machine, each of which keeps what it has read and remembered."""

    number: int
    is_near: bool = True

    def run(
        self,
        work: Callable[[Shared, Piece], Result],
        shared: Shared,
        pieces: Sequence[Piece],
    ) -> Generator[Result, None, None]:
        """See `Engine.run`; what is shared is inherited where processes can fork."""
        number = max(1, min(self.number, len(pieces)))
        how = "fork" if sys.platform == "linux" else "spawn"
        pool = ProcessPoolExecutor(number, multiprocessing.get_context(how), _begin, (work, shared))
        rest = iter(pieces)
        begun = {pool.submit(_do, piece) for piece in islice(rest, 2 * number)}
        results = _in_turn(pool, begun, rest)
        next(results)  # from here on, to close it ends the processes
        return results


def _in_turn(
    pool: ProcessPoolExecutor, waiting: set[Future[Any]], rest: Iterator[Any]
) -> Generator[Any, None, None]:
    """Hand out pieces as results come in, so that neither waits in memory; begins with None."""
    try:
        yield None
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {pool.submit(_do, piece) for piece in islice(rest, len(done))}
            for future in done:
                yield future.result()
    except BrokenProcessPool as error:
        message = "a process of the build was ended from outside, perhaps for want of memory"
        raise EngineError(f"{message}; try again with fewer: --jobs 1") from error
    finally:
        pool.shutdown(cancel_futures=True)


_begun: tuple[Callable[[Any, Any], Any], Any] | None = None
"""In a process of `Processes`: what to do, and what all pieces share."""


def _begin(work: Callable[[Any, Any], Any], shared: object) -> None:
    global _begun  # noqa: PLW0603 - a process of a pool has no other place to keep it
    _begun = work, shared
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C reaches all: one of them says so
    end_with_parent()
    look_for_cycles_seldom()


def end_with_parent() -> None:
    """Let this process be ended if the one that began it is, even without a chance to say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        parent = multiprocessing.parent_process()
        if parent and os.getppid() != parent.pid:
            os._exit(1)  # it was ended just before


_PR_SET_PDEATHSIG = 1
"""From Linux's <sys/prctl.h>."""


def look_for_cycles_seldom() -> None:
    """Let Python's collector pass over what is there already, and come less often.

    Almost all that a build makes is immutable, without cycles, and kept: looking through it again
    and again takes a third of the time.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _do(piece: object) -> object:
    assert _begun is not None  # noqa: S101 - every process of the pool began with `_begin`
    work, shared = _begun
    return work(shared, piece)


def local(number: int) -> Engine:
    """So many processes of this machine."""
    return Processes(number) if number > 1 else Here()


def processors() -> int:
    """How many processes can work at once here."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def local_engine(pieces: int, worth: int = 0) -> Engine:
    """Processes of this machine, if there is more to do than `worth` pieces, or this one."""
    number = processors()
    return Processes(number) if number > 1 and pieces > worth else Here()
