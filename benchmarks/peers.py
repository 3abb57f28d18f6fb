"""Other programs, given what Clausebook emitted or what it reads; run from the peers' environment.

Per school, a peer is one process for each site, one after the other: the emitted projects are
whole sites that know nothing of each other.  Where that would take too long, a seeded sample of
the schools is built and the time scaled; the table says so.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks import hugo
from benchmarks.ours import CHECK, pages_of
from benchmarks.running import Measured, medians, run, total
from benchmarks.table import Row

PEERS = Path(__file__).parent.parent / ".venv-peers" / "bin"
QUIET = {"NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "ignore"}
TRUST = "trust"


@dataclass(frozen=True)
class Sample:
    """The trust's site, and some schools that stand for all of them."""

    schools: tuple[str, ...]
    of: int

    @property
    def note(self) -> str:
        """What the table says of it."""
        return f"sampled {len(self.schools)} of {self.of}" if len(self.schools) < self.of else ""

    def scaled(self, work: Callable[[str], Measured]) -> Measured:
        """What `work` takes for the trust and all schools, from those in the sample."""
        some = total(work(name) for name in self.schools).times(self.of / len(self.schools))
        return total([work(TRUST), some])


def sample(root: Path, number: int, seed: int) -> Sample:
    """Some of the schools that have an emitted project."""
    every = sorted(path.parent.name for path in root.glob("build/*/mkdocs.yml"))
    every.remove(TRUST)
    chance = Random(seed)  # noqa: S311 - a sample, not a secret
    chosen = chance.sample(every, min(number, len(every)))
    return Sample(tuple(sorted(chosen)), len(every))


def measure(root: Path, scratch: Path, runs: int, few: Sample, some: Sample) -> Iterator[Row]:
    """Measure all peers; `few` is for slow ones and `some` for fast ones."""
    pages = pages_of(root / "site")

    def row(name: str, took: Measured, of: Sample | None = None, note: str = "") -> Row:
        notes = "; ".join(filter(None, (note, of.note if of else "")))
        return Row("peer", name, took, pages=pages, runs=runs, note=notes)

    def mkdocs(school: str) -> Measured:
        out = _emptied(scratch / "mkdocs")
        return run([PEERS / "mkdocs", "build", "-q", "-d", out], root / "build" / school, QUIET)

    def zensical(school: str) -> Measured:
        project = _emptied(scratch / "zensical") / school
        shutil.copytree(root / "build" / school, project)
        return run([PEERS / "zensical", "build", "-f", "mkdocs.yml"], project, QUIET)

    def hugo_for(*schools: str) -> Measured:
        project = _emptied(scratch / "hugo")
        hugo.write_project(project, [root / "build" / school for school in schools])
        return run([_hugo(), "--quiet"], project)

    yield row("mkdocs build, per school", medians(lambda: few.scaled(mkdocs), runs), few)
    yield row("Zensical, per school", medians(lambda: few.scaled(zensical), runs), few)
    plain = "plain theme"
    yield row("Hugo, per school", medians(lambda: some.scaled(hugo_for), runs), some, plain)
    everybody = sorted(path.parent.name for path in root.glob("build/*/mkdocs.yml"))
    once = medians(lambda: hugo_for(*everybody), runs)
    made = pages_of(scratch / "hugo" / "public")
    yield Row("peer", "Hugo, once over everything", once, pages=made, runs=runs, note=plain)
    yield trestle(root, scratch, runs, few)


def _hugo() -> Path:
    """Hugo itself: what is called `hugo` here starts Python first."""
    (found,) = PEERS.parent.glob("lib/python*/site-packages/hugo/binaries/hugo*")
    return found


# -- compliance-trestle ----------------------------------------------------------------


def trestle(root: Path, scratch: Path, runs: int, of: Sample) -> Row:
    """Resolve every school's profile of every policy, as trestle understands them."""
    empty = _workspace(root, scratch, ())
    start = medians(lambda: _resolve(empty), runs)
    full = _workspace(root, scratch, of.schools)
    took = medians(lambda: _resolve(full), runs)
    factor = of.of / len(of.schools)
    scaled = Measured(
        start.seconds + (took.seconds - start.seconds) * factor,
        start.cpu + (took.cpu - start.cpu) * factor,
        took.peak,
    )
    name = "compliance-trestle resolving all profiles"
    note = "; ".join(filter(None, ("from OSCAL that we wrote", of.note)))
    return Row("peer", name, scaled, runs=runs, note=note, against=CHECK)


def _resolve(workspace: Path) -> Measured:
    script = Path(__file__).with_name("resolve_profiles.py")
    return run([PEERS / "python", script, workspace], workspace, QUIET)


def _workspace(root: Path, scratch: Path, schools: tuple[str, ...]) -> Path:
    """A trestle workspace with the catalogs, and the profiles of some schools."""
    workspace = _emptied(scratch / f"trestle-{len(schools)}")
    (workspace / ".trestle").mkdir()
    for name in (TRUST, *schools):
        shutil.copytree(root / "site" / name / "data" / "oscal", workspace / name / "data/oscal")
    for profile in sorted(workspace.glob("*/data/oscal/*.profile.json")):
        data = json.loads(profile.read_text("utf-8"))
        for one in data["profile"]["imports"]:  # trestle finds files from its workspace only
            there = (profile.parent / one["href"]).resolve().relative_to(workspace.resolve())
            one["href"] = f"trestle://{there}"
        profile.write_text(json.dumps(data), "utf-8")
    return workspace


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
