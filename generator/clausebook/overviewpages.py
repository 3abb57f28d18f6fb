"""The trust's overview as pages, which only the trust's own site has.

Every page works as it is; `overview.js` lets readers sort and filter its tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from html import escape as escape_html

from clausebook import clausemap
from clausebook.chosen import choices
from clausebook.clausepage import Linker, Markdown
from clausebook.dates import MONTHS
from clausebook.english import count, enumerate_words
from clausebook.model import Body, School, Trust
from clausebook.namings import Sort
from clausebook.overview import BodyAt, MasterAt, Overview, PolicyAt, State, clauses_at
from clausebook.overviewfiles import FOLDER, reviews, write_files
from clausebook.pages import Site
from clausebook.pagetemplates import Page, render
from clausebook.phrases import in_menu, markdown
from clausebook.sidebyside import Voice, rules
from clausebook.whereabouts import Mention, holders, mentions, roles

MANY = 6
"""More schools than this are counted, and named where somebody asks for them."""


@dataclass(frozen=True)
class OverviewPages:
    """Everything about all schools together."""

    trust: Trust
    body: Body
    """The trust, with its own policies."""
    overview: Overview
    today: date

    def pages(self) -> list[Page]:
        """Every page, in the menu's order."""
        used = self.overview.used
        return [
            self._policies(),
            *(self._clauses(master) for master in used),
            *(self._sides(master) for master in used),
            *self._choices(),
            self._reviews(),
            self._where(),
        ]

    def _policies(self) -> Page:
        masters = self.overview.masters
        missing = [(one, school) for one in masters for school in self.overview.without(one.id)]
        return self._page("policies", "Every policy at every school", missing=missing)

    # -- school × clause -------------------------------------------------------------

    def _clauses(self, master: MasterAt) -> Page:
        policy, schools = master.shown, self.overview.at_schools(master.id)
        clauses = [(school, one) for school in schools for one in clauses_at(policy, school)]
        tally = Counter(one.state for _, one in clauses)
        return self._page(
            f"clauses-{master.id}",
            f"{master.title}: clause by clause",
            "clauses",
            master=master,
            schools=schools,
            legend=Markdown(clausemap.legend(tally)),
            picture=Markdown(clausemap.draw(policy, schools, _to_reason)),
            differing=[pair for pair in clauses if pair[1].state is not State.INHERITED],
        )

    # -- the same rule side by side --------------------------------------------------

    def _sides(self, master: MasterAt) -> Page:
        name = f"side-by-side-{master.id}"
        linker = Linker(self.trust, self.body, f"{FOLDER}/{name}.md")
        return self._page(
            name,
            f"{master.title}: side by side",
            "sides",
            master=master,
            rules=rules(master, self.overview.at_schools(master.id)),
            quoted=linker.quoted,
            link=linker.to_clause,
            who=_who,
            same=_count_or_name,
        )

    # -- limits and choices ------------------------------------------------------------

    def _choices(self) -> Iterator[Page]:
        masters = self.overview.masters
        found = choices(self.trust, masters[0].shown.names) if masters else []
        if found:
            yield self._page("choices", "Limits and choices", choices=found, at=self._where_chosen)

    def _where_chosen(self, schools: Sequence[tuple[School, str | None]]) -> Markdown:
        """The schools that chose something, and for which policy, if not for all."""
        titles = {key: policy.control.title for key, policy in self.trust.policies.items()}
        return _listed(
            [
                markdown(school.short_name + (f" ({titles[policy]})" if policy else ""))
                for school, policy in schools
            ]
        )

    # -- reviews ---------------------------------------------------------------------

    def _reviews(self) -> Page:
        due = reviews(self.overview)
        months: dict[tuple[int, int], list[tuple[PolicyAt, date]]] = {}
        for one, day in due:
            if not one.overdue:
                months.setdefault((day.year, day.month), []).append((one, day))
        everything = (*self.overview.masters, *self.overview.policies)
        return self._page(
            "reviews",
            "Calendar of reviews",
            due=due,
            overdue=[(one, day) for one, day in due if one.overdue],
            months=[
                (f"{MONTHS[month - 1]} {year}", Markdown(f"m-{year:04}-{month:02}"), found)
                for (year, month), found in months.items()
            ],
            unset=[one for one in everything if one.applies and one.review is None],
        )

    # -- where is this named? ------------------------------------------------------------

    def _where(self) -> Page:
        found, called = mentions(self.overview), roles(self.overview)
        schools = self.overview.schools
        channels = sorted({channel.name for school in schools for channel in school.channels})
        rows = [
            (sort, called.get(name, name) if sort is Sort.ROLE else name, mention)
            for (sort, name), where in found.items()
            for mention in where
        ]
        return self._page(
            "where",
            "Where is this named?",
            groups={sort: [row[1:] for row in rows if row[0] is sort] for sort in Sort},
            Sort=Sort,
            held=[(school, p, called[p.role]) for school, p in holders(self.overview)],
            run_by=[
                (name, school, next(c for c in school.channels if c.name == name))
                for name in channels
                for school in schools
                if any(c.name == name for c in school.channels)
            ],
            unnamed=[label for role, label in called.items() if (Sort.ROLE, role) not in found],
            spot=_spot,
            at=self._at,
        )

    def _at(self, mention: Mention) -> Markdown:
        """The schools whose policy has a mention, in as few words as say it."""
        having = [one.body for one in self.overview.at_schools(mention.policy.id)]
        ids = {body.id for body in mention.at}
        others = [body for body in having if body.id not in ids]
        if not ids:
            return Markdown("the trust’s own policy only")
        if not others and len(having) > 1:
            return Markdown("every school")
        if len(others) <= MANY and len(others) < len(ids):
            return Markdown(f"every school but {self._some(others)}")
        return self._some(mention.at)

    def _some(self, bodies: Sequence[BodyAt]) -> Markdown:
        return _listed([markdown(body.short_name) for body in bodies])

    # -- all -----------------------------------------------------------------------------

    @cached_property
    def _linked(self) -> list[MasterAt]:
        return self.overview.used

    def _page(self, name: str, title: str, template: str = "", **more: object) -> Page:
        return render(
            f"{FOLDER}/{name}.md",
            title,
            f"overview-{template or name}.md",
            overview=self.overview,
            trust=self.trust,
            today=self.today,
            State=State,
            used=self._linked,
            time=_time,
            anchor=_anchor,
            to_reason=_to_reason,
            **more,
        )


