"""Random wording, as pieces: everything that a reader can read or a value can bring in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hypothesis import strategies as st

from clausebook.addresses import misleading
from clausebook.prose import (
    Block,
    Blocks,
    Break,
    Code,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    PlainList,
    Quote,
    Reference,
    Strong,
    Table,
    Text,
    Value,
    inlines_of,
    join_text,
    plain,
    walk,
)
from clausebook.source import INVISIBLE, Source
from clausebook.wording import _STRAY

PLACE = Source("anywhere", "").whole()

MARKUP = [
    *("# heading", "## h {#x}", "- item", "+ item", "* item", "1. item", "12) item", "> quoted"),
    *("```", "~~~", "``` js", "---", "***", "___", "===", "- - -", "    code"),
    *("| a | b |", "|---|", ":---", "a|b", "|", "\\|"),
    *("!!! note", "??? note", "/// note", ":   definition", "[x]: https://x.example.org"),
    *("[^1]", "[^1]: note", "*[HTML]: words", "HTML", '--8<-- "policy.md"', "[TOC]", "[[page]]"),
    *("{: .x }", "{ .x }", "{#x}", "{{ x }}", "{% x %}", "{# x #}", "{", "}"),
    *("<b>x</b>", "</p>", "<script>", "<!-- x -->", "<br>", "<https://x.example.org>", "<", ">"),
    *("&amp;", "&copy;", "&#35;", "&"),
    *("**b**", "__b__", "*e*", "_e_", "***", "_", "*", "a_b_c", "2*3*4", "`c`", "`", "``"),
    *("[x](https://x.example.org)", "![x](x.png)", "!", "[", "]", "(", ")", "a@b.example.org"),
    *("\\", "\\\\", "\\*", "\\n", "^", "~", "=", ":", "%", '"', "'", "“", "’", "–", "…", "·"),
]
"""Text that some reader or other takes for markup."""

WORDS = ["Staff", "may not", "24 hours", "é", "Überraschung", "字", "x", "(see", "below),", "a  b"]

ADDRESSES = [
    "https://www.example.org/a_b_c?d=e&f=*g*#h",
    "https://example.org/(x)%5By%5D",
    "https://example.org/?a='b'&amp;c",
    "mailto:head@school.example.org",
    "tel:01632960123",
]
"""Addresses as readers give them."""

CODES = ["@name", "a`b", "``", " x ", "{#x}", "a | b", "<b>", "\\", "*"]
NAMES = [Value(name, PLACE) for name in ("pupils", "contact.dsl.name", "a if b else c")]


def _odd() -> st.SearchStrategy[str]:
    signs = st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"])
    return st.text(signs.filter(lambda sign: not INVISIBLE.search(sign)), min_size=1, max_size=5)


_PART = st.one_of(st.sampled_from(WORDS), st.sampled_from(MARKUP), st.just(" "), _odd())
TEXTS = st.lists(_PART, min_size=1, max_size=3).map("".join)
"""Any text that a policy or a school's file may hold, much of it unpleasant."""


@cache
def wordings(*, breaks: bool = True, names: bool = True) -> st.SearchStrategy[Inlines]:
    """Runs of pieces in the form in which readers give them: not empty, trimmed, texts joined."""
    return _pieces(2, breaks, names, frozenset()).map(_trimmed)


