"""The governors' pack: what it says, on the site and as a file, and how it opens and prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import html5lib
import pytest
from pypdf import PdfReader
from tests.redlinechecks import faults, parsed, squeezed
from tests.redlinechecks import to_html as page_html
from tests.trusts import MASTER, OURS, SCHOOL, Trust, ratified_trust, small_trust

from clausebook.everything import open_tree
from clausebook.pipeline import render
from clausebook.problems import Problems
from clausebook.ratify import next_label
from clausebook.records import Step

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TODAY = "2026-11-20"
PACK = "policies/online/pack.md"
ADAPTED = """\
overrides:
  - replace: on-6
    with: Pupils may use a phone after lunch.
    reason: Lunch is for <script>alert(1)</script> talking.
    against: qbqw-gpzf
"""


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust with version 1 of its master and of its school's policy."""
    return ratified_trust(tmp_path)


@pytest.fixture
def waiting(trust: Trust) -> Trust:
    """Give a draft with a change of the trust's, approved, and one of the school's own."""
    trust.edit(MASTER, "Staff must:", "All staff must:")
    trust.note("trust", "on-3", what="Everybody is meant.")
    trust.ratify("trust", "2", "2026-06-01")
    trust.write(OURS, trust.read(OURS) + ADAPTED)
    trust.note("hill", "on-6", what="After lunch, not at it.")
    return trust


def pages(trust: Trust, body: str = "hill") -> dict[str, str]:
    """Every page of a site, as Markdown."""
    problems = Problems()
    sites = render(open_tree(trust.root), problems, date.fromisoformat(TODAY))
    site = next(site for site in sites if site.body.id == body)
    return {page.path: page.markdown for page in site.pages}


def page(trust: Trust, body: str = "hill") -> Element:
    """The site's page as readers get it, parsed strictly."""
    _, _, text = pages(trust, body)[PACK].split("---\n", 2)
    return parsed(page_html(text.split("\n")))


def written(trust: Trust, body: str = "hill") -> str:
    """The file, as it is printed."""
    return trust.ok("pack", body, "online", "--output", "-", "--today", TODAY)


def article(document: str) -> Element:
    """What the file shows."""
    return parsed(document.split("<main>")[1].split("</main>", maxsplit=1)[0])


def section(article: Element, name: str) -> str:
    """The words of one part of a pack, up to the next."""
    inside, found = False, []
    for element in article:
        if element.tag == "h2":
            inside = element.attrib["id"] == f"cb--{name}"
        if inside:
            found.append(" ".join("".join(element.itertext()).split()))
    return "\n".join(found)


def kinds(trust: Trust) -> Sequence[str]:
    """What sorts of points are open."""
    return re.findall(r"^- \*\*([A-Za-z ]+):?\*\*", pages(trust)[PACK], re.MULTILINE)


# -- what it says ------------------------------------------------------------------------


def test_page_and_file_say_the_same(waiting: Trust) -> None:
    def said(pack: Element) -> str:
        words = ("".join(e.itertext()) for e in pack if e.attrib.get("class") != "cb-byline")
        return squeezed("".join(words))

    document = written(waiting)
    assert said(page(waiting)) == said(article(document))
    assert "Made on 20 November 2026" in document


def test_the_summary_counts_changes_by_who_made_them_and_says_why(waiting: Trust) -> None:
    said = section(page(waiting), "summary")
    assert "Version 1 of the Online safety policy has been in force since 20 May 2026." in said
    assert "1 clause was changed by the trust and 1 here; the draft has 8 in all." in said
    assert "Behind them: a review (2 clauses)." in said
    assert said.index("After lunch, not at it.") < said.index("Everybody is meant.")
    assert "whether to agree what was changed here (1 clause);" in said
    assert "Nothing stands in the way." in said


def test_every_change_is_listed_with_its_reason_and_origin(waiting: Trust) -> None:
    said = section(page(waiting), "changes").split("Made by the trust")
    assert "After lunch, not at it. Why: It was asked for. (review, Hill Primary" in said[0]
    assert "1.3 reworded" in said[0]
    assert "Everybody is meant. Why: It was asked for. (review, Lowland" in said[1]
    assert "1.2 reworded" in said[1]


def test_changes_made_for_one_reason_stand_together(trust: Trust) -> None:
    trust.edit(MASTER, "- keep", "- always keep")
    trust.edit(MASTER, "- answer", "- soon answer")
    trust.note("trust", "on-4,on-5", what="It is stricter.")
    said = section(page(trust, "trust"), "changes")
    assert said.count("It is stricter.") == 1
    assert ("1.2(a) reworded" in said, "1.2(b) reworded" in said) == (True, True)


def test_departures_have_their_reason_and_both_wordings(waiting: Trust) -> None:
    said = section(page(waiting), "departures")
    assert "1.3 Being online, in our own words. Why: Lunch is for <script>" in said
    assert re.search(r"at.*lunch", said.split("Our wording beside the trust’s (1.3)")[1])
    assert "The trust’s wording, with what is new in it" not in said


