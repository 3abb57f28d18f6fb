"""Tables on a terminal: as wide as it is, in colour only there."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH = 100
"""How wide a table is that no terminal shows."""

Cell = str | Sequence[tuple[str, str]]
"""Text, or lines each with the name of a colour ("" for none)."""


def draw_table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A table as text."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(_text, row))
    shown = StringIO()
    is_terminal = sys.stdout.isatty()
    width = Console().width if is_terminal else WIDTH
    colours = Console(file=shown, width=width, force_terminal=is_terminal, highlight=False)
    colours.print(table)
    return "\n".join(line.rstrip() for line in shown.getvalue().split("\n"))


def _text(cell: Cell) -> Text:
    """What stands in a cell; never markup, whatever signs are in it."""
    if isinstance(cell, str):
        return Text(cell)
    return Text("\n").join(Text(line, style=style) for line, style in cell)
