"""PDFs: what they say, how those read them who cannot see them, and what they are made from.

They are made where WeasyPrint is installed (`make print`), by the commands that people use, and
read with pypdf.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from tests.conftest import ROOT
from tests.printed import bookmarks, links, roles, said, squeezed, tags
from tests.trusts import MASTER, Trust, ratified_trust, small_trust

from clausebook.handouts import shelved
from clausebook.model import Kind
from clausebook.papers import Paper
from clausebook.prose import plain

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

TODAY = "2026-11-21"
SCHOOL, POLICY = "thornbeck", "social-media"
"""With additions, tables, places that do not apply, and list items at three levels."""


@cache
def paper(label: str | None = None) -> Paper:
    """The document that is printed."""
    return shelved(ROOT, SCHOOL, POLICY, date.fromisoformat(TODAY)).paper(label)


@pytest.fixture(scope="module")
def pdf(printing: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The version in force, as the command writes it."""
    file = tmp_path_factory.mktemp("papers") / "policy.pdf"
    export(printing, ROOT, SCHOOL, POLICY, file)
    return file


def export(run: Run, root: Path, school: str, policy: str, file: Path, **env: str) -> None:
    where = ("--root", root, "--output", file, "--today", TODAY)
    done = run("-m", "clausebook", "export", school, policy, "--to", "pdf", *where, **env)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


# -- what it says ------------------------------------------------------------------------


def test_every_clause_is_said_with_its_number_in_the_documents_order(pdf: Path) -> None:
    stamp = f"Version {paper().version}, fingerprint {paper().fingerprint}"
    words = said(pdf, paper().title, paper().publisher, stamp)
    at = words.index(squeezed("Document control"))
    for what, here in paper().control:
        at = words.index(squeezed(what + here), at)
    at = words.index("Contents", at)
    contents = words[at:]
    for clause in paper().clauses:
        told = clause.note if clause.note and not clause.words else plain(clause.words)
        at = words.index(squeezed(clause.label + told), at) + len(squeezed(told))
    assert at < words.index(squeezed("Agreed Clauses Change Why"), at)
    last = paper().history[-1]
    assert squeezed(last.what) in words[at:]
    section = next(c for c in paper().clauses if c.kind is Kind.HEADING)
    assert re.search(re.escape(squeezed(section.label + plain(section.words))) + r"\d", contents)


def test_every_page_says_what_it_is_and_which_page_of_how_many(pdf: Path) -> None:
    pages = PdfReader(pdf).pages
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Page {number} of {len(pages)}" in text
        assert f"Version {paper().version}, fingerprint {paper().fingerprint}" in text
        assert paper().title in text


def test_a_draft_says_so_on_every_page(printing: Run, tmp_path: Path) -> None:
    file = tmp_path / "draft.pdf"
    trust = small_trust(tmp_path / "trust")
    export(printing, trust.root, "hill", "online", file)
    for page in PdfReader(file).pages:
        assert "Draft of 21 November 2026, fingerprint" in page.extract_text()


# -- for readers who do not see it ---------------------------------------------------------


def test_it_is_tagged_and_titled_and_says_its_language(pdf: Path) -> None:
    reader = PdfReader(pdf)
    root: dict[str, Any] = dict(reader.root_object)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_object().get_data()
    about = reader.metadata
    assert about is not None
    assert about.title == paper().name
    assert about.author == paper().publisher
    assert about.get("/CreationDate") == about.get("/ModDate") == f"D:{paper().day:%Y%m%d}"


def test_headings_lists_tables_and_links_are_what_they_are(pdf: Path) -> None:
    found = roles(PdfReader(pdf))
    headings = [c for c in paper().clauses if c.kind is Kind.HEADING]
    assert found["/H1"] == 1
    assert found["/H2"] == sum(c.depth == 2 for c in headings) + 3  # control, contents, history
    assert found["/H3"] == sum(c.depth == 3 for c in headings)
    items = sum(c.kind is Kind.ITEM for c in paper().clauses)
    sections = sum(c.depth == 2 for c in headings)
    assert found["/LI"] >= items + sections
    assert found["/Table"] >= 2
    for role in ("/P", "/L", "/LBody", "/TR", "/TD", "/Link"):
        assert found[role] > 1, role


def test_cells_know_their_headers_and_pictures_have_words(pdf: Path) -> None:
    elements = list(tags(PdfReader(pdf)))
    headers = {element["/ID"] for element in elements if element["/S"] == "/TH"}
    cells = [element["/A"] for element in elements if element["/S"] == "/TD"]
    assert cells
    assert all(cell["/Headers"] and set(cell["/Headers"]) <= headers for cell in cells)
    pictures = [element for element in elements if element["/S"] == "/Figure"]
    assert [picture["/Alt"] for picture in pictures] == [f"QR code: {paper().address}"]


