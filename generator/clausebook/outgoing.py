"""One policy of every school handed out, as many at a time as there are processors."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from clausebook.engines import Engine
from clausebook.everything import Everything, open_tree, read_everything
from clausebook.exports import FORMATS, Asked
from clausebook.handouts import shelve
from clausebook.problems import Problem, Problems, SourceError, nearest
from clausebook.recording import UnknownError

ALL = "all"
"""What stands in the place of a school's ID for all of them."""


@dataclass(frozen=True)
class Wanted:
    """What is to be handed out."""

    everything: Everything
    policy: str
    label: str | None
    """As for `Asked`."""
    form: str
    """In which format, by its name."""
    template: bytes | None
    """As for `Asked`."""
    today: date


@dataclass(frozen=True)
class Handed:
    """What came of one school."""

    school: str
    """Its name."""
    file: str = ""
    """What its file is called; "" if there is none."""
    data: bytes = b""
    why_not: str = ""
    """Why there is none, where that is no mistake in the sources."""
    problems: tuple[Problem, ...] = ()
    """The mistakes in the sources for which there is none."""


def hand_out(
    root: Path, policy: str, label: str | None, form: str, template: bytes | None, today: date,
    engine: Callable[[int], Engine],
) -> tuple[int, Generator[Handed, None, None]]:  # fmt: skip
    """How many schools have a policy, and what comes of each, in the order in which it is done.

    `engine` gives who does so many pieces of work.  Raises `SourceError` if sources cannot be
    read, `UnknownError` if no school has such a policy.
    """
    problems = Problems()
    everything = read_everything(open_tree(root), problems)
    problems.stop_on_errors()
    trust = everything.trust
    schools = [school.id for school in trust.schools.values() if school.adopts(policy)]
    if not schools:
        hint = nearest(policy, trust.policies) or "there are: " + ", ".join(trust.policies)
        raise UnknownError(f"no school has a policy '{policy}'; {hint}")
    wanted = Wanted(everything, policy, label, form, template, today)
    return len(schools), engine(len(schools)).run(hand_out_one, wanted, schools)


def hand_out_one(wanted: Wanted, school: str) -> Handed:
    """One school's document; never raises what an editor can mend."""
    name = wanted.everything.trust.schools[school].details.name
    try:
        shelf = shelve(wanted.everything, school, wanted.policy, wanted.today, Problems())
        asked = Asked(shelf=shelf, label=wanted.label, template=wanted.template)
        return Handed(name, file_name(asked, wanted.form), FORMATS[wanted.form].make(asked))
    except SourceError as error:
        return Handed(name, problems=tuple(error.problems))
    except UnknownError as error:
        return Handed(name, why_not=str(error))


def file_name(asked: Asked, form: str) -> str:
    """What a document's file is called, unless somebody says otherwise."""
    edition = asked.shelf.edition(asked.label)
    version = f"v{edition.label}" if edition else "draft"
    against = f"-against-{asked.against}" if asked.against is not None else ""
    return f"{asked.shelf.publication.id}-{asked.shelf.body.id}-{version}{against}.{form}"
