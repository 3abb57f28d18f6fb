"""No regular expression of the program can be made slow by the text that it reads."""

from __future__ import annotations

import re
import time

import pytest
from tests.patterns import attacks, patterns

LENGTH = 700
"""Signs: what takes the square of it is read in a moment, what takes the cube is not."""

SLOW = 0.5
"""Seconds of this process's own time: a hundred times what the slowest takes."""


def slowest(pattern: re.Pattern[str], length: int = LENGTH) -> float:
    """Seconds that the worst of the texts takes; stops at the first that is too slow."""
    worst = 0.0
    for text in attacks(pattern, length):
        begun = time.process_time()
        pattern.search(text)
        pattern.fullmatch(text)
        worst = max(worst, time.process_time() - begun)
        if worst > SLOW:
            break
    return worst


def test_no_pattern_is_slow_on_a_text_made_for_it() -> None:
    found = patterns()
    assert len(found) > 100
    slow = {name: one.pattern for name, one in found.items() if slowest(one) > SLOW}
    assert not slow


@pytest.mark.parametrize(("bad", "length"), [(r"(a+)+$", 24)])
def test_the_texts_find_a_pattern_that_is_slow(bad: str, length: int) -> None:
    assert slowest(re.compile(bad), length) > 0.1
