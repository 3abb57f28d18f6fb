"""The trust's overview: it agrees with the model, its files are sound, its tables work."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from tests.many_schools import many_schools
from tests.trusts import MASTER, OURS, Trust, ratified_trust

from clausebook.archive import Status
from clausebook.bodies import bodies
from clausebook.carrying import DamagedError, pack, unpack
from clausebook.clausemap import draw
from clausebook.everything import open_tree, read_everything
from clausebook.exporting import write_csv, write_json
from clausebook.handed import hand_over, take
from clausebook.ical import Event, write_calendar
from clausebook.making import standings
from clausebook.model import Body, Provenance
from clausebook.namings import EVERY_CHANNEL, Sort, acts
from clausebook.overview import (
    Account,
    Overview,
    PolicyAt,
    State,
    Waiting,
    account,
    clauses_at,
    overview,
)
from clausebook.overviewfiles import clause_rows, policy_rows, reviews, write_files
from clausebook.overviewpages import OverviewPages
from clausebook.problems import Problems
from clausebook.publication import Publication, publication
from clausebook.reviewdays import review_calendar
from clausebook.sidebyside import rules
from clausebook.snapshot import Snapshot
from clausebook.survey import Survey
from clausebook.tailor import wording_print
from clausebook.whereabouts import mentions, roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, Page
    from tests.conftest import ExampleSites

    from clausebook.source import Tree

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 11, 21)
POLICIES = "trust/overview/policies.html"
PICTURE = "trust/overview/clauses-social-media.html"
WHERE = "trust/overview/where.html"


@dataclass(frozen=True)
class Seen:
    """The overview of a trust's folder, and what it is an overview of."""

    pages: OverviewPages
    bodies: Mapping[str, Body]
    """The trust and its schools, each with the policies that its site shows."""
    published: Mapping[tuple[str, str], Publication]
    """By the body's ID and the policy's."""
    accounts: Sequence[Account]
    """What each gives to the overview, the trust first."""

    @property
    def overview(self) -> Overview:
        """What the pages are made from."""
        return self.pages.overview

    def of(self, one: PolicyAt) -> Publication:
        """What the overview tells of."""
        return self.published[one.body.id, one.id]


def seen(tree: Tree, today: date = TODAY) -> Seen:
    """Look at a trust's folder: every body on its own, and all of them together."""
    problems = Problems()
    everything = read_everything(tree, problems)
    asked = Survey(everything.trust, today)
    shown: dict[str, Body] = {}
    published: dict[tuple[str, str], Publication] = {}
    accounts = []
    for body in bodies(everything.trust, problems):
        own = [publication(state, asked) for state in standings(everything, body)]
        shown[body.id] = replace(body, policies=tuple(one.shown for one in own))
        published |= {(body.id, one.id): one for one in own}
        accounts.append(account(shown[body.id], own))
    assert problems.errors == ()
    trust, *schools = accounts
    # as in a build: what is known of a school comes from another process, or from last time
    whole = overview(trust, [take(hand_over(school, trust), trust) for school in schools])
    pages = OverviewPages(everything.trust, shown[trust.body.id], whole, today)
    return Seen(pages, shown, published, accounts)


@pytest.fixture(scope="module")
def examples() -> Seen:
    """Look at the repository's own trust."""
    return seen(open_tree(ROOT))


@pytest.fixture(scope="module")
def example(examples: Seen) -> Overview:
    """Give the overview of the repository's own trust."""
    return examples.overview


@pytest.fixture(scope="module")
def ninety() -> Seen:
    """Look at the same trust with ninety schools."""
    return seen(Snapshot(many_schools(90)))


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """Give a trust with version 1 of its master and of its school's policy."""
    return ratified_trust(tmp_path)


def test_an_account_arrives_as_it_was(examples: Seen) -> None:
    trusts, *schools = examples.accounts
    for school in schools:
        arrived = take(hand_over(school, trusts), trusts)
        assert arrived == unpack(pack(school)), "apart from the texts of sources, which stay"


