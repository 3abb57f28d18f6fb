"""What all commands share: the `--root` option, dates, exit codes, problems on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from clausebook import report
from clausebook.dates import MESSAGE as DATE_MESSAGE
from clausebook.dates import read_date
from clausebook.english import count
from clausebook.orders import Order, Tally
from clausebook.problems import Problem, Severity

PROBLEMS_FOUND = 1
CANNOT_WRITE = 3


class Day(click.ParamType[date]):
    """A date as people write it."""

    name = "date"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> date:
        """Turn text into a date, or say how dates are written."""
        if isinstance(value, date):
            return value
        found = read_date(str(value))
        if found is None:
            self.fail(DATE_MESSAGE, param, ctx)
        return found


class Share(click.ParamType[tuple[int, int]]):
    """Which part of how many: `2/8`."""

    name = "part"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[int, int]:
        """Turn text into two numbers, or say how parts are written."""
        if isinstance(value, tuple):
            return value
        part, _, parts = str(value).partition("/")
        if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
            self.fail("parts are written like 2/8: the second of eight", param, ctx)
        return int(part), int(parts)


def root_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its `--root`."""
    return click.option(
        "--root",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        default=Path(),
        show_default="the current folder",
        help="The trust's folder: the one with policy_source/ and schools/ in it.",
    )(command)


def show_problems(problems: Sequence[Problem], *, err: bool = False) -> None:
    """Print problems, in colour on a terminal only."""
    if not problems:
        return
    for problem in problems:
        first, _, rest = report.draw(problem).partition("\n")
        colour = "red" if problem.severity is Severity.ERROR else "yellow"
        click.echo(click.style(first, fg=colour, bold=True), err=err)
        click.echo(rest + "\n", err=err)
    click.echo(report.summary(problems), err=err)


def say_what_was_built(order: Order, problems: Sequence[Problem], done: Tally) -> None:
    """How a build ended."""
    show_problems(problems, err=True)
    click.echo(f"{in_words(done)}.")
    click.echo(f"Open {order.output / 'index.html'} in your browser.")


def in_words(went_in: Tally) -> str:
    """What went in, counted."""
    return (
        f"{count(went_in.schools, 'school')}, {_policies(went_in.policies)}, "
        f"{count(went_in.clauses, 'clause')} and {count(went_in.overrides, 'override')}"
    )


def _policies(number: int) -> str:
    return f"{number} {'policy' if number == 1 else 'policies'}"
