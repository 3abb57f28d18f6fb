"""The inline reader: a run of Markdown becomes `prose` pieces, with places for messages.

CommonMark inline syntax as markdown-it reads it, plus `{{ value }}`.  What a
policy cannot use (HTML, images, links to odd places) becomes a problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from clausebook.addresses import fault_in_mailto, fault_in_phone, fault_in_site, misleading
from clausebook.problems import Problems
from clausebook.prose import (
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Reference,
    Strong,
    Text,
    Value,
    join_text,
    map_inlines,
    plain,
)
from clausebook.source import INVISIBLE, MAX_LINE, Passage, Span, character

SAFE_SCHEMES = frozenset({"https", "http", "mailto", "tel"})

MAX_SIGNS = 1_000
"""Most signs in one paragraph that can begin something in Markdown: reading looks ahead at each."""

_SIGN = re.compile(r"\\[!-/:-@[-`{-~]|[][{}*_`<&!\\]")
"""One of them; a sign with a backslash before it begins nothing, and counts once."""

MAX_NESTING = 8
"""How deep emphasis, links and so on may stand in one another."""


@lru_cache(maxsize=1)
def markdown() -> MarkdownIt:
    """CommonMark with tables and values; inline text is left for `read_inline`."""
    reader = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
    reader.core.ruler.disable(["inline"])
    # "[1]: https://…" would vanish without a word; as a paragraph it is asked for its ID
    reader.block.ruler.disable(["reference"])
    reader.inline.ruler.before("escape", "value", _value_rule)
    # every address is let through here, and judged by `_link`, which can say why not
    reader.validateLink = _any_address  # type: ignore[method-assign]
    return reader


def _any_address(url: str) -> bool:
    del url
    return True


def _value_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    if not state.src.startswith("{{", state.pos):
        return False
    end = state.src.find("}}", state.pos, state.posMax)
    if end < 0 or "\n" in state.src[state.pos : end]:
        return False
    if not silent:
        token = state.push("value", "", 0)
        token.content = state.src[state.pos + 2 : end].strip()
        token.meta = {"at": state.pos, "width": end + 2 - state.pos}
    state.pos = end + 2
    return True


_PREFIX = re.compile(r"(?:[\s>]|(?:[-*+]|[0-9]{1,9}[.)])(?=\s))*(?:#{1,6}\s+)?")
"""What stands before the words of a line: `1. 1` is one sign, `## ##` a heading of two."""


@dataclass(frozen=True)
class Run:
    """A run of inline Markdown and where it stands: `line` counts from 0 in the passage."""

    passage: Passage
    line: int
    text: str

    def span(self, at: int, width: int = 1) -> Span:
        """The place of the character `at` in the run's text."""
        before = self.text[:at]
        down = before.count("\n")
        column = at - (before.rfind("\n") + 1)
        own_line = self.text.split("\n")[down]
        written = self.passage.lines[min(self.line + down, len(self.passage.lines) - 1)]
        begin = _PREFIX.match(written)
        first = written.find(own_line, begin.end() if begin else 0)
        first = max(0, written.find(own_line) if first < 0 else first)
        return self.passage.span(self.line + down, first + column, width)

    def find(self, needle: str) -> Span:
        """The place of the first `needle`, or of the run itself."""
        at = self.text.find(needle)
        return self.span(at, len(needle)) if at >= 0 else self.span(0, 1)


def read_inline(run: Run, problems: Problems) -> Inlines:
    """Read a run of inline Markdown."""
    if len(run.text) > MAX_LINE:
        problems.error(
            "too-large",
            f"this paragraph has {len(run.text)} characters; {MAX_LINE} is the most",
            run.span(0),
            "break it into clauses",
        )
        return ()
    if not _SIGN.search(_NAME.sub("", run.text)) and not _LOOSE_BREAK.search(run.text):
        return _plainly(run)
    signs = len(_SIGN.findall(run.text))
    if signs > MAX_SIGNS:
        problems.error(
            "too-large",
            f"this paragraph has {signs} signs such as '*' and '['; {MAX_SIGNS} is the most",
            run.span(0),
            "has something been pasted into it?",
        )
        return ()
    env: dict[str, object] = {}
    tokens: list[Token] = []
    markdown().inline.parse(run.text, markdown(), env, tokens)
    if max(accumulate(token.nesting for token in tokens), default=0) > MAX_NESTING:
        problems.error(
            "unsupported-markdown",
            f"marks such as '*' stand in one another more than {MAX_NESTING} deep",
            run.span(0, len(run.text.split("\n")[0])),
            "leave most of them out; write \\* for a star that is meant",
        )
        return ()
    words = join_text(_build(tokens, 0, run, problems)[0])
    for word in words:
        _refuse_stray_marks(word, run, problems)
    return _trim(words)


_NAME = re.compile(r"\{\{([^][{}*`<&!\\\n]*)\}\}")
"""A value that nothing in Markdown could reach into."""

_LOOSE_BREAK = re.compile(r"[ \t]\n|\n[ \t]")


