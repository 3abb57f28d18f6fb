"""The command that takes documents from elsewhere: `import`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from clausebook.cli_new import new_id
from clausebook.documents import read_document
from clausebook.english import count
from clausebook.imported import Sort
from clausebook.importing import (
    Imported,
    Returned,
    Wanted,
    import_document,
    import_returned,
)
from clausebook.matched import Fate
from clausebook.reading import SCHEMA, TRUST_ID
from clausebook.terminal import PROBLEMS_FOUND, Day, writes


@click.command("import")
@writes
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--into", type=click.Choice(["policy", "school"]),
    help="What to draft: a master policy, or a school's file.  [default: a school's file with "
    "--school, else a master policy]",
)  # fmt: skip
@click.option(
    "--id", "policy_id", type=new_id("school", "group", SCHEMA, TRUST_ID), metavar="POLICY",
    help="The new master's ID, which is its folder's name.  [default: made from the title]",
)  # fmt: skip
@click.option(
    "--against", metavar="POLICY", help="Match the document to this master, clause by clause."
)
@click.option("--school", metavar="SCHOOL", help="Whose document it is; needs --against.")
@click.option(
    "--report", "reports", type=click.Path(path_type=Path, file_okay=False), default=Path(),
    show_default="the current folder", help="The folder for the report.",
)  # fmt: skip
@click.option(
    "--returned", is_flag=True,
    help="FILE was exported as a Word document and came back with changes and comments.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Write the report and nothing else.")
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@click.option(
    "--today", type=Day(), default=date.today, show_default="today",
    help="The day for which review dates are judged.",
)  # fmt: skip
def import_(  # noqa: PLR0913, PLR0917 - one for each option
    root: Path,
    file: Path,
    into: str | None,
    policy_id: str | None,
    against: str | None,
    school: str | None,
    reports: Path,
    today: date,
    *,
    returned: bool,
    dry_run: bool,
    force: bool,
) -> None:
    """Make a draft of FILE: a Word document, a PDF, a web page, Markdown or plain text.

    The trust's own policy becomes a master, every clause with an ID.  A school's policy,
    held against a master, becomes that school's file: what it says in other words, adds
    and leaves out, each with a reason that you fill in.  Until you have, 'clausebook check'
    asks for it.

    Nothing is decided in silence.  A report, as import-FILE.md and import-FILE.html, counts
    every word, and lists every doubtful decision, every defect of the document, the people
    and channels in it, and what was not carried over.  No file that is there is replaced
    without --force.

    \b
    The trust's master, into policy_source/social-media/:
      clausebook import "Social Media Policy.docx" --into policy --id social-media
    A school's policy against it, into schools/kestrel/social-media.yml:
      clausebook import kestrel.pdf --against social-media --school kestrel
    Only to see what differs:
      clausebook import kestrel.pdf --against social-media --school kestrel --dry-run

    A document that you exported, and that came back with tracked changes and comments,
    gives a report and the school's file as it would be, import-FILE.yml; with --force it
    takes the place of the school's file.

    \b
    What came back:
      clausebook import kestrel.docx --returned --against social-media --school kestrel

    Exits with 1 if words of the document are not accounted for.
    """  # noqa: D301 - click wants the sign itself, not a backslash and a letter
    _refuse_misunderstandings(into, policy_id, against, school)
    if returned and not (against and school):
        raise click.UsageError("--returned needs --school and --against: whose policy came back")
    wanted = Wanted(
        policy_id=policy_id,
        against=against,
        school=school,
        reports=reports,
        dry_run=dry_run,
        force=force,
        today=today,
    )
    if returned and against and school:
        _say_what_came_back(import_returned(root, file, school, against, wanted))
        return
    done = import_document(root, read_document(file), wanted)
    _say(done)
    if not done.report.found.tally.balances:
        sys.exit(PROBLEMS_FOUND)


def _refuse_misunderstandings(
    into: str | None, policy_id: str | None, against: str | None, school: str | None
) -> None:
    if into == "school" and not school:
        raise click.UsageError("say whose file it is to be: --school SCHOOL --against POLICY")
    if school and not against:
        raise click.UsageError("say which master the school's document is held against: --against")
    if into == "policy" and against:
        raise click.UsageError("--against matches a document to a master; it makes no new one")
    if policy_id and against:
        raise click.UsageError("--id names a new master, and --against one that is there")


def _say(done: Imported) -> None:
    report = done.report
    tally, matching = report.found.tally, report.matching
    clauses = len(report.found.clauses)
    click.echo(f"{report.found.document.name}: {count(clauses, 'clause')}.")
    if matching:
        click.echo(", ".join(f"{len(matching.of(fate))} {fate}" for fate in Fate) + ".")
    if report.drafted:
        refused = len(report.drafted.refused)
        click.echo(f"{count(report.drafted.overrides, 'override')} drafted.")
        if refused:
            click.echo(f"{count(refused, 'difference')} that cannot be overrides: see the report.")
    doubts, defects = count(report.doubts, "doubtful decision"), len(report.of(Sort.DEFECT))
    click.echo(f"{doubts}, {count(defects, 'defect')} in the document.")
    if tally.balances:
        click.echo(f"Words in the document: {tally.found}, and all are accounted for.")
    else:
        click.echo(
            f"Words in the document: {tally.found}, and {tally.accounted} are accounted for: "
            "compare the draft with it line by line.",
            err=True,
        )
    for why in report.kept:
        click.echo(why)
    for path in done.files:
        click.echo(f"Written: {path}")
    click.echo("Read the report first.", err=True)


def _say_what_came_back(done: Returned) -> None:
    click.echo(f"{count(len(done.proposals.items), 'change')} proposed. {done.proposals.sent}")
    for path in done.files:
        click.echo(f"Written: {path}")
    click.echo("Read the report first.", err=True)


COMMANDS = (import_,)
