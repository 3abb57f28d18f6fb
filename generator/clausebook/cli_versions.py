"""The commands about versions: ratify, note, record, withdraw, diff."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import click
from pydantic import ValidationError

from clausebook import diffing, recording
from clausebook.colours import redlined
from clausebook.dates import show_date
from clausebook.english import count
from clausebook.fieldtypes import ID_PATTERN
from clausebook.problems import ClausebookError, Problems, SourceError
from clausebook.ratify import Request
from clausebook.records import NoteFile, Origin, Weight
from clausebook.redlinetext import segments
from clausebook.swap import write_file
from clausebook.terminal import Day, reads, show_problems, writes


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


@click.command()
@writes
@click.argument("school")
@click.argument("policy")
@click.option("--version", "label", required=True, metavar="LABEL", help="2, 3.1, 2026-09 …")
@click.option("--on", type=Day(), required=True, help="The day of the meeting.")
@click.option("--by", required=True, help='Who agreed it: "Full governing body".')
@click.option("--minute", required=True, help='Where it is minuted: "FGB 2026/05 item 7".')
@click.option(
    "--signed", multiple=True, metavar="ROLE: NAME",
    help='Who signed it: "Chair of governors: …" (may be given again).',
)  # fmt: skip
@click.option("--effective", type=Day(), help="When it comes into force.  [default: --on]")
@click.option("--next-review", type=Day(), help="When it must be reviewed again.")
@click.option("--shared-with-staff", type=Day(), help="When staff were told.")
@click.option("--no-changes", is_flag=True, help="It was reviewed, and nothing was changed.")
@click.option(
    "--label-reason", metavar="TEXT",
    help="Why the label does not follow from the changes, where it does not.",
)  # fmt: skip
@click.option("--today", type=Day(), default=date.today, show_default="today", hidden=True)
def ratify(  # noqa: PLR0913, PLR0917 - a ratification has this many facts
    root: Path,
    school: str,
    policy: str,
    label: str,
    on: date,
    by: str,
    minute: str,
    signed: tuple[str, ...],
    effective: date | None,
    next_review: date | None,
    shared_with_staff: date | None,
    today: date,
    label_reason: str | None,
    *,
    no_changes: bool,
) -> None:
    """Make today's draft of POLICY at SCHOOL a version, as the governors agreed it.

    SCHOOL is a school's ID, or 'trust' for the trust's own master.  The version
    goes to schools/SCHOOL/versions/POLICY/ (the master's to
    policy_source/POLICY/versions/) and is never edited again.  If anything stands
    in the way, it is said and nothing is written.

    \b
    Example:
      clausebook ratify kestrel social-media --version 2 --on 2026-05-14 \\
        --by "Full governing body" --minute "FGB 2026/05 item 7"
    """  # noqa: D301 - click wants the \\b
    request = Request(
        version=label,
        on=on,
        by=by,
        minute=minute,
        signed=signed,
        effective=effective,
        next_review=next_review,
        shared_with_staff=shared_with_staff,
        no_changes=no_changes,
        label_reason=label_reason,
    )
    problems = Problems()
    version = recording.ratify(root, school, policy, request, today, problems)
    show_problems(tuple(problems), err=True)
    record = version.record
    click.echo(
        f"Version {version.label} of {policy} at {school}: {record.step.value}, in force from "
        f"{show_date(record.effective)}, {count(len(version.clauses), 'clause')}, "
        f"{count(len(record.changes), 'change')} on record."
    )


@click.command()
@writes
@click.argument("author", metavar="SCHOOL")
@click.argument("policy")
@click.option("--clauses", required=True, metavar="IDS", help="The clauses: sm-17,sm-18")
@click.option("--what", required=True, help="What changed, in a sentence.")
@click.option("--why", required=True, help="Why, in a sentence.")
@click.option(
    "--origin", required=True, type=click.Choice([origin.value for origin in Origin]),
    help="Where the change comes from.",
)  # fmt: skip
@click.option(
    "--class", "weight", type=click.Choice([weight.value for weight in Weight]),
    default=Weight.SUBSTANTIVE.value, show_default=True,
    help="Whether anybody must, may or must not do something else than before.",
)  # fmt: skip
@click.option("--name", help="The note's file name.  [default: made from the first clause]")
def note(  # noqa: PLR0913, PLR0917 - a note has this many facts
    root: Path,
    author: str,
    policy: str,
    clauses: str,
    what: str,
    why: str,
    origin: str,
    weight: str,
    name: str | None,
) -> None:
    """Say why clauses of POLICY were changed, before the change is ratified.

    SCHOOL is whose change it is: a school's or group's ID, or 'trust'.  The note
    is a small file in policy_source/POLICY/changes/ or schools/SCHOOL/changes/POLICY/
    and goes into the next version.
    """
    ids = _words(clauses)
    wrong = [clause for clause in ids if not re.fullmatch(ID_PATTERN, clause)]
    if wrong or not ids:
        raise click.BadParameter(
            f"'{wrong[0] if wrong else ''}' is not a clause's ID", param_hint="--clauses"
        )
    try:
        said = NoteFile.model_validate(
            {"clauses": ids, "what": what, "why": why, "origin": origin, "class": weight}
        )
    except ValidationError as error:
        first = error.errors()[0]
        why = first["msg"] if first["type"] == "no_names" else "it is empty or too long"
        raise click.BadParameter(why, param_hint=f"--{first['loc'][0]}") from error
    path = recording.write_note(root, author, policy, name or f"change-{ids[0]}", said)
    click.echo(f"Written: {path}")


@click.command("record")
@writes
@click.argument("school")
@click.option(
    "--on", type=Day(), default=date.today, show_default="today", help="When they changed."
)
def record_updates(root: Path, school: str, on: date) -> None:
    """Put changes of people and channels at SCHOOL on record.

    They need no ratification; each becomes an administrative update in the
    history.  The log names roles and channels, never people.
    """
    outcome = recording.record_updates(root, school, on)
    for update in outcome.new:
        click.echo(f"{show_date(update.on)}: {update.what}: {update.change}")
    if not outcome.new:
        click.echo("On record: no change of people or channels since the last time.")


@click.command()
@writes
@click.argument("school")
@click.argument("person")
@click.option("--reason", required=True, help='Why: "left the school".')
@click.option("--on", type=Day(), default=date.today, show_default="today", help="When.")
def withdraw(root: Path, school: str, person: str, reason: str, on: date) -> None:
    """Take PERSON out of the versions of SCHOOL's policies.

    Contacts, channels and signatures in which the name stands are taken out, and
    with a contact's name their email, telephone and card; that they were, when and
    why stays on record, and the seals still verify.

    What is sealed (the wording, who agreed it, the minute, notes and reasons) can
    never be changed.  If the name stands there, each place is said, and the exit
    code is 4: done as far as it can be.
    """
    done, left = recording.withdraw_person(root, school, person, on, reason)
    for withdrawn in done:
        version = withdrawn.version
        click.echo(
            f"{version.record.policy} version {version.label}: "
            f"{count(len(withdrawn.values), 'value')} withdrawn ({', '.join(withdrawn.values)})"
        )
    if not done:
        click.echo("The name stands in no version's people, channels or signatures.")
    for mention in left:
        span = mention.span
        click.echo(f"{span.source.name}:{span.line}: {mention.what} names them", err=True)
    if left:
        click.echo(
            f"{'This text is' if len(left) == 1 else 'These texts are'} sealed: the name cannot "
            "be taken out without breaking the chain of versions.",
            err=True,
        )
        sys.exit(DONE_IN_PART)


DONE_IN_PART = 4
"""`withdraw` took out what can be taken out, and the name stands in sealed text as well."""

TROUBLE = 2
"""`diff` says 0 for the same, 1 for different and 2 for trouble, as `diff` always has."""


@click.command()
@reads
@click.argument("school")
@click.argument("policy")
@click.argument("before", required=False, metavar="[FROM]")
@click.argument("after", default="draft", metavar="[TO]")
@click.option(
    "--format", "style", type=click.Choice(["text", "markdown", "json", "html"]), default="text",
    show_default=True, help="How to print it; 'html' is one file that stands alone.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file."
)
def diff(
    root: Path,
    school: str,
    policy: str,
    before: str | None,
    after: str,
    style: str,
    output: Path | None,
) -> None:
    """Show what differs between two wordings of POLICY at SCHOOL.

    FROM and TO are each a version's label, 'draft' (today's files), 'master' (the
    trust's text today) or 'school:ID' (another school's draft).  Without them: from
    the latest version to the draft.

    Exits with 0 if they are the same, 1 if they differ, 2 if something is wrong.
    """
    try:
        found = recording.diff(root, school, policy, before, after)
    except SourceError as error:
        show_problems(error.problems, err=True)
        sys.exit(TROUBLE)
    except ClausebookError as error:
        click.echo(f"clausebook: {error}", err=True)
        sys.exit(TROUBLE)
    text = {
        "text": _as_text,
        "markdown": diffing.as_markdown,
        "json": diffing.as_json,
        "html": diffing.as_html,
    }[style](found)
    if output:
        try:
            write_file(output, click.unstyle(text).encode())
        except ClausebookError as error:
            click.echo(f"clausebook: {error}", err=True)
            sys.exit(TROUBLE)
        click.echo(f"Written: {output}", err=True)
    else:
        click.echo(text, nl=False)
    sys.exit(1 if found.comparison.changes else 0)


def _as_text(found: diffing.Difference) -> str:
    """For a terminal: the changes in a list, then the redline; colours fall away elsewhere."""
    head = f"{found.title}: {found.before} to {found.after}"
    if not found.comparison.changes:
        return f"{head}: nothing differs.\n"
    redline = redlined(segments(found.comparison))
    return "\n".join([head, "", *diffing.summary_lines(found), "", redline]).rstrip() + "\n"


COMMANDS = (ratify, note, record_updates, withdraw, diff)
