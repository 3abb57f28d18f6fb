"""Tailored policies as pages: plain Markdown that any MkDocs-like builder can take.

Pure: a `Body` in, `Page`s out.  The words of the pages are in `templates/pages`;
everything put into them that is not already Markdown is escaped on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from clausebook.clausepage import Linker, Markdown, clause_lines
from clausebook.dates import show_date
from clausebook.english import capital, count, enumerate_words
from clausebook.model import Body, Kind, Provenance, TailoredClause, TailoredPolicy, Trust
from clausebook.people import channel_table, contact_card, contact_line, dial, mail, web
from clausebook.prose import Inlines, Text
from clausebook.writing import escape, write_block, write_blocks, write_inline, write_line

HOME = "index.md"
CONTACTS = "contacts.md"
DIFFERENT = "different.md"


@dataclass(frozen=True)
class Page:
    """One page of a site: where it stands in the project's `docs` folder, and its Markdown."""

    path: str
    title: str
    markdown: str


@dataclass(frozen=True)
class Site:
    """Everything one body publishes."""

    body: Body
    pages: tuple[Page, ...]
    nav: tuple[object, ...]
    """As in `mkdocs.yml`."""


def policy_path(policy_id: str) -> str:
    """Where a policy's page stands."""
    return f"policies/{policy_id}.md"


def render_site(trust: Trust, body: Body, others: Sequence[Body], today: date) -> Site:
    """All pages of one body.  `others` are the schools, for the trust's own site."""
    pages = [
        _page(HOME, "Home", "home.md", trust, body, today, others=others),
        *(_policy_page(trust, body, policy, today) for policy in body.policies),
        _different_page(trust, body, others, today),
        _page(CONTACTS, "Contacts and channels", "contacts.md", trust, body, today),
    ]
    by_path = {page.path: page.title for page in pages}
    nav: tuple[object, ...] = (
        {"Home": HOME},
        {"Policies": [{p.policy.control.title: policy_path(p.policy.id)} for p in body.policies]},
        {by_path[DIFFERENT]: DIFFERENT},
        {by_path[CONTACTS]: CONTACTS},
    )
    return Site(body, tuple(pages), nav)


def _policy_page(trust: Trust, body: Body, policy: TailoredPolicy, today: date) -> Page:
    path = policy_path(policy.policy.id)
    linker = Linker(trust, body, path)
    return _page(
        path,
        policy.policy.control.title,
        "policy.md",
        trust,
        body,
        today,
        policy=policy,
        clauses=Markdown("\n".join(clause_lines(policy, linker))),
        related=[_related(trust, body, name) for name in policy.policy.control.related],
    )


def _related(trust: Trust, body: Body, name: str) -> Markdown:
    """A related policy: a link if it stands on this site."""
    here = {policy.policy.id: policy.policy.control.title for policy in body.policies}
    if name in here:
        return Markdown(f"[{escape(here[name])}]({name}.md)")
    known = trust.policies.get(name)
    return Markdown(escape(known.control.title if known else name))


def _different_page(trust: Trust, body: Body, others: Sequence[Body], today: date) -> Page:
    title = "What is different here" if body.school else "Where schools differ"
    return _page(
        DIFFERENT,
        title,
        "different.md" if body.school else "schools-differ.md",
        trust,
        body,
        today,
        others=others,
    )


def _page(
    path: str,
    title: str,
    template: str,
    trust: Trust,
    body: Body,
    today: date,
    **more: object,
) -> Page:
    linker = Linker(trust, body, path)
    text = _templates().get_template(template).render(
        title=title,
        trust=trust,
        body=body,
        school=body.school,
        today=today,
        Provenance=Provenance,
        quoted=linker.quoted,
        link=linker.to_clause,
        card=lambda person: Markdown("\n".join(write_blocks(contact_card(person)))),
        channels=channel_table(body.channels),
        contact_line=contact_line,
        dial=dial,
        mail=mail,
        web=web,
        layer_name=linker.layer_name,
        **more,
    )
    return Page(path, title, text.rstrip("\n") + "\n")


