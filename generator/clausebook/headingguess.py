"""Which lines of a document are headings, where its file does not say so, and of what rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from clausebook.found import FoundLine, FoundPart, FoundTable
from clausebook.foundlabels import Family, readings
from clausebook.prose import Inlines, Strong, plain

SHORT = 14
"""Words of the longest line that is taken for a heading without the file saying so."""

LONG_HEADING = 20
"""A line of more words that ends like a sentence is none, even where the file says it is."""

SENTENCE = 8
"""Words from which a line without a number is taken for wording."""


class Look(IntEnum):
    """Why a line is taken for a heading; what is smaller stands higher."""

    STYLED = 0
    NUMBERED = 1
    CAPITALS = 2
    BOLD = 3
    PLAIN = 4


@dataclass(frozen=True)
class Guess:
    """A line that is a heading."""

    look: Look
    rank: int
    """Smaller is higher; of the same rank, beside one another."""


def is_bold(words: Inlines) -> bool:
    """Whether all that can be seen is bold."""
    seen = [word for word in words if plain((word,)).strip()]
    return bool(seen) and all(isinstance(word, Strong) for word in seen)


def is_capitals(text: str) -> bool:
    """Whether all letters are capitals, and there are enough of them to tell."""
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(1 for sign in letters if sign.isupper())
    return len(letters) > 3 and capitals >= 0.9 * len(letters)  # noqa: PLR2004 - "DSL" says nothing


class Guesser:
    """Knows the whole document."""

    def __init__(self, parts: Sequence[FoundPart]) -> None:
        """Look at how the document sets its headings."""
        self.parts = parts
        lines = [part for part in parts if isinstance(part, FoundLine)]
        self.styled = any(line.heading and not line.is_title for line in lines)
        looks = [self._look(at) for at in range(len(parts))]
        self.often = {look: looks.count(look) for look in Look}
        self.looks = looks

    def guess(self, at: int, styled_above: int) -> Guess | None:
        """Whether a part is a heading; `styled_above` is the level of the last that the file has.

        What the file says is believed, but for sentences.
        """
        look, part = self.looks[at], self.parts[at]
        if look is None or not isinstance(part, FoundLine):
            return None
        if look is Look.STYLED:
            return Guess(look, 10 * part.heading)
        steps = readings(part.label)
        decimal = next((s for s in steps if s.family is Family.DECIMAL), None)
        if self.styled:
            return Guess(look, 10 * max(1, styled_above) + 5)
        if decimal:
            return Guess(look, 10 * len(decimal.numbers))
        if steps:
            return Guess(look, 15)
        if look is Look.CAPITALS and self.often[look] > 1 and not self.often[Look.NUMBERED]:
            return Guess(look, 10)
        if look is Look.BOLD and self.often[look] > 1:
            return Guess(look, 20)
        return Guess(look, 20 if self._has_higher() else 10)

    def _has_higher(self) -> bool:
        """Whether there are headings above those that only stand alone."""
        return self.often[Look.NUMBERED] > 1 or self.often[Look.CAPITALS] > 1

    def _look(self, at: int) -> Look | None:  # noqa: PLR0911 - one rule after another
        part = self.parts[at]
        if not isinstance(part, FoundLine):
            return None
        text = plain(part.words).strip()
        many = len(text.split())
        if not any(sign.isalnum() for sign in text):
            return None
        if part.heading:
            sentence = many > LONG_HEADING and text.endswith((".", ";", ":"))
            return None if sentence else Look.STYLED
        if many > SHORT or text.endswith((".", ";", ",", "!", "?")) or text[0].islower():
            return None
        steps = readings(part.label)
        bullet = part.label and not any(step.family is not Family.BULLET for step in steps)
        bold, capitals = is_bold(part.words), is_capitals(text)
        if bullet or (part.level is not None and not (steps and (bold or capitals))):
            return None
        if steps:
            return self._numbered(at, bold=bold or capitals)
        if not self._leads(at, any_line=bold or capitals):
            return None
        if capitals and not text.endswith(":"):
            return Look.CAPITALS
        if bold:
            return Look.BOLD
        return None if self.styled or text.endswith(":") else Look.PLAIN

    def _numbered(self, at: int, *, bold: bool) -> Look | None:
        """A short line with a number is a heading if it looks like one, or wording follows."""
        part = self.parts[at]
        assert isinstance(part, FoundLine)  # noqa: S101 - asked of lines
        steps = readings(part.label)
        if not any(step.family in (Family.DECIMAL, Family.UPPER) for step in steps):
            return None
        after = self._after(at)
        if after is None:
            return None
        deeper = [s for s in readings(after.label) if s.family is Family.DECIMAL]
        decimal = next((s for s in steps if s.family is Family.DECIMAL), None)
        holds = decimal and any(
            len(s.numbers) > len(decimal.numbers)
            and s.numbers[: len(decimal.numbers)] == decimal.numbers
            for s in deeper
        )
        many = len(plain(after.words).split())
        if bold or holds or (not self.styled and not after.label and many >= SENTENCE):
            return Look.NUMBERED
        return None

    def _leads(self, at: int, *, any_line: bool) -> bool:
        """Whether what follows can stand under a heading."""
        after = self.parts[at + 1] if at + 1 < len(self.parts) else None
        if after is None:
            return False
        if any_line or isinstance(after, FoundTable):
            return True
        text = plain(after.words).strip()
        sentence = len(text.split()) >= SENTENCE or text.endswith((".", ":", ";"))
        return bool(after.label) or after.level is not None or sentence

    def _after(self, at: int) -> FoundLine | None:
        after = self.parts[at + 1] if at + 1 < len(self.parts) else None
        return after if isinstance(after, FoundLine) else None
