"""Checking more schools than memory should hold at once: some at a time, as if all were one trust.

Every part is a trust of its own: the trust's files, its groups, and some of the schools.  What is
wrong in a school's files is found in its part.  What is wrong in what all share is found in
each, and told once, with the schools of all parts; and what only all schools together can show
(that no clause anywhere uses a definition) is so if it is so in every part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from clausebook.accounts import GroupNoteUse, check_group_notes
from clausebook.engines import Engine
from clausebook.everything import read_shared
from clausebook.making import make_school, open_workshop
from clausebook.model import Group, School, Trust
from clausebook.notes import read_notes
from clausebook.problems import Problem, Problems, SourceError
from clausebook.reading import SCHOOLS, Only, check_name, is_group, read_trust
from clausebook.remembering import forget
from clausebook.rules import RULES, ask_rules, told
from clausebook.source import Span, Tree
from clausebook.survey import joined_where, without_where
from clausebook.together import check_id_given_once, given_ids

CROWD = 500
"""More schools than this are checked some at a time."""

HANDFUL = 200
"""So many at a time."""


@dataclass(frozen=True)
class PartChecked:
    """What was found in one part; nothing of a stage if one before it has errors."""

    unread: tuple[Problem, ...]
    later: tuple[Problem, ...] = ()
    rules: tuple[Problem, ...] = ()
    """With marks where schools are to be named."""
    uses: tuple[GroupNoteUse, ...] = ()
    given: tuple[tuple[str, Span], ...] = ()
    """The IDs that schools of this part have given, and where."""
    overrides: int = 0


def check_crowd(
    tree: Tree, folders: Sequence[str], problems: Problems, today: date, engine: Engine
) -> tuple[Trust, int, int]:
    """Check a trust of many schools; gives it without them, and how many schools and overrides.

    Raises `SourceError` on errors, as the check of a small trust does.
    """
    good = [name for name in folders if check_name(name, problems)]
    groups = tuple(name for name in good if is_group(tree, name))
    schools = sorted(set(good).difference(groups))
    number = -(-len(schools) // HANDFUL) or 1
    parts = [
        Only(tuple(schools[at * HANDFUL : (at + 1) * HANDFUL]), groups[at::number], groups)
        for at in range(number)
    ]
    done = dict(engine.run(_check_part, (tree, today), list(enumerate(parts))))
    found = [done[at] for at in range(number)]

    problems.found += (problem for part in found for problem in part.unread)
    _check_ids((pair for part in found for pair in part.given), problems)
    problems.stop_on_errors()
    trust = read_trust(tree, Problems(), Only((), (), groups))
    problems.found += (problem for part in found for problem in part.later)
    uses = [use for part in found for use in part.uses]
    notes = read_notes(tree, trust, {use.group: None for use in uses}, Problems())
    check_group_notes(uses, notes, problems)
    problems.stop_on_errors()
    problems.found += _together([part.rules for part in found], len(schools))
    problems.stop_on_errors()
    return trust, len(schools), sum(part.overrides for part in found)


def _check_part(shared: tuple[Tree, date], part: tuple[int, Only]) -> tuple[int, PartChecked]:
    tree, today = shared
    number, only = part
    try:
        return number, check_part(tree, today, only)
    finally:
        forget()  # the next part reads everything anew


def check_part(tree: Tree, today: date, only: Only) -> PartChecked:
    """Check some schools as a trust of their own."""
    unread, later, rules = Problems(), Problems(), Problems()
    try:
        everything = read_shared(tree, unread, only)
    except SourceError:
        return PartChecked(tuple(unread.found))
    trust = everything.trust
    if unread.errors:
        return PartChecked(tuple(unread.found))
    shop = open_workshop(tree, everything, later, today)
    made = [make_school(shop, school, site=False)[0] for school in trust.schools]
    unread.found += (problem for one in made for problem in one.unread)
    later.found += (problem for one in made for problem in one.problems)
    if not (unread.errors or later.errors):
        ask_rules(shop.survey, rules)
    own = [trust.groups[name] for name in only.groups if name in trust.groups]
    bodies: tuple[School | Group, ...] = (*trust.schools.values(), *own)
    adoptions = [adoption for body in bodies for adoption in body.adoptions.values()]
    return PartChecked(
        unread=tuple(unread),
        later=tuple(later),
        rules=tuple(rules),
        uses=tuple(use for one in made for use in one.uses),
        given=tuple(given_ids(adoptions)),
        overrides=sum(len(adoption.overrides) for adoption in adoptions),
    )


def _check_ids(given: Iterable[tuple[str, Span]], problems: Problems) -> None:
    """Find IDs that two schools of different parts have given."""
    before: dict[str, Span] = {}
    for clause_id, span in given:
        check_id_given_once(clause_id, span, before, problems)


def _together(parts: Sequence[Sequence[Problem]], everyone: int) -> Iterator[Problem]:
    """What the rules have found in any part, each thing once, with the schools of all parts."""
    found: dict[tuple[object, ...], list[Problem]] = {}
    for part in parts:
        for problem in part:
            found.setdefault(_key(problem), []).append(problem)
    for same in found.values():
        first = same[0]
        is_shared = not first.span.source.name.startswith(f"{SCHOOLS}/")
        rule = RULES.get(first.code)
        of_all = is_shared and (rule is None or rule.of_all)
        if of_all and len(same) < len(parts):
            continue
        message = joined_where([problem.message for problem in same])
        hint = joined_where([problem.hint for problem in same])
        yield told(replace(first, message=message, hint=hint), everyone)


def _key(problem: Problem) -> tuple[object, ...]:
    """The same for what is the same in several parts."""
    span = problem.span
    place = (span.source.name, span.line, span.column)
    return (
        problem.code,
        problem.severity,
        place,
        without_where(problem.message),
        without_where(problem.hint),
    )
