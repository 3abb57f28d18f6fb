"""What a build keeps for the next: results by what they were made from.

Every entry is named after the digest of all that it depends on, so that an entry is never out of
date: it is asked for or it is not.  It begins with the digest of what it holds, so that one that
was cut short or changed is noticed, and made again.  The folder can be deleted at any time, and
several builds can use it at once.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from clausebook.workspace import OPEN_PLAIN, WorkspaceError, read_inside

FOLDER = ".clausebook-cache"
"""Where it stands in a trust's folder, unless the command says otherwise."""

SOURCES = ("policy_source", "schools")
"""The folders of a trust that people write in."""

_DIGEST = 32

MAX_ENTRY = 50_000_000
"""Bytes of the largest result that is kept; the largest page has a thousandth of that."""

MAX_FILE = 20_000_000
"""Bytes of a file that are looked at: more than any reader takes."""
_FRESH = "unfinished"
"""A folder of the cache in which results wait until they are whole."""


@dataclass(frozen=True)
class BuildCache:
    """A folder of results; without a folder it keeps nothing."""

    folder: Path | None = None
    trouble: list[str] = field(default_factory=list, compare=False)
    """Why something could not be kept, in the system's words; nothing is kept from then on."""

    def get(self, kind: str, key: str) -> bytes | None:
        """What was kept, if it is there and whole."""
        if self.folder is None:
            return None
        try:
            data = _read(str(self._path(self.folder, kind, key)), MAX_ENTRY)
        except OSError:
            return None
        kept = data[_DIGEST:]
        return kept if hashlib.sha256(kept).digest() == data[:_DIGEST] else None

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep something; what cannot be kept will be made again."""
        if self.folder is None or self.trouble or len(data) > MAX_ENTRY:
            return
        path = self._path(self.folder, kind, key)
        fresh = self.folder / _FRESH / f"{os.getpid()}-{key}"
        try:
            for folder in (path.parent, fresh.parent):
                folder.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            with fresh.open("xb") as stream:  # never through a link
                stream.write(hashlib.sha256(data).digest() + data)
            fresh.replace(path)
        except FileNotFoundError:
            pass  # the folder was cleared meanwhile, which it may be at any time
        except OSError as error:
            self.trouble.append((error.strerror or str(error)).lower())
            with suppress(OSError):
                fresh.unlink()

    def clear_unfinished(self) -> None:
        """Remove what writers that were killed had not put in place.

        One that is still writing then keeps that one result not: it will be made again.
        """
        if self.folder is not None:
            with suppress(OSError):
                for path in (self.folder / _FRESH).iterdir():
                    path.unlink()

    def refuse_strange(self, root: Path) -> None:
        """Refuse a folder among a trust's sources, or with links in it: entries might go anywhere.

        Raises `WorkspaceError`.
        """
        folder = self.folder
        if folder is None:
            return
        here, inside = folder.resolve(), root.resolve()
        among = [inside / name for name in SOURCES if here.is_relative_to(inside / name)]
        if among or inside.is_relative_to(here):
            raise WorkspaceError(
                f"'{folder}' cannot be the cache: it holds the trust's own files, or is among "
                "them; choose another folder with --cache"
            )
        if folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
            raise WorkspaceError(f"'{folder}' cannot be the cache: it is not a folder")
        for inner in (folder, *_folders(folder)):
            link = next((one.name for one in _entries(inner) if one.is_symlink()), None)
            if link:
                raise WorkspaceError(
                    f"'{inner / link}' is a link, and what is kept for the next build would go "
                    f"where it leads: delete {folder}"
                )

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
        # names of files need not be UTF-8
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogateescape")
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()


Mark = tuple[int, int, int, int]
"""A file's number, its length, and when it and what is known of it were last changed."""


