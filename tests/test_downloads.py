"""PDFs of every version, beside the pages of the sites, where they can be made and only there.

They are made where WeasyPrint is installed (`make print`); what is compared with is a build of
the same sources that has nothing to build on.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from tests.conftest import ROOT
from tests.printed import said, squeezed
from tests.trusts import SCHOOL, Trust, ratified_trust

from clausebook.buildcache import FOLDER

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

DAY = "2026-11-20"
OURS = "hill/policies/online/versions/v1.pdf"
TRUSTS = "trust/policies/online/versions/v1.pdf"


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust with version 1 of its master and of its school's policy."""
    made = ratified_trust(tmp_path / "trust")
    made.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8"))
    return made


def build(run: Run, trust: Trust, *more: str | Path, day: str = DAY) -> str:
    """Build the sites; gives what is told."""
    done = run("-m", "clausebook", "build", "--root", trust.root, "--today", day, *more)
    assert done.returncode == 0, done.stderr
    return done.stderr + done.stdout


def pdfs(site: Path) -> dict[str, bytes]:
    """Every PDF of a folder of sites."""
    return {p.relative_to(site).as_posix(): p.read_bytes() for p in sorted(site.rglob("*.pdf"))}


def ways(site: Path) -> dict[str, list[str]]:
    """For each page the PDFs that it leads to."""
    found: dict[str, list[str]] = {}
    for page in sorted(site.rglob("*.html")):
        document = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        for link in document.select("a[href$='.pdf']"):
            place = (page.parent / str(link["href"])).resolve()
            assert place.is_file(), (page, link)
            here = found.setdefault(page.relative_to(site).as_posix(), [])
            here.append(place.relative_to(site.resolve()).as_posix())
    return found


def kept(trust: Trust) -> dict[str, int]:
    """The PDFs in the cache, and when each was put there."""
    found = (path for path in (trust.root / FOLDER / "pdfs").rglob("*") if path.is_file())
    return {path.name: path.stat().st_mtime_ns for path in found}


def test_each_version_has_a_pdf_and_pages_lead_to_it(printing: Run, trust: Trust) -> None:
    told = build(printing, trust)
    assert re.search(r"Built Hill Primary School \(\d+ pages and 1 PDF\), 1 of 2\n", told)
    site = trust.root / "site"
    assert pdfs(site).keys() == {OURS, TRUSTS}
    assert ways(site) == {
        f"{body}/policies/{page}.html": [f"{body}/policies/online/versions/v1.pdf"]
        for body in ("hill", "trust")
        for page in ("online", "online/history", "online/versions/v1")
    }
    stamp = r"Version1,fingerprint\w{4}-\w{4}"
    assert re.search(stamp, said(site / OURS))
    drafts = [path for path in pdfs(site) if "draft" in path]
    assert drafts == []


def test_what_has_not_changed_is_not_made_again_and_is_what_a_clean_build_makes(
    printing: Run, trust: Trust, tmp_path: Path
) -> None:
    build(printing, trust)
    before, first = kept(trust), pdfs(trust.root / "site")
    assert "Nothing has changed" in build(printing, trust)

    # another day: every site is made again, from the same PDFs
    build(printing, trust, day="2026-11-21")
    assert kept(trust) == before
    assert pdfs(trust.root / "site") == first

    # a new version: its PDF is new, and the old one says that it holds no more
    trust.ratify("hill", "1.1", "2026-06-02", "--no-changes")
    build(printing, trust, day="2026-11-21")
    assert kept(trust).items() > before.items()
    now = pdfs(trust.root / "site")
    assert now[TRUSTS] == first[TRUSTS]
    assert now[OURS] != first[OURS]
    assert "nolongerinforce" in said(trust.root / "site" / OURS)

    # the same sources, somewhere else, with nothing to build on
    other = Trust(tmp_path / "elsewhere")
    for name in ("policy_source", "schools"):
        shutil.copytree(trust.root / name, other.root / name)
    shutil.copy(trust.root / "mkdocs.yml", other.root)
    build(printing, other, "--no-cache", "--jobs", "1", day="2026-11-21")
    assert pdfs(other.root / "site") == now
    assert all(
        path.read_bytes()
        == (trust.root / "site" / path.relative_to(other.root / "site")).read_bytes()
        for path in (other.root / "site").rglob("*.html")
    )


