"""The commands about checks: explain, links."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from clausebook import linking
from clausebook.dates import show_date
from clausebook.english import count
from clausebook.explaining import UnknownCodeError, all_codes, explanation
from clausebook.terminal import PROBLEMS_FOUND, Day, patient

UNKNOWN = 2


@click.command()
@click.argument("rule", required=False)
def explain(rule: str | None) -> None:
    """Say what a check looks for, why it matters, and how to mend what it finds.

    RULE is the code between brackets in the output of 'clausebook check', or the
    name of an entry in the register of what has gone stale. Without it, every code
    is listed with what it means.

    \b
    Examples:
      clausebook explain
      clausebook explain needs-review
      clausebook explain stale-reference    (lists the register)
      clausebook explain twitter            (an entry of it, with its source)
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    try:
        click.echo(explanation(rule) if rule else all_codes())
    except UnknownCodeError as error:
        click.echo(f"clausebook: {error}", err=True)
        sys.exit(UNKNOWN)


@click.command()
@patient
@click.option("--check", "ask", is_flag=True, help="Look at each, and write down what was found.")
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day that is written down.",
)  # fmt: skip
def links(root: Path, today: date, *, ask: bool) -> None:
    """List the links to other websites, and when each was last seen working.

    With --check every address is asked whether it is there, and the answer is
    written into policy_source/links.yml, which 'clausebook check' reads. Without a
    network that is said, and nothing is written. Exits with 1 if --check finds a
    link that does not work.
    """
    found = linking.list_links(root, today, ask=ask)
    for link in found:
        click.echo(link.address)
        click.echo(f"  {_state(link)}")
        first, *others = link.places
        more = f" and {count(len(others), 'more place')}" if others else ""
        click.echo(f"  {first}{more}")
    broken = [link for link in found if link.seen and link.seen.problem]
    said = count(len(found), "link")
    click.echo(f"{said}, {len(broken)} of them not working." if broken else f"{said}.")
    if not ask and any(link.seen is None for link in found):
        click.echo("To look at them: clausebook links --check")
    sys.exit(PROBLEMS_FOUND if ask and broken else 0)


def _state(link: linking.LinkedTo) -> str:
    seen = link.seen
    if seen is None:
        return "never looked at"
    if not seen.problem:
        return f"worked on {show_date(seen.tried)}"
    last = f"last worked on {show_date(seen.worked)}" if seen.worked else "never seen working"
    return f"did not work on {show_date(seen.tried)}: {seen.problem}; {last}"


COMMANDS = (explain, links)
