"""Markdown as a document from elsewhere: CommonMark with tables, front matter and IDs.

Front matter is carried as what the file says of itself, and told with its words; HTML blocks are
read as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from clausebook.found import DocumentError, Format, FoundDocument, LeftOut, count_words
from clausebook.foundwords import PLAIN, Look, seen
from clausebook.htmlreader import read_fragment
from clausebook.roughlines import Rough, RoughPart, RoughTable, finished

_DEPTH = 60
"""How deep tokens nest; a list and its item are two. What is deeper is left out by the parser."""
_ID = re.compile(r"[ \t]*\{#([a-z0-9]+(?:-[a-z0-9]+)*)(?:[ \t][^{}]*)?\}[ \t]*$")
_FRONT = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_PROPERTY = re.compile(r"([A-Za-z][\w -]{0,60}?)[ \t]*:[ \t]+(\S.*)")
_INDENT = 30.0
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(text: str, name: str, note: str = "") -> FoundDocument:
    """A Markdown file; `note` is what must be said of how it was decoded."""
    left_out = [LeftOut(where="the file", what=note)] if note else []
    front = _FRONT.match(text)
    properties: list[tuple[str, str]] = []
    words = 0
    if front:
        left_out.append(
            LeftOut(where="line 1", what="front matter", text=seen(front[1]).strip()),
        )
        properties = [
            (found[1], seen(found[2]).strip()[:300])
            for found in map(_PROPERTY.fullmatch, front[1].split("\n"))
            if found
        ]
        words = count_words(front[1])
        text = "\n" * front[0].count("\n") + text[front.end() :]
    markdown = MarkdownIt("commonmark", {"maxNesting": _DEPTH}).enable("table")
    tokens = markdown.parse(text)
    if any(token.level >= _DEPTH - 1 for token in tokens):
        raise DocumentError(
            f"Lists and quotations in it are nested more than {_DEPTH // 2} deep. Take them apart."
        )
    reader = _Reader(left_out=left_out)
    for token in tokens:
        reader.take(token)
    parts = finished(reader.parts, left_out)
    return FoundDocument(
        name=name,
        format=Format.MARKDOWN,
        parts=parts,
        left_out=tuple(left_out),
        words=words + reader.html_words + _count(tokens),
        properties=tuple(properties),
    )


@dataclass
class _List:
    """A list while its items are read."""

    next: int | None
    sign: str


@dataclass
class _Reader:
    """A file while it is read."""

    left_out: list[LeftOut]
    parts: list[RoughPart] = field(default_factory=list)
    html_words: int = 0
    _lists: list[_List] = field(default_factory=list)
    _label: str = ""
    _heading: int = 0
    _quotes: int = 0
    _table: RoughTable | None = None
    _tables: int = 0
    _line: int = 1

    def take(self, token: Token) -> None:
        """The next token of a file."""
        if token.map:
            self._line = token.map[0] + 1
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._begin_list(token)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._begin_item(token)
            case "list_item_close":
                self._end_item()
            case "inline":
                self._inline(token)
            case "fence" | "code_block":
                self._code(token)
            case "html_block":
                self._html(token)
            case _:
                self._around(token)
                self._in_table(token)

    def _around(self, token: Token) -> None:
        """What paragraphs stand in."""
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1])
            case "heading_close":
                self._heading = 0
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case _:
                pass

    def _begin_list(self, token: Token) -> None:
        self._end_item()
        start = token.attrGet("start")
        ordered = token.type == "ordered_list_open"
        self._lists.append(_List(int(start or 1) if ordered else None, token.markup))
        if ordered and start == 0:
            self._lists[-1].next = 0

    def _begin_item(self, token: Token) -> None:
        listed = self._lists[-1]
        if listed.next is None:
            self._label = "•"
        else:
            self._label = f"{listed.next}{token.markup}"
            listed.next += 1

    def _end_item(self) -> None:
        """An item may have no words; its number is printed all the same."""
        if self._label:
            self.parts.append(self._rough())

    def _rough(self) -> Rough:
        line = Rough(
            f"line {self._line}",
            label=self._label,
            heading=self._heading,
            level=len(self._lists) - 1 if self._lists else None,
            indent=(len(self._lists) + self._quotes) * _INDENT,
        )
        self._label = ""
        return line

    def _inline(self, token: Token) -> None:
        line = self._rough()
        children, line.id = _without_id(token.children or [])
        self._pieces(children, line)
        if self._table is None:
            self.parts.append(line)
        else:
            row = self._table.rows[-1]
            line.where = f"{self._table.where}, row {len(self._table.rows)}, column {len(row)}"
            row[-1].append(line)

    def _pieces(self, tokens: Sequence[Token], line: Rough) -> None:
        looks = [PLAIN]
        for token in tokens:
            look = looks[-1]
            match token.type:
                case "strong_open" | "em_open" | "link_open":
                    looks.append(_inside(token, look))
                case "strong_close" | "em_close" | "link_close":
                    looks.pop()
                case "softbreak":
                    line.pieces.add(" ", look)
                case "hardbreak":
                    line.pieces.add_break(look)
                case "html_inline":
                    self._tag(token.content, line, look)
                case "image":
                    shown = seen(token.content).strip()[:200]
                    what = f"a picture of “{shown}”" if shown else "a picture"
                    self.left_out.append(LeftOut(where=line.where, what=what))
                case "code_inline":
                    line.pieces.add(token.content, replace(look, code=True))
                case _:
                    line.pieces.add(token.content, look)

    def _tag(self, html: str, line: Rough, look: Look) -> None:
        """An HTML tag in a sentence: a line break, or something that is told."""
        if _BREAK.fullmatch(html):
            line.pieces.add_break(look)
        else:
            self.left_out.append(LeftOut(where=line.where, what="HTML", text=seen(html)))

    def _code(self, token: Token) -> None:
        line = self._rough()
        line.verbatim = True
        for number, text in enumerate(token.content.rstrip("\n").split("\n")):
            if number:
                line.pieces.add_break()
            line.pieces.add(text, Look(code=True))
        self.parts.append(line)
        if token.info.strip():
            what = "the name of a language"
            self.left_out.append(LeftOut(where=line.where, what=what, text=seen(token.info)))

    def _html(self, token: Token) -> None:
        parts, left_out, words = read_fragment(token.content)
        if not parts and not left_out and count_words(token.content):
            what = "HTML that says nothing by itself"
            self.left_out.append(LeftOut(where=f"line {self._line}", what=what))
        where = f"line {self._line}"
        for part in parts:
            if isinstance(part, RoughTable):
                self._tables += 1
            else:
                part.where = where
        self.parts += parts
        self.left_out += (replace(left, where=where) for left in left_out)
        self.html_words += words

    def _in_table(self, token: Token) -> None:
        match token.type:
            case "table_open":
                self._tables += 1
                self._table = RoughTable(f"table {self._tables}")
            case "table_close" if self._table is not None:
                self.parts.append(self._table)
                self._table = None
            case "tr_open" if self._table is not None:
                self._table.rows.append([])
            case "th_open" | "td_open" if self._table is not None:
                self._table.rows[-1].append([])
            case _:
                pass


def _inside(token: Token, look: Look) -> Look:
    """The look of what stands in an emphasis or a link."""
    if token.type == "link_open":
        href = str(token.attrGet("href") or "")
        return replace(look, href="" if href.startswith("#") else href)
    strong = token.type == "strong_open"
    return replace(look, strong=True) if strong else replace(look, emphasis=True)


def _without_id(tokens: Sequence[Token]) -> tuple[list[Token], str]:
    """What stands in a paragraph, and the ID that is written at its end."""
    if tokens and tokens[-1].type == "text":
        found = _ID.search(tokens[-1].content)
        if found:
            last = tokens[-1].copy(content=tokens[-1].content[: found.start()])
            return [*tokens[:-1], last], found[1]
    return list(tokens), ""


def _count(tokens: Sequence[Token]) -> int:
    """How many words are in the texts of tokens, whatever becomes of them."""
    words = 0
    for token in tokens:
        if token.type in {"fence", "code_block"}:
            words += count_words(token.content) + count_words(token.info)
        running = ""
        for child in _without_id(token.children or [])[0]:
            if child.type in {"text", "code_inline"}:
                running += child.content
            elif child.type in {"softbreak", "hardbreak"}:
                running += " "
            elif child.type == "html_inline":
                is_break = _BREAK.fullmatch(child.content)
                words += 0 if is_break else count_words(child.content)
                running += " " if is_break else ""
        words += count_words(running)
    return words
