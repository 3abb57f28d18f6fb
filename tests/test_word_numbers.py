"""The numbers of a Word document's lists are those that Word prints, and LibreOffice.

Every document here goes through LibreOffice as well, all in one run, and every line must be the
same.  Bullets are compared as bullets: programs draw them with different signs.
"""

from __future__ import annotations

import random
import re
from functools import cache

import pytest
from tests.office import printed_text
from tests.source_documents import source_documents
from tests.wordfiles import abstract, level, num, para, start_at, style, word_file

from clausebook.documents import read_content
from clausebook.found import FoundDocument, count_words
from clausebook.prose import plain

THREE = abstract(
    0,
    level(0, "%1."),
    level(1, "%1.%2"),
    level(2, "(%3)", "lowerLetter"),
    level(3, "%3/%4", "lowerRoman"),
)
BODY = (99, 99)
"""A paragraph of no list."""

Place = tuple[int, int]


def document(numbering: str, *places: Place, styles: str = "") -> bytes:
    """A document in which paragraphs stand in a list and at a level; `BODY` is in none."""
    body = "".join(
        para(f"word{at}") if place is BODY else para(f"word{at}", num=place[0], level=place[1])
        for at, place in enumerate(places)
    )
    return word_file(body, numbering=numbering, styles=styles)


def in_lists(*levels: int, of: int = 1) -> tuple[Place, ...]:
    return tuple((of, at) for at in levels)


def cell(*paragraphs: str) -> str:
    return f"<w:tc>{''.join(paragraphs)}</w:tc>"


