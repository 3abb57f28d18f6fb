"""Every clause at every school as a picture: a table whose cells are drawn, as HTML.

Columns are the sections of the trust's policy, rows the schools.  In a cell each
clause of the section has its place; whatever is not the trust's is a mark that leads
to the reason.  Marks differ in shape and place as well as in colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from clausebook.english import typographic
from clausebook.model import TailoredPolicy
from clausebook.overview import ClauseAt, PolicyAt, Section, State, clauses_at, sections

STEP = 4
"""Width of a clause, in pixels."""
HEIGHT = 24
_TOP, _FOOT, _MIDDLE = 9, 22, 16
"""Above `_TOP` stands what the trust's policy does not have, between its clauses."""

DIFFERING = (State.ADAPTED, State.ADDED, State.OMITTED, State.REVIEW, State.OTHER_MASTER)
"""The states that have a mark; a clause that is missing has a gap."""


@dataclass(frozen=True)
class Mark:
    """One mark of the picture: neighbouring clauses that one decision is about."""

    clauses: tuple[ClauseAt, ...]
    at: int
    """Which place in its section it has."""
    between: bool = False
    """Whether it stands before that place and not in it: the trust's policy has no such clause."""

    @property
    def state(self) -> State:
        """What the clauses are."""
        return self.clauses[0].state


@dataclass(frozen=True)
class Strip:
    """One section at one school."""

    section: Section
    inherited: tuple[tuple[int, int], ...]
    """Runs of clauses that are the trust's: the first place, and how many."""
    marks: tuple[Mark, ...]
    missing: int

    @property
    def summary(self) -> str:
        """What the strip shows, in words: `2 adapted, 1 added`."""
        tally = Counter(one.state for mark in self.marks for one in mark.clauses)
        told = [f"{tally[state]} {state}" for state in DIFFERING if tally[state]]
        told += [f"{self.missing} {State.MISSING}"] if self.missing else []
        return ", ".join(told) or f"all {State.INHERITED}"


def strips(master: TailoredPolicy, at: Sequence[ClauseAt]) -> list[Strip]:
    """One school's clauses by the sections of the trust's policy."""
    by_id = {one.id: one for one in at if one.id in master.by_id}
    extra: dict[str | None, list[ClauseAt]] = {}
    for one in at:
        if one.id not in by_id:
            extra.setdefault(one.after, []).append(one)
    found: list[Strip] = []
    for number, section in enumerate(sections(master)):
        places = [by_id[clause.id] for clause in section.clauses]
        marks = list(_runs(places))
        for place, one in enumerate(places):
            marks += _between(extra.get(one.id, ()), place + 1)
        if number == 0:
            marks += _between(extra.get(None, ()), 0)
        found.append(
            Strip(
                section,
                tuple((run.at, len(run.clauses)) for run in marks if run.state is State.INHERITED),
                tuple(run for run in marks if run.state in DIFFERING),
                sum(one.state is State.MISSING for one in places),
            )
        )
    return found


def _runs(places: Sequence[ClauseAt]) -> Iterable[Mark]:
    at = 0
    for _, run in groupby(places, key=_together):
        clauses = tuple(run)
        yield Mark(clauses, at)
        at += len(clauses)


def _between(extra: Sequence[ClauseAt], place: int) -> Iterable[Mark]:
    return (Mark(tuple(run), place, between=True) for _, run in groupby(extra, key=_together))


def _together(one: ClauseAt) -> tuple[State, str]:
    alone = one.state in {State.INHERITED, State.MISSING, State.OTHER_MASTER}
    return one.state, "" if alone else one.root


Way = Callable[[PolicyAt, str], str]
"""The address of a school's reason for a difference, or (for "") of its policy."""


def draw(master: TailoredPolicy, schools: Sequence[PolicyAt], way: Way) -> str:
    """The picture as one block of HTML without blank lines."""
    titles = [_section_head(section) for section in sections(master)]
    first = '<th scope="col">School</th><th scope="col" class="cb-number">Differ</th>'
    rows = [_row(master, school, way) for school in schools]
    caption = f"Every clause of the {master.policy.control.title} at every school"
    return "\n".join(
        [
            f'<table><caption class="cb-vh">{_said(caption)}</caption>',
            f"<thead><tr>{first}{''.join(titles)}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody></table>",
        ]
    )


def _section_head(section: Section) -> str:
    name = _said(section.name)
    label = escape(section.heading.label) if section.heading else ""
    hidden = f'<span class="cb-vh"> {name}</span>'
    return f'<th scope="col" class="cb-section" title="{name}">{label}{hidden}</th>'


