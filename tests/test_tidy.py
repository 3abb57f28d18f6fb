"""Websites under change: an edit to a clause's words touches the lines that show it, no others.

Whoever keeps a site in version control, or sends it to a server by what changed, sees the edit.
"""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.trusts import MASTER, Trust, ratified_trust

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "trust"
DAY = "2026-11-21"

Changed = dict[str, tuple[list[str], list[str]]]
"""For each file that differs, its lines that went and those that came."""


def drafts(folder: Path) -> Trust:
    """The golden trust, whose policies are drafts at three schools."""
    shutil.copytree(GOLDEN, folder / "trust")
    shutil.copy(ROOT / "mkdocs.yml", folder / "trust")
    return Trust(folder / "trust")


def in_force(folder: Path) -> Trust:
    """A small trust whose policy is ratified."""
    (folder / "trust").mkdir()
    trust = ratified_trust(folder / "trust")
    shutil.copy(ROOT / "mkdocs.yml", trust.root)
    return trust


def edited(trust: Trust, path: str, before: str, after: str) -> Changed:
    """What an edit changes in the built websites."""
    trust.build(DAY)
    old = trust.files("site")
    trust.edit(path, before, after)
    trust.build(DAY)
    new = trust.files("site")
    assert old.keys() <= new.keys()
    return {
        name.removeprefix("site/"): lines(old.get(name, b""), new[name])
        for name in new
        if old.get(name) != new[name]
    }


def lines(old: bytes, new: bytes) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came."""
    both = (old.decode().splitlines(), new.decode().splitlines())
    found = list(difflib.unified_diff(*both, n=0, lineterm=""))[2:]
    went, came = ([line[1:] for line in found if line[0] == sign] for sign in "-+")
    return went, came


def pages(changed: Changed) -> Mapping[str, tuple[list[str], list[str]]]:
    """The pages among what changed; the search and other programs have data of their own."""
    return {name: each for name, each in changed.items() if name.endswith(".html")}


@pytest.mark.slow
def test_new_words_of_a_draft_clause_change_one_line_of_each_page_that_shows_it(
    tmp_path: Path,
) -> None:
    words, other = "keep passwords to themselves", "keep every password to themselves"
    changed = pages(edited(drafts(tmp_path), MASTER, words, other))
    sites = ("dale", "hill", "trust", "vale")
    assert set(changed) == {
        f"{site}/policies/online{page}.html" for site in sites for page in ("", "/pack")
    }
    for name, (went, came) in changed.items():
        assert (len(went), len(came)) == (1, 1), name
        assert 'id="on-7"' in went[0]
        assert went[0].replace(words, other) == came[0]


@pytest.mark.slow
def test_a_new_heading_changes_its_own_line_and_the_two_lists_of_contents(tmp_path: Path) -> None:
    trust = drafts(tmp_path)
    changed = edited(trust, MASTER, "## Getting help", "## Asking for help")
    for site in ("dale", "hill", "trust", "vale"):
        went, came = (
            [line for line in each if "data-why=" not in line]  # overrides beside it need review
            for each in changed[f"{site}/policies/online.html"]
        )
        assert len(went) == len(came) == 3, site
        assert all("Asking for help" in line for line in came)


@pytest.mark.slow
def test_new_words_of_a_definition_change_no_line_in_which_its_term_is_used(tmp_path: Path) -> None:
    trust = drafts(tmp_path)
    definition = "**Password** means a secret word. {#on-40 .definition}"
    trust.edit(MASTER, "## What we do", f"{definition}\n\n## What we do")
    changed = pages(edited(trust, MASTER, "a secret word", "any secret word"))
    page = trust.read("site/hill/policies/online.html")
    assert '<a class="cb-term" href="#on-40">passwords</a>' in page
    for name, (went, came) in changed.items():
        assert (len(went), len(came)) == (1, 1), name
        assert "secret word" in went[0]


@pytest.mark.slow
def test_a_draft_changes_only_pages_about_drafts_while_a_version_is_in_force(
    tmp_path: Path,
) -> None:
    trust = in_force(tmp_path)
    trust.edit(MASTER, "at lunch", "at break")  # the first draft brings its pages into the menu
    changed = pages(edited(trust, MASTER, "- answer messages", "- answer all messages"))
    assert set(changed) == {
        f"{site}/policies/online/{page}.html"
        for site in ("hill", "trust")
        for page in ("pack", "proposed")
    }
