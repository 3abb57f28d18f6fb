"""What differs from the master becomes the draft of a school's file for the policy.

Every override is tried before it is given out: the file is read and laid over the policy as any
school's file is, and what the trust does not allow is taken out again and told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.dates import show_date
from clausebook.drafts import renamed
from clausebook.filling import Filling
from clausebook.foundcontrol import read_when
from clausebook.imported import About, FoundClause, Structure
from clausebook.matched import Fate, Match, Matching
from clausebook.model import Add, Adoption, Clause, Kind, Omit, Outline, Place, TailoredPolicy
from clausebook.permissions import Permissions
from clausebook.placing import fit
from clausebook.problems import Problem, Problems
from clausebook.prose import (
    Blocks,
    Inline,
    Inlines,
    Text,
    Value,
    inlines_of,
    map_block,
    map_inlines,
    plain,
)
from clausebook.reading import UNWRITTEN, read_adoption_file
from clausebook.settling import PLACE
from clausebook.snapshot import Snapshot
from clausebook.sourcewriting import clause_lines, free_numbers
from clausebook.tailor import Layer, print_for, tailor
from clausebook.values import Names, check_form
from clausebook.writing import SOURCE, write_blocks, write_line
from clausebook.writtenyaml import write_yaml

SHORTEST = 3
"""Letters of the shortest words that are taken for what a name stands for."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A difference that the trust does not allow, or that cannot be written as an override."""

    match: Match
    why: str
    """What is so; lower case, no full stop."""


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A school's file for one policy, as it would be written."""

    text: str
    overrides: int
    refused: tuple[Refused, ...]
    ids: Mapping[str, str]
    """For each clause that only the document has, the ID it has been given in the file."""
    adoption: Adoption | None
    """The file as read; None if it is not to be read."""


@dataclass(frozen=True)
class _Entry:
    """One override on its way into the file."""

    data: Mapping[str, str]
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class Ground:
    """What a school's file is laid over."""

    policy: TailoredPolicy
    """As it stands before the school's own file."""
    layers: tuple[Layer, ...]
    """Of its group."""
    school: str
    used: Collection[str]
    """IDs of clauses that are never given again."""


def draft_overrides(matching: Matching, ground: Ground) -> Drafted:
    """The school's file that says what the document says, as far as it may."""
    making = _Making(matching, ground)
    entries = [*making.replacements(), *making.omissions(), *making.additions()]
    entries.sort(key=making.place)
    refused = list(making.refused)
    while True:
        text = _written(matching.document, entries, ground)
        adoption, wrong = _tried(text, ground)
        if not wrong:
            break
        for number in sorted(wrong, reverse=True):
            entry = entries.pop(number)
            refused += [Refused(match=one, why=wrong[number].message) for one in entry.matches]
    return Drafted(
        text=text,
        overrides=len(entries),
        refused=tuple(refused),
        ids=making.ids,
        adoption=adoption,
    )


