"""The checks that a trust can choose: the register, the rules, explain, --fail-on.

What each rule finds, and how it says so, stands on its page under `problems/`.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT, TODAY
from tests.many_schools import many_schools
from tests.problem_pages import BASE
from tests.published_policies import SOURCES, published_trust
from tests.trusts import MASTER, small_trust

from clausebook.cli import main
from clausebook.explaining import all_codes, explanation
from clausebook.matching import GAP, Phrasebook, mistake_in
from clausebook.pipeline import check
from clausebook.problems import CODES, Problem, Problems, SourceError
from clausebook.reading import read_trust
from clausebook.rules import RULES
from clausebook.snapshot import Snapshot
from clausebook.source import Tree
from clausebook.stale import register
from clausebook.statements import statements
from clausebook.survey import Survey
from clausebook.workspace import WorkingTree

DAY = date.fromisoformat(TODAY)


def found_in(tree: Tree, day: date = DAY) -> list[Problem]:
    """What `clausebook check` finds."""
    problems = Problems()
    with suppress(SourceError):
        check(tree, problems, day)
    return list(problems)


def with_clause(words: str) -> Snapshot:
    """The small trust, with these words as one of its clauses."""
    policy = BASE[MASTER].decode()
    return Snapshot({**BASE, MASTER: f"{policy}\n{words} {{#on-90}}\n".encode()})


def matches(phrase: str, text: str, *, as_written: bool = False) -> list[str]:
    """Where a phrase stands in a text."""
    book: Phrasebook[None] = Phrasebook()
    book.add(phrase, None, as_written=as_written)
    return [found.text for found in book.find(text)]


# -- phrases -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("Data Protection Act 1998", "the data protection Act, 1998"),
        ("Ask.fm", "We left Ask.fm."),
        ("Twitter", "Twitter’s owner"),
        ("head teacher/teachers", "two head teachers"),
        ("KCSIE September? [year<2025]", "KCSIE (September 2019)"),
        ("KCSIE September? [year<2025]", "KCSIE 2024"),
        ("Google+", "on Google+ today"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert matches(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("Data Protection Act 1998", "the Data Protection Act. 1998 was a year"),
        ("Data Protection Act 1998", f"the Data Protection Act {GAP} 1998"),
        ("Vine", "the grapevines"),
        ("KCSIE [year<2025]", "KCSIE 2026"),
        ("KCSIE [year<2025]", "KCSIE 1"),
        ("Google+", "Google"),
        ("Skype", "skyped"),
    ],
)
def test_a_phrase_is_not_found_in_something_else(phrase: str, text: str) -> None:
    assert not matches(phrase, text)


def test_capitals_count_only_where_that_is_asked() -> None:
    assert matches("Vine", "a vine")
    assert not matches("Vine", "a vine", as_written=True)
    assert not matches("LEA", "Lea Road", as_written=True)
    assert matches("LEA", "the LEA decides", as_written=True)


@pytest.mark.parametrize("phrase", ["[year<2025]", "? ?", "the?", "a [year~3]", "+ -"])
def test_a_phrase_that_cannot_be_used_is_refused(phrase: str) -> None:
    assert mistake_in(phrase)


@given(st.lists(st.sampled_from(["a", "b", "a?", "a/b", "[year<2000]"]), max_size=30), st.text())
def test_any_phrase_is_looked_for_in_any_text(parts: list[str], text: str) -> None:
    phrase = " ".join(["a", *parts])
    assert not mistake_in(phrase)
    for found in matches(phrase, text + " a a b 1999"):
        assert found


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    began = time.perf_counter()
    assert matches("a a? a? a? a? a? a? a? a? a? b", "a " * 20_000) == []
    assert time.perf_counter() - began < 5


# -- the register ----------------------------------------------------------------------------


def _example(pattern: str) -> str:
    """The shortest text that a pattern is about."""
    words = [word for word in pattern.split() if not word.endswith("?")]
    words = [re.sub(r"\[year<([0-9]+)\]", lambda year: str(int(year[1]) - 1), w) for w in words]
    return " ".join(word.split("/")[0] for word in words)


def test_the_register_has_many_entries_each_with_its_source() -> None:
    entries = register().entries
    assert len(entries) >= 45
    for key, entry in entries.items():
        assert entry.source.startswith("https://"), key
        assert entry.since or "no such" in entry.what, key


@pytest.mark.parametrize("key", register().entries)
def test_every_phrase_of_the_register_finds_what_it_is_there_for(key: str) -> None:
    entry = register().entries[key]
    company = "".join(f" {_example(phrase)}" for phrase in entry.only_with[:1])
    for pattern in entry.pattern:
        found = found_in(with_clause(f"We know {_example(pattern)} well,{company}."))
        stale = [p for p in found if p.code in {"stale-reference", "coming-change"}]
        assert entry.source in "".join(p.hint for p in stale), pattern


def test_a_day_makes_what_is_coming_stale() -> None:
    tree = with_clause("The minimum age of 13 holds on social media.")
    assert [p.code for p in found_in(tree)] == ["coming-change"]
    assert [p.code for p in found_in(tree, date(2028, 1, 1))][-1] == "stale-reference"


# -- what people wrote -----------------------------------------------------------------------


def test_every_clause_of_the_example_is_a_statement_once() -> None:
    trust = read_trust(WorkingTree(ROOT), Problems())
    found = statements(trust)
    for policy in trust.policies.values():
        written = [s.clause for s in found if s.clause and not s.layer and s.policy == policy.id]
        assert written == [clause.id for clause in policy.outline]


def test_a_statement_knows_the_schools_that_it_reaches() -> None:
    trust = read_trust(WorkingTree(ROOT), Problems())
    reach = {(s.clause, s.layer): set(s.schools) for s in statements(trust) if s.clause}
    assert reach["sm-2", ""] == set(trust.schools)
    assert "kestrel" not in reach["sm-112", ""], "it has wording of its own"
    assert reach["sm-112", "kestrel"] == {"kestrel"}
    assert "ashwater" not in reach["sm-131", ""], "it has left the section out"
    assert reach["sm-88", "two-rivers"] == {"millrace"}, "Ashwater changed its federation's wording"
    assert reach["sm-two-rivers-1", "two-rivers"] == {"ashwater", "millrace"}


def test_a_hit_names_every_school_it_reaches_in_one_problem() -> None:
    files = dict(BASE)
    for name in ("dale", "moor"):
        files[f"schools/{name}/school.yml"] = (
            f"name: {name.title()} School\ncontacts:\n  dsl: {{name: Una Marsh}}\n".encode()
        )
        files[f"schools/{name}/online.yml"] = b"overrides: []\n"
    files[MASTER] += b"\nWe are on Twitter. {#on-90}\n"
    (found,) = found_in(Snapshot(files))
    assert "(at Dale School, Hill Primary School and Moor School)" in found.message


# -- real texts ------------------------------------------------------------------------------


def test_the_example_has_nothing_stale() -> None:
    found = {p.code for p in found_in(WorkingTree(ROOT)) if p.code in RULES}
    assert found <= {"review-overdue"}, "Millrace's review is overdue on purpose"


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the published policies are not at hand")
def test_published_policies_have_stale_references() -> None:
    found = found_in(published_trust())
    stale = {p.hint.split("explain ")[1].rstrip("'") for p in found if p.code == "stale-reference"}
    assert stale == {
        "ask-fm",
        "data-protection-act-1998",
        "defamation-acts",
        "delicious",
        "malicious-communications-year",
        "missing-from-education",
        "tweet",
        "twitter",
    }
    for code, least in (
        ("template-text", 1),
        ("undefined-abbreviation", 3),
        ("unfinished-sentence", 5),
        ("repeated-wording", 3),
        ("mixed-spelling", 2),
        ("other-word", 3),
    ):
        assert sum(p.code == code for p in found) >= least, code


def test_many_schools_are_checked_in_a_moment() -> None:
    trust = read_trust(Snapshot(many_schools(100)), Problems())
    survey = Survey(trust, DAY)
    began = time.perf_counter()
    for rule in RULES.values():
        list(rule.find(survey))
    assert time.perf_counter() - began < 10


# -- settings, explain, --fail-on ---------------------------------------------------------------


@pytest.mark.parametrize(("level", "code"), [("off", 0), ("warning", 0), ("error", 1)])
def test_a_trust_chooses_how_much_a_rule_matters(tmp_path: Path, level: str, code: int) -> None:
    trust = small_trust(tmp_path)
    trust.write(MASTER, trust.read(MASTER) + "\nWe are on Twitter. {#on-90}\n")
    trust.edit("policy_source/trust.yml", "checks: {", f"checks: {{stale-reference: {level}, ")
    done = trust.run("check")
    assert done.code == code
    assert ("stale-reference" in done.output) == (level != "off")
    trust.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8"))
    done = trust.run("build")
    assert done.code == code
    assert ("[stale-reference]" in done.output) == (level != "off")


def test_a_warning_fails_the_check_only_if_asked(tmp_path: Path) -> None:
    trust = small_trust(tmp_path)
    trust.write(MASTER, trust.read(MASTER) + "\nWe are on Twitter. {#on-90}\n")
    assert trust.run("check").code == 0
    assert trust.run("check", "--fail-on", "error").code == 0
    assert trust.run("check", "--fail-on", "warning").code == 1
    assert trust.run("check", "--strict").code == 1


def test_every_code_is_explained() -> None:
    for code in CODES:
        told = explanation(code)
        assert CODES[code] in told
        assert "Why it matters: " in told
        assert "How to mend it: " in told
        assert f"  {code} " in all_codes()


def test_every_entry_of_the_register_is_explained() -> None:
    for key, entry in register().entries.items():
        assert entry.source in explanation(key)
        assert f"  {key}: " in explanation("stale-reference")
        assert key not in CODES


def test_explain_says_what_may_have_been_meant() -> None:
    done = CliRunner().invoke(main, ["explain", "stale-referense"])
    assert done.exit_code == 2
    assert "did you mean 'stale-reference'?" in done.output
    assert CliRunner().invoke(main, ["explain"]).output == all_codes() + "\n"
