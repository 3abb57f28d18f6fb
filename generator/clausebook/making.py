"""One site from its sources: what has to be done once for every school, and by whomever.

    Workshop + a school's ID ─read→ Everything ─tailor→ Body ─render→ Site

A workshop holds what all sites of a trust share and is made once.  Making a site reads the
school's own versions and notes, needs no other school, and tells of itself what the others'
pages and checks want to know, so that sites can be made in any order and in many processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from clausebook.accounts import GroupNoteUse, check_ids, check_notes, group_note_uses
from clausebook.archive import versions_folder
from clausebook.bodies import school_body, trust_body
from clausebook.everything import Everything, read_schools
from clausebook.expiry import check_expiry
from clausebook.handed import hand_over, take
from clausebook.model import Body
from clausebook.overview import Account, account, overview
from clausebook.overviewpages import with_overview
from clausebook.pages import Site, render_site
from clausebook.problems import Problem, Problems
from clausebook.publication import Publication, publication
from clausebook.remembering import by_identity
from clausebook.source import Tree
from clausebook.standing import Standing, standing
from clausebook.survey import Survey
from clausebook.updates import Update, differences


@dataclass(frozen=True)
class Workshop:
    """What all sites of a trust share."""

    tree: Tree
    shared: Everything
    """Everything but the versions, notes and logs of schools."""
    survey: Survey
    """What the rules look at."""
    master: Body
    """The trust, with its own policies as they are written today."""
    masters: tuple[Publication, ...]
    """The trust's own policies."""
    today: date
    as_pdf: bool = False
    """Whether sites have their versions as PDFs."""

    @property
    def standings(self) -> dict[str, Standing]:
        """Where each of the trust's own policies stands, by ID."""
        return {one.id: one.standing for one in self.masters}

    @property
    def account(self) -> Account:
        """What the overview knows of the trust's own policies."""
        return _account(self.master, self.masters)


@dataclass(frozen=True)
class Made:
    """What came of one site: what is wrong, and what others must know of it."""

    id: str
    unread: tuple[Problem, ...]
    """What was wrong with its files; if there is an error, nothing was made."""
    problems: tuple[Problem, ...]
    """What was wrong with what they say; if there is an error, there is no site."""
    uses: tuple[GroupNoteUse, ...] = ()
    """What came of its group's notes."""
    account: bytes | None = None
    """What it gives to the overview (`read_account`); None if it has no site."""


@by_identity()
def _account(master: Body, masters: tuple[Publication, ...]) -> Account:
    return account(_shown(master, masters), masters)


def open_workshop(tree: Tree, shared: Everything, problems: Problems, today: date) -> Workshop:
    """Prepare what all sites share, from what has been read."""
    body = trust_body(shared.trust, problems)
    asked = Survey(
        trust=shared.trust,
        today=today,
        masters=body.policies,
        ratified=frozenset(_ratified(tree, shared)),
        links=shared.links,
    )
    states = standings(shared, body)
    check_body(shared, body, states, problems, today)
    masters = tuple(publication(state, asked) for state in states)
    return Workshop(tree, shared, asked, body, masters, today)


def standings(everything: Everything, body: Body) -> tuple[Standing, ...]:
    """Where each policy of a body stands."""
    records, notes = everything.records, everything.notes
    return tuple(standing(body, policy, records, notes) for policy in body.policies)


def _ratified(tree: Tree, shared: Everything) -> Iterable[tuple[str, str]]:
    """School and policy, where there are versions."""
    for school in shared.trust.schools:
        for policy in shared.trust.policies:
            if tree.files(versions_folder(school, policy), ".md"):
                yield school, policy


def make_school(shop: Workshop, school: str, *, site: bool = True) -> tuple[Made, Site | None]:
    """Read, tailor and check one school; with `site`, also write its pages.  Never raises."""
    unread, problems = Problems(), Problems()
    everything = read_schools((school,), shop.tree, shop.shared, unread)
    if unread.errors:
        return Made(school, tuple(unread.found), ()), None
    trust = shop.shared.trust
    body = school_body(trust, trust.schools[school], problems)
    states = standings(everything, body)
    check_body(everything, body, states, problems, shop.today)
    uses = [
        use
        for state in states
        if state.archive.versions
        for use in group_note_uses(state, everything.notes)
    ]
    made = Made(school, tuple(unread.found), tuple(problems.found), tuple(uses))
    if problems.errors or not site:
        return made, None
    published = tuple(publication(state, shop.survey) for state in states)
    if shop.as_pdf:
        published = _as_pdf(published)
    shown = _shown(body, published)
    log = everything.logs.get(school)
    updates: Sequence[Update] = log.updates if log else ()
    pages = render_site(trust, shown, published, updates, (), shop.today, shop.standings)
    return replace(made, account=hand_over(account(shown, published), shop.account)), pages


def read_account(shop: Workshop, made: Made) -> Account:
    """What a school gives to the overview; raises `DamagedError` if that was not kept whole."""
    return take(made.account or b"", shop.account)


def make_trust(shop: Workshop, schools: Sequence[Account]) -> Site:
    """The trust's own site, with the overview of all schools."""
    trust, shown = shop.shared.trust, _shown(shop.master, shop.masters)
    site = render_site(trust, shown, shop.masters, (), schools, shop.today, shop.standings)
    whole = overview(shop.account, schools)
    return with_overview(site, trust, whole, shop.today)


def with_pdfs(shop: Workshop) -> Workshop:
    """A workshop whose sites have their versions as PDFs."""
    return replace(shop, masters=_as_pdf(shop.masters), as_pdf=True)


def _as_pdf(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    return tuple(replace(one, as_pdf=True) for one in publications)


def _shown(body: Body, publications: Sequence[Publication]) -> Body:
    """The body, with the policies that its site shows: the versions in force."""
    return replace(body, policies=tuple(one.shown for one in publications))


def check_body(
    everything: Everything,
    body: Body,
    states: Iterable[Standing],
    problems: Problems,
    today: date,
) -> None:
    """Find what should be put on record before the next ratification."""
    check_expiry(everything.trust, body, problems, today)
    for state in states:
        if state.archive.versions:
            check_notes(state, problems)
            check_ids(state, problems)
    log = everything.logs.get(body.id)
    new = differences(body, log, today) if log else []
    if new and body.school:
        problems.warning(
            "unrecorded-update",
            f"changes of people or channels are not on record: {new[0].what} ({new[0].change})"
            + (f" and {len(new) - 1} more" if len(new) > 1 else ""),
            body.school.document.source.whole(),
            f"put them on record: clausebook record {body.id}",
        )