def test_they_can_be_left_out_and_taken_in_again(printing: Run, trust: Trust) -> None:
    site = trust.root / "site"
    told = build(printing, trust, "--no-downloads")
    assert "PDF" not in told
    assert (pdfs(site), ways(site)) == ({}, {})
    build(printing, trust)
    assert pdfs(site).keys() == {OURS, TRUSTS}
    build(printing, trust, "--no-downloads")
    assert (pdfs(site), ways(site)) == ({}, {})


def test_where_none_can_be_made_nothing_is_said_of_them(trust: Trust) -> None:
    done = trust.run("build")
    assert done.code == 0
    assert "PDF" not in done.output
    site = trust.root / "site"
    assert (pdfs(site), ways(site)) == ({}, {})


def test_without_pango_nothing_is_said_of_them(printing: Run, trust: Trust, tmp_path: Path) -> None:
    (tmp_path / "libpango-1.0.so.0").touch()  # found first, and no library
    where = ("--root", trust.root, "--today", DAY)
    done = printing("-m", "clausebook", "build", *where, LD_LIBRARY_PATH=str(tmp_path))
    assert done.returncode == 0
    assert "PDF" not in done.stderr + done.stdout
    assert ways(trust.root / "site") == {}
    build(printing, trust)  # and where Pango is there again, so are they
    assert pdfs(trust.root / "site").keys() == {OURS, TRUSTS}


def test_who_was_withdrawn_is_in_no_pdf(printing: Run, trust: Trust) -> None:
    build(printing, trust)
    pdf = trust.root / "site" / OURS
    assert squeezed("Tell Ruth Adeyemi") in said(pdf)
    trust.edit(SCHOOL, "Ruth Adeyemi", "Nadia Okafor")
    why = ("--reason", "left the school", "--on", "2026-11-19")
    trust.ok("withdraw", "hill", "Ruth Adeyemi", *why)
    trust.ratify("hill", "1.1", "2026-06-02", "--no-changes")  # so that version 1 is of the past
    build(printing, trust)
    assert squeezed("Ruth Adeyemi") not in said(pdf)
    assert squeezed("Tell Nadia Okafor") in said(pdf.with_name("v1.1.pdf"))


def test_mkdocs_itself_copies_them(printing: Run, trust: Trust) -> None:
    trust.edit("mkdocs.yml", "plugins: []", "plugins: [search]")
    build(printing, trust)
    assert pdfs(trust.root / "site").keys() == {OURS, TRUSTS}
    assert len(ways(trust.root / "site")) == 6
    project = trust.root / "build" / "hill" / "docs" / "policies" / "online" / "versions"
    assert (project / "v1.pdf").read_bytes() == pdfs(trust.root / "site")[OURS]


def test_parts_have_them_and_the_whole_too(printing: Run, trust: Trust, tmp_path: Path) -> None:
    part = tmp_path / "part"
    build(printing, trust, "--shard", "1/1", "--output", part)
    assert pdfs(part).keys() == {OURS}
    where = ("--root", trust.root, "--today", DAY, "--output", tmp_path / "whole")
    done = printing("-m", "clausebook", "gather", part, *where)
    assert done.returncode == 0, done.stderr
    assert pdfs(tmp_path / "whole").keys() == {OURS, TRUSTS}
    done = printing("-m", "clausebook", "gather", part, *where, "--no-downloads")
    assert done.returncode == 3
    assert "build that part again" in done.stderr
