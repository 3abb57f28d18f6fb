"""What stands in a trust's folder, opened so that nothing outside it is ever read or written.

Other people's files are opened by what they are, never by what they were a moment ago: a path is
walked step by step from the folder's own descriptor, no step may be a link, a file is opened
without waiting for anybody (a pipe would wait for ever) and only then looked at.  So there is no
moment at which a link or a pipe could be put in the place of a file that was looked at.

A link to a *file* is followed where it leads to a file in the same folder; links to folders are
not, for they can lead in circles.  Where the system has no such calls (Windows) every step is
looked at before the file is opened, and the file again after it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from clausebook.problems import ClausebookError
from clausebook.source import MAX_BYTES

MAX_NAMES = 100_000
"""Most files and folders that one folder can hold: more schools than any country has."""

_BY_STEPS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_STEP = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0)
_LOOK = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
OPEN_PLAIN = _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Opens no link, and waits for nobody."""
_READ = os.O_RDONLY | OPEN_PLAIN | getattr(os, "O_BINARY", 0)


class WorkspaceError(ClausebookError):
    """A folder of a trust that cannot be read, or that nobody may write through."""


def read_inside(root: Path, path: str, most: int = MAX_BYTES) -> bytes:
    """The first `most` + 1 bytes of a file in `root`; `path` is relative, with `/`.

    Raises `OSError`, in words for the person who edits, for anything but a regular file that is
    in `root`, and `FileNotFoundError` if nothing is there.
    """
    with _opened(root, path) as found, os.fdopen(found, "rb", closefd=False) as stream:
        return stream.read(most + 1)


@contextmanager
def _opened(root: Path, path: str) -> Iterator[int]:
    """A regular file in `root`, as a descriptor that is closed afterwards."""
    found = _open(root, _steps(path), path)
    try:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            raise OSError(f"'{path}' is not a file")
        yield found
    finally:
        os.close(found)


def _steps(path: str) -> tuple[str, ...]:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\0" in path:
        raise OSError(f"'{path}' is outside the trust's folder")
    return pure.parts


def _open(root: Path, steps: tuple[str, ...], asked: str, *, follow: bool = True) -> int:
    """Open a file; a link in the last step is followed once, if it leads to a file in `root`."""
    name = steps[-1]
    with _folder(root, steps[:-1], _STEP) as here:
        at, place = (name, here) if _BY_STEPS else (str(root.joinpath(*steps)), None)
        kind = os.lstat(at, dir_fd=place).st_mode
        if stat.S_ISREG(kind):
            try:
                return os.open(at, _READ, dir_fd=place)
            except OSError as error:
                if error.errno == errno.ELOOP:  # put there just now
                    raise OSError(f"'{asked}' was changed while it was read") from error
                raise
    if not (follow and stat.S_ISLNK(kind)):
        raise OSError(f"'{asked}' is not a file")
    inside, target = _target(root, steps, asked)
    return _open(inside, target, asked, follow=False)


def _target(root: Path, steps: tuple[str, ...], asked: str) -> tuple[Path, tuple[str, ...]]:
    """Where a link leads: `root` without links, and the steps from there."""
    try:
        inside, target = root.resolve(), root.joinpath(*steps).resolve(strict=True)
    except FileNotFoundError as error:
        raise OSError(f"'{asked}' is a link that leads nowhere") from error
    except (OSError, RuntimeError) as error:
        raise OSError(f"'{asked}' is a link that leads back to itself") from error
    if not target.is_relative_to(inside) or target == inside:
        raise OSError(f"'{asked}' is a link out of the trust's folder")
    found = target.relative_to(inside).parts
    if any(step.startswith(".") for step in found):
        raise OSError(f"'{asked}' is a link to something hidden")
    return inside, found


@contextmanager
def _folder(root: Path, steps: tuple[str, ...], flags: int) -> Iterator[int]:
    """A folder in `root`, as a descriptor; no step of the way is a link."""
    if not _BY_STEPS:
        _explain_link(root, steps)
        yield -1
        return
    here = os.open(root, _STEP if steps else flags)
    try:
        for number, step in enumerate(steps, 1):
            kind = flags if number == len(steps) else _STEP
            try:
                inner = os.open(step, kind | _NO_LINK, dir_fd=here)
            except (NotADirectoryError, OSError) as error:
                if error.errno in (errno.ENOTDIR, errno.ELOOP):
                    _explain_link(root, steps[:number])
                raise
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)


def _explain_link(root: Path, steps: tuple[str, ...]) -> None:
    """Say which step of a path is a link, if one is."""
    for number in range(1, len(steps) + 1):
        if root.joinpath(*steps[:number]).is_symlink():
            here = "/".join(steps[:number])
            raise OSError(f"'{here}' is a link; only folders that stand here themselves are read")


@dataclass(frozen=True)
class WorkingTree:
    """A folder on disk as a `Tree`.  Nothing outside it is read, through links or otherwise."""

    root: Path

    def read_bytes(self, path: str) -> bytes:
        """See `Tree.read_bytes`; anything but a regular file is refused."""
        return read_inside(self.root, path)

    def is_file(self, path: str) -> bool:
        """See `Tree.is_file`; what is no file there is refused when it is read."""
        return os.path.lexists(self.root / path)

    def folders(self, path: str) -> tuple[str, ...]:
        """See `Tree.folders`; hidden folders are left out.  A link that is no file is one."""
        return tuple(sorted(name for name, is_folder in self._entries(path) if is_folder))

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`; hidden files are left out.

        Whatever has a file's name is named, so that what is no file is not passed over in silence.
        """
        found = self._entries(path)
        named = (name for name, is_folder in found if suffix or not is_folder)
        return tuple(sorted(name for name in named if name.endswith(suffix)))

    def _entries(self, path: str) -> list[tuple[str, bool]]:
        """What stands in a folder, and what of it may be a folder; nothing if it is not there."""
        try:
            with _folder(self.root, _steps(path), _LOOK) as here:
                place = here if _BY_STEPS else str(self.root / path)
                with os.scandir(place) as found:
                    some = list(islice(found, MAX_NAMES + 1))
                    entries = [(entry.name, _may_be_folder(entry)) for entry in some]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            why = error.strerror.lower() if error.strerror else str(error)
            raise WorkspaceError(f"the folder '{path}' cannot be read: {why}") from error
        if len(entries) > MAX_NAMES:
            raise WorkspaceError(
                f"the folder '{path}' holds more than {MAX_NAMES} files and folders, which is the "
                "most that is read: has something been copied into it?"
            )
        return [entry for entry in entries if not entry[0].startswith(".")]


def _may_be_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link that is not known to be something else."""
    if not entry.is_symlink():
        return entry.is_dir()
    try:
        return stat.S_ISDIR(entry.stat().st_mode)
    except OSError:
        return "." not in entry.name


def refuse_links(root: Path, path: str) -> None:
    """Refuse to write a file whose place is not in `root` itself, but behind a link."""
    steps = _steps(path)
    for number in range(1, len(steps) + 1):
        here = "/".join(steps[:number])
        if (root / here).is_symlink():
            raise WorkspaceError(
                f"'{path}' cannot be written: '{here}' is a link, which may lead anywhere"
            )