def test_what_the_trust_knows_of_a_clause_is_not_carried_and_not_kept_twice(ninety: Seen) -> None:
    trusts, *schools = ninety.accounts
    assert len(hand_over(schools[0], trusts)) < len(pack(schools[0])) / 2
    known = {id(one) for policy in trusts.policies for one in policy.clauses}
    arrived = take(hand_over(schools[0], trusts), trusts)
    states = [(one, id(one) in known) for policy in arrived.policies for one in policy.clauses]
    assert sum(same for _, same in states) > len(states) / 2
    assert not any(same for one, same in states if one.provenance is not Provenance.TRUST)


def test_an_account_of_other_policies_is_refused(examples: Seen) -> None:
    trusts, school, *_ = examples.accounts
    carried = hand_over(school, trusts)
    with pytest.raises(DamagedError, match="it belongs to other policies of the trust"):
        take(carried, replace(trusts, policies=()))
    fewer = [replace(one, clauses=one.clauses[:3]) for one in trusts.policies]
    with pytest.raises(DamagedError, match="it belongs to other policies of the trust"):
        take(carried, replace(trusts, policies=tuple(fewer)))
    with pytest.raises(DamagedError, match="it is no account"):
        take(pack(school.body), trusts)
    with pytest.raises(DamagedError, match="the digest does not fit"):
        take(b"", trusts)


def of(trust: Trust, today: date = TODAY) -> PolicyAt:
    """The policy of the small trust's school."""
    return seen(open_tree(trust.root), today).overview.policies[0]


# -- school × policy ---------------------------------------------------------------------


def test_every_policy_of_every_school_has_a_row(examples: Seen) -> None:
    rows = policy_rows(examples.overview)
    assert len(rows) == len(examples.overview.schools) * len(examples.overview.masters)
    adopted = [
        (row["school_id"], row["policy_id"]) for row in rows if row["state"] != "not adopted"
    ]
    assert adopted == [key for key, one in examples.published.items() if one.standing.body.school]


def test_the_counts_of_a_row_are_those_of_its_policy(examples: Seen) -> None:
    for row, one in zip(policy_rows(examples.overview), examples.overview.policies, strict=False):
        tally = Counter(clause.provenance for clause in examples.of(one).shown.clauses)
        assert row["adapted"] == tally[Provenance.ADAPTED]
        assert row["added"] == tally[Provenance.ADDED]
        assert row["not_applicable"] == tally[Provenance.OMITTED]
        assert row["clauses"] == sum(tally.values())


def test_a_policy_that_a_school_has_not_adopted_is_named(trust: Trust) -> None:
    (trust.root / OURS).unlink()
    (trust.root / "schools/hill/versions/online/1.md").unlink()
    (trust.root / "schools/hill/versions/online/register.txt").unlink()
    rows = policy_rows(seen(open_tree(trust.root)).overview)
    assert [row["state"] for row in rows] == ["not adopted"]


def test_a_school_is_behind_until_it_has_ratified_the_new_master(trust: Trust) -> None:
    assert not of(trust).behind
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    assert Waiting.BEHIND not in of(trust).waiting, "the trust has not approved it yet"
    trust.ratify("trust", "2", "2026-06-01", "--effective", "2027-01-01")
    assert not of(trust).behind, "the new master is not in force yet"
    assert of(trust, date(2027, 1, 1)).behind
    assert Waiting.PROPOSALS in of(trust).waiting
    trust.ratify("hill", "2", "2026-06-02")
    found = of(trust, date(2027, 1, 1))
    assert (found.behind, found.master, found.waiting) == (False, "2", ())


