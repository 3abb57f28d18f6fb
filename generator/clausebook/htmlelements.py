"""The elements of a web page: what each is, and what it says of itself.

The reader and the count of words share this and nothing else: both must leave the same scripts
out, and begin a line at the same blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from clausebook.foundwords import Look

BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd",
        "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html",
        "legend", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    ]
)  # fmt: skip
"""What begins on a line of its own."""

_OF_ROWS = frozenset({"thead", "tbody", "tfoot", "tr", "colgroup"})
"""What holds rows and cells in a table: whatever else stands there stands on its own."""

UNREAD = {
    "script": "a script, which was not run",
    "style": "a style sheet, which was not read",
    "link": "",
    "meta": "",
    "base": "",
}
"""What is for programs, and what is said of it; "" for nothing."""

_TOLD = {
    "nav": "a menu",
    "noscript": "text for browsers without scripts",
    "template": "a template for scripts",
    "button": "a control of a form",
    "select": "a control of a form",
    "textarea": "a control of a form",
    "input": "a control of a form",
    "iframe": "another page inside this one, which was not fetched",
    "object": "something from another program that is embedded",
    "embed": "something from another program that is embedded",
    "applet": "something from another program that is embedded",
    "audio": "a recording",
    "video": "a film",
    "canvas": "a drawing",
    "svg": "a drawing",
    "math": "a formula",
    "del": "words that are marked as deleted",
}
"""What is not carried, and is told with its words."""

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.IGNORECASE)
_LENGTH = re.compile(
    r"(margin-left|text-indent|padding-left)\s*:\s*(-?[0-9]{0,6}(?:\.[0-9]{1,6})?)(pt|px|in|cm|mm|em)",
    re.IGNORECASE,
)
_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835, "em": 12.0}


def classes_of(element: etree._Element) -> list[str]:
    """What an element says it is, beside its tag."""
    return (element.get("class") or "").split()


def is_unread(element: etree._Element) -> bool:
    """Whether the text in an element is for programs; or is what the page says of itself."""
    parent = element.getparent()
    is_title = element.tag == "title" and parent is not None and parent.tag == "head"
    return is_title or element.tag in UNREAD


def what_is_told(element: etree._Element) -> str:
    """What an element is that is not carried; "" if it is."""
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return "hidden text"
    return _TOLD.get(str(element.tag), "")


def look_of(element: etree._Element, around: Look) -> Look:
    """How text in an element is set, beside how the text around it is."""
    tag, style = str(element.tag), element.get("style") or ""
    href = around.href
    if tag == "a":
        href = (element.get("href") or "").strip()
        href = "" if href.startswith("#") else href
    return Look(
        href,
        strong=around.strong or tag in {"b", "strong"} or bool(_BOLD.search(style)),
        emphasis=around.emphasis or tag in {"i", "em", "cite"} or bool(_ITALIC.search(style)),
        code=around.code or tag in {"code", "kbd", "samp", "tt"},
    )


def indent_of(element: etree._Element) -> float:
    """How far an element itself says that it stands in, in points."""
    total = 0.0
    for _, number, unit in _LENGTH.findall(element.get("style") or ""):
        if number not in {"", "-"}:
            total += float(number) * _POINTS[unit.lower()]
    return total


def gap(element: etree._Element) -> str:
    """The blank that parts what is in an element from what stands beside it; "" within a line."""
    if element.tag in BLOCKS or element.tag == "br":
        return " "
    holder = element.getparent()
    while holder is not None and holder.tag in _OF_ROWS:
        holder = holder.getparent()
    return " " if holder is not None and holder.tag == "table" else ""


def texts_of(element: etree._Element) -> Iterator[str]:
    """The bare text in an element, with blanks between blocks; no scripts, no style sheets."""
    yield element.text or ""
    for child in element:
        yield gap(child)
        if not is_unread(child):
            yield from texts_of(child)
        yield gap(child)
        yield child.tail or ""
