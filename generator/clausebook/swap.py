"""Folders made beside their place and swapped in whole: readers see the old or the new."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Self

from clausebook.problems import ClausebookError

MARKER = ".clausebook"
"""A file in every folder that Clausebook replaces, so that it never replaces anything else."""

_MARKER_TEXT = "Made by Clausebook and replaced at every build: keep nothing of your own here.\n"

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
"""From Linux's <linux/fs.h> and <fcntl.h>."""


class FolderError(ClausebookError):
    """A folder that cannot be written, or is not ours to replace."""


class Renewal:
    """A folder beside `target` in which its new contents are prepared, and put in place at once.

    Until `commit` nothing in `target` changes, whatever happens.  Use it in a `with` statement,
    which removes what was not put in place.
    """

    def __init__(self, target: Path) -> None:
        """Begin with an empty folder; refuses a target that holds others' files."""
        refuse_others_work(target)
        self.target = target
        self.fresh = target.parent / f".{target.name}.new"
        for beside in (self.fresh, _old(target)):
            _refuse_to_remove(beside)
        try:
            _remove(self.fresh)
            self.fresh.mkdir(parents=True)
            (self.fresh / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
        except OSError as error:
            message = f"'{target}' cannot be written: {(error.strerror or str(error)).lower()}"
            raise FolderError(message) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _remove(self.fresh)

    def replace_all(self) -> None:
        """Put the whole new folder in the place of `target`, in one step where the system can."""
        _swap(self.fresh, self.target)

    def replace_each(self) -> None:
        """Put everything new in its place in `target`, one thing after another; the rest stays."""
        if not (self.target.is_dir() and any(self.target.iterdir())):
            self.replace_all()
            return
        for fresh in sorted(self.fresh.iterdir()):
            _swap(fresh, self.target / fresh.name)

    def keep_only(self, names: Collection[str]) -> None:
        """Take folders of other names out of `target`; hidden ones stay."""
        for path in sorted(self.target.iterdir()):
            if path.is_dir() and path.name not in names and not path.name.startswith("."):
                _remove(path)


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


def _refuse_to_remove(path: Path) -> None:
    """Refuse to take away a folder with files in it that Clausebook did not make."""
    others = path.is_dir() and not path.is_symlink() and not (path / MARKER).is_file()
    if others and any(path.iterdir()):
        raise FolderError(f"'{path}' is in the way: move it, or delete it")


def _old(target: Path) -> Path:
    return target.parent / f".{target.name}.old"


def _swap(fresh: Path, target: Path) -> None:
    """Put `fresh` in the place of `target`, which ends up where `fresh` was."""
    if not os.path.lexists(target):
        fresh.rename(target)
    elif not _exchange(fresh, target):
        old = _old(target)
        _remove(old)
        target.rename(old)
        fresh.rename(target)
        _remove(old)


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


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that readers, and a crash, see the old or the new one whole."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with fresh.open("xb") as stream:  # never through a link that was put there
        stream.write(data)
    fresh.replace(path)
