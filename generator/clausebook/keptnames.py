"""Wording that came back without its names, and gets them back where nobody changed them.

In a document a school's own words stand in the place of `{{ names }}`.  Whoever changes a
sentence leaves most of them alone: there the name is put back, so that it is still filled in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from clausebook.clausepage import Linker
from clausebook.model import TailoredPolicy
from clausebook.problems import Problems
from clausebook.prose import (
    Inline,
    Inlines,
    Link,
    Reference,
    Text,
    Value,
    map_inlines,
    plain,
    walk,
)
from clausebook.redlinetokens import Token, build, tokens
from clausebook.redlinewords import RunKind, redline_words
from clausebook.values import look_up
from clausebook.writing import printed

_KEPT = "kept:"
"""What begins the address of a link that stands in for something else."""


def with_names(
    source: Inlines, returned: Inlines, policy: TailoredPolicy, linker: Linker
) -> Inlines:
    """What came back, written as `source` is: with its names and bare cross-references.

    What was changed itself stays as it came back.
    """
    wrapped, kept = _wrapped(source, policy, linker)
    shown = _unwrapped(wrapped)
    marked, plainly = tokens(wrapped), tokens(shown)
    if [token.text for token in marked] != [token.text for token in plainly]:
        return returned  # it cannot be said what is what
    result: list[Token] = []
    at = 0
    for run in redline_words(shown, returned):
        if run.kind is RunKind.SAME and len(run.before) == len(run.after):
            result += marked[at : at + len(run.before)]
        else:
            result += run.after
        at += len(run.before)
    return _restored(build(result), kept, policy)


def _wrapped(
    source: Inlines, policy: TailoredPolicy, linker: Linker
) -> tuple[Inlines, Sequence[tuple[Inline, str]]]:
    """What is printed, with links around what stands for something; and what that is."""
    kept: list[tuple[Inline, str]] = []

    def change(word: Inline) -> Inlines:
        match word:
            case Value():
                slot = look_up(word, policy.names, Problems(), trusted=True)
                shown = map_inlines(slot.shown, printed) if slot and slot.shown else (word,)
            case Reference(target, children):
                here = policy.by_id.get(target)
                shown = children or (Text(here.label if here else linker.name_of(target)),)
                if here:
                    return (Reference(target, shown, word.span),)
            case _:
                return printed(word)
        kept.append((word, plain(shown)))
        return (Link(f"{_KEPT}{len(kept) - 1}", shown),)

    return map_inlines(source, change), kept


def _is_kept(word: Inline) -> bool:
    return isinstance(word, Link) and word.href.startswith(_KEPT)


def _unwrapped(words: Inlines) -> Inlines:
    return map_inlines(words, lambda w: w.children if isinstance(w, Link) and _is_kept(w) else (w,))


def _restored(
    words: Inlines, kept: Sequence[tuple[Inline, str]], policy: TailoredPolicy
) -> Inlines:
    """The names in the place of what they stand for, where all of it is still there in one."""
    links = list(_links(words))
    times = Counter(link.href for link in links)
    whole: Mapping[str, Inline] = {
        link.href: kept[int(link.href.removeprefix(_KEPT))][0]
        for link in links
        if times[link.href] == 1
        and plain(link.children) == kept[int(link.href.removeprefix(_KEPT))][1]
    }

    def change(word: Inline) -> Inlines:
        if isinstance(word, Link) and _is_kept(word):
            return (whole[word.href],) if word.href in whole else word.children
        if isinstance(word, Reference) and word.target in policy.by_id:
            label = policy.by_id[word.target].label
            bare = plain(word.children) == label
            return (Reference(word.target, (), word.span),) if bare else (word,)
        return (word,)

    return map_inlines(words, change)


def _links(words: Inlines) -> Iterator[Link]:
    return (word for word in walk(words) if isinstance(word, Link) and _is_kept(word))