HEADINGS = (
    style("H1", "heading 1", para_properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
    + style(
        "H2", "heading 2", based_on="H1", para_properties='<w:numPr><w:ilvl w:val="1"/></w:numPr>'
    )
    + style("Mine", "My heading", based_on="H2")
    + style(
        "Off", "No number", based_on="H1", para_properties='<w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    + style(
        "Deep",
        "Deep item",
        para_properties='<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>',
    )
)
OF_HEADINGS = abstract(
    0,
    level(0, "%1.", style="H1"),
    level(1, "%1.%2", style="H2"),
    level(2, "(%3)", "lowerLetter"),
)
LIST_STYLE = style(
    "LS", "My list", kind="numbering", para_properties='<w:numPr><w:numId w:val="1"/></w:numPr>'
)
WAYS = [
    "decimal",
    "lowerLetter",
    "upperLetter",
    "lowerRoman",
    "upperRoman",
    "decimalZero",
    "ordinal",
    "cardinalText",
    "ordinalText",
    "none",
    "bullet",
]

BY_HAND: dict[str, tuple[bytes, str]] = {
    "levels open and close again": (
        document(THREE + num(1, 0), *in_lists(0, 1, 2, 3, 3), BODY, *in_lists(2, 1, 0, 1, 2)),
        "1. 1.1 (a) a/i a/ii - (b) 1.2 2. 2.1 (a)",
    ),
    "a list begins deep, and levels are left out": (
        document(THREE + num(1, 0), *in_lists(2, 2, 1, 0, 2, 1)),
        "(a) (b) 1.2 2. (a) 2.2",
    ),
    "two nums of one list count on": (
        document(THREE + num(1, 0) + num(2, 0), (1, 0), (1, 0), (2, 0), (2, 1), (1, 0), (1, 1)),
        "1. 2. 3. 3.1 4. 4.1",
    ),
    "a num starts anew where it says so, once": (
        document(
            THREE + num(1, 0) + num(2, 0, start_at(0, 1)),
            *[(1, 0), (1, 0), (2, 0), (2, 1), (2, 0), (1, 0), (2, 0)],
        ),
        "1. 2. 1. 1.1 2. 3. 4.",
    ),
    "lists start where they say": (
        document(
            abstract(0, level(0, "%1.", start=3), level(1, "%1.%2", start=7)) + num(1, 0),
            *in_lists(0, 1, 0, 1),
        ),
        "3. 3.7 4. 4.7",
    ),
    "a list starts at nought, also if it does not say where": (
        document(
            abstract(0, level(0, "%1.", start=0), level(1, "%1.%2", start=None)) + num(1, 0),
            *in_lists(0, 1, 0),
        ),
        "0. 0.0 1.",
    ),
    "a level is written anew for one num": (
        document(
            THREE
            + num(1, 0)
            + num(
                2,
                0,
                f'<w:lvlOverride w:ilvl="0">{level(0, "<%1>", "upperLetter", start=4)}'
                "</w:lvlOverride>",
            ),
            *[(1, 0), (2, 0), (2, 1), (1, 0)],
        ),
        "1. <B> B.1 3.",
    ),
    "words stand in numbers": (
        document(
            abstract(0, level(0, "Part %1"), level(1, "Rule %2 of %1:")) + num(1, 0),
            *in_lists(0, 1, 0),
        ),
        "Part 1 | Rule 1 of 1: | Part 2",
    ),
    "num 0 and a num that is not there are no lists": (
        document(THREE + num(1, 0), (1, 0), (0, 0), (7, 0), (1, 0)),
        "1. - - 2.",
    ),
    "an empty paragraph is counted": (
        word_file(
            para("word0", num=1, level=0) + para(num=1, level=0) + para("word2", num=1, level=0),
            numbering=THREE + num(1, 0),
        ),
        "1. 2. 3.",
    ),
    "styles bring numbers, and can take them away": (
        word_file(
            para("one", style="H1")
            + para("two", style="H2")
            + para("three", style="Mine")
            + para("four", style="Off")
            + para("five", style="H2", num=0)
            + para("six", style="H2")
            + para("seven", num=1, level=2)
            + para("eight", style="H1")
            + para("nine", style="Deep"),
            numbering=OF_HEADINGS + num(1, 0),
            styles=HEADINGS,
        ),
        "1. 1.1 1.2 - - 1.3 (a) 2. (a)",
    ),
    "a list style leads to the list": (
        word_file(
            para("one", num=1, level=0)
            + para("two", num=2, level=0)
            + para("three", num=2, level=1),
            numbering=abstract(
                0, level(0, "%1)"), level(1, "%1.%2"), more='<w:styleLink w:val="LS"/>'
            )
            + abstract(1, more='<w:numStyleLink w:val="LS"/>')
            + num(1, 0)
            + num(2, 1),
            styles=LIST_STYLE,
        ),
        "1) 2) 2.1",
    ),
    "cells of tables are counted in reading order": (
        word_file(
            para("one", num=1, level=0) + f"<w:tbl><w:tr>{cell(para('two', num=1, level=0))}"
            f"{cell(para('three', num=1, level=1))}</w:tr>"
            f"<w:tr>{cell(para('four', num=1, level=0))}{cell(para('five'))}</w:tr></w:tbl>"
            + para("six", num=1, level=0),
            numbering=THREE + num(1, 0),
        ),
        "1. 2. 2.1 3. - 4.",
    ),
    **{
        f"counting in {way}": (
            document(
                abstract(0, level(0, "•" if way == "bullet" else "%1.", way)) + num(1, 0),
                *in_lists(*[0] * 53),
            ),
            "",
        )
        for way in WAYS
    },
}
"""What LibreOffice prints of these is looked up; where numbers stand beside, they are these."""


def at_random(seed: int) -> bytes:
    """A document with lists as nobody would plan them."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    lists = chance.randint(1, 3)
    numbering, nums = "", ""
    of: dict[int, int] = {}
    for number in range(lists):
        depth = chance.randint(2, 5)
        levels = []
        for at in range(depth):
            shown = [f"%{above + 1}" for above in range(chance.randint(0, at), at + 1)]
            text = chance.choice(["{}", "{}.", "({})", "{})", "Part {}"]).format(".".join(shown))
            levels.append(
                level(at, text, chance.choice(WAYS[:7]), start=chance.choice([1, 1, 1, 4]))
            )
        numbering += abstract(number, *levels)
        for _ in range(chance.randint(1, 3)):
            own = len(of) + 1
            of[own] = depth
            nums += num(own, number, chance.choice(["", start_at(0, chance.randint(1, 9))]))
    places: list[Place] = []
    for _ in range(40):
        if chance.random() < 0.15:
            places.append(BODY)
            continue
        chosen = chance.choice(sorted(of))
        places.append((chosen, chance.randrange(of[chosen])))
    return document(numbering + nums, *places)


SEEDS = range(50)


@cache
def documents() -> dict[str, bytes]:
    files = {f"hand{at}": content for at, (content, _) in enumerate(BY_HAND.values())}
    files |= {f"random{seed}": at_random(seed) for seed in SEEDS}
    files |= {f"source{at}": source.content for at, source in enumerate(source_documents())}
    return files


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What LibreOffice prints of all of them: lines with their numbers."""
    texts = printed_text(documents(), tmp_path_factory.mktemp("office"))
    return {
        name: [_line(line) for line in text.split("\n") if line.strip()]
        for name, text in texts.items()
    }


def _line(text: str) -> str:
    return re.sub(r"^[•◦▪\uf0b7o] ", "• ", " ".join(text.split()))


def read(name: str) -> FoundDocument:
    return read_content(documents()[name], f"{name}.docx")


def lines(document: FoundDocument) -> list[str]:
    return [_line(f"{line.label} {plain(line.words)}") for line in document.lines]


@pytest.mark.parametrize("at", range(len(BY_HAND)), ids=list(BY_HAND))
def test_lists_of_every_kind_are_printed_as_libreoffice_prints_them(
    printed: dict[str, list[str]], at: int
) -> None:
    assert lines(read(f"hand{at}")) == printed[f"hand{at}"]


@pytest.mark.parametrize("at", range(len(BY_HAND)), ids=list(BY_HAND))
def test_lists_of_every_kind_have_the_numbers_that_are_expected(at: int) -> None:
    expected = list(BY_HAND.values())[at][1]
    if expected:
        parted = expected.split(" | ") if "|" in expected else expected.split()
        assert [line.label or "-" for line in read(f"hand{at}").lines] == parted


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_made_at_random_are_printed_as_libreoffice_prints_them(
    printed: dict[str, list[str]], seed: int
) -> None:
    assert lines(read(f"random{seed}")) == printed[f"random{seed}"]


def test_published_policies_have_every_number_that_libreoffice_prints(
    printed: dict[str, list[str]],
) -> None:
    sources = list(source_documents())
    assert len(sources) == 3
    for at, _ in enumerate(sources):
        assert lines(read(f"source{at}")) == printed[f"source{at}"]


def test_published_policies_keep_every_word() -> None:
    for source in source_documents():
        found = read_content(source.content, source.name)
        said = " ".join(plain(line.words) for line in found.lines)
        assert said.split() == source.words.split()
        assert found.words == found.carried == count_words(source.words)
        assert found.left_out == ()


# -- what LibreOffice does not have: after the standard ---------------------------------


def labels(content: bytes) -> str:
    return " ".join(line.label or "-" for line in read_content(content, "a.docx").lines)


def test_a_level_can_count_on_for_ever() -> None:
    never = level(1, "%1.%2", more='<w:lvlRestart w:val="0"/>')
    numbering = abstract(0, level(0, "%1."), never) + num(1, 0)
    assert labels(document(numbering, *in_lists(0, 1, 1, 0, 1))) == "1. 1.1 1.2 2. 2.3"


def test_a_level_can_start_anew_after_a_far_level_only() -> None:
    far = level(2, "%1.%2.%3", more='<w:lvlRestart w:val="1"/>')
    numbering = abstract(0, level(0, "%1."), level(1, "%1.%2"), far) + num(1, 0)
    places = in_lists(0, 1, 2, 2, 1, 2, 0, 1, 2)
    assert labels(document(numbering, *places)) == "1. 1.1 1.1.1 1.1.2 1.2 1.2.3 2. 2.1 2.1.1"


def test_a_legal_level_shows_all_numbers_as_digits() -> None:
    numbering = abstract(
        0, level(0, "%1.", "upperRoman"), level(1, "%1.%2", "lowerLetter", more="<w:isLgl/>")
    ) + num(1, 0)
    assert labels(document(numbering, *in_lists(0, 0, 1, 1))) == "I. II. 2.1 2.2"


def test_an_unknown_way_of_counting_is_shown_in_digits_and_told() -> None:
    numbering = abstract(0, level(0, "%1.", "thaiLetters")) + num(1, 0)
    found = read_content(document(numbering, *in_lists(0, 0)), "a.docx")
    assert [line.label for line in found.lines] == ["1.", "2."]
    assert [left.what for left in found.left_out] == [
        "the way of counting 'thaiLetters', here shown as 1.",
        "the way of counting 'thaiLetters', here shown as 2.",
    ]


def test_paragraphs_that_are_deleted_or_hidden_are_not_counted() -> None:
    gone = '<w:rPr><w:del w:id="1" w:author="A"/></w:rPr>'
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    body = (
        para("one", num=1, level=0)
        + para(
            num=1,
            level=0,
            more=gone,
            runs='<w:del w:id="2" w:author="A"><w:r><w:delText>two</w:delText></w:r></w:del>',
        )
        + para("three", num=1, level=0)
        + para(
            num=1, level=0, more=hidden, runs="<w:r><w:rPr><w:vanish/></w:rPr><w:t>four</w:t></w:r>"
        )
        + para("five", num=1, level=0)
    )
    found = read_content(word_file(body, numbering=THREE + num(1, 0)), "a.docx")
    assert lines(found) == ["1. one", "2. three", "3. five"]
    assert [left.text for left in found.left_out] == ["two", "four"]


def test_numbers_never_grow_without_bound() -> None:
    numbering = abstract(0, level(0, "%1.", "upperLetter", start=999_999_999)) + num(1, 0)
    assert labels(document(numbering, *in_lists(0, 0))) == "32767. 32767."
