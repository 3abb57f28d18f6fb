"""One thing changed in a YAML file: everything else stays, byte for byte."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clausebook.yamledit import EditError, remove_item, set_text

LETTERS = "bcdfghjklmnpqrstvwxz"


# -- files as people write them ----------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A file in parts, so that a test knows what should be left of it."""

    head: str
    items: tuple[str, ...]
    gaps: tuple[str, ...]
    """What stands after each item but the last."""
    tail: str
    line_end: str
    mark: bytes

    def data(
        self, items: tuple[str, ...] | None = None, gaps: tuple[str, ...] | None = None
    ) -> bytes:
        """The file's bytes, with these items."""
        items = self.items if items is None else items
        gaps = self.gaps if gaps is None else gaps
        body = "".join(i + g for i, g in zip(items, (*gaps, ""), strict=True))
        text = self.head + body + self.tail
        return self.mark + text.replace("\n", self.line_end).encode()


def fingerprint(number: int) -> str:
    """One that stands only once in a file."""
    sign = LETTERS[number % len(LETTERS)]
    return f"{sign * 4}-{sign * 4}"


COMMENTS = st.sampled_from(["", "  # ours since May: keep it\n", "  # one\n  # and 'two'\n"])
WORDINGS = st.sampled_from(
    [
        "|\n      Staff must not.\n\n      # no comment\n      - {{ pupils }}",
        "|-\n      One line.",
        ">\n      Folded and\n      folded again.",
        "'It''s plain.'",
        '"Quoted, with a \\" in it."',
        "plain words   # with a comment",
        "'over several\n      lines'",
    ]
)
AGAINST = st.sampled_from(["{}", "'{}'", '"{}"', "{}   # checked", "   {}"])


@st.composite
def files(draw: st.DrawFn) -> Written:
    """A policy file of a school."""
    number = draw(st.integers(2, 4))
    items = []
    for at in range(number):
        against = draw(AGAINST).format(fingerprint(at))
        lines = [
            f"with: {draw(WORDINGS)}",
            draw(st.sampled_from(["reason: Because.", "reason: >-\n      It is\n      better."])),
            f"against: {against}",
            *draw(st.sampled_from([[], ["since: 1 May 2026"], ["# nearly", "since: 2026-05-01"]])),
        ]  # fmt: skip
        body = "\n".join(["  - replace: sm-" + str(at), *(f"    {line}" for line in lines)])
        items.append(f"{draw(COMMENTS)}{body}\n")
    head = draw(
        st.sampled_from(["overrides:\n", "# Ours.\n\nvalues: {x: 1}\noverrides:   # all\n"])
    )
    tail = draw(st.sampled_from(["", "\n# The end.\n", "\nreview:\n  next: 2027-01-01\n"]))
    gaps = tuple(draw(st.sampled_from(["", "\n", "\n\n"])) for _ in range(number - 1))
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    return Written(head, tuple(items), gaps, tail, line_end, draw(st.sampled_from([b"", BOM_UTF8])))


def said(data: bytes) -> list[dict[str, str]]:
    """The overrides in a file."""
    text = data.removeprefix(BOM_UTF8).decode().replace("\r\n", "\n")
    found: list[dict[str, str]] = yaml.load(text, Loader=yaml.BaseLoader)["overrides"]  # noqa: S506
    return found


@settings(max_examples=150, deadline=None)
@given(files(), st.data())
def test_another_fingerprint_is_all_that_changes(file: Written, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(file.items) - 1))
    before = file.data()
    after = set_text(before, ("overrides", at, "against"), "zzzz-tttt")
    assert after == before.replace(fingerprint(at).encode(), b"zzzz-tttt")
    assert after != before


@settings(max_examples=150, deadline=None)
@given(files(), st.data())
def test_an_override_goes_with_its_comment_and_nothing_else(
    file: Written, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(file.items) - 1))
    gap = min(at, len(file.gaps) - 1)
    items = file.items[:at] + file.items[at + 1 :]
    gaps = file.gaps[:gap] + file.gaps[gap + 1 :]
    assert remove_item(file.data(), ("overrides", at)) == file.data(items, gaps)


