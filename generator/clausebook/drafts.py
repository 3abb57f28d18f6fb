"""A document taken apart becomes the draft of a master policy, in the project's own form.

Nothing is decided here that the document does not say, but for what every policy must say in its
document control; each such gap is a remark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.fieldtypes import ID_PATTERN, RESERVED
from clausebook.foundcontrol import read_frequency, who_approved
from clausebook.imported import About, FoundClause, Remark, Sort, Structure
from clausebook.labels import Numbered, number_clauses
from clausebook.model import Clause
from clausebook.prose import Inline, Inlines, Reference, map_block, map_inlines
from clausebook.sourcewriting import clause_lines, free_numbers
from clausebook.writtenyaml import write_yaml

TO_FILL_IN = "To be filled in"
"""What stands in the document control where the document says nothing."""

OFTEN = "12 months"

_SMALL = frozenset(
    {
        "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "our", "the", "to", "with",
        "policy", "policies", "procedure", "procedures", "statement", "guidance", "plan",
        "school", "schools", "academy", "trust", "document",
    }
)  # fmt: skip
"""Words of a title that its code passes over."""
_YEARS = re.compile(r"\b(?:19|20)[0-9]{2}(?:[-/–](?:19|20)?[0-9]{2})?\b")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A master policy as it would be written."""

    id: str
    code: str
    title: str
    text: str
    """The whole file."""
    clauses: tuple[Clause, ...]
    """With the IDs that they have been given."""
    ids: Mapping[str, str]
    """For each clause as it was found, its ID."""
    labels: Mapping[str, str]
    """The number that each clause is printed with, by its ID."""
    remarks: tuple[Remark, ...]


def draft_policy(
    found: Structure,
    *,
    audiences: Sequence[str],
    codes: Collection[str],
    used: Collection[str],
    policy_id: str | None = None,
) -> Draft:
    """The master policy that a document would be.

    `audiences` are those of the trust; `codes` and `used` the codes of its policies and the IDs of
    all clauses that it has or had, none of which is given again.
    """
    title = _line(found.title) or "Policy"
    code = propose_code(title, codes)
    ids = given_ids(found.clauses, code.lower(), used)
    clauses = renamed(found.clauses, ids)
    control, remarks = _control(found, title, code, audiences)
    lines = ["---", write_yaml(control).rstrip("\n"), "---", "", *clause_lines(clauses)]
    return Draft(
        id=policy_id or propose_id(title),
        code=code,
        title=title,
        text="\n".join(lines) + "\n",
        clauses=clauses,
        ids=ids,
        labels=number_clauses([Numbered(clause, None) for clause in clauses]),
        remarks=tuple(remarks),
    )


# -- IDs -------------------------------------------------------------------------------


def given_ids(found: Sequence[FoundClause], prefix: str, used: Collection[str]) -> dict[str, str]:
    """An ID for each clause: the one that the document itself says, if nobody has it; or a new one.

    New ones are the prefix and the next free number.
    """
    own = [one.source_id for one in found]
    kept = {
        one.source_id
        for one in found
        if one.source_id not in used
        and re.fullmatch(ID_PATTERN, one.source_id)
        and own.count(one.source_id) == 1
    }
    numbers = free_numbers(prefix, {*used, *kept})
    return {one.id: one.source_id if one.source_id in kept else next(numbers) for one in found}


def renamed(found: Sequence[FoundClause], ids: Mapping[str, str]) -> tuple[Clause, ...]:
    """Clauses with the IDs that they were given, and cross-references to those."""
    targets = {one.source_id: ids[one.id] for one in found if one.source_id}

    def change(word: Inline) -> Inlines:
        if not isinstance(word, Reference):
            return (word,)
        if word.target not in targets:
            return word.children
        return (replace(word, target=targets[word.target]),)

    def run(words: Inlines) -> Inlines:
        return map_inlines(words, change)

    return tuple(
        replace(
            one.clause,
            id=ids[one.id],
            parent=ids[one.clause.parent] if one.clause.parent else None,
            words=run(one.clause.words),
            body=tuple(map_block(block, run) for block in one.clause.body),
        )
        for one in found
    )


# -- document control ------------------------------------------------------------------


def propose_id(title: str) -> str:
    """The name of the policy's folder: its title without years, and without "policy" at its end."""
    words = re.findall("[a-z0-9]+", _ascii(_YEARS.sub(" ", title)).lower())
    while len(words) > 1 and words[-1] in ("policy", "procedure", "document"):
        words.pop()
    name = "-".join(words)[:48].strip("-")
    while name and not re.fullmatch(ID_PATTERN, name):
        name = name[1:].lstrip("-0123456789")
    taken = {*RESERVED, "school", "group", "schema", "trust"}
    return name if name and name not in taken else f"{name or 'imported'}-policy"


def propose_code(title: str, taken: Collection[str]) -> str:
    """A short code of the first letters of its words: `SM` for a social media policy."""
    words = re.findall("[A-Za-z]+", _ascii(_YEARS.sub(" ", title)))
    telling = [word for word in words if word.lower() not in _SMALL] or words or ["P"]
    code = "".join(word[0] for word in telling)[:6] if len(telling) > 1 else telling[0][:2]
    code = code.upper()
    known = {one.upper() for one in taken}
    number, free = 2, code
    while free in known:
        free = f"{code}{number}"
        number += 1
    return free


def _ascii(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if sign.isascii())


def _line(text: str) -> str:
    """A text that can stand in the document control."""
    return " ".join(text.replace("{", "(").replace("}", ")").split())[:300].strip()


def _control(
    found: Structure, title: str, code: str, audiences: Sequence[str]
) -> tuple[dict[str, object], list[Remark]]:
    remarks: list[Remark] = []
    if _YEARS.search(title):
        remarks.append(
            _gap("a year in the title", title, "The date belongs to a version; leave it out.")
        )
    owner = next((fact.value for fact in found.about(About.OWNER) if fact.value), "")
    approver = who_approved(found.facts)
    often = next(
        (often for fact in found.about(About.FREQUENCY) if (often := read_frequency(fact.value))),
        "",
    )
    for name, said in (("owner", owner), ("approver", approver), ("review_every", often)):
        if not _line(said):
            kept = OFTEN if name == "review_every" else TO_FILL_IN
            remarks.append(
                _gap(
                    "something the document does not say", f"{name}: {kept}",
                    f"Nothing in the document gives '{name}' of the document control: fill it in.",
                )
            )  # fmt: skip
    remarks.append(
        _gap(
            "something the document does not say", "statutory: false",
            "Write 'true' if the law requires schools to have this policy.",
        )
    )  # fmt: skip
    chosen = tuple(_audiences(found, audiences))
    if not chosen:
        remarks.append(
            _gap(
                "something the document does not say", f"audiences: {', '.join(audiences)}",
                "It does not say whom it is for in the trust's words: all audiences are named.",
            )
        )  # fmt: skip
    control: dict[str, object] = {
        "title": title,
        "code": code,
        "owner": _line(owner) or TO_FILL_IN,
        "approver": _line(approver) or TO_FILL_IN,
        "review_every": often or OFTEN,
        "audiences": list(chosen or audiences),
        "statutory": False,
    }
    return control, remarks


def _audiences(found: Structure, known: Sequence[str]) -> Iterator[str]:
    said = " ".join(fact.value for fact in found.about(About.AUDIENCE)).casefold()
    return (one for one in known if re.search(rf"\b{re.escape(one.rstrip('s'))}s?\b", said))


def _gap(kind: str, text: str, said: str) -> Remark:
    return Remark(sort=Sort.DOUBT, kind=kind, where="document control", text=text, said=said)
