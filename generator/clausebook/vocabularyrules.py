"""Rules about words: the school's own, abbreviations, definitions, spellings, roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.definitions import glossary
from clausebook.english import count, plural
from clausebook.matching import Phrasebook, phrasebook, words_in
from clausebook.model import Kind, Provenance, School, TailoredPolicy
from clausebook.names import layers_of
from clausebook.people import nearest_filling
from clausebook.runningtext import running
from clausebook.shapes import Term
from clausebook.stale import register
from clausebook.statements import Statement
from clausebook.survey import Finding, Rule, Survey

# -- a school's own words ------------------------------------------------------------------


def _forms(term: Term) -> frozenset[str]:
    return frozenset((term.singular, term.plural or plural(term.singular)))


def _terms_at(survey: Survey, school: School, policy: str) -> Mapping[str, frozenset[str]]:
    """How a school says each of the trust's terms in a policy."""
    layers = layers_of(school, policy)
    said = {
        key: nearest_filling(layers, "terms", key) or term
        for key, term in survey.trust.details.terms.items()
    }
    return {key: _forms(term) for key, term in said.items() if isinstance(term, Term)}


def _other_words(survey: Survey) -> Iterator[Finding]:
    """One finding for each word and each file: a policy that says pupils says it often."""
    for policy, statements in survey.by_policy.items():
        schools = survey.trust.schools
        said = {key: _terms_at(survey, schools[key], policy) for key in schools}
        book = _book_of_terms(survey, list(said.values()))
        uses: dict[tuple[str, str, tuple[str, ...]], list[_Use]] = {}
        for statement in statements:
            for found in book.find(statement.text):
                term = found.key
                others = tuple(
                    school
                    for school in statement.schools
                    if not _own_word(found.text, said[school][term])
                )
                if others:
                    use = _Use(statement, found.text)
                    uses.setdefault((term, statement.layer, others), []).append(use)
        for (term, _, others), found_uses in uses.items():
            yield _other_word(survey, term, found_uses, others)


@dataclass(frozen=True)
class _Use:
    """A word in a clause."""

    statement: Statement
    word: str


def _book_of_terms(survey: Survey, said: Sequence[Mapping[str, frozenset[str]]]) -> Phrasebook[str]:
    """Every way in which anybody in the trust says one of its terms."""
    book: Phrasebook[str] = Phrasebook()
    everyday = set(register().everyday)
    known = {key: set(_forms(term)) for key, term in survey.trust.details.terms.items()}
    for terms in said:
        for key, forms in terms.items():
            known[key] |= forms
    for key, ways in known.items():
        for form in sorted(ways - everyday):
            book.add_words(form, key, as_written=form != form.lower())
    return book


def _own_word(written: str, own: frozenset[str]) -> bool:
    """Whether a school says so itself, perhaps as a part of a longer term."""
    seen = words_in(written)
    return any(seen <= words_in(form) for form in own)


def _other_word(survey: Survey, term: str, uses: Sequence[_Use], schools: Sequence[str]) -> Finding:
    first = uses[0]
    more = len({use.statement.clause for use in uses}) - 1
    also = f", and in {count(more, 'more clause')}," if more else ""
    return Finding(
        f"'{first.word}' in {first.statement.home}{also} is not the word used "
        f"{survey.where(schools)}",
        first.statement.region.find(first.word),
        f"write the term, so that each school reads its own word: {{{{ {term} }}}} or "
        f"{{{{ {plural(term)} }}}}",
    )


# -- spellings -------------------------------------------------------------------------------


def _spellings(survey: Survey) -> Iterator[Finding]:
    families = register().spellings
    book = phrasebook(
        (phrase, (number, variant))
        for number, family in enumerate(families)
        for variant, phrase in enumerate(family)
    )
    for statements in survey.by_policy.values():
        hits = [(s, found) for s in statements for found in book.find(s.text)]
        for number in range(len(families)):
            used = Counter(f.key[1] for _, f in hits if f.key[0] == number)
            if len(used) > 1:
                usual = used.most_common(1)[0][0]
                example = next(f.text for _, f in hits if f.key == (number, usual))
                for statement, found in hits:
                    if found.key[0] == number and found.key[1] != usual:
                        yield _spelling(survey, statement, found.text, example)


def _spelling(survey: Survey, statement: Statement, word: str, usual: str) -> Finding:
    return Finding(
        f"'{word}' in {statement.home} is written '{usual}' elsewhere in this policy",
        statement.region.find(word),
        f"write it one way throughout; it stands {survey.where(statement.schools)}",
    )


# -- abbreviations ----------------------------------------------------------------------------

_ABBREVIATION = re.compile(r"(?<![\w.@/&-])[A-Z][A-Z0-9]{1,5}(?=s?(?![\w@&-]))")


def _abbreviations(survey: Survey) -> Iterator[Finding]:
    known = {word.upper() for word in (*register().abbreviations, *register().loud)}
    for policy, statements in survey.by_policy.items():
        whole = "\n".join(s.text for s in survey.statements if s.policy == policy or not s.policy)
        done: set[str] = set(known)
        for statement in statements:
            new = [word for word in _ABBREVIATION.findall(statement.text) if word not in done]
            if new and _is_loud(statement):
                continue
            for word in dict.fromkeys(new):
                if not _is_explained(word, whole):
                    yield _abbreviation(survey, statement, word)
                done.add(word)