def _plainly(run: Run) -> Inlines:
    """A run of wording in which there is no Markdown, only names."""
    words: list[Inline] = []
    at = 0
    for found in _NAME.finditer(run.text):
        words.append(Text(run.text[at : found.start()].replace("\n", " ")))
        words.append(Value(found[1].strip(), run.span(found.start(), len(found[0]))))
        at = found.end()
    words.append(Text(run.text[at:].replace("\n", " ")))
    return _trim(join_text(words))


def _trim(words: Inlines) -> Inlines:
    """Without white space or line breaks at either end."""
    while words:
        first, last = words[0], words[-1]
        if isinstance(last, Break):
            words = words[:-1]
        elif isinstance(first, Break):
            words = words[1:]
        elif isinstance(first, Text) and first.text[:1].isspace():
            words = join_text((Text(first.text.lstrip()), *words[1:]))
        elif isinstance(last, Text) and last.text[-1:].isspace():
            words = join_text((*words[:-1], Text(last.text.rstrip())))
        else:
            break
    return words


def _refuse_stray_marks(word: Inline, run: Run, problems: Problems) -> None:
    for piece in (word,) if isinstance(word, Text) else getattr(word, "children", ()):
        if not isinstance(piece, Text):
            _refuse_stray_marks(piece, run, problems)
            continue
        if not piece.text.isascii() and (found := INVISIBLE.search(piece.text)):
            problems.error(
                "bad-character",
                f"these words hold a character that cannot be shown ({character(found[0])})",
                run.span(0),
                "it stands here as '&#…;', or as many of them in a row: leave it out",
            )
        for opening, code, message, hint in _STRAY:
            if opening in piece.text:
                found = re.search(re.escape(opening) + r"[^}\]\n]{0,80}[}\]]?", run.text)
                problems.error(code, message, run.find(found[0] if found else opening), hint)


_STRAY = (
    (
        "{{",
        "malformed-value",
        "'{{' begins a value that does not end on the same line",
        "write the name between double braces: {{ pupils }}",
    ),
    (
        "{%",
        "malformed-value",
        "'{%' begins template code, which wording cannot contain",
        "write the words themselves; what differs between schools is a value or an override",
    ),
    (
        "{#",
        "malformed-id",
        "an ID stands in the middle of the text",
        "the ID is the last thing in a clause's first paragraph: move it there, or remove it",
    ),
    (
        "[^",
        "unsupported-markdown",
        "'[^' begins a footnote, which wording cannot contain",
        "say it in the text, or in a clause of its own",
    ),
    (
        "][",
        "unsupported-markdown",
        "this is a link whose address stands elsewhere",
        "put the address behind the words: [the guidance](https://…)",
    ),
    (
        "{:",
        "malformed-id",
        "attributes stand in the middle of the text",
        "write them beside the clause's ID, at the end of its first paragraph: {#id .guidance}",
    ),
)


def _build(
    tokens: Sequence[Token], start: int, run: Run, problems: Problems
) -> tuple[list[Inline], int]:
    """The pieces from `start` to the end of the enclosing piece, and where that end is."""
    words: list[Inline] = []
    at = start
    while at < len(tokens):
        token = tokens[at]
        if token.nesting == -1:
            return _close_to_breaks(words), at
        if token.nesting == 1:
            inner, at = _build(tokens, at + 1, run, problems)
            for word in _nested(token, join_text(inner), run, problems):
                _append(words, word)
        else:
            words.extend(_single(token, run, problems))
        at += 1
    return _close_to_breaks(words), at


def _close_to_breaks(words: list[Inline]) -> list[Inline]:
    """Without white space beside line breaks, where it means nothing and would not be read back."""
    if not any(isinstance(word, Break) for word in words):
        return words
    close: list[Inline] = []
    for word in join_text(words):
        before = close[-1] if close else None
        if isinstance(word, Text) and isinstance(before, Break):
            close.append(Text(word.text.lstrip()))
            continue
        if isinstance(word, Break) and isinstance(before, Text):
            close[-1] = Text(before.text.rstrip())
        close.append(word)
    return close


def _append(words: list[Inline], word: Inline) -> None:
    """Add a piece; two bold pieces, or two in italics, side by side are one, as they look."""
    if words and words[-1] == Text(""):  # markdown-it leaves one between marks
        words.pop()
    before = words[-1] if words else None
    if isinstance(before, Strong) and isinstance(word, Strong):
        words[-1] = Strong(_joined(before.children, word.children))
    elif isinstance(before, Emphasis) and isinstance(word, Emphasis):
        words[-1] = Emphasis(_joined(before.children, word.children))
    else:
        words.append(word)


def _joined(before: Inlines, after: Inlines) -> Inlines:
    words = list(before)
    for word in after:
        _append(words, word)
    return join_text(_close_to_breaks(words))


def _without(kind: type[Strong | Emphasis], words: Inlines) -> Inlines:
    """The pieces with none of a kind among them: bold cannot be bolder inside bold."""
    found: list[Inline] = []
    for word in words:
        inner = word
        if isinstance(word, Strong | Emphasis | Link | Reference):
            children = _without(kind, word.children)
            if isinstance(word, kind):
                for child in children:
                    _append(found, child)
                continue
            inner = word if children == word.children else replace(word, children=children)
        _append(found, inner)
    return join_text(_close_to_breaks(found))


