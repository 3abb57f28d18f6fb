r"""The pages under `imports/`: one for each kind of remark that an import makes, named after it.

A page has a document in a `text` block, in the form of `found_documents`, with a table as lines of
`| a | b |`; and in a `console` block every remark: what kind it is, where, the words, and what
is said of them.  `CLAUSEBOOK_UPDATE=1 pytest tests/test_import_defects.py` writes the latter.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.found_documents import Part, found

from clausebook.drafts import draft_policy
from clausebook.everything import open_tree
from clausebook.found import Highlight
from clausebook.founddefects import defects
from clausebook.foundvalues import propose
from clausebook.imported import Remark
from clausebook.problems import Problems
from clausebook.reading import read_trust
from clausebook.structure import structure

PAGES = sorted((Path(__file__).parent / "imports").glob("*.md"))
TODAY = date(2026, 11, 21)
_BLOCK = re.compile(r"```(text|console)\n(.*?)```", re.DOTALL)


def parts(text: str) -> list[Part]:
    made: list[Part] = []
    rows: list[list[str]] = []
    for line in [*text.rstrip("\n").split("\n"), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            made.append(rows)
            rows = []
        if line:
            made.append(line)
    return made


def remarks(text: str) -> list[Remark]:
    """Everything that is said of a document of one school, Saltmarsh."""
    trust = read_trust(open_tree(ROOT), Problems())
    made = structure(found(*parts(text)))
    draft = draft_policy(made, audiences=["staff"], codes=[], used=[], policy_id="made")
    proposals = propose(made, trust, "saltmarsh")
    wrong = defects(made, draft.text, draft.ids, trust, proposals, today=TODAY, school="saltmarsh")
    return [replace(one, where=one.where) for one in (*made.remarks, *wrong)]


def as_text(said: list[Remark]) -> str:
    return "".join(
        f"{one.sort}: {one.kind}\n  {one.where}: {one.text}\n  {one.said}\n" for one in said
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_an_import_says(page: Path) -> None:
    text = page.read_text("utf-8")
    blocks = dict(_BLOCK.findall(text))
    said = as_text(remarks(blocks["text"]))
    if os.environ.get("CLAUSEBOOK_UPDATE"):
        page.write_text(
            text.replace(f"```console\n{blocks['console']}```", f"```console\n{said}```"), "utf-8"
        )
    assert blocks["console"] == said


def test_every_page_is_about_its_own_kind() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        kind = page.stem.replace("-", " ")
        assert text.startswith(f"# {kind[:1].upper()}{kind[1:]}\n")
        assert f": {kind}\n" in dict(_BLOCK.findall(text))["console"], page.name


def test_every_kind_of_remark_has_a_page() -> None:
    sources = (ROOT / "generator" / "clausebook").glob("*.py")
    code = "\n".join(
        path.read_text("utf-8") for path in sources if path.stem in {"structure", "founddefects"}
    )
    kinds = set(re.findall(r'(?:_doubt|_remark)\(\s*"([^"]+)"', code))
    kinds |= set(re.findall(r'kind="([^"]+)"', code))
    kinds |= set(re.findall(r'": "(a [a-z ]+)",', code))
    unlikely = {
        "a paragraph longer than a clause can be",
        "bold or italics that cannot be kept",
        "a link that cannot be kept",
        "a reference that will be out of date",
        "a sentence in the style of a heading",
    }
    assert kinds - unlikely == {page.stem.replace("-", " ") for page in PAGES}


def test_highlighted_words_are_a_defect() -> None:
    trust = read_trust(open_tree(ROOT), Problems())
    marked = (Highlight("paragraph 3", "Choose a frequency"),)
    document = replace(found("Online policy", "# [1] Rules", "[1.1] Be kind."), highlighted=marked)
    made = structure(document)
    draft = draft_policy(made, audiences=["staff"], codes=[], used=[], policy_id="made")
    proposals = propose(made, trust, None)
    (one,) = defects(made, draft.text, draft.ids, trust, proposals, today=TODAY, school=None)
    assert (one.kind, one.text) == ("template guidance left in", "Choose a frequency")
    assert one.said.startswith("It is highlighted")


def test_a_document_in_which_nothing_is_wrong_has_no_defects() -> None:
    text = "Online policy\n# [1] Rules\n[1.1] Be kind to one another.\n[1.2] Tell somebody."
    assert not remarks(text)