def test_a_version_that_is_not_in_force_yet_is_waiting(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-01")
    trust.ratify("hill", "2", "2026-06-02", "--effective", "2027-01-01")
    found = of(trust)
    assert found.version
    assert found.version.label == "1"
    assert Waiting.COMING in found.waiting
    assert found.behind


def test_what_was_withdrawn_waits_for_nothing_and_has_no_review(trust: Trust) -> None:
    text = trust.read(OURS)
    trust.write(OURS, f"withdrawn: {{on: 2026-10-01, reason: It has a new one.}}\n{text}")
    found = of(trust)
    assert found.status is Status.WITHDRAWN
    assert (found.waiting, found.review, found.overdue) == ((), None, False)
    now = seen(open_tree(trust.root))
    assert now.overview.used == []
    assert [page.path for page in now.pages.pages()] == [
        f"overview/{name}.md" for name in ("policies", "choices", "reviews", "where")
    ]


# -- school × clause ---------------------------------------------------------------------


def expected(one: Publication) -> Counter[str]:
    """How many clauses a school has of each kind, straight from its policy."""
    waits = {c.id for c in one.draft.clauses if c.departure and c.departure.needs_review}
    return Counter(
        "review" if clause.id in waits else clause.provenance.value for clause in one.shown.clauses
    )


@pytest.mark.parametrize("policy", ["social-media", "acceptable-use"])
def test_the_picture_agrees_with_every_school(examples: Seen, ninety: Seen, policy: str) -> None:
    for trust in (examples, ninety):
        master = trust.published["trust", policy].shown
        for school in trust.overview.at_schools(policy):
            tally = Counter(one.state for one in clauses_at(master, school))
            wanted = expected(trust.of(school))
            assert tally[State.ADAPTED] == wanted["adapted"]
            assert tally[State.ADDED] == wanted["added"]
            assert tally[State.OMITTED] == wanted["omitted"]
            assert tally[State.REVIEW] == wanted["review"]
            assert tally[State.INHERITED] + tally[State.OTHER_MASTER] == wanted["trust"]


def cells(picture: BeautifulSoup) -> Iterator[tuple[str, int, Counter[str]]]:
    """Each row of a picture: the school, its number of differences, what its marks say."""
    for row in picture.select("tbody tr"):
        marks: Counter[str] = Counter()
        for mark in row.select("svg a"):
            words = mark.select_one("title")
            assert words
            several = re.search(r" and (\d+) more \(", words.text)
            marks[words.text.rpartition(": ")[2]] += 1 + (int(several[1]) if several else 0)
        yield row.th.text, int(row.select_one(".cb-number").text), marks  # type: ignore[union-attr]


def test_every_difference_is_in_a_mark_and_every_mark_says_what_it_is(
    ninety: Seen,
) -> None:
    master = ninety.overview.used[1]
    schools = ninety.overview.at_schools(master.id)
    html = draw(master.shown, schools, lambda *_: "to")
    rows = list(cells(BeautifulSoup(html, "html.parser")))
    assert len(rows) == 90
    for (name, number, marks), school in zip(rows, schools, strict=True):
        tally = Counter(one.state for one in clauses_at(master.shown, school))
        different = {s.value: n for s, n in tally.items() if s is not State.INHERITED}
        assert name == school.body.short_name
        assert marks == different
        assert number == sum(different.values())


def test_kinds_of_marks_differ_in_shape_and_not_only_in_colour(example: Overview) -> None:
    master = example.used[1].shown
    html = draw(master, example.at_schools("social-media"), lambda *_: "to")
    shapes: dict[str, set[str]] = {}
    for kind, path in re.findall(r'<path class="([aprn])" d="M[-\d. ]+([^"]+)"', html):
        shapes.setdefault(kind, set()).add(re.sub(r"[\d. -]+", "#", path))
    assert len(shapes) == 4
    assert shapes["a"] != shapes["p"] != shapes["r"]


def test_a_page_of_ninety_schools_is_small(ninety: Seen) -> None:
    for page in ninety.pages.pages():
        assert len(gzip.compress(page.markdown.encode())) < 60_000, page.path


def test_a_clause_of_a_later_master_is_missing_and_one_it_dropped_is_another_masters(
    trust: Trust,
) -> None:
    trust.edit(MASTER, "- answer", "- lock their screens; {#on-9}\n- answer")
    text = trust.read(MASTER)
    last = next(line for line in text.splitlines(keepends=True) if "{#on-4" in line)
    trust.write(MASTER, text.replace(last, ""))
    trust.note("trust", "on-9 on-4".replace(" ", ","))
    done = trust.run(
        *("ratify", "trust", "online", "--version", "2", "--on", "2026-06-01"),
        "--by",
        "Board",
        "--minute",
        "B 1",
    )
    assert done.code == 0, done.output
    whole = seen(open_tree(trust.root)).overview
    states = {one.id: one.state for one in clauses_at(whole.used[0].shown, whole.policies[0])}
    assert states["on-9"] is State.MISSING
    assert states["on-4"] is State.OTHER_MASTER


# -- the same rule side by side ------------------------------------------------------------


def test_every_difference_stands_side_by_side(example: Overview, ninety: Seen) -> None:
    for whole in (example, ninety.overview):
        for master in whole.used:
            policy, schools = master.shown, whole.at_schools(master.id)
            found = {
                (school.body.id, clause.id)
                for rule in rules(master, schools)
                for voice in rule.voices
                for school, _ in voice.schools
                for clause in voice.clauses
            }
            said = {id_ for _, id_ in found}
            for school in schools:
                for one in clauses_at(policy, school):
                    above = one.root != one.id and one.state in {State.OMITTED, State.ADDED}
                    if one.state is State.ADAPTED or (one.state is State.OMITTED and not above):
                        assert (school.body.id, one.id) in found
                    if one.state is State.ADDED and whole is example:
                        assert one.id in said


def test_every_school_speaks_once_about_a_rule(ninety: Seen) -> None:
    whole = ninety.overview
    for master in whole.used:
        schools = [one.body.id for one in whole.at_schools(master.id)]
        for rule in rules(master, whole.at_schools(master.id)):
            speakers = [s.body.id for voice in rule.voices for s, _ in voice.schools]
            assert len(speakers) == len(set(speakers))
            if not rule.added:
                assert sorted([*speakers, *(s.body.id for s in rule.same)]) == sorted(schools)


def test_schools_that_say_the_same_stand_together(ninety: Seen) -> None:
    whole = ninety.overview
    found = rules(whole.used[1], whole.at_schools("social-media"))
    rule = next(r for r in found if r.clause and r.clause.id == "sm-8" and not r.added)
    assert len(rule.voices) == 1
    assert len(rule.voices[0].schools) == 18


def test_a_school_with_the_words_of_an_older_master_says_so(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-01")
    whole = seen(open_tree(trust.root)).overview
    found = rules(whole.used[0], whole.policies)
    voices = {rule.clause.id: rule.voices[0] for rule in found if rule.clause and not rule.added}
    assert voices["on-6"].master == "1"


# -- where is this named? -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the UK GDPR and the Data Protection Act 2018: a name", ["Data Protection Act 2018"]),
        (
            "the Communications Act 2003 and the Protection from Harassment Act 1997, and others",
            [
                "Communications Act 2003",
                "Protection from Harassment Act 1997",
            ],
        ),
        (
            "the Copyright, Designs and Patents Act 1988",
            ["Copyright, Designs and Patents Act 1988"],
        ),
        ("Under Education Act 1996 we may", ["Education Act 1996"]),
        (
            "Human Rights Act 1998 and Equality Act 2010",
            ["Human Rights Act 1998", "Equality Act 2010"],
        ),
        ("Representation of the People Act 1983", ["Representation of the People Act 1983"]),
        ("Education (No. 2) Act 1986", ["Education (No. 2) Act 1986"]),
        (
            "Children's Wellbeing and Schools Act 2026",
            ["Children’s Wellbeing and Schools Act 2026"],
        ),
        ("Act on it in 2024; the Act 2018 is none", []),
        ("GDPR and Data Protection Act 2018", ["Data Protection Act 2018"]),
    ],
)
def test_acts_are_found_by_their_names(text: str, found: list[str]) -> None:
    assert acts(text) == found


