"""A trust's folder in memory, for tests: file contents by path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clausebook.source import MAX_BYTES


@dataclass(frozen=True)
class MemoryTree:
    """A `clausebook.source.Tree` made of a dictionary."""

    contents: Mapping[str, bytes]

    def read_bytes(self, path: str) -> bytes:
        """See `Tree.read_bytes`."""
        try:
            return self.contents[path][: MAX_BYTES + 1]
        except KeyError:
            raise FileNotFoundError(path) from None

    def is_file(self, path: str) -> bool:
        """See `Tree.is_file`."""
        return path in self.contents

    def folders(self, path: str) -> tuple[str, ...]:
        """See `Tree.folders`."""
        return tuple(sorted({name for name, *below in self._under(path) if below}))

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`."""
        found = {name for name, *below in self._under(path) if not below and name.endswith(suffix)}
        return tuple(sorted(found))

    def _under(self, path: str) -> list[list[str]]:
        """The visible paths below `path`, in steps."""
        steps = path.split("/")
        split = [name.split("/") for name in self.contents]
        below = [name[len(steps) :] for name in split if name[: len(steps)] == steps]
        return [name for name in below if name and not name[0].startswith(".")]
