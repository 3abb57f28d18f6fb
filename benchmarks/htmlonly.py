"""The part of a build that its peers do: emitted projects into websites, and nothing else.

python -m benchmarks.htmlonly BUILD OUTPUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from clausebook.engines import local_engine, look_for_cycles_seldom
from clausebook.site import SiteBuilder

_builders: list[SiteBuilder] = []
"""One for each process."""


def build_project(folders: tuple[Path, Path], name: str) -> int:
    """Build one project of those in the first folder; gives the number of its pages."""
    if not _builders:
        _builders.append(SiteBuilder())
    projects, output = folders
    return _builders[0].build(projects / name, output / name).pages


def main() -> None:
    """Build every project in all processes that this machine has processors for."""
    look_for_cycles_seldom()
    projects, output = (Path(word).resolve() for word in sys.argv[1:])
    names = sorted(path.parent.name for path in projects.glob("*/mkdocs.yml"))
    print(sum(local_engine(len(names)).run(build_project, (projects, output), names)))


if __name__ == "__main__":
    from benchmarks.htmlonly import main as found_by_name  # as other processes find it

    found_by_name()
