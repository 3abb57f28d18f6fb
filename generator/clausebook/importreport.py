"""The report of an import: what became of every word, and all that somebody must look at.

As Markdown; a page is made of it by whoever writes it down.  What matters most comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clausebook.changes import Provision
from clausebook.draftoverrides import Drafted
from clausebook.drafts import Draft
from clausebook.english import count, shortened, typographic
from clausebook.found import Format
from clausebook.foundlabels import is_number, same_number
from clausebook.foundvalues import Proposals
from clausebook.imported import About, FoundClause, Remark, Sort, Structure
from clausebook.matched import Fate, Match, Matching
from clausebook.model import Clause, TailoredClause
from clausebook.prose import inlines_of, plain
from clausebook.redlineinline import Unlinked
from clausebook.redlinepage import redline_clause_lines
from clausebook.writing import escape

SHOWN = 160
"""So many characters of a text stand in a table."""

FAINT = 0.6
"""Clauses that were paired with less in common are doubtful."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that a report tells."""

    found: Structure
    draft: Draft
    remarks: tuple[Remark, ...]
    """All of them, in the document's order within their kinds."""
    proposals: Proposals
    written: tuple[str, ...]
    """Where the draft was written; nothing if only the report was asked for."""
    matching: Matching | None = None
    drafted: Drafted | None = None
    kept: tuple[str, ...] = ()
    """Why something was not written."""

    def of(self, sort: Sort) -> tuple[Remark, ...]:
        """The remarks of a sort."""
        return tuple(remark for remark in self.remarks if remark.sort is sort)

    @property
    def faint(self) -> tuple[Match, ...]:
        """Pairs that could be no pairs."""
        if self.matching is None:
            return ()
        return tuple(
            one
            for one in self.matching.of(Fate.ALTERED)
            if one.share < FAINT or "place" in one.how or "another clause" in one.how
        )

    @property
    def doubts(self) -> int:
        """How many decisions could have been others."""
        return len(self.of(Sort.DOUBT)) + len(self.faint)


def title(report: Report) -> str:
    """What the report is called."""
    return f"Import of {report.found.document.name}"


def as_markdown(report: Report) -> str:
    """The whole report."""
    lines = [f"# {_text(title(report))}", ""]
    for part in (
        _summary, _matched, _doubts, _defects, _values, _not_carried, _numbers, _control,
    ):  # fmt: skip
        lines += part(report)
    return "\n".join(lines).rstrip() + "\n"


# -- the beginning ---------------------------------------------------------------------


def _summary(report: Report) -> Iterator[str]:
    tally = report.found.tally
    if not tally.balances:
        yield (
            f"**The words do not balance: the file holds {tally.found}, and {tally.accounted} are "
            "accounted for. Compare this draft with the document line by line.**"
        )
        yield ""
    found = report.found
    yield f"“{_text(found.title)}”, from {_KINDS[found.document.format]}."
    yield ""
    rows = [("Clauses in the document", str(len(found.clauses)))]
    if report.matching:
        rows += [(_FATES[fate], str(len(report.matching.of(fate)))) for fate in Fate]
    if report.drafted:
        rows.append(("Overrides drafted", str(report.drafted.overrides)))
        rows.append(("Differences that cannot be overrides", str(len(report.drafted.refused))))
    rows += [
        ("Doubtful decisions", str(report.doubts)),
        ("Defects found", str(len(report.of(Sort.DEFECT)))),
        ("Not carried over", str(len(found.left_out))),
    ]
    yield from _table(("", "Number"), rows)
    yield "## Words in, words out"
    yield ""
    out = [
        ("In clauses", tally.clauses),
        ("In numbers of clauses, which are given anew", tally.numbers),
        ("In document control and change history, taken as data", tally.data),
        ("Not carried over", tally.left_out),
    ]
    if tally.added:
        out.append(("Numbers written into tables, which the file only computes", -tally.added))
    out.append(("**Together**", tally.accounted))
    out.append(("**In the file**", tally.found))
    yield from _table(("Where", "Words"), [(name, str(number)) for name, number in out], raw=True)
    if report.written or report.kept:
        yield "## What was written"
        yield ""
        yield from (f"- `{path}`" for path in report.written)
        yield from (f"- {_text(why)}" for why in report.kept)
        yield ""


_KINDS = {
    Format.WORD: "a Word document",
    Format.HTML: "a web page",
    Format.MARKDOWN: "a Markdown file",
    Format.PDF: "a PDF",
    Format.TEXT: "a file of plain text",
}

_FATES = {
    Fate.INHERITED: "Inherited: the same words as the master",
    Fate.ALTERED: "Altered",
    Fate.ONLY_HERE: "Only in the document",
    Fate.MISSING: "In the master, and missing in the document",
}


# -- against a master ------------------------------------------------------------------


