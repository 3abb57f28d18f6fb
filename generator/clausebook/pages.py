"""Tailored policies as pages: plain Markdown that any MkDocs-like builder can take.

Pure: a `Body` in, `Page`s out.  The words of the pages are in `templates/pages`;
everything put into them that is not already Markdown is escaped on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from clausebook.acknowledging import acknowledgement
from clausebook.appearance import Style, style_of
from clausebook.changes import Provision
from clausebook.clausepage import Linker, Markdown, write_clauses
from clausebook.conformance import TESTED
from clausebook.datafiles import write_data
from clausebook.definitions import glossary
from clausebook.feed import write_feed
from clausebook.finding import INDEX, write_index
from clausebook.findpage import find_page
from clausebook.model import Body, Provenance, TailoredClause, TailoredPolicy, Trust
from clausebook.oscal import write_oscal
from clausebook.overview import Account
from clausebook.pagetemplates import Page, render
from clausebook.papers import Paper, paper
from clausebook.people import channel_table, contact_card, dial, mail, web
from clausebook.phrases import block, in_menu
from clausebook.publication import Publication
from clausebook.qr import qr_of_policy, site_address
from clausebook.recent import recent
from clausebook.redlinepage import redline_clause_lines
from clausebook.reviewdays import review_calendar
from clausebook.standing import Standing
from clausebook.updates import Update
from clausebook.versionpages import VersionPages
from clausebook.writing import escape

HOME = "index.md"
CONTACTS = "contacts.md"
DIFFERENT = "different.md"
STATEMENT = "accessibility.md"
CALENDAR = "reviews.ics"
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
    style: Style | None = None
    """Its colours and logo."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    """What stands beside the pages as PDFs, by its path in the `docs` folder."""


def policy_path(policy_id: str) -> str:
    """Where a policy's page stands."""
    return f"policies/{policy_id}.md"


def render_site(
    trust: Trust,
    body: Body,
    publications: Sequence[Publication],
    updates: Sequence[Update],
    others: Sequence[Account],
    today: date,
    masters: Mapping[str, Standing],
) -> Site:
    """All pages of one body, whose policies are the ones that hold.

    `others` are the schools, for the trust's own site; `masters` are the trust's own
    policies, by ID.
    """
    address = site_address(trust, body)
    by_policy = {publication.id: publication for publication in publications}
    pages = [
        _page(
            HOME,
            "Home",
            "home.md",
            trust,
            body,
            today,
            others=others,
            publications=by_policy,
            news=recent(publications, updates, CONTACTS),
        ),
        *(_policy_page(trust, body, publication, today) for publication in publications),
        _different_page(trust, body, others, today),
        _page(CONTACTS, "Contacts and channels", "contacts.md", trust, body, today),
    ]
    about = [
        page
        for publication in publications
        for page in VersionPages(
            trust, body, publication, updates, masters.get(publication.id)
        ).pages()
    ]
    nav: tuple[object, ...] = (
        {"Home": HOME},
        {
            "Policies": [
                {in_menu(p.policy.control.title): policy_path(p.policy.id)} for p in body.policies
            ]
        },
        {"Changes": [{in_menu(p.title): p.path} for p in about if p.path.endswith(IN_MENU)]},
        {pages[-2].title: DIFFERENT},
        {pages[-1].title: CONTACTS},
    )
    statement = _statement(trust, body, today)
    everything = (*pages, *about, find_page(trust, body, publications), statement)
    files = {
        "feed.xml": write_feed(body, publications, updates, address),
        INDEX: write_index(trust, body, publications, everything),
        **write_data(trust, body, publications, updates, address),
        **write_oscal(trust, body, publications),
    }
    if body.school and (calendar := review_calendar(trust, body, publications)):
        files[CALENDAR] = calendar
    papers = {
        path: paper(trust, body, publication, edition)
        for publication in publications
        for path, edition in publication.pdfs.items()
    }
    return Site(body, everything, nav, address, files, style_of(trust, body.school), papers)


def _statement(trust: Trust, body: Body, today: date) -> Page:
    """The accessibility statement: what is tested, and whom to tell."""
    details = body.school.details if body.school else trust.details
    phone = details.phone or trust.details.phone
    email = details.email or trust.details.email
    reach = [*([dial(phone)] if phone else []), *([mail(email)] if email else [])]
    title = "Accessibility statement"
    return _page(
        STATEMENT, title, "accessibility.md", trust, body, today, tested=TESTED, reach=reach
    )


def _policy_page(trust: Trust, body: Body, publication: Publication, today: date) -> Page:
    policy = publication.shown
    path = policy_path(policy.policy.id)
    # The page shows a draft if no version is in force yet: its clauses need have no past.
    past = f"policies/{publication.id}/clauses.md" if publication.in_force else None
    linker = Linker(trust, body, path, past=past, terms=glossary(policy))
    title = policy.policy.control.title
    edition = None if publication.withdrawn else publication.in_force
    version = f"version {edition.label}" if edition else str(publication.status)
    form, confirm = trust.details.acknowledge_url, None
    if form and edition:
        confirm = acknowledgement(
            form, policy=publication.id, version=edition.label, school=body.id
        )
    return _page(
        path,
        title,
        "policy.md",
        trust,
        body,
        today,
        policy=policy,
        publication=publication,
        clauses=write_clauses(policy, linker),
        related=[_related(trust, body, name) for name in policy.policy.control.related],
        footer=f"{title}, {version}, {body.name}",
        choices=_choices(policy, body),
        acknowledge=confirm,
        qr=qr_of_policy(trust, body, publication.id),
    )


def _choices(policy: TailoredPolicy, body: Body) -> list[tuple[str, str]]:
    """Whose clauses a reader can ask for, where there is a choice; what they are called here."""
    marked = any(clause.clause.audiences for clause in policy.clauses)
    several = len(policy.audiences) > 1
    return [(id_, body.audiences[id_]) for id_ in policy.audiences] if marked and several else []


def _related(trust: Trust, body: Body, name: str) -> Markdown:
    """A related policy: a link if it stands on this site."""
    here = {policy.policy.id: policy.policy.control.title for policy in body.policies}
    if name in here:
        return Markdown(f"[{escape(here[name])}]({name}.md)")
    known = trust.policies.get(name)
    return Markdown(escape(known.control.title if known else name))


def _different_page(trust: Trust, body: Body, others: Sequence[Account], today: date) -> Page:
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
        dial=dial,
        mail=mail,
        web=web,
        layer_name=linker.layer_name,
        **more,
    )
