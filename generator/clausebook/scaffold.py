"""New folders: a whole trust, a school, a policy, from the templates in `scaffold/`.

What is written is valid at once.  A new school's file says nothing that nobody has
filled in: everything it may say stands in it as a comment, in the trust's own words.
"""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml
from jinja2 import DictLoader, Environment, StrictUndefined

from clausebook.dates import show_date
from clausebook.disks import cannot_write
from clausebook.english import plural
from clausebook.filling import with_terms
from clausebook.locks import hold
from clausebook.model import Clause, Group, Kind, Mark, Omit, Outline, Policy, Trust
from clausebook.names import fill_for_trust
from clausebook.problems import Problems
from clausebook.reading import POLICIES, SCHOOLS, read_trust
from clausebook.schema import FOLDER as SCHEMAS
from clausebook.schema import schemas
from clausebook.shapes import ContactRole, ValueDeclaration, ValueType
from clausebook.swap import FolderError, unfinished
from clausebook.tailor import print_for, wording_print
from clausebook.values import Names
from clausebook.workspace import WorkingTree, refuse_links

Files = Mapping[str, str]
"""Texts by path, with forward slashes."""

STAGE = ".clausebook-new"
"""Where the files of a folder wait until all of them are written."""

TEMPLATE = ".j2"
"""The suffix of files that have something put into them; all others are written as they are."""

_STORED_AS = {
    ".gitattributes": "gitattributes",
    ".github/workflows/policies.yml": "github/workflows/policies.yml",
    ".gitignore": "gitignore",
    ".gitlab-ci.yml": "gitlab-ci.yml",
    "mkdocs_hooks.py": "mkdocs_hooks.py.txt",
}
"""Files that would do something inside the package under their own names."""

FIRST_CLAUSES = 12
"""How many clauses a new policy has."""


# -- a trust -------------------------------------------------------------------------


def make_trust(folder: Path, name: str, today: date) -> None:
    """Write a small working trust of two schools into a new or empty folder, with its schemas."""
    day = today.replace(day=1)
    said = {
        "name": name,
        "day": show_date(day),
        "year_later": show_date(day.replace(year=day.year + 1)),
    }
    with _new_folder(folder) as fresh:
        _write(fresh, _rendered("trust", said))
        trust = read_trust(WorkingTree(fresh), Problems())
        _write(fresh / SCHEMAS, schemas(trust))


# -- a school --------------------------------------------------------------------------


@dataclass(frozen=True)
class NewSchool:
    """What a school begins with."""

    id: str
    name: str
    group: Group | None


def make_school(root: Path, trust: Trust, new: NewSchool, today: date) -> Sequence[str]:
    """Write a school's folder, a file of its own and one for each policy; gives their paths."""
    said = {"name": new.name, "group": new.group, "day": show_date(today)}
    blanks = _to_fill_in(trust, new.group)
    written = {"school.yml": _render("school/school.yml.j2", {**said, **blanks})}
    for policy in trust.policies.values():
        more = {
            "policy": policy,
            "inherited": bool(new.group and policy.id in new.group.adoptions),
            "own_id": f"{policy.control.code.lower()}-{new.id}-1",
            **_example_overrides(policy, new.group),
        }
        written[f"{policy.id}.yml"] = _render("school/policy.yml.j2", {**said, **more})
    return _write_new(root, f"{SCHOOLS}/{new.id}", written)


@dataclass(frozen=True)
class _Blank:
    """Something a school may fill in."""

    key: str
    about: Sequence[str]
    """What it is and whether it must be filled in, in lines that fit into a comment."""
    default: str | None = None


def _to_fill_in(trust: Trust, group: Group | None) -> dict[str, object]:
    """What this trust has declared, as the template shows it to the person who fills it in."""
    names = fill_for_trust(trust, Problems()).names
    terms = {**trust.details.terms, **(group.details.terms if group else {})}
    return {
        "terms": [
            {"key": key, "singular": term.singular, "plural": term.plural or plural(term.singular)}
            for key, term in terms.items()
        ],
        "roles": [
            _Blank(key, _comment(_about_role(trust, key, role, group, names)))
            for key, role in trust.details.contacts.items()
        ],
        "values": [
            _Blank(key, _comment(_about_value(key, declared, group)), declared.default)
            for key, declared in trust.details.values.items()
        ],
    }


def _comment(sentences: Iterable[str]) -> list[str]:
    """Each sentence in lines that fit."""
    tidy = (" ".join(sentence.split()) for sentence in sentences)
    return [line for sentence in tidy for line in textwrap.wrap(sentence, 100)]


