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

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from clausebook.clauses import MAX_HEADING, MAX_LIST_DEPTH
from clausebook.covers import contents_end, cover, is_contents, names_control
from clausebook.found import FoundDocument, FoundLine, FoundPart, FoundTable, LeftOut
from clausebook.foundblocks import as_block, rows_with_words
from clausebook.foundcontrol import control, history, text_of, told_in_line
from clausebook.foundlabels import BULLET, Family, Step, is_number, readings
from clausebook.foundmarks import marks_of
from clausebook.headingguess import Guesser, Look
from clausebook.imported import About, Fact, FoundClause, History, Remark, Sort, Structure
from clausebook.model import Clause, Kind, Mark
from clausebook.openlists import OpenLists
from clausebook.ourown import our_own
from clausebook.prose import (
    Block,
    Break,
    Inline,
    Inlines,
    Paragraph,
    Quote,
    Strong,
    Text,
    join_text,
    map_inlines,
    plain,
)
from clausebook.settling import PLACE, pieces, settle
from clausebook.wordblocks import MAX_CELLS

PREFIX = "found"
"""With a number, the ID of a clause until it is given one."""


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


def structure(document: FoundDocument) -> Structure:
    """Take a document apart; no word is lost, and none is taken twice."""
    return _Taking(document).result()


class _Taking:
    """One document being taken apart."""

    def __init__(self, document: FoundDocument) -> None:
        self.document = document
        ours = our_own(document)
        self.left_out: list[LeftOut] = [*document.left_out, *ours.left_out]
        self.parts: Sequence[FoundPart] = tuple(map(self._without_tags, ours.parts))
        self.cover = cover(replace(document, parts=tuple(self.parts)))
        self.guesser = Guesser(self.parts[self.cover.end :])
        self.nodes: list[_Node] = []
        self.headings: list[tuple[int, int]] = []
        """Rank and node of the headings above."""
        self.styled = 0
        """The level of the last heading that the file itself has."""
        self.lead: int | None = None
        """The last heading or paragraph, under which lists stand."""
        self.lists = OpenLists()
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
            self.lead, self.lists = len(self.nodes) - 1, OpenLists()

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
        """An item of the list that it goes on with, or of a new one."""
        depth, step = self.lists.place(line, steps)
        if depth > MAX_LIST_DEPTH:
            self._too_deep(line)
        self._listed(line, min(depth, MAX_LIST_DEPTH), step)

    def _listed(self, line: FoundLine, depth: int, step: Step) -> None:
        """An item at a depth, under the last one above it."""
        depth, above = self.lists.under(depth)
        parent = self.lead if above is None else above
        node = self._add(line, Kind.ITEM, depth, parent, ordered=step.family is not Family.BULLET)
        if node is not None:
            self.lists.take(line, step, depth, node)

    def _paragraph(self, line: FoundLine, at: int, *, with_label: bool = False) -> None:
        """A paragraph without a number."""
        inside = (
            self.lists.open
            and not with_label
            and (self._list_goes_on(line, at) or self.lists.hold(line))
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
            self.lead, self.lists = len(self.nodes) - 1, OpenLists()

    def _list_goes_on(self, line: FoundLine, at: int) -> bool:
        """Whether the next part is the next item of an open list, and not led by this line."""
        if plain(line.words).rstrip().endswith(":"):
            return False
        after = self.parts[at + 1] if at + 1 < len(self.parts) else None
        if not isinstance(after, FoundLine):
            return False
        if self.guesser.guess(at + 1 - self.cover.end, self.styled):
            return False
        return self.lists.go_on_with(after)

    def _between_numbers(self, at: int) -> bool:
        """Whether numbered clauses stand before and after it in its section."""
        after = [part for part in self.parts[at + 1 : at + 4] if isinstance(part, FoundLine)]
        coming = [step for line in after for step in readings(line.label)]
        if not coming:
            return False
        above = self.headings[-1][1] if self.headings else -1
        under = (self.nodes[number] for number in range(len(self.nodes) - 1, above, -1))
        last = next((n for n in under if n.kind is Kind.PARAGRAPH and n.steps), None)
        return last is not None and any(s.follows(before) for s in coming for before in last.steps)

    # -- what belongs to a clause --------------------------------------------------------

    def _further(self, line: FoundLine, node: _Node) -> None:
        """A further paragraph of an item."""
        line = self._untagged(line)
        words = line.words
        if line.typed and line.label:
            words = join_text((Text(line.label + " "), *words))
        parts = self._settled_parts(words, line)
        if not parts and plain(words).strip():
            self._leave(line.where, "signs without words", plain(words))
        node.body += map(Paragraph, parts)

    def _table(self, table: FoundTable) -> None:
        if self._data(table):
            self._take_back_heading()
            return
        rows = rows_with_words(table)
        self.cells += len(rows) * len(rows[0]) if rows else 0
        last = self.nodes[-1] if self.nodes else None
        text = " ".join(text_of(cell) for row in rows for cell in row)
        if last is None or self.cells > MAX_CELLS // 2:
            why = "a table longer than a policy can hold"
            why = why if last else "a table that no clause stands before"
            self._leave(table.where, why, text)
            return
        made = as_block(table, self._settled)
        if made.block is None:
            self._leave(table.where, "a table of signs", text)
            return
        self.added += made.added
        if made.lists:
            said = "A cell is one paragraph: the items stand one after another."
            self.remarks.append(
                Remark(
                    sort=Sort.DOUBT, kind="a list inside a table", where=table.where, text=text,
                    said=said,
                )
            )  # fmt: skip
        before = last.body[-1] if last.body else None
        if isinstance(made.block, Quote) and isinstance(before, Quote):
            last.body[-1] = Quote((*before.blocks, *made.block.blocks))
        else:
            last.body.append(made.block)

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
        parts = self._settled_parts(line.words if words is None else words, line)
        if not parts:
            self._leave(line.where, "signs without words", _whole(line))
            return None
        first, *others = parts
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

    def _settled_parts(self, words: Inlines, line: FoundLine) -> list[Inlines]:
        """Wording as a policy can hold it, in as many paragraphs as it needs."""
        parts, cuts = pieces(words)
        settled = [(part, self._settled(part, line)) for part in parts]
        if any(fit for _, fit in settled):
            self.added += cuts
            for part, fit in settled:
                if not fit:
                    self._leave(line.where, "signs without words", plain(part))
        return [fit for _, fit in settled if fit]

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
        if node.kind is Kind.HEADING:
            return set()
        titles = [plain(self.nodes[at].words) for _, at in self.headings]
        return marks_of(node.words, line.tags, titles)

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