def test_what_the_trust_changed_where_the_school_has_its_own_wording(waiting: Trust) -> None:
    waiting.ratify("hill", "2", "2026-06-02")
    waiting.edit(MASTER, "at lunch", "at break")
    pack = page(waiting)
    said = section(pack, "departures")
    assert "break" in said.split("The trust’s wording, with what is new in it:")[1]
    assert "whether our own wording of 1.3 stays" in section(pack, "summary")
    assert "The trust’s wording of 1.3 has changed." in section(pack, "minute")
    assert "to adopt version 2.1" in section(pack, "minute")
    assert list(kinds(waiting)) == ["Not approved", "Needs review"]


def test_the_minute_says_what_is_known_and_leaves_the_rest_blank(waiting: Trust) -> None:
    said = section(page(waiting), "minute")
    assert "The governing body considered the Online safety policy." in said
    assert "It noted changes made by the trust to 1 clause and" in said
    assert "agreed changes made by the school to 1 clause." in said
    assert "to adopt version 2, in force from ____; next review 14 May 2027." in said
    assert "Chair of governors" in section(page(waiting), "signing")
    assert "Una Marsh" not in written(waiting)


def test_labels_that_are_dates_are_left_blank() -> None:
    assert next_label("2026-09", Step.SUBSTANTIVE) is None
    assert next_label("3.1", Step.SUBSTANTIVE) == "4"
    assert next_label("3", Step.EDITORIAL) == "3.1"
    assert next_label("3.1", Step.NO_CHANGES) == "3.2"


def test_a_first_version_is_all_there_to_be_read(tmp_path: Path) -> None:
    trust = small_trust(tmp_path)
    pack = page(trust)
    assert "This is the first version of the Online safety policy" in section(pack, "summary")
    assert "to adopt version 1, in force from ____" in section(pack, "minute")
    assert "Staff must" in section(pack, "wording")
    assert pack.find(".//details") is None
    assert list(kinds(trust)) == ["Not approved"]
    assert "(policies/online/pack.md)" in pages(trust)["index.md"]


def test_trustees_have_a_pack_of_their_own(trust: Trust) -> None:
    trust.edit(MASTER, "Staff must:", "All staff must:")
    said = "".join(page(trust, "trust").itertext())
    assert "Online safety policy: trustees’ pack" in said
    assert "The Board of Trustees considered the Online safety policy." in said
    assert "to approve version 2" in said
    assert "trustees’ pack" in written(trust, "trust")


def test_the_pages_about_the_policy_lead_to_it(waiting: Trust) -> None:
    found = pages(waiting)
    assert "[Governors’ pack](online/pack.md)" in found["policies/online.md"]
    assert "[governors’ pack](pack.md)" in found["policies/online/proposed.md"]
    assert found[PACK].startswith("---\n")
    assert "robots: noindex\nsearch:\n  exclude: true\n" in found[PACK]


# -- open points ---------------------------------------------------------------------------


def test_nothing_is_open_when_all_is_ready(waiting: Trust) -> None:
    assert list(kinds(waiting)) == []
    assert "None: nothing stands in the way." in section(page(waiting), "open")


def test_an_open_point_for_a_master_that_waits(waiting: Trust) -> None:
    waiting.edit(MASTER, "Tell {{", "Always tell {{")
    assert list(kinds(waiting)) == ["Not approved", "No reason given"]
    said = section(page(waiting), "open")
    assert "since its approved version 2" in said
    assert "No reason given (2.1): Changed by the trust, and no note says why." in said
    waiting.note("trust", "on-8")
    assert list(kinds(waiting)) == ["Not approved"]


def test_an_open_point_for_a_change_without_a_note(waiting: Trust) -> None:
    (waiting.root / "schools/hill/changes/online/change-on-6.yml").unlink()
    assert list(kinds(waiting)) == ["No reason given"]
    assert "No reason is given yet:" in section(page(waiting), "changes")


def test_an_open_point_for_a_note_that_does_not_fit(waiting: Trust) -> None:
    waiting.note("hill", "on-8")
    assert list(kinds(waiting)) == ["Note astray"]
    assert "2.1 has not been changed by Hill Primary" in section(page(waiting), "open")


def test_an_open_point_for_wording_that_the_trust_has_changed_since(waiting: Trust) -> None:
    waiting.edit(MASTER, "at lunch", "at break")
    waiting.note("trust", "on-6")
    waiting.ratify("trust", "3", "2026-07-01")
    assert list(kinds(waiting)) == ["Needs review"]


def test_an_open_point_for_a_review_that_is_overdue(waiting: Trust) -> None:
    waiting.ratify("hill", "2", "2026-06-02", "--next-review", "2026-11-01")
    waiting.edit(OURS, "phone after", "phone well after")
    waiting.note("hill", "on-6")
    assert list(kinds(waiting)) == ["Overdue"]
    assert "was to be reviewed by 1 November 2026" in section(page(waiting), "open")


