"""The commands that begin something: a trust, a school, a policy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import click

from clausebook import pipeline
from clausebook.everything import open_tree
from clausebook.fieldtypes import ID_PATTERN, RESERVED
from clausebook.model import Group, Trust
from clausebook.problems import Problems, SourceError, nearest
from clausebook.reading import POLICIES, SCHEMA, SCHOOLS, TRUST_FILE, TRUST_ID, read_trust
from clausebook.scaffold import (
    NewPolicy,
    NewSchool,
    left_to_fill_in,
    make_policy,
    make_school,
    make_trust,
)
from clausebook.shapes import TrustFile
from clausebook.sourcefiles import read_shape
from clausebook.swap import FolderError
from clausebook.terminal import writes
from clausebook.together import additions

LONGEST_TEXT = 400
"""As long as a line in a YAML file may be."""


# -- what can be said on the command line ----------------------------------------------


def text(said: str) -> str:
    """A name or a title: one line that people can read, its spaces tidied."""
    tidy = " ".join(said.split())
    if not tidy:
        raise click.BadParameter("there is nothing here")
    if not tidy.isprintable():
        raise click.BadParameter("there is an invisible character in it; type it again")
    if len(tidy) > LONGEST_TEXT:
        raise click.BadParameter(f"it is longer than {LONGEST_TEXT} characters")
    return tidy


def code(said: str) -> str:
    """A policy's short code, put into capitals."""
    capitals = said.upper()
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", capitals):
        raise click.BadParameter(
            f"'{said}' cannot be a code: use one to eight letters and digits, beginning with a "
            "letter, such as SM"
        )
    return capitals


def new_id(*taken: str) -> Callable[[str], str]:
    """The ID of something new; not one of those that Clausebook uses itself."""

    def read(said: str) -> str:
        if said in taken:
            raise click.BadParameter(f"'{said}' is a name that Clausebook uses itself")
        if said in RESERVED:
            raise click.BadParameter(f"'{said}' is no file on Windows but a device")
        if not re.fullmatch(ID_PATTERN, said):
            like = _as_id(said)
            raise click.BadParameter(
                f"'{said}' cannot be an ID: use lower-case letters, digits and single hyphens, "
                "beginning with a letter" + (f"; '{like}' would do" if like else "")
            )
        return said

    return read


def _as_id(said: str) -> str:
    """The ID nearest to some text, or "" if there is none."""
    like = re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")
    return like if re.fullmatch(ID_PATTERN, like) else ""


def _today() -> date:
    return datetime.now().astimezone().date()


# -- init ------------------------------------------------------------------------------


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--name", type=text, metavar="TEXT", default="Example Learning Trust", show_default=True,
    help="The trust's full name.",
)  # fmt: skip
def init(folder: Path, name: str) -> None:
    """Begin a trust in FOLDER, which must be new or empty.

    It gets two invented schools and a short policy, so that there is something to build
    at once and to change step by step.  Nothing is written unless all of it can be.

    \b
      clausebook init my-trust --name "Oakfield Learning Trust"
      cd my-trust
      clausebook serve
    """  # noqa: D301 - click wants the \\b
    make_trust(folder, name, _today())
    here = folder.samefile(Path())
    click.echo(f"{name} is ready{'' if here else f' in {folder}'}: two schools and one policy, "
               "all invented.")  # fmt: skip
    click.echo("\nTo see it:")
    if not here:
        click.echo(f"  cd {_quoted(folder)}")
    click.echo("  clausebook serve          shows the websites while you write")
    click.echo("  clausebook build          builds them; open site/index.html")
    click.echo("  clausebook check          looks for mistakes, and says how to mend them")
    click.echo("\nTo make it yours, begin with policy_source/trust.yml; README.md says more.")


def _quoted(folder: Path) -> str:
    path = str(folder)
    return path if re.fullmatch(r"[\w./\\:~-]+", path) else f'"{path}"'


# -- new -------------------------------------------------------------------------------


@click.group()
def new() -> None:
    """Add a school or a policy to a trust.

    \b
      clausebook new school oak-lane --name "Oak Lane Primary School"
      clausebook new policy attendance --title "Attendance policy" --code AT \\
          --owner "Director of Inclusion" --approver "Board of Trustees"
    """  # noqa: D301 - click wants the \\b


@new.command()
@click.argument("school_id", metavar="ID", type=new_id(TRUST_ID))
@click.option("--name", type=text, metavar="TEXT", required=True, help="The school's full name.")
@click.option(
    "--group", "group_id", metavar="ID",
    help="The group it belongs to, such as a federation: the name of a folder in schools/.",
)  # fmt: skip
@writes
def school(root: Path, school_id: str, name: str, group_id: str | None) -> None:
    """Add a school, with files ready to be filled in.

    ID becomes the name of its folder in schools/ and of its website's folder, and part of
    its own clauses' IDs: short, in lower-case letters, digits and hyphens, and never changed again.

    school.yml asks for everything that this trust's own trust.yml declares: contacts,
    words, values.  For each policy there is a file that adopts it; remove those of policies
    that the school has not adopted.

    \b
      clausebook new school oak-lane --name "Oak Lane Primary School"
    """  # noqa: D301 - click wants the \\b
    _refuse_existing(root / SCHOOLS / school_id, root, "school")
    trust = _trust(root)
    group = _group(trust, group_id) if group_id else None
    written = make_school(root, trust, NewSchool(school_id, name, group), _today())
    _tell(root, written)
    to_do = left_to_fill_in(trust, group)
    click.echo(f"\nNext: fill in {SCHOOLS}/{school_id}/school.yml"
               + (f" ({', '.join(to_do)})" if to_do else "") + ".")  # fmt: skip
    if trust.policies:
        click.echo(f"      Remove the file of any policy that {name} has not adopted.")
    click.echo("      `clausebook check` says what is still missing.")


