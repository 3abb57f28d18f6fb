"""Problems drawn for people and for machines: text, JSON, GitHub annotations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from unicodedata import combining, east_asian_width

from clausebook.english import count
from clausebook.problems import Problem, Severity
from clausebook.source import INVISIBLE, Span

MAX_EXCERPT = 100
"""Columns of a source line that are shown; a longer line is cut around its place."""


def draw(problem: Problem) -> str:
    """One problem as text.

    For instance::

        error[unknown-clause]: 'sm-170' is not a clause of this policy
         --> schools/kestrel/social-media.yml:4:14
          |
        4 |   - replace: sm-170
          |              ^^^^^^
          = help: did you mean 'sm-17'?
    """
    number = str(problem.span.line) if problem.span.width else ""
    gutter = " " * max(1, len(number))
    lines = [
        f"{problem.severity}[{problem.code}]: {problem.message}",
        f"{gutter}--> {_place(problem.span)}",
        *_excerpt(problem.span, gutter),
    ]
    for span, words in problem.notes:
        lines.append(f"{gutter} = note: {words}: {_place(span)}")
    if problem.hint:
        lines.append(f"{gutter} = help: {problem.hint}")
    return "\n".join(map(_visible, lines))


def _visible(text: str) -> str:
    """On one line, and with a sign for what a terminal would obey and not show."""
    return INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", "→"))


def _place(span: Span) -> str:
    return str(span) if span.width else span.source.name


def _excerpt(span: Span, gutter: str) -> list[str]:
    if not span.width:
        return []
    lines = span.source.lines
    line = lines[span.line - 1] if span.line <= len(lines) else ""
    start = min(max(0, span.column - 1), len(line))
    first = max(0, min(start - MAX_EXCERPT // 2, len(line) - MAX_EXCERPT))
    shown = line[first : first + MAX_EXCERPT]
    before = "…" if first else ""
    after = "…" if first + MAX_EXCERPT < len(line) else ""
    marked = shown[start - first : start - first + span.width]
    pad = _columns(before + shown[: start - first])
    return [
        f"{gutter} |",
        f"{span.line} | {before}{shown}{after}".rstrip(),
        f"{gutter} | {' ' * pad}{'^' * max(1, _columns(marked))}",
    ]


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in text
    )


def summary(problems: Sequence[Problem]) -> str:
    """`2 errors and 1 warning`."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    parts = [count(errors, "error")] if errors else []
    parts += [count(warnings, "warning")] if warnings else []
    return " and ".join(parts) or "no problems"


def as_text(problems: Sequence[Problem]) -> str:
    """Every problem drawn, and how many there are."""
    return "\n\n".join([*map(draw, problems), summary(problems)])


def as_json(problems: Iterable[Problem]) -> str:
    """Every problem as an object in one JSON list."""
    return json.dumps([_object(problem) for problem in problems], indent=2, ensure_ascii=False)


def _object(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": _visible(problem.message),
        **_where(problem.span),
        "hint": _visible(problem.hint),
        "notes": [{**_where(span), "message": _visible(words)} for span, words in problem.notes],
    }


def _where(span: Span) -> dict[str, object]:
    return {
        "file": _visible(span.source.name),
        "line": span.line,
        "column": span.column,
        "end_column": span.column + span.width,
    }


def as_github(problems: Iterable[Problem]) -> str:
    """Every problem as a GitHub workflow command, which shows it beside the line."""
    return "\n".join(map(_annotation, problems))


def _annotation(problem: Problem) -> str:
    span = problem.span
    words = _visible(problem.message) + (f"\n{_visible(problem.hint)}" if problem.hint else "")
    properties = {
        "file": _visible(span.source.name),
        "line": str(span.line),
        "col": str(span.column),
        "endColumn": str(span.column + span.width),
        "title": problem.code,
    }
    listed = ",".join(f"{key}={_escape_property(value)}" for key, value in properties.items())
    return f"::{problem.severity} {listed}::{_escape_data(words)}"


def _escape_data(text: str) -> str:
    """As GitHub's own toolkit does: actions/toolkit, packages/core/src/command.ts."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS = {"text": as_text, "json": as_json, "github": as_github}
"""The formats of `clausebook check --format`."""
