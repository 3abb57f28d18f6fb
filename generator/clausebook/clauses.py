"""The clause reader: Markdown whose clauses carry permanent IDs.

One rule: *the ID is the last thing in a clause's first paragraph*, on headings,
paragraphs and list items alike::

    Staff must not follow {{ pupils }} from a personal account. {#sm-17 .locked}

markdown-it gives the block structure, with lines; this module says what it
means for a policy, and refuses what could be read in two ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from clausebook.model import Clause, Kind, Mark
from clausebook.problems import Problems, nearest
from clausebook.prose import (
    Block,
    Inlines,
    Paragraph,
    PlainList,
    Quote,
    ReadyBlock,
    Table,
    Value,
)
from clausebook.shapes import ID_PATTERN
from clausebook.source import Passage, Span
from clausebook.wording import Run, markdown, read_inline

MAX_LIST_DEPTH = 3
"""Lists nest as deep as there are kinds of label: (a), (i), (1)."""

MAX_MARKS = 12
"""Most marks of lists and quotations at the beginning of one line."""

MAX_CELLS = 5_000
"""Most cells in the tables of one text."""

MAX_HEADING = 4
"""The deepest heading, `####`."""

_MARKER = re.compile(r"(?<![\\{])\{(?!\{)(?P<inside>[^{}\n]*)\}[ \t]*$")
"""A brace group at the very end of a paragraph; `{{ value }}` and `\\{` are not one."""

_PIECE = re.compile(r'[^\s"=]+="[^"]*"|[^\s"]+|"')
"""What stands in a brace group, piece by piece."""

_MANY_MARKS = re.compile(
    rf"^(?:[ \t]{{0,9}}(?:>|(?:[-*+]|[0-9]{{1,9}}[.)])(?=[ \t]))){{{MAX_MARKS + 1}}}", re.MULTILINE
)
"""The beginning of a line that nests deeper than anybody writes."""
_NOTHING = "nothing that can be seen stands here"
_WRITE_IT = "write the words, or take out what stands here"

_LIST_MARKER = re.compile(r"(?P<indent>\s*)(?:[-*+]|[0-9]{1,9}[.)])(?=\s|$)")


@dataclass(frozen=True)
class Marker:
    """What stands in braces at the end of a clause's first paragraph."""

    id: str
    marks: frozenset[Mark]
    audiences: tuple[str, ...]
    span: Span


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


