"""Part of a trust's folder in memory: what a school has on record, on its way to elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from clausebook.source import MAX_BYTES, Tree


@dataclass(frozen=True)
class Snapshot:
    """A `Tree` of some files."""

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
        names = (below.partition("/")[0] for below in self._below(path) if "/" in below)
        return tuple(sorted(set(names)))

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`."""
        names = (below for below in self._below(path) if "/" not in below)
        return tuple(sorted(name for name in names if name.endswith(suffix)))

    def _below(self, path: str) -> list[str]:
        """The visible paths inside a folder."""
        start = f"{path}/"
        below = (name.removeprefix(start) for name in self._paths if name.startswith(start))
        return [name for name in below if not name.startswith(".")]

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.contents))


def snapshot(tree: Tree, folder: str) -> Snapshot:
    """Everything in a folder of a tree; files that cannot be read are left out."""
    found: dict[str, bytes] = {}
    pending = [folder]
    while pending:
        here = pending.pop()
        pending += [f"{here}/{name}" for name in tree.folders(here)]
        for name in tree.files(here, ""):
            try:
                found[f"{here}/{name}"] = tree.read_bytes(f"{here}/{name}")
            except OSError:
                continue  # whoever looks for it will say that it is missing
    return Snapshot(found)