@cache
def _pieces(
    depth: int,
    breaks: bool,  # noqa: FBT001
    names: bool,  # noqa: FBT001
    around: frozenset[type],
) -> st.SearchStrategy[Inlines]:
    """Pieces inside others, which they cannot hold once more."""
    choices: list[st.SearchStrategy[Inline]] = [TEXTS.map(Text), st.sampled_from(CODES).map(Code)]
    choices += [st.sampled_from(NAMES)] if names else []
    choices += [st.just(Break())] if breaks else []
    if depth > 0:

        def inside(*kinds: type) -> st.SearchStrategy[Inlines]:
            return _pieces(depth - 1, breaks, names, around | {*kinds}).map(_with_words)

        if Strong not in around:
            choices.append(inside(Strong).map(Strong))
        if Emphasis not in around:
            choices.append(inside(Emphasis).map(Emphasis))
        if Link not in around:
            linked = inside(Link).map(_trimmed)
            link = st.builds(Link, st.sampled_from(ADDRESSES), linked)
            choices.append(link.filter(lambda it: not misleading(plain(it.children), it.href)))
            if names:
                named = st.one_of(st.just(()), linked)
                choices.append(named.map(lambda words: Reference("sm-1", words, PLACE)))
    return st.lists(st.one_of(TEXTS.map(Text), *choices), min_size=1, max_size=4).map(_tidy)


def _tidy(words: Sequence[Inline]) -> Inlines:
    """Without neighbours that no reader can tell apart, and without space beside line breaks."""
    result: list[Inline] = []
    for word in join_text(words):
        before = result[-1] if result else None
        if isinstance(word, Strong | Emphasis | Code) and type(word) is type(before):
            continue
        if isinstance(word, Text) and isinstance(before, Break):
            result.append(Text(word.text.lstrip() or "x"))
            continue
        if isinstance(word, Break) and isinstance(before, Text):
            result[-1] = Text(before.text.rstrip() or "x")
        result.append(word)
    return join_text(result)


def _with_words(words: Inlines) -> Inlines:
    """Something to mark or to click, and no line break at either end."""
    while words and isinstance(words[-1], Break):
        words = words[:-1]
    while words and isinstance(words[0], Break):
        words = words[1:]
    return words if plain(words).strip() else (Text("words"),)


def _trimmed(words: Inlines) -> Inlines:
    """Without white space or line breaks at either end."""
    before: Inlines = ()
    while words != before:
        before = words
        words = _with_words(words)
        if isinstance(words[0], Text):
            words = join_text((Text(words[0].text.lstrip()), *words[1:]))
        if words and isinstance(words[-1], Text):
            words = join_text((*words[:-1], Text(words[-1].text.rstrip())))
    return words


def _is_more_than_a_name(words: Inlines) -> bool:
    return len(words) > 1 or not isinstance(words[0], Value)


@cache
def bodies(*, names: bool = True) -> st.SearchStrategy[Blocks]:
    """Blocks that may follow a clause's first paragraph."""
    words = wordings(names=names)
    paragraph = words.filter(_is_more_than_a_name).map(Paragraph)
    items = st.lists(words, min_size=1, max_size=2).map(tuple)
    inner = st.one_of(paragraph, st.builds(PlainList, items, st.booleans()))
    quote = st.lists(inner, min_size=1, max_size=2).map(_apart).map(Quote)
    tables = st.one_of(*(_tables(width, names) for width in (1, 2)))
    return st.lists(st.one_of(paragraph, quote, tables), max_size=2).map(_apart)


def _tables(width: int, names: bool) -> st.SearchStrategy[Table]:  # noqa: FBT001
    words = wordings(breaks=False, names=names)
    header = st.tuples(*[words] * width)
    row = st.tuples(*[st.one_of(st.just(()), words)] * width)
    align = st.tuples(*[st.sampled_from(["", "left", "right", "center"])] * width)
    return st.builds(Table, header, align, st.lists(row, min_size=1, max_size=2).map(tuple))


def _apart(blocks: Sequence[Block]) -> Blocks:
    """Without a quotation after a quotation or a list after a list, which read as one."""
    result: list[Block] = []
    for block in blocks:
        if result and type(block) is type(result[-1]) and isinstance(block, Quote | PlainList):
            continue
        result.append(block)
    return tuple(result)


def refused(words: Inlines, body: Blocks = ()) -> bool:
    """Whether a text holds what the reader takes for a value, an ID or a note gone astray."""
    return any(
        opening in word.text
        for run in (words, *inlines_of(body))
        for word in walk(run)
        if isinstance(word, Text)
        for opening, *_ in _STRAY
    )
