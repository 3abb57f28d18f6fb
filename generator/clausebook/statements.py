"""What people wrote, each thing once: clauses, overrides, short texts, and the schools they reach.

The checks of wording run over these and not over every school's pages, so that what is wrong
in one clause of the trust's is told once, with a list of schools.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clausebook.matching import GAP
from clausebook.model import (
    Add,
    Adoption,
    Clause,
    Group,
    Kind,
    Layered,
    Mark,
    Omit,
    Outline,
    Policy,
    Replace,
    School,
    Trust,
)
from clausebook.runningtext import running
from clausebook.source import Source, Span
from clausebook.yamldoc import Path, YamlDocument


@dataclass(frozen=True)
class Region:
    """The lines of a file in which something is written."""

    source: Source
    first: int
    last: int
    fallback: Span

    def find(self, words: str) -> Span:
        """Where `words` stand, whatever marks stand between them; else the best place there is."""
        text = "\n".join(self.source.lines[self.first - 1 : self.last])
        parts = re.findall(r"\w+", words)
        for wanted in (parts, parts[:1]):
            pattern = r"(?<!\w)" + r"\W+".join(map(re.escape, wanted)) + r"(?!\w)"
            found = re.search(pattern, text) if wanted else None
            if found:
                before = text[: found.start()]
                line = self.first + before.count("\n")
                column = found.start() - (before.rfind("\n") + 1) + 1
                return self.source.span(line, column, len(found[0].split("\n")[0]))
        return self.fallback


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A clause, the wording of an override, or a short text, as somebody wrote it."""

    clause: str
    """The clause's ID, or "" for a text that is no clause."""
    policy: str
    """The policy's ID, or ""."""
    layer: str
    """The group or school that wrote it, or "" for the trust."""
    text: str
    """Running text without quotations; what is filled in is a gap."""
    region: Region = field(repr=False)
    schools: tuple[str, ...]
    """IDs of the schools where it stands."""
    kind: Kind | None = None
    marks: frozenset[Mark] = frozenset()
    example: bool = False
    """Whether it is, or stands under, a worked example."""
    leads: bool = False
    """Whether something belongs to it that comes after: a list, a table, a card, a quotation."""

    @property
    def home(self) -> str:
        """What a message calls it: `clause sm-3`, `a text`."""
        return f"clause {self.clause}" if self.clause else "this file"


def statements(trust: Trust) -> tuple[Statement, ...]:
    """Everything that anybody in the trust has written."""
    everyone = tuple(trust.schools)
    found = list(_texts("", trust.document, "", everyone))
    for policy in trust.policies.values():
        found += _of_policy(trust, policy)
    for layer in trust.layers:
        found += _texts(layer.id, layer.document, "", _members(trust, layer))
    return tuple(found)


# -- policies ----------------------------------------------------------------------------


def _of_policy(trust: Trust, policy: Policy) -> Iterator[Statement]:
    adopters = tuple(school.id for school in trust.schools.values() if _applies(school, policy.id))
    gone = {key: _gone(trust.schools[key], policy) for key in adopters}

    under: dict[str, list[str]] = {layer.id: [] for layer in trust.layers}
    for school in adopters:
        for layer in trust.schools[school].layers:
            under[layer.id].append(school)

    def reach(clause: str, layer: Layered | None) -> tuple[str, ...]:
        rank, inside = _rank(layer), under[layer.id] if layer else adopters
        return tuple(school for school in inside if gone[school].get(clause, 0) <= rank)

    yield from _texts("", policy.document, policy.id, adopters)
    yield from _of_clauses(policy.outline.clauses, policy.id, None, reach)
    for layer in trust.layers:
        adoption = layer.adoptions.get(policy.id)
        if adoption:
            yield from _texts(layer.id, adoption.document, policy.id, tuple(under[layer.id]))
            yield from _of_overrides(adoption, layer, reach)


Reach = Callable[[str, Layered | None], tuple[str, ...]]


def _of_overrides(adoption: Adoption, layer: Layered, reach: Reach) -> Iterator[Statement]:
    for number, override in enumerate(adoption.overrides):
        if isinstance(override, Add):
            yield from _of_clauses(override.clauses, adoption.policy, layer, reach)
        elif isinstance(override, Replace):
            passage = adoption.document.passages["overrides", number, "with"]
            last = passage.first_line + len(passage.lines) - 1
            where = Region(passage.source, passage.first_line, last, passage.span(0))
            yield Statement(
                clause=override.target,
                policy=adoption.policy,
                layer=layer.id,
                text=running(override.words, override.body),
                region=where,
                schools=reach(override.target, layer),
                leads=True,
            )


