"""Markdown to HTML, piece by piece: what stands in a hundred pages is converted once.

A page of ours is a row of pieces with blank lines between them (a heading, a clause, an item
of a list, a row of a table), and Python-Markdown makes the same of a piece wherever it
stands.  So every piece is converted on its own, once, and remembered by its text; the HTML
of a page is the HTML of its pieces, one after the other.

That holds for the Markdown our pages are made of, not for all there is.  `units_of` cuts only
where it is sure, `_Pieces.convert` refuses what could reach beyond its end, and a page with
anything of that kind is one piece.  What it gives is always what MkDocs would have made.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit

import markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE
from mkdocs.structure.pages import (
    _ExtractAnchorsTreeprocessor,
    _ExtractTitleTreeprocessor,
    _RawHTMLPreprocessor,
)
from mkdocs.utils import get_relative_url

from clausebook.htmlwall import UnsafePageError, check
from clausebook.plainpieces import LINK as _LINK
from clausebook.plainpieces import Plain, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

EXTENSIONS = ["toc", "tables", "fenced_code", "attr_list", "md_in_html"]
OPTIONS: dict[str, Any] = {"toc": {"permalink": False}}
"""With anything else, pages are not for this module."""

MARKS = re.compile("[\ue000-\uf8ff]")
"""Characters without a meaning of their own: places that are filled in later are marked by them."""

_HOLE = "\ue002"
_LINKS = re.compile(f"{_LINK}([^{_LINK}]*){_LINK}")
_ADDRESS = re.compile(r"([\w./-]+)(#[\w.:-]+)?", re.ASCII)


class UnusualError(Exception):
    """Something that is left to MkDocs, as it always was."""


class _NotAloneError(Exception):
    """A piece that means something else on its own than in its page."""


class Heading(NamedTuple):
    """What a page's list of contents says of a heading."""

    level: int
    id: str
    name: str


class Piece(NamedTuple):
    """The HTML of some Markdown, and all that a site must know of it."""

    html: str
    headings: tuple[Heading, ...] = ()
    title: str | None = None
    """The heading of the first level that it begins with."""
    anchors: frozenset[str] = frozenset()
    """All IDs in it."""
    given: frozenset[str] = frozenset()
    """Those IDs that were written, and not made from the words of a heading."""
    made: tuple[str, ...] = ()
    """IDs made from words; they depend on all other IDs of the page."""
    targets: frozenset[str] = frozenset()
    """What its links need: `#id` on this page; `page.md` or `page.md#id`, from `docs`."""


def convert_page(text: str, folder: str) -> Piece:
    """Convert a page that stands in a folder of `docs`, as MkDocs would."""
    try:
        page = _joined([_placed(kind, unit, folder) for kind, unit in units_of(text)])
    except _NotAloneError:
        return convert_whole(text, folder)
    return page._replace(html=page.html.strip())


def convert_whole(text: str, folder: str) -> Piece:
    """The same for a page that cannot be cut, and for those who want to compare."""
    page = _placed(_WHOLE, text, folder)
    return page._replace(html=page.html.strip())


def _joined(pieces: list[Piece]) -> Piece:
    given = frozenset().union(*[piece.given for piece in pieces if piece.given])
    made = [id_ for piece in pieces if piece.made for id_ in piece.made]
    if len(given.union(made)) < len(given) + len(made):
        raise _NotAloneError  # one of these IDs must become another
    return Piece(
        "".join([piece.html for piece in pieces]),
        tuple([heading for piece in pieces if piece.headings for heading in piece.headings]),
        pieces[0].title if pieces else None,
        frozenset().union(*[piece.anchors for piece in pieces if piece.anchors]),
        given,
        tuple(made),
        frozenset().union(*[piece.targets for piece in pieces if piece.targets]),
    )


# --- where a page can be cut ---

