"""Rules about sentences: stale, left over from a template, said twice, or broken off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clausebook.dates import show_date
from clausebook.matching import GAP, phrasebook, words_in
from clausebook.model import Kind
from clausebook.source import Span
from clausebook.stale import Hit, register
from clausebook.statements import Statement
from clausebook.survey import Finding, Rule, Survey

# -- what has gone stale -----------------------------------------------------------------


def _stale(survey: Survey) -> Iterator[Finding]:
    for hit in survey.hits:
        if not hit.is_coming(survey.today):
            since = hit.entry.since
            told = f"has been out of date since {show_date(since)}" if since else "is wrong"
            yield _hit(survey, hit, told)


def _coming(survey: Survey) -> Iterator[Finding]:
    for hit in survey.hits:
        if hit.is_coming(survey.today):
            yield _hit(survey, hit, "will go out of date")


def _hit(survey: Survey, hit: Hit, told: str) -> Finding:
    statement, entry = hit.statement, hit.entry
    known = hit.key in register().entries
    more = f"; to pass it over, see 'clausebook explain {hit.key}'" if known else ""
    return Finding(
        f"'{hit.text}' in {statement.home} {told}: {entry.what} "
        f"({survey.where(statement.schools)})",
        statement.region.find(hit.text),
        f"write instead: {entry.instead}; source: {entry.source}{more}",
        level=entry.severity,
    )


# -- templates ---------------------------------------------------------------------------

_BLANK = re.compile(
    r"\[(?:insert|enter|add|delete|name of|school name|your|date|tbc)\b[^\]\n]{0,80}\]?"
    r"|<(?:insert|enter|name of|school name|your)\b[^>\n]{0,80}>?"
    r"|_{4,}|\.{6,}|…{2,}|\bX{4,}\b",
    re.IGNORECASE,
)


def _template(survey: Survey) -> Iterator[Finding]:
    book = phrasebook((phrase, phrase) for phrase in register().template)
    for statement in survey.clauses:
        blank = _BLANK.search(statement.text)
        phrase = next(book.find(statement.text), None)
        left = blank[0] if blank else phrase.text if phrase else ""
        if left:
            yield Finding(
                f"'{left}' in {statement.home} was meant for whoever fills the template in",
                _place(statement, left),
                "write what is so here, or take it out; it stands "
                + survey.where(statement.schools),
            )


def _place(statement: Statement, words: str) -> Span:
    """Where words stand; a blank has none, and is looked for as it is."""
    for number in range(statement.region.first, statement.region.last + 1):
        at = statement.region.source.lines[number - 1].find(words)
        if at >= 0:
            return statement.region.source.span(number, at + 1, len(words))
    return statement.region.find(words)


# -- said twice --------------------------------------------------------------------------

LONG = 8
"""Sentences of fewer words are often alike by chance."""

ALIKE = 0.85
"""From which share of words in common two sentences say the same thing."""

RARE = 3
"""Two sentences are compared if one of the rarest words of each is the same."""


@dataclass(frozen=True)
class _Sentence:
    statement: Statement
    text: str
    words: frozenset[str]
    schools: frozenset[str]


def _repeated(survey: Survey) -> Iterator[Finding]:
    above: dict[str, tuple[str, ...]] = {"": ("",)}
    for group in survey.trust.groups:
        above[group] = ("", group)
    for school in survey.trust.schools.values():
        above[school.id] = ("", *(layer.id for layer in school.layers))
    for statements in survey.by_policy.values():
        said = [s for statement in statements for s in _sentences(statement)]
        for first, again in _pairs(said, above):
            yield Finding(
                f"{again.statement.home} says again what {first.statement.home} says",
                again.statement.region.find(again.text[:60].rsplit(" ", 1)[0]),
                "say it once, and refer to that clause here; it stands "
                + survey.where(again.statement.schools),
                ((first.statement.region.find(first.text.split(" ", 1)[0]), "it is said here"),),
            )


def _sentences(statement: Statement) -> Iterator[_Sentence]:
    schools = frozenset(statement.schools)
    for text in re.split(r"(?<=[.;!?])\s+|\n", statement.text):
        words = words_in(text)
        if len(words) >= LONG:
            yield _Sentence(statement, text, words, schools)


def _pairs(
    said: Sequence[_Sentence], above: Mapping[str, Sequence[str]]
) -> Iterator[tuple[_Sentence, _Sentence]]:
    """Each sentence that says what an earlier one says, with the first such.

    `above`: by layer, whose sentences readers may meet beside its own, in the order in which
    they were said.  Those of other schools are not looked at, however many there are.
    """
    often = Counter(word for sentence in said for word in sentence.words)
    known: dict[tuple[str, str], list[_Sentence]] = {}
    told: set[str] = set()
    for sentence in said:
        layer = sentence.statement.layer
        rare = sorted(sentence.words, key=lambda word: (often[word], word))[:RARE]
        places = [(word, beside) for word in rare for beside in above[layer]]
        candidates = (other for place in places for other in known.get(place, ()))
        earlier = next((other for other in candidates if _alike(other, sentence)), None)
        if earlier and sentence.statement.clause not in told:
            told.add(sentence.statement.clause)
            yield earlier, sentence
        for word in rare:
            known.setdefault((word, layer), []).append(sentence)


def _alike(one: _Sentence, other: _Sentence) -> bool:
    a, b = one.statement, other.statement
    if a.clause == b.clause:
        return False
    if a.layer != b.layer and one.schools.isdisjoint(other.schools):
        return False
    return len(one.words & other.words) >= ALIKE * len(one.words | other.words)


# -- broken off ----------------------------------------------------------------------------

_ENDED = re.compile(rf"[.!?:;,…)\]\"'“”‘’{GAP}]\s*$")
_OPEN_END = re.compile(
    r"\b(?:the|an|of|whose|because|their|our|its|than|must|should|shall|will)$", re.IGNORECASE
)
"""Words after which a sentence always goes on."""
_SENTENCE_BEFORE = re.compile(r"[a-z)][.!?]\s+[A-Z].{20,}$", re.DOTALL)


def _unfinished(survey: Survey) -> Iterator[Finding]:
    for statements in survey.by_policy.values():
        for before, statement in pairwise((None, *statements)):
            if statement is None or statement.kind in (Kind.HEADING, None):
                continue
            text = statement.text.strip()
            told = _broken(statement, text) or _begins_late(before, statement, text)
            if told:
                words = text.split()
                shown = words[:3] if told.startswith("begins") else words[-3:]
                yield Finding(
                    f"{statement.home} {told}",
                    statement.region.find(" ".join(shown)),
                    "complete it, or take it out; it stands " + survey.where(statement.schools),
                )


def _broken(statement: Statement, text: str) -> str:
    """What is wrong with how a clause ends."""
    if text.endswith(":"):
        return "" if statement.leads else "announces something, and nothing follows"
    if _ENDED.search(text) or f"\n{GAP}\n" in text:
        return ""
    stops = not statement.leads and _OPEN_END.search(text)
    if stops or (statement.kind is Kind.PARAGRAPH and _SENTENCE_BEFORE.search(text)):
        return "stops in the middle of a sentence"
    return ""


def _begins_late(before: Statement | None, statement: Statement, text: str) -> str:
    """What is wrong with how it begins; after a list, a sentence may go on."""
    after_list = before is not None and (before.kind is not Kind.PARAGRAPH or before.leads)
    if statement.kind is Kind.PARAGRAPH and text[:1].islower() and before and not after_list:
        return "begins in the middle of a sentence"
    return ""


RULES = (
    Rule(
        "stale-reference",
        "A policy that cites a repealed Act or a service that has closed looks as if nobody had "
        "read it, and may tell readers something that no longer holds.",
        "Write what the message says. If the old name is meant, say 'formerly' beside it, put it "
        "in a quotation or a worked example, or pass the entry over under 'stale: silence:' in "
        "trust.yml, with a reason. Entries of your own go under 'stale: add:'.",
        _stale,
    ),
    Rule(
        "coming-change",
        "What is announced today will make these words wrong on a day that is known, and a policy "
        "takes a meeting to change.",
        "Say what holds until then and what will hold afterwards, or note the clause for the next "
        "meeting and pass the entry over there under 'stale: silence:' in trust.yml.",
        _coming,
    ),
    Rule(
        "template-text",
        "It shows that the policy was adopted without being filled in.",
        "Write what is so at this school, or take the words out.",
        _template,
    ),
    Rule(
        "repeated-wording",
        "When one of the two is changed, the other still says what was so before.",
        "Keep the clause that stands where readers look for it, and refer to it from the other.",
        _repeated,
    ),
    Rule(
        "unfinished-sentence",
        "Words were lost, perhaps when the policy was copied from another document.",
        "Finish the sentence. A clause that ends with a colon needs a list, a table or a card.",
        _unfinished,
    ),
)
