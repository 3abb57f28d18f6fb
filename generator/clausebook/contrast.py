"""Whether colours can be read on one another, as WCAG 2.2 measures it.

Relative luminance and contrast ratio are those of https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

TEXT = 4.5
"""The contrast that words need (success criterion 1.4.3); a focus ring needs less, 3 (1.4.11)."""

EASY = 6.5
"""What links have in dark mode, where thin bright lines are harder on the eye."""

LIGHT = ("#ffffff", "#f4f6f9")
"""What words stand on in light mode: the page and its panels, as in `shell.css`."""

DARK = ("#15181e", "#1f242d")
"""What they stand on in dark mode."""

_SHORT = re.compile(r"#?([0-9a-fA-F]{3})")
_LONG = re.compile(r"#?([0-9a-fA-F]{6})")
_STEPS = 1000
_STRAIGHT = 0.04045
"""Up to here, light grows in proportion to what a colour says."""


def read_colour(text: str) -> str | None:
    """A colour in one form, `#7a1f3d`, from the ones people write; None if it is none."""
    if short := _SHORT.fullmatch(text):
        return "#" + "".join(2 * digit for digit in short[1].lower())
    long = _LONG.fullmatch(text)
    return f"#{long[1].lower()}" if long else None


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, from 1 (none) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lowest(colour: str, papers: Sequence[str]) -> float:
    """The contrast of a colour on the paper on which it is hardest to read."""
    return min(ratio(colour, paper) for paper in papers)


def ink_on(colour: str) -> str:
    """White where it can be read on a colour, otherwise black, which then can."""
    return "#ffffff" if ratio("#ffffff", colour) >= TEXT else "#000000"


@lru_cache(maxsize=1 << 10)
def nearest_readable(colour: str, papers: tuple[str, ...], need: float = TEXT) -> str:
    """The colour of the same hue, its lightness moved least, that can be read on every paper."""
    return next(shade for shade in _shades(colour) if lowest(shade, papers) >= need)


def _shades(colour: str) -> Iterator[str]:
    """The colour itself, then ever darker and lighter ones, to black and to white."""
    hue, light, depth = colorsys.rgb_to_hls(*_channels(colour))
    yield colour
    for step in range(1, _STEPS + 1):
        for moved in (light - step / _STEPS, light + step / _STEPS):
            yield _written(colorsys.hls_to_rgb(hue, min(1.0, max(0.0, moved)), depth))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


@lru_cache(maxsize=1 << 12)
def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= _STRAIGHT else ((part + 0.055) / 1.055) ** 2.4
        for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