def test_an_open_point_for_a_law_that_is_out_of_date(waiting: Trust) -> None:
    waiting.edit(OURS, "phone after", "phone, as the Data Protection Act 1998 says, after")
    assert list(kinds(waiting)) == ["Out of date"]
    said = section(page(waiting), "open")
    assert "Out of date (1.3): “Data Protection Act 1998”: repealed by the" in said
    assert "Write instead: the UK GDPR and the Data Protection Act 2018." in said


def test_an_open_point_for_a_review_that_nobody_has_planned(waiting: Trust) -> None:
    waiting.edit(OURS, ", next: 2027-05-14", "")
    assert list(kinds(waiting)) == ["No review planned"]
    assert "next review ____" in section(page(waiting), "minute")


def test_an_open_point_for_a_clause_with_nothing_left(waiting: Trust) -> None:
    waiting.edit(OURS, "Pupils may use a phone after lunch.", "Cameras stay in bags all day long.")
    assert list(kinds(waiting)) == ["Rewritten"]
    assert "Nothing is left of what 1.3 said" in section(page(waiting), "open")


def test_an_open_point_for_a_name_in_what_would_be_sealed(waiting: Trust) -> None:
    waiting.edit(OURS, "talking", "talking with Ruth Adeyemi")
    assert list(kinds(waiting)) == ["Names a person"]


# -- as a file -----------------------------------------------------------------------------


def test_the_file_needs_nothing_else_and_is_right(waiting: Trust) -> None:
    document = written(waiting)
    html5lib.HTMLParser(strict=True).parse(document)
    assert faults(article(document)) == []
    for foreign in ("<script", "<link", "src=", "@import", "url(", "http:", "https:"):
        assert foreign not in document, foreign
    targets = re.findall(r'href="#([^"]+)"', document)
    assert targets
    assert {key for key in targets if f'id="{key}"' not in document} == set()
    assert faults(page(waiting)) == []


def test_what_a_school_writes_stays_text(waiting: Trust) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written(waiting)
    assert "&lt;script&gt;" in pages(waiting)[PACK]


def test_the_command_writes_a_file_and_says_where(
    waiting: Trust, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = waiting.ok("pack", "hill", "online", "--today", TODAY)
    assert "Written: pack-hill-online.html" in said
    assert (tmp_path / "pack-hill-online.html").read_text("utf-8") == written(waiting)


def test_the_command_says_so_when_nothing_waits(trust: Trust) -> None:
    before = trust.files()
    said = trust.ok("pack", "hill", "online")
    assert said == "No draft of 'online' waits at 'hill': there is nothing to decide.\n"
    assert trust.files() == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("hil", "online"), "did you mean 'hill'?"),
        (("hill", "onlin"), "did you mean 'online'?"),
        (("hill", "online", "--output", f"{__file__}/pack.html"), "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(waiting: Trust, words: tuple[str, ...], why: str) -> None:
    assert why in waiting.refused("pack", *words)


def test_a_contact_that_changed_needs_no_agreement(waiting: Trust) -> None:
    waiting.edit(SCHOOL, "Ruth Adeyemi", "Ann Field")
    assert "Ann Field" in written(waiting)
    assert "1 clause was changed by the trust and 1 here" in section(page(waiting), "summary")


# -- in a browser and on paper ---------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_a_fold_opens_at_a_tap_without_javascript(
    browser: Browser, waiting: Trust, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "pack.html"
    waiting.ok("pack", "hill", "online", "--output", str(file), "--today", TODAY)
    size = {"width": width, "height": 844}
    with browser.new_context(viewport=size, java_script_enabled=False) as context:  # type: ignore[arg-type]
        shown = context.new_page()
        shown.goto(file.as_uri())
        hidden = shown.get_by_text("about anything that worries you")
        assert not hidden.is_visible()
        shown.get_by_text("3 clauses unchanged").or_(
            shown.get_by_text("2 clauses unchanged (2 to 2.1)")
        ).last.click()
        assert hidden.is_visible()
        assert shown.locator(".cb-vh").first.is_visible()


@pytest.mark.browser
def test_a_printed_pack_has_all_but_what_is_folded(
    browser: Browser, waiting: Trust, tmp_path: Path
) -> None:
    file, printed = tmp_path / "pack.html", tmp_path / "pack.pdf"
    waiting.ok("pack", "hill", "online", "--output", str(file), "--today", TODAY)
    with browser.new_context() as context:
        shown = context.new_page()
        shown.goto(file.as_uri())
        shown.pdf(path=printed, prefer_css_page_size=True)
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(printed).pages).split())
    assert "Resolved: to adopt version 2, in force from ____; next review 14 May 2027." in said
    assert "[inserted: " in said
    assert "2 clauses unchanged (2 to 2.1)" in said
    assert "about anything that worries you" not in said
    assert re.search(r"\b1 ?/ ?[1-9]\b", said)
    assert "Signature" in said