class _Making:
    """The overrides of one document."""

    def __init__(self, matching: Matching, ground: Ground) -> None:
        self.matching = matching
        self.ground = ground
        self.policy = ground.policy
        self.outline = Outline(tuple(one.clause for one in ground.policy.clauses))
        self.places = {clause.id: number for number, clause in enumerate(self.outline)}
        self.refused: list[Refused] = []
        self.own = matching.document.outline
        self.only = [one.found[0] for one in matching.of(Fate.ONLY_HERE)]
        prefix = f"{ground.policy.policy.control.code.lower()}-{ground.school}"
        numbers = free_numbers(prefix, set(ground.used))
        self.ids = {one.id: next(numbers) for one in self.only}

    def place(self, entry: _Entry) -> tuple[int, int]:
        """Where an override stands in the file: in the master's order."""
        target = next(
            entry.data[key] for key in ("replace", "omit", "after", "before", "within")
            if key in entry.data
        )  # fmt: skip
        return self.places[target], "add" in entry.data

    # -- other words ---------------------------------------------------------------------

    def replacements(self) -> Iterator[_Entry]:
        for match in self.matching.of(Fate.ALTERED):
            clause = self._master(match)
            words = restored(match.words, clause, self.policy.names)
            body = self._body(match, clause)
            text = "\n".join([write_line(words, SOURCE), *_after(write_blocks(body, SOURCE))])
            yield _Entry(
                {
                    "replace": clause.id,
                    "with": text + "\n",
                    **self._reason(match, "say why this school has other words"),
                    "against": self._print(clause),
                },
                (match,),
            )

    def _body(self, match: Match, clause: Clause) -> Blocks:
        """What belongs to it; a card or a list that the policy fills in stays one."""
        shown = match.master.shown.body if match.master else ()
        if _texts(shown) == _texts(match.body):
            return clause.body
        return tuple(
            map_block(block, lambda run: restored(run, clause, self.policy.names))
            for block in match.body
        )

    # -- left out ------------------------------------------------------------------------

    def omissions(self) -> Iterator[_Entry]:
        missing = {match.id: match for match in self.matching.of(Fate.MISSING)}
        allowed = Permissions(self.outline, self.policy.policy.control.schools_may)
        for key, match in missing.items():
            below = [one.id for one in self.outline.subtree(key) if one.id in self._applying]
            if any(
                above.id in missing and self._whole(above.id)
                for above in self.outline.ancestors(key)
            ):
                continue
            if not all(one in missing for one in below):
                why = "clauses that stand under it are in the document"
                self.refused.append(Refused(match=match, why=why))
            elif not allowed.may_be_left_out(key):
                why = f"the trust has not marked '{key}' as optional, so it holds here as well"
                self.refused.append(Refused(match=match, why=why))
            else:
                yield _Entry(
                    {
                        "omit": key,
                        **self._reason(match, "say why this does not apply here"),
                        "against": print_for(_omit(key), self.outline),
                    },
                    (match,),
                )

    @property
    def _applying(self) -> set[str]:
        return set(self.matching.by_master)

    def _whole(self, key: str) -> bool:
        """Whether a missing clause goes with all that stands under it."""
        by = self.matching.by_master
        below = [one.id for one in self.outline.subtree(key) if one.id in by]
        allowed = Permissions(self.outline, self.policy.policy.control.schools_may)
        return all(by[one].fate is Fate.MISSING for one in below) and allowed.may_be_left_out(key)

    # -- clauses of its own --------------------------------------------------------------

    def additions(self) -> Iterator[_Entry]:
        for tops in self._groups():
            heads = {one.id for one in tops}
            inside = [one for one in self.only if self._goes_with(one) in heads]
            where = self._where(tops, inside)
            matches = tuple(self.matching.by_found[one.id] for one in inside)
            if where is None:
                why = "there is no place for it beside the trust's clauses"
                self.refused += [Refused(match=match, why=why) for match in matches]
                continue
            place, target = where
            lines = clause_lines(self._clauses(inside))
            yield _Entry(
                {
                    "add": "\n".join(lines) + "\n",
                    place.value: target,
                    **self._reason(matches[0], "say why this school adds this"),
                    "against": self._print(self.outline.by_id[target]),
                },
                matches,
            )

    def _groups(self) -> Iterator[list[FoundClause]]:
        """Clauses that stand beside one another and go to one place, with those under them."""
        own = {one.id for one in self.only}
        group: list[FoundClause] = []
        for one in self.matching.document.clauses:
            here = one.id in own
            top = here and one.clause.parent not in own
            if group and (not here or (top and not self._beside(group[-1], one))):
                yield group
                group = []
            if top:
                group.append(one)
        if group:
            yield group

    def _beside(self, one: FoundClause, other: FoundClause) -> bool:
        same = one.clause.parent == other.clause.parent
        headings = (one.clause.kind is Kind.HEADING) == (other.clause.kind is Kind.HEADING)
        return same and headings

    def _goes_with(self, one: FoundClause) -> str:
        """The uppermost of the clauses above it that, like it, only the document has."""
        key = one.id
        while (parent := self.own.by_id[key].parent) in self.ids:
            key = parent
        return key

    def _clauses(self, inside: Sequence[FoundClause]) -> tuple[Clause, ...]:
        kept = {one.id for one in inside}
        ids = {**{one.id: one.id for one in self.matching.document.clauses}, **self.ids}
        clauses = renamed(inside, ids)
        return tuple(
            clause if one.clause.parent in kept else _at_top(clause)
            for one, clause in zip(inside, clauses, strict=True)
        )

    def _where(
        self, tops: Sequence[FoundClause], inside: Sequence[FoundClause]
    ) -> tuple[Place, str] | None:
        """The first place in which the clauses can stand."""
        clauses = self._clauses(inside)
        for place, target in self._candidates(tops[0], tops[-1]):
            override = Add(
                target=target, place=place, clauses=clauses, reason="", against=None, since=None,
                span=PLACE,
            )  # fmt: skip
            if fit(override, self.outline, Problems()):
                return place, target
        return None

    def _candidates(self, first: FoundClause, last: FoundClause) -> Iterator[tuple[Place, str]]:
        siblings = [c for c in self.own if c.parent == first.clause.parent]
        at = next(n for n, c in enumerate(siblings) if c.id == first.id)
        after = next(n for n, c in enumerate(siblings) if c.id == last.id)
        parent = first.clause.parent
        if at and (target := self._target(siblings[at - 1].id)):
            yield Place.AFTER, target
        if after + 1 < len(siblings) and (target := self._target(siblings[after + 1].id)):
            yield Place.BEFORE, target
        if parent and (target := self._target(parent)):
            yield Place.WITHIN, target
        for clause in reversed(siblings[:at]):
            if target := self._target(clause.id):
                yield Place.AFTER, target
        earlier = [c.id for c in self.own][: [c.id for c in self.own].index(first.id)]
        for one in reversed(earlier):
            if target := self._target(one):
                yield Place.AFTER, target
                for above in self.outline.ancestors(target):
                    yield Place.AFTER, above.id
                    yield Place.WITHIN, above.id
        for clause in self.outline:
            yield Place.BEFORE, clause.id
            break

    def _target(self, found: str) -> str | None:
        """The trust's clause that a clause of the document is."""
        match = self.matching.by_found[found]
        return match.master.id if match.master else None

    # -- what all have in common ---------------------------------------------------------

    def _master(self, match: Match) -> Clause:
        assert match.master  # noqa: S101 - asked of those that the trust has
        return match.master.clause

    def _print(self, clause: Clause) -> str:
        return print_for(
            Add(target=clause.id, place=Place.AFTER, clauses=(), reason="", against=None,
                since=None, span=PLACE),
            self.outline,
        )  # fmt: skip

    def _reason(self, match: Match, what: str) -> dict[str, str]:
        name = self.matching.document.document.name
        where = f" ({name}, {match.found[0].where})" if match.found else f" (it is not in {name})"
        return {"reason": f"{UNWRITTEN}: {what}{re.sub('[{}]', '', where)}"}


