"""SECURITY.md says what was tried, and how it went."""

from __future__ import annotations

import os
import re

import pytest
from tests.conftest import ROOT
from tests.torture.__main__ import TRIALS

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
SECTION = TEXT.partition("\n## What was tried\n")[2]
ABOUT, _, TABLE = SECTION.partition(
    "<!-- The table that `make torture` prints goes below this line, with its date. -->\n"
)


def rows(text: str) -> list[list[str]]:
    """The cells of the rows of a table, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_trial_is_described() -> None:
    assert [row[0] for row in rows(ABOUT)] == list(TRIALS)


def test_every_trial_was_run_at_length_and_lost_nothing() -> None:
    found = rows(TABLE)
    if not found:
        message = "no table in SECURITY.md yet: run `make torture` and put it there"
        if os.environ.get("CI"):
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    assert re.search(r"(?m)^`make torture`, \d{1,2} [A-Z][a-z]+ 20\d\d:$", TABLE)
    assert [row[0] for row in found] == list(TRIALS)
    for name, tried, survived, *harm in found:
        assert int(tried.replace(",", "")) > 0, name
        assert tried == survived, name
        assert harm == ["0", "0", "0"], name
