"""A hundred schools take twenty times the work of five, and not more.

Nothing here is timed: work is counted, so that the tests say the same on any machine.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import PurePosixPath
from types import FrameType
from typing import Any

import pytest
import yaml
from tests.many_schools import many_schools

from clausebook import wordblocks
from clausebook.engines import Here
from clausebook.pipeline import check
from clausebook.problems import Problems
from clausebook.remembering import forget

TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class CountingTree:
    """A trust's folder in memory that counts how often each file is read."""

    contents: Mapping[str, bytes]
    reads: Counter[str] = field(default_factory=Counter)

    def read_bytes(self, path: str) -> bytes:
        """See `Tree.read_bytes`."""
        self.reads[path] += 1
        return self.contents[path]

    def is_file(self, path: str) -> bool:
        """See `Tree.is_file`."""
        return path in self.contents

    def folders(self, path: str) -> tuple[str, ...]:
        """See `Tree.folders`."""
        return tuple(
            sorted(name for name in self._entries[path] if f"{path}/{name}" in self._entries)
        )

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`."""
        return tuple(sorted(name for name in self._entries[path] if name.endswith(suffix)))

    @cached_property
    def _entries(self) -> Mapping[str, set[str]]:
        """What stands in each folder: looked up, as on a disk, not searched for."""
        entries: dict[str, set[str]] = defaultdict(set)
        for name in self.contents:
            path = PurePosixPath(name)
            for below, above in pairwise([path, *path.parents]):
                entries[str(above)].add(below.name)
        return entries


def checked(files: Mapping[str, bytes]) -> CountingTree:
    """Check a trust in which nothing must be mended; gives what was read of it."""
    tree, problems = CountingTree(files), Problems()
    check(tree, problems, TODAY, Here())  # in this process, where reads are counted
    assert problems.errors == ()
    return tree


def test_every_file_of_a_hundred_schools_is_read_once() -> None:
    files = many_schools(100)
    assert checked(files).reads == Counter(dict.fromkeys(files, 1))


def test_masters_are_parsed_once_and_every_yaml_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many schools there are: parsing is most of the work."""
    checked(many_schools(1))  # what comes with Clausebook is read now
    calls: Counter[str] = Counter()

    def count(module: Any, name: str) -> None:  # noqa: ANN401 - any module
        real = getattr(module, name)

        def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            calls[name] += 1
            return real(*arguments, **named)

        monkeypatch.setattr(module, name, counted)

    count(wordblocks, "markdown")
    count(yaml, "compose")
    done = {}
    for number in (5, 25):
        calls.clear()
        files = many_schools(number)
        checked(files)
        assert calls["compose"] == len(files), "front matter and YAML files, once each"
        done[number] = calls["markdown"]
    masters = sum(name.endswith("policy.md") for name in files)
    of_schools = [number_of_wordings(many_schools(number)) for number in (5, 25)]
    assert done[25] - done[5] == of_schools[1] - of_schools[0]
    assert done[5] == masters + of_schools[0]


def number_of_wordings(files: Mapping[str, bytes]) -> int:
    """How many overrides of a trust bring wording of their own."""
    texts = [data.decode() for name, data in files.items() if name.startswith("schools/")]
    return sum(text.count(f"  {key}: ") for text in texts for key in ("with", "- add"))


def work(number: int) -> int:
    """How many calls it takes to check a trust of so many schools."""
    files, total = many_schools(number), 0
    forget()  # so that every trust begins alike

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal total
        total += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        checked(files)
    finally:
        sys.setprofile(None)
    return total


@pytest.mark.slow
def test_a_school_more_is_the_same_work_however_many_there_are() -> None:
    work(5)  # what is kept for next time is kept now
    few, more, many = (work(number) for number in (5, 15, 25))
    assert many - more <= 1.002 * (more - few)