def test_every_role_that_a_clause_names_is_found(example: Overview) -> None:
    found = mentions(example)
    for sort, name in found:
        if sort is Sort.ROLE:
            assert name in roles(example)
    text = (ROOT / "policy_source/social-media/policy.md").read_text("utf-8")
    for role in set(re.findall(r"contact\.([a-z_]+)", text)):
        assert (Sort.ROLE, role) in found
    lists = {mention.clause.id for mention in found[Sort.CHANNEL, EVERY_CHANNEL]}
    assert "sm-44" in lists


def test_a_mention_is_at_the_schools_that_publish_it(examples: Seen) -> None:
    for where in mentions(examples.overview).values():
        for mention in where:
            having = [
                one.body.id
                for one in examples.overview.at_schools(mention.policy.id)
                if (own := examples.of(one).shown.by_id.get(mention.clause.id))
                and own.provenance is not Provenance.OMITTED
            ]
            assert [body.id for body in mention.at if body.id not in having] == []


def test_a_name_and_a_website_that_a_school_typed_are_found(trust: Trust) -> None:
    person = of(trust).body
    name = person.people[0].contact.name
    (trust.root / "schools/hill/versions/online/1.md").unlink()
    (trust.root / "schools/hill/versions/online/register.txt").unlink()
    master = read_everything(open_tree(trust.root), Problems()).trust.policies["online"]
    against = wording_print(master.outline.by_id["on-6"])
    words = f"Ask {name}, or see [the guide](https://guide.example.org/a). The Data Act 2025 holds."
    trust.write(
        OURS,
        f"overrides:\n  - add: |\n      {words} {{#on-hill-9}}\n    after: on-6\n"
        f"    reason: It is asked for.\n    against: {against}\n",
    )
    found = mentions(seen(open_tree(trust.root)).overview)
    for named in (
        (Sort.ROLE, person.people[0].role),
        (Sort.LINK, "https://guide.example.org/a"),
        (Sort.ACT, "Data Act 2025"),
    ):
        assert "on-hill-9" in {mention.clause.id for mention in found[named]}