def test_the_outline_names_the_sections_where_they_are(pdf: Path) -> None:
    reader = PdfReader(pdf)
    named = bookmarks(reader)
    headings = [c for c in paper().clauses if c.kind is Kind.HEADING]
    told = [f"{c.label} {plain(c.words)}" for c in headings]
    assert [name for name, _ in named] == [*told, "Change history"]
    for name, page in named:
        assert squeezed(name) in squeezed(reader.pages[page].extract_text())


def test_links_lead_to_places_that_are_there_and_out_only_to_where_the_words_say(
    pdf: Path,
) -> None:
    reader = PdfReader(pdf)
    inside, outside = links(reader)
    assert set(inside) <= reader.named_destinations.keys()
    sections = [c.id for c in paper().clauses if c.kind is Kind.HEADING and c.depth == 2]
    assert set(sections) <= set(inside)
    assert paper().address in outside
    assert all(re.match("https?:|mailto:|tel:", address) for address in outside)


def test_the_head_of_a_table_is_repeated_on_each_of_its_pages(pdf: Path) -> None:
    reader = PdfReader(pdf)
    first = dict(bookmarks(reader))["Change history"]
    texts = [squeezed(page.extract_text()) for page in reader.pages[first:]]
    assert len(texts) > 1
    assert all(squeezed("Version Agreed Clauses") in text for text in texts)


def test_no_heading_and_no_number_is_the_last_thing_on_a_page(pdf: Path) -> None:
    stamp = squeezed(f"Version {paper().version}, fingerprint {paper().fingerprint}")
    ends = [squeezed(f"{c.label} {plain(c.words)}") for c in paper().clauses
            if c.kind is Kind.HEADING]  # fmt: skip
    ends += [squeezed(c.label) for c in paper().clauses]
    for page in PdfReader(pdf).pages:
        words = re.sub(r"Page\d+of\d+$", "", squeezed(page.extract_text())).removesuffix(stamp)
        assert not words.endswith(tuple(ends)), words[-80:]


# -- what it is made from ------------------------------------------------------------------