def _is_loud(statement: Statement) -> bool:
    """Whether it is written in capitals as a whole, as some headings are."""
    letters = [sign for sign in statement.text if sign.isalpha()]
    return sum(sign.isupper() for sign in letters) * 2 > len(letters)


def _is_explained(word: str, text: str) -> bool:
    """Whether a text says what an abbreviation stands for."""
    marks = r"[\"'“‘”’]?"
    return bool(
        re.search(
            rf"\((?:[^()\n]{{0,40}}\b)?{marks}{word}s?{marks}\)"
            rf"|\b{word}s?{marks} (?:\([A-Za-z][^()\n]{{5,}}\)|means|stands for|is short for)",
            text,
        )
    )


def _abbreviation(survey: Survey, statement: Statement, word: str) -> Finding:
    return Finding(
        f"'{word}' in {statement.home} is not explained in this policy",
        statement.region.find(word),
        f"write it out where it comes first, as in 'the full name ({word})'; "
        f"it stands {survey.where(statement.schools)}",
    )


# -- definitions -------------------------------------------------------------------------------


def _definitions(survey: Survey) -> Iterator[Finding]:
    for master in survey.masters:
        homes = glossary(master).homes
        unused = _unused(homes, master, survey.by_policy[master.policy.id])
        for clause in master.clauses:
            terms = [form for form, home in homes.items() if home == clause.id]
            if terms and clause.id in unused:
                yield Finding(
                    f"'{terms[0]}' is defined in clause {clause.id}, and no other clause says it",
                    clause.clause.span,
                    "take the definition out, or use the word where it is meant",
                )


def _unused(
    homes: Mapping[str, str], master: TailoredPolicy, statements: Sequence[Statement]
) -> set[str]:
    """The clauses whose terms no other clause uses."""
    trusts = (
        (c.id, running(c.shown.words, c.shown.body))
        for c in master.clauses
        if c.provenance is not Provenance.OMITTED
    )
    unused = set(homes.values())
    # what the trust uses need not be looked for in what all the schools have written
    for texts in (trusts, ((s.clause, s.text) for s in statements if s.layer)):
        book: Phrasebook[str] = Phrasebook()
        for form, home in homes.items():
            if home in unused:
                book.add_words(form, home)
        if unused:
            unused -= {f.key for clause, text in texts for f in book.find(text) if f.key != clause}
    return unused


# -- roles ---------------------------------------------------------------------------------------


def _roles(survey: Survey) -> Iterator[Finding]:
    declared = survey.trust.details.contacts
    own = {
        key: contact.label
        for layer in survey.trust.layers
        for key, contact in layer.details.local_contacts.items()
    }
    labels = [role.label for role in declared.values()] + list(own.values())
    for policy, statements in survey.by_policy.items():
        for key, role in declared.items():
            if "{{" not in role.label:
                nobody = [
                    school.id
                    for school in survey.trust.schools.values()
                    if not role.default
                    and not nearest_filling(layers_of(school, policy), "contacts", key)
                ]
                yield from _first_duty(survey, statements, role.label, nobody)
        for phrase in register().roles:
            if not any(_own_word(phrase, frozenset((label,))) for label in labels):
                everyone = list(survey.trust.schools)
                yield from _first_duty(survey, statements, phrase, everyone)


def _first_duty(
    survey: Survey, statements: Sequence[Statement], role: str, nobody: Sequence[str]
) -> Iterator[Finding]:
    """The first clause that gives a duty to a role for which these schools name nobody."""
    named: Phrasebook[str] = Phrasebook()
    named.add_words(role, "role")
    duties = phrasebook((phrase, "duty") for phrase in register().duties)
    for statement in statements if nobody else ():
        found = next(named.find(statement.text), None)
        if found is None or statement.kind is Kind.HEADING:
            continue
        schools = [school for school in statement.schools if school in nobody]
        if schools and any(duties.find(statement.text)):
            yield Finding(
                f"'{found.text}' has a duty in {statement.home}, and nobody is named for it "
                f"{survey.where(schools)}",
                statement.region.find(found.text),
                "name the person under 'contacts:' in the school's file; a role that the trust "
                "has not declared goes into trust.yml first",
            )
            return


RULES = (
    Rule(
        "other-word",
        "A school that says students and reads about pupils wonders whose policy it is.",
        "In the trust's wording, and in a school's, write the term between double braces. Words "
        "with many meanings, such as school or child, are passed over.",
        _other_words,
    ),
    Rule(
        "mixed-spelling",
        "Two spellings of one word look like two things, and a search finds only one of them.",
        "Choose the spelling that the policy uses most, and write it everywhere.",
        _spellings,
        of_all=True,
    ),
    Rule(
        "undefined-abbreviation",
        "Parents, new staff and anybody who hears a page read aloud do not know what it means.",
        "Write it out the first time, with the short form after it in brackets, or everywhere.",
        _abbreviations,
        of_all=True,
    ),
    Rule(
        "unused-definition",
        "A definition that nothing refers to makes readers look for what they have missed.",
        "Take it out, or use the defined word where another is used for the same thing.",
        _definitions,
        of_all=True,
    ),
    Rule(
        "role-without-contact",
        "Somebody is told to turn to a person, and cannot find out who it is.",
        "Declare the role under 'contacts:' in trust.yml and name the person in each school's "
        "file, or let another role have the duty.",
        _roles,
    ),
)