# -- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1"])
def test_no_cell_is_a_formula(text: str) -> None:
    row = next(csv.reader(io.StringIO(write_csv([{"a": text}]).split("\r\n", 1)[1])))
    assert row == [f"'{text}"]


def test_a_csv_file_reads_back(example: Overview) -> None:
    text = write_csv(policy_rows(example))
    assert text.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["school_id"] for row in found] == [one.body.id for one in example.policies]
    assert found[0]["next_review"] == str(example.policies[0].review or "")


def test_a_json_file_has_the_same_rows(example: Overview) -> None:
    rows = clause_rows(example, example.used[1])
    found = json.loads(write_json("clauses", rows, on=TODAY))
    assert found["on"] == "2026-11-21"
    assert [row["clause_id"] for row in found["clauses"]] == [row["clause_id"] for row in rows]


def unfolded(text: str) -> list[str]:
    """The lines of a calendar file, which must keep to the rules of RFC 5545."""
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def events(lines: Sequence[str]) -> list[dict[str, str]]:
    """The entries of a calendar, each property once."""
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    found: list[dict[str, str]] = []
    for line in lines:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and value not in {"VEVENT", "VCALENDAR"}:
            assert name not in found[-1]
            found[-1][name] = value
    return found


def test_every_review_is_in_the_calendar(example: Overview) -> None:
    details = read_everything(open_tree(ROOT), Problems()).trust
    files = write_files(details, example, TODAY)
    assert files == write_files(details, example, TODAY)
    found = events(unfolded(files["overview/reviews.ics"]))
    due = reviews(example)
    assert [event["DTSTART;VALUE=DATE"] for event in found] == [
        day.strftime("%Y%m%d") for _, day in due
    ]
    assert len({event["UID"] for event in found}) == len(found)
    for event, (one, _) in zip(found, due, strict=True):
        assert re.fullmatch(r"\d{8}T000000Z", event["DTSTAMP"])
        assert event["SUMMARY"].startswith(one.body.short_name)
        assert event["URL"].endswith(f"/{one.body.id}/policies/{one.id}.html")


