"""The numbers that Word prints and does not store: counted as the lists of a document say.

After ECMA-376 Part 1, 17.9.  A paragraph names a `num` and a level; a num is an `abstractNum`
with overrides; nums of one abstractNum count on together, unless an override starts anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from clausebook.docxfiles import W
from clausebook.docxstyles import Indent, Styles, indent, switch, value, whole
from clausebook.docxsymbols import bullet
from clausebook.labels import roman

LEVELS = 9
_MAX_LINKS = 10
"""So many lists name one another through styles at most."""
_MAX_NUMBER = 32_767
"""The highest number that Word counts to."""
_MAX_LETTERS = 26 * 30
"""Letters count to thirty of them, as in Word."""


@dataclass(frozen=True)
class Level:
    """How one level of a list counts."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False
    """Whether its numbers are printed 1, 2, 3 however the levels above count (17.9.4)."""
    restart: int | None = None
    """After which level, from 1, it starts anew; 0 for never; None for any above (17.9.10)."""
    style: str = ""
    """The paragraph style that is this level (17.9.23)."""
    indent: Indent = field(default_factory=Indent)
    picture: bool = False


@dataclass(frozen=True)
class Printed:
    """The number of a paragraph."""

    label: str
    unknown: str = ""
    """The way of counting that could not be read; the number is then shown as 1, 2, 3."""


@dataclass
class _List:
    """An abstractNum: its levels, and how far it has counted."""

    levels: Mapping[int, Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * LEVELS)


@dataclass
class _Num:
    list: _List
    levels: Mapping[int, Level]
    starts: Mapping[int, int]
    used: set[int] = field(default_factory=set)