def test_the_same_bytes_in_any_folder_and_time_zone(printing: Run, tmp_path: Path) -> None:
    trusts = [ratified_trust(tmp_path / name).root for name in ("one", "an other")]
    files = [tmp_path / "one.pdf", tmp_path / "deeper" / "two.pdf"]
    ways = (
        {"TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {"TZ": "America/Adak", "PYTHONHASHSEED": "7"},
    )
    # what is on record is salted, so one record is copied
    for path in trusts[0].rglob("versions/**/*"):
        if path.is_file():
            (trusts[1] / path.relative_to(trusts[0])).write_bytes(path.read_bytes())
    for root, file, way in zip(trusts, files, ways, strict=True):
        export(printing, root, "hill", "online", file, **way)
    assert files[0].read_bytes() == files[1].read_bytes()


ASKING = {
    "a picture": '<img src="{}" alt="x">',
    "a style sheet": '<link rel="stylesheet" href="{}">',
    "a style sheet in a style sheet": '<style>@import url("{}");</style>',
    "a background": '<p style="background: url({})">x',
    "a font": '<style>@font-face {{ font-family: x; src: url("{}") }}</style>',
    "an attachment": '<link rel="attachment" href="{}">',
}


def test_nothing_is_fetched_from_a_disk_or_a_network(printing: Run) -> None:
    code = (
        "import sys, datetime; from clausebook.pdfs import pdf, PrintError\n"
        "for html in sys.argv[1:]:\n"
        "    try: pdf('<!doctype html><html lang=en>' + html, datetime.date.today())\n"
        "    except PrintError as error: print(error)\n"
    )
    places = ("file:///etc/hostname", "http://127.0.0.1:9/x", "ftp://x/y")
    asking = [form.format(place) for place in places for form in ASKING.values()]
    done = printing("-c", code, *asking)
    refused = 'nothing is fetched for a PDF: Error fetching "{}"\n'
    assert done.stdout == "".join(refused.format(p) * len(ASKING) for p in places)


def test_without_weasyprint_it_is_said_what_to_install(tmp_path: Path) -> None:
    trust = small_trust(tmp_path)
    for command in ("export", "pack"):
        told = trust.refused(
            command, "hill", "online", "--to", "pdf", "--output", str(tmp_path / "x")
        )
        assert "pip install 'clausebook[pdf]'" in told


def test_without_pango_it_is_said_what_to_install(printing: Run, tmp_path: Path) -> None:
    trust = small_trust(tmp_path / "trust")
    (tmp_path / "libpango-1.0.so.0").touch()  # found first, and no library
    where = ("--root", trust.root, "--output", tmp_path / "x.pdf")
    way = {"LD_LIBRARY_PATH": str(tmp_path)}
    done = printing("-m", "clausebook", "export", "hill", "online", "--to", "pdf", *where, **way)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "apt install libpango-1.0-0" in done.stderr
    assert not (tmp_path / "x.pdf").exists()


# -- many at once ----------------------------------------------------------------------------


def test_all_schools_get_a_file_each_and_who_has_none_is_named(
    printing: Run, tmp_path: Path
) -> None:
    trust = ratified_trust(tmp_path / "trust")
    for school in ("dale", "fell", "moor"):
        for name in ("school.yml", "online.yml"):
            text = trust.read(f"schools/hill/{name}").replace("Hill Primary School", school.title())
            trust.write(f"schools/{school}/{name}", text)
    (trust.root / "schools/moor/online.yml").unlink()
    folder = tmp_path / "papers"
    where = ("--root", trust.root, "--output", folder, "--today", TODAY)
    every = ("-m", "clausebook", "export", "all", "online", "--to", "pdf", *where)
    done = printing(*every, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"3 files in {folder}.\n"
    assert done.stderr.count("of 3\n") == 3
    drafts = {"online-dale-draft.pdf", "online-fell-draft.pdf"}
    assert {path.name for path in folder.iterdir()} == {*drafts, "online-hill-v1.pdf"}
    alone = tmp_path / "alone.pdf"
    export(printing, trust.root, "dale", "online", alone)
    assert (folder / "online-dale-draft.pdf").read_bytes() == alone.read_bytes()

    done = printing(*every, "--version", "1")
    assert done.returncode == 3
    assert done.stdout == f"1 file in {folder}; 2 could not be written.\n"
    assert "Not written for Dale:" in done.stderr
    assert "no version '1'" in done.stderr


def test_a_mistake_at_one_school_is_shown_and_the_others_get_theirs(tmp_path: Path) -> None:
    trust = ratified_trust(tmp_path / "trust")
    for name in ("school.yml", "online.yml"):
        trust.write(f"schools/dale/{name}", trust.read(f"schools/hill/{name}"))
    trust.write("schools/dale/online.yml", "overrides:\n- omit: on-1\n  reason: None.\n")
    folder = tmp_path / "papers"
    done = trust.run("export", "all", "online", "--to", "html", "--output", str(folder))
    assert done.code == 1
    assert "locked-clause" in done.output
    assert f"1 file in {folder}; 1 could not be written." in done.output
    assert [path.name for path in folder.iterdir()] == ["online-hill-v1.html"]
    assert "no school has a policy 'onlin'" in trust.refused(
        "export", "all", "onlin", "--to", "html"
    )
    assert "--jobs is for 'all'" in trust.refused(
        "export", "hill", "online", "--to", "html", "--jobs", "2"
    )


# -- the governors' pack ---------------------------------------------------------------------


@pytest.fixture
def waiting(tmp_path: Path) -> Trust:
    """A school with a change of its own, and a clause that it left out of what it had."""
    trust = ratified_trust(tmp_path / "trust")
    trust.edit(MASTER, "Staff must:", "All staff must always:")
    trust.note("trust", "on-3", what="Everybody is meant.")
    trust.ratify("trust", "2", "2026-06-01")
    return trust


def test_the_pack_says_of_every_change_what_it_is_also_to_those_who_cannot_see_it(
    printing: Run, waiting: Trust, tmp_path: Path
) -> None:
    file = tmp_path / "pack.pdf"
    where = ("--root", waiting.root, "--output", file, "--today", TODAY)
    done = printing("-m", "clausebook", "pack", "hill", "online", "--to", "pdf", *where)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Written: {file}\n"
    words = said(file)
    assert squeezed("1.2 [deleted: Staff must:] [inserted: All staff must always:]") in words
    reader = PdfReader(file)
    assert reader.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    named = [name for name, _ in bookmarks(reader)]
    assert {"In short", "Proposed minute", "Sign-off"} <= set(named)
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "Made on 21 November 2026" in text
    assert "unchanged" in words
    inside, _ = links(reader)
    assert set(inside) <= reader.named_destinations.keys()