_WHOLE, _BLOCK, _ITEM, _LINE, _HEAD, _ROW, _OPEN, _CLOSE, _HTML = (
    *("whole", "block", "item", "line", "head", "row", "open", "close", "html"),
)
_Unit = tuple[str, str]

_MARKER = re.compile(r"(?:[*+-]|\d+\.) ")
_LATER_MARKER = re.compile(r"\n *(?:[*+>-]|\d+\.)")
_LATER_ITEM = re.compile(r"\n {0,3}(?:[*+-]|\d+\.) ")
_SIMPLE_LINE = re.compile(r"- +(?!\*(?!\*)|[+#>|:-]|\d+\.\s)\S.*")
_CLOSED = re.compile(r"\n</div>\n(?!\n|</div>)")
"""An element ends where its last tag does, whether or not there is a blank line."""
_RULE = re.compile(r"\|(?: :?-+:? \|)+")
_BOX = re.compile(r'<(div|details)((?: [\w-]+(?:="[^"<>]*")?)*)>(?:\n<summary>[^\n]*</summary>)?')


def units_of(text: str) -> list[_Unit]:
    """Cut Markdown where nothing before a cut has to do with what comes after it."""
    units: list[_Unit] = []
    if "</div>\n" in text:
        text = _CLOSED.sub("\n</div>\n\n", text)
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    blocks = [block for block in blocks if block]
    here = 0
    while here < len(blocks):
        block, first = blocks[here], here
        here += 1
        begins = block[0]
        if begins == " " or (begins == ">" and _ends_quoted(units)):
            _continue(units, block)
        elif begins == "<" and _depth(block):
            here = _end_of_box(blocks, first)
            units += _box(blocks[first:here])
        elif begins == "|":
            units += _table(block)
        elif _MARKER.match(block):
            while here < len(blocks) and (blocks[here][0] == " " or _MARKER.match(blocks[here])):
                here += 1
            if units and units[-1][0] == _BLOCK and _LATER_MARKER.search(units[-1][1]):
                _continue(units, "\n\n".join(blocks[first:here]))
            else:
                units += _list(blocks[first:here])
        else:
            units.append((_BLOCK, block))
    return units


def _ends_quoted(units: list[_Unit]) -> bool:
    """Whether a quotation would go on the one before it."""
    return (
        bool(units) and units[-1][0] == _BLOCK and ">" in {units[-1][1][0], *_starts(units[-1][1])}
    )


def _starts(text: str) -> Iterator[str]:
    return (line.lstrip(" ")[:1] for line in text.split("\n"))


def _continue(units: list[_Unit], block: str) -> None:
    """Leave a block with the one before it."""
    if not units or units[-1][0] != _BLOCK:
        raise _NotAloneError
    units[-1] = (_BLOCK, f"{units[-1][1]}\n\n{block}")


def _depth(block: str) -> int:
    """How many elements that can hold pieces are opened and not closed in a block."""
    opened = block.count("<div") + block.count("<details")
    return opened - block.count("</div>") - block.count("</details>")


def _end_of_box(blocks: list[str], first: int) -> int:
    depth, here = 0, first
    while here < len(blocks):
        depth += _depth(blocks[here])
        here += 1
        if depth == 0:
            return here
    raise _NotAloneError


def _box(blocks: list[str]) -> list[_Unit]:
    """An element with Markdown in it: its two tags, and between them the units of its content."""
    whole = [(_BLOCK, "\n\n".join(blocks))]
    opening = _BOX.fullmatch(blocks[0])
    if opening is None or " markdown" not in opening[2]:
        return whole
    close = f"</{opening[1]}>"
    *inner, last = blocks[1:]
    if last != close:
        if not last.endswith(f"\n{close}"):
            return whole
        inner.append(last.removesuffix(f"\n{close}"))
    try:
        units = units_of("\n\n".join(inner))
    except _NotAloneError:
        return whole
    if any(kind == _BLOCK and _has_block_tag(text) for kind, text in units):
        return whole  # in Markdown in HTML, HTML is read in another way
    shell = f"{blocks[0]}\n\n{_HOLE}\n\n{close}"
    return [(_OPEN, shell), *units, (_CLOSE, shell)]


