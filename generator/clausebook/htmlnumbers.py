"""The numbers and bullets of lists, as a browser shows them.

After the HTML standard, 4.4.5 to 4.4.8, and CSS Counter Styles Level 3: what a list says with
`type`, `start`, `value`, `reversed` and `list-style`; nothing of style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from clausebook.labels import letters, roman

_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman"}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]*)", re.IGNORECASE)
_BULLETS = {"disc": "•", "circle": "◦", "square": "▪"}
_BY_DEPTH = ("disc", "circle", "square")
_HIGHEST = 1_000_000
_ROMANS = 4_000


def _or_digits(count: Callable[[int], str], below: int) -> Callable[[int], str]:
    """A way of counting that has no zero, and digits where it ends."""
    return lambda number: count(number) if 0 < number < below else str(number)


_lower_alpha = _or_digits(letters, _HIGHEST)
_lower_roman = _or_digits(roman, _ROMANS)
_COUNTING: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimal-leading-zero": lambda number: f"{number:02}",
    "lower-alpha": _lower_alpha,
    "lower-latin": _lower_alpha,
    "upper-alpha": lambda number: _lower_alpha(number).upper(),
    "upper-latin": lambda number: _lower_alpha(number).upper(),
    "lower-roman": _lower_roman,
    "upper-roman": lambda number: _lower_roman(number).upper(),
}


@dataclass
class HtmlList:
    """A list while its items are read."""

    style: str
    next: int
    step: int

    @classmethod
    def of(cls, element: etree._Element, depth: int) -> HtmlList:
        """A list at its beginning; `depth` is how many `ul` it stands in."""
        if element.tag != "ol":
            usual = _BY_DEPTH[min(depth, 2)]
            return cls(_style(element) or usual, 1, 1)
        kind = element.get("type") or "1"
        style = _style(element) or _TYPES.get(kind, "upper-roman" if kind == "I" else "decimal")
        is_reversed = element.get("reversed") is not None
        start = _whole(element.get("start"))
        if start is None:
            start = sum(1 for child in element if child.tag == "li") if is_reversed else 1
        return cls(style, start, -1 if is_reversed else 1)

    def label(self, item: etree._Element) -> str:
        """What stands before the next item; "" if nothing does."""
        value = _whole(item.get("value"))
        number = self.next if value is None else value
        self.next = number + self.step
        kind = item.get("type") or ""
        style = _style(item) or _TYPES.get(kind, "upper-roman" if kind == "I" else self.style)
        if style in _COUNTING:
            return f"{_COUNTING[style](number)}."
        return "" if style == "none" else _BULLETS.get(style, "•")


def _whole(text: str | None) -> int | None:
    found = re.match(r"\s*([+-]?[0-9]{1,9})", text or "")
    return min(max(int(found[1]), -_HIGHEST), _HIGHEST) if found else None


def _style(element: etree._Element) -> str:
    """The `list-style-type` that an element itself says."""
    found = _LIST_STYLE.search(element.get("style") or "")
    said = found[1].lower().split() if found else []
    known = [word for word in said if word in _COUNTING or word in _BULLETS or word == "none"]
    return known[0] if known else ""
