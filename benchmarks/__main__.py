"""Measures Clausebook beside its peers and its floors, all in one run: `make bench`.

    python -m benchmarks [--quick] [--size small trust large nation] [--runs N]
                         [--only ours|peers|floors] [--out FILE]

Quote the ratios, not the times: those are of the machine and of the day.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import floors, ours, peers
from benchmarks.running import FailedError, Measured, medians, run
from benchmarks.sizes import GROWTH, SIZES, Size
from benchmarks.table import Row, figure, machine, markdown_table, plain_table

HERE = Path(__file__).parent
ROOT = HERE.parent
KEPT = HERE / ".work"
PYTHON = (sys.executable, "-m")
PACKAGES = ("mkdocs", "mkdocs-material", "zensical", "hugo", "compliance-trestle")
SLOW = {"small": 5, "trust": 3, "large": 3}
"""How many schools a slow peer builds."""
FAST = {"small": 5, "trust": 20, "large": 10}
PAIRS = 12
"""How many redlines are compared with the peer's."""
SEED = 20261121

ABOUT = """\
# Benchmarks

Written by `make bench`; everything in one table was measured in the same run, and figures are
medians. Quote the ratios: the times are of this machine and that day. A ratio says how many times
as long something takes as the row of ours that counts as 1: the cold build, unless the last column
names another.

Sizes are schools × policies × versions. The workloads are made from the examples
(`benchmarks/workload.py`): schools are copies with names, contacts and 3 to 12 overrides a policy
of their own, and every version was ratified. A peer gets the projects that a build leaves in
`build/`, and so starts where most of our work is done: it reads no policies, applies no overrides,
compares no versions, and only turns Markdown into pages. Peak MB is the memory of all processes of
a program together; what they share is counted once for each.
"""


def main() -> None:
    """Measure what is asked for, print it, and write it down after every size.

    What fails is said and left out; the others are still measured.
    """
    asked = _arguments()
    runs = 1 if asked.quick else asked.runs
    sizes = ["small"] if asked.quick else asked.size
    tables: list[str] = []
    for name in sizes:
        size = SIZES[name]
        nation = name == "nation"
        measured = _nation(size, runs) if nation else _measure(name, size, runs, asked)
        rows = list(_shown(measured) if nation else measured)
        _tell(f"{name.capitalize()}: {size}", rows, tables, asked.out)
    if asked.only in (None, "ours"):
        grown = list(_redlines_as_policies_grow())
        _tell("Redlines as a policy grows", grown, tables, asked.out)
        if not asked.quick:
            rows = list(_shown(_growth(runs)))
            _tell("Cost per page as a trust grows", rows, tables, asked.out)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute's look: small, one run")
    sizes = [*SIZES]
    parser.add_argument("--size", nargs="+", choices=sizes, default=sizes, metavar="SIZE")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=["ours", "peers", "floors"])
    parser.add_argument("--out", type=Path, default=HERE / "results.md")
    return parser.parse_args()


def _tell(title: str, rows: Sequence[Row], tables: list[str], out: Path) -> None:
    print(plain_table(title, rows), flush=True)
    tables.append(markdown_table(title, rows))
    out.write_text("\n".join([ABOUT, _machine(), "", *tables]), "utf-8")


def _machine() -> str:
    """What it runs on, and the versions of everything that is compared."""
    ask = "import importlib.metadata as m, sys\nfor p in sys.argv[1:]: print(p, m.version(p))"
    said = run([peers.PEERS / "python", "-c", ask, *PACKAGES], ROOT).output
    return "Measured on: " + machine(said.splitlines()) + "."


def _workload(size: Size) -> Path:
    """The folder of a workload; made in another process, so that this one stays small."""
    print(f"Workload {size} …", file=sys.stderr, flush=True)
    made = run([*PYTHON, "benchmarks.workload", "kept", *size.words], ROOT)
    return Path(made.output.splitlines()[-1])


# -- what is measured ------------------------------------------------------------------


