"""Redlines in the colours of a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from clausebook.redlinetext import Line, Segment, Voice, plain_text

_COLOURS = {
    Voice.DELETED: {"fg": "red", "strikethrough": True},
    Voice.INSERTED: {"fg": "green", "underline": True},
    Voice.FORMATTED: {"bold": True},
    Voice.LABEL: {"bold": True},
    Voice.TAG: {"fg": "cyan"},
    Voice.FOLD: {"dim": True},
}


def redlined(lines: Sequence[Line]) -> str:
    """Lines of a redline: coloured on a terminal, with signs in place of colours elsewhere."""
    if not sys.stdout.isatty():
        return plain_text(lines)
    return "\n".join("".join(_coloured(segment) for segment in line) for line in lines)


def _coloured(segment: Segment) -> str:
    return click.style(segment.text, **_COLOURS.get(segment.voice, {}))  # type: ignore[arg-type]
