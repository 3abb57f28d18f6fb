"""What a build keeps for the next: results by what they were made from.

Every entry is named after the digest of all that it depends on, so that an entry is never out of
date: it is asked for or it is not.  It begins with the digest of what it holds, so that one that
was cut short or changed is noticed, and made again.  The folder can be deleted at any time, and
several builds can use it at once.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from io import FileIO
from pathlib import Path
from typing import NamedTuple

FOLDER = ".clausebook-cache"
"""Where it stands in a trust's folder, unless the command says otherwise."""

_DIGEST = 32


@dataclass(frozen=True)
class BuildCache:
    """A folder of results; without a folder it keeps nothing."""

    folder: Path | None = None

    def get(self, kind: str, key: str) -> bytes | None:
        """What was kept, if it is there and whole."""
        if self.folder is None:
            return None
        try:
            data = self._path(self.folder, kind, key).read_bytes()
        except OSError:
            return None
        kept = data[_DIGEST:]
        return kept if hashlib.sha256(kept).digest() == data[:_DIGEST] else None

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep something; what cannot be kept will be made again."""
        if self.folder is None:
            return
        path = self._path(self.folder, kind, key)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(hashlib.sha256(data).digest() + data)
            fresh.replace(path)

    @staticmethod
    def _path(folder: Path, kind: str, key: str) -> Path:
        return folder / kind / key[:2] / key[2:]


class PageStore(MutableMapping[str, bytes]):
    """Finished pages by what they were made from, for whoever builds sites."""

    def __init__(self, cache: BuildCache) -> None:
        """Keep pages in `cache`."""
        self.cache = cache

    def __getitem__(self, key: str) -> bytes:
        found = self.cache.get("pages", key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: str, data: bytes) -> None:
        self.cache.put("pages", key, data)

    def __delitem__(self, key: str) -> None:
        raise NotImplementedError  # nothing is ever out of date

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def digest(*parts: object) -> str:
    """A digest of values by what they say; each is written out with its own length."""
    found = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode(errors="surrogateescape")
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()


@dataclass(frozen=True)
class Stock:
    """The digest of every file of a trust's folder that a build can read, by its path."""

    files: dict[str, str]

    @property
    def entries(self) -> Iterator[str]:
        """Every file with its digest."""
        return (f"{path}={found}" for path, found in self.files.items())

    @cached_property
    def _inside(self) -> dict[str, list[str]]:
        """The entries of every folder and file."""
        inside: dict[str, list[str]] = defaultdict(list)
        for path, entry in zip(self.files, self.entries, strict=True):
            parts = path.split("/")
            for depth in range(1, len(parts) + 1):
                inside["/".join(parts[:depth])].append(entry)
        return inside

    def under(self, *folders: str) -> str:
        """One digest for all that is in some folders or files."""
        return digest(*(entry for folder in folders for entry in self._inside.get(folder, ())))


class Sources(NamedTuple):
    """Names, in a trust's folder, of all that a build reads."""

    folders: tuple[str, ...]
    """Without what is hidden in them, as readers leave it out."""
    whole: tuple[str, ...]
    """Folders with what is hidden in them."""
    files: tuple[str, ...]
    """Some may not be there."""


def take_stock(
    root: Path, folders: Iterable[str], whole: Iterable[str] = (), files: Iterable[str] = ()
) -> Stock:
    """Read and digest the files of a trust's folder that are in `Sources`."""
    found: dict[str, str] = {}
    for names, inner in ((folders, _files), (whole, _all_files), (files, _file)):
        for name in names:
            base = os.path.join(root, name)  # noqa: PTH118 - ten thousand paths: as text
            for path in inner(base):
                with suppress(OSError):
                    found[name + path[len(base) :].replace(os.sep, "/")] = _digest_of(path)
    return Stock(found)


def _file(path: str) -> Iterator[str]:
    if os.path.isfile(path):  # noqa: PTH113 - as text
        yield path


def _files(path: str) -> Iterator[str]:
    """Every file in a folder, sorted; hidden ones are left out, as readers leave them out."""
    return _all_files(path, hidden=False)


def _all_files(path: str, *, hidden: bool = True) -> Iterator[str]:
    """Every file in a folder, sorted."""
    for folder, inner, names in os.walk(path, followlinks=True):
        inner[:] = sorted(name for name in inner if hidden or not name.startswith("."))
        for name in sorted(names):
            if hidden or not name.startswith("."):
                yield f"{folder}{os.sep}{name}"


def _digest_of(path: str) -> str:
    """The digest of a file: most are read in one go."""
    seen = hashlib.sha256()
    with FileIO(path) as stream:
        while data := stream.read(_GO):
            seen.update(data)
    return seen.hexdigest()


_GO = 1 << 18


@cache
def program() -> str:
    """A digest of Clausebook itself, and of all that is installed beside it."""
    here = str(Path(__file__).parent)
    own = (_digest_of(path) for path in _files(here) if not path.endswith(".pyc"))
    return digest(sys.version, *own, *_installed())


def _installed() -> list[str]:
    """The names and versions of installed packages: those of the folders that describe them."""
    names: list[str] = []
    for folder in sys.path:
        with suppress(OSError):
            names += os.listdir(folder or ".")  # noqa: PTH208 - as text
    return sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))


def state_of(folder: Path) -> str:
    """A digest of which files a folder has (or of a file), with sizes and times of last changes.

    Not of what they say: this is how a built site is found to be as it was left.
    """
    found: list[tuple[str, str, int, int]] = []
    with suppress(OSError):
        if folder.is_file():
            about = folder.stat()
            found.append(("", "", about.st_size, about.st_mtime_ns))
    pending = [(str(folder), "")]
    while pending:
        here, inside = pending.pop()
        with suppress(OSError), os.scandir(here) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, f"{inside}/{entry.name}"))
                else:
                    about = entry.stat(follow_symlinks=False)
                    found.append((inside, entry.name, about.st_size, about.st_mtime_ns))
    found.sort()
    return digest(repr(found)) if found else ""