def _matched(report: Report) -> Iterator[str]:
    matching = report.matching
    if matching is None:
        return
    drafted = report.drafted
    if drafted and drafted.refused:
        yield "## Differences that cannot be overrides"
        yield ""
        yield "The trust's wording holds for these, unless the trust decides otherwise."
        yield ""
        rows = [
            (_label(one.match), one.match.fate.value, _words_of(one.match), _sentence(one.why))
            for one in drafted.refused
        ]
        yield from _table(("Clause", "What it is", "Words", "Why"), rows)
    yield from _altered(matching)
    ids = drafted.ids if drafted else {}
    own = [
        (one.found[0].where, ids.get(one.id, ""), _words_of(one))
        for one in matching.of(Fate.ONLY_HERE)
    ]
    yield from _listed("Only in the document", ("Where", "ID", "Words"), own)
    gone = [(_label(one), _words_of(one)) for one in matching.of(Fate.MISSING)]
    yield from _listed("Missing in the document", ("Clause", "The trust's words"), gone)
    noted = [
        (_label(one), one.found[0].where, _sentence("; ".join(one.notes)))
        for one in matching.of(Fate.INHERITED)
        if one.notes
    ]
    yield from _listed("The same words, with something to know", ("Clause", "Where", "What"), noted)
    rows = [
        (_label(one), one.found[0].where, one.found[0].label, one.how)
        for one in matching.matches
        if one.master and one.found
    ]
    yield from _listed(
        "Every pair", ("Clause", "Where in the document", "Its number there", "Paired by"), rows
    )


def _altered(matching: Matching) -> Iterator[str]:
    altered = matching.of(Fate.ALTERED)
    if not altered:
        return
    yield "## Altered"
    yield ""
    yield (
        "What the document says, marked against the master: "
        "words that are only in the master are struck out."
    )
    yield ""
    for one in altered:
        assert one.master  # noqa: S101 - altered clauses have one
        share = f"{round(100 * one.share)} % in common, paired by {one.how}"
        told = "; ".join((share, *one.notes))
        yield f"### {_text(_label(one))}"
        yield ""
        yield f"*{_text(one.found[0].where)}; {_text(told)}*"
        yield ""
        yield from redline_clause_lines(_before(one.master), _after(one), Unlinked())
        yield ""


def _before(master: TailoredClause) -> Provision:
    return Provision(clause=master.shown, shown=master.shown, label=master.label)


def _after(one: Match) -> Provision:
    assert one.master  # noqa: S101 - altered clauses have one
    clause = one.master.shown
    made = Clause(
        id=clause.id, kind=clause.kind, parent=None, depth=clause.depth, words=one.words,
        body=one.body, span=clause.span,
    )  # fmt: skip
    return Provision(clause=made, shown=made, label=one.master.label)


def _label(one: Match) -> str:
    return f"{one.master.label} ({one.master.id})" if one.master else one.found[0].where


def _words_of(one: Match) -> str:
    if one.found:
        return one.found[0].text
    assert one.master  # noqa: S101 - one of the two
    shown = one.master.shown
    return " ".join(plain(run) for run in (shown.words, *inlines_of(shown.body)))


# -- remarks ---------------------------------------------------------------------------


def _doubts(report: Report) -> Iterator[str]:
    faint = [
        (_label(one), one.found[0].where, one.found[0].text,
         _sentence(f"paired by {one.how}, with {round(100 * one.share)} % in common"))
        for one in report.faint
    ]  # fmt: skip
    remarks = report.of(Sort.DOUBT)
    if not remarks and not faint:
        return
    yield "## Doubtful decisions"
    yield ""
    yield "Each could have been decided in another way. If it was decided wrongly, mend the draft."
    yield ""
    if faint:
        yield "### Clauses paired with little in common"
        yield ""
        yield from _table(("Clause", "Where", "Words", "Why"), faint)
    yield from _grouped(remarks)


def _defects(report: Report) -> Iterator[str]:
    remarks = report.of(Sort.DEFECT)
    if not remarks:
        return
    yield "## Defects in the document"
    yield ""
    yield "The draft has them as well: nothing was mended on the way."
    yield ""
    yield from _grouped(remarks)


def _grouped(remarks: Sequence[Remark]) -> Iterator[str]:
    kinds = dict.fromkeys(remark.kind for remark in remarks)
    for kind in kinds:
        rows = [(one.where, one.text, one.said) for one in remarks if one.kind == kind]
        yield f"### {_text(kind[:1].upper() + kind[1:])} ({len(rows)})"
        yield ""
        yield from _table(("Where", "Words", "What was decided, or is wrong"), rows)


# -- values ----------------------------------------------------------------------------


