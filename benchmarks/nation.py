"""Every school of a nation: tailored, and redlined against its version on record; no pages.

    python -m benchmarks.nation ROOT

prints how many schools and redlines, as JSON.  Schools are read in shards, so memory does not
grow with their number; there are as many processes as cores.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.part import school_names, standings

from clausebook.engines import look_for_cycles_seldom
from clausebook.redlineinline import Unlinked
from clausebook.redlinepage import redline_policy_lines
from clausebook.remembering import forget

SHARD = 200


def redlined(root: Path, schools: list[str]) -> tuple[int, int]:
    """Redline every draft of some schools; gives how many, and how many lines they have."""
    redlines, lines = 0, 0
    for state in standings(root, schools):
        redlines += 1
        lines += len(redline_policy_lines(state.comparison, Unlinked()))
    forget()
    return redlines, lines


def main() -> None:
    """Do them all."""
    root = Path(sys.argv[1])
    schools = school_names(root)
    shards = [schools[at : at + SHARD] for at in range(0, len(schools), SHARD)]
    with ProcessPoolExecutor(os.cpu_count(), initializer=look_for_cycles_seldom) as pool:
        done = list(pool.map(partial(redlined, root), shards))
    print(json.dumps({"schools": len(schools), "redlines": sum(number for number, _ in done)}))


if __name__ == "__main__":
    main()
