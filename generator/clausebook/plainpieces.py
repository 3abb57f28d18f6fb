"""The Markdown that clauses are written in, converted directly: most pieces hold nothing else.

`clausebook.writing` and the page templates write wording in one way: a paragraph, heading,
item or cell on a line of its own, in it links, strong and emphasised words, tags such as
`<span>`, and escaped signs; at its end a list of attributes.  For that a few expressions do
what takes Python-Markdown twenty of its steps.  Whatever has anything else in it gives
`None`, and is for Python-Markdown.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from markdown.extensions.toc import slugify, strip_tags


class Plain(NamedTuple):
    """HTML, the addresses of its links, its IDs, and its headings: level, ID and words."""

    html: str
    links: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    """The IDs that are not in tags."""
    made: tuple[str, ...] = ()
    """An ID made from the words of a heading that has none."""
    headings: tuple[tuple[int, str, str], ...] = ()


LINK = "\ue000"
"""Stands on both sides of the address of a link."""

_ATTRIBUTE = (
    r"(?:[.#][A-Za-z0-9-]+(?:(?<=[A-Za-z0-9])_[A-Za-z0-9][A-Za-z0-9-]*)*"
    r'|[a-z-]+="[^"{}<>&\\*_`\[\]!|]*")'
)
_ATTRIBUTES = rf"\{{:? ?(?P<attributes>{_ATTRIBUTE}(?: {_ATTRIBUTE})*) ?\}}"
_TOKEN = re.compile(
    r"(?P<text>[^\\`*_{}\[\]<>&!\n]+|!(?!\[))"
    r"|\\(?P<escaped>[\\`*_{}\[\]()>#+\-.!])"
    r"|(?P<entity>&(?:\#[0-9]+|[a-zA-Z]+);)"
    r"|(?P<tag></?(?:span|ins|del|strong|em|code|time|a|br)"
    r'(?: [a-z-]+="[^"<>&\\*\[\]`!{}]*")*>)'
    r"|(?P<link>\[(?P<words>(?:[^\\\[\]`<]|\\.)+)\]"
    r"\((?P<open><)?(?P<address>[\w./#:?=%+@~,;-]+)(?(open)>)\)"
    rf"(?:{_ATTRIBUTES})?)"
    r"|(?P<marked>(?:(?<=^)|(?<=[ (“‘]))(?P<stars>\*\*?)"
    r"(?P<inside>[^\s*\\`](?:(?:[^*\\`]|\\.)*[^\s*\\`])?)(?P=stars)"
    r"(?=$|[ .,;:!?)’”]))",
    re.ASCII,
)
_FOREIGN = re.compile("[\x00-\x09\x0b-\x1f\ue000-\uf8ff]")
_ESCAPED = {">": "&gt;"}
_ONE = re.compile(_ATTRIBUTE)
_OF_TAG = re.compile(r' ([a-z-]+)="([^"]*)"')
_AT_END = re.compile(rf" {_ATTRIBUTES}$")
_LINE_OF_ATTRIBUTES = re.compile(_ATTRIBUTES)
_START = re.compile(r"[^\W\d_]|\d(?!\d*\.)|…|[\[(“‘<*\\](?! )")
_HEADING = re.compile(rf"(#{{1,6}}) (.*?[^#\s])(?: {_ATTRIBUTES})?")
_SIDES = {(True, True): "center", (True, False): "left", (False, True): "right"}


class _NotPlainError(Exception):
    """Something that is for Python-Markdown."""


class _Writer:
    """Writes one piece, and keeps what is in it."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.ids: list[str] = []
        self.given: list[str] = []
        self.made: list[str] = []
        self.headings: list[tuple[int, str, str]] = []

    def inline(self, text: str, *, in_link: bool = False) -> str:
        """The words of a line."""
        parts: list[str] = []
        here = 0
        while here < len(text):
            token = _TOKEN.match(text, here)
            if token is None:
                raise _NotPlainError
            here = token.end()
            if token["text"] or token["entity"]:
                parts.append(token[0])
            elif sign := token["escaped"]:
                parts.append(_ESCAPED.get(sign, sign))
            elif tag := token["tag"]:
                named = [value for name, value in _OF_TAG.findall(tag) if name == "id"]
                self.ids += named
                if tag.startswith("<a ") and " name=" in tag:
                    raise _NotPlainError
                parts.append(tag)
            elif token["marked"]:
                name = "strong" if len(token["stars"]) > 1 else "em"
                parts.append(f"<{name}>{self.inline(token['inside'], in_link=in_link)}</{name}>")
            elif in_link:
                raise _NotPlainError
            else:
                self.links.append(token["address"])
                own = [("href", f"{LINK}{token['address']}{LINK}")]
                words = self.inline(token["words"], in_link=True)
                parts.append(f"<a{self.attributes(token['attributes'], own)}>{words}</a>")
        return "".join(parts)

    def attributes(self, text: str | None, own: list[tuple[str, str]] | None = None) -> str:
        """A list of attributes, as an element has them."""
        found = dict(own or ())
        for one in _ONE.findall(text or ""):
            if one[0] == ".":
                found["class"] = f"{found['class']} {one[1:]}" if "class" in found else one[1:]
            elif one[0] == "#":
                found["id"] = one[1:]
            else:
                name, _, value = one.partition("=")
                found[name] = value[1:-1]
        if "id" in found:
            self.ids.append(found["id"])
            self.given.append(found["id"])
        return "".join([f' {name}="{value}"' for name, value in sorted(found.items())])

    def paragraph(self, text: str) -> str:
        """A line of words, and perhaps one of attributes."""
        words, _, last = text.partition("\n")
        if not _START.match(words) or words[-1] == " ":
            raise _NotPlainError
        attributes = ""
        if last:
            found = _LINE_OF_ATTRIBUTES.fullmatch(last)
            if found is None:
                raise _NotPlainError
            attributes = self.attributes(found["attributes"])
        return f"<p{attributes}>{self.inline(words)}</p>\n"

    def heading(self, text: str) -> str:
        """A heading; where it has no ID, one is made from its words."""
        found = _HEADING.fullmatch(text)
        if found is None:
            raise _NotPlainError
        level, listed = len(found[1]), found["attributes"]
        words = self.inline(found[2])
        name = strip_tags(words)
        made = slugify(html.unescape(name), "-") if listed is None and words == name else ""
        if made:
            self.made.append(made)
            self.ids.append(made)
            attributes = f' id="{made}"'
        elif listed and "#" in listed and level > 1 and "data-toc-label" not in listed:
            attributes = self.attributes(listed)
        else:
            raise _NotPlainError
        self.headings.append((level, self.ids[-1], name))
        return f"<h{level}{attributes}>{words}</h{level}>\n"

    def block(self, text: str) -> str:
        """A heading, a paragraph, or a quotation, with a line before it or without."""
        if text[0] == "#":
            return self.heading(text)
        before, quote, quoted = text.partition("> ") if text[0] == ">" else text.partition("\n> ")
        if not quote:
            return self.paragraph(text)
        lead = self.paragraph(before) if before else ""
        paragraphs = quoted.split("\n>\n> ")
        if any("\n" in paragraph for paragraph in paragraphs):
            raise _NotPlainError
        inner = "".join([self.paragraph(paragraph) for paragraph in paragraphs])
        return f"{lead}<blockquote>\n{inner}</blockquote>\n"

    def item(self, text: str) -> str:
        """An item of a list with blank lines between its items."""
        if not text.startswith("-   "):
            raise _NotPlainError
        own, blank, inner = text[4:].replace("\n    ", "\n").partition("\n\n")
        below = ""
        if blank:
            items = inner.split("\n\n-   ")
            if len(items) == 1 or not inner.startswith("-   "):
                raise _NotPlainError
            items = [items[0], *(f"-   {item}" for item in items[1:])]
        paragraph = self.paragraph(own)
        if blank:
            below = f"<ul>\n{''.join([self.item(item) for item in items])}</ul>\n"
        return f"<li>\n{paragraph}{below}</li>\n"

    def line(self, text: str) -> str:
        """An item of a list without."""
        words = text[1:].lstrip(" ")
        if not _START.match(words) or words[-1] == " ":
            raise _NotPlainError
        return f"<li>{self.inline(words)}</li>\n"

    def row(self, text: str) -> str:
        """A row of a table, after the line that rules its head off."""
        rule, _, row = text.partition("\n")
        cells = row[2:-2].split(" | ")
        rules = rule[2:-2].split(" | ")
        if len(cells) != len(rules) or row.count("|") != rule.count("|"):
            raise _NotPlainError
        written = [
            self.cell(cell.strip(" "), under) for cell, under in zip(cells, rules, strict=True)
        ]
        return f"<tr>\n{''.join(written)}</tr>\n"

    def cell(self, text: str, rule: str) -> str:
        """A cell, and perhaps its attributes."""
        found = _AT_END.search(text)
        side = _SIDES.get((rule[0] == ":", rule[-1] == ":"))
        own = [("style", f"text-align: {side};")] if side else None
        attributes = self.attributes(found["attributes"] if found else None, own)
        words = text[: found.start()] if found else text
        return f"<td{attributes}>{self.inline(words)}</td>\n"


_WAYS = {"block": _Writer.block, "item": _Writer.item, "line": _Writer.line, "row": _Writer.row}


def plain(kind: str, text: str) -> Plain | None:
    """Convert a piece, if it holds nothing but plain wording."""
    way = _WAYS.get(kind)
    if way is None or _FOREIGN.search(text) or ("\n\n" in text and kind != "item"):
        return None
    writer = _Writer()
    try:
        made = way(writer, text)
    except _NotPlainError:
        return None
    return Plain(
        made,
        tuple(writer.links),
        tuple(writer.ids),
        tuple(writer.given),
        tuple(writer.made),
        tuple(writer.headings),
    )
