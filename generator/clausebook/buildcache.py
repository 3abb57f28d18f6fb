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
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

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
        data = part if isinstance(part, bytes) else str(part).encode()
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()


@dataclass(frozen=True)
class Stock:
    """The digest of every file of a trust's folder that a build can read, by its path."""

    files: dict[str, str]

    def under(self, *folders: str) -> str:
        """One digest for all that is in some folders or files."""
        inside = tuple(f"{folder}/" for folder in folders)
        chosen = [
            f"{path}={found}"
            for path, found in self.files.items()
            if path in folders or path.startswith(inside)
        ]
        return digest(*chosen)


def take_stock(root: Path, names: Iterable[str]) -> Stock:
    """Read and digest every file in these folders, and these files, of a trust's folder."""
    found: dict[str, str] = {}
    for name in names:
        for path in _files(root / name):
            with suppress(OSError), path.open("rb") as stream:
                relative = path.relative_to(root).as_posix()
                found[relative] = hashlib.file_digest(stream, "sha256").hexdigest()
    return Stock(found)


def _files(path: Path) -> Iterator[Path]:
    """Every file in a folder, sorted; hidden ones are left out, as readers leave them out."""
    if path.is_file():
        yield path
    for folder, inner, names in os.walk(path, followlinks=True):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


@cache
def program() -> str:
    """A digest of Clausebook itself, and of all that is installed beside it."""
    here = Path(__file__).parent
    own = [path.read_bytes() for path in _files(here) if path.suffix != ".pyc"]
    others = sorted(f"{one.name}={one.version}" for one in metadata.distributions())
    return digest(sys.version, *own, *others)


def state_of(folder: Path) -> str:
    """A digest of which files a folder has (or of a file), with sizes and times of last changes.

    Not of what they say: this is how a built site is found to be as it was left.
    """
    found: list[str] = []
    with suppress(OSError):
        if folder.is_file():
            about = folder.stat()
            found.append(f"{about.st_size} {about.st_mtime_ns}")
    pending = [(str(folder), "")]
    while pending:
        here, name = pending.pop()
        with suppress(OSError), os.scandir(here) as entries:
            for entry in entries:
                inside = f"{name}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, inside))
                else:
                    about = entry.stat(follow_symlinks=False)
                    found.append(f"{inside} {about.st_size} {about.st_mtime_ns}")
    return digest(*sorted(found)) if found else ""
