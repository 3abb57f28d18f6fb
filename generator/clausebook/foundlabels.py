"""Numbers of clauses as other documents print them: `4.2`, `(a)`, `iv.`, `Section 3`, bullets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a number is made of; numbers of one list are of one family."""

    DECIMAL = "decimal"
    LOWER = "lower"
    UPPER = "upper"
    ROMAN = "roman"
    UPPER_ROMAN = "upper roman"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Step:
    """One way of reading a number."""

    family: Family
    numbers: tuple[int, ...]
    """Its value; for `4.2` both parts; empty for a bullet."""

    @property
    def is_first(self) -> bool:
        """Whether a list can begin with it."""
        return self.family is Family.BULLET or self.numbers[-1] == 1

    def follows(self, before: Step) -> bool:
        """Whether it is the next in the same list."""
        if self.family is not before.family:
            return False
        if self.family is Family.BULLET:
            return True
        same = self.numbers[:-1] == before.numbers[:-1]
        return same and self.numbers[-1] == before.numbers[-1] + 1


_SIGNS = "-–—•▪◦‣*·☞➢§ "
"""What may stand before a number without being one: `- a.`"""

BULLET = Step(Family.BULLET, ())

NAMES = (
    "Section|Part|Article|Clause|Paragraph|Appendix|Annexe|Annex|Schedule|Chapter|Rule"
)  # fmt: skip
"""What may stand before a number as its name, as a pattern: `Section 3`."""

_NAMED = re.compile(rf"(?:{NAMES})\s+", re.IGNORECASE)
_DECIMAL = re.compile(r"[(\[]?([0-9]{1,3}(?:\.[0-9]{1,3}){0,5})[.):\]]{0,2}")
_INSERTED = re.compile(r"(?<=[0-9a-z])[A-Z]{1,2}(?=[.)(]|$)")
"""What was put in later has the number before it and a capital: `4.2A`, `(cA)`."""
_LETTERS = re.compile(r"[(\[]?([A-Za-z]{1,7})[.):\]]{0,2}")
_COMPOUND = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,5}\.?((?:\([a-zA-Z0-9]{1,5}\)){1,4})")
_LAST = re.compile(r"\([a-zA-Z0-9]{1,5}\)$")
_MIXED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,5}\.?([a-zA-Z])[.)]?")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def readings(label: str) -> tuple[Step, ...]:
    """Every way of reading a number, the likeliest first; none for "" and for what is no number.

    `i` is the ninth letter and the first Roman number, so it has two.
    """
    bare = _NAMED.sub("", label.strip().lstrip(_SIGNS))
    if not label.strip():
        return ()
    if is_bullet(bare):
        return (BULLET,)
    bare = _INSERTED.sub("", bare)
    if found := _DECIMAL.fullmatch(bare):
        return (Step(Family.DECIMAL, tuple(map(int, found[1].split(".")))),)
    if found := _COMPOUND.fullmatch(bare):
        last = _LAST.search(found[1])
        return readings(last[0]) if last else ()
    if found := _MIXED.fullmatch(bare):
        return _letters(found[1])
    if found := _LETTERS.fullmatch(bare):
        return _letters(found[1])
    return ()


def _letters(text: str) -> tuple[Step, ...]:
    if not (text.islower() or text.isupper()):
        return ()
    lower, small = text.islower(), text.lower()
    steps = []
    if len(set(small)) == 1 and small.isascii():
        value = 26 * (len(small) - 1) + ord(small[0]) - ord("a") + 1
        steps.append(Step(Family.LOWER if lower else Family.UPPER, (value,)))
    if _ROMAN.fullmatch(small):
        roman = Step(Family.ROMAN if lower else Family.UPPER_ROMAN, (_roman(small),))
        steps.insert(0 if len(small) > 1 or small == "i" else 1, roman)
    return tuple(steps)


def _roman(text: str) -> int:
    total = 0
    for sign, after in zip(text, [*text[1:], ""], strict=True):
        value = _VALUES[sign]
        total += -value if after and _VALUES[after] > value else value
    return total


def was_inserted(label: str) -> bool:
    """Whether a number was put in between two others later."""
    return _INSERTED.search(label) is not None


def is_bullet(label: str) -> bool:
    """Whether a label counts nothing, as none does."""
    return not any(sign.isalnum() for sign in label) or label == "o"


def is_number(label: str) -> bool:
    """Whether a label is a number, and no bullet."""
    return any(step.family is not Family.BULLET for step in readings(label))


def same_number(old: str, new: str) -> bool:
    """Whether a number as a document prints it is the one that we print: `(a)` is `6.2(a)`."""
    return _bare(old) in (_bare(new), _bare(_STEPS.findall(new)[-1]) if new else "")


_STEPS = re.compile(r"[A-Za-z0-9]+")


def _bare(label: str) -> tuple[str, ...]:
    return tuple(_STEPS.findall(_NAMED.sub("", label.strip().lstrip(_SIGNS)).casefold()))