def _about_role(
    trust: Trust, key: str, role: ContactRole, group: Group | None, names: Names
) -> list[str]:
    def shown(part: str, text: str) -> str:
        return with_terms(trust.document, ("contacts", key, part), text, names, Problems())

    label = shown("label", role.label)
    if group and key in group.details.contacts:
        return [f"{label} ({group.details.name} names {group.details.contacts[key].name})"]
    if role.default:
        return [f"{label} (the trust names {role.default.name})"]
    about = [f"Readers are told: {shown('about', role.about)}"] if role.about else []
    return [f"{label} ({_needed(required=role.required)})", *about]


def _about_value(key: str, declared: ValueDeclaration, group: Group | None) -> list[str]:
    if group and key in group.details.values:
        given = f"{group.details.name} says {group.details.values[key]}"
    elif declared.default is not None:
        given = f"the trust says {declared.default}"
    else:
        given = _needed(required=declared.required)
    return [f"{declared.label}{_kind_of_value(declared)} ({given})"]


def _needed(*, required: bool) -> str:
    return "MUST BE FILLED IN" if required else "may be left out"


def left_to_fill_in(trust: Trust, group: Group | None) -> tuple[str, ...]:
    """The roles and values that neither the trust nor the group fills in and every school must."""
    given = {*group.details.contacts, *group.details.values} if group else set()
    declared: dict[str, ContactRole | ValueDeclaration] = {
        **trust.details.contacts,
        **trust.details.values,
    }
    return tuple(
        key
        for key, what in declared.items()
        if what.required and not what.default and key not in given
    )


def _kind_of_value(declared: ValueDeclaration) -> str:
    """What may be filled in: `, in hours, from 1 to 72`."""
    match declared.type:
        case ValueType.NUMBER:
            kind = f", in {plural(declared.unit)}" if declared.unit else ": a number"
            if declared.min is not None:
                kind += f", from {declared.min:g}"
            if declared.max is not None:
                kind += f"{' to' if declared.min is not None else ', at most'} {declared.max:g}"
            return kind
        case ValueType.CHOICE:
            return ": one of " + ", ".join(declared.choices)
        case ValueType.DATE:
            return ": a date"
        case ValueType.EMAIL:
            return ": an e-mail address"
        case ValueType.URL:
            return ": a web address"
        case ValueType.TEXT:
            return ""


def _example_overrides(policy: Policy, group: Group | None) -> dict[str, object]:
    """A clause to show each kind of override with, or None; the school's group leaves it alone."""
    outline = policy.outline
    adoption = group.adoptions.get(policy.id) if group else None
    taken = {override.target for override in adoption.overrides} if adoption else set()

    def free(clause: Clause) -> bool:
        return not taken.intersection(part.id for part in outline.subtree(clause.id))

    def first(fits: Callable[[Clause], bool]) -> Clause | None:
        return next((c for c in outline if free(c) and fits(c)), None)

    def adaptable(clause: Clause) -> bool:
        plain = not clause.body and Mark.DEFINITION not in clause.marks
        open_to_all = not outline.marks(clause.id) & {Mark.LOCKED, Mark.OPTIONAL}
        return clause.kind is Kind.PARAGRAPH and plain and open_to_all

    def leavable(clause: Clause) -> bool:
        inside = (outline.marks(part.id) for part in outline.subtree(clause.id))
        return Mark.OPTIONAL in clause.marks and not any(Mark.LOCKED in marks for marks in inside)

    replace = first(adaptable)
    omit = first(leavable)
    add = replace or first(lambda clause: clause.kind is Kind.PARAGRAPH)
    return {
        "replace": replace and {"id": replace.id, "fingerprint": wording_print(replace)},
        "omit": omit and {"id": omit.id, "fingerprint": _print_of_all(omit, outline)},
        "add": add and {"id": add.id, "fingerprint": wording_print(add)},
    }


def _print_of_all(clause: Clause, outline: Outline) -> str:
    """The fingerprint that leaving out `clause` carries."""
    omit = Omit(target=clause.id, reason="", against=None, since=None, span=clause.span)
    return print_for(omit, outline)


# -- a policy --------------------------------------------------------------------------


@dataclass(frozen=True)
class NewPolicy:
    """What a policy begins with."""

    id: str
    title: str
    code: str
    owner: str
    approver: str

    @property
    def clause_ids(self) -> tuple[str, ...]:
        """The IDs of its first clauses."""
        return tuple(f"{self.code.lower()}-{n}" for n in range(1, FIRST_CLAUSES + 1))


