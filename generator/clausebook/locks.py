"""One command at a time: folders that a command holds, alone or together with others that read.

A lock is the system's (`flock`, see flock(2)) and stands on a folder that is there anyway: there
is no file to be left behind, to be ignored by git or to be written where nothing can be written,
and it ends with the processes that hold it, however they end.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from clausebook.disks import FolderError

if sys.platform != "win32":
    import fcntl


class BusyError(FolderError):
    """A folder in which another command is still at work."""


LIMIT = 600.0
"""How long to wait for another command, in seconds: ten minutes; builds take less."""

_MOMENT = 1.0
"""How long to wait before saying so, in seconds."""

_LOOK = 0.05
"""How long to wait before looking again, in seconds."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for others, in seconds, and whom to tell that somebody waits."""

    seconds: float = LIMIT
    tell: Callable[[str], None] = lambda _: None


patience: ContextVar[Patience] = ContextVar("patience", default=Patience())  # noqa: B039 - frozen
"""What the command at work was told about waiting."""


@contextmanager
def hold(folder: Path, *, alone: bool = True, make: bool = False) -> Iterator[None]:
    """Hold a folder: nobody else holds it meanwhile, or only others who are not `alone` either.

    `make` makes a folder that is not there.  Waits as `patience` says; raises `BusyError` when
    that is over.  Processes that this one forks hold the folder as well, until they end.
    """
    handle = _held(folder, alone=alone, make=make)
    try:
        yield
    finally:
        if sys.platform != "win32":
            fcntl.flock(handle, fcntl.LOCK_UN)  # also where a forked process has it open still
        os.close(handle)


@contextmanager
def workspace(root: Path, *, alone: bool) -> Iterator[None]:
    """Hold a trust's folder, if it is one: `alone` to change what people edit or what was agreed.

    Whoever reads holds it together with others who read, and never sees half of what another
    command writes.
    """
    with ExitStack() as held:
        if (root / _WORKSPACE).is_dir():
            held.enter_context(hold(root / _WORKSPACE, alone=alone))
        yield


_WORKSPACE = "policy_source"
"""Every trust's folder has this folder in it."""


def _held(folder: Path, *, alone: bool, make: bool) -> int:
    """An open folder that is locked, and that is still what stands in its place."""
    began = time.monotonic()
    told = False
    while True:
        if make:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            if make:
                continue  # whoever had it has just removed it
            raise
        if _locked(handle, alone=alone):
            if _is_there(handle, folder):
                return handle
            os.close(handle)
            continue  # it was removed or replaced by whoever had it before
        waited, wait = time.monotonic() - began, patience.get()
        over, told_now = waited >= wait.seconds, not told and waited > _MOMENT
        who = _somebody(handle) if over or told_now else ""
        os.close(handle)
        if over:
            raise BusyError(f"{who}: try again when it is done")
        if told_now:
            wait.tell(f"{who}: waiting")
            told = True
        time.sleep(_LOOK)


def _locked(handle: int, *, alone: bool) -> bool:
    """Try to lock an open folder, without waiting."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        # A network's folder may know no locks: to work there at all, one has to do without.
        patience.get().tell(
            "this folder's disk knows no locks: see that nobody else is at work in it meanwhile"
        )
    return True


def _is_there(handle: int, folder: Path) -> bool:
    """Whether an open folder is still the one of that name."""
    with suppress(OSError):
        return os.path.samestat(os.fstat(handle), folder.stat())
    return False


# -- who it is ---------------------------------------------------------------------------------


def _somebody(handle: int) -> str:
    """Who holds a folder, as far as the system tells (Linux: proc_locks(5), proc_pid_stat(5))."""
    for process in _holders(os.fstat(handle).st_ino):
        with suppress(OSError, ValueError, IndexError, StopIteration):
            words = Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
            at = next(n for n, word in enumerate(words) if Path(word).name == "clausebook")
            command = next(word for word in words[at + 1 :] if not word.startswith("-"))
            since = time.strftime("%H:%M", time.localtime(_began(process)))
            return (
                f"another clausebook is at work here (process {process}, '{command}', "
                f"since {since})"
            )
    return "another clausebook is at work here"


def _holders(inode: int) -> Iterator[int]:
    """The processes that have locked a folder."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            words = line.split()
            if words[1] == "FLOCK" and words[5].rpartition(":")[2] == str(inode):
                yield int(words[4])


def _began(process: int) -> float:
    """When a process began, in seconds since 1970."""
    ticks = int(Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[19])
    running = float(Path("/proc/uptime").read_text("ascii").split()[0])
    return time.time() - running + ticks / os.sysconf("SC_CLK_TCK")
