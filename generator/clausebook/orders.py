"""What is ordered of a build, and what is said of it when it is done."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from clausebook.buildcache import BuildCache

if TYPE_CHECKING:  # loading it takes as long as finding that there is nothing to do
    from clausebook.engines import Engine


@dataclass(frozen=True)
class Order:
    """What is to be built."""

    root: Path
    output: Path
    today: date
    schools: tuple[str, ...] = ()
    """IDs of the sites wanted; none for all of them."""
    shard: tuple[int, int] | None = None
    """Which part of the schools to build, of how many, without the trust's own site."""
    strict: bool = False
    engine: Engine | None = None
    """Who does the work; None for as many processes as this machine can run at once."""
    cache: BuildCache = field(default_factory=BuildCache)
    printer: str | None = None
    """What the versions' PDFs are made with; None for sites without."""
    projects_in: Path | None = None
    """Where the MkDocs projects go; None for the usual place."""

    @property
    def options(self) -> tuple[object, ...]:
        """What is asked for, apart from where and by whom."""
        return self.schools, self.shard, self.strict, self.printer

    @property
    def projects(self) -> Path:
        """Where the MkDocs projects go.

        For a part of a build, or where nothing can be written into the trust's folder, that is
        beside the websites, so that parts can be built side by side, and from read-only sources.
        """
        if self.projects_in:
            return self.projects_in
        if self.shard or not os.access(self.root, os.W_OK):
            return self.output.with_name(f"{self.output.name}-build")
        return self.root / "build"

    @property
    def places(self) -> tuple[Path, Path]:
        """Where sites, and what belongs to them, are put: each has a folder for each site."""
        return self.output, self.projects


@dataclass(frozen=True)
class Tally:
    """What went in."""

    schools: int
    policies: int
    clauses: int
    overrides: int
