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
        return tuple(sorted(self._entries.get(path, ({}, {}))[0]))

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`."""
        names = self._entries.get(path, ({}, {}))[1]
        return tuple(sorted(name for name in names if name.endswith(suffix)))

    @cached_property
    def _entries(self) -> Mapping[str, tuple[dict[str, None], dict[str, None]]]:
        """The names of the visible folders, and of the visible files, in each folder."""
        found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
        for path in self.contents:
            above, is_file = path, 1
            while "/" in above:
                above, _, name = above.rpartition("/")
                if not name.startswith("."):
                    found.setdefault(above, ({}, {}))[is_file][name] = None
                is_file = 0
        return found


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
