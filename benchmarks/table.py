"""One table of everything that was measured: ratios first, for terminals and as Markdown."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.running import Measured

HEAD = ("ratio", "what", "seconds", "cpu s", "pages", "pages/s", "ms/page", "peak MB", "runs", "")
LEFT = (1, 9)
"""Columns of words; the others are numbers and stand on the right."""


@dataclass(frozen=True)
class Row:
    """One thing that was measured."""

    group: str
    name: str
    took: Measured
    pages: int | None = None
    runs: int = 1
    note: str = ""
    against: str = "cold build"
    """Which of the rows of ours is 1."""
    per_page: bool = False
    """Whether the ratio is that of the time for one page."""

    @property
    def title(self) -> str:
        """What it is called in the table."""
        return f"{self.group}: {self.name}"


def cells(row: Row, base: Row | None) -> tuple[str, ...]:
    """The row in words and figures; `base` is what counts as 1."""
    seconds, pages = row.took.seconds, row.pages
    ratio = figure(_cost(row) / _cost(base, row)) if base and base.took.seconds else ""
    per_page = (figure(pages / seconds), figure(seconds * 1000 / pages)) if pages else ("", "")
    one = "" if row.against == "cold build" else f"1 = {row.against}"
    one += ", by the page" if row.per_page else ""
    note = "; ".join(filter(None, (one, row.note)))
    return (
        *(ratio, row.title, figure(seconds), figure(row.took.cpu)),
        *(f"{pages:,}" if pages else "", *per_page),
        *(f"{row.took.peak:,.0f}" if row.took.peak else "", str(row.runs), note),
    )


def _cost(row: Row, like: Row | None = None) -> float:
    """What counts in a row: its time, or its time for one page."""
    return row.took.seconds / (row.pages or 1 if (like or row).per_page else 1)


def figure(number: float) -> str:
    """A number with the digits that mean something."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2g}" if number < 1 else f"{number:.3g}"


def lines_of(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """All rows, each beside the one of ours that it is to be compared with."""
    ours = {row.name: row for row in rows if row.group == "ours"}
    return [cells(row, ours.get(row.against)) for row in rows]


def plain_table(title: str, rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    lines = [HEAD, *lines_of(rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEAD))]
    shown = (
        "  ".join(
            cell.ljust(width) if at in LEFT else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
    return "\n".join([title, "", *shown, ""])


def markdown_table(title: str, rows: Sequence[Row]) -> str:
    """The table as Markdown."""
    marks = [":--" if at in LEFT else "--:" for at in range(len(HEAD))]
    lines = ["| " + " | ".join(line) + " |" for line in (HEAD, marks, *lines_of(rows))]
    return "\n".join([f"## {title}", "", *lines, ""])


def machine(versions: Sequence[str]) -> str:
    """What everything ran on, in a paragraph: neither whose machine it is nor where."""
    model = "an unknown processor"
    info = Path("/proc/cpuinfo")
    if info.is_file():
        found = re.search(r"(?m)^model name\s*: (.*)", info.read_text("utf-8"))
        model = found[1].strip() if found else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB; {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}; {', '.join(versions)}"
    )