class Numbering:
    """All lists of a document; counts as paragraphs are given to it in reading order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        """Read them from the part `numbering.xml`, if there is one."""
        self._styles = styles
        self._abstract: dict[str, etree._Element] = {}
        self._elements: dict[str, etree._Element] = {}
        for element in root if root is not None else ():
            if element.tag == W + "abstractNum":
                self._abstract.setdefault(element.get(W + "abstractNumId", ""), element)
            elif element.tag == W + "num":
                self._elements.setdefault(element.get(W + "numId", ""), element)
        self._lists: dict[str, _List] = {}
        self._nums: dict[str, _Num | None] = {}

    def place(self, properties: etree._Element | None, style: str) -> tuple[str, int] | None:
        """The num and the level, from 0, of a paragraph with these properties; None without.

        What a style says of the level is its place among the levels that name a style (17.9.23).
        """
        num = value(properties, "numPr/numId")
        level = whole(value(properties, "numPr/ilvl"))
        if num is None:
            for step in self._styles.chain(style):
                num = value(step.element, "pPr/numPr/numId")
                if num is None:
                    continue
                if level is None:
                    level = self._level_of_style(num, style, step.id)
                if level is None:
                    level = whole(value(step.element, "pPr/numPr/ilvl"))
                break
        if num is None or self._num(num) is None:
            return None
        return num, min(max(level or 0, 0), LEVELS - 1)

    def _level_of_style(self, num: str, style: str, giver: str) -> int | None:
        """The level that names a style, or one of those it is based on, down to the giver."""
        found = self._num(num)
        if found is None:
            return None
        by_style = {level.style: number for number, level in found.levels.items() if level.style}
        for step in self._styles.chain(style):
            if step.id in by_style:
                return by_style[step.id]
            if step.id == giver:
                break
        return None

    def indent(self, num: str, level: int) -> Indent:
        """How far a level stands from the margin."""
        found = self._num(num)
        at = found.levels.get(level) if found else None
        return at.indent if at else Indent()

    def count(self, num: str, level: int) -> Printed:
        """The number of the next paragraph of a list."""
        found = self._num(num)
        if found is None or level not in found.levels:
            return Printed("")
        counts = found.list.counts
        override = found.starts.get(level)
        now = counts[level]
        if now is None or (override is not None and level not in found.used):
            counts[level] = _start(found, level)
        else:
            counts[level] = min(now + 1, _MAX_NUMBER)
        found.used.add(level)
        for above in range(level):
            # a level that was left out is where its list begins; what a num overrides comes
            # with its first paragraph, as LibreOffice has it
            if counts[above] is None:
                counts[above] = found.levels[above].start if above in found.levels else 1
        for below in range(level + 1, LEVELS):
            restart = found.levels[below].restart if below in found.levels else None
            if restart is None or restart > below or level < restart:
                counts[below] = None
        return _printed(found, level)

    def _num(self, id_: str) -> _Num | None:
        if id_ not in self._nums:
            element = self._elements.get(id_)
            found = None if id_ == "0" or element is None else self._read(element)
            self._nums[id_] = found
        return self._nums[id_]

    def _read(self, element: etree._Element) -> _Num | None:
        abstract = self._abstract.get(value(element, "abstractNumId") or "")
        for _ in range(_MAX_LINKS):
            link = value(abstract, "numStyleLink")
            if abstract is None or link is None:
                break
            abstract = self._linked(link)
        if abstract is None:
            return None
        id_ = abstract.get(W + "abstractNumId", "")
        if id_ not in self._lists:
            self._lists[id_] = _List(_levels(abstract))
        levels = dict(self._lists[id_].levels)
        starts: dict[int, int] = {}
        for override in element.iterfind(W + "lvlOverride"):
            at = whole(override.get(W + "ilvl"))
            if at is None or not 0 <= at < LEVELS:
                continue
            own = override.find(W + "lvl")
            if own is not None:
                levels[at] = _level(own)
            start = whole(value(override, "startOverride"))
            if start is not None:
                starts[at] = min(max(start, 0), _MAX_NUMBER)
        return _Num(self._lists[id_], levels, starts)

    def _linked(self, style: str) -> etree._Element | None:
        """The abstractNum that a list style leads to (17.9.21, 17.9.27)."""
        for abstract in self._abstract.values():
            if value(abstract, "styleLink") == style:
                return abstract
        for step in self._styles.chain(style):
            num = self._elements.get(value(step.element, "pPr/numPr/numId") or "")
            if num is not None:
                return self._abstract.get(value(num, "abstractNumId") or "")
        return None


def _levels(abstract: etree._Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for element in abstract.iterfind(W + "lvl"):
        at = whole(element.get(W + "ilvl"))
        if at is not None and 0 <= at < LEVELS:
            levels.setdefault(at, _level(element))
    return levels


def _level(element: etree._Element) -> Level:
    start = whole(value(element, "start"))
    legal = switch(element, "isLgl")
    text = value(element, "lvlText") or ""
    return Level(
        start=min(max(0 if start is None else start, 0), _MAX_NUMBER),
        format=value(element, "numFmt") or "decimal",
        text=text[:200],
        legal=bool(legal),
        restart=whole(value(element, "lvlRestart")),
        style=value(element, "pStyle") or "",
        indent=indent(element.find(W + "pPr")),
        picture=element.find(W + "lvlPicBulletId") is not None,
    )


def _start(num: _Num, level: int) -> int:
    if level in num.starts:
        return num.starts[level]
    return num.levels[level].start if level in num.levels else 1


def _printed(num: _Num, level: int) -> Printed:
    at = num.levels[level]
    if at.format == "bullet" or at.picture:
        return Printed(bullet(at.text))
    unknown = ""

    def number(found: re.Match[str]) -> str:
        nonlocal unknown
        step = int(found[1]) - 1
        if step > level:
            return ""
        count = num.list.counts[step]
        way = num.levels[step].format if step in num.levels else "decimal"
        if at.legal and way != "none":
            way = "decimal"
        if way not in FORMATS:
            unknown, way = way, "decimal"
        return FORMATS[way](count or 0)

    return Printed(re.sub("%([1-9])", number, at.text).strip(), unknown)


# -- ways of counting (17.18.59) --------------------------------------------------------


def _letters(number: int) -> str:
    """From a to z, then aa, bb, and so on."""
    if not 0 < number <= _MAX_LETTERS:
        return str(number) if number else ""
    times, at = divmod(number - 1, 26)
    return chr(ord("a") + at) * (times + 1)


def _roman(number: int) -> str:
    return roman(number) if 0 < number < 4000 else str(number)  # noqa: PLR2004 - MMMCMXCIX


def _ordinal(number: int) -> str:
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = [
    "zero",
    "ten",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]
_FIRSTS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _cardinal(number: int) -> str:
    if number >= 100:  # noqa: PLR2004
        return str(number)
    if number < len(_ONES):
        return _ONES[number].capitalize()
    tens, ones = divmod(number, 10)
    return (_TENS[tens] + (f"-{_ONES[ones]}" if ones else "")).capitalize()


def _ordinal_words(number: int) -> str:
    if number >= 100:  # noqa: PLR2004
        return _ordinal(number)
    before, dash, last = _cardinal(number).lower().rpartition("-")
    if last in _FIRSTS:
        last = _FIRSTS[last]
    else:
        last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return (before + dash + last).capitalize()


FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "ordinal": _ordinal,
    "cardinalText": _cardinal,
    "ordinalText": _ordinal_words,
    "numberInDash": lambda number: f"- {number} -",
    "bullet": lambda _: "",
    "none": lambda _: "",
}
"""What a number looks like in each way of counting that is read."""