def test_a_schools_own_calendar_has_its_entries_of_the_trusts(examples: Seen) -> None:
    details = examples.pages.trust
    files = write_files(details, examples.overview, TODAY)
    everything = events(unfolded(files["overview/reviews.ics"]))
    for school in examples.overview.schools:
        own = [one for (body, _), one in examples.published.items() if body == school.id]
        text = review_calendar(details, examples.bodies[school.id], own)
        assert text
        found = {event["UID"]: event for event in events(unfolded(text))}
        assert len(found) == len([one for one in own if one.shown.review.next])
        assert all(event in everything for event in found.values())


def test_a_review_that_moves_keeps_its_identity(trust: Trust) -> None:
    def uids() -> list[str]:
        details = read_everything(open_tree(trust.root), Problems()).trust
        files = write_files(details, seen(open_tree(trust.root)).overview, TODAY)
        return re.findall(r"UID:(\S+)", files.get("overview/reviews.ics", ""))

    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-01", "--next-review", "2027-06-01")
    before = uids()
    assert before
    trust.edit(MASTER, "at break", "at noon")
    trust.note("trust", "on-6", what="Noon, not break.")
    trust.ratify("trust", "3", "2026-06-03", "--next-review", "2028-06-01")
    assert uids() == before


def test_words_in_a_calendar_stay_words() -> None:
    odd = "Ünïcödé, a; b\\c\nBEGIN:VEVENT " * 9
    day = date(9999, 12, 31)
    event = Event(
        uid="u", day=day, stamp=TODAY, summary=odd, description="", url="https://x/\r\nA:"
    )
    lines = unfolded(write_calendar(odd, [event]))
    assert lines.count("BEGIN:VEVENT") == 1
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    back = re.sub(
        r"\\(.)", lambda at: "\n" if at[1] == "n" else at[1], summary.removeprefix("SUMMARY:")
    )
    assert back == odd
    assert "URL:https://x/A:" in lines


# -- the built pages ---------------------------------------------------------------------------


def test_every_link_of_the_overview_leads_somewhere(example_sites: ExampleSites) -> None:
    anchors: dict[Path, set[str]] = {}

    def known(page: Path) -> set[str]:
        if page not in anchors:
            soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
            anchors[page] = {str(tag["id"]) for tag in soup.find_all(id=True)}
        return anchors[page]

    pages = sorted((example_sites.site / "trust/overview").glob("*.html"))
    assert len(pages) == 8
    for page in pages:
        for link in BeautifulSoup(page.read_text("utf-8"), "html.parser").select("article a[href]"):
            address = urlsplit(str(link["href"]))
            if address.scheme:
                continue
            to = (page.parent / unquote(address.path)).resolve() if address.path else page
            assert to.is_file(), (page.name, link["href"])
            if address.fragment:
                assert address.fragment in known(to), (page.name, link["href"])


def test_only_the_trust_has_an_overview(example_sites: ExampleSites) -> None:
    assert [path.parent.name for path in example_sites.site.glob("*/overview")] == ["trust"]


def test_nothing_is_left_to_run_but_one_file(example_sites: ExampleSites) -> None:
    """A strict content security policy lets the pages be: no handlers and no scripts in them."""
    for page in (example_sites.build / "trust/docs/overview").glob("*.md"):
        text = page.read_text("utf-8")
        assert not re.search(r"\son[a-z]+=|javascript:|style=", text)
        assert set(re.findall(r"<script[^>]*>", text)) <= {
            '<script src="../assets/overview.js" defer>'
        }


