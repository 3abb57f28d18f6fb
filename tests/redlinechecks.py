"""What must hold of every redlined page, whatever the policies are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

import html5lib
import markdown

from clausebook.changes import Comparison, Provision
from clausebook.prose import Inlines, Reference, Text, map_inlines, plain
from clausebook.redlinepage import was_anchor

MAY_HOLD_MARKS = frozenset({"p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS = MAY_HOLD_MARKS.union(
    ("article", "blockquote", "dd", "details", "div", "dl", "dt", "hr", "ol", "pre", "section"),
    ("table", "tbody", "tfoot", "thead", "tr", "ul"),
)


_MARKDOWN = markdown.Markdown(extensions=["attr_list", "tables", "md_in_html"])


def to_html(lines: list[str]) -> str:
    """A page as the site builder makes it."""
    return str(_MARKDOWN.reset().convert("\n".join(lines)))


def parsed(html: str) -> Element:
    """The page's article; raises on the first thing that is not right in HTML5."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    article = Element("article")
    article.extend(parser.parseFragment(html))
    return article


def faults(article: Element) -> list[str]:
    """What is wrong with a page, beside its syntax."""
    found = [f"two with id {key}" for key, n in Counter(_ids(article)).items() if n > 1]
    for block, mark in marks(article):
        if block not in MAY_HOLD_MARKS:
            found.append(f"{mark.tag} in {block}")
        if any(inner.tag in BLOCKS for inner in mark.iter()):
            found.append(f"a block in {mark.tag}")
        if not squeezed(visible(mark)):
            found.append(f"empty {mark.tag}")
    return found


def _ids(article: Element) -> list[str]:
    return [element.attrib["id"] for element in article.iter() if "id" in element.attrib]


def marks(element: Element, block: str = "article") -> Iterator[tuple[str, Element]]:
    """Every `<ins>` and `<del>`, with the block that it stands in."""
    for child in element:
        if child.tag in {"ins", "del"}:
            yield block, child
        yield from marks(child, child.tag if child.tag in BLOCKS else block)


def visible(element: Element, *without: str) -> str:
    """What is written in an element, but for hidden words, labels, tags and blocks inside."""
    text = element.text or ""
    for child in element:
        classes = child.attrib.get("class", "").split()
        aside = {"cb-vh", "cb-label", "cb-tag"}.intersection(classes)
        if not aside and child.tag not in without and child.tag not in BLOCKS:
            text += visible(child, *without)
        text += child.tail or ""
    return text


def squeezed(text: str) -> str:
    """A text without white space, its quotation marks as keyboards have them."""
    return "".join(text.split()).translate(_KEYBOARD)


_KEYBOARD = str.maketrans("‘’“”", "''\"\"")
"""Pages print typographic quotation marks, whichever the source has: no difference is marked."""


def misread(article: Element, comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """Clauses whose words, as the page shows them, are not those of the old and the new wording."""
    shown = {element.attrib["id"]: element for element in article.iter() if "id" in element.attrib}
    after, before = comparison.after, comparison.before
    today, once = {**before.labels, **after.labels}, {**after.labels, **before.labels}
    for provision in after.provisions:
        element = shown.get(provision.id)
        if element is None or provision.content is None:
            continue
        yield from _different(provision, visible(element, "del"), today)
        old = before.by_id.get(provision.id)
        if old and old.content:
            # in wording that is the same, numbers of other clauses are today's
            unmarked = not any(True for _ in marks(element))
            labels = today if unmarked else once
            if not _refers(old.shown.words):
                yield from _different(old, visible(element, "ins"), labels)
    for provision in before.provisions:
        element = shown.get(was_anchor(provision.id, comparison))
        if provision.id not in after.by_id and element is not None and provision.content:
            yield from _different(provision, visible(element, "ins"), once)


def _refers(words: Inlines) -> bool:
    return any(isinstance(word, Reference) and not word.children for word in words)


def _different(
    provision: Provision, found: str, labels: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    expected = said(provision.shown.words, labels)
    if squeezed(found) != squeezed(expected):
        yield provision.id, found, expected


def said(words: Inlines, labels: Mapping[str, str]) -> str:
    """Wording as readers see it, with the numbers of the clauses it refers to."""

    def number(word: Reference) -> Inlines:
        return word.children or (Text(labels.get(word.target, word.target)),)

    return plain(map_inlines(words, lambda w: number(w) if isinstance(w, Reference) else (w,)))
