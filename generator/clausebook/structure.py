"""A document from elsewhere taken apart: what of it is a clause, what is data, what is neither.

The rules are few, and whatever they decide against another reading is a remark:

- A number with several parts (`4.2`) is a clause under the heading `4`; deeper ones are items.
- A letter, a Roman number, a bullet or a single number is an item of a list.  It goes on with the
  innermost open list that it can go on with; where the file itself counts, its levels decide.
- A paragraph without a number between two items of one list belongs to the item above; any other
  is a clause of its own.
- Headings are those of the file; else short lines that are numbered, bold, in capitals, or stand
  alone above wording.  Levels that are skipped are closed up, and there are three.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from clausebook.clauses import MAX_CELLS, MAX_HEADING, MAX_LIST_DEPTH
from clausebook.covers import contents_end, cover, is_contents, names_control
from clausebook.found import FoundDocument, FoundLine, FoundPart, FoundTable, LeftOut, count_words
from clausebook.foundcontrol import control, history, text_of, told_in_line
from clausebook.foundlabels import BULLET, Family, Step, is_number, readings
from clausebook.headingguess import Guesser, Look
from clausebook.imported import About, Fact, FoundClause, History, Remark, Sort, Structure
from clausebook.model import Clause, Kind, Mark
from clausebook.prose import (
    Block,
    Break,
    Inline,
    Inlines,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
    join_text,
    map_inlines,
    plain,
)
from clausebook.settling import PLACE, pieces, settle, settle_block

PREFIX = "found"
"""With a number, the ID of a clause until it is given one."""

NEAR = 3.0
"""Indents that differ by no more points are the same."""

_EXAMPLE = re.compile(r"(?:worked )?examples?(?: [0-9A-Z])?[:.]", re.IGNORECASE)
_GUIDANCE = re.compile(r"(?:guidance|guidance note|note|notes)[:.]", re.IGNORECASE)
_MEANS = re.compile(
    r"^(?:['\"’”]?\s*[(–:-]|\s+(?:means?|refers? to|is defined|is|are|includes?)\b)"
)
_DEFINING = re.compile(
    r"\b(?:definitions?|glossary|terms used|terminology|interpretation)\b", re.IGNORECASE
)


@dataclass
class _Node:
    """A clause while it is being put together."""

    kind: Kind
    depth: int
    parent: int | None
    ordered: bool
    words: Inlines
    where: str
    label: str = ""
    typed: bool = False
    source_id: str = ""
    tags: tuple[str, ...] = ()
    body: list[Block] = field(default_factory=list)
    marks: set[Mark] = field(default_factory=set)
    steps: tuple[Step, ...] = ()


@dataclass
class _Open:
    """A list that goes on."""

    step: Step
    depth: int
    level: int | None
    indent: float
    node: int


def structure(document: FoundDocument) -> Structure:
    """Take a document apart; no word is lost, and none is taken twice."""
    return _Taking(document).result()


class _Taking:
    """One document being taken apart."""

    def __init__(self, document: FoundDocument) -> None:
        self.document = document
        self.left_out: list[LeftOut] = list(document.left_out)
        self.parts: Sequence[FoundPart] = tuple(map(self._without_tags, document.parts))
        self.cover = cover(document)
        self.guesser = Guesser(document.parts[self.cover.end :])
        self.nodes: list[_Node] = []
        self.headings: list[tuple[int, int]] = []
        """Rank and node of the headings above."""
        self.styled = 0
        """The level of the last heading that the file itself has."""
        self.lead: int | None = None
        """The last heading or paragraph, under which lists stand."""
        self.open: list[_Open] = []
        self.facts: list[Fact] = []
        self.histories: list[History] = []
        self.remarks: list[Remark] = []
        self.ids = {line.id for line in document.lines if line.id}
        self.cells = 0
        self.added = 0

    def result(self) -> Structure:
        self._front()
        at = self.cover.end
        while at < len(self.parts):
            at = self._part(at)
        return Structure(
            document=self.document,
            title=self.cover.title,
            facts=tuple(self.facts),
            histories=tuple(self.histories),
            clauses=tuple(self._clauses()),
            left_out=tuple(self.left_out),
            remarks=tuple(self.remarks),
            added=self.added,
        )

    def _without_tags(self, part: FoundPart) -> FoundPart:
        """What our own documents say of a clause is kept with clauses alone."""
        if isinstance(part, FoundTable):
            rows = tuple(tuple(tuple(map(self._untagged, c)) for c in row) for row in part.rows)
            return replace(part, rows=rows)
        return part if part.id else self._untagged(part)

    def _untagged(self, line: FoundLine) -> FoundLine:
        if not line.tags:
            return line
        text = " ".join(line.tags)
        self._leave(line.where, "what stands beside a clause", text)
        return replace(line, tags=())

    # -- before the policy -----------------------------------------------------------

    def _front(self) -> None:
        at = 0
        while at < self.cover.end:
            part = self.parts[at]
            if isinstance(part, FoundTable):
                if not self._data(part):
                    text = " ".join(text_of(cell) for row in part.rows for cell in row)
                    self._leave(part.where, "a table before the policy begins", text)
            elif at == self.cover.title_at:
                self._fact(About.TITLE, part)
            elif is_contents(plain(part.words)):
                at = self._leave_contents(at, self.cover.end)
                continue
            elif told := told_in_line(part):
                self._untagged(part)
                self.facts.append(told)
            elif _whole(part):
                self._fact(About.COVER, part)
                self._doubt(
                    "a line before the policy begins", part,
                    "It is kept in this report only.",
                )  # fmt: skip
            at += 1

    def _fact(self, about: About, line: FoundLine) -> None:
        self.facts.append(Fact(about=about, name="", value=_whole(line), where=line.where))

    def _data(self, table: FoundTable) -> bool:
        """Take a table of document control or of changes; whether it is one."""
        if told := history(table):
            self.histories.append(told)
        elif facts := control(table):
            self.facts += facts
        else:
            return False
        return True

    def _leave_contents(self, at: int, end: int) -> int:
        """Leave a table of contents out; gives the part after it."""
        stop = max(at + 1, min(contents_end(self.parts, at), max(end, len(self.parts))))
        for part in self.parts[at:stop]:
            if isinstance(part, FoundLine):
                self._leave(part.where, "the table of contents", _whole(part))
        return stop

    # -- the policy --------------------------------------------------------------------

    def _part(self, at: int) -> int:
        part = self.parts[at]
        if isinstance(part, FoundTable):
            self._table(part)
            return at + 1
        if not plain(part.words).strip():
            if _whole(part):
                self._leave(part.where, "a number without words", _whole(part))
            return at + 1
        if is_contents(plain(part.words)) and contents_end(self.parts, at) > at + 1:
            return self._leave_contents(at, at)
        if at >= len(self.parts) - 6 and not part.label and (told := told_in_line(part)):
            self._untagged(part)
            self.facts.append(told)
            return at + 1
        guess = self.guesser.guess(at - self.cover.end, self.styled)
        if guess:
            self._heading(part, guess.rank, guess.look)
            return at + 1
        if part.heading:
            self._doubt("a sentence in the style of a heading", part, "It is taken for a clause.")
        self._wording(part, at)
        return at + 1

    def _heading(self, line: FoundLine, rank: int, look: Look) -> None:
        if look is Look.STYLED:
            self.styled = line.heading
        elif look in (Look.PLAIN, Look.BOLD, Look.CAPITALS):
            self._doubt("a line taken for a heading", line, "The file does not say that it is one.")
        while self.headings and self.headings[-1][0] >= rank:
            self.headings.pop()
        depth = len(self.headings) + 2
        if depth > MAX_HEADING:
            self._doubt(
                "a heading deeper than policies have", line,
                f"There are {MAX_HEADING - 1} levels of headings: it stands at the last of them.",
            )  # fmt: skip
            while len(self.headings) > MAX_HEADING - 2:
                self.headings.pop()
            depth = MAX_HEADING
        parent = self.headings[-1][1] if self.headings else None
        words = map_inlines(line.words, _in_heading)
        node = self._add(line, Kind.HEADING, depth, parent, words=words)
        if node is not None:
            self.headings.append((rank, node))
            self.lead, self.open = len(self.nodes) - 1, []

    def _wording(self, line: FoundLine, at: int) -> None:
        steps = readings(line.label)
        decimal = next((s for s in steps if s.family is Family.DECIMAL), None)
        if line.id and line.level is not None:
            self._listed(line, min(line.level + 1, MAX_LIST_DEPTH), steps[0] if steps else BULLET)
        elif decimal and len(decimal.numbers) > 1:
            self._numbered(line, decimal)
        elif steps:
            self._item(line, steps)
        elif line.label:
            self._paragraph(line, at, with_label=True)
        else:
            self._paragraph(line, at)

    def _numbered(self, line: FoundLine, step: Step) -> None:
        """A number of several parts: a clause of the section, or deeper."""
        depth = len(step.numbers) - self._base(step)
        if depth <= 0:
            self._own_clause(line)
            return
        if depth > MAX_LIST_DEPTH:
            self._too_deep(line)
        self._listed(line, min(depth, MAX_LIST_DEPTH), step)

    def _base(self, step: Step) -> int:
        """How many parts the number of a clause has that stands straight under its heading."""
        if self.headings:
            label = self.nodes[self.headings[-1][1]].steps
            for above in label:
                size = len(above.numbers)
                if above.family is Family.DECIMAL and step.numbers[:size] == above.numbers:
                    return size + 1
        return 2

    def _item(self, line: FoundLine, steps: tuple[Step, ...]) -> None:
        """Find the list that an item goes on with, or begin one."""
        if line.level is not None and not line.typed:
            known = [one for one in self.open if one.level is None or one.level <= line.level]
            self.open = known
            same = known and known[-1].level == line.level
            depth = known[-1].depth if same and known else len(known) + 1
            step = self._going_on(steps, known[-1].step if same and known else None)
        else:
            depth, step = self._typed_place(line, steps)
        if depth > MAX_LIST_DEPTH:
            self._too_deep(line)
        self._listed(line, min(depth, MAX_LIST_DEPTH), step)

    def _going_on(self, steps: tuple[Step, ...], before: Step | None) -> Step:
        if before:
            for step in steps:
                if step.follows(before):
                    return step
        return next((step for step in steps if step.is_first), steps[0])

    def _typed_place(self, line: FoundLine, steps: tuple[Step, ...]) -> tuple[int, Step]:
        """The depth of an item whose number stands in the file as text."""
        if not self.open:
            return 1, self._going_on(steps, None)
        last = self.open[-1]
        deeper = line.indent > last.indent + NEAR > NEAR
        for one in reversed(self.open):
            for step in steps:
                level = abs(one.indent - line.indent) <= NEAR or not (one.indent and line.indent)
                if step.family is Family.BULLET and one.step.family is Family.BULLET:
                    if level and not (one is last and deeper):
                        return one.depth, step
                elif step.follows(one.step):
                    return one.depth, step
        step = self._going_on(steps, None)
        if step.is_first:
            return self._new_list(line, step, deeper=deeper)
        for one in reversed(self.open):
            if one.step.family is step.family:
                return one.depth, step
        return last.depth + 1, step

    def _new_list(self, line: FoundLine, step: Step, *, deeper: bool) -> tuple[int, Step]:
        last = self.open[-1]
        announced = plain(self.nodes[last.node].words).rstrip().endswith((":", ";-", ":-"))
        shallower = [one for one in self.open if one.indent <= line.indent + NEAR]
        if deeper or announced:
            return last.depth + 1, step
        if last.indent and line.indent and line.indent < last.indent - NEAR and shallower:
            return shallower[-1].depth, step
        same = [one for one in self.open if one.step.family is step.family]
        if same:
            return same[-1].depth, step
        if step.family is Family.BULLET and line.indent and last.indent:
            return last.depth, step
        return last.depth + 1, step

    def _listed(self, line: FoundLine, depth: int, step: Step) -> None:
        """An item at a depth, under the last one above it."""
        self.open = [one for one in self.open if one.depth < depth]
        depth = min(depth, len(self.open) + 1)
        parent = self.open[-1].node if self.open else self.lead
        node = self._add(line, Kind.ITEM, depth, parent, ordered=step.family is not Family.BULLET)
        if node is not None:
            self.open.append(_Open(step, depth, line.level, line.indent, node))

    def _paragraph(self, line: FoundLine, at: int, *, with_label: bool = False) -> None:
        """A paragraph without a number."""
        inside = (
            self.open
            and not with_label
            and (self._list_goes_on(line, at) or self._stands_inside(line))
        )
        if inside:
            self._further(line, self.nodes[-1])
            label = self.nodes[-1].label
            above = f"item {label}" if is_number(label) else "the item above"
            self._doubt(
                "a paragraph without a number inside a list", line,
                f"It is taken for a part of {above}.",
            )  # fmt: skip
            return
        if self._between_numbers(at):
            self._doubt(
                "a paragraph without a number among numbered ones", line,
                "It is taken for a clause of its own, so that later numbers of the section differ.",
            )  # fmt: skip
        self._own_clause(line)

    def _own_clause(self, line: FoundLine) -> None:
        parent = self.headings[-1][1] if self.headings else None
        node = self._add(line, Kind.PARAGRAPH, 0, parent)
        if node is not None:
            self.lead, self.open = len(self.nodes) - 1, []

    def _stands_inside(self, line: FoundLine) -> bool:
        """Whether the file sets a paragraph as a part of the item above it."""
        last = self.open[-1]
        if line.level is not None:
            return True
        return line.indent > NEAR and last.indent > 0 and line.indent >= last.indent - NEAR

    def _list_goes_on(self, line: FoundLine, at: int) -> bool:
        """Whether the next part is the next item of an open list, and not led by this line."""
        if plain(line.words).rstrip().endswith(":"):
            return False
        after = self.parts[at + 1] if at + 1 < len(self.parts) else None
        if not isinstance(after, FoundLine):
            return False
        if self.guesser.guess(at + 1 - self.cover.end, self.styled):
            return False
        for step in readings(after.label):
            for one in self.open:
                if step.follows(one.step) and (after.typed or one.level == after.level):
                    return True
        return False

    def _between_numbers(self, at: int) -> bool:
        """Whether numbered clauses stand before and after it in its section."""
        above = self.headings[-1][1] if self.headings else -1
        numbered = [n for n in self.nodes[above + 1 :] if n.kind is Kind.PARAGRAPH and n.steps]
        coming = [part for part in self.parts[at + 1 : at + 4] if isinstance(part, FoundLine)]
        return bool(numbered) and any(
            step.follows(before)
            for line in coming
            for step in readings(line.label)
            for before in numbered[-1].steps
        )

    # -- what belongs to a clause --------------------------------------------------------

    def _further(self, line: FoundLine, node: _Node) -> None:
        """A further paragraph of an item."""
        line = self._untagged(line)
        words = self._settled(line.words, line)
        if line.typed and line.label:
            words = join_text((Text(line.label + " "), *words))
        node.body += [Paragraph(part) for part in pieces(words) if part]

    def _table(self, table: FoundTable) -> None:
        if self._data(table):
            self._take_back_heading()
            return
        added = self.added
        block = self._block(table)
        if block is None:
            return
        last = self.nodes[-1] if self.nodes else None
        block = settle_block(block)
        if last is None or block is None:
            text = " ".join(text_of(cell) for row in table.rows for cell in row)
            why = "a table that no clause stands before" if block else "a table of signs"
            self._leave(table.where, why, text)
            self.added = added
            return
        before = last.body[-1] if last.body else None
        if isinstance(block, Quote) and isinstance(before, Quote):
            last.body[-1] = Quote((*before.blocks, *block.blocks))
        else:
            last.body.append(block)

    def _take_back_heading(self) -> None:
        """A heading above a table of document control goes with it."""
        last = self.nodes[-1] if self.nodes else None
        if last is None or last.kind is not Kind.HEADING or last.body:
            return
        text = plain(last.words)
        if not names_control(text):
            return
        self.nodes.pop()
        label = last.label + " " if last.typed and last.label else ""
        self.facts.append(Fact(about=About.COVER, name="", value=label + text, where=last.where))
        self.headings.pop()
        self.lead = self.headings[-1][1] if self.headings else None
        self.remarks = [r for r in self.remarks if r.where != last.where]

    def _block(self, table: FoundTable) -> Block | None:
        """A table as a block; a box of one cell as a quotation."""
        rows = [row for row in table.rows if any(map(text_of, row))]
        if not rows:
            return None
        self.cells += len(rows) * len(rows[0])
        if len(rows) == 1 and len(rows[0]) == 1:
            inner = [self._cell_line(line) for line in rows[0][0]]
            parts = [part for words in inner for part in pieces(words) if part]
            return Quote(tuple(map(Paragraph, parts))) if parts else None
        if self.cells > MAX_CELLS // 2:
            for line in (line for row in rows for cell in row for line in cell):
                self._leave(line.where, "a table longer than a policy can hold", _whole(line))
            return None
        written = [tuple(self._cell(cell) for cell in row) for row in rows]
        if len(written) == 1:
            written.insert(0, ((),) * len(written[0]))
        header, *under = written
        if any(line.label for row in rows for cell in row for line in cell):
            self.remarks.append(
                Remark(
                    sort=Sort.DOUBT, kind="a list inside a table", where=table.where,
                    text="", said="A cell is one paragraph: the items stand one after another.",
                )
            )  # fmt: skip
        return Table(header, ("",) * len(header), tuple(under))

    def _cell(self, cell: Sequence[FoundLine]) -> Inlines:
        words: list[Inlines] = [self._cell_line(line, in_table=True) for line in cell]
        joined: Inlines = ()
        for part in filter(None, words):
            joined = (*joined, Text(" "), *part) if joined else part
        settled, _ = settle(join_text(joined), self.ids, in_table=True)
        return settled

    def _cell_line(self, line: FoundLine, *, in_table: bool = False) -> Inlines:
        words = line.words
        if line.label and (words or line.typed):
            words = join_text((Text(line.label + " "), *words))
            if not line.typed:
                self.added += count_words(line.label)
        return self._settled(words, line, in_table=in_table)

    # -- nodes ---------------------------------------------------------------------------

    def _add(
        self,
        line: FoundLine,
        kind: Kind,
        depth: int,
        parent: int | None,
        *,
        words: Inlines | None = None,
        ordered: bool = False,
    ) -> int | None:
        """One more clause; None, and the words left out, if there is nothing a policy can show."""
        settled = self._settled(line.words if words is None else words, line)
        first, *others = pieces(settled) if settled else ((),)
        if not first:
            self._leave(line.where, "signs without words", _whole(line))
            return None
        if others:
            self._doubt(
                "a paragraph longer than a clause can be", line, "It is divided into several."
            )
        node = _Node(
            kind=kind, depth=depth, parent=parent, ordered=ordered, words=first, where=line.where,
            label=line.label, typed=line.typed, source_id=line.id, tags=line.tags,
            steps=readings(line.label),
        )  # fmt: skip
        node.marks |= self._marks(line, node)
        self.nodes.append(node)
        at = len(self.nodes) - 1
        for part in others:
            if kind is Kind.ITEM:
                node.body.append(Paragraph(part))
            else:
                above = at if kind is Kind.HEADING else parent
                self.nodes.append(
                    _Node(Kind.PARAGRAPH, 0, above, ordered=False, words=part, where=line.where)
                )
        return at

    def _settled(self, words: Inlines, line: FoundLine, *, in_table: bool = False) -> Inlines:
        settled, told = settle(words, self.ids, in_table=in_table)
        if told.signs:
            self._doubt(
                "signs that policies use for their own", line,
                "Braces and brackets are written as round ones.",
            )  # fmt: skip
        for href in told.links:
            self._doubt(
                "a link that cannot be kept", line, f"Its words stay; it led to '{href[:120]}'."
            )
        if told.plain:
            self._doubt("bold or italics that cannot be kept", line, "The words stay as they are.")
        return settled

    def _marks(self, line: FoundLine, node: _Node) -> set[Mark]:
        marks = {mark for mark in (Mark.GUIDANCE, Mark.EXAMPLE) if mark.capitalize() in line.tags}
        text = plain(node.words)
        if node.kind is Kind.HEADING:
            return set()
        if _EXAMPLE.match(text):
            marks.add(Mark.EXAMPLE)
        elif _GUIDANCE.match(text):
            marks.add(Mark.GUIDANCE)
        if self._defines(node, text):
            marks.add(Mark.DEFINITION)
        return marks

    def _defines(self, node: _Node, text: str) -> bool:
        """Whether a clause begins with a term in bold and says what it means."""
        first = node.words[0]
        if not isinstance(first, Strong):
            return False
        after = text[len(plain(first.children)) :]
        means = _MEANS.match(after)
        if not means:
            return False
        titles = [plain(self.nodes[at].words) for _, at in self.headings]
        return "mean" in means[0] or "refer" in means[0] or any(map(_DEFINING.search, titles))

    def _clauses(self) -> list[FoundClause]:
        found = []
        for number, node in enumerate(self.nodes):
            clause = Clause(
                id=f"{PREFIX}-{number + 1}",
                kind=node.kind,
                parent=None if node.parent is None else f"{PREFIX}-{node.parent + 1}",
                depth=node.depth,
                ordered=node.ordered,
                words=node.words,
                body=tuple(node.body),
                marks=frozenset(node.marks),
                span=PLACE,
            )
            found.append(
                FoundClause(
                    clause=clause,
                    where=node.where,
                    label=node.label,
                    typed=node.typed and bool(node.label),
                    source_id=node.source_id,
                    tags=node.tags,
                )
            )
        return found

    def _leave(self, where: str, what: str, text: str) -> None:
        self.left_out.append(LeftOut(where=where, what=what, text=text))

    # -- remarks -------------------------------------------------------------------------

    def _too_deep(self, line: FoundLine) -> None:
        self._doubt(
            "a list deeper than policies have", line,
            f"Lists stand in one another {MAX_LIST_DEPTH} deep: it stands at the last level.",
        )  # fmt: skip

    def _doubt(self, kind: str, line: FoundLine, said: str) -> None:
        remark = Remark(
            sort=Sort.DOUBT, kind=kind, where=line.where, text=plain(line.words), said=said
        )
        if remark not in self.remarks[-3:]:
            self.remarks.append(remark)


def _in_heading(word: Inline) -> Inlines:
    """A heading is one line, and bold as it is."""
    match word:
        case Strong(children):
            return children
        case Break():
            return (Text(" "),)
        case _:
            return (word,)


def _whole(line: FoundLine) -> str:
    """A line's words with its typed number and its tags."""
    label = line.label if line.typed else ""
    return " ".join(filter(None, (label, plain(line.words), *line.tags)))