def _table(block: str) -> list[_Unit]:
    """A table: its head, and then each row."""
    head, *rows = block.split("\n")
    if len(rows) < 2 or not _RULE.fullmatch(rows[0]):  # noqa: PLR2004 - the rule and a row
        return [(_BLOCK, block)]
    if not all(row.startswith("| ") and row.endswith(" |") for row in rows[1:]):
        return [(_BLOCK, block)]
    rule = f"{rows[0]}\n"
    return [
        (_HEAD, f"{head}\n{rows[0]}"),
        *[(_ROW, rule + row) for row in rows[1:]],
        (_HTML, END_OF_TABLE),
    ]


def _list(blocks: list[str]) -> list[_Unit]:
    """A list: item by item, if its items are all of one kind."""
    whole = [(_BLOCK, "\n\n".join(blocks))]
    if len(blocks) == 1:
        lines = blocks[0].split("\n")
        if not all(_SIMPLE_LINE.fullmatch(line) for line in lines):
            return whole
        units = [(_LINE, line) for line in lines]
    else:
        items: list[list[str]] = []
        for block in blocks:
            if block[0] == " ":
                items[-1].append(block)
            elif block[0] == "-" and not _LATER_ITEM.search(block):
                items.append([block])
            else:
                return whole
        if len(items) == 1:
            return whole
        units = [(_ITEM, "\n\n".join(item)) for item in items]
    return [(_HTML, "<ul>\n"), *units, (_HTML, "</ul>\n")]


# --- what is made of a piece ---


@lru_cache(maxsize=60_000)
def _placed(kind: str, text: str, folder: str) -> Piece:
    """A piece on a page of a folder: its links lead to where MkDocs puts the pages."""
    piece = _piece(kind, text)
    if _LINK not in piece.html:
        return piece
    targets = {target for target in piece.targets if target[0] == "#"}

    def address(link: re.Match[str]) -> str:
        path, _, anchor = link[1].partition("#")
        target = posixpath.normpath(posixpath.join(folder, path))
        targets.add(f"{target}#{anchor}" if anchor else target)
        if target.endswith(".md"):
            target = f"{target.removesuffix('.md')}.html"
        url = get_relative_url(target, f"{folder}/x.html")
        return f"{url}#{anchor}" if anchor else url

    html = _LINKS.sub(address, piece.html)
    return piece._replace(html=html, targets=frozenset(targets))


@lru_cache(maxsize=30_000)
def _piece(kind: str, text: str) -> Piece:
    """Convert one unit."""
    found = plain(kind, text)
    made = with_links(found) if found else by_python_markdown(kind, text)
    _check(kind, made.html)
    return made


def _check(kind: str, html: str) -> None:
    """Let nothing pass that a page may not hold; what is odd on its own is seen with its page."""
    if kind in {_OPEN, _CLOSE, _HTML}:  # checked together, by `_shell`
        return
    before, after = _AROUND.get(kind, ("", ""))
    try:
        check(f"{before}{html}{after}")
    except UnsafePageError:
        if kind == _WHOLE:
            raise
        raise _NotAloneError from None


def with_links(found: Plain) -> Piece:
    """A plain piece; links that do not lead to other pages are as they are."""
    html, targets = found.html, set()
    for url in found.links:
        here, target = _note(url)
        if target:
            targets.add(target)
        if here == url:
            html = html.replace(f"{_LINK}{url}{_LINK}", url)
    headings = tuple([Heading(*heading) for heading in found.headings])
    title = headings[0].name if html.startswith("<h1") else None
    ids, given, needed = map(frozenset, (found.ids, found.given, targets))
    return Piece(html, headings, title, ids, given, found.made, needed)


