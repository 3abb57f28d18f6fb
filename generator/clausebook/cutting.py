"""Wording cut at places that are counted in its bare characters."""

from __future__ import annotations

from clausebook.prose import Inline, Inlines, Text, join_text, plain


def sentence_end(text: str, at: int) -> int:
    """With the signs that close the sentence."""
    while at < len(text) and not text[at].isspace():
        at += 1
    return at


def cut(words: Inlines, first: int, last: int) -> tuple[Inlines, Inlines, Inlines]:
    """Wording before, between and after two places, counted in its bare characters."""
    return (
        _slice(words, 0, first),
        _slice(words, first, last),
        _slice(words, last, len(plain(words))),
    )


def _slice(words: Inlines, first: int, last: int) -> Inlines:
    """The pieces between two places; one that cannot be cut goes where it begins."""
    result: list[Inline] = []
    at = 0
    for word in words:
        size = len(plain((word,)))
        start, end = max(first - at, 0), min(last - at, size)
        if isinstance(word, Text):
            if start < end:
                result.append(Text(word.text[start:end]))
        elif first <= at < last:
            result.append(word)
        at += size
    return join_text(result)


def trim(words: Inlines) -> Inlines:
    """Without white space at either end."""
    if words and isinstance(words[0], Text):
        words = join_text((Text(words[0].text.lstrip()), *words[1:]))
    if words and isinstance(words[-1], Text):
        words = join_text((*words[:-1], Text(words[-1].text.rstrip())))
    return words
