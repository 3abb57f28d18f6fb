"""The commands about what people write: check, assign-ids, schema."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from clausebook import pipeline, report
from clausebook.english import count
from clausebook.everything import open_tree
from clausebook.problems import Problems, Severity, SourceError
from clausebook.terminal import PROBLEMS_FOUND, Day, in_words, reads, show_problems, writes


@click.command()
@reads
@click.option(
    "--fail-on", type=click.Choice(["error", "warning"]), default="error", show_default=True,
    help="What makes the command exit with 1.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="The same as --fail-on warning.")
@click.option(
    "--format",
    "style",
    type=click.Choice(sorted(report.FORMATS)),
    default="text",
    show_default=True,
    help="How to print what was found; 'github' annotates a pull request.",
)
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which dates are judged.",
)  # fmt: skip
def check(root: Path, style: str, today: date, fail_on: str, *, strict: bool) -> None:
    """Look for problems in every policy and school; build nothing.

    Exits with 1 if there is an error (with --fail-on warning, if there is anything).
    'clausebook explain CODE' says what a code means, why it matters and how to mend it.
    """
    problems = Problems()
    went_in = None
    with suppress(SourceError):
        went_in = pipeline.check(open_tree(root), problems, today)
    found = tuple(problems)
    if style == "text":
        show_problems(found)
        if went_in and not found:
            click.echo(f"{in_words(went_in)}: no problems.")
    else:
        click.echo(report.FORMATS[style](found))
    errors = any(problem.severity is Severity.ERROR for problem in found)
    strict = strict or fail_on == "warning"
    sys.exit(PROBLEMS_FOUND if errors or (strict and found) else 0)


@click.command("assign-ids")
@writes
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing.")
def assign_ids(root: Path, *, dry_run: bool) -> None:
    """Give an ID to every clause that has none.

    The IDs are written into the policies, and into schools' additions, at the end
    of each clause's first paragraph; nothing else in the files changes.
    """
    problems = Problems()
    assigned = pipeline.assign(root, problems, write=not dry_run)
    for change in assigned:
        verb = "would get" if dry_run else "got"
        ids = change.ids[0] if len(change.ids) == 1 else f"{change.ids[0]} to {change.ids[-1]}"
        click.echo(f"{change.path}: {count(len(change.ids), 'clause')} {verb} an ID ({ids})")
    if not assigned:
        click.echo("Every clause has an ID.")
    show_problems(tuple(problems), err=True)
    sys.exit(PROBLEMS_FOUND if problems.errors else 0)


@click.command()
@writes
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit with 1 if any differs."
)
def schema(root: Path, *, only_check: bool) -> None:
    """Write JSON Schemas for the YAML files, so that editors complete and underline.

    They go to schemas/ in the trust's folder and know this trust's roles, terms,
    values and clause IDs.  Run it again after changing those.  Each YAML file
    names its schema in its first line:

    \b
      # yaml-language-server: $schema=../../schemas/school.schema.json
    """  # noqa: D301 - click wants the \\b
    changed = pipeline.write_schemas(root, write=not only_check)
    for name in changed:
        click.echo(f"{name} {'differs' if only_check else 'written'}")
    if not changed:
        click.echo("The schemas are up to date.")
    sys.exit(PROBLEMS_FOUND if changed and only_check else 0)


COMMANDS = (check, assign_ids, schema)