def _row(master: TailoredPolicy, school: PolicyAt, way: Way) -> str:
    at = clauses_at(master, school)
    drawn = "".join(f"<td>{_strip(strip, school, way)}</td>" for strip in strips(master, at))
    differing = sum(one.state is not State.INHERITED for one in at)
    name = f'<a href="{escape(way(school, ""))}">{_said(school.body.short_name)}</a>'
    number = f'<td class="cb-number">{differing}</td>'
    return f'<tr><th scope="row">{name}</th>{number}{drawn}</tr>'


def _strip(strip: Strip, school: PolicyAt, way: Way) -> str:
    width = STEP * len(strip.section.clauses)
    line = "".join(f"M{STEP * at} {_MIDDLE}h{STEP * run}" for at, run in strip.inherited)
    lines = f'<path class="i" d="{line}"/>' if line else ""
    marks = "".join(_linked(mark, strip.section, school, way) for mark in strip.marks)
    role = "group" if marks else "img"
    size = f'width="{width}" height="{HEIGHT}" viewBox="0 0 {width} {HEIGHT}"'
    return f'<svg {size} role="{role}" aria-label="{strip.summary}">{lines}{marks}</svg>'


def _linked(mark: Mark, section: Section, school: PolicyAt, way: Way) -> str:
    first = mark.clauses[0]
    others = len(mark.clauses) - 1
    more = f" and {others} more" if others else ""
    said = _said(f"{school.body.short_name}, {first.label}{more} ({section.name}): {mark.state}")
    to = escape(way(school, first.root if mark.state is not State.OTHER_MASTER else ""))
    return f'<a href="{to}"><title>{said}</title>{shape(mark)}</a>'


def shape(mark: Mark) -> str:
    """The drawing of a mark."""
    x, wide = STEP * mark.at, STEP * len(mark.clauses) - 1
    tall = _FOOT - _TOP
    match mark.state:
        case State.ADAPTED:
            return f'<path class="a" d="M{x} {_TOP}h{wide}v{tall}h-{wide}z"/>'
        case State.OMITTED:
            inner = f"M{x + 0.5} {_TOP + 0.5}h{wide - 1}v{tall - 1}h-{wide - 1}z"
            return f'<path class="n" d="{inner}"/>'
        case State.REVIEW if not mark.between:
            upper, lower = f"M{x} {_TOP}h{wide}v8h-{wide}z", f"M{x} {_FOOT - 3}h{wide}v3h-{wide}z"
            return f'<path class="r" d="{upper}{lower}"/>'
        case State.OTHER_MASTER:
            return f'<path class="o" d="M{x - 1.5} 2.5h3v4h-3z"/>'
        case State.REVIEW:
            return f'<path class="r" d="M{x - 1} 1h2v4h-2zM{x - 1} 6h2v2h-2z"/>'
        case _:
            return f'<path class="p" d="M{x - 1} 1h2v2.5h2v2h-2v2.5h-2v-2.5h-2v-2h2z"/>'


def legend(tally: Counter[State]) -> str:
    """What each mark means and how many clauses have it, as one block of HTML."""
    told = [_legend_entry(state, tally[state]) for state in State if tally[state] or _usual(state)]
    return '<ul class="cb-legend">\n' + "\n".join(told) + "\n</ul>"


def _usual(state: State) -> bool:
    return state not in {State.OTHER_MASTER, State.MISSING}


def _legend_entry(state: State, number: int) -> str:
    one = ClauseAt(id="", label="", state=state, known=None)
    around = f"M0 {_MIDDLE}h{STEP}M{2 * STEP} {_MIDDLE}h{2 * STEP}"
    if state in {State.INHERITED, State.ADDED, State.OTHER_MASTER}:
        around = f"M0 {_MIDDLE}h{4 * STEP}"
    drawn = f'<path class="i" d="{around}"/>'
    if state not in {State.INHERITED, State.MISSING}:
        between = state in {State.ADDED, State.OTHER_MASTER}
        drawn += shape(Mark((one,), 2 if between else 1, between=between))
    size = f'width="{4 * STEP}" height="{HEIGHT}" viewBox="0 0 {4 * STEP} {HEIGHT}"'
    picture = f'<svg {size} aria-hidden="true">{drawn}</svg>'
    return f"<li>{picture} {state} <span>({number:,})</span></li>"


def _said(text: str) -> str:
    return escape(typographic(text))
