"""What all commands share: the `--root` option, dates, exit codes, problems on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from clausebook import locks, report
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


def patient(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its `--root`, and let it wait for others that are at work there."""
    return _at_work(command, None)


def reads(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same; nobody changes the trust's files while the command is at work."""
    return _at_work(command, reads_only=True)


def writes(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same; nobody else reads or changes the trust's files while the command is at work."""
    return _at_work(command, reads_only=False)


def _at_work(command: Callable[..., Any], reads_only: bool | None) -> Callable[..., Any]:  # noqa: FBT001 - three ways
    @click.option(
        "--no-wait", is_flag=True, help="Do not wait if another command is at work here: stop."
    )
    @root_option
    @wraps(command)
    def run(*args: Any, root: Path, no_wait: bool, **named: Any) -> Any:  # noqa: ANN401 - as click gives them
        def tell(text: str) -> None:
            click.echo(f"clausebook: {text}", err=True)

        before = locks.patience.set(locks.Patience(0 if no_wait else locks.LIMIT, tell))
        try:
            with ExitStack() as held:
                if reads_only is not None:
                    held.enter_context(locks.workspace(root, alone=not reads_only))
                if reads_only is False:
                    import_module("clausebook.swap").clear_unfinished(root)
                return command(*args, root=root, **named)
        finally:
            locks.patience.reset(before)

    return run


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
