"""An addition made to fit the place it goes to.

A school writes its clause as a paragraph or a list; beside an item of a list it
becomes an item, beside a paragraph a paragraph, so that it reads and is numbered
like its neighbours.  A section goes beside a section.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from clausebook.clauses import MAX_HEADING, MAX_LIST_DEPTH
from clausebook.model import Add, Clause, Kind, Outline, Place
from clausebook.problems import Problems


@dataclass(frozen=True)
class _Position:
    """What a clause must be to stand in a place."""

    parent: str | None
    kind: Kind
    depth: int
    ordered: bool = False


def fit(override: Add, outline: Outline, problems: Problems) -> tuple[Clause, ...]:
    """The added clauses as they will stand in `outline`; none, with a problem, if they cannot."""
    top = _position(override, outline)
    fitted: dict[str, Clause] = {}
    for clause in override.clauses:
        parent = fitted.get(clause.parent) if clause.parent else None
        place = _below(parent, clause) if parent else top
        if clause.kind is Kind.HEADING and place.kind is not Kind.HEADING:
            place = _heading_place(override, outline, place)
        wrong = _misfit(clause, place, override)
        if wrong:
            about_headings = Kind.HEADING in (clause.kind, place.kind)
            code = "heading-level" if about_headings else "unclear-nesting"
            problems.error(code, wrong[0], clause.span, wrong[1])
            return ()
        fitted[clause.id] = replace(
            clause,
            parent=place.parent,
            kind=place.kind,
            depth=place.depth,
            ordered=clause.ordered if parent else place.ordered,
        )
    return tuple(fitted.values())


def _position(override: Add, outline: Outline) -> _Position:
    """What stands in the place an addition goes to."""
    target = outline.by_id[override.target]
    if override.place is not Place.WITHIN:
        return _Position(target.parent, target.kind, target.depth, target.ordered)
    if target.kind is Kind.HEADING:
        children = [c for c in outline if c.parent == target.id and c.kind is not Kind.HEADING]
        kind = children[-1].kind if children else Kind.PARAGRAPH
        depth = children[-1].depth if children else 0
        return _Position(target.id, kind, depth, bool(children and children[-1].ordered))
    children = [c for c in outline if c.parent == target.id]
    ordered = bool(children and children[-1].ordered)
    return _Position(target.id, Kind.ITEM, target.depth + 1, ordered)


def _heading_place(override: Add, outline: Outline, place: _Position) -> _Position:
    """A section inside a section stands one level below it."""
    target = outline.by_id[override.target]
    if override.place is Place.WITHIN and target.kind is Kind.HEADING:
        return _Position(target.id, Kind.HEADING, target.depth + 1)
    return place


def _below(parent: Clause, clause: Clause) -> _Position:
    """What a clause becomes under a clause of the same addition."""
    if clause.kind is Kind.HEADING:
        return _Position(parent.id, Kind.HEADING, parent.depth + 1)
    if parent.kind is Kind.HEADING:
        return _Position(parent.id, clause.kind, 1 if clause.kind is Kind.ITEM else 0)
    return _Position(parent.id, Kind.ITEM, parent.depth + 1)


def _misfit(clause: Clause, place: _Position, override: Add) -> tuple[str, str] | None:
    if clause.kind is Kind.HEADING and place.kind is not Kind.HEADING:
        return (
            f"a section cannot stand {override.place} '{override.target}', which is not one",
            "put it after or before a section, or write a paragraph",
        )
    if clause.kind is not Kind.HEADING and place.kind is Kind.HEADING:
        return (
            f"'{override.target}' is a section: what stands {override.place} it is a section too",
            "begin with a heading, or use 'within:' to put clauses into the section",
        )
    deepest = MAX_HEADING if place.kind is Kind.HEADING else MAX_LIST_DEPTH
    if place.depth > deepest:
        return (
            f"'{clause.id}' would stand deeper than clauses can be numbered",
            "put it a level higher",
        )
    return None