@pytest.fixture(params=["disk", "server"])
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    example_sites: ExampleSites,
    serve: Callable[[Path], str],
) -> Iterator[Callable[[str], Page]]:
    """Open pages, on which nothing may go wrong."""
    served = request.param == "server"
    start = serve(example_sites.site) if served else f"{example_sites.site.as_uri()}/"
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page, wrong = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)

        def open_page(path: str) -> Page:
            page.goto(start + path, wait_until="load")
            return page

        yield open_page
        assert wrong == []


@pytest.mark.browser
def test_a_table_is_sorted_by_a_button_in_its_head(visit: Callable[[str], Page]) -> None:
    page = visit(POLICIES)
    days = ".cb-grid tbody tr td:nth-child(7) time"
    button = page.get_by_role("button", name="Next review")
    head = page.locator(".cb-grid th").nth(6)
    as_it_came = page.locator(days).evaluate_all("all => all.map(each => each.dateTime)")
    for way in ("ascending", "descending", None):
        button.focus()
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == way
        found = page.locator(days).evaluate_all("all => all.map(each => each.dateTime)")
        wanted = sorted(as_it_came, reverse=way == "descending") if way else as_it_came
        assert found == wanted
    assert page.locator("[aria-sort]").count() == 0


@pytest.mark.browser
def test_a_filter_says_how_many_rows_are_shown(visit: Callable[[str], Page]) -> None:
    page = visit(POLICIES)
    status = page.get_by_role("status").first
    rows = page.locator(".cb-grid tbody tr")
    assert status.inner_text() == f"{rows.count()} rows"
    page.get_by_label("Policy", exact=True).select_option("Social media policy")
    assert page.locator(".cb-grid tbody tr:visible").count() == 5
    page.get_by_label("Containing").fill("kestrel")
    assert page.locator(".cb-grid tbody tr:visible").count() == 1
    assert status.inner_text() == f"Showing 1 of {rows.count()} rows"
    page.get_by_label("Containing").fill("")
    page.get_by_label("Policy", exact=True).select_option("all")
    page.get_by_label("Waiting").select_option("clauses need review")
    visible = page.locator(".cb-grid tbody tr:visible")
    assert visible.count() == 1
    assert "Saltmarsh" in visible.inner_text()


@pytest.mark.browser
def test_the_picture_is_one_stop_and_arrows_lead_from_mark_to_mark(
    visit: Callable[[str], Page],
) -> None:
    page = visit(PICTURE)
    marks = page.locator(".cb-picture td a")
    assert page.locator('.cb-picture td a[tabindex="0"]').count() == 1
    marks.first.focus()
    first = page.locator(".cb-caption").inner_text()
    assert first.startswith("Ashwater")
    page.keyboard.press("ArrowRight")
    assert page.locator(".cb-caption").inner_text() != first
    page.keyboard.press("ArrowDown")
    assert page.locator(".cb-caption").inner_text().startswith("The Kestrel")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kestrel/different.html#d-*")


@pytest.mark.browser
def test_a_name_leads_to_the_clauses_that_have_it(visit: Callable[[str], Page]) -> None:
    page = visit(WHERE)
    grid = page.locator(".cb-grid", has=page.locator("th", has_text="Act")).last
    grid.get_by_label("Act", exact=True).select_option("Defamation Act 2013")
    row = grid.locator("tbody tr:visible")
    assert row.count() == 1
    row.locator("a").click()
    page.wait_for_url("**/trust/policies/social-media.html#sm-27")


@pytest.mark.browser
@pytest.mark.parametrize("path", [POLICIES, PICTURE, WHERE])
def test_everything_is_there_without_scripts(
    browser: Browser, example_sites: ExampleSites, path: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{example_sites.site.as_uri()}/{path}")
        assert page.locator("article tbody tr").count() > 4
        assert page.locator(".cb-controls").count() == 0
