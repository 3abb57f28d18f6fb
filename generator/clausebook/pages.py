"""Tailored policies as pages: plain Markdown that any MkDocs-like builder can take.

Pure: a `Body` in, `Page`s out.  The words of the pages are in `templates/pages`;
everything put into them that is not already Markdown is escaped on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from clausebook.changes import Provision
from clausebook.clausepage import Linker, Markdown, clause_lines
from clausebook.english import typographic
from clausebook.feed import write_feed
from clausebook.model import Body, Provenance, TailoredClause, Trust
from clausebook.pagetemplates import Page, render
from clausebook.people import channel_table, contact_card, contact_line, dial, mail, web
from clausebook.phrases import block
from clausebook.publication import Publication
from clausebook.redlinepage import redline_clause_lines
from clausebook.updates import Update
from clausebook.versionpages import VersionPages
from clausebook.writing import escape

HOME = "index.md"
CONTACTS = "contacts.md"
DIFFERENT = "different.md"
IN_MENU = ("/proposed.md", "/history.md")
"""The pages about versions that the menu names; the rest are reached from those."""


@dataclass(frozen=True)
class Site:
    """Everything one body publishes."""

    body: Body
    pages: tuple[Page, ...]
    nav: tuple[object, ...]
    """As in `mkdocs.yml`."""
    address: str | None = None
    """Where it is put online, if the trust says."""
    files: Mapping[str, str] = field(default_factory=dict)
    """What stands beside the pages, by its path in the `docs` folder."""


def policy_path(policy_id: str) -> str:
    """Where a policy's page stands."""
    return f"policies/{policy_id}.md"


def render_site(
    trust: Trust,
    body: Body,
    publications: Sequence[Publication],
    updates: Sequence[Update],
    others: Sequence[Body],
    today: date,
) -> Site:
    """All pages of one body, whose policies are the ones that hold.

    `others` are the schools, for the trust's own site.
    """
    by_policy = {publication.id: publication for publication in publications}
    pages = [
        _page(HOME, "Home", "home.md", trust, body, today, others=others, publications=by_policy),
        *(_policy_page(trust, body, publication, today) for publication in publications),
        _different_page(trust, body, others, today),
        _page(CONTACTS, "Contacts and channels", "contacts.md", trust, body, today),
    ]
    about = [
        page
        for publication in publications
        for page in VersionPages(trust, body, publication, updates).pages()
    ]
    nav: tuple[object, ...] = (
        {"Home": HOME},
        {
            "Policies": [
                {typographic(p.policy.control.title): policy_path(p.policy.id)}
                for p in body.policies
            ]
        },
        {"Changes": [{typographic(p.title): p.path} for p in about if p.path.endswith(IN_MENU)]},
        {pages[-2].title: DIFFERENT},
        {pages[-1].title: CONTACTS},
    )
    base = trust.details.sites
    address = f"{base.rstrip('/')}/{body.id}" if base else None
    feed = write_feed(body, publications, updates, address)
    return Site(body, (*pages, *about), nav, address, {"feed.xml": feed})


def _policy_page(trust: Trust, body: Body, publication: Publication, today: date) -> Page:
    policy = publication.shown
    path = policy_path(policy.policy.id)
    past = f"policies/{publication.id}/clauses.md" if publication.editions else None
    linker = Linker(trust, body, path, past=past)
    return _page(
        path,
        policy.policy.control.title,
        "policy.md",
        trust,
        body,
        today,
        policy=policy,
        publication=publication,
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


def _redlined(clause: TailoredClause, linker: Linker) -> Markdown:
    """An adapted clause against the trust's wording, as a quotation."""
    before = Provision(clause=clause.basis, shown=clause.basis, label="") if clause.basis else None
    after = Provision(clause=clause.shown, shown=clause.shown, label=clause.label)
    lines = redline_clause_lines(before, after, linker)
    return Markdown("\n".join(f"> {line}".rstrip() for line in lines))


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
    return render(
        path,
        title,
        template,
        trust=trust,
        body=body,
        school=body.school,
        today=today,
        Provenance=Provenance,
        quoted=linker.quoted,
        redlined=lambda clause: _redlined(clause, linker),
        link=linker.to_clause,
        card=lambda person: Markdown("\n".join(block(part) for part in contact_card(person))),
        channels=channel_table(body.channels),
        contact_line=contact_line,
        dial=dial,
        mail=mail,
        web=web,
        layer_name=linker.layer_name,
        **more,
    )