@settings(max_examples=150, deadline=None)
@given(
    files(),
    st.data(),
    st.sampled_from(
        ["One line.", "Two\n\nparagraphs, {{ pupils }}\n", 'it\'s: # "odd"', "- a list\n- of two"]
    ),
)
def test_new_words_stand_where_the_old_ones_stood(
    file: Written, data: st.DataObject, new: str
) -> None:
    at = data.draw(st.integers(0, len(file.items) - 1))
    before = file.data()
    after = set_text(before, ("overrides", at, "with"), new)
    found = said(after)
    expected = said(before)
    assert found[at].pop("with").rstrip("\n") == new.rstrip("\n")
    del expected[at]["with"]
    assert found == expected
    start, _, _ = before.partition(f"sm-{at}".encode())
    end = before.partition(fingerprint(at).encode())[2]
    assert after.startswith(start)
    assert after.endswith(end)
    assert (b"\r\n" in after) == (file.line_end == "\r\n")
    assert b"\n" not in after.replace(b"\r\n", b"") or file.line_end == "\n"


# -- particular cases --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "number", "after"),
    [
        ("overrides: [{a: 1}, {b: 2}]  # x\n", 0, "overrides: [{b: 2}]  # x\n"),
        ("overrides: [{a: 1}, {b: 2}]\n", 1, "overrides: [{a: 1}]\n"),
        ("overrides: [{a: 1}]\n", 0, "overrides: []\n"),
        ("overrides:\n  - a: 1\nx: y\n", 0, "overrides: []\nx: y\n"),
        ("overrides:  # ours\n- a: 1\n", 0, "overrides: []  # ours\n"),
        ("overrides:\n# --- A ---\n- a: 1\n- b: 2\n", 0, "overrides:\n# --- A ---\n- b: 2\n"),
        ("overrides:\n- a: 1\n-\n  b: 2\n", 1, "overrides:\n- a: 1\n"),
        ("overrides:\n- a: 1\n- b: 2", 1, "overrides:\n- a: 1"),
        ("overrides:\n- {a: 1,\n   b: 2}\n- c: 3\n", 0, "overrides:\n- c: 3\n"),
        ("overrides:\n- a: 1\n# not indented\n  b: 2\n- c: 3\n", 0, "overrides:\n- c: 3\n"),
        ("overrides:\n- a: 1\n\n# last\n# two\n- c: 3\n", 1, "overrides:\n- a: 1\n"),
    ],
)  # fmt: skip
def test_items_taken_out(before: str, number: int, after: str) -> None:
    assert remove_item(before.encode(), ("overrides", number)).decode() == after


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("a: {with: old, x: y}", "new, and newer", 'a: {with: "new, and newer", x: y}'),
        ("a: {with: old, x: y}", "two\nlines", 'a: {with: "two\\nlines", x: y}'),
        ("a: {with: 'old', x: y}", "it's", "a: {with: 'it''s', x: y}"),
        ("a:\n  with: old # why\n", "no: it is not", 'a:\n  with: "no: it is not" # why\n'),
        ("a:\n  with: |+  # x\n   old\n\n  b: c\n", "n", "a:\n  with: |+  # x\n   n\n\n  b: c\n"),
        ("a:\n  with: old\n", "two\nlines", "a:\n  with: |\n    two\n    lines\n"),
    ],
)  # fmt: skip
def test_words_replaced(before: str, new: str, after: str) -> None:
    assert set_text(before.encode(), ("a", "with"), new).decode() == after


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a:\n  with: |2\n      old\n", "in figures"),
        ("a: {}\n", "no 'with'"),
        ("a:\n  with: [x]\n", "no text"),
        ("a: [\n", "cannot be read"),
        ("a:\n  with: old\n  with: older\n", "cannot be read"),
        ("a:\n  with:\n    old\n  x: y\n", None),
        ("a:\n  with: old\n      and older\n", None),
    ],
)
def test_what_cannot_be_changed_alone_is_refused(text: str, what: str | None) -> None:
    if what is None:
        after = set_text(text.encode(), ("a", "with"), "new")
        assert yaml.safe_load(after)["a"]["with"] == "new"
        return
    with pytest.raises(EditError, match=what):
        set_text(text.encode(), ("a", "with"), "new\nwords")
