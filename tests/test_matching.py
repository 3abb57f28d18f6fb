"""Phrases in running text: what is looked at closely, and what need not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.matching import Phrasebook, phrasebook

WORDS = ("act", "Act's", "co-op", "ACT", "head", "teacher’s", "2024", "straße", "ǰoin", "Ωhm")
SIGNS = (" ", " ", " ", ". ", ", ", "\n", "’s ", "-", "(", "\u0345", "_", "+")
PHRASES = ("act", "head teacher/teachers", "co-op act?", "act [year<2025]", "straße head?", "ǰoin")

texts = st.lists(st.sampled_from(WORDS + SIGNS), max_size=12).map("".join)
phrases = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3)


class EverythingLookedAt(Phrasebook[str]):
    """A book that looks closely at every text."""

    def _may_stand_in(self, text: str) -> bool:  # noqa: ARG002 - whatever it says
        return True


@given(phrases, st.lists(st.sampled_from(WORDS), max_size=2), texts)
def test_a_text_that_is_passed_over_has_no_phrase(
    some: list[str], names: list[str], text: str
) -> None:
    quick, thorough = phrasebook((phrase, phrase) for phrase in some), EverythingLookedAt()
    for phrase in some:
        thorough.add(phrase, phrase)
    for name in names:
        quick.add_words(name, name)
        thorough.add_words(name, name)
    assert list(quick.find(text)) == list(thorough.find(text))


@pytest.mark.parametrize(
    "text",
    ["The school has rules.", "Head of the act.", "Teachers, and their heads.", "co-operate", ""],
)
def test_most_texts_are_passed_over(text: str) -> None:
    book = phrasebook((phrase, phrase) for phrase in ("head teacher/teachers", "co-op rules"))
    assert not book._may_stand_in(text)  # noqa: SLF001 - it is what makes the rules fast