def _to_reason(school: PolicyAt, root: str) -> Markdown:
    """The address of a school's reason for a difference, or of its policy."""
    site = f"../../{school.body.id}"
    if root in school.explained:
        return Markdown(f"{site}/different.html#d-{root}")
    return Markdown(f"{site}/policies/{school.id}.html")


def _who(voice: Voice) -> Markdown:
    """The schools that say something, each linked to its reasons."""
    links = [_anchor(_to_reason(one, root), one.body.short_name) for one, root in voice.schools]
    return Markdown(enumerate_words([str(link) for link in links]))


def _count_or_name(schools: Sequence[PolicyAt]) -> Markdown:
    if len(schools) > MANY:
        return Markdown(count(len(schools), "school"))
    return Markdown(enumerate_words([markdown(one.body.short_name) for one in schools]))


def _spot(mention: Mention) -> Markdown:
    """A clause by its number, linked to where it stands."""
    label, clause, policy = mention.clause.label, mention.clause.id, mention.policy.id
    if mention.by_trust:
        return Markdown(f"[{markdown(label)}](../policies/{policy}.md#{clause})")
    return _anchor(f"../../{mention.at[0].id}/policies/{policy}.html#{clause}", label)


def _time(day: date) -> Markdown:
    """A day that programs can read and sort by."""
    words = f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"
    return Markdown(f'<time datetime="{day.isoformat()}">{words}</time>')


def _anchor(to: str, text: str) -> Markdown:
    """A link to another site, which MkDocs does not know."""
    return Markdown(f'<a href="{escape_html(to)}">{markdown(text)}</a>')


def _listed(names: Sequence[str]) -> Markdown:
    """Names in a row; many of them behind their number."""
    text = enumerate_words(list(names))
    if len(names) <= MANY:
        return Markdown(text)
    return Markdown(f"<details><summary>{count(len(names), 'school')}</summary>{text}</details>")


def with_overview(site: Site, trust: Trust, overview: Overview, today: date) -> Site:
    """The trust's site with everything about all its schools together."""
    if not overview.schools:
        return site
    pages = OverviewPages(trust, site.body, overview, today).pages()
    menu = {"Overview": [{in_menu(page.title): page.path} for page in pages]}
    return replace(
        site,
        pages=(*site.pages, *pages),
        nav=(*site.nav[:2], menu, *site.nav[2:]),
        files={**site.files, **write_files(trust, overview, today)},
    )
