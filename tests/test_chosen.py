"""Who chose what, where the trust leaves a limit or a choice to its schools."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.trusts import SCHOOL, Trust, small_trust

from clausebook.chosen import choices
from clausebook.everything import open_tree
from clausebook.names import fill_for_trust
from clausebook.pipeline import render
from clausebook.problems import Problems
from clausebook.reading import read_trust

PHONES = """\
  phones:
    label: Phones at lunch
    type: choice
    choices: [permitted, with permission, not permitted]
    says: {not permitted: "{{ pupils }} may not use a phone at lunch"}
    default: with permission
    stricter: later
"""


def trust_of_two(folder: Path) -> Trust:
    """Hill keeps the trust's choice, and waits longer in its one policy; Dale forbids phones."""
    trust = small_trust(folder)
    last = "  consent_form: {label: Name of the consent form}\n"
    trust.edit("policy_source/trust.yml", last, last + PHONES)
    dale = trust.read(SCHOOL).replace("Hill Primary School", "Dale School")
    trust.write("schools/dale/school.yml", dale + "values: {phones: not permitted}\n")
    trust.write("schools/dale/online.yml", "overrides: []\n")
    trust.write("schools/hill/online.yml", "values: {reply_time: 48}\n")
    return trust


def test_every_choice_is_listed_with_the_schools_that_made_it(tmp_path: Path) -> None:
    trust = trust_of_two(tmp_path)
    read = read_trust(open_tree(trust.root), Problems())
    names = fill_for_trust(read, Problems()).names
    found = {one.key: one for one in choices(read, names)}
    assert found.keys() == {"reply_time", "phones"}

    by_words = {
        key: {
            words: [(school.id, policy) for school, policy in schools]
            for words, schools in one.by_words.items()
        }
        for key, one in found.items()
    }
    assert by_words == {
        "reply_time": {
            "24 hours": [("dale", None), ("hill", None)],
            "48 hours": [("hill", "online")],
        },
        "phones": {
            "with permission": [("hill", None)],
            "pupils may not use a phone at lunch": [("dale", None)],  # the trust's own word
        },
    }
    assert found["reply_time"].bounds == "at least 1 and at most 72"
    assert found["phones"].bounds == (
        "permitted, with permission, not permitted; only later than the default in this list"
    )


def test_the_trusts_site_has_the_table(tmp_path: Path) -> None:
    trust = trust_of_two(tmp_path)
    problems = Problems()
    sites = render(open_tree(trust.root), problems, date(2026, 11, 20))
    pages = {page.path: page.markdown for page in sites[0].pages}
    text = pages["overview/choices.md"]
    assert "\n\n| Chosen | Schools |\n" in text
    assert "| 48 hours | Hill Primary School (Online safety policy) |" in text
    assert "| with permission (the trust’s own) | Hill Primary School |" in text
