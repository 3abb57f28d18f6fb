"""The English that terms, labels and counts need."""

from __future__ import annotations

import pytest

from clausebook.english import (
    capital,
    count,
    enumerate_words,
    plural,
    possessive,
    typographic,
    with_article,
)


@pytest.mark.parametrize(
    ("one", "several"),
    [
        ("pupil", "pupils"),
        ("headteacher", "headteachers"),
        ("governing body", "governing bodies"),
        ("academy", "academies"),
        ("policy", "policies"),
        ("day", "days"),
        ("survey", "surveys"),
        ("boy", "boys"),
        ("class", "classes"),
        ("bus", "buses"),
        ("box", "boxes"),
        ("church", "churches"),
        ("dish", "dishes"),
        ("clause", "clauses"),
        ("local committee", "local committees"),
        ("hour", "hours"),
    ],
)
def test_regular_plurals(one: str, several: str) -> None:
    assert plural(one) == several


@pytest.mark.parametrize(
    ("word", "owner"),
    [
        ("pupil", "pupil’s"),
        ("pupils", "pupils’"),
        ("children", "children’s"),
        ("parents and carers", "parents and carers’"),
        ("governing body", "governing body’s"),
    ],
)
def test_possessives(word: str, owner: str) -> None:
    assert possessive(word) == owner


@pytest.mark.parametrize(
    ("word", "raised"),
    [
        ("pupil", "Pupil"),
        ("governing body", "Governing body"),
        ("Principal", "Principal"),
        ("éclair", "Éclair"),
        ("iPad", "IPad"),
        ("", ""),
    ],
)
def test_capitals(word: str, raised: str) -> None:
    assert capital(word) == raised


@pytest.mark.parametrize(
    "phrase",
    [
        "a headteacher",
        "an executive headteacher",
        "an academy",
        "an Academy",
        "an infant",
        "an off-site visit",
        "an under-16 account",
        "a university",
        "a uniform",
        "a unit",
        "a user",
        "a European school",
        "a one-page form",
        "an hour",
        "an honest answer",
        "an honorary member",
        "an uninvited guest",
        "an heir",
        "a house captain",
        "a school",
        "a year group",
    ],
)
def test_the_article_follows_the_sound(phrase: str) -> None:
    assert with_article(phrase.split(" ", 1)[1]) == phrase


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], ""),
        (["X"], "X"),
        (["Facebook", "X"], "Facebook and X"),
        (["Facebook", "X", "Tapestry"], "Facebook, X and Tapestry"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["Arts and crafts", "X"], "Arts and crafts and X"),
        (["Facebook", "Arts and crafts", "X"], "Facebook, Arts and crafts, and X"),
        (["Facebook", "Brandy", "X"], "Facebook, Brandy and X"),
    ],
)
def test_lists_in_a_sentence(words: list[str], sentence: str) -> None:
    assert enumerate_words(words) == sentence


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("pupils' and children's", "pupils’ and children’s"),
        ("'Friends' only", "‘Friends’ only"),
        ('Say "no".', "Say “no”."),
        ('He wrote "it\'s fine."', "He wrote “it’s fine.”"),
        ('("quoted")', "(“quoted”)"),
        ("already ‘printed’ “so”", "already ‘printed’ “so”"),
        ("plain", "plain"),
    ],
)
def test_quotation_marks_as_in_print(typed: str, printed: str) -> None:
    assert typographic(typed) == printed


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [(0, "clause", "0 clauses"), (1, "clause", "1 clause"), (2, "policy", "2 policies"),
     (12, "school", "12 schools")],
)  # fmt: skip
def test_counts(number: int, noun: str, said: str) -> None:
    assert count(number, noun) == said
