"""The clause reader: Markdown whose clauses carry permanent IDs.

One rule: *the ID is the last thing in a clause's first paragraph*, on headings,
paragraphs and list items alike::

    Staff must not follow {{ pupils }} from a personal account. {#sm-17 .locked}

`wordblocks` reads the blocks; this module says what they mean for a policy, and
refuses what could be read in two ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from clausebook.markers import MARKER, Marker, take_marker
from clausebook.model import Clause, Kind, Mark
from clausebook.problems import Problems
from clausebook.prose import Block, Inlines, ReadyBlock, Value
from clausebook.source import Passage, Span
from clausebook.wordblocks import BLOCK_NAMES, NOTHING, WRITE_IT, BlockReader
from clausebook.wording import Run, read_inline

MAX_LIST_DEPTH = 3
"""Lists nest as deep as there are kinds of label: (a), (i), (1)."""

MAX_HEADING = 4
"""The deepest heading, `####`."""


def read_clauses(
    passage: Passage, problems: Problems, *, addition: bool = False
) -> tuple[Clause, ...]:
    """Every clause of a policy, or of an addition, in reading order.

    An addition may begin with a heading of any level: it takes that of its place.
    """
    reader = _ClauseReader(passage, problems, addition=addition)
    reader.read()
    return tuple(draft.clause() for draft in reader.drafts)


def read_replacement(passage: Passage, problems: Problems) -> tuple[Inlines, tuple[Block, ...]]:
    """The wording for one clause: a paragraph, and what else belongs to it; no IDs."""
    reader = _ClauseReader(passage, problems, replacement=True)
    reader.read()
    if not reader.drafts:
        problems.error(
            "empty-clause",
            "there is no wording here",
            passage.span(0),
            "write it; to leave the clause out, write 'omit:' in place of 'replace:'",
        )
        return (), ()
    first, *others = reader.drafts
    for other in others:
        problems.error(
            "misplaced-block",
            "the wording for one clause is one paragraph, with tables or quotations after it",
            other.span,
            "replace the clauses under it one by one, or add clauses of your own with 'add:'",
        )
    return first.words, tuple(first.body)


def read_frozen(passage: Passage, problems: Problems) -> tuple[Inlines, tuple[Block, ...]]:
    """The wording of one clause of a ratified version: words, and what else belongs to it."""
    found = _ONE_PARAGRAPH.fullmatch(passage.text)
    if found:  # most clauses; no need to look for anything else
        line = passage.text.count("\n", 0, found.start(1))
        return read_inline(Run(passage, line, found[1].rstrip()), problems), ()
    reader = _ClauseReader(passage, problems, replacement=True)
    return reader.read_one()


_ONE_PARAGRAPH = re.compile(r"\n*((?:(?:[A-Za-z‘“(\[]|\*\*[A-Za-z]|\{\{)[^\n]*\n)+)\n*")
"""Lines of which none begins, ends or interrupts a paragraph: each begins as words do."""


@dataclass
class _Draft:
    """A clause while its blocks are still being gathered."""

    id: str
    kind: Kind
    parent: str | None
    depth: int
    ordered: bool
    words: Inlines
    marks: frozenset[Mark]
    audiences: tuple[str, ...]
    span: Span
    body: list[Block] = field(default_factory=list)

    def clause(self) -> Clause:
        return Clause(
            id=self.id,
            kind=self.kind,
            parent=self.parent,
            depth=self.depth,
            ordered=self.ordered,
            words=self.words,
            body=tuple(self.body),
            marks=self.marks,
            audiences=self.audiences,
            span=self.span,
        )


class _ClauseReader(BlockReader):
    """One reading of one passage: which of its blocks are clauses, and what belongs to them."""

    def __init__(
        self,
        passage: Passage,
        problems: Problems,
        *,
        replacement: bool = False,
        addition: bool = False,
    ) -> None:
        super().__init__(passage, problems)
        self.replacement = replacement
        self.addition = addition
        self.drafts: list[_Draft] = []
        self.headings: list[_Draft] = []
        self.unnamed = 0

    def read(self) -> None:
        self.parse()
        at = 0
        lead: _Draft | None = None
        """The clause that a list, table or quotation at the top level belongs to."""
        closed_by_list = False
        while at < len(self.tokens):
            token = self.tokens[at]
            end = self.end(at)
            match token.type:
                case "heading_open":
                    lead = self._heading(token, self.tokens[at + 1])
                    closed_by_list = False
                case "paragraph_open":
                    inline = self.tokens[at + 1]
                    if not (lead and self._ready_block(inline, lead, after_list=closed_by_list)):
                        lead = self._paragraph(inline)
                        closed_by_list = False
                case "bullet_list_open" | "ordered_list_open":
                    self._list(at, end, lead, 1)
                    closed_by_list = True
                case _:
                    self._body_block(at, end, lead, after_list=closed_by_list)
            at = end + 1

    def read_one(self) -> tuple[Inlines, tuple[Block, ...]]:
        """A paragraph, and every block after it as that paragraph's own."""
        self.parse()
        if not self.tokens or self.tokens[0].type != "paragraph_open":
            self.problems.error("empty-clause", "there are no words here", self.passage.span(0))
            return (), ()
        inline = self.tokens[1]
        words = read_inline(self.run(inline), self.problems)
        return words, self.blocks(self.end(0) + 1, len(self.tokens))

    # -- clauses ---------------------------------------------------------------

    def _heading(self, token: Token, inline: Token) -> _Draft:
        level = int(token.tag[1])
        above = [draft for draft in self.headings if draft.depth < level]
        expected = (above[-1].depth if above else 1) + 1
        free = self.addition and not self.headings
        words = MARKER.sub("", inline.content).rstrip()
        if token.markup == "-" and words.endswith((".", ":", ";")):
            self.problems.error(
                "unsupported-markdown",
                "the line of '-' below this makes a heading of it",
                self.line_span(inline),
                "take the line of '-' out; a heading begins with '## '",
            )
        elif level == 1 or level > MAX_HEADING or (level != expected and not free):
            self.problems.error(
                "heading-level",
                f"a heading that begins with '{token.markup}' cannot stand here",
                self.line_span(inline),
                "the title is in the document control; sections begin with '##', '###' stands "
                "under '##', and '####' under '###'",
            )
        draft = self._draft(inline, Kind.HEADING, above[-1] if above else None, level)
        self.headings = [*above, draft]
        return draft

    def _paragraph(self, inline: Token) -> _Draft:
        above = self.headings[-1] if self.headings else None
        if re.match(r"#{2,6}[^#\s]|#{7}", inline.content):
            self.problems.error(
                "heading-level",
                "this begins like a heading and is none",
                self.line_span(inline),
                "write '##', '###' or '####' and a space after it",
            )
        return self._draft(inline, Kind.PARAGRAPH, above, 0)

    def _list(self, start: int, end: int, lead: _Draft | None, depth: int, column: int = 0) -> None:
        ordered = self.tokens[start].type == "ordered_list_open"
        if depth > MAX_LIST_DEPTH:
            self.problems.error(
                "unclear-nesting",
                f"a list inside {MAX_LIST_DEPTH} others is deeper than clauses can be numbered",
                self.line_span(self.tokens[start]),
                "bring it up a level, or make it a section of its own",
            )
            return
        if self.replacement:
            self.problems.error(
                "misplaced-block",
                "the wording for one clause cannot contain a list: each item is a clause itself",
                self.line_span(self.tokens[start]),
                "keep the items of the clause you replace, or add items with 'add:' and 'within:'",
            )
            return
        self._check_columns(start, end, column)
        at = start + 1
        while at < end:
            item_end = self.end(at)
            self._item(at, item_end, lead, depth, ordered=ordered)
            at = item_end + 1

    def _item(
        self, start: int, end: int, lead: _Draft | None, depth: int, *, ordered: bool
    ) -> None:
        at = start + 1
        if at >= end or self.tokens[at].type != "paragraph_open":
            self.problems.error(
                "empty-clause",
                "this list item does not begin with words",
                self.line_span(self.tokens[start]),
                "write the item's words after its '-', or remove it",
            )
            return
        item = self._draft(self.tokens[at + 1], Kind.ITEM, lead, depth, ordered=ordered)
        after_list = False
        column: int | None = None
        at = self.end(at) + 1
        while at < end:
            token, block_end = self.tokens[at], self.end(at)
            if token.type in ("bullet_list_open", "ordered_list_open"):
                column = self._column(token) if column is None else column
                self._list(at, block_end, item, depth + 1, column)
                after_list = True
            else:
                self._body_block(at, block_end, item, after_list=after_list)
            at = block_end + 1

    def _draft(
        self,
        inline: Token,
        kind: Kind,
        parent: _Draft | None,
        depth: int,
        *,
        ordered: bool = False,
    ) -> _Draft:
        whole = self.run(inline)
        text, marker = take_marker(whole, self.problems, self._stand_in, refuse=self.replacement)
        run = Run(self.passage, whole.line, text)
        self.refuse_hidden_items(run)
        so_far = len(self.problems.found)
        words = read_inline(run, self.problems)
        found = self.problems.found[so_far:]
        empty = not words and not found
        if marker is None:
            marker = self._no_marker(
                run, kind, astray=empty or any(p.code == "malformed-id" for p in found)
            )
            if empty:  # signs that stand for spaces, such as '&nbsp;'
                self.problems.error("empty-clause", NOTHING, marker.span, WRITE_IT)
        elif empty:
            self.problems.error(
                "empty-clause",
                "an ID stands here without words"
                if kind is Kind.PARAGRAPH
                else "there are no words",
                marker.span,
                "put the ID at the end of the words it belongs to, on the same line, or remove it",
            )
        draft = _Draft(
            id=marker.id,
            kind=kind,
            parent=parent.id if parent else None,
            depth=depth,
            ordered=ordered,
            words=words,
            marks=marker.marks,
            audiences=marker.audiences,
            span=marker.span,
        )
        self.drafts.append(draft)
        return draft

    def _no_marker(self, run: Run, kind: Kind, *, astray: bool) -> Marker:
        """Stand in for the missing ID, so that reading goes on and finds the rest.

        If an ID has gone `astray`, that has been said already.
        """
        last_line = run.text.rstrip().rfind("\n") + 1
        span = run.span(last_line, len(run.text.rstrip()) - last_line)
        if run.text.startswith("|"):
            self.problems.error(
                "unsupported-markdown",
                "this looks like a table and is none",
                run.span(0, len(run.text.split("\n")[0])),
                "let its second line be | --- | --- | with as many parts as the first has cells",
            )
        elif would_be := self._would_begin(run.text.rstrip(), last_line):
            self.problems.error(
                "empty-clause", f"this looks like a {would_be} and has no words", span, WRITE_IT
            )
        elif not self.replacement and not astray:
            self.problems.error(
                "clause-without-id",
                f"this {kind.value.replace('item', 'list item')} has no ID",
                span,
                "run 'clausebook assign-ids', or end it with an ID of your own: {#…}",
            )
        return Marker(self._stand_in(), frozenset(), (), span)

    def _would_begin(self, text: str, last_line: int) -> str:
        """What the last line of a paragraph would be with an ID behind it; "" if nothing else."""
        sign = text[last_line:].strip()
        if re.fullmatch("#+", sign):
            return "heading"
        if last_line or self.replacement:  # inside a paragraph it has been told already
            return ""
        return "list item" if re.fullmatch(r"[-*+]|[0-9]{1,9}[.)]", sign) else ""

    def _stand_in(self) -> str:
        """An ID that nobody can write."""
        self.unnamed += 1
        return f"?{self.unnamed}"

    # -- what belongs to a clause ----------------------------------------------

    def _ready_block(self, inline: Token, lead: _Draft, *, after_list: bool) -> bool:
        """Take a paragraph that is one value, such as a contact card, into the clause before."""
        if not re.fullmatch(r"\{\{[^{}\n]*\}\}", inline.content.strip()):
            return False
        words = read_inline(self.run(inline), self.problems)
        if len(words) == 1 and isinstance(words[0], Value):
            if after_list:
                self._misplaced(inline, "a value on its own")
            lead.body.append(ReadyBlock(words[0]))
            return True
        return False

    def _body_block(self, start: int, end: int, owner: _Draft | None, *, after_list: bool) -> None:
        token = self.tokens[start]
        if token.type == "html_block" and _is_comment(token.content):
            return
        block = self.block(start, end)
        if block is None:
            return
        if owner is None or after_list:
            self._misplaced(token, BLOCK_NAMES.get(token.type, "this"))
        else:
            owner.body.append(block)

    def _misplaced(self, token: Token, what: str) -> None:
        self.problems.error(
            "misplaced-block",
            f"{what} belongs to no clause here",
            self.line_span(token),
            "put it straight after the paragraph that introduces it, before any list, or give "
            "it a paragraph with an ID of its own",
        )

    # -- indents --------------------------------------------------------------

    def _check_columns(self, start: int, end: int, expected: int) -> None:
        """All items of a list, and of the lists beside it, begin in the same column.

        CommonMark would take an item that is indented less than its text but more
        than its neighbours for a neighbour: a sub-item would silently come up a level.
        """
        columns: list[tuple[int, Token]] = []
        at = start + 1
        while at < end:
            columns.append((self._column(self.tokens[at]), self.tokens[at]))
            at = self.end(at) + 1
        for column, token in columns:
            if column != expected:
                self.problems.error(
                    "unclear-nesting",
                    f"this item is indented by {column} where its neighbours are indented by "
                    f"{expected}: it could stand beside or under the item above",
                    self.line_span(token),
                    "line it up with its neighbours, or indent it to where the words of the "
                    "item above begin",
                )

    def _column(self, token: Token) -> int:
        line = self.passage.lines[(token.map or [0])[0]].expandtabs(4)
        return len(line) - len(line.lstrip())


def _is_comment(html: str) -> bool:
    """Whether there is one comment and nothing else."""
    return bool(re.fullmatch(r"<!--(?:(?!-->).)*-->", html.strip(), re.DOTALL))