def _of_clauses(
    clauses: Sequence[Clause], policy: str, layer: Layered | None, reach: Reach
) -> Iterator[Statement]:
    outline = Outline(tuple(clauses))
    parents = {clause.parent for clause in clauses}
    examples: set[str | None] = set()
    for clause, region in regions(clauses):
        if Mark.EXAMPLE in clause.marks or clause.parent in examples:
            examples.add(clause.id)
        yield Statement(
            clause=clause.id,
            policy=policy,
            layer=layer.id if layer else "",
            text=running(clause.words, clause.body),
            region=region,
            schools=reach(clause.id, layer),
            kind=clause.kind,
            marks=outline.by_id[clause.id].marks,
            example=clause.id in examples,
            leads=clause.id in parents or bool(clause.body),
        )


def regions(clauses: Sequence[Clause]) -> Iterator[tuple[Clause, Region]]:
    """Each clause with its lines: its first paragraph, and what stands before the next one's."""
    starts = [_first_line(clause.span) for clause in clauses]
    for number, clause in enumerate(clauses):
        here = clause.span
        after = starts[number + 1] - 1 if number + 1 < len(starts) else len(here.source.lines)
        yield clause, Region(here.source, starts[number], max(after, here.line), here)


def _first_line(span: Span) -> int:
    """Where the paragraph begins whose ID stands at `span`."""
    lines, at = span.source.lines, span.line
    while at > 1 and lines[at - 2].strip() and not lines[at - 2].rstrip().endswith("}"):
        if re.match(r"\s*(?:[-*+#>|]|[0-9]+[.)])", lines[at - 1]):
            break
        at -= 1
    return at


def _applies(school: School, policy: str) -> bool:
    own = [layer.adoptions[policy] for layer in school.layers if policy in layer.adoptions]
    return bool(own) and not any(adoption.withdrawn for adoption in own)


_OMITTED = 3


def _rank(layer: Layered | None) -> int:
    """Whose wording stands: the school's before the group's before the trust's."""
    return 0 if layer is None else 1 if isinstance(layer, Group) else 2


def _gone(school: School, policy: Policy) -> Mapping[str, int]:
    """By clause, the rank of the last who put other wording in its place, or left it out."""
    gone: dict[str, int] = {}
    for layer in school.layers:
        adoption = layer.adoptions.get(policy.id)
        for override in adoption.overrides if adoption else ():
            if isinstance(override, Replace):
                gone[override.target] = max(gone.get(override.target, 0), _rank(layer))
            elif isinstance(override, Omit):
                known = override.target in policy.outline.by_id
                below = policy.outline.subtree(override.target) if known else ()
                gone |= dict.fromkeys((override.target, *(c.id for c in below)), _OMITTED)
    return gone


def _members(trust: Trust, layer: Layered) -> tuple[str, ...]:
    if isinstance(layer, Group):
        return tuple(s.id for s in trust.schools.values() if s.group and s.group.id == layer.id)
    return (layer.id,)


# -- short texts -------------------------------------------------------------------------

_SECTIONS = frozenset(
    ("audiences", "channels", "contacts", "local_contacts", "values", "title", "summary", "related")
)
"""The parts of a YAML file whose texts readers see."""

_NO_PROSE = frozenset(("address", "email", "phone", "checked", "type", "min", "max"))


def _texts(
    layer: str, document: YamlDocument, policy: str, schools: tuple[str, ...]
) -> Iterator[Statement]:
    for path, passage in document.passages.items():
        if path[0] in _SECTIONS and path[-1] not in _NO_PROSE and not _person(path):
            last = passage.first_line + len(passage.lines) - 1
            where = Region(passage.source, passage.first_line, last, document.span(*path))
            text = re.sub(r"\{\{[^{}]*\}\}", GAP, passage.text)
            yield Statement(
                clause="", policy=policy, layer=layer, text=text, region=where, schools=schools
            )


def _person(path: Path) -> bool:
    return path[-1] == "name" and path[0] != "channels"