@dataclass(frozen=True)
class Stock:
    """The digest of every file of a trust's folder that a build can read, by its path."""

    files: dict[str, str]
    marks: dict[str, Mark] = field(default_factory=dict, compare=False)
    """What tells, without reading it, that a file has been written since."""

    def changed(self, now: Stock) -> str | None:
        """The first file that is not as it was when stock was taken; None if all are."""
        if self.marks == now.marks:
            return None
        both = sorted({*self.marks, *now.marks})
        return next(path for path in both if self.marks.get(path) != now.marks.get(path))

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
    root: Path,
    folders: Iterable[str],
    whole: Iterable[str] = (),
    files: Iterable[str] = (),
    *,
    read: bool = True,
) -> Stock:
    """Digest the files of a trust's folder that are in `Sources`; unless `read`, only mark them.

    As readers do, it follows a link to a file in the folder and no other, and nothing else that is
    no file is opened: where such a thing stands is part of what a build is made from.
    """
    found: dict[str, str] = {}
    marks: dict[str, Mark] = {}
    for names, inner in ((folders, _files), (whole, _all_files), (files, _file)):
        for name in names:
            base = os.path.join(root, name)  # noqa: PTH118 - ten thousand paths: as text
            for path in inner(base):
                inside = name + path[len(base) :].replace(os.sep, "/")
                with suppress(OSError):
                    marks[inside] = _mark(os.stat(path))  # noqa: PTH116 - as text
                if read:
                    found[inside] = _digest_inside(root, inside, path)
    return Stock(found, marks)


def _mark(about: os.stat_result) -> Mark:
    return about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def _digest_inside(root: Path, inside: str, path: str) -> str:
    """The digest of a file, or a word for what is none."""
    try:
        return _digest_of(path)
    except OSError:
        with suppress(OSError):
            return hashlib.sha256(read_inside(root, inside, MAX_FILE)).hexdigest()
    return "no file"


def _file(path: str) -> Iterator[str]:
    if os.path.isfile(path):  # noqa: PTH113 - as text
        yield path


def _files(path: str) -> Iterator[str]:
    """Every file in a folder, sorted; hidden ones are left out, as readers leave them out."""
    return _all_files(path, hidden=False)


def _all_files(path: str, *, hidden: bool = True) -> Iterator[str]:
    """Every file in a folder, and every link to a folder, sorted."""
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if hidden or not name.startswith("."))
        links = [name for name in inner if os.path.islink(f"{folder}{os.sep}{name}")]  # noqa: PTH114 - as text
        for name in sorted((*names, *links)):
            if hidden or not name.startswith("."):
                yield f"{folder}{os.sep}{name}"


def _digest_of(path: str) -> str:
    """The digest of a file: most are read in one go."""
    seen = hashlib.sha256()
    with FileIO(path, opener=_open_file) as stream:
        left = MAX_FILE
        while left > 0 and (data := stream.read(_GO)):
            seen.update(data)
            left -= len(data)
        if left <= 0:
            seen.update(b"%d bytes" % os.fstat(stream.fileno()).st_size)
    return seen.hexdigest()


def _read(path: str, most: int) -> bytes:
    with FileIO(path, opener=_open_file) as stream:
        return stream.read(most + 1)


def _open_file(path: str, flags: int) -> int:
    """Open a file; raises `OSError` for a link, and for what is no file without waiting for it."""
    found = os.open(path, flags | OPEN_PLAIN)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(f"'{path}' is not a file")
    return found


def _folders(folder: Path) -> Iterator[Path]:
    for one in _entries(folder):
        if one.is_dir(follow_symlinks=False):
            yield folder / one.name


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as found:
        return list(found)
    return []


_GO = 1 << 18


@cache
def program() -> str:
    """A digest of Clausebook itself, and of all that is installed beside it."""
    here = str(Path(__file__).parent)
    own = (_digest_of(path) for path in _files(here) if not path.endswith(".pyc"))
    return digest(sys.version, *own, *installed())


def installed() -> list[str]:
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
