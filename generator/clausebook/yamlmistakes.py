"""What is wrong with a file that is not YAML, in words for people who do not know YAML's.

PyYAML and libyaml say it differently, and in terms of their own workings; both
are understood here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml

VALUE_WITHOUT_QUOTES = "a text that begins with '{{' needs quotes around it"
QUOTE_IT = "put double quotes around the whole text"


@dataclass(frozen=True)
class Mistake:
    """A mistake and its place; `line` and `column` count from 0."""

    message: str
    hint: str
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True)
class _Place:
    """A line of a file, and a column in it, counted from 0."""

    written: str
    line: int
    column: int

    @property
    def rest(self) -> int:
        """How many characters there are from here to the end of the words."""
        return max(1, len(self.written.rstrip()) - self.column)

    def mistake(self, message: str, hint: str, width: int = 1) -> Mistake:
        return Mistake(message, hint, self.line, self.column, width)


def explain(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> Mistake:
    """Say what an error of the YAML reader means for the text in `lines`."""
    here = _place(error.problem_mark or error.context_mark, lines)
    start = _place(error.context_mark, lines) if error.context_mark else here
    if _QUOTES_NEEDED.match(here.written):
        value = _Place(here.written, here.line, here.written.index("{{"))
        return value.mistake(VALUE_WITHOUT_QUOTES, QUOTE_IT, value.rest)
    said = f"{error.context or ''}: {error.problem or ''}"
    for pattern, say in _RULES:
        if re.search(pattern, said):
            return say(here, start)
    return here.mistake(
        f"this is not YAML: {error.problem or error.context or 'it cannot be read'}",
        "look for a missing colon, quote or bracket here or just above",
    )


_QUOTES_NEEDED = re.compile(r"(?:[^\"'#{]*:)?[ \t-]*\{\{")
"""A line whose value begins with `{{`, which YAML takes for two brackets of its own."""


def _place(mark: yaml.Mark | None, lines: Sequence[str]) -> _Place:
    """The place of a mark; for the end of the file, the end of the last line with words on it."""
    if mark and mark.line < len(lines) and lines[mark.line].strip():
        return _Place(lines[mark.line], mark.line, mark.column)
    last = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip()), 0)
    return _Place(lines[last], last, max(0, len(lines[last].rstrip()) - 1))


def _bad_start(here: _Place, _: _Place) -> Mistake:
    sign = here.written[here.column : here.column + 1]
    if sign == "\t":
        return here.mistake("a tab stands where only spaces can stand", "replace it by spaces")
    return here.mistake(f"a text cannot begin with '{sign}'", QUOTE_IT)


def _glued_colon(here: _Place, _: _Place) -> Mistake:
    return here.mistake("there is no space after this colon", "put one there")


def _bad_sign(_: _Place, start: _Place) -> Mistake:
    return _bad_start(start, start)


def _stray_colon(here: _Place, _: _Place) -> Mistake:
    before = here.written[: here.column]
    if ": " in before:
        return here.mistake(
            "there is a second colon on this line",
            "put double quotes around a text with ': ' in it, or write it, indented, on the next "
            "line after '|'",
        )
    words = _Place(here.written, here.line, len(before) - len(before.lstrip()))
    return words.mistake(
        "this line reads as if it went on with the one above",
        "line it up with its neighbours; in the line above, look for a missing colon, or a colon "
        "or '-' without a space after it",
        words.rest,
    )


def _no_colon(_: _Place, start: _Place) -> Mistake:
    return start.mistake(
        "there is no colon after this",
        "write 'key: value'; a text of several lines stands, indented, under 'key: |'",
        start.rest,
    )


def _open_quote(_: _Place, start: _Place) -> Mistake:
    return start.mistake("the quotation mark that opens here is never closed", "close it")


_CLOSING = {"[": "]", "{": "}"}


def _open_bracket(here: _Place, start: _Place) -> Mistake:
    sign = start.written[start.column : start.column + 1]
    if start.line == here.line and here.rest > 1:
        return here.mistake(
            f"a comma, or the end of what '{sign}' opens, should stand here",
            "put commas between the things in brackets, and quotes around a text with brackets, "
            "commas or ': ' in it",
        )
    return start.mistake(
        "the bracket that opens here is not closed",
        f"close it with '{_CLOSING.get(sign, ']')}', on the same line if you can",
    )


def _backslash(here: _Place, _: _Place) -> Mistake:
    return here.mistake(
        "between double quotes a backslash has a meaning of its own",
        "use single quotes, or write the backslash twice",
    )


def _second_document(here: _Place, _: _Place) -> Mistake:
    return here.mistake(
        "a second document begins here",
        "remove the line of '---' or '...' in the middle of the file",
    )


def _text_after_sign(here: _Place, _: _Place) -> Mistake:
    return here.mistake(
        "a text cannot begin on the same line as its '|' or '>'",
        "begin it on the next line, indented",
        here.rest,
    )


def _list_on_line(here: _Place, _: _Place) -> Mistake:
    return here.mistake(
        "a list cannot begin here",
        "begin it on the next line, indented, or write it in brackets: [one, two]",
    )


def _directive(_: _Place, start: _Place) -> Mistake:
    return start.mistake("a line cannot begin with '%'", QUOTE_IT)


def _misfit(here: _Place, _: _Place) -> Mistake:
    if here.written[: here.column].strip():
        return here.mistake(
            "something follows here although the text has ended",
            "put double quotes around the whole text, and none inside it; look above for a "
            "quotation mark that is not closed",
            here.rest,
        )
    return here.mistake(
        "this line does not line up with those it belongs to",
        "indent it exactly as far as its neighbours",
        here.rest,
    )


_RULES: Sequence[tuple[str, Callable[[_Place, _Place], Mistake]]] = (
    ("cannot start any token|tab character", _bad_start),
    ("scanning an (?:alias|anchor)|(?:scanning|parsing) a tag", _bad_sign),
    ("mapping values are not allowed", _stray_colon),
    ("could not find expected ':'", _no_colon),
    ("quoted scalar: found unexpected end of stream", _open_quote),
    ("expected ',' or", _open_bracket),
    ("escape|hexdecimal|hexadecimal", _backslash),
    ("document", _second_document),
    ("block scalar", _text_after_sign),
    ("directive", _directive),
    ("sequence entries are not allowed", _list_on_line),
    ("node content", _bad_start),
    ("unexpected ':'", _glued_colon),
    ("block (?:mapping|collection)", _misfit),
)
"""What the YAML readers say, tried in this order, and what it means."""
