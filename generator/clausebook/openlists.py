"""The lists of a document that go on where an item comes, and which of them it goes on with."""

from __future__ import annotations

from dataclasses import dataclass, field

from clausebook.found import FoundLine
from clausebook.foundlabels import Family, Step, readings
from clausebook.prose import plain

NEAR = 3.0
"""Indents that differ by no more points are the same."""


@dataclass(frozen=True)
class Open:
    """A list that goes on."""

    step: Step
    """The number of its last item."""
    depth: int
    level: int | None
    indent: float
    node: int
    """Its last item."""
    announces: bool
    """Whether that item ends with a colon, so that what comes stands under it."""


@dataclass
class OpenLists:
    """All that go on, the outermost first."""

    open: list[Open] = field(default_factory=list)

    def place(self, line: FoundLine, steps: tuple[Step, ...]) -> tuple[int, Step]:
        """How deep an item stands, and what its number is read as.

        Where the file itself counts, its levels decide; else the numbers, then the indent.
        """
        if line.level is None or line.typed:
            return self._typed_place(line, steps)
        known = [one for one in self.open if one.level is None or one.level <= line.level]
        same = known[-1] if known and known[-1].level == line.level else None
        depth = same.depth if same else len(known) + 1
        return depth, _going_on(steps, same.step if same else None)

    def _typed_place(self, line: FoundLine, steps: tuple[Step, ...]) -> tuple[int, Step]:
        if not self.open:
            return 1, _going_on(steps, None)
        last = self.open[-1]
        deeper = line.indent > last.indent + NEAR > NEAR
        for one in reversed(self.open):
            for step in steps:
                level = abs(one.indent - line.indent) <= NEAR or not (one.indent and line.indent)
                if step.family is Family.BULLET and one.step.family is Family.BULLET:
                    if level and not (one is last and deeper):
                        return one.depth, step
                elif step.follows(one.step):
                    return one.depth, step
        step = _going_on(steps, None)
        if step.is_first:
            return self._new(line, step, deeper=deeper), step
        same = [one.depth for one in self.open if one.step.family is step.family]
        return (same[-1] if same else last.depth + 1), step

    def _new(self, line: FoundLine, step: Step, *, deeper: bool) -> int:
        """How deep a list stands that begins with this line."""
        last = self.open[-1]
        if deeper or last.announces:
            return last.depth + 1
        shallower = [one.depth for one in self.open if one.indent <= line.indent + NEAR]
        if last.indent and line.indent and line.indent < last.indent - NEAR and shallower:
            return shallower[-1]
        same = [one.depth for one in self.open if one.step.family is step.family]
        if same:
            return same[-1]
        beside = step.family is Family.BULLET and line.indent and last.indent
        return last.depth if beside else last.depth + 1

    def under(self, depth: int) -> tuple[int, int | None]:
        """The depth that an item can have, which closes deeper lists; and the item above it."""
        self.open = [one for one in self.open if one.depth < depth]
        return min(depth, len(self.open) + 1), self.open[-1].node if self.open else None

    def take(self, line: FoundLine, step: Step, depth: int, node: int) -> None:
        """An item has been put at a depth."""
        announces = plain(line.words).rstrip().endswith((":", ";-", ":-"))
        self.open.append(Open(step, depth, line.level, line.indent, node, announces))

    def hold(self, line: FoundLine) -> bool:
        """Whether the file sets a paragraph as a part of the item above it."""
        last = self.open[-1]
        if line.level is not None:
            return True
        return line.indent > NEAR and last.indent > 0 and line.indent >= last.indent - NEAR

    def go_on_with(self, line: FoundLine) -> bool:
        """Whether a line is the next item of one of them."""
        return any(
            step.follows(one.step) and (line.typed or one.level == line.level)
            for step in readings(line.label)
            for one in self.open
        )


def _going_on(steps: tuple[Step, ...], before: Step | None) -> Step:
    """What a number is read as after another one: the next, else the first of a list."""
    following = [step for step in steps if before and step.follows(before)]
    first = [step for step in steps if step.is_first]
    return (*following, *first, *steps)[0]
