"""Every byte of what is on record in the examples, changed: each time it must be found."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from tests.torture.crowd import SHOWN, Case, in_chunks
from tests.torture.outcome import Outcome

from clausebook.archive import REGISTER, read_archive
from clausebook.frozen import read_version
from clausebook.problems import Problems
from clausebook.reading import TRUST_ID
from clausebook.snapshot import Snapshot
from clausebook.sourcefiles import read_source

ROOT = Path(__file__).parent.parent.parent
PATTERNS = ("policy_source/*/versions/*", "schools/*/versions/*/*")
FILES = tuple(
    path.relative_to(ROOT).as_posix()
    for pattern in PATTERNS
    for path in sorted(ROOT.glob(pattern))
    if path.name == REGISTER or path.suffix == ".md"
)
"""Every version and every register."""

ENDS = tuple(accumulate((ROOT / name).stat().st_size for name in FILES))
LONG = ENDS[-1] if ENDS else 0
"""One change for each byte; twice that number makes two different ones of each, and so on."""


def run(number: int, seed: int) -> Outcome:
    """Change so many bytes, one at a time and one after the other; each is a case."""
    wrong = in_chunks(one, number, seed)
    return _outcome(number, wrong)


def one(case: Case) -> str:
    """One byte changed; "" if that is found."""
    name, at, turn = place_of(case)
    data = content(name)
    # another bit for each byte and turn: after eight turns every bit has been changed
    changed = data[at] ^ 1 << (case.seed + at + turn) % 8
    if is_found(name, data[:at] + bytes([changed]) + data[at + 1 :]):
        return ""
    return f"{name}, byte {at}: {data[at]} made {changed} is not found"


def place_of(case: Case) -> tuple[str, int, int]:
    """The file and the byte that a case changes, and how often that byte had its turn before."""
    turn, place = divmod(case.number, LONG)
    number = bisect_right(ENDS, place)
    return FILES[number], place - (ENDS[number - 1] if number else 0), turn


def is_found(name: str, data: bytes) -> bool:
    """Whether what stands in a file now is told: a version's by its seal, a register's by both."""
    problems = Problems()
    if not name.endswith(REGISTER):
        source = read_source(Snapshot({name: data}), name, problems)
        read = read_version(source, problems) if source else None
        return read is None and bool(problems.errors)
    body, policy = whose(name)
    read_archive(Snapshot({**beside(name), name: data}), body, policy, problems)
    return bool(problems.errors)


def whose(name: str) -> tuple[str, str]:
    """The body and the policy of a file on record."""
    parts = name.split("/")
    return (TRUST_ID, parts[1]) if parts[0] == "policy_source" else (parts[1], parts[3])


@cache
def content(name: str) -> bytes:
    """A file as it is."""
    return (ROOT / name).read_bytes()


@cache
def beside(name: str) -> dict[str, bytes]:
    """The files of its folder."""
    folder = name.rpartition("/")[0]
    return {other: content(other) for other in FILES if other.rpartition("/")[0] == folder}


def sample(number: int, seed: int) -> Outcome:
    """The same for bytes chosen by chance: the short form, which has no time for each."""
    rng = Random(seed)  # noqa: S311 - to be the same every time is what it is for
    cases = [Case(rng.randrange(LONG * 8), seed) for _ in range(number)]
    return _outcome(number, [said for said in map(one, cases) if said])


def _outcome(number: int, wrong: list[str]) -> Outcome:
    remarks = tuple(wrong[:SHOWN])
    return Outcome("bytes on record, changed", number, lost=len(wrong), remarks=remarks)
