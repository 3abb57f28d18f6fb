"""Which files a trust's look is read from: a build looks at them to see whether it has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import yaml


def look_files(
    root: Path, settings: Mapping[str, object]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names, in a trust's folder, of the folders and files that `publish.read_look` reads.

    `settings` are those of its `mkdocs.yml`.
    """
    files = list(_settings_files(root))
    for key in ("extra_css", "extra_javascript"):
        listed = settings.get(key)
        files += map(str, listed) if isinstance(listed, list) else ()
    theme = settings.get("theme")
    own_theme = theme.get("custom_dir") if isinstance(theme, dict) else None
    return (own_theme,) if isinstance(own_theme, str) else (), tuple(files)


def _settings_files(root: Path) -> Iterator[str]:
    """`mkdocs.yml` and whatever it inherits: every file named by an INHERIT anywhere in it."""
    pending, seen = ["mkdocs.yml"], set[str]()
    while pending:
        name = pending.pop()
        if name in seen or not (root / name).is_file():
            continue
        seen.add(name)
        yield name
        for word, parent in pairwise(_texts((root / name).read_bytes())):
            if word == "INHERIT" and parent:
                beside = os.path.join(os.path.dirname(name), parent)  # noqa: PTH118, PTH120
                pending.append(os.path.normpath(beside))


def _texts(data: bytes) -> Iterator[str | None]:
    """Every text of some YAML, in order; None for all else."""
    anchors: dict[str, str | None] = {}
    for event in yaml.parse(data):
        if isinstance(event, yaml.AliasEvent):
            yield anchors.get(event.anchor or "")
            continue
        text = getattr(event, "value", None)
        if anchor := getattr(event, "anchor", None):
            anchors[anchor] = text
        yield text
