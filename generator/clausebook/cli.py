"""The command line: words in, exit code out.  The only module that prints or exits.

Exit codes: 0 all is well; 1 an editor must fix something; 2 the command was not
understood; 3 it could not be carried out: a folder, a school or a site is not as it must be;
4 `withdraw` did what can be done, and the name stands in sealed text as well.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import click

from clausebook import __version__
from clausebook.disks import of_the_system
from clausebook.hearing import speak_to_anybody, unheard
from clausebook.problems import ClausebookError, SourceError
from clausebook.source import INVISIBLE
from clausebook.terminal import CANNOT_WRITE, PROBLEMS_FOUND, show_problems

WHERE = {
    "assign-ids": "cli_sources",
    "build": "cli_build",
    "check": "cli_sources",
    "diff": "cli_versions",
    "explain": "cli_rules",
    "export": "cli_export",
    "gather": "cli_gather",
    "impact": "cli_checks",
    "import": "cli_import",
    "init": "cli_new",
    "links": "cli_rules",
    "new": "cli_new",
    "note": "cli_versions",
    "pack": "cli_pack",
    "ratify": "cli_versions",
    "record": "cli_versions",
    "review": "cli_review",
    "schema": "cli_sources",
    "serve": "cli_serve",
    "status": "cli_checks",
    "withdraw": "cli_versions",
}
"""The module of every command; each is loaded when the command is asked for."""


class Loaded(MutableMapping[str, click.Command]):
    """The commands by their names, loaded as they are asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module = import_module(f"clausebook.{WHERE[name]}")
        commands: tuple[click.Command, ...] = module.COMMANDS
        return next(command for command in commands if command.name == name)

    def __iter__(self) -> Iterator[str]:
        return iter(WHERE)

    def __len__(self) -> int:
        return len(WHERE)

    def __setitem__(self, name: str, command: click.Command) -> None:
        raise NotImplementedError  # what is in no module cannot be loaded

    def __delitem__(self, name: str) -> None:
        raise NotImplementedError


class Commands(click.Group):
    """The commands, with every expected failure turned into a message."""

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run the program, whoever listens; fails at last if what it said was not put down."""
        speak_to_anybody()
        if sys.flags.optimize > 1:  # the words of schemas and of --help are docstrings
            click.echo("clausebook: start Python without -OO and PYTHONOPTIMIZE=2", err=True)
            sys.exit(CANNOT_WRITE)
        try:
            return super().main(*args, **extra)
        finally:
            if why := unheard():
                click.echo(f"clausebook: {why}", err=True)
                sys.exit(CANNOT_WRITE)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command; a `ClausebookError` ends it with a message and an exit code."""
        try:
            return super().invoke(ctx)
        except SourceError as error:
            show_problems(error.problems, err=True)
            sys.exit(PROBLEMS_FOUND)
        except BrokenPipeError:
            raise  # whoever reads our output has had enough, which click knows how to take
        except (ClausebookError, OSError) as error:
            said = of_the_system(error) if isinstance(error, OSError) else error
            click.echo(INVISIBLE.sub("\N{REPLACEMENT CHARACTER}", f"clausebook: {said}"), err=True)
            sys.exit(CANNOT_WRITE)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; now that it is loaded, all but the one that loads more sees to memory."""
        name, command, rest = super().resolve_command(ctx, args)
        if name != "build":
            import_module("clausebook.engines").look_for_cycles_seldom()
        return name, command, rest


@click.group(
    cls=Commands, commands=Loaded(), context_settings={"help_option_names": ["-h", "--help"]}
)
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


def run() -> None:
    """The program: does what it was asked, and is gone.

    Python would take apart what a build has read, thing by thing, which takes seconds with half a
    gigabyte of it; the system takes it back at once.  What was promised for the end is done.
    """
    try:
        main()
    except SystemExit as ended:
        if isinstance(ended.code, int) and threading.active_count() == 1:
            atexit._run_exitfuncs()  # noqa: SLF001 - there is no public way
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(ended.code)
        raise
