"""What can go wrong with a disk, said for people: full, read-only, gone, or not ours to write."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from clausebook.problems import ClausebookError


class FolderError(ClausebookError):
    """A folder that cannot be written, or is not ours to replace."""


_ADVICE = {
    errno.ENOSPC: "make room there, then run the command again",
    errno.EDQUOT: "make room there, then run the command again",
    errno.EFBIG: "allow larger files there, then run the command again",
    errno.EROFS: "choose another folder, or make that one writable",
    errno.EACCES: "choose another folder, or ask whoever it belongs to",
    errno.EPERM: "choose another folder, or ask whoever it belongs to",
    errno.EBUSY: "it is the root of a disk of its own: choose a folder in it",
    errno.EIO: "the disk may be failing: copy what is on it, and run the command again elsewhere",
}
"""What helps, by the number of the error (POSIX, <errno.h>)."""


def why(error: OSError) -> str:
    """The reason in the system's own words: `no space left on device`."""
    return (error.strerror or str(error)).lower()


def cannot_write(path: Path | str, error: OSError) -> FolderError:
    """An error about a file or folder that could not be written, with what to do about it."""
    advice = _ADVICE.get(error.errno or 0)
    return FolderError(f"'{path}' cannot be written: {why(error)}" + f"\n{advice}" * bool(advice))


def of_the_system(error: OSError) -> FolderError:
    """The same for an error that nobody expected where it happened."""
    where = f"'{os.fsdecode(error.filename)}': " if error.filename else ""
    advice = _ADVICE.get(error.errno or 0)
    return FolderError(f"{where}{why(error)}" + f"\n{advice}" * bool(advice))
