"""The second wall: what the HTML of a page may hold, whatever Markdown it was made from.

The first wall is that wording is read into structure, and every writer escapes (`prose`,
`writing`).  Nothing should ever come as far as here: what does is a hole in the first wall,
so it is not taken out quietly; the build stops and names the page.

nh3 (ammonia, and in it html5ever) reads HTML as browsers do, keeps what a list allows, and
writes it anew.  If what it wrote says the same as what was given to it, nothing was taken out
and nothing stood in another place than it seemed to.  To say the same is to be the same row of
tags and texts, where an attribute's place, an entity for a character, and `<br/>` for `<br>`
do not count.  That row is read by a stricter rule than any browser's: a `<` which does not
begin a plain tag, comments included, is the same as nothing.  Text that only some readers take
for a tag therefore cannot pass.  What is in a `<script>` or `<style>` would need another rule;
neither is allowed, but for the scripts that come with Clausebook.
"""

from __future__ import annotations

import re
from html import unescape

import nh3

from clausebook.problems import ClausebookError

_TAGS = frozenset(
    {
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "blockquote", "pre", "hr"),
        *("ul", "ol", "li", "dl", "dt", "dd", "details", "summary", "figure", "figcaption"),
        *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
        *("a", "span", "strong", "em", "b", "i", "u", "s", "small", "mark", "ins", "del", "br"),
        *("code", "kbd", "samp", "var", "abbr", "dfn", "cite", "q", "sub", "sup", "time", "wbr"),
        *("bdi", "img", "svg", "path", "title"),
    }
)
_SIDES = {f"text-align: {side};" for side in ("left", "right", "center")}

_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(),  # what stood in a tag that is taken out is missed less than a tag
    attributes={
        "*": {"class", "dir", "hidden", "id", "lang", "role", "tabindex", "title"},
        "a": {"href", "rel"},
        "col": {"span"},
        "details": {"open"},
        "img": {"alt", "height", "loading", "src", "width"},
        "ol": {"start"},
        "path": {"d", "stroke"},
        "svg": {"focusable", "height", "viewBox", "width"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
        "time": {"datetime"},
    },
    tag_attribute_values={tag: {"style": set(_SIDES)} for tag in ("td", "th")},
    generic_attribute_prefixes={"aria-", "data-"},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)

_TOKEN = re.compile(
    r"<(?P<tag>/?[A-Za-z][A-Za-z0-9]*)"
    r"(?P<attributes>(?:\s[A-Za-z][\w:-]*(?:=\"[^\"<>]*\"|='[^'<>]*')?)*)\s*(?P<closed>/?)>"
    r"|(?P<text>[^<]+)|<",
    re.ASCII,
)
_ATTRIBUTE = re.compile(r"\s([A-Za-z][\w:-]*)(?:=(\"[^\"]*\"|'[^']*'))?", re.ASCII)
_PATH = re.compile(r"(<path [^<>]*[^<>/ ]) ?/>")
_EMPTY = frozenset({"br", "col", "hr", "img", "wbr"})
_OWN_SCRIPT = re.compile(r'<script src="(?:\.\./)*assets/[a-z-]+\.js" defer(?:="")?></script>')

_Token = str | tuple[str, tuple[tuple[str, str], ...]] | None


class UnsafePageError(ClausebookError):
    """HTML that no page may hold; `str()` says what, and on which page if that is known."""

    def on(self, page: str) -> UnsafePageError:
        """The same, of a page."""
        return UnsafePageError(
            f"the page {page} would hold {self}. Nothing of it is published. Wording cannot lead "
            "to this: it comes of the markdown_extensions in mkdocs.yml, where one is missing or "
            "too many, or else it is a mistake in Clausebook, and worth a report."
        )


def check(html: str) -> None:
    """Let HTML pass that holds nothing but what pages may hold.

    `html` is what stands in a page's `<article>`, or a part of it whose tags are all closed.
    Raises `UnsafePageError`, with a message that names the first thing wrong.
    """
    if "<script" in html:
        html = _OWN_SCRIPT.sub("", html)
    kept = _CLEANER.clean(html)
    if kept == html or kept == _as_written(html):  # the first is nearly always so
        return
    given, left = _tokens(html), _tokens(kept)
    if None in given:
        raise UnsafePageError("a comment, or a '<' that begins no tag")
    if given != left:
        raise UnsafePageError(_difference(given, left))


def check_words(html: str) -> None:
    """Let a title in a menu pass: HTML, in which there may be words and nothing else."""
    if "<" in html:
        raise UnsafePageError(f"a menu would hold {html[:80]!r}, which is more than words")


def _as_written(html: str) -> str:
    """HTML with what our own pages have in it as nh3 writes it: no other meaning, and quick."""
    if "&#" in html:
        html = html.replace("&#58;", ":").replace("&#124;", "|")
    return _PATH.sub(r"\1></path>", html) if "/>" in html else html


def _tokens(html: str) -> list[_Token]:
    """Tags and texts, each in its one form; None for a `<` that begins nothing."""
    found: list[_Token] = []
    for token in _TOKEN.finditer(html):
        if text := token["text"]:
            found.append(unescape(text) if "&" in text else text)
        elif tag := token["tag"]:
            own = token["attributes"]
            pairs = tuple(
                sorted((key, unescape(value[1:-1])) for key, value in _ATTRIBUTE.findall(own))
            )
            found.append((tag, pairs))
            if token["closed"] and tag not in _EMPTY:
                found.append((f"/{tag}", ()))
        else:
            found.append(None)
    return found


def _difference(given: list[_Token], left: list[_Token]) -> str:
    """What is the first thing that was taken out, or stands elsewhere, in words."""
    at = next(
        (n for n, (one, other) in enumerate(zip(given, left, strict=False)) if one != other),
        min(len(given), len(left)),
    )
    match given[at] if at < len(given) else "":
        case (str(tag), _) if tag.lstrip("/") not in _TAGS:
            return f"the tag <{tag[:40]}>"
        case (str(tag), pairs):
            attributes = " ".join(f'{key}="{value[:80]}"' for key, value in pairs)
            return (
                f"<{tag} {attributes}>".replace(" >", ">") + " in a place or a form it cannot have"
            )
        case text:
            return f"something before {str(text).strip()[:60]!r} that is not closed, or not open"