def _measure(name: str, size: Size, runs: int, asked: argparse.Namespace) -> Iterator[Row]:
    """Measure everything at one size, on a copy that is deleted afterwards."""
    kept = _workload(size)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        scratch = Path(folder)
        root = scratch / "trust"
        shutil.copytree(kept, root)
        commands = ours.Commands(root)
        if asked.only in (None, "ours"):
            yield from _shown(ours.measure(root, runs, SEED))
            shutil.rmtree(root)
            shutil.copytree(kept, root)
            yield from _shown(_redlines(root, quick=asked.quick))
        commands.cold()
        slow = peers.sample(root, 1 if asked.quick else SLOW[name], SEED)
        fast = peers.sample(root, FAST[name], SEED)
        if asked.only in (None, "peers"):
            yield from _shown(peers.measure(root, scratch, runs, slow, fast))
        if asked.only in (None, "floors"):
            yield from _shown(floors.measure(root, scratch, runs, slow))


def _shown(rows: Iterator[Row]) -> Iterator[Row]:
    """Say what was done, for whoever waits, and what could not be."""
    try:
        for row in rows:
            print(f"  {row.title}: {figure(row.took.seconds)} s", file=sys.stderr, flush=True)
            yield row
    except FailedError as error:
        print(f"{error}\nThe rest of this group is left out.", file=sys.stderr, flush=True)


def _redlines(root: Path, *, quick: bool) -> Iterator[Row]:
    """Redlines between versions, beside whole-text difflib; in one process, by turns."""
    number = PAIRS // 2 if quick else PAIRS
    measure = [*PYTHON, "benchmarks.redline", str(root), str(number), str(SEED)]
    said = run(measure, ROOT)
    found = json.loads(said.output.splitlines()[-1])
    note = f"sampled {found['pairs']} of {found['every']:,}"
    factor = found["every"] / found["pairs"]

    def row(group: str, name: str, key: str) -> Row:
        seconds = found[key] * factor
        took = Measured(seconds, seconds, said.peak)
        return Row(group, name, took, runs=1, note=note, against=REDLINES)

    yield row("ours", REDLINES, "redline")
    yield row("peer", "difflib over whole texts", "difflib")


REDLINES = "redlines between versions"


def _nation(size: Size, runs: int) -> Iterator[Row]:
    """Check and redline every school of a nation; no pages."""
    root = _workload(size)
    note = f"{size.schools:,} schools"
    took = medians(ours.Commands(root).check, runs)
    yield Row("ours", ours.CHECK, took, runs=runs, note=note, against=ours.CHECK)
    took = medians(lambda: run([*PYTHON, "benchmarks.nation", str(root)], ROOT), runs)
    name = "tailoring and redlining every draft"
    yield Row("ours", name, took, runs=runs, note=note, against=ours.CHECK)
    yield from _redlines(root, quick=False)


def _growth(runs: int) -> Iterator[Row]:
    """Cold builds of trusts with more schools, more policies and more versions."""
    for size in GROWTH:
        with tempfile.TemporaryDirectory(dir=KEPT) as folder:
            root = Path(folder) / "trust"
            shutil.copytree(_workload(size), root)
            took = medians(ours.Commands(root).cold, runs)
            name, one = (f"{ours.COLD} of {which}" for which in (size, GROWTH[0]))
            pages = ours.pages_of(root / "site")
            yield Row("ours", name, took, pages, runs, against=one, per_page=True)


def _redlines_as_policies_grow() -> Iterator[Row]:
    """What `benchmarks.redline` measures of policies that are made up."""
    said = run([*PYTHON, "benchmarks.redline"], ROOT)
    for found in json.loads(said.output.splitlines()[-1]):
        clauses = f"{found['clauses']} clauses"
        for group, key, words in (("ours", "redline", ""), ("peer", "difflib", "difflib, ")):
            seconds = found[key] / 1000
            took = Measured(seconds, seconds, 0)
            note = f"{seconds * 1e6 / found['clauses']:,.0f} µs a clause"
            yield Row(group, words + clauses, took, runs=5, note=note, against=clauses)


if __name__ == "__main__":
    main()
