"""A command in a process of its own that is killed at a moment of our choosing.

A forked process runs the command line and counts what it asks of the file system: Python tells
an audit hook of every opening, renaming, making and removing before it is done (PEP 578; the hook
also hears of the call that swaps two folders).  At the wanted one, the first process of the
command is killed with SIGKILL, wherever that was counted: in it or in a process that works for it.
A kill within a write is the system's own doing: a file that grows beyond a limit ends the process
(setrlimit(2), SIGXFSZ).
"""

from __future__ import annotations

import os
import resource
import secrets
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from clausebook.cli import main

EVENTS = frozenset(
    {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.listdir"}
    | {"os.scandir", "shutil.rmtree", "ctypes.dlsym", "fcntl.flock"}
)

PATIENCE = 60.0
"""Seconds after which a command that should have ended hangs."""


@dataclass(frozen=True)
class Moment:
    """When to kill: before the nth event, or in the write that makes a file longer than this."""

    event: int = 0
    length: int = 0
    refused: bool = False
    """Whether the write is refused with an error instead."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, or minus the signal; what it said; events, if asked."""

    code: int
    said: str
    events: int = 0
    orphans: bool = False
    """Whether a process that worked for it was still there when there should be none."""


def run(arguments: Sequence[str], moment: Moment | None = None, folder: Path = Path()) -> Ended:
    """Run a command in a process of its own, which ends at `moment` if it comes."""
    counted = folder / "events.txt"
    listening, told = os.pipe()  # a file would have its limit as well
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(listening)
        with suppress(BaseException):
            _become(arguments, moment, told, counted)
        os._exit(70)
    os.close(told)
    with _watched(child), open(listening, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
        said = stream.read()
        _, status = os.waitpid(child, 0)
    orphans = not _all_gone(child)
    events = max((int(n) for n in counted.read_text("ascii").split()), default=0)
    return Ended(os.waitstatus_to_exitcode(status), said, events, orphans)


def _become(arguments: Sequence[str], moment: Moment | None, told: int, counted: Path) -> None:
    """The command itself, with the same salts every time."""
    os.setsid()
    first, number = os.getpid(), 0
    os.dup2(told, 1)
    os.dup2(told, 2)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    counting = os.open(counted, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    secrets.token_hex = lambda nbytes=None: "5a" * (nbytes or 16)
    if moment and moment.length:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN if moment.refused else signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (moment.length, moment.length))

    def hear(event: str, details: tuple[object, ...]) -> None:
        nonlocal number
        if event == "open":
            mode, flags = details[1:3]
            writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if not writes and mode is not None:
                return
        elif event not in EVENTS:
            return
        number += 1
        if moment and number == moment.event:
            os.kill(first, signal.SIGKILL)

    sys.addaudithook(hear)
    code = 70
    try:
        main(list(arguments), prog_name="clausebook")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - the trial reports it
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(counting, f"{number} ".encode())
    os._exit(code)


@contextmanager
def _watched(child: int) -> Iterator[None]:
    """End a command that hangs."""

    def give_up(*_: object) -> None:
        os.killpg(child, signal.SIGKILL)

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _all_gone(group: int) -> bool:
    """Whether all processes of a command end by themselves soon after its first."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    return False
