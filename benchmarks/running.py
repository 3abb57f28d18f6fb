"""Runs programs and measures them: time, processor time, and memory of all their processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Measured:
    """What one run took; of several, the medians."""

    seconds: float
    cpu: float
    """Processor seconds of the program and all that it started."""
    peak: float
    """Most memory, in MB, of all its processes together."""
    output: str = ""

    def times(self, factor: float) -> Measured:
        """What this many of them take, one after the other."""
        return replace(self, seconds=self.seconds * factor, cpu=self.cpu * factor)


class FailedError(Exception):
    """A program that did not do what it was asked to."""


def run(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Measured:
    """Run a program to its end, alone."""
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - the benchmark's own commands
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        watcher = _Watcher(process.pid)
        watcher.start()
        output = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.stop()
    if process.returncode:
        raise FailedError(f"{' '.join(map(str, command))} failed:\n{output[-3000:]}")
    peak = max(watcher.peak, used.ru_maxrss / 1024)
    return Measured(seconds, used.ru_utime + used.ru_stime, peak, output)


class _Watcher(Thread):
    """Adds up, ten times a second, the memory of every process of a session."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session = session
        self.peak = 0.0
        self._ended = Event()

    def run(self) -> None:
        while not self._ended.wait(0.1):
            self.peak = max(self.peak, sum(_resident(self.session)) / 1e6)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _resident(session: int) -> Iterable[int]:
    """The memory of each process of a session, in bytes."""
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                with open(f"/proc/{entry.name}/stat", encoding="utf-8") as file:  # noqa: PTH123
                    after_name = file.read().rpartition(")")[2].split()
            except OSError:  # it has ended
                continue
            if int(after_name[3]) == session:
                yield int(after_name[21]) * PAGE


def medians(work: Callable[[], Measured], runs: int) -> Measured:
    """The medians of several runs."""
    return middle([work() for _ in range(runs)])


def middle(all_of: Sequence[Measured]) -> Measured:
    """The medians of what several runs took."""
    return Measured(
        statistics.median(one.seconds for one in all_of),
        statistics.median(one.cpu for one in all_of),
        statistics.median(one.peak for one in all_of),
        all_of[-1].output,
    )


def total(all_of: Iterable[Measured]) -> Measured:
    """What they took one after the other; the memory of the largest."""
    every = list(all_of)
    return Measured(
        sum(one.seconds for one in every),
        sum(one.cpu for one in every),
        max(one.peak for one in every),
    )
