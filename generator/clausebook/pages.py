"""Tailored policies as pages: plain Markdown that any MkDocs-like builder can take.

Pure: a `Body` in, `Page`s out.  The words of the pages are in `templates/pages`;
everything put into them that is not already Markdown is escaped on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clausebook.clausepage import Linker, Markdown, clause_lines
from clausebook.model import Body, Provenance, TailoredPolicy, Trust
from clausebook.pagetemplates import Page, render
from clausebook.people import channel_table, contact_card, contact_line, dial, mail, web
from clausebook.writing import escape, write_blocks

HOME = "index.md"
CONTACTS = "contacts.md"
DIFFERENT = "different.md"


@dataclass(frozen=True)
class Site:
    """Everything one body publishes."""

    body: Body
    pages: tuple[Page, ...]
    nav: tuple[object, ...]
    """As in `mkdocs.yml`."""
    address: str | None = None
    """Where it is put online, if the trust says."""


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
    base = trust.details.sites
    return Site(body, tuple(pages), nav, f"{base.rstrip('/')}/{body.id}" if base else None)


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