def by_python_markdown(kind: str, text: str) -> Piece:
    """Convert one unit, whatever is in it."""
    convert = _converter().convert
    if kind == _HTML:
        return Piece(text)
    if kind in {_OPEN, _CLOSE}:
        made = _shell(text)
        opening, closing = _parted(made.html, f"<p>{_HOLE}</p>\n")
        return made._replace(html=opening) if kind == _OPEN else Piece(closing)
    if kind == _ITEM:  # what comes first is always one of the items with blank lines between
        first = f"<ul>\n<li>\n<p>{_HOLE}</p>\n</li>\n"
        return _within(convert(f"-   {_HOLE}\n\n{text}"), first, "</ul>\n")
    if kind == _LINE:
        return _within(convert(text), "<ul>\n", "</ul>\n")
    if kind == _HEAD:
        columns = text.rpartition("\n")[2].count("|") - 1
        made = convert(f"{text}\n|{'  |' * columns}")
        opening = _parted(made.html, _BODY)[0]
        return made._replace(html=opening + _BODY)
    if kind == _ROW:
        columns = text.partition("\n")[0].count("|") - 1
        made = convert(f"|{' x |' * columns}\n{text}")
        opening = _parted(made.html, _BODY)[0]
        return _within(made, opening + _BODY, END_OF_TABLE)
    return convert(text, whole=kind == _WHOLE)


@lru_cache(maxsize=1_000)
def _shell(text: str) -> Piece:
    made = _converter().convert(text)
    _check(_BLOCK, made.html)
    return made


_BODY, END_OF_TABLE = "<tbody>\n", "</tbody>\n</table>\n"
_AROUND = {
    _HEAD: ("", END_OF_TABLE),
    _ROW: (f"<table>\n{_BODY}", END_OF_TABLE),
    _ITEM: ("<ul>\n", "</ul>\n"),
    _LINE: ("<ul>\n", "</ul>\n"),
}
"""What stands around a piece of a kind, so that it can be read as HTML."""


def _parted(html: str, mark: str) -> tuple[str, str]:
    before, found, after = html.partition(mark)
    if not found:
        raise _NotAloneError
    return before, after


def _within(piece: Piece, before: str, after: str) -> Piece:
    """What was made of a piece, without what it was put into."""
    if not (piece.html.startswith(before) and piece.html.endswith(after)):
        raise _NotAloneError
    return piece._replace(html=piece.html[len(before) : -len(after)])


_FOREIGN = re.compile("[\t\r\x02\x03\ue000\ue001\ue003-\uf8ff]|<[!?]|```|~~~|\\[TOC]")
_TAGS = re.compile(r"""<(/?)([a-zA-Z][^\s<>"'`/]*+)(?:[^<>"'`]|"[^"<>]*")*+>|<[a-zA-Z/]""")
_EMPTY_SCRIPT = re.compile(r'<script(?: [\w-]+(?:="[^"<>]*")?)*></script>')
_NEVER = frozenset({"script", "style", "textarea", "hr", "iframe", "noscript", "plaintext"})


@lru_cache(maxsize=20_000)
def _has_block_tag(text: str) -> bool:
    """Whether there is HTML in a piece that is more than a part of a sentence.

    Refuses what is not closed: it would take in what follows.
    """
    if "<" not in text:
        return False
    if _EMPTY_SCRIPT.fullmatch(text):
        return True
    known = _converter().block_tags | {"title"}
    found, open_ = False, []
    for tag in _TAGS.finditer(text):
        name = (tag[2] or "script").lower()
        if name in _NEVER:
            raise _NotAloneError
        if name not in known:
            continue
        found = True
        if not tag[1]:
            open_.append(name)
        elif not open_ or open_.pop() != name:
            raise _NotAloneError
    if open_:
        raise _NotAloneError
    return found