@cache
def _templates() -> Environment:
    """The page templates, read once.  Whatever is not `Markdown` yet is escaped."""
    folder = files("clausebook") / "templates" / "pages"
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir()}
    environment = Environment(
        loader=DictLoader(texts),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, not HTML: `finalize` escapes it
        finalize=_markdown,
    )
    environment.filters.update(_FILTERS)
    return environment


def _markdown(value: object) -> str:
    """Text as Markdown that shows exactly it, in a table and at the start of a line as well."""
    if isinstance(value, Markdown):
        return value
    return write_line((Text(str(value)),)).replace("|", "&#124;")


# -- what templates can say ------------------------------------------------------------


def _due(policy: TailoredPolicy, today: date) -> str:
    """When the next review is, saying so plainly when it is overdue."""
    due = policy.review.next
    if due is None:
        return "no date set"
    return show_date(due) + (" (overdue)" if due < today else "")


def _kind(clause: TailoredClause) -> str:
    return {
        Provenance.ADAPTED: "in our own words",
        Provenance.ADDED: "added",
        Provenance.OMITTED: "not applicable here",
    }[clause.provenance]


def _decided(clause: TailoredClause, layer_name: Callable[[str], str]) -> str:
    """Who decided a departure, and since when it holds."""
    departure = clause.departure
    assert departure is not None  # noqa: S101 - asked of departures only
    since = f", since {show_date(departure.since)}" if departure.since else ""
    review = (
        " The trust’s wording has changed since this was written; we are reviewing it."
        if departure.needs_review
        else ""
    )
    return f"Decided by {layer_name(departure.layer)}{since}.{review}"


def _together(policy: TailoredPolicy, root: TailoredClause) -> list[TailoredClause]:
    """The clauses that one override added or left out."""
    return [
        clause for clause in policy.clauses if clause.departure and root.departure
        and (clause.departure.root, clause.provenance) == (root.id, root.provenance)
    ]


def _topic(policy: TailoredPolicy, clause: TailoredClause) -> Inlines:
    """What a clause is about: the heading it stands under, or is."""
    if clause.clause.kind is Kind.HEADING:
        return clause.shown.words
    above = (c for c in policy.outline.ancestors(clause.id) if c.kind is Kind.HEADING)
    heading = next(above, None)
    return heading.words if heading else (Text(policy.policy.control.title),)


def _sections(policy: TailoredPolicy) -> list[TailoredClause]:
    """The headings at the top level."""
    return [c for c in policy.clauses if c.clause.kind is Kind.HEADING and c.clause.parent is None]


def _number(policy: TailoredPolicy, provenance: Provenance) -> int:
    return sum(clause.provenance is provenance for clause in policy.clauses)


def _tally(policy: TailoredPolicy) -> str:
    """`Of 60 clauses, 2 are in our own words, 1 is added and 3 do not apply here.`"""
    found = [
        (_number(policy, Provenance.ADAPTED), "is in our own words", "are in our own words"),
        (_number(policy, Provenance.ADDED), "is added", "are added"),
        (_number(policy, Provenance.OMITTED), "does not apply here", "do not apply here"),
    ]
    parts = [f"{n} {one if n == 1 else many}" for n, one, many in found if n]
    return f"Of {count(len(policy.clauses), 'clause')}, {enumerate_words(parts)}."


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "count": count,
    "date": lambda day: show_date(day) if day else "not set",
    "decided": _decided,
    "due": _due,
    "enumerate": lambda words: Markdown(enumerate_words([_markdown(word) for word in words])),
    "extract": lambda key, mapping: mapping[key],
    "id": Markdown,
    "kind": _kind,
    "lines": lambda block: Markdown("\n".join(write_block(block))),
    "number": _number,
    "line": lambda words: Markdown("-   " + write_line(words)),
    "sections": _sections,
    "sentence": lambda text: type(text)(capital(text)),
    "tally": _tally,
    "together": _together,
    "topic": _topic,
    "written": lambda words: Markdown(write_inline(words)),
}
