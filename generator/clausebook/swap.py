"""Folders made beside their place and swapped in whole: readers see the old or the new."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Self

from clausebook.disks import FolderError, cannot_write
from clausebook.locks import hold
from clausebook.reading import POLICIES, SCHOOLS
from clausebook.schema import FOLDER as SCHEMAS

__all__ = [
    "MARKER",
    "FolderError",
    "Renewal",
    "clear_unfinished",
    "keep_still",
    "refuse_others_work",
    "unfinished",
    "write_file",
    "write_files",
]

MARKER = ".clausebook"
"""A file in every folder that Clausebook replaces, so that it never replaces anything else."""

_MARKER_TEXT = "Made by Clausebook and replaced at every build: keep nothing of your own here.\n"

UNFINISHED = ".clausebook-new"
"""How the names of files and folders end that wait to be put in place, hidden, beside it."""

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
"""From Linux's <linux/fs.h> and <fcntl.h>."""


class Renewal:
    """A folder beside `target` in which its new contents are prepared, and put in place at once.

    Until they are put in place nothing in `target` changes, whatever happens.  Use it in a `with`
    statement, which removes what was not put in place.  All stands in one folder, `.NAME.new`,
    which is held meanwhile, so that there is one renewal of a folder at a time, and which the
    next one clears if this one is killed.
    """

    def __init__(self, target: Path) -> None:
        """Begin with an empty folder; refuses a target that holds others' files."""
        self.target = target
        self.work = _work(target)
        self.fresh = self.work / "fresh"
        self._held = ExitStack()
        refuse_others_work(target)
        if self.work.is_symlink():
            raise _in_the_way(self.work)
        with _said(target):
            self._held.enter_context(hold(self.work, make=True))
            try:
                self._refuse_to_remove()
            except (FolderError, OSError):
                self._held.close()  # and nothing in it is touched
                raise
        try:
            self._begin()
        except OSError as error:
            self._leave()
            raise cannot_write(target, error) from error

    def _refuse_to_remove(self) -> None:
        """Refuse to take away a folder with files in it that Clausebook did not make.

        Only once it is held: others that are at work in it make and remove its mark.
        """
        if any(self.work.iterdir()) and not (self.work / MARKER).is_file():
            raise _in_the_way(self.work)

    def _begin(self) -> None:
        self._recover()
        (self.work / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
        self._empty()
        for name in ("fresh", _ONE, _WHOLE, _DROPPED):
            (self.work / name).mkdir()
        (self.fresh / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
        self._begun = self.fresh.stat()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        with suppress(OSError):  # what cannot be removed now is removed by the next
            self._recover()
            self._empty()
            _remove(self.work)
        self._held.close()

    def _empty(self) -> None:
        """Remove all but the mark: whoever is killed meanwhile leaves a folder that says whose."""
        for path in self.work.iterdir():
            if path.name != MARKER:
                _remove(path)

    def _recover(self) -> None:
        """Put back what was moved out of its place when all ended before the new was there."""
        for name, place in ((_ONE, self.target), (_WHOLE, self.target.parent)):
            moved = self.work / name
            for path in moved.iterdir() if moved.is_dir() and place.is_dir() else ():
                if not (place / path.name).exists():
                    path.rename(place / path.name)

    def refuse_if_disturbed(self, new: Collection[str], kept: Collection[str]) -> None:
        """Stop if anything that was prepared, or that is to stay, has been removed meanwhile."""
        with suppress(OSError):
            whole = os.path.samestat(self.fresh.stat(), self._begun)
            prepared = all(any((self.fresh / name).iterdir()) for name in new)
            if whole and prepared and all((self.target / name).is_dir() for name in kept):
                return
        message = (
            f"'{self.target}', or what was prepared for it in '{self.work}', was removed while "
            "the websites were being built: build again"
        )
        raise FolderError(message)

    def replace_all(self) -> None:
        """Put the whole new folder in the place of `target`, in one step where the system can."""
        with _said(self.target):
            _swap(self.fresh, self.target, self.work / _WHOLE)

    def replace_each(self) -> None:
        """Put everything new in its place in `target`, one thing after another; the rest stays."""
        if not (self.target.is_dir() and any(self.target.iterdir())):
            self.replace_all()
            return
        with _said(self.target):
            for fresh in sorted(self.fresh.iterdir()):
                _swap(fresh, self.target / fresh.name, self.work / _ONE)

    def keep_only(self, names: Collection[str]) -> None:
        """Take folders of other names out of `target`; hidden ones stay."""
        with _said(self.target):
            for path in sorted(self.target.iterdir()):
                if path.is_dir() and path.name not in names and not path.name.startswith("."):
                    path.rename(self.work / _DROPPED / path.name)


_ONE, _WHOLE, _DROPPED = "one", "whole", "dropped"
"""Folders for what is moved out of its place: one thing in the target, the target, what is gone."""


def _work(target: Path) -> Path:
    """The folder beside `target` in which its renewal is prepared."""
    return target.parent / f".{target.name}.new"


@contextmanager
def keep_still(target: Path) -> Iterator[None]:
    """Let nobody renew a folder while it is read; where nobody can write there, nobody will."""
    work = _work(target)
    with ExitStack() as held:
        if os.access(target.parent, os.W_OK):
            held.enter_context(hold(work, make=True))
            held.callback(_remove_empty, work)
        yield


def refuse_others_work(target: Path) -> None:
    """Refuse a folder with files in it that Clausebook did not make."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        message = f"'{target}' is not a folder"
        raise FolderError(message)
    ours = (target / MARKER).is_file() or (target.parent / MARKER).is_file()
    if target.is_dir() and any(target.iterdir()) and not ours:
        message = (
            f"'{target}' holds files that Clausebook did not make, and would be replaced; "
            "move them, or choose another folder with --output"
        )
        raise FolderError(message)


def _in_the_way(path: Path) -> FolderError:
    return FolderError(f"'{path}' is in the way: move it, or delete it")


def _swap(fresh: Path, target: Path, gone: Path) -> None:
    """Put `fresh` in the place of `target`, which ends up where `fresh` was, or in `gone`."""
    if not os.path.lexists(target) or (fresh.is_file() and target.is_file()):
        fresh.rename(target)
    elif not _exchange(fresh, target):
        target.rename(gone / target.name)
        fresh.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, where the system can (Linux)."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    done = rename(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    return bool(done == 0)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_empty(path: Path) -> None:
    with suppress(OSError):
        path.rmdir()


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from error


# -- files ---------------------------------------------------------------------------------------


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that readers, a crash and a power cut see the old or the new one whole.

    Raises `FolderError` if it cannot be written; then nothing has changed.
    """
    write_files({path: data})


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write several files, each whole: all are on the disk before the first is put in place.

    They are put in place in their order.  Folders that are not there are made.  Raises
    `FolderError`; if there was no room for one of them, nothing has changed.
    """
    made: list[Path] = []
    waiting: list[Path] = []
    path = Path()
    try:
        for path, data in files.items():
            made += _make_folder(path.parent)
            fresh = unfinished(path)
            waiting.append(fresh)
            if os.path.lexists(fresh):
                fresh.unlink()
            with fresh.open("xb") as stream:  # never through a link that was put there
                stream.write(data)
            _put_on_disk(fresh)
            with suppress(FileNotFoundError):
                shutil.copymode(path, fresh)
        for path in files:
            unfinished(path).replace(path)
            made.clear()  # something stands in them now
        for folder in dict.fromkeys(path.parent for path in files):
            _put_folder_on_disk(folder)
    except OSError as error:
        for fresh in waiting:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        for folder in reversed(made):
            _remove_empty(folder)
        raise cannot_write(path, error) from error


def unfinished(path: Path) -> Path:
    """Where a file or folder waits until it is put in place."""
    return path.with_name(f".{path.name}{UNFINISHED}")


def clear_unfinished(root: Path) -> None:
    """Remove what commands that were killed had not put in place; hold the folder alone for it."""
    for here, folders, names in chain.from_iterable(os.walk(root / name) for name in _WRITTEN):
        for name in (*folders, *names):
            if name.startswith(".") and name.endswith(UNFINISHED):
                with suppress(OSError):
                    _remove(Path(here, name))


_WRITTEN = (POLICIES, SCHOOLS, SCHEMAS)
"""Where commands write into a trust's folder."""


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder with those above it; gives those that were not there, uppermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        _put_folder_on_disk(one.parent)
    return missing[::-1]


def _put_on_disk(path: Path) -> None:
    """Wait until a power cut cannot undo a write (fsync(2)); may fail as writing itself may."""
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put_folder_on_disk(folder: Path) -> None:
    """The same for the names in a folder, where the system can."""
    with suppress(OSError):
        _put_on_disk(folder)
