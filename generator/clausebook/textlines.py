"""Lines of text, of a file or of a printed page, as the paragraphs that they were folded from.

A paragraph ends at an empty line, before a number or a bullet, and where a line ends although
the next word had room.  A word that was parted at a line's end is put together again where the
whole word stands elsewhere in the text, and keeps its hyphen where it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clausebook.foundwords import Pieces
from clausebook.roughlines import Rough
from clausebook.typedlabels import begins, digits_of

TAB_STOP = 8
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*")
_LEVELS = {"=": 1, "-": 2}
_USUAL = 0.9
"""So many of the lines that go on are at most as long as the page is wide."""
_PARTED = re.compile(r"([^\W\d_]{2,})[-\u2010\xad]$")
_REST = re.compile(r"[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Line:
    """A line and where it stands."""

    where: str
    text: str

    @property
    def width(self) -> int:
        """How long it is, in characters."""
        return len(self.text.expandtabs(TAB_STOP).rstrip())

    @property
    def indent(self) -> int:
        """How many blanks it begins with."""
        text = self.text.expandtabs(TAB_STOP)
        return len(text) - len(text.lstrip())


Block = Sequence[Line]


def blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines with no empty one between them."""
    block: list[Line] = []
    for line in lines:
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


@dataclass
class Unfolding:
    """A text whose lines are put together as paragraphs."""

    lines: Sequence[Line]
    space: float
    """How wide a blank is, in points."""
    joined: int = 0
    """How many words were parted at a line's end and are whole again."""
    _whole: frozenset[str] = field(init=False)
    _page: int = field(init=False)

    def __post_init__(self) -> None:
        """Learn from all lines how wide the page is, and which words there are."""
        go_on = sorted(
            line.width
            for line, after in zip(self.lines, self.lines[1:], strict=False)
            if line.text.strip() and after.text.strip()
        )
        self._page = go_on[int(len(go_on) * _USUAL)] if go_on else 0
        self._whole = frozenset(w.lower() for line in self.lines for w in _WORD.findall(line.text))

    def rough(self, line: Line) -> Rough:
        """A paragraph that begins with a line."""
        made = Rough(line.where, Pieces(), indent=line.indent * self.space)
        made.pieces.add(line.text.strip(" "))
        return made

    def paragraphs(self, block: Block) -> Iterator[Rough]:
        """The paragraphs of lines with no empty one between them."""
        width = max(self._page, *(line.width for line in block))
        current: Rough | None = None
        before = first = block[0]
        count: int | None = None
        for line in block:
            rule = _UNDERLINE.fullmatch(line.text)
            number = digits_of(line.text)
            if rule:
                if current is not None:
                    current.heading = _LEVELS[rule[1][0]]
                    yield current
                current = None
            elif current is not None and (
                self._hangs(first, line)
                or self.goes_on(before, line, width)
                or self._is_in_sentence(before, line, count, width)
            ):
                self._add(current, line)
            else:
                if current is not None:
                    yield current
                current, first = self.rough(line), line
                count = count if number is None else number
            before = line
        if current is not None:
            yield current

    def _hangs(self, first: Line, line: Line) -> bool:
        """Whether a line stands under the words of a numbered one."""
        return begins(first.text) and not begins(line.text) and line.indent > first.indent

    def goes_on(self, before: Line, line: Line, width: int = 0) -> bool:
        """Whether a line is only folded: it begins nothing, its first word had no room above."""
        if begins(line.text):
            return False
        if _PARTED.search(before.text.rstrip()) and line.text.strip()[0].islower():
            return True
        return self._is_full(before, line, width)

    def _is_full(self, before: Line, line: Line, width: int) -> bool:
        first = line.text.split()[0]
        return before.width + 1 + len(first) > max(width, self._page)

    def _is_in_sentence(self, before: Line, line: Line, count: int | None, width: int) -> bool:
        """Whether a number at a line's start is part of a sentence that was folded there.

        `12. Adapted …` after a full line that ends with `Year`, and not after an 11th item.
        """
        number = digits_of(line.text)
        return (
            number is not None
            and (count is None or number != count + 1)
            and before.text.rstrip()[-1:].isalpha()
            and not (begins(before.text) and before.indent == line.indent)
            and self._is_full(before, line, width)
        )

    def _add(self, current: Rough, line: Line) -> None:
        """A further line of a paragraph."""
        text = line.text.strip()
        end, rest = _PARTED.search(current.pieces.text), _REST.match(text)
        if end is None or rest is None:
            current.pieces.add(f" {text}")
            return
        word = (end[1] + rest[0]).lower()
        if end[0][-1] == "\xad" or (rest[0][0].islower() and word in self._whole):
            last, look = current.pieces.pieces.pop()
            current.pieces.add(last[:-1], look)
            self.joined += 1
        current.pieces.add(text)