class _ClauseReader:
    """One reading of one passage."""

    def __init__(
        self,
        passage: Passage,
        problems: Problems,
        *,
        replacement: bool = False,
        addition: bool = False,
    ) -> None:
        self.passage = passage
        self.problems = problems
        self.replacement = replacement
        self.addition = addition
        self.drafts: list[_Draft] = []
        self.headings: list[_Draft] = []
        self.tokens: list[Token] = []
        self.unnamed = 0
        self.cells = 0

    def _parse(self) -> None:
        """Read the blocks; nothing of a text that nests so deep that it takes long to read."""
        text = self.passage.text
        found = _MANY_MARKS.search(text)
        if found:
            self.problems.error(
                "too-large",
                f"this line begins with more than {MAX_MARKS} marks of lists and quotations",
                self.passage.span(text.count("\n", 0, found.start()), 0, len(found[0])),
                "has something been pasted into it?",
            )
            return
        if text.count("|") > 4 * MAX_CELLS:
            self._refuse_cells(self.passage.span(0))
            return
        self.tokens = markdown().parse(text)

    def read(self) -> None:
        self._parse()
        at = 0
        lead: _Draft | None = None
        """The clause that a list, table or quotation at the top level belongs to."""
        closed_by_list = False
        while at < len(self.tokens):
            token = self.tokens[at]
            end = self._end(at)
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
        self._parse()
        if not self.tokens or self.tokens[0].type != "paragraph_open":
            self.problems.error("empty-clause", "there are no words here", self.passage.span(0))
            return (), ()
        inline = self.tokens[1]
        words = read_inline(self._run(inline), self.problems)
        return words, self._blocks(self._end(0) + 1, len(self.tokens))

    # -- clauses ---------------------------------------------------------------

    def _heading(self, token: Token, inline: Token) -> _Draft:
        level = int(token.tag[1])
        above = [draft for draft in self.headings if draft.depth < level]
        expected = (above[-1].depth if above else 1) + 1
        free = self.addition and not self.headings
        words = _MARKER.sub("", inline.content).rstrip()
        if token.markup == "-" and words.endswith((".", ":", ";")):
            self.problems.error(
                "unsupported-markdown",
                "the line of '-' below this makes a heading of it",
                self._line_span(inline),
                "take the line of '-' out; a heading begins with '## '",
            )
        elif level == 1 or level > MAX_HEADING or (level != expected and not free):
            self.problems.error(
                "heading-level",
                f"a heading that begins with '{token.markup}' cannot stand here",
                self._line_span(inline),
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
                self._line_span(inline),
                "write '##', '###' or '####' and a space after it",
            )
        return self._draft(inline, Kind.PARAGRAPH, above, 0)

    def _list(self, start: int, end: int, lead: _Draft | None, depth: int, column: int = 0) -> None:
        ordered = self.tokens[start].type == "ordered_list_open"
        if depth > MAX_LIST_DEPTH:
            self.problems.error(
                "unclear-nesting",
                f"a list inside {MAX_LIST_DEPTH} others is deeper than clauses can be numbered",
                self._line_span(self.tokens[start]),
                "bring it up a level, or make it a section of its own",
            )
            return
        if self.replacement:
            self.problems.error(
                "misplaced-block",
                "the wording for one clause cannot contain a list: each item is a clause itself",
                self._line_span(self.tokens[start]),
                "keep the items of the clause you replace, or add items with 'add:' and 'within:'",
            )
            return
        self._check_columns(start, end, column)
        at = start + 1
        while at < end:
            item_end = self._end(at)
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
                self._line_span(self.tokens[start]),
                "write the item's words after its '-', or remove it",
            )
            return
        item = self._draft(self.tokens[at + 1], Kind.ITEM, lead, depth, ordered=ordered)
        after_list = False
        column: int | None = None
        at = self._end(at) + 1
        while at < end:
            token, block_end = self.tokens[at], self._end(at)
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
        whole = self._run(inline)
        text, marker = self._take_marker(whole)
        run = Run(self.passage, whole.line, text)
        self._refuse_hidden_items(run)
        so_far = len(self.problems.found)
        words = read_inline(run, self.problems)
        found = self.problems.found[so_far:]
        empty = not words and not found
        if marker is None:
            marker = self._no_marker(
                run, kind, astray=empty or any(p.code == "malformed-id" for p in found)
            )
            if empty:  # signs that stand for spaces, such as '&nbsp;'
                self.problems.error("empty-clause", _NOTHING, marker.span, _WRITE_IT)
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
        elif re.fullmatch(r"\s*#+", run.text.rstrip()[last_line:]):  # as it would be with an ID
            self.problems.error(
                "empty-clause", "this looks like a heading and has no words", span, _WRITE_IT
            )
        elif not self.replacement and not astray:
            self.problems.error(
                "clause-without-id",
                f"this {kind.value.replace('item', 'list item')} has no ID",
                span,
                "run 'clausebook assign-ids', or end it with an ID of your own: {#…}",
            )
        return Marker(self._stand_in(), frozenset(), (), span)

    def _stand_in(self) -> str:
        """An ID that nobody can write."""
        self.unnamed += 1
        return f"?{self.unnamed}"

    # -- markers ---------------------------------------------------------------

    def _take_marker(self, run: Run) -> tuple[str, Marker | None]:
        """The text without its marker, and the marker."""
        found = _MARKER.search(run.text)
        if not found:
            return run.text, None
        return run.text[: found.start()].rstrip(" \t\n"), self._marker(run, found)

    def _marker(self, run: Run, found: re.Match[str]) -> Marker:
        """Read `#sm-17 .locked for="pupils parents"`."""
        span = run.span(found.start(), found.end("inside") + 1 - found.start())
        if self.replacement:
            self.problems.error(
                "malformed-id",
                "a replacement keeps the ID of the clause it replaces",
                span,
                "leave the braces and what is in them out",
            )
            return Marker(self._stand_in(), frozenset(), (), span)
        identifier, marks, audiences = "", set[Mark](), tuple[str, ...]()
        strange: list[tuple[str, Span]] = []
        begin = found.start("inside") + len(found["inside"]) - len(found["inside"].lstrip(" \t:"))
        for piece in _PIECE.finditer(run.text, begin, found.end("inside")):
            text, place = piece[0], run.span(piece.start(), len(piece[0]))
            if text.startswith("#") and not identifier:
                identifier = text[1:]
            elif text.startswith("."):
                mark = self._mark(text[1:], place)
                marks |= {mark} if mark else set()
            elif re.fullmatch(r'for="[^"]*\w[^"]*"', text):
                audiences = tuple(text[5:-1].replace(",", " ").split())
            else:
                strange.append((text, place))
        if not re.fullmatch(ID_PATTERN, identifier):
            self._refuse_id(identifier, [text for text, _ in strange], span)
            identifier = self._stand_in()
        else:
            for text, place in strange:
                self.problems.error(
                    "malformed-id",
                    f"'{text[:60]}' cannot stand beside an ID",
                    place,
                    "an ID has no spaces in it; a mark or for= can stand beside it, in straight "
                    'quotes: {#id .guidance for="pupils parents"}',
                )
        return Marker(identifier, frozenset(marks), audiences, span)

    def _refuse_id(self, identifier: str, beside: list[str], span: Span) -> None:
        first, *rest = identifier.split(".")
        better = "-".join(re.findall("[a-z0-9]+", "-".join([identifier, *beside]).lower()))
        if rest and re.fullmatch(ID_PATTERN, first):
            better = first + "".join(f" .{word}" for word in rest)
        elif not re.fullmatch(ID_PATTERN, better):
            better = "sm-17"
        self.problems.error(
            "malformed-id",
            f"'#{identifier[:60]}' is not an ID"
            if identifier
            else "there is no ID in these braces",
            span,
            f"write something like {{#{better}}}: lower-case letters, digits and single hyphens, "
            "beginning with a letter",
        )

    def _mark(self, word: str, span: Span) -> Mark | None:
        if word in {mark.value for mark in Mark}:
            return Mark(word)
        marks = [f".{mark}" for mark in Mark]
        self.problems.error(
            "unknown-class",
            f"'.{word[:60]}' is not a mark that a clause can have",
            span,
            nearest(f".{word[:60]}", marks) or "marks: " + ", ".join(marks),
        )
        return None

    # -- what belongs to a clause ----------------------------------------------

    def _ready_block(self, inline: Token, lead: _Draft, *, after_list: bool) -> bool:
        """Take a paragraph that is one value, such as a contact card, into the clause before."""
        if not re.fullmatch(r"\{\{[^{}\n]*\}\}", inline.content.strip()):
            return False
        words = read_inline(self._run(inline), self.problems)
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
        block = self._block(start, end)
        if block is None:
            return
        if owner is None or after_list:
            self._misplaced(token, _BLOCK_NAMES.get(token.type, "this"))
        else:
            owner.body.append(block)

    def _misplaced(self, token: Token, what: str) -> None:
        self.problems.error(
            "misplaced-block",
            f"{what} belongs to no clause here",
            self._line_span(token),
            "put it straight after the paragraph that introduces it, before any list, or give "
            "it a paragraph with an ID of its own",
        )

    def _block(self, start: int, end: int) -> Block | None:
        token = self.tokens[start]
        match token.type:
            case "paragraph_open":
                return self._further_paragraph(self.tokens[start + 1])
            case "table_open":
                return self._table(start, end)
            case "blockquote_open":
                inner = self._blocks(start + 1, end)
                return Quote(inner) if inner else None
            case "bullet_list_open" | "ordered_list_open":
                return self._plain_list(start, end)
            case "html_block":
                self._refuse_html(token)
            case "code_block":
                self.problems.error(
                    "unclear-nesting",
                    "this is indented so far that Markdown takes it for computer code",
                    self._line_span(token),
                    "indent it by two to four spaces under the item it belongs to, or not at all",
                )
            case _:
                self.problems.error(
                    "unsupported-markdown",
                    f"{_BLOCK_NAMES.get(token.type, 'this')} cannot stand here",
                    self._line_span(token),
                    "use headings, paragraphs, lists, tables and quotations",
                )
        return None

    def _blocks(self, start: int, end: int) -> tuple[Block, ...]:
        blocks: list[Block] = []
        at = start
        while at < end:
            block_end = self._end(at)
            block = self._block(at, block_end)
            if block is not None:
                blocks.append(block)
            at = block_end + 1
        return tuple(blocks)

    def _further_paragraph(self, inline: Token) -> Block:
        run = self._run(inline)
        marker = _MARKER.search(run.text)
        if marker:
            self.problems.error(
                "malformed-id",
                "a further paragraph of an item, or of a quotation, has no ID of its own",
                run.span(marker.start(), marker.end("inside") + 1 - marker.start()),
                "take the ID out; or make the paragraph a clause: move it to the line's beginning",
            )
            run = Run(self.passage, run.line, run.text[: marker.start()])
        self._refuse_hidden_items(run)
        so_far = len(self.problems.found)
        words = read_inline(run, self.problems)
        if not words and len(self.problems.found) == so_far:
            self.problems.error("empty-clause", _NOTHING, run.span(0), _WRITE_IT)
        if len(words) == 1 and isinstance(words[0], Value):
            return ReadyBlock(words[0])
        return Paragraph(words)

    def _plain_list(self, start: int, end: int) -> Block | None:
        """A list inside a quotation: plain text, one paragraph an item."""
        items: list[Inlines] = []
        at = start + 1
        while at < end:
            item_end = self._end(at)
            inner = self._blocks(at + 1, item_end)
            if len(inner) == 1 and isinstance(inner[0], ReadyBlock):
                items.append((inner[0].value,))
            elif len(inner) != 1 or not isinstance(inner[0], Paragraph):
                self.problems.error(
                    "unsupported-markdown",
                    "a list inside a quotation has one paragraph an item",
                    self._line_span(self.tokens[at]),
                    "make it simpler, or take the list out of the quotation",
                )
            else:
                items.append(inner[0].words)
            at = item_end + 1
        ordered = self.tokens[start].type == "ordered_list_open"
        return PlainList(tuple(items), ordered) if items else None

    def _table(self, start: int, end: int) -> Table:
        rows: list[list[Inlines]] = []
        align: list[str] = []
        before = self.cells
        self.cells += sum(token.type in ("th_open", "td_open") for token in self.tokens[start:end])
        if self.cells > MAX_CELLS:
            if before <= MAX_CELLS:
                self._refuse_cells(self._line_span(self.tokens[start]))
            return Table((), (), ())
        for token, following in zip(
            self.tokens[start:end], self.tokens[start + 1 : end + 1], strict=True
        ):
            if token.type == "tr_open":
                rows.append([])
                self._refuse_lost_cells(token, len(align))
            elif token.type in ("th_open", "td_open"):
                line = (following.map or token.map or self.tokens[start].map or [0])[0]
                run = Run(self.passage, line, following.content)
                rows[-1].append(read_inline(run, self.problems))
                if token.type == "th_open":
                    style = str(token.attrs.get("style", ""))
                    align.append(style.removeprefix("text-align:"))
        if len(rows) == 1:
            self.problems.error(
                "unsupported-markdown",
                "this table has no row under its heading",
                self._line_span(self.tokens[start]),
                "write one, or take the table out",
            )
        return Table(tuple(rows[0]), tuple(align), tuple(tuple(row) for row in rows[1:]))

    def _refuse_cells(self, span: Span) -> None:
        self.problems.error(
            "too-large",
            f"the tables in this text have more than {MAX_CELLS} cells",
            span,
            "has something been pasted into it? a policy can link to a long list",
        )

    # -- what is refused ---------------------------------------------------------

    def _refuse_lost_cells(self, row: Token, columns: int) -> None:
        """Markdown drops cells that have no column, and takes any line below a table for a row."""
        span = self._line_span(row)
        written = self.passage.lines[(row.map or [0])[0]]
        cells = escapedSplit(re.sub(r"^[\s>]*\|?|\|?\s*$", "", written))
        if columns and len(cells) > columns:
            self.problems.error(
                "misplaced-block",
                f"this row has {len(cells)} cells, and the table has {columns} columns",
                span,
                "take cells out, or add a column; write \\| for an upright stroke that is meant",
            )
        elif columns and "|" not in written:
            self.problems.error(
                "misplaced-block",
                "Markdown takes this for a row of the table above",
                span,
                "leave a blank line between the two",
            )

    def _refuse_html(self, token: Token) -> None:
        html = token.content.strip()
        if html.startswith("<!--"):
            message, hint = "this comment has no end", "end it with '-->'"
            if "-->" in html:
                message = "words after a comment on the same line would be lost with it"
                hint = "put the comment on lines of its own, '-->' at the end of the last"
        else:
            message = f"'{html.splitlines()[0][:60]}' is HTML, which wording cannot contain"
            hint = "use Markdown; to show the characters themselves, write `like this` or \\<"
        self.problems.error("raw-html", message, self._line_span(token), hint)

    def _check_columns(self, start: int, end: int, expected: int) -> None:
        """All items of a list, and of the lists beside it, begin in the same column.

        CommonMark would take an item that is indented less than its text but more
        than its neighbours for a neighbour: a sub-item would silently come up a level.
        """
        columns: list[tuple[int, Token]] = []
        at = start + 1
        while at < end:
            columns.append((self._column(self.tokens[at]), self.tokens[at]))
            at = self._end(at) + 1
        for column, token in columns:
            if column != expected:
                self.problems.error(
                    "unclear-nesting",
                    f"this item is indented by {column} where its neighbours are indented by "
                    f"{expected}: it could stand beside or under the item above",
                    self._line_span(token),
                    "line it up with its neighbours, or indent it to where the words of the "
                    "item above begin",
                )

    def _column(self, token: Token) -> int:
        line = self.passage.lines[(token.map or [0])[0]].expandtabs(4)
        return len(line) - len(line.lstrip())

    def _refuse_hidden_items(self, run: Run) -> None:
        """Refuse a wrapped line that looks like a list item: Markdown would join it up."""
        for number, _ in enumerate(run.text.split("\n")):
            if number == 0:
                continue
            written = self.passage.lines[run.line + number]
            found = _LIST_MARKER.match(written)
            if found:
                self.problems.error(
                    "unclear-nesting",
                    "Markdown reads this as part of the paragraph above, not as a list item",
                    self.passage.span(run.line + number, len(found["indent"])),
                    "leave a blank line above the list, and indent an item by two to four "
                    "spaces under the one it belongs to",
                )

    # -- places ------------------------------------------------------------------

    def _run(self, inline: Token) -> Run:
        """A paragraph's text; lines before it that hold odd white space alone are no part of it."""
        line, end = inline.map or (0, 0)
        first = inline.content.partition("\n")[0]
        while line + 1 < end and first not in self.passage.lines[line]:
            line += 1
        return Run(self.passage, line, inline.content)

    def _end(self, start: int) -> int:
        """The index of the token that closes the one at `start`."""
        if self.tokens[start].nesting == 0:
            return start
        depth = 0
        for at in range(start, len(self.tokens)):
            depth += self.tokens[at].nesting
            if depth == 0:
                return at
        return len(self.tokens) - 1

    def _line_span(self, token: Token) -> Span:
        line = (token.map or [0])[0]
        written = self.passage.lines[min(line, len(self.passage.lines) - 1)]
        indent = len(written) - len(written.lstrip())
        return self.passage.span(line, indent, len(written.strip()))


_BLOCK_NAMES = {
    "table_open": "a table",
    "blockquote_open": "a quotation",
    "paragraph_open": "a further paragraph",
    "fence": "a block of computer code",
    "hr": "a rule across the page",
    "heading_open": "a heading",
    "html_block": "HTML",
}


def _is_comment(html: str) -> bool:
    """Whether there is one comment and nothing else."""
    return bool(re.fullmatch(r"<!--(?:(?!-->).)*-->", html.strip(), re.DOTALL))
