"""What is wrong with a document itself: broken off, said twice, out of date, left from a template.

Most of it is found by the rules that `check` has for policies, asked of the document as if it
were one; here stands what only documents from elsewhere have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from clausebook import vocabularyrules, wordingrules
from clausebook.dates import show_date
from clausebook.english import capital, shortened
from clausebook.foundcontrol import read_when
from clausebook.foundlabels import Family, Step, readings, was_inserted
from clausebook.foundvalues import Proposals, roles_of
from clausebook.imported import About, FoundClause, Remark, Sort, Structure
from clausebook.model import Kind, Policy, Trust
from clausebook.problems import CODES, Problems
from clausebook.prose import Paragraph, plain
from clausebook.reading import POLICIES, read_policy
from clausebook.snapshot import Snapshot
from clausebook.statements import regions
from clausebook.survey import Finding, Survey, without_where

_RULES = {
    rule.code: rule
    for rule in (*wordingrules.RULES, *vocabularyrules.RULES)
    if rule.code not in {"other-word", "role-without-contact"}
}
_KINDS = {
    "stale-reference": "a reference that is out of date",
    "coming-change": "a reference that will be out of date",
    "template-text": "template guidance left in",
    "repeated-wording": "a clause said twice",
    "unfinished-sentence": "a sentence broken off",
}

_PLACEHOLDER = re.compile(
    r"[\[<(](?:[^\[\]<>()]{0,60}\b)?(?:insert|name|school|academy|date|delete|tbc|enter|add)\b[^\[\]<>()]{0,60}[\]>]"
    r"|\b[Xx]{4,}\b|\b(?:tbc|TBC)\b|delete as (?:appropriate|applicable)",
    re.IGNORECASE,
)
_ENDS_OPEN = re.compile(
    r"(?:[,–-]|\b(?:and|or|but|because|which|that|with|strictly|to|the|a))$", re.IGNORECASE
)

_STOPS = (*".!?:;…)]\"'”’", ";-", ":-")

LONG = 12
"""Words from which a paragraph is a sentence."""

SHOWN = 200
"""So many characters of a clause are shown beside a remark."""


def defects(
    found: Structure,
    text: str,
    ids: Mapping[str, str],
    trust: Trust,
    proposals: Proposals,
    *,
    today: date,
    school: str | None,
) -> tuple[Remark, ...]:
    """Everything that is wrong with a document.

    `text` is the policy that was drafted from it, `ids` the ID there of each clause.
    """
    remarks = [
        *_by_rules(found, text, ids, trust, today),
        *_lost_numbers(found),
        *_placeholders(found),
        *_open_ends(found),
        *_unnamed(found, trust, proposals),
        *_reviews(found, today),
        *_templates(found),
        *_highlighted(found),
        *_other_schools(found, trust, school),
    ]
    told: dict[tuple[str, str, str], Remark] = {}
    for remark in remarks:
        told.setdefault((remark.kind, remark.where, remark.text), remark)
    return tuple(told.values())


def _remark(kind: str, one: FoundClause, said: str, text: str = "") -> Remark:
    short = shortened(text or one.text, SHOWN)
    return Remark(sort=Sort.DEFECT, kind=kind, where=one.where, text=short, said=said)


# -- the rules of `check` --------------------------------------------------------------


def _by_rules(
    found: Structure, text: str, ids: Mapping[str, str], trust: Trust, today: date
) -> Iterator[Remark]:
    policy = _read(text)
    if policy is None:
        return
    alone = replace(trust, policies={policy.id: policy}, schools={}, groups={})
    survey = Survey(alone, today)
    own = {ids[one.id]: one for one in found.clauses}
    lines = {
        line: own[clause.id]
        for clause, region in regions(policy.outline.clauses)
        for line in range(region.first, region.last + 1)
        if clause.id in own
    }
    name = f"{POLICIES}/{policy.id}/policy.md"
    for code, rule in _RULES.items():
        for finding in rule.find(survey):
            one = lines.get(finding.span.line)
            if finding.span.source.name == name and one:
                yield _remark(_KINDS.get(code, CODES[code]), one, _said(finding, own, one))


def _read(text: str) -> Policy | None:
    name = "imported"
    tree = Snapshot({f"{POLICIES}/{name}/policy.md": text.encode()})
    return read_policy(tree, name, Problems())


def _said(finding: Finding, own: Mapping[str, FoundClause], here: FoundClause) -> str:
    """A rule's message, in which clauses are called by where they stand in the document."""

    def place(match: re.Match[str]) -> str:
        one = own.get(match[1])
        if one is None:
            return match[0]
        return "this clause" if one is here else f"the clause at {one.where}"

    message = re.sub(r"\bclause ([a-z][a-z0-9-]*)", place, without_where(finding.message))
    hint = without_where(finding.hint).split("; it stands")[0].split("; to pass it over")[0]
    text = message.replace("\0", "").replace(" ()", "")
    return f"{capital(text)}. {capital(hint)}."


# -- numbers ---------------------------------------------------------------------------


def _lost_numbers(found: Structure) -> Iterator[Remark]:
    """Numbers that are left out, given twice, or begin again."""
    last: dict[str | None, tuple[Step, FoundClause]] = {}
    above: dict[str | None, bool] = {}
    for one in found.clauses:
        steps = [step for step in readings(one.label) if step.family is not Family.BULLET]
        parent = one.clause.parent
        if not steps or was_inserted(one.label):
            continue
        before = last.get(parent)
        step = steps[0]
        if before is not None:
            following = [s for s in steps if s.follows(before[0])]
            same = [s for s in steps if s.family is before[0].family]
            step = following[0] if following else same[0] if same else steps[0]
            if same and not following:
                yield _gap(before, step, one)
        elif not any(s.is_first for s in steps) and not above.get(parent):
            first = f"It begins with {one.label}: what stood before it may have been lost."
            yield _remark("numbers lost", one, first)
        above[parent] = True
        last[parent] = (step, one)