class _Converter:
    """Python-Markdown as MkDocs sets it up, which also says what was in a piece."""

    def __init__(self) -> None:
        self._markdown = markdown.Markdown(extensions=EXTENSIONS, extension_configs=OPTIONS)
        self.block_tags = frozenset(self._markdown.block_level_elements)
        anything = cast("Any", None)  # MkDocs' own steps ask for files, and do not use them
        self._raw = _RawHTMLPreprocessor()
        self._anchors = _ExtractAnchorsTreeprocessor(anything, anything, anything)
        self._title = _ExtractTitleTreeprocessor()
        self._given = _GivenIDs()
        self._links = _Links()
        for step in (self._raw, self._anchors, self._links, self._title):
            step._register(self._markdown)  # noqa: SLF001
        self._markdown.treeprocessors.register(self._given, "clausebook_ids", 6)  # before toc

    def convert(self, text: str, *, whole: bool = False) -> Piece:
        """Convert Markdown; unless it is the whole page, refuse what reaches beyond its end."""
        if MARKS.search(text.replace(_HOLE, "")):
            raise UnusualError("characters of private use")
        raw = False
        if not whole:
            if _FOREIGN.search(text):
                raise _NotAloneError
            raw = _has_block_tag(text)
        self._anchors.present_anchor_ids = set()
        self._title.title = None
        end = f"<p>{_HOLE}</p>"
        html = self._markdown.reset().convert(f"{text}\n\n{_HOLE}" if raw else text)
        if self._markdown.references and not whole:
            raise _NotAloneError
        if raw:  # HTML as it stood may have blank lines after it
            if not html.endswith(end):
                raise _NotAloneError
            html = html.removesuffix(end)
        else:
            html += "\n"
        return Piece(
            html,
            tuple(_flat(cast("Any", self._markdown).toc_tokens)),
            self._title.title,
            frozenset(self._anchors.present_anchor_ids | self._raw.present_anchor_ids),
            frozenset(self._given.ids),
            tuple(heading.get("id", "") for heading in self._given.without),
            frozenset(self._links.targets),
        )


@lru_cache(maxsize=1)
def _converter() -> _Converter:
    return _Converter()


def _flat(tokens: Iterable[dict[str, Any]]) -> Iterator[Heading]:
    for token in tokens:
        yield Heading(token["level"], token["id"], token["name"])
        yield from _flat(token["children"])


class _GivenIDs(Treeprocessor):
    """Notes the IDs that were written, and which headings have none yet."""

    def run(self, root: Element) -> None:
        self.ids = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
        self.without = [
            element
            for element in root.iter()
            if element.tag in _HEADINGS and "id" not in element.attrib
        ]


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class _Links(Treeprocessor):
    """In the place of MkDocs' own: notes what links lead to, and marks those to be placed."""

    def _register(self, md: markdown.Markdown) -> None:
        md.treeprocessors.register(self, "relpath", 0)

    def run(self, root: Element) -> None:
        self.targets: set[str] = set()
        for element in root.iter():
            if element.tag in {"a", "img"}:
                self._note(element, "href" if element.tag == "a" else "src")

    def _note(self, element: Element, key: str) -> None:
        url = element.get(key)
        if url is None:
            raise UnusualError("a link to nothing")
        here, target = _note(url)
        element.set(key, here)
        if target:
            self.targets.add(target)


def _note(url: str) -> tuple[str, str | None]:
    """A link's address, marked if it leads to a page, and what it needs to be there."""
    try:
        scheme, netloc, path, _, anchor = urlsplit(url)
    except ValueError as error:
        raise UnusualError(f"the link {url}") from error
    if scheme or netloc or (AMP_SUBSTITUTE in url and url[0] not in "/\\"):
        return url, None
    if not path:
        return url, f"#{anchor}" if anchor else None
    if url.startswith("/") or not _ADDRESS.fullmatch(url):
        raise UnusualError(f"the link {url}")
    return f"{_LINK}{url}{_LINK}", url
