"""Colours, logos and what they make of a site."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clausebook.appearance import css_text, read_logo, style_of, write_style
from clausebook.contrast import (
    DARK,
    LIGHT,
    TEXT,
    ink_on,
    lowest,
    nearest_readable,
    ratio,
    read_colour,
)
from clausebook.everything import open_tree
from clausebook.picture import read_picture
from clausebook.problems import Problems
from clausebook.reading import read_trust
from clausebook.shapes import Appearance
from clausebook.snapshot import Snapshot
from clausebook.source import Source
from clausebook.yamldoc import read_yaml

ROOT = Path(__file__).parent.parent
SHELL = ROOT / "generator" / "clausebook" / "theme" / "assets" / "shell.css"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 40, 30)

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, known: float) -> None:
    assert ratio(one, other) == pytest.approx(known, abs=0.005)
    assert ratio(other, one) == ratio(one, other)


@given(colours)
def test_what_is_suggested_can_be_read(colour: str) -> None:
    for papers in (LIGHT, DARK):
        found = nearest_readable(colour, papers)
        assert read_colour(found) == found
        assert lowest(found, papers) >= TEXT
        if lowest(colour, papers) >= TEXT:
            assert found == colour


@given(colours)
def test_words_on_any_header_can_be_read(colour: str) -> None:
    assert ratio(ink_on(colour), colour) >= TEXT


@pytest.mark.parametrize(
    ("written", "meant"),
    [("#7A1F3D", "#7a1f3d"), ("7a1f3d", "#7a1f3d"), ("#abc", "#aabbcc"), ("red", None)]
    + [(wrong, None) for wrong in ("#12345", "#1234567", "rgb(0,0,0)", "#12345g", "", "#")],
)
def test_colours_are_read_in_the_ways_people_write_them(written: str, meant: str | None) -> None:
    assert read_colour(written) == meant


def test_the_colours_measured_are_those_of_the_style_sheet() -> None:
    text = SHELL.read_text("utf-8")
    found = {name: re.findall(rf"--cb-{name}: (#\w+);", text) for name in ("paper", "panel")}
    light, *dark = zip(*found.values(), strict=True)
    assert light == ("#fff", LIGHT[1])
    assert dark == [DARK, DARK]
    for name, papers in (("ink", LIGHT), ("quiet", LIGHT)):
        shown = re.findall(rf"--cb-{name}: (#\w+);", text)
        assert lowest(shown[0], papers) >= TEXT
        assert all(lowest(colour, DARK) >= TEXT for colour in shown[1:])


@given(st.binary(max_size=60))
def test_any_bytes_are_a_picture_or_none(data: bytes) -> None:
    for start in (
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"RIFF0000WEBPVP8 ",
        b"RIFF0000WEBPVP8X",
    ):
        read_picture(start + data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, ("png", 40, 30)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x1e\x00\x28", ("jpg", 40, 30)),
        (b"RIFF____WEBPVP8X" + bytes(8) + b"\x27\0\0\x1d\0\0", ("webp", 40, 30)),
        (b"RIFF____WEBPVP8L" + bytes(4) + b"\x2f\x27\x40\x07\0", ("webp", 40, 30)),
        (b"RIFF____WEBPVP8 " + bytes(7) + b"\x9d\x01\x2a\x28\0\x1e\0", ("webp", 40, 30)),
        (b"GIF89a" + bytes(20), None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
    ],
)
def test_pictures_are_known_by_their_bytes(data: bytes, kind: tuple[str, int, int] | None) -> None:
    found = read_picture(data)
    assert (found and (found.ending, found.width, found.height)) == kind


@pytest.mark.parametrize(
    "name", ["../logo.png", "/logo.png", "a/../../logo.png", "..\\l.png", "c:l"]
)
def test_a_logo_lies_in_its_own_folder(name: str) -> None:
    problems = Problems()
    source = Source("schools/hill/school.yml", f"look: {{logo: '{name}'}}\n")
    document = read_yaml(source, problems)
    assert document is not None
    tree = Snapshot({"schools/logo.png": PNG, "logo.png": PNG})
    found = read_logo(tree, "schools/hill", Appearance(logo=name), document, problems)
    assert found is None
    assert [problem.code for problem in problems] == ["unusable-logo"]


def test_a_link_out_of_the_trust_is_no_logo(tmp_path: Path) -> None:
    outside = tmp_path / "logo.png"
    outside.write_bytes(PNG)
    trust = tmp_path / "trust"
    (trust / "policy_source").mkdir(parents=True)
    (trust / "schools" / "hill").mkdir(parents=True)
    (trust / "schools" / "hill" / "logo.png").symlink_to(outside)
    problems = Problems()
    document = read_yaml(Source("schools/hill/school.yml", "look: {logo: logo.png}\n"), problems)
    assert document is not None
    look = Appearance(logo="logo.png")
    assert read_logo(open_tree(trust), "schools/hill", look, document, problems) is None
    assert [problem.code for problem in problems] == ["missing-file"]


def test_the_nearest_file_that_says_anything_gives_the_look() -> None:
    trust = read_trust(open_tree(ROOT), Problems())
    looks = {name: style_of(trust, school) for name, school in trust.schools.items()}
    assert trust.groups["two-rivers"].details.look.colour == looks["ashwater"].brand
    assert looks["millrace"].brand != looks["ashwater"].brand
    assert {name for name, look in looks.items() if look.logo} == {
        "kestrel",
        "saltmarsh",
        "thornbeck",
    }
    assert style_of(trust, None).logo is None


@given(st.text())
def test_no_text_ends_a_string_in_a_style_sheet(text: str) -> None:
    written = css_text(text)
    assert not set(written) & set("\"'<>\n\r\f")
    plain = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), written)
    assert plain == text


def test_a_style_sheet_holds_colours_that_can_be_read() -> None:
    trust = read_trust(open_tree(ROOT), Problems())
    for school in trust.schools.values():
        text = write_style(style_of(trust, school), 'The "Hill" </style>')
        found = dict(re.findall(r"--cb-([\w-]+): (#\w+);", text))
        assert ratio(found["on-brand"], found["brand"]) >= TEXT
        assert lowest(found["link-light"], LIGHT) >= TEXT
        assert lowest(found["link-dark"], DARK) >= TEXT
        assert "</style>" not in text