def _omit(key: str) -> Omit:
    return Omit(target=key, reason="", against=None, since=None, span=PLACE)


def _at_top(clause: Clause) -> Clause:
    """A clause at the left margin of an addition."""
    depth = 1 if clause.kind is Kind.ITEM else clause.depth
    return replace(clause, parent=None, depth=depth)


def _after(lines: Sequence[str]) -> list[str]:
    return ["", *lines] if lines else []


def _texts(blocks: Blocks) -> list[str]:
    return [" ".join(plain(run).split()) for run in inlines_of(blocks)]


def restored(words: Inlines, clause: Clause, names: Names) -> Inlines:
    """Wording in which what the trust's clause fills in is its name again, where it says the same.

    Only names that a school's wording may hold.
    """
    for text, value in _filled(clause, names):
        pattern = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")

        def change(
            word: Inline, pattern: re.Pattern[str] = pattern, value: Value = value
        ) -> Inlines:
            if not isinstance(word, Text):
                return (word,)
            parts: list[Inline] = []
            at = 0
            for found in pattern.finditer(word.text):
                parts += [Text(word.text[at : found.start()]), value]
                at = found.end()
            return (*parts, Text(word.text[at:])) if at else (word,)

        words = map_inlines(words, change)
    return words


def _filled(clause: Clause, names: Names) -> list[tuple[str, Value]]:
    """What each name in a clause stands for, the longest first."""
    found: dict[str, Value] = {}
    for value in clause.values:
        problems = Problems()
        check_form(value, problems, trusted=False)
        shown = Filling(names, problems, trusted=True).words((value,))
        text = plain(shown)
        simple = all(isinstance(word, Text) for word in shown)
        if not problems.found and simple and len(text) >= SHORTEST and "{{" not in text:
            found.setdefault(text, value)
    return sorted(found.items(), key=lambda item: -len(item[0]))


# -- the file --------------------------------------------------------------------------


def _written(document: Structure, entries: Sequence[_Entry], ground: Ground) -> str:
    name = re.sub(r"[^\w .,()-]", "_", document.document.name)
    head = [
        f"# yaml-language-server: $schema=../../schemas/{ground.policy.policy.id}.schema.json",
        "#",
        f"# Drafted from {name}. Read each override, and write its reason",
        f"# in place of '{UNWRITTEN}: …'.",
        "",
    ]
    data: dict[str, object] = {}
    review = _review(document)
    if review:
        data["review"] = review
    data["overrides"] = [dict(entry.data) for entry in entries]
    return "\n".join(head) + "\n" + write_yaml(data)


def _review(document: Structure) -> dict[str, str]:
    """Days of review that the document names; months are not days."""
    dates: dict[str, str] = {}
    for key, about in (("last", About.REVIEWED), ("next", About.NEXT_REVIEW)):
        for fact in document.about(about):
            when = read_when(fact.value)
            if when and when.exact:
                dates[key] = show_date(when.day)
    return dates


def _tried(text: str, ground: Ground) -> tuple[Adoption | None, Mapping[int, Problem]]:
    """The file as it is read, and what is wrong with each override, by its number."""
    policy = ground.policy.policy
    path = f"schools/{ground.school}/{policy.id}.yml"
    problems = Problems()
    adoption = read_adoption_file(Snapshot({path: text.encode()}), path, policy.id, problems)
    if adoption is not None:
        layer = Layer(ground.school, adoption)
        tailor(policy, (*ground.layers, layer), ground.policy.names, problems)
    wrong: dict[int, Problem] = {}
    starts = _starts(text)
    for problem in problems.errors:
        if problem.code == "missing-reason" or problem.span.source.name != path:
            continue
        numbers = [n for n, line in enumerate(starts) if line <= problem.span.line]
        if numbers:
            wrong.setdefault(numbers[-1], problem)
    return adoption, wrong


def _starts(text: str) -> list[int]:
    """The lines on which overrides begin, counted from 1."""
    lines = text.split("\n")
    begin = lines.index("overrides:") if "overrides:" in lines else len(lines)
    return [n + 1 for n, line in enumerate(lines) if n > begin and line.startswith("- ")]
