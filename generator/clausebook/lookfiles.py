"""Which files a trust's look is read from, and how they are read: inside its folder, and bounded.

`mkdocs.yml` is the trust's own and can name programs, so it is trusted with what it says.  What it
is not trusted with is files from elsewhere on the machine, which a site would publish, and sizes:
its aliases could make a kilobyte fill all memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from clausebook.buildcache import MAX_FILE
from clausebook.problems import ClausebookError
from clausebook.source import MAX_BYTES
from clausebook.workspace import read_inside

MAX_ENTRIES = 20_000
"""Most keys, values and list items in a trust's settings; an alias counts as what it repeats."""

MAX_DEPTH = 50
"""Deepest nesting in a trust's settings."""

MAX_LOOK = 100_000_000
"""Bytes of all files together that a trust's look is read from: every site gets a copy of them."""


class LookError(ClausebookError):
    """A file of a trust's look that cannot be read, told for the person who edits it."""


def look_files(
    root: Path, settings: Mapping[str, object]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names, in a trust's folder, of the folders and files that `publish.read_look` reads.

    `settings` are those of its `mkdocs.yml`.
    """
    files = list(settings_files(root))
    for key in ("extra_css", "extra_javascript"):
        listed = settings.get(key)
        files += map(str, listed) if isinstance(listed, list) else ()
    theme = settings.get("theme")
    own_theme = theme.get("custom_dir") if isinstance(theme, dict) else None
    return (own_theme,) if isinstance(own_theme, str) else (), tuple(files)


def settings_files(root: Path, first: str = "mkdocs.yml") -> Iterator[str]:
    """A file of settings and whatever it inherits: every file named by an INHERIT anywhere in it.

    Raises `LookError` for one that is outside, too large, or grows too large when it is read.
    """
    pending, seen = [first], set[str]()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            data = read_inside(root, name)
        except FileNotFoundError:
            continue  # whoever reads it says so
        except OSError as error:
            raise _unreadable(name, error) from error
        if len(data) > MAX_BYTES:
            raise LookError(f"{name} cannot be read: it is larger than {MAX_BYTES // 1_000_000} MB")
        yield name
        with suppress(yaml.YAMLError):  # as before
            for word, parent in pairwise(_texts(name, data)):
                if word == "INHERIT" and parent:
                    beside = os.path.join(os.path.dirname(name), parent)  # noqa: PTH118, PTH120
                    pending.append(os.path.normpath(beside).replace(os.sep, "/"))


def _texts(name: str, data: bytes) -> Iterator[str | None]:
    """Every text of some YAML, in order; None for all else."""
    anchors: dict[str, str | None] = {}
    bounds = _Bounds(name)
    for event in yaml.parse(data):
        bounds.see(event)
        if isinstance(event, yaml.AliasEvent):
            yield anchors.get(event.anchor or "")
            continue
        text = getattr(event, "value", None)
        if anchor := getattr(event, "anchor", None):
            anchors[anchor] = text
        yield text


class _Bounds:
    """Counts what some YAML will be when its aliases are what they stand for; never builds it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.total = 0
        self.open: list[tuple[str | None, int]] = []
        """For each list and mapping that has begun: its anchor, and what came before it."""
        self.sizes: dict[str, int] = {}

    def see(self, event: Any) -> None:  # noqa: ANN401 - PyYAML has no type for such events
        """Take in the next event; raises `LookError` when it is one too many."""
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            self.total += self.sizes.get(event.anchor or "", 1)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open.append((anchor, self.total))
            self.total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = self.open.pop()
            if anchor:
                self.sizes[anchor] = self.total - before
        elif isinstance(event, yaml.ScalarEvent):
            self.total += 1
        if self.total > MAX_ENTRIES:
            raise LookError(
                f"{self.name} cannot be read: it has more than {MAX_ENTRIES} entries, counting "
                "what its aliases repeat"
            )
        if len(self.open) > MAX_DEPTH:
            raise LookError(
                f"{self.name} cannot be read: it is more than {MAX_DEPTH} levels deep in line "
                f"{event.start_mark.line + 1}"
            )


def named_file(root: Path, name: str) -> bytes | None:
    """A style sheet or script that `mkdocs.yml` names; None if it is on a website, or not there.

    Raises `LookError` for one outside the trust's folder, or too large.
    """
    if "://" in name or name.startswith("//"):
        return None
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
        raise LookError(f"mkdocs.yml names '{name}', which is outside the trust's folder")
    try:
        data = read_inside(root, name, MAX_FILE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(name, error) from error
    if len(data) > MAX_FILE:
        raise LookError(f"'{name}' is larger than {MAX_FILE // 1_000_000} MB")
    return data


def named_folder(root: Path, name: str) -> dict[str, bytes]:
    """The files in a folder of templates that `mkdocs.yml` names, by their paths in it."""
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
        raise LookError(f"mkdocs.yml names '{name}', which is outside the trust's folder")
    found: dict[str, bytes] = {}
    size = 0
    for folder, inner, names in os.walk(root / name):
        inner.sort()
        here = Path(folder).relative_to(root / name)
        links = [one for one in inner if (root / name / here / one).is_symlink()]
        for one in sorted((*names, *links)):
            inside = (here / one).as_posix()
            found[inside] = named_file(root, f"{name}/{inside}") or b""
            size += len(found[inside])
            if size > MAX_LOOK:
                raise LookError(f"'{name}' is larger than {MAX_LOOK // 1_000_000} MB")
    return dict(sorted(found.items()))


def _unreadable(name: str, error: OSError) -> LookError:
    return LookError(f"{name} cannot be read: {(error.strerror or str(error)).lower()}")
