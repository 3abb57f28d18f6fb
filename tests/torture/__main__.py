"""`make torture`: every trial at full length, and one table."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from tests.torture.outcome import Outcome

TRIALS = (
    "scripts",
    "limits",
    "folders",
    "kills",
    "fullness",
    "surroundings",
    "readers",
    "documents",
    "laws",
    "tampering",
)
"""Modules of this package; each has `LONG` (how many cases) and `run(number, seed) -> Outcome`."""


def main() -> int:
    """Run the trials that were asked for; the exit code is 1 if anything went wrong in one."""
    parser = argparse.ArgumentParser(prog="make torture ARGS=...", description=__doc__)
    parser.add_argument("trials", nargs="*", metavar="trial", help=f"of {', '.join(TRIALS)} (all)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other cases")
    parser.add_argument("--number", type=int, help="so many cases of each (as many as it has)")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.trials) - set(TRIALS)):
        parser.error(f"there is no trial {unknown[0]!r}")
    outcomes: list[Outcome] = []
    for name in asked.trials or TRIALS:
        trial = importlib.import_module(f"tests.torture.{name}")
        begun = time.monotonic()
        outcome: Outcome = trial.run(asked.number or trial.LONG, asked.seed)
        outcome = replace(outcome, name=name)
        print(f"{outcome.name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
        for remark in outcome.remarks:
            print(f"  {remark}", file=sys.stderr)
        outcomes.append(outcome)
    print(table(outcomes))
    return int(any(outcome.survived != outcome.tried for outcome in outcomes))


def table(outcomes: list[Outcome]) -> str:
    """The outcomes as a Markdown table, with its date."""
    rows = [
        f"| {one.name} | {one.tried:,} | {one.survived:,} | {one.lost} | {one.executed} "
        f"| {one.uncaught} |"
        for one in outcomes
    ]
    head = "| trial | tried | survived | lost | executed | uncaught |"
    lines = [
        f"`make torture`, {datetime.now(tz=UTC):%-d %B %Y}:",
        "",
        head,
        "|---|--:|--:|--:|--:|--:|",
        *rows,
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
