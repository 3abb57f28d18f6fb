"""The command line: words in, exit code out.  The only module that prints or exits.

Exit codes: 0 all is well; 1 an editor must fix something; 2 the command was not
understood; 3 it could not be carried out: a folder, a school or a site is not as it must be;
4 `withdraw` did what can be done, and the name stands in sealed text as well.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click

from clausebook import (
    __version__,
    cli_build,
    cli_checks,
    cli_pack,
    cli_review,
    cli_rules,
    cli_versions,
    pipeline,
    preview,
    report,
)
from clausebook.cli_build import in_words
from clausebook.cli_new import init, new
from clausebook.engines import look_for_cycles_seldom
from clausebook.english import count
from clausebook.everything import open_tree
from clausebook.problems import ClausebookError, Problem, Problems, Severity, SourceError
from clausebook.terminal import (
    CANNOT_WRITE,
    PROBLEMS_FOUND,
    Day,
    root_option,
    show_problems,
)


class Commands(click.Group):
    """The commands, with every expected failure turned into a message."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command; a `ClausebookError` ends it with a message and an exit code."""
        look_for_cycles_seldom()
        try:
            return super().invoke(ctx)
        except SourceError as error:
            show_problems(error.problems, err=True)
            sys.exit(PROBLEMS_FOUND)
        except ClausebookError as error:
            click.echo(f"clausebook: {error}", err=True)
            sys.exit(CANNOT_WRITE)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="clausebook")
def main() -> None:
    """One master policy, a tailored policy website for every school.

    \b
    A trust's folder holds
      mkdocs.yml               how every site looks
      policy_source/trust.yml  the trust: terms, contact roles, values
      policy_source/*/policy.md  master policies, every clause with an ID
      schools/*/school.yml     one school: people, channels, its own words
      schools/*/POLICY.yml     how that school adopts and adapts one policy

    \b
    To begin:
      clausebook init my-trust    a small working trust of your own
      clausebook check            what is wrong, and how to mend it
      clausebook build            every school's website, in site/
    """  # noqa: D301 - click wants the \\b


@main.command()
@root_option
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


@main.command("assign-ids")
@root_option
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


@main.command()
@root_option
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


@main.command()
@root_option
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Leave as it is to show the sites to yourself only.",
)
def serve(root: Path, host: str, port: int) -> None:
    """Show the websites in your browser while you write.

    A saved file rebuilds the sites that it touches, and the browser follows; a
    mistake is shown here and leaves the pages as they were.  Ctrl+C ends it.
    """
    open_tree(root)
    click.echo(f"Showing http://{host}:{port}/ (Ctrl+C ends it)", err=True)
    preview.show(root, host, port, _say)


main.add_command(init)
main.add_command(new)
for _module in (cli_build, cli_versions, cli_pack, cli_checks, cli_review, cli_rules):
    for _command in _module.COMMANDS:
        main.add_command(_command)


def _say(problems: Sequence[Problem], built: Sequence[str], seconds: float) -> None:
    """Tell what a rebuild of the preview did."""
    show_problems(problems, err=True)
    if built:
        click.echo(f"Rebuilt {', '.join(built)} in {seconds:.1f} s", err=True)
