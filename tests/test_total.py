"""Reading is total: whatever stands in the files, the answer is a value or problems."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.problem_pages import BASE, PAGES, TODAY, files_in, read_page

from clausebook import report
from clausebook.pipeline import check
from clausebook.problems import Problems, SourceError
from clausebook.snapshot import Snapshot

ROOT = Path(__file__).parent.parent


REAL = {
    f"{folder}/{name}": content
    for folder in ("policy_source", "schools/ashwater", "schools/two-rivers")
    for name, content in files_in(ROOT / folder).items()
}
"""Two policies, a federation with wording of its own, and one of its schools."""

TINY = dict(BASE)
TINY["schools/hill/online.yml"] = b"""\
review: {last: 2026-05-14, next: 14 May 2027}
values: {reply_time: 48, consent_form: green form}
terms: {pupil: {singular: child, plural: children}}
local_contacts: {nurse: {label: School nurse, name: Jo Park}}
channels:
  - {name: Facebook, address: "https://facebook.example.org", purpose: News, run_by: Office}
overrides:
  - replace: on-2
    with: |
      Everyone at {{ school.name }} *goes* online, see [on-8](#on-8).

      > Be kind, {{ pupils }}.

      | Who | How soon |
      | --- | --- |
      | **All** | `now` |
    reason: Our governors asked for it.
    against: pvzk-swwm
  - omit: on-6
    reason: No phones here.
    against: qbqw-gpzf
  - add: |
      - at home: {#on-hill-1 .guidance for="pupils"}
        - in bed. {#on-hill-2}
    within: on-5
    reason: They disturb.
    against: zwsf-rths
"""

_PIECES = r"""
{{ }} { } {#on-1} {#on-9·.locked} {#a·for="x"} {# {: {%·if·%} {{·pupils·}} {{·a·or·b·}} # ## -·
{{·contact.dsl.card·}} [on-1](#on-1) [ ](x) ![ <b> <!-- --> & &#0; &#x202e; \ --- === 1.· * ** _
` ``` >· |·a·|·b·| |·---·|·---·| | : :· " ' |- >- ! !!x &a *a ~ null nan 1e999 [] {} ?· ... on-1
on-3 on-7 omit:·on-1 31/02/2026 "\u202e" "\ud800"
"""
PIECES = st.sampled_from([piece.replace("·", " ") for piece in _PIECES.split()])
"""What means something to YAML, to Markdown or to Clausebook."""

BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\t", " ", "    ", "\0", "\x85", "\u2028"])
TEXTS = st.lists(PIECES | BREAKS | st.text(max_size=8), max_size=12).map("".join)
BYTES = TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=20)


@st.composite
def mutated(draw: st.DrawFn, files: dict[str, bytes]) -> dict[str, bytes]:
    """Files with something taken out, put in or doubled."""
    result = dict(files)
    name = draw(st.sampled_from(sorted(files)))
    data = result[name]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 60)))
        middle = draw(BYTES | st.just(data[at:until] * 2) | st.just(b""))
        data = data[:at] + middle + data[until:]
    result[name] = data
    return result


def is_total(files: dict[str, bytes]) -> None:
    """Check the files; every problem can be drawn, and points into its file."""
    problems = Problems()
    with suppress(SourceError):
        check(Snapshot(files), problems, TODAY)
    found = list(problems)
    for style in report.FORMATS.values():
        style(found).encode()
    for problem in found:
        for span in (problem.span, *(span for span, _ in problem.notes)):
            assert 1 <= span.line <= len(span.source.lines)
            assert 1 <= span.column <= len(span.source.lines[span.line - 1]) + 1


@pytest.mark.parametrize("files", [TINY, REAL], ids=["tiny", "real"])
def test_what_is_mutated_here_is_correct(files: dict[str, bytes]) -> None:
    problems = Problems()
    check(Snapshot(files), problems, TODAY)
    assert problems.errors == ()


@settings(max_examples=200, deadline=None)
@given(files=mutated(TINY))
def test_any_change_to_a_tiny_trust_is_read_or_told(files: dict[str, bytes]) -> None:
    is_total(files)


@settings(max_examples=12, deadline=None)
@given(files=mutated(REAL))
def test_any_change_to_real_files_is_read_or_told(files: dict[str, bytes]) -> None:
    is_total(files)


@cache
def ratified() -> dict[str, bytes]:
    """The trust of the pages in `problems/`, with a version of its own and one of its school."""
    *_, as_it_was = read_page(PAGES / "broken-seal.md")
    with TemporaryDirectory() as folder:
        as_it_was.play(Path(folder))
        return files_in(Path(folder))


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_change_to_what_is_on_record_is_read_or_told(data: st.DataObject) -> None:
    is_total(data.draw(mutated(ratified())))


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(TINY)), data=BYTES)
def test_any_bytes_are_read_or_told(name: str, data: bytes) -> None:
    is_total({**TINY, name: data})


_KEYS = """
name audiences terms contacts values channels group identity review overrides replace with omit add
after within reason against dsl pupil singular label type default choices min
"""
KEYS = TEXTS | st.sampled_from(_KEYS.split())
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(n for n in TINY if n.endswith(".yml"))), data=DATA)
@example(name="policy_source/trust.yml", data={"name": "x", "audiences": {"staff": "{{ x }}"}})
def test_any_yaml_is_read_or_told(name: str, data: object) -> None:
    text = yaml.safe_dump(data, allow_unicode=True)
    is_total({**TINY, name: text.encode("utf-8", "surrogatepass")})


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_any_wording_is_read_or_told(text: str) -> None:
    """In a master, and between quotation marks in a school's file."""
    master = TINY["policy_source/online/policy.md"].decode().partition("## Being")[0] + text
    wording = yaml.safe_dump(
        {
            "overrides": [
                {"replace": "on-2", "with": text, "reason": text, "against": "pvzk-swwm"},
                {"add": text, "within": "on-7", "reason": "x", "against": text},
            ]
        }
    )
    is_total({**TINY, "policy_source/online/policy.md": master.encode("utf-8", "surrogatepass")})
    is_total({**TINY, "schools/hill/online.yml": wording.encode("utf-8", "surrogatepass")})