def make_policy(root: Path, trust: Trust, new: NewPolicy) -> Sequence[str]:
    """Write a policy's folder, with a first text to write over; gives the paths of its files."""
    terms = {key: f"{{{{ {key} }}}}" for key in trust.details.terms}
    said = {
        "new": new,
        "prefix": new.code.lower(),
        "audiences": ", ".join(trust.details.audiences),
        "headteacher": terms.get("headteacher", "headteacher"),
        "governing_body": terms.get("governing_body", "governing body"),
    }
    written = {"policy.md": _render("policy/policy.md.j2", said)}
    return _write_new(root, f"{POLICIES}/{new.id}", written)


# -- templates ---------------------------------------------------------------------------


def _rendered(folder: str, said: Mapping[str, object]) -> Files:
    """Every file under a folder of templates, by the path it is to have."""
    named = {stored_as: name for name, stored_as in _STORED_AS.items()}
    found: dict[str, str] = {}
    for path, text in _texts().items():
        inside = path.removeprefix(f"{folder}/")
        if inside == path:
            continue
        made = _render(path, said) if path.endswith(TEMPLATE) else text
        found[named.get(inside, inside.removesuffix(TEMPLATE))] = made
    return found


def _render(template: str, said: Mapping[str, object]) -> str:
    return _templates().get_template(template).render(said)


@cache
def _templates() -> Environment:
    """The templates; what they say to Jinja stands in square brackets, as policies use braces."""
    environment = Environment(
        loader=DictLoader(_texts()),
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - YAML and Markdown, not HTML
    )
    environment.filters["scalar"] = scalar
    return environment


@cache
def _texts() -> dict[str, str]:
    return dict(_read(_folder(), ""))


def _folder() -> Traversable:
    return files("clausebook") / "scaffold"


def _read(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _read(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes().decode("utf-8")


def scalar(text: str) -> str:
    """A text on one line as YAML: plain if that says the same, else in quotes."""
    try:
        read = yaml.safe_load(f"key: {text}")
    except yaml.YAMLError:
        read = None
    number = isinstance(read, dict) and type(read.get("key")) in (int, float)
    same = read == {"key": text} or (number and f"{read['key']}" == text)
    return text if same else json.dumps(text, ensure_ascii=False)


# -- folders -----------------------------------------------------------------------------


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give a folder whose files become those of `target`, all at once or not at all.

    `target` must not be there, or be empty; an empty one is kept, for a terminal may be
    standing in it.
    """
    there = _is_there(target)
    fresh = target / STAGE if there else unfinished(target)
    parents = [parent for parent in target.parents if not parent.exists()]
    try:
        with hold(fresh, make=True):
            try:
                _is_there(target)  # or somebody else has made it meanwhile
                for path in fresh.iterdir():
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                yield fresh
                if there:
                    _move_up(fresh)
                else:
                    fresh.rename(target)
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise
    except BaseException as error:
        for parent in parents:
            with suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError):
            raise cannot_write(target, error) from error
        raise


def _is_there(target: Path) -> bool:
    """Whether there is an empty folder already; refuses anything else that is there."""
    if not target.is_dir():
        if target.exists() or target.is_symlink():
            message = f"'{target}' is not a folder; choose another name"
            raise FolderError(message)
        return False
    try:
        kept = sorted(entry.name for entry in target.iterdir() if entry.name != STAGE)
    except OSError as error:
        message = f"'{target}' cannot be read: {(error.strerror or str(error)).lower()}"
        raise FolderError(message) from error
    if kept:
        where = "this folder" if target == Path() else f"'{target}'"
        message = (
            f"{where} has something in it already ({kept[0]}{', …' if kept[1:] else ''}); "
            "choose a new folder, or an empty one"
        )
        raise FolderError(message)
    return True


def _move_up(fresh: Path) -> None:
    """Move what is in `fresh` into the folder around it; back again if anything goes wrong."""
    moved: list[tuple[Path, Path]] = []
    try:
        for entry in sorted(fresh.iterdir()):
            place = fresh.parent / entry.name
            entry.rename(place)
            moved.append((entry, place))
        fresh.rmdir()
    except OSError:
        for entry, place in moved:
            place.rename(entry)
        raise


def _write_new(root: Path, folder: str, texts: Files) -> Sequence[str]:
    refuse_links(root, folder)
    with _new_folder(root / folder) as fresh:
        _write(fresh, texts)
    return [f"{folder}/{name}" for name in texts]


def _write(folder: Path, texts: Files) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
