"""Defined terms: which words a policy defines, and where its clauses use them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import is_

from clausebook.english import plural
from clausebook.model import Kind, Mark, Provenance, TailoredPolicy
from clausebook.prose import (
    Blocks,
    Emphasis,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Strong,
    Text,
    map_block,
    plain,
)

TERM = "cb-term"
"""The class of a link from a term to the clause that defines it."""

_MEANS = re.compile(r"\s+(?:means?|is|are|includes?)\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+)[\"'“‘(]*$")


@dataclass(frozen=True)
class Glossary:
    """The terms of one policy, and the clauses that define them."""

    homes: Mapping[str, str]
    """For each form of each term, as it is written inside a sentence, the clause's ID."""

    @cached_property
    def _forms(self) -> re.Pattern[str]:
        """Any form, the longest first, with or without a capital, whole words only."""
        forms = sorted(self.homes, key=lambda form: (-len(form), form))
        either = "|".join(_either_case(form) for form in forms)
        return re.compile(rf"(?<![\w-])(?:{either})(?:[’']s)?(?![\w-])")

    def explain(
        self, clause_id: str, kind: Kind, words: Inlines, body: Blocks
    ) -> tuple[Inlines, Blocks]:
        """A clause's wording in which the first use of each term leads to its definition.

        What is marked in a clause depends on no other clause's words, so that an edit to one
        clause never changes what another looks like.
        """
        if not self.homes or kind is Kind.HEADING:
            return words, body
        known = {clause_id}
        words = self._words(words, known)
        blocks = tuple(
            map_block(block, lambda run: self._words(run, known))
            if isinstance(block, Paragraph)
            else block
            for block in body
        )
        return words, body if all(map(is_, blocks, body)) else blocks

    def _words(self, words: Inlines, known: set[str]) -> Inlines:
        """Words with their terms marked, not in links, nor in bold, which is like a heading.

        `known` has the clauses that define what needs no explaining; it grows.  Words without
        terms are given back as the very same tuple.
        """
        found: list[Inline] = []
        for word in words:
            if isinstance(word, Text):
                found += self._text(word, known, first=not found)
            elif isinstance(word, Emphasis):
                children = self._words(word.children, known)
                found.append(word if children is word.children else Emphasis(children))
            else:
                found.append(word)
        same = len(found) == len(words) and all(map(is_, found, words))
        return words if same else tuple(found)

    def _text(self, word: Text, known: set[str], *, first: bool) -> Iterator[Inline]:
        text, done = word.text, 0
        for found in self._forms.finditer(text):
            home = self._home(found[0], starts=_starts(text[: found.start()], first=first))
            if home is None or home in known:
                continue
            known.add(home)
            if text[done : found.start()]:
                yield Text(text[done : found.start()])
            yield Link(f"#{home}", (Text(found[0]),), TERM)
            done = found.end()
        if done == 0:
            yield word
        elif text[done:]:
            yield Text(text[done:])

    def _home(self, used: str, *, starts: bool) -> str | None:
        form = used[:-2] if used.endswith(("’s", "'s")) and used not in self.homes else used
        if form in self.homes:
            return self.homes[form]
        return self.homes.get(form[0].lower() + form[1:]) if starts else None


def glossary(policy: TailoredPolicy) -> Glossary:
    """The terms that a policy defines; of two definitions of one, the first holds."""
    homes: dict[str, str] = {}
    for clause in policy.clauses:
        if Mark.DEFINITION in clause.clause.marks and clause.provenance is not Provenance.OMITTED:
            for term in _defined(clause.shown.words):
                for form in _written_forms(term):
                    homes.setdefault(form, clause.id)
    return _glossary(tuple(homes.items()))


@lru_cache(maxsize=1 << 10)
def _glossary(homes: tuple[tuple[str, str], ...]) -> Glossary:
    """The same object for the same terms: most schools define what the others do."""
    return Glossary(dict(homes))


def _defined(words: Sequence[Inline]) -> Iterator[str]:
    """The term in bold at the start, and any other in bold of which it says what it is."""
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else None
        says = isinstance(after, Text) and _MEANS.match(after.text)
        if isinstance(word, Strong) and (at == 0 or says):
            term = plain(word.children).strip(" .,:;")
            if term:
                yield term


def _written_forms(term: str) -> Iterator[str]:
    """A term as it is written inside a sentence, one and several of it."""
    is_name = not term[1:2].islower()
    inside = term if is_name else term[0].lower() + term[1:]
    yield inside
    yield plural(inside)


def _either_case(form: str) -> str:
    return f"[{re.escape(form[0].lower())}{re.escape(form[0].upper())}]{re.escape(form[1:])}"


def _starts(before: str, *, first: bool) -> bool:
    """Whether a sentence starts after these words."""
    return (first or bool(before)) and bool(_SENTENCE_START.search(before))