def _values(report: Report) -> Iterator[str]:
    proposals = report.proposals
    if not (proposals.people or proposals.channels or proposals.namings):
        return
    yield "## People, channels and names"
    yield ""
    yield (
        "These stand in the wording. In Clausebook, people and channels stand in a school's file, "
        "and wording names them, so that a change of staff changes no policy. Nothing of this was "
        "written anywhere: decide, and copy what is right."
    )
    yield ""
    people = [
        (one.role, one.title, one.name, one.email, one.phone, one.where) for one in proposals.people
    ]
    if people:
        head = ("Contact", "Called", "Name", "E-mail", "Telephone", "Where")
        yield from _table(head, people)
    channels = [(one.name, one.address or "no address", one.where) for one in proposals.channels]
    if channels:
        yield from _table(("Channel", "Address", "Where"), channels)
    if proposals.yaml:
        yield "For `school.yml`:"
        yield ""
        yield from ("    " + line for line in proposals.yaml.rstrip("\n").split("\n"))
        yield ""
    namings = [
        (one.words, "{{ " + one.expression + " }}", _places(one.clauses, report.draft))
        for one in proposals.namings
    ]
    if namings:
        yield "Words that a name could stand for, in the wording of a master:"
        yield ""
        yield from _table(("Words", "Name", "In clauses"), namings)


def _places(clauses: Sequence[str], draft: Draft) -> str:
    named = ", ".join(draft.labels[draft.ids[one]] for one in clauses[:_MANY])
    more = len(clauses) - _MANY
    return f"{named} and {more} more" if more > 0 else named


_MANY = 12


# -- the rest --------------------------------------------------------------------------


def _not_carried(report: Report) -> Iterator[str]:
    rows = [(one.where, one.what, one.text) for one in report.found.left_out]
    yield from _listed("Not carried over", ("Where", "What", "Words"), rows, whole=True)


def _numbers(report: Report) -> Iterator[str]:
    """Old and new numbers; those that differ are marked."""
    rows = []
    differ = 0
    for one in report.found.clauses:
        if not is_number(one.label):
            continue
        new = _new_number(one, report)
        other = new is None or not same_number(one.label, new[1])
        differ += other
        compared = "differs" if other else "the same"
        rows.append((one.label, *(new or ("", "none")), compared, one.where, one.text))
    if not rows:
        return
    yield "## Numbers"
    yield ""
    numbered = f"{count(len(rows), 'clause')} of the document {_has(len(rows))} a number"
    if differ:
        tell = "Whoever cites a clause cites its number: tell them."
        yield f"{numbered}; {differ} of them {_has(differ)} another one here. {tell}"
    else:
        yield f"{numbered}, and the same one here."
    yield ""
    head = ("In the document", "ID", "Here", "Compared", "Where", "Words")
    yield from _table(head, rows)


def _has(number: int) -> str:
    return "have" if number > 1 else "has"


def _new_number(one: FoundClause, report: Report) -> tuple[str, str] | None:
    """The ID and the number that a clause has here."""
    if report.matching is None:
        key = report.draft.ids[one.id]
        return key, report.draft.labels[key]
    match = report.matching.by_found.get(one.id)
    return (match.master.id, match.master.label) if match and match.master else None


def _control(report: Report) -> Iterator[str]:
    facts = [
        (_ABOUT.get(fact.about, fact.about.value), fact.name, fact.value, fact.where)
        for fact in report.found.facts
    ]
    head = ("What it is", "Called", "Says", "Where")
    yield from _listed("Document control", head, facts)
    for table in report.found.histories:
        yield f"## Change history ({_text(table.where)})"
        yield ""
        yield "Versions of a policy begin with its first ratification; keep this with the minutes."
        yield ""
        named = zip(table.header, table.columns, strict=True)
        names = [f"{name} ({column})" for name, column in named]
        yield from _table(names, table.rows)


_ABOUT: Mapping[About, str] = {
    About.COVER: "a line before the policy",
    About.UNKNOWN: "not known",
    About.REFERENCE: "other",
}


# -- tables ----------------------------------------------------------------------------


def _listed(
    name: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    whole: bool = False,
) -> Iterator[str]:
    if rows:
        yield f"## {_text(name)}"
        yield ""
        yield from _table(head, rows, whole=whole)


def _table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    raw: bool = False,
    whole: bool = False,
) -> Iterator[str]:
    """A table and an empty line; `raw` cells are Markdown, `whole` ones are not shortened."""
    yield "| " + " | ".join(_text(cell) or " " for cell in head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        shown = zip(head, row, strict=True)
        cells = (
            cell if raw else _text(shortened(cell, SHOWN) if name in _CUT and not whole else cell)
            for name, cell in shown
        )
        yield "| " + " | ".join(cell or " " for cell in cells) + " |"
    yield ""


_CUT = ("Words", "The trust's words")
"""Columns of which the beginning is enough."""


def _text(text: str) -> str:
    """Text as Markdown that shows exactly it, in a table as well."""
    return escape(typographic(" ".join(text.split()))).replace("|", "&#124;")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
