"""Short ways through common cases lead where the long ones do.

A version's record is read by the rules by which it was written, and wording without Markdown is
read without a Markdown reader.  Both are many times faster, and neither may ever say anything else.
"""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from clausebook import clauses, wording
from clausebook.problems import Problems
from clausebook.source import Source
from clausebook.writtenyaml import read_written, write_yaml

KEYS = st.from_regex(r"\A[a-z][a-z0-9_.]{0,8}\Z") | st.sampled_from(["on", "no", "x y", "é"])
TEXTS = st.text(alphabet="ab :'\"\n-#{}[]|>&*!%@`,.1é😀", max_size=14)
DATA = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(KEYS, DATA, min_size=1, max_size=4))
@example({"lists": [[""]]})
def test_what_is_written_is_yaml_and_reads_back(data: dict[str, object]) -> None:
    text = write_yaml(data)
    assert yaml.safe_load(text) == data
    assert read_written(text) in (data, None), "None: what is odd is left to PyYAML"


@given(TEXTS.filter(lambda text: "\n" not in text), st.sampled_from(["a", "note", "clause"]))
def test_common_records_take_the_short_way(text: str, key: str) -> None:
    plain = re.sub(r"[^ab .1]", "", text).strip() or "a"
    data = {key: plain, "changes": [{"what": plain, "clauses": ["sm-1", "sm-2"]}]}
    assert read_written(write_yaml(data)) == data


@given(st.text(max_size=80, alphabet="ab: -#|'\"\n{}[]x.&*"))
def test_any_text_is_read_or_left(text: str) -> None:
    found = read_written(text)
    if found is not None:
        assert write_yaml(dict(found)) == text or yaml.load(text, yaml.BaseLoader) == found  # noqa: S506 - the one that makes texts only


SIGNS = (
    *("word", "{{ a.b_c }}", "{{x}}", "  ", " ", "\n", ".", "A", "*", "**", "_", "é", "“", "["),
    *("]", "(#a-1)", "!", "&amp;", "\\", "`", "{{", "}}", "1.", "-", "|", ":", "---", "#", "\t"),
)
PIECES = st.lists(st.sampled_from(SIGNS), max_size=12).map("".join)


@given(PIECES)
def test_wording_without_markdown_is_read_the_same(text: str) -> None:
    run = wording.Run(Source("", text).passage(), 0, text)
    short, long = Problems(), Problems()
    found = wording.read_inline(run, short)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_LOOSE_BREAK", re.compile(""))  # never the short way
        expected = wording.read_inline(run, long)
    assert repr(found) == repr(expected), "places and all"
    assert short.found == long.found


@given(PIECES)
def test_a_clause_of_one_paragraph_is_read_the_same(text: str) -> None:
    passage = Source("", f"\n{text}\n").passage()
    short, long = Problems(), Problems()
    found = clauses.read_frozen(passage, short)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clauses, "_ONE_PARAGRAPH", re.compile("(?!)"))
        expected = clauses.read_frozen(passage, long)
    assert repr(found) == repr(expected)
    assert short.found == long.found


def test_most_clauses_of_the_examples_are_one_paragraph() -> None:
    lines = "\nAll staff must read it.\nThey sign for it with {{ contact.dsl.name }}.\n"
    assert clauses._ONE_PARAGRAPH.fullmatch(lines)  # noqa: SLF001 - the short way itself
