"""The block reader: paragraphs, tables, quotations and lists that belong to a clause.

markdown-it gives the block structure, with lines; here it becomes pieces of wording, and
what no wording may contain is refused.  It knows nothing of clauses and IDs.
"""

from __future__ import annotations

import re

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from clausebook.markers import MARKER
from clausebook.problems import Problems
from clausebook.prose import Block, Inlines, Paragraph, PlainList, Quote, ReadyBlock, Table, Value
from clausebook.source import Passage, Span
from clausebook.wording import Run, markdown, read_inline

MAX_MARKS = 12
"""Most marks of lists and quotations at the beginning of one line."""

MAX_CELLS = 5_000
"""Most cells in the tables of one text."""

_MANY_MARKS = re.compile(
    rf"^(?:[ \t]{{0,9}}(?:>|(?:[-*+]|[0-9]{{1,9}}[.)])(?=[ \t]))){{{MAX_MARKS + 1}}}", re.MULTILINE
)
"""The beginning of a line that nests deeper than anybody writes."""

NOTHING = "nothing that can be seen stands here"
WRITE_IT = "write the words, or take out what stands here"

_LIST_MARKER = re.compile(r"(?P<indent>\s*)(?:[-*+]|[0-9]{1,9}[.)])(?=\s|$)")

BLOCK_NAMES = {
    "table_open": "a table",
    "blockquote_open": "a quotation",
    "paragraph_open": "a further paragraph",
    "fence": "a block of computer code",
    "hr": "a rule across the page",
    "heading_open": "a heading",
    "html_block": "HTML",
}
"""What people call a block, by the type of its first token."""


class BlockReader:
    """One reading of one passage."""

    def __init__(self, passage: Passage, problems: Problems) -> None:
        """Read nothing yet; `parse` does."""
        self.passage = passage
        self.problems = problems
        self.tokens: list[Token] = []
        self._cells = 0

    def parse(self) -> None:
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

    def blocks(self, start: int, end: int) -> tuple[Block, ...]:
        """The blocks between two tokens; what cannot stand there is refused and left out."""
        blocks: list[Block] = []
        at = start
        while at < end:
            block_end = self.end(at)
            block = self.block(at, block_end)
            if block is not None:
                blocks.append(block)
            at = block_end + 1
        return tuple(blocks)

    def block(self, start: int, end: int) -> Block | None:
        """The block between two tokens; None, with a problem, if it cannot stand there."""
        token = self.tokens[start]
        match token.type:
            case "paragraph_open":
                return self._further_paragraph(self.tokens[start + 1])
            case "table_open":
                return self._table(start, end)
            case "blockquote_open":
                inner = self.blocks(start + 1, end)
                return Quote(inner) if inner else None
            case "bullet_list_open" | "ordered_list_open":
                return self._plain_list(start, end)
            case "html_block":
                self._refuse_html(token)
            case "code_block":
                self.problems.error(
                    "unclear-nesting",
                    "this is indented so far that Markdown takes it for computer code",
                    self.line_span(token),
                    "indent it by two to four spaces under the item it belongs to, or not at all",
                )
            case _:
                self.problems.error(
                    "unsupported-markdown",
                    f"{BLOCK_NAMES.get(token.type, 'this')} cannot stand here",
                    self.line_span(token),
                    "use headings, paragraphs, lists, tables and quotations",
                )
        return None

    def _further_paragraph(self, inline: Token) -> Block:
        run = self.run(inline)
        marker = MARKER.search(run.text)
        if marker:
            self.problems.error(
                "malformed-id",
                "a further paragraph of an item, or of a quotation, has no ID of its own",
                run.span(marker.start(), marker.end("inside") + 1 - marker.start()),
                "take the ID out; or make the paragraph a clause: move it to the line's beginning",
            )
            run = Run(self.passage, run.line, run.text[: marker.start()])
        self.refuse_hidden_items(run)
        so_far = len(self.problems.found)
        words = read_inline(run, self.problems)
        if not words and len(self.problems.found) == so_far:
            self.problems.error("empty-clause", NOTHING, run.span(0), WRITE_IT)
        if len(words) == 1 and isinstance(words[0], Value):
            return ReadyBlock(words[0])
        return Paragraph(words)

    def _plain_list(self, start: int, end: int) -> Block | None:
        """A list inside a quotation: plain text, one paragraph an item."""
        items: list[Inlines] = []
        at = start + 1
        while at < end:
            item_end = self.end(at)
            inner = self.blocks(at + 1, item_end)
            if len(inner) == 1 and isinstance(inner[0], ReadyBlock):
                items.append((inner[0].value,))
            elif len(inner) != 1 or not isinstance(inner[0], Paragraph):
                self.problems.error(
                    "unsupported-markdown",
                    "a list inside a quotation has one paragraph an item",
                    self.line_span(self.tokens[at]),
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
        before = self._cells
        self._cells += sum(token.type in ("th_open", "td_open") for token in self.tokens[start:end])
        if self._cells > MAX_CELLS:
            if before <= MAX_CELLS:
                self._refuse_cells(self.line_span(self.tokens[start]))
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
                self.line_span(self.tokens[start]),
                "write one, or take the table out",
            )
        return Table(tuple(rows[0]), tuple(align), tuple(tuple(row) for row in rows[1:]))

    # -- what is refused ---------------------------------------------------------

    def _refuse_cells(self, span: Span) -> None:
        self.problems.error(
            "too-large",
            f"the tables in this text have more than {MAX_CELLS} cells",
            span,
            "has something been pasted into it? a policy can link to a long list",
        )

    def _refuse_lost_cells(self, row: Token, columns: int) -> None:
        """Markdown drops cells that have no column, and takes any line below a table for a row."""
        span = self.line_span(row)
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
        self.problems.error("raw-html", message, self.line_span(token), hint)

    def refuse_hidden_items(self, run: Run) -> None:
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

    def run(self, inline: Token) -> Run:
        """A paragraph's text; lines before it that hold odd white space alone are no part of it."""
        line, end = inline.map or (0, 0)
        first = inline.content.partition("\n")[0]
        while line + 1 < end and first not in self.passage.lines[line]:
            line += 1
        return Run(self.passage, line, inline.content)

    def end(self, start: int) -> int:
        """The index of the token that closes the one at `start`."""
        if self.tokens[start].nesting == 0:
            return start
        depth = 0
        for at in range(start, len(self.tokens)):
            depth += self.tokens[at].nesting
            if depth == 0:
                return at
        return len(self.tokens) - 1

    def line_span(self, token: Token) -> Span:
        """The line on which a block begins."""
        line = (token.map or [0])[0]
        written = self.passage.lines[min(line, len(self.passage.lines) - 1)]
        indent = len(written) - len(written.lstrip())
        return self.passage.span(line, indent, len(written.strip()))
