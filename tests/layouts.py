"""Random policies, written out in any of the ways in which an editor may write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st

from clausebook.model import Clause, Kind, Mark
from clausebook.prose import (
    Block,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Quote,
    ReadyBlock,
    Reference,
    Strong,
    Table,
    Text,
    Value,
    join_text,
)
from clausebook.source import Source

T = TypeVar("T")

PLACE = Source("anywhere", "").whole()

PLAIN = ["Staff", "pupils’", "may", "not", "follow", "24", "hours", "“friends”", "AT&T", "é", "–"]
RICH: list[tuple[str, Inline]] = [
    ("**bold**", Strong((Text("bold"),))),
    ("__also bold__", Strong((Text("also bold"),))),
    ("*stress*", Emphasis((Text("stress"),))),
    ("`code {#x}`", Code("code {#x}")),
    ("{{ pupils }}", Value("pupils", PLACE)),
    ("{{contact.dsl.name}}", Value("contact.dsl.name", PLACE)),
    ("[sm-1](#sm-1)", Reference("sm-1", (), PLACE)),
    ("[the steps](#sm-1)", Reference("sm-1", (Text("the steps"),), PLACE)),
    ("[**us**](mailto:a@example.org)", Link("mailto:a@example.org", (Strong((Text("us"),)),))),
]
TOKENS = [*((word, Text(word)) for word in PLAIN), *RICH]
"""Words as written, and as read."""

BULLETS = ["-", "*", "+"]
NUMBERS = ["1.", "1)"]
COMMENTS = ["<!-- a note to ourselves -->", "<!-- two\n\n- lines {#x}\n-->"]


@dataclass(frozen=True)
class Written:
    """A policy as somebody wrote it, and the clauses that it says."""

    data: bytes
    clauses: tuple[Clause, ...]

    def __repr__(self) -> str:
        """The text, so that a counter-example can be read."""
        return f"Written({self.data!r})"


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """A whole policy, in any layout, line end and encoding that is allowed."""
    writer = _Writer(draw)
    writer.document()
    text = "\n".join(writer.lines) + "\n" * draw(st.integers(0, 2))
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig"]))
    return Written(text.encode(encoding), tuple(writer.clauses))


@dataclass
class _Writer:
    """Makes up clauses and writes them as it goes."""

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)

    def document(self) -> None:
        above: dict[int, str] = {}
        level = 1
        for _ in range(self.draw(st.integers(1, 6))):
            self._gap(1)
            if self.draw(st.integers(0, 3)) == 0:
                self.lines += self.choose(COMMENTS).split("\n")
                self._gap(1)
            if self.draw(st.booleans()) and level < 4:
                level = self.draw(st.integers(2, level + 1))
                above[level] = self._heading(level, above.get(level - 1))
                if self.draw(st.booleans()):
                    self._lists(above[level], 1, 0)
            else:
                parent = above[level] if level > 1 else None
                clause_id = self._paragraph(parent)
                self._lists(clause_id, 1, 0)

    def choose(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def _gap(self, least: int) -> None:
        self.lines += [""] * self.draw(st.integers(least, 2))

    # -- clauses -----------------------------------------------------------------

    def _heading(self, level: int, parent: str | None) -> str:
        tokens, words = self._words()
        marker, attributes = self._marker()
        text = f"{' '.join(tokens)} {marker}"
        if level == 2 and self.draw(st.booleans()):
            self.lines += [text, self.choose(["---", "-----------"])]
        else:
            closing = self.choose(["", " ##", " ######"])
            self.lines.append(f"{'#' * level} {text}{closing}")
        return self._clause(Kind.HEADING, parent, level, words, attributes, ())

    def _paragraph(self, parent: str | None) -> str:
        words, attributes = self._first_paragraph("", [0, 3])
        body = self._body(0)
        return self._clause(Kind.PARAGRAPH, parent, 0, words, attributes, body)

    def _lists(self, parent: str, depth: int, column: int) -> None:
        """Up to two lists, one after the other, whose items begin in `column`."""
        before = ""
        for _ in range(self.draw(st.integers(0, 2)) if depth <= 3 else 0):
            sign = self.choose([s for s in (*BULLETS, *NUMBERS) if s != before])
            before = sign
            self._gap(0)
            for _ in range(self.draw(st.integers(1, 3))):
                self._item(parent, depth, column, sign)
                self._gap(0)

    def _item(self, parent: str, depth: int, column: int, sign: str) -> None:
        start = self._indent(column) + sign
        after = self.choose([" ", "  ", "   ", "    ", "\t"])
        inner = len((start + after).expandtabs(4))
        words, attributes = self._first_paragraph(start + after, [0, inner, inner + 5])
        body = self._body(inner)
        ordered = sign in NUMBERS
        clause_id = self._clause(Kind.ITEM, parent, depth, words, attributes, body, ordered=ordered)
        self._lists(clause_id, depth + 1, inner + self.draw(st.integers(0, 3)))

    def _clause(
        self,
        kind: Kind,
        parent: str | None,
        depth: int,
        words: Inlines,
        attributes: tuple[frozenset[Mark], tuple[str, ...]],
        body: tuple[Block, ...],
        *,
        ordered: bool = False,
    ) -> str:
        clause = Clause(
            id=self._id(),
            kind=kind,
            parent=parent,
            depth=depth,
            ordered=ordered,
            words=words,
            body=body,
            marks=attributes[0],
            audiences=attributes[1],
            span=PLACE,
        )
        self.clauses.append(clause)
        return clause.id

    def _id(self) -> str:
        return f"sm-{len(self.clauses)}"

    # -- words ---------------------------------------------------------------------

    def _words(self) -> tuple[list[str], Inlines]:
        """Words as written, to be put together with white space, and as read."""
        first = self.choose(PLAIN[:4])
        rest = self.draw(st.lists(st.sampled_from(TOKENS), max_size=5))
        pieces: list[Inline] = [Text(first)]
        for _, piece in rest:
            pieces += [Text(" "), piece]
        return [first, *(token for token, _ in rest)], join_text(pieces)

    def _marker(self) -> tuple[str, tuple[frozenset[Mark], tuple[str, ...]]]:
        marks = self.draw(st.sets(st.sampled_from(sorted(Mark)), max_size=2))
        audiences = self.draw(st.lists(st.sampled_from(["staff", "pupils"]), max_size=2))
        parts = [f"#{self._id()}", *(f".{mark}" for mark in sorted(marks))]
        parts += [f'for="{" ".join(audiences)}"'] if audiences else []
        ordered = self.draw(st.permutations(parts))
        brace = self.choose(["{%s}", "{ %s }", "{: %s}"])
        return brace % " ".join(ordered), (frozenset(marks), tuple(audiences))

    def _first_paragraph(
        self, start: str, columns: Sequence[int]
    ) -> tuple[Inlines, tuple[frozenset[Mark], tuple[str, ...]]]:
        """Words wrapped anywhere, the ID after the last; other lines begin in any of `columns`."""
        tokens, words = self._words()
        marker, attributes = self._marker()
        line = start + tokens[0]
        for token in [*tokens[1:], marker]:
            if self.draw(st.integers(0, 4)) == 0:
                self.lines.append(line)
                line = self._indent(self.choose(columns)) + token
            else:
                line += f" {token}"
        self.lines.append(line + self.choose(["", " ", "  "]))
        return words, attributes

    def _indent(self, column: int) -> str:
        if self.draw(st.booleans()):
            return " " * column
        return "\t" * (column // 4) + " " * (column % 4)

    # -- what belongs to a clause ----------------------------------------------------

    def _body(self, column: int) -> tuple[Block, ...]:
        kinds = self.draw(st.lists(st.sampled_from(["quote", "table", "card", "more"]), max_size=2))
        blocks: list[Block] = []
        for kind in kinds:
            if kind == "more" and column == 0:
                continue  # at the margin, a further paragraph would be a clause
            tokens, words = self._words()
            text = " ".join(tokens)
            self.lines.append("")
            block: Block
            match kind:
                case "quote":
                    lines, block = [f"> {text}"], Quote((Paragraph(words),))
                case "table":
                    lines = [f"| {text} | b |", "|---|--:|", f"| c | {text} |"]
                    row = ((Text("c"),), words)
                    block = Table((words, (Text("b"),)), ("", "right"), (row,))
                case "card":
                    lines = ["{{ contact.dsl.card }}"]
                    block = ReadyBlock(Value("contact.dsl.card", PLACE))
                case _:
                    lines, block = [text], Paragraph(words)
            self.lines += [self._indent(column) + line for line in lines]
            blocks.append(block)
        if blocks:
            self.lines.append("")
        return tuple(blocks)
