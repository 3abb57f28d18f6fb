"""Numbers that somebody typed are told from words that only look like numbers.

In these texts `→` is a tab.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.foundlabels import is_bullet, readings
from clausebook.typedlabels import begins, typed_labels

NUMBERS = """\
1.→Staff                     | 1.
1. Staff                     | 1.
1) Staff                     | 1)
1→Staff                      | 1
1  Staff                     | 1
12A→Staff                    | 12A
4.1→Staff                    | 4.1
4.1. Staff                   | 4.1.
4.1.2 Staff                  | 4.1.2
4.2A→Staff                   | 4.2A
4.1(a) Staff                 | 4.1(a)
8(a)(ii) Staff               | 8(a)(ii)
(a) Staff                    | (a)
(iv)→Staff                   | (iv)
(12) Staff                   | (12)
(aa) Staff                   | (aa)
a) Staff                     | a)
a. Staff                     | a.
iv. Staff                    | iv.
IV. STAFF                    | IV.
A→Staff                      | A
A.→Staff                     | A.
B) Staff                     | B)
- Staff                      | -
– Staff                      | –
• Staff                      | •
☞ Staff                      | ☞
- ☞ Staff                    | ☞
- a. Staff                   | a.
• (ii) Staff                 | (ii)
o→Staff                      | o
Section 4: Staff             | Section 4
Appendix B – Forms           | Appendix B
SCHEDULE 2→Forms             | SCHEDULE 2
Part IV. Forms               | Part IV
Rule 3: Staff                | Rule 3
Annexe A – Forms             | Annexe A
  (b) Staff                  | (b)
1.\xa0\xa0\xa0\xa0 Staff     | 1.
4.1                          |
(a)                          | (a)
3.                           | 3."""

WORDS = """\
A parent must
I am
1998 was
12 pupils
2.5 million people
9.30 am is when school starts
1.9.21 Adopted
21.04.2021 Adopted
A. Smith is the head
I. Newton
e.g. a school
i.e. a school
(see page 4)
(mid) term
mix. Then
-5 degrees
Section 4 of the Act
Section 4
Appendix B
a parent
o dear
4
o
-
Staff must (a) ask
1st of May
24/7 help
3D printing
(1998) was
4.1Staff
www.example.org"""


@pytest.mark.parametrize("line", NUMBERS.splitlines())
def test_a_typed_number_is_parted_from_the_words(line: str) -> None:
    text, _, label = line.rpartition("|")
    text = text.rstrip(" ").replace("→", "\t")
    typed = typed_labels([text])[0]
    assert (typed.label if typed else "") == label.strip()
    if typed and "Staff" in text:
        assert text[typed.length :] == "Staff"
    if typed:
        assert readings(typed.label)


@pytest.mark.parametrize("text", WORDS.splitlines())
def test_words_are_no_number(text: str) -> None:
    assert typed_labels([text]) == [None]


def together(text: str) -> str:
    found = typed_labels(text.splitlines())
    return " ".join(typed.label if typed else "-" for typed in found)


def test_bare_numbers_are_numbers_where_they_count() -> None:
    assert together("1 SCOPE\nWords\n2 LAW\nMore\n3 DUTIES") == "1 - 2 - 3"
    assert together("12 pupils came\nWords\n14 pupils came") == "- - -"
    assert together("2 SCOPE\n3 LAW") == "- -"
    assert together("2 SCOPE\n3 LAW\n4 DUTIES") == "2 3 4"


def test_steps_are_numbers_where_they_count() -> None:
    assert together("4.1 Staff\n4.2 Pupils\n5.1 Parents") == "4.1 4.2 5.1"
    assert together("4. Staff\n4.1 All of them\nWords") == "4. 4.1 -"
    assert together("4. Staff\n2.5 million people") == "4. -"


def test_capitals_are_numbers_where_they_count() -> None:
    assert together("A. CONTENT\nWords\nB. IMAGES") == "A. - B."
    assert together("A. Smith\nC. Jones") == "- -"


def test_small_os_are_bullets_where_there_are_several() -> None:
    assert together("o one\no two") == "o o"
    assert together("o my") == "-"


def test_bullets_count_nothing() -> None:
    assert [label for label in ("•", "-", "o", "☞", "") if not is_bullet(label)] == []
    assert [label for label in ("1.", "(a)", "iv.", "O") if is_bullet(label)] == []


SIGNS = st.text(st.sampled_from("0123456789abivxABIVX().:- \t•oSection–"), max_size=20)


@given(st.lists(SIGNS | st.text(max_size=30), max_size=8))
def test_whatever_stands_there_a_number_is_its_beginning(texts: list[str]) -> None:
    for text, typed in zip(texts, typed_labels(texts), strict=True):
        if typed:
            start = text[: typed.length].replace("\xa0", " ")
            assert typed.label
            assert typed.label in start
            assert typed.label == typed.label.strip()
        if begins(text):
            assert typed


@given(st.lists(SIGNS, max_size=8), st.integers(0, 8))
def test_numbers_that_need_no_neighbours_do_not_depend_on_them(texts: list[str], at: int) -> None:
    for text in texts[at:]:
        if begins(text):
            assert typed_labels([text])[0] == typed_labels(texts)[texts.index(text)]
