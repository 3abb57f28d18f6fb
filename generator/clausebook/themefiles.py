"""What is kept of a theme from one site to the next: its list of files, its compiled templates."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from jinja2.bccache import Bucket
    from mkdocs.theme import Theme


class CompiledTemplates(jinja2.BytecodeCache):
    """Compiled templates, kept in memory by file and by the hash of its text."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template what was compiled of it."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


def theme_files(theme: Theme, *, filter_func: Callable[[str], bool]) -> list[str]:
    """List what MkDocs copies from the theme; only the trust's own overrides ever change."""
    own = theme.custom_dir
    names = {name for folder in theme.dirs if folder != own for name in _listed(folder)}
    return sorted(filter(filter_func, names.union(_walked(own) if own else ())))


@cache
def _listed(folder: str) -> list[str]:
    return _walked(folder)


def _walked(folder: str) -> list[str]:
    """List a folder, save a theme's thousands of icons, which are never copied."""
    names = []
    for place, folders, files in os.walk(folder):
        if place == folder:
            folders[:] = [name for name in folders if not name.startswith(".")]
            files = [name for name in files if not name.startswith(".")]  # noqa: PLW2901
        below = Path(place).relative_to(folder)
        names += [(below / name).as_posix() for name in files]
    return names