def _gap(before: tuple[Step, FoundClause], step: Step, one: FoundClause) -> Remark:
    label = before[1].label
    if step.numbers == before[0].numbers:
        said = f"The number {one.label} stands here a second time."
        return _remark("a number given twice", one, said)
    if step.numbers[:-1] == before[0].numbers[:-1] and step.numbers > before[0].numbers:
        return _remark("numbers lost", one, f"{one.label} follows {label}: between them is a gap.")
    return _remark(
        "numbers begin again", one, f"{one.label} follows {label}: it is one list here, or two."
    )


# -- words -----------------------------------------------------------------------------


def _placeholders(found: Structure) -> Iterator[Remark]:
    texts = [(fact.value, fact.where) for fact in found.facts]
    for one in found.clauses:
        if match := _PLACEHOLDER.search(one.text):
            said = f"'{match[0]}' was meant for whoever fills a template in."
            yield _remark("template guidance left in", one, said)
    for text, where in texts:
        if match := _PLACEHOLDER.search(text):
            yield Remark(
                sort=Sort.DEFECT,
                kind="template guidance left in",
                where=where,
                text=text,
                said=f"'{match[0]}' was meant for whoever fills a template in.",
            )


def _open_ends(found: Structure) -> Iterator[Remark]:
    parents = {one.clause.parent for one in found.clauses}
    after: Sequence[FoundClause | None] = [*found.clauses[1:], None]
    for one, following in zip(found.clauses, after, strict=True):
        if one.clause.kind is Kind.HEADING or one.id in parents:
            continue
        first = plain(one.clause.words).strip()
        in_list = one.clause.kind is Kind.ITEM and following and following.clause.kind is Kind.ITEM
        open_end = _ENDS_OPEN.search(first) and not in_list and not one.clause.body
        unstopped = one.clause.kind is Kind.PARAGRAPH and _stops_short(first)
        if open_end or (unstopped and not one.clause.body):
            yield _remark("a sentence broken off", one, "It ends where a sentence goes on.")
        for block in one.clause.body:
            if isinstance(block, Paragraph) and _stops_short(plain(block.words).strip()):
                text = plain(block.words)
                yield _remark("a sentence broken off", one, "It has no stop at its end.", text)


def _stops_short(text: str) -> bool:
    """Whether a paragraph as long as a sentence has nothing at its end that ends one."""
    return len(text.split()) >= LONG and not text.endswith(_STOPS)


def _unnamed(found: Structure, trust: Trust, proposals: Proposals) -> Iterator[Remark]:
    """Roles that readers are sent to, where the document names nobody."""
    told: set[str] = set()
    roles = roles_of(trust)
    for one in found.clauses:
        if one.clause.kind is Kind.HEADING:
            continue
        named = {hit.key for hit in roles.find(one.text)}
        for role in sorted(named - proposals.roles_named - told):
            told.add(role)
            label = trust.details.contacts[role].label if role in trust.details.contacts else role
            yield _remark(
                "a contact without a name",
                one,
                f"Nothing says who '{re.sub('[{}]', '', label).strip()}' is: in Clausebook, "
                f"wording names {{{{ contact.{role} }}}}, and each school's file the person.",
            )


# -- document control ------------------------------------------------------------------


def _reviews(found: Structure, today: date) -> Iterator[Remark]:
    for fact in found.about(About.NEXT_REVIEW):
        when = read_when(fact.value)
        if when and when.day < today:
            yield Remark(
                sort=Sort.DEFECT,
                kind="a review that is overdue",
                where=fact.where,
                text=f"{fact.name} {fact.value}".strip(),
                said=f"It was to be reviewed by {show_date(when.day)}.",
            )


def _templates(found: Structure) -> Iterator[Remark]:
    for fact in found.about(About.TEMPLATE):
        if fact.value.casefold().startswith("y"):
            yield Remark(
                sort=Sort.DEFECT,
                kind="template guidance left in",
                where=fact.where,
                text=f"{fact.name}: {fact.value}",
                said="The document calls itself a template.",
            )


def _highlighted(found: Structure) -> Iterator[Remark]:
    for marked in found.document.highlighted:
        yield Remark(
            sort=Sort.DEFECT,
            kind="template guidance left in",
            where=marked.where,
            text=shortened(marked.text, SHOWN),
            said="It is highlighted: is it a gap to fill in, or a note to whoever writes the "
            "policy? Highlighting is not carried over.",
        )


def _other_schools(found: Structure, trust: Trust, school: str | None) -> Iterator[Remark]:
    """Names of other schools of the trust in one school's policy."""
    names = {
        name: one.details.name
        for key, one in trust.schools.items()
        if key != school and school is not None
        for name in dict.fromkeys((one.details.name, one.short_name))
    }
    own = trust.schools[school].details if school and school in trust.schools else None
    counts: Counter[str] = Counter()
    for one in found.clauses:
        for name, full in names.items():
            if own and name in own.name:
                continue
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", one.text) and not counts[full]:
                counts[full] += 1
                yield _remark(
                    "the name of another school", one, f"'{name}' is {full}, another school's name."
                )
