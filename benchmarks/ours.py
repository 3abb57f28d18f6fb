"""Clausebook's own commands, measured.  Everything it is asked stands in `Commands`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks import edits
from benchmarks.running import Measured, medians, middle, run
from benchmarks.table import Row

TODAY = "2026-11-21"
HERE = Path(__file__).parent.parent
CLAUSEBOOK = Path(sys.executable).with_name("clausebook")


@dataclass(frozen=True)
class Commands:
    """How Clausebook is called for a trust's folder."""

    root: Path

    def cold(self) -> Measured:
        """Build everything, from sources to websites, with nothing kept from before."""
        self.forget()
        return run([*self._build(), "--no-cache"], self.root)

    def build(self) -> Measured:
        """Build with what earlier builds kept, and keep what this one makes."""
        return run(self._build(), self.root)

    def check(self) -> Measured:
        """Read, tailor and compare everything; write nothing."""
        return run([CLAUSEBOOK, "check", "--root", ".", "--today", TODAY], self.root)

    def html_only(self) -> Measured:
        """Turn the projects that a build has left into websites: what the peers do."""
        output = self.root / "again"
        shutil.rmtree(output, ignore_errors=True)
        python = (sys.executable, "-m", "benchmarks.htmlonly")
        try:
            return run([*python, self.root / "build", output], HERE)
        finally:
            shutil.rmtree(output, ignore_errors=True)

    def forget(self) -> None:
        """Remove whatever builds have left behind."""
        for name in ("site", "build", ".clausebook-cache"):
            shutil.rmtree(self.root / name, ignore_errors=True)

    def _build(self) -> list[str | Path]:
        return [CLAUSEBOOK, "build", "--root", ".", "--output", "site", "--today", TODAY]


def pages_of(site: Path) -> int:
    """How many pages a folder of websites has."""
    return sum(1 for _ in site.rglob("*.html"))


def measure(root: Path, runs: int, seed: int) -> Iterator[Row]:
    """Measure builds of the trust in `root`, which is changed and built over and over."""
    commands = Commands(root)
    cold = medians(commands.cold, runs)
    pages = pages_of(root / "site")
    yield Row("ours", COLD, cold, pages=pages, runs=runs)
    yield Row("ours", HTML_ONLY, medians(commands.html_only, runs), pages=pages, runs=runs)
    yield Row("ours", CHECK, medians(commands.check, runs), runs=runs)

    def first() -> Measured:
        commands.forget()
        return commands.build()

    yield Row("ours", "cold, keeping a cache", medians(first, runs), pages=pages, runs=runs)
    yield Row("ours", "nothing changed", medians(commands.build, runs), pages=pages, runs=runs)
    chance = Random(seed)  # noqa: S311 - edits, not secrets
    for name, edit in EDITS.items():
        done: list[Measured] = []
        for _ in range(runs):
            edit(root, chance)
            done.append(commands.build())
        yield Row("ours", name, middle(done), pages=pages, runs=runs)


COLD = "cold build"
CHECK = "check only"
HTML_ONLY = "the projects into websites only, as peers do"

EDITS: dict[str, edits.Edit] = {
    "one contact of one school changed": edits.contact_changed,
    "one override of one school changed": edits.override_changed,
    "one version of one school ratified": lambda root, chance: edits.ratified(
        root, chance, CLAUSEBOOK
    ),
    "one clause of a master changed": edits.master_changed,
}
"""In this order: a policy whose master waits for approval cannot be ratified."""