def _group(trust: Trust, group_id: str) -> Group:
    if group_id in trust.groups:
        return trust.groups[group_id]
    if group_id in trust.schools:
        hint = f"it is a school, {trust.schools[group_id].details.name}"
    else:
        known = "groups: " + ", ".join(trust.groups)
        none = f"this trust has none so far; a group is a folder {SCHOOLS}/ID with a group.yml"
        hint = nearest(group_id, trust.groups) or (known if trust.groups else none)
    raise click.BadParameter(f"there is no group '{group_id}': {hint}", param_hint="'--group'")


@new.command()
@click.argument("policy_id", metavar="ID", type=new_id(TRUST_ID, "school", "group", SCHEMA))
@click.option("--title", type=text, metavar="TEXT", required=True, help="The policy's title.")
@click.option(
    "--code", type=code, metavar="CODE", required=True,
    help="A short code that no other policy has, such as AT; its clauses' IDs begin with it.",
)  # fmt: skip
@click.option(
    "--owner", type=text, metavar="TEXT", required=True, help="The post that looks after it."
)
@click.option(
    "--approver", type=text, metavar="TEXT", required=True, help="The body that approves it."
)
@writes
def policy(root: Path, policy_id: str, **control: str) -> None:
    """Add a master policy, with a text to write over.

    ID becomes the name of its folder in policy_source/, of its page, and of the file with
    which a school adopts it: in lower-case letters, digits and hyphens, and never changed
    again.

    \b
      clausebook new policy attendance --title "Attendance policy" --code AT \\
          --owner "Director of Inclusion" --approver "Board of Trustees"
    """  # noqa: D301 - click wants the \\b
    _refuse_existing(root / POLICIES / policy_id, root, "policy")
    trust = _trust_so_far(root)
    if not trust.details.audiences:
        message = f"nobody can read the policy yet: declare audiences in {TRUST_FILE} first"
        raise FolderError(message)
    begun = NewPolicy(policy_id, **control)
    _refuse_code(trust, begun)
    _tell(root, make_policy(root, trust, begun))
    click.echo(f"\nNext: write the policy in {POLICIES}/{policy_id}/policy.md.")
    click.echo("      `clausebook assign-ids` gives an ID to every clause that you add.")
    click.echo(f"      A school adopts it with a file {SCHOOLS}/SCHOOL/{policy_id}.yml, in which")
    click.echo("      `overrides: []` is enough.")


def _refuse_code(trust: Trust, begun: NewPolicy) -> None:
    hint = "'--code'"
    for other in trust.policies.values():
        if other.control.code == begun.code:
            message = f"{begun.code} is the code of another policy: {other.control.title}"
            raise click.BadParameter(message, param_hint=hint)
    taken = {
        clause.id
        for policy in trust.policies.values()
        for clause in (*policy.outline, *additions(trust, policy.id))
    }
    for clause_id in begun.clause_ids:
        if clause_id in taken:
            message = f"there is a clause '{clause_id}' already; choose another code"
            raise click.BadParameter(message, param_hint=hint)


# -- both ------------------------------------------------------------------------------


def _trust(root: Path) -> Trust:
    return read_trust(open_tree(root), Problems())


def _trust_so_far(root: Path) -> Trust:
    """The trust, which may have no policies yet."""
    tree = open_tree(root)
    problems = Problems()
    try:
        return read_trust(tree, problems)
    except SourceError:
        document, details = read_shape(tree, TRUST_FILE, TrustFile, Problems())
        others = [problem for problem in problems.errors if problem.code != "no-policies"]
        if others or document is None or details is None:
            raise
        return Trust(details=details, policies={}, schools={}, groups={}, document=document)


def _refuse_existing(folder: Path, root: Path, what: str) -> None:
    """Stop before anything is read if there is something of that name."""
    open_tree(root)
    if not folder.exists() and not folder.is_symlink():
        return
    where = folder.relative_to(root).as_posix()
    if (folder / "group.yml").is_file():
        what = "group"
    known = any((folder / f"{name}").is_file() for name in ("school.yml", "group.yml", "policy.md"))
    message = (
        f"there is a {what} '{folder.name}' already, in {where}; choose another ID"
        if known
        else f"'{where}' is there already; choose another ID, or remove it"
    )
    raise FolderError(message)


def _tell(root: Path, written: Iterable[str]) -> None:
    """Name the files that were written; the schemas learn of what is new."""
    for path in (*written, *pipeline.write_schemas(root)):
        click.echo(f"{path} written")


COMMANDS = (init, new)
