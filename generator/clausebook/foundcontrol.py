"""What a document says of itself: its control table, its change history, lines like "Version: 3".

Schools use many words for the same few things; `_NAMES` has those that were met in published
policies.  A table is taken for data only if most of its names are known.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clausebook.dates import MONTHS, read_date
from clausebook.found import FoundLine, FoundTable
from clausebook.imported import About, Column, Fact, History
from clausebook.prose import plain

_NAMES: dict[About, tuple[str, ...]] = {
    About.TITLE: ("title", "policy title", "policy name", "name of policy", "document title"),
    About.VERSION: (
        "version", "version number", "version no", "policy version", "issue", "issue number",
        "revision", "document version", "current version",
    ),
    About.OWNER: (
        "owner", "policy owner", "document owner", "written by", "author", "authors", "prepared by",
        "responsible officer", "responsible person", "person responsible", "policy lead", "lead",
        "created by", "lead person", "staff lead", "member of staff responsible", "policy author",
    ),
    About.APPROVER: (
        "approved by", "ratified by", "agreed by", "adopted by", "approver", "approving body",
        "approval body", "committee", "governor committee", "approval", "approved by governors",
        "ratified by governors", "agreed by governors", "approval level", "approved by trustees",
        "signed off by", "authorised by", "governing committee",
    ),
    About.APPROVED: (
        "date approved", "approved on", "approved", "date ratified", "ratified on", "ratified",
        "date adopted", "adopted on", "adopted", "approval date", "date of approval", "date agreed",
        "agreed on", "issue date", "date of issue", "effective date", "effective from", "date",
        "date of policy", "policy date", "ratification date", "date of ratification",
        "in force from",
        "last approved", "date of last approval", "date published", "publication date",
    ),
    About.REVIEWED: (
        "reviewed on", "reviewed", "last reviewed", "date reviewed", "last review",
        "last review date", "date of last review", "review completed", "date last reviewed",
        "last updated", "date updated", "updated", "reviewed by",
    ),
    About.NEXT_REVIEW: (
        "next review", "next review due", "next review date", "review date", "date of next review",
        "due for review", "review due", "to be reviewed", "date for review", "review due date",
        "next review on", "review by", "date of review", "next policy review", "due for review in",
    ),
    About.FREQUENCY: (
        "review frequency", "review cycle", "frequency of review", "review period", "frequency",
        "reviewed every", "review schedule",
    ),
    About.AUDIENCE: ("applies to", "audience", "who it applies to", "this policy applies to"),
    About.REFERENCE: (
        "policy number", "reference", "document reference", "policy reference", "reference number",
        "school", "academy", "name of school", "school name", "trust", "name of academy", "status",
        "statutory", "statutory policy", "document type", "category", "location",
        "related policies",
        "linked policies", "policy type", "published on website", "publication", "website",
    ),
    About.TEMPLATE: ("template", "template yes no", "model policy", "template policy"),
    About.SIGNED: (
        "signed", "signature", "signed by", "signed chair of governors", "signed headteacher",
        "signed by chair of governors", "signed by headteacher", "signed by the headteacher",
        "signed by the chair of governors", "chair of governors", "headteacher", "head teacher",
    ),
}  # fmt: skip
_ABOUT = {name: about for about, names in _NAMES.items() for name in names}

_WHEN_ALONE = re.compile(
    r"(?P<name>(?:this policy was |policy )?(?:last |next )?(?:adopted|approved|ratified|agreed|"
    r"reviewed|due for review|to be reviewed|review date|review due|next review)"
    r"(?: by [A-Za-z'’ ]{3,60}?)?(?: due)?(?: on| in| by)?:?) ?"
    r"(?P<value>(?:[0-9]{1,2}(?:st|nd|rd|th)? )?[A-Za-z]{3,9},? [0-9]{2,4}|"
    r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4})\.?",
    re.IGNORECASE,
)
_BY = re.compile(r"\bby (?:the )?(?P<who>[A-Za-z'’ ]{3,60}?)(?: on| in)?:?$")


def about(name: str) -> About | None:
    """What a field's name means; None if it means nothing."""
    bare = " ".join(re.findall(r"[a-z]+", name.casefold()))
    found = _ABOUT.get(bare)
    if found is None and bare.startswith(("signed ", "signature ")):
        return About.SIGNED
    return found


def text_of(cell: Sequence[FoundLine]) -> str:
    """The words of a cell, its typed numbers among them."""
    return " ".join(
        " ".join(filter(None, (line.label if line.typed else "", plain(line.words))))
        for line in cell
    ).strip()


# -- tables ----------------------------------------------------------------------------


def history(table: FoundTable) -> History | None:
    """A change history; None for any other table."""
    if not table.rows:
        return None
    header, *rows = [tuple(map(text_of, row)) for row in table.rows]
    columns = tuple(_column(name) for name in header)
    told = Column.WHAT in columns and {Column.DATE, Column.VERSION} & set(columns)
    if not told or len(header) < 2:  # noqa: PLR2004 - a date, and what was done
        return None
    return History(where=table.where, header=header, columns=columns, rows=tuple(rows))


_COLUMNS = (
    (Column.WHO, {"by", "whom", "who", "author", "reviewer", "approved", "origin", "owner"}),
    (Column.WHAT, {"change", "changes", "amendment", "amendments", "description", "details", "what",
                   "summary", "comment", "comments", "revisions", "updates", "notes", "reason"}),
    (Column.PLACE, {"page", "pages", "section", "paragraph", "clause"}),
    (Column.VERSION, {"version", "issue", "rev", "revision", "no"}),
    (Column.DATE, {"date", "when", "reviewed", "review", "updated", "year"}),
)  # fmt: skip