def _nested(token: Token, inner: Inlines, run: Run, problems: Problems) -> Inlines:
    match token.type:
        case "strong_open":
            return (Strong(_without(Strong, inner)),)
        case "em_open":
            return (Emphasis(_without(Emphasis, inner)),)
        case _:
            return (_link(str(token.attrs.get("href", "")), inner, run, problems),)


def _link(href: str, inner: Inlines, run: Run, problems: Problems) -> Inline:
    # no link stands in another (CommonMark 6.3); an address in angle brackets would
    inner = map_inlines(inner, lambda word: word.children if isinstance(word, Link) else (word,))
    span = _place_of_link(href, inner, run)
    if href.startswith("#"):
        target = href[1:]
        if not _TARGET.fullmatch(target):
            problems.error(
                "broken-reference",
                f"'{unquote(target)[:60]}' cannot be the ID of a clause",
                span,
                "write the clause's ID behind the #, as it stands in the trust's policy",
            )
        own_words = plain(inner).strip()
        return Reference(target, () if own_words in ("", target) else inner, span)
    scheme, leads_somewhere = _scheme(href)
    if scheme not in SAFE_SCHEMES or not leads_somewhere:
        why = f"uses '{scheme}:'" if scheme and leads_somewhere else "names no website"
        problems.error(
            "unsafe-link",
            f"a link to '{unquote(href)[:60]}' {why}",
            span,
            "link to https://…, mailto:…, tel:… or to a clause, #its-id",
        )
    elif why := _fault(scheme, href):
        problems.error(
            "unsafe-link",
            f"a link to '{unquote(href)[:60]}', of which readers cannot see where it leads",
            span,
            why,
        )
    elif shown := misleading(plain(inner), href):
        problems.error(
            "unsafe-link",
            f"the words show '{shown[:60]}', and the link leads to '{unquote(href)[:60]}'",
            span,
            "let both be the same, or write what is there: [the guidance](https://…)",
        )
    if not plain(inner).strip():
        problems.error(
            "unsafe-link",
            f"the link to '{href[:60]}' has no words",
            span,
            "write what is there: [the guidance](https://…)",
        )
    return Link(href, inner)


_TARGET = re.compile(r"[\w.:-]*")
"""What somebody may have meant for an ID; whether there is one is asked of the whole policy."""


def _fault(scheme: str, href: str) -> str:
    """Why readers could not see where an address leads; "" if they can."""
    match scheme:
        case "mailto":
            return fault_in_mailto(href[len("mailto:") :])
        case "tel":
            return fault_in_phone(href[len("tel:") :])
        case _:
            return fault_in_site(urlsplit(href).netloc)


def _place_of_link(href: str, inner: Inlines, run: Run) -> Span:
    """Where an address is written; markdown-it hands it over with its odd characters encoded."""
    for needle in (href, unquote(href), f"[{plain(inner)}](", "]("):
        if needle and needle in run.text:
            return run.find(needle)
    return run.span(0)


def _scheme(href: str) -> tuple[str, bool]:
    """The address's scheme as a browser sees it, and whether it leads anywhere."""
    seen = re.sub(r"[\x00-\x20]", "", href)
    try:
        split = urlsplit(seen)
    except ValueError:
        return "", False
    scheme = split.scheme.lower()
    return scheme, bool(split.netloc) or scheme not in ("http", "https")


def _single(token: Token, run: Run, problems: Problems) -> Inlines:
    match token.type:
        case "text":
            return (Text(token.content),)
        case "softbreak":
            return (Text(" "),)
        case "hardbreak":
            return (Break(),)
        case "code_inline":
            return (Code(token.content),)
        case "value":
            span = run.span(token.meta["at"], token.meta["width"])
            return (Value(token.content, span),)
        case _:
            return _rarity(token, run, problems)


def _rarity(token: Token, run: Run, problems: Problems) -> Inlines:
    """What wording cannot contain, and characters that were escaped."""
    match token.type:
        case "text_special" if INVISIBLE.search(token.content):
            problems.error(
                "bad-character",
                f"'{token.markup}' stands for a character that cannot be shown "
                f"({character(token.content[0])})",
                run.find(token.markup),
                "leave it out",
            )
            return ()
        case "html_inline":
            problems.error(
                "raw-html",
                f"'{token.content[:60]}' is HTML, which wording cannot contain",
                run.find(token.content),
                "put a comment on lines of its own"
                if token.content.startswith("<!--")
                else "use Markdown; to show the characters themselves, write `like this` or \\<",
            )
            return ()
        case "image":
            picture = re.search(r"!\[[^\]\n]*\](?:\([^)\n]*\))?", run.text)
            problems.error(
                "unsupported-markdown",
                "wording cannot contain images",
                run.find(picture[0] if picture else "!["),
                "describe it in words, or link to it: [the poster](https://…)",
            )
            return ()
        case _:
            # '&#10;' is the only way to a line break in a text, which has none of its own
            return (Text(token.content.replace("\n", " ")),)