def _column(name: str) -> Column:
    words = set(re.findall(r"[a-z]+", name.casefold()))
    return next((column for column, known in _COLUMNS if words & known), Column.OTHER)


def control(table: FoundTable) -> tuple[Fact, ...]:
    """The facts of a document-control table; none for any other table."""
    rows = [tuple(map(text_of, row)) for row in table.rows]
    if not rows or len(rows) * len(rows[0]) > _LARGEST:
        return ()
    ways = [_across(rows), _down(rows)]
    pairs = max(ways, key=_sense)
    known = [pair for pair in pairs if about(pair[0])]
    named = [pair for pair in pairs if pair[0]]
    if known and 2 * len(known) >= len(named) and (len(known) > 1 or len(named) == 1):
        return tuple(fact(name, value, table.where) for name, value in pairs if name or value)
    return ()


def _sense(pairs: Sequence[tuple[str, str]]) -> int:
    """How many names have a meaning, less the values that are names themselves."""
    return sum(bool(about(name)) - bool(value and about(value)) for name, value in pairs)


_LARGEST = 80
"""Cells of the largest table of a document's control."""


def _across(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Names with values beside them; of an odd column at the end, the words stand alone."""
    pairs = []
    for row in rows:
        if len(row) % 2 and len(row) > 1:
            pairs.append((row[0], " ".join(filter(None, row[1:]))))
            continue
        cells = (*row, "") if len(row) == 1 else row
        pairs += [(cells[at], cells[at + 1]) for at in range(0, len(cells), 2)]
    return pairs


def _down(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Names with values under them."""
    header, *under = rows
    return [
        (name, " ".join(filter(None, (row[at] for row in under)))) for at, name in enumerate(header)
    ]


def fact(name: str, value: str, where: str) -> Fact:
    """A field of a control table; a date under "Approved by" is a date all the same."""
    kind = about(name) or About.UNKNOWN
    if kind is About.APPROVER and read_when(value):
        kind = About.APPROVED
    if kind is About.REVIEWED and not read_when(value) and value:
        kind = About.OWNER if name.casefold().endswith(" by") else kind
    return Fact(about=kind, name=name.strip(), value=value.strip(), where=where)


# -- lines -----------------------------------------------------------------------------


def told_in_line(line: FoundLine) -> Fact | None:
    """What a line such as "Version: 3" says of the document; None for any other line."""
    text = text_of((line,))
    if len(text) > _LONGEST:
        return None
    name, colon, value = text.partition(":")
    if colon and about(name) and value.strip():
        return fact(name + colon, value, line.where)
    found = _WHEN_ALONE.fullmatch(text)
    if found and read_when(found["value"]):
        bare = found["name"].casefold()
        later = any(word in bare for word in ("due", "to be", "next", "review date"))
        kind = About.NEXT_REVIEW if later else About.APPROVED
        kind = About.REVIEWED if "reviewed" in bare and not later else kind
        return Fact(
            about=kind, name=found["name"], value=text[found.start("value") :], where=line.where
        )
    return None


_LONGEST = 120


def who_approved(facts: Sequence[Fact]) -> str:
    """The body that approved the document, as far as anything says so; "" if nothing does."""
    for one in facts:
        if one.about is About.APPROVER and one.value:
            return one.value
    for one in facts:
        found = _BY.search(one.name.rstrip(" :"))
        if one.about is About.APPROVED and found:
            return found["who"].strip()
    return ""


# -- dates -----------------------------------------------------------------------------


@dataclass(frozen=True)
class When:
    """A day, or a month, that a document names."""

    day: date
    """The day; of a month, its last, which is never too early."""
    exact: bool
    """Whether it is a day."""


_MONTH = re.compile(r"(?P<month>[A-Za-z]{3,9})\.?,? ?(?P<year>(?:19|20)?[0-9]{2})\.?")
_SHORT = re.compile(r"(?P<day>[0-9]{1,2})[./-](?P<month>[0-9]{1,2})[./-](?P<year>[0-9]{2,4})\.?")


def read_when(text: str) -> When | None:
    """The day or month that a text says, or None: `21st April 2021`, `May 2024`, `03.09.24`."""
    text = " ".join(text.replace(",", " ").split()).strip(" .:")
    if day := read_date(text):
        return When(day, exact=True)
    if found := _SHORT.fullmatch(text):
        day = read_date(f"{found['day']}/{found['month']}/{_year(found['year'])}")
        return When(day, exact=True) if day else None
    if found := _MONTH.fullmatch(text):
        number = _month(found["month"])
        if number:
            year = _year(found["year"])
            return When(date(year, number, monthrange(year, number)[1]), exact=False)
    return None


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text)  # noqa: PLR2004 - two figures


def _month(word: str) -> int:
    seasons = {"spring": 5, "summer": 8, "autumn": 12, "winter": 2}
    for number, name in enumerate(MONTHS, start=1):
        if word.casefold() in (name.casefold(), name[:3].casefold(), "sept" * (number == 9)):  # noqa: PLR2004
            return number
    return seasons.get(word.casefold(), 0)


_OFTEN = (
    ("12 months", r"annual|annually|yearly|every year|each year|once a year|12 months"),
    ("2 years", r"biennial|biennially|every two years|every 2 years|2 years|two years"),
    ("3 years", r"every three years|every 3 years|3 years|three years"),
    ("4 months", r"termly|every term"),
    ("6 months", r"6 months|six months|twice a year"),
)
_OFTEN_SAID = tuple((often, re.compile(rf"\b(?:{said})\b")) for often, said in _OFTEN)


def read_frequency(text: str) -> str:
    """How often a policy is reviewed, as Clausebook writes it; "" if that cannot be read."""
    small = text.casefold()
    return next((often for often, pattern in _OFTEN_SAID if pattern.search(small)), "")
