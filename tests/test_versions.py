"""Version files: what is written is what is read, and no change to them goes unnoticed."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.prose_trees import PLACE, refused, wordings
from tests.prose_trees import bodies as blocks
from tests.trusts import MASTERS, VERSIONS, ratified_trust
from tests.trusts import Trust as Workspace

from clausebook.archive import REGISTER, Archive, Status, read_archive, read_records
from clausebook.bodies import bodies
from clausebook.freezing import freeze
from clausebook.frozen import FrozenClause, Version, read_version, wording_text, write_version
from clausebook.model import Body, Clause, Kind, Mark, Provenance, Trust
from clausebook.problems import Problems
from clausebook.prose import Quote
from clausebook.ratify import Request, make_version
from clausebook.reading import TRUST_ID, read_trust
from clausebook.records import AsItStood, Record
from clausebook.source import MAX_LINE, Source
from clausebook.standing import standing
from clausebook.workspace import WorkingTree

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(
    path.relative_to(ROOT)
    for pattern in ("schools/*/versions/*/*.md", "policy_source/*/versions/*.md")
    for path in ROOT.glob(pattern)
)
STEP = 7
"""How many bytes on the next one is changed: prime, so that every kind of place has its turn."""

TRIES = 40
"""How many bytes of each example are changed."""

RECORD = Record.model_validate(
    {
        "format": 1,
        "policy": "online",
        "body": "hill",
        "version": "1",
        "step": "substantive",
        "control": {
            "title": "Online safety",
            "code": "ON",
            "owner": "Us",
            "approver": "Them",
            "review_every": "12 months",
            "audiences": ["staff"],
            "statutory": False,
        },
        "audiences": ["staff"],
        "ratified": {"on": "2026-05-14", "by": "Us", "minute": "1"},
        "effective": "2026-05-14",
    }
)


def read_back(text: str) -> Version | None:
    return read_version(Source("1.md", text), Problems())


# -- written and read ----------------------------------------------------------------


@st.composite
def frozen_clauses(draw: st.DrawFn) -> FrozenClause:
    words, body = draw(wordings()), draw(blocks())
    assume(not refused(words, body))
    provenance = draw(st.sampled_from(Provenance))
    clause = Clause(
        id=draw(st.sampled_from(["on-1", "x", "on-hill-2"])),
        kind=draw(st.sampled_from(Kind)),
        parent=draw(st.none() | st.just("on-9")),
        depth=draw(st.integers(0, 4)),
        ordered=draw(st.booleans()),
        words=words,
        body=body,
        marks=draw(st.frozensets(st.sampled_from(Mark))),
        audiences=draw(st.sampled_from([(), ("staff",), ("pupils", "parents")])),
        span=PLACE,
    )
    return FrozenClause(
        clause=clause,
        label=draw(st.sampled_from(["1", "4.2(a)(i)", "A.3"])),
        provenance=provenance,
        layer=None if provenance is Provenance.TRUST else "hill",
    )


@given(st.data())
def test_what_is_written_is_what_is_read(data: st.DataObject) -> None:
    clauses = [data.draw(frozen_clauses()) for _ in range(data.draw(st.integers(0, 2)))]
    version = Version(record=RECORD, clauses=tuple(clauses), stood={})
    text = write_version(version)
    if max(map(len, text.split("\n"))) > MAX_LINE:
        return

    again = read_back(text)

    assert again is not None, text
    assert write_version(again) == text
    assert [unplaced(one) for one in again.clauses] == [unplaced(one) for one in clauses]


def unplaced(frozen: FrozenClause) -> tuple[object, ...]:
    clause = frozen.clause
    about = (clause.id, clause.kind, clause.parent, clause.depth, clause.ordered)
    marks = (clause.marks, clause.audiences, frozen.label, frozen.provenance, frozen.layer)
    return (*about, *marks, clause.words, clause.body)


@cache
def example() -> tuple[Trust, tuple[Body, ...]]:
    trust = read_trust(WorkingTree(ROOT), Problems())
    return trust, tuple(bodies(trust, Problems()))


def example_drafts() -> Mapping[tuple[str, str], Version]:
    """Today's draft of every policy at every body of the examples, as a version."""
    trust, everybody = example()
    records = read_records(WorkingTree(ROOT), trust, Problems())
    request = Request(
        version="99", on=date(2026, 11, 20), by="Us", minute="1", signed=("Chair: Una Marsh",)
    )
    return {
        (body.id, policy.policy.id): make_version(
            standing(body, policy, records, {}), request, lambda: "0" * 32
        )
        for body in everybody
        for policy in body.policies
    }


def test_every_example_policy_is_read_as_it_was_written() -> None:
    for key, version in example_drafts().items():
        text = write_version(version)

        again = read_back(text)

        assert again is not None, key
        assert again == version, key
        assert [unplaced(one) for one in again.clauses] == [unplaced(c) for c in version.clauses]


def test_wording_has_one_sentence_a_line_and_each_clause_its_label_and_id() -> None:
    _, everybody = example()
    school = next(body for body in everybody if body.id == "kestrel")
    clauses = [clause for policy in school.policies for clause in freeze(policy).clauses]
    lines = wording_text(clauses).split("\n")

    heads = [line for line in lines if line.startswith("#### ")]
    assert [head.split(" ")[1] for head in heads] == [clause.label for clause in clauses]
    assert [head.split("#")[-1].split(" ")[0].strip("}") for head in heads] == [
        clause.id for clause in clauses
    ]
    prose = [line for line in lines if line and not line.startswith(("#", "|"))]
    assert not [line for line in prose if re.search(r"[a-z][.!?] (The|We|You|It|If|A) ", line)]
    assert len([line for line in prose if line[0].isalpha()]) > len(heads)
    assert len([line for line in prose if line.startswith(">")]) > len(
        [block for one in clauses for block in one.clause.body if isinstance(block, Quote)]
    ), "some quotation has several sentences"


def test_what_stood_on_several_lines_is_written_on_several_lines() -> None:
    table = "| Channel | For |\n| --- | --- |\n| Web | News: all of it |"
    version = Version(
        record=RECORD, clauses=(), stood={"channels.table": AsItStood(text=table, salt="0" * 32)}
    )
    lines = write_version(version).split("\n")
    at = lines.index("    text: |-")
    assert [line.strip() for line in lines[at + 1 : at + 4]] == table.split("\n")


# -- the seal --------------------------------------------------------------------------


def tampered(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.fixture
def trust(tmp_path: Path) -> Workspace:
    """Two versions of the master and three at the school, one of them with two changes."""
    trust = ratified_trust(tmp_path)
    trust.edit("policy_source/online/policy.md", "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-01")
    trust.ratify("hill", "2", "2026-06-02", "--signed", "Head: Una Marsh")
    trust.ratify("hill", "2.1", "2026-07-01", "--no-changes", "--next-review", "2027-07-01")
    return trust


def test_flipping_any_byte_of_a_version_is_found(trust: Workspace) -> None:
    data = (trust.root / VERSIONS / "2.md").read_bytes()
    assert read_back_bytes(data) is not None

    missed = [
        at for at in range(0, len(data), STEP) if read_back_bytes(tampered(data, at)) is not None
    ]

    assert not missed, [data[at - 20 : at + 20] for at in missed[:3]]


def read_back_bytes(data: bytes) -> Version | None:
    try:
        return read_back(data.decode())
    except UnicodeDecodeError:
        return None


@pytest.mark.skipif(not EXAMPLES, reason="the examples have no versions")
@pytest.mark.parametrize("path", EXAMPLES, ids=str)
def test_flipping_a_byte_of_an_example_is_found(path: Path) -> None:
    data = (ROOT / path).read_bytes()
    whole = read_version(Source(path.as_posix(), data.decode()), Problems())
    assert whole is not None
    places = random.Random(path.as_posix()).sample(range(len(data)), TRIES)  # noqa: S311

    missed = [at for at in places if read_back_bytes(tampered(data, at)) is not None]

    assert not missed


def test_an_added_removed_or_repeated_line_is_found(trust: Workspace) -> None:
    lines = trust.read(f"{VERSIONS}/2.md").split("\n")

    for at, line in enumerate(lines):
        if at + 1 < len(lines) and line == lines[at + 1]:
            continue
        assert read_back("\n".join([*lines[:at], *lines[at + 1 :]])) is None, line
        new = ("", " ", "x", line)[at % 4]
        assert read_back("\n".join([*lines[:at], new, *lines[at:]])) is None, (at, new)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_are_found_or_do_not_count(trust: Workspace, end: str) -> None:
    """Git may change line ends on Windows; nothing else may come of it."""
    path = f"{VERSIONS}/2.md"
    (trust.root / path).write_bytes(trust.read(path).replace("\n", end).encode())

    assert trust.codes() == []


def test_a_missing_version_is_found_and_named(trust: Workspace) -> None:
    for label in ("1", "2", "2.1"):
        path = trust.root / VERSIONS / f"{label}.md"
        data = path.read_bytes()
        path.unlink()

        done = trust.run("check")

        assert done.code == 1, label
        assert "[missing-version]" in done.output
        assert f"{VERSIONS}/{label}.md" in done.output
        path.write_bytes(data)
    assert trust.codes() == []


def test_a_missing_master_is_found_by_the_schools_version_that_is_based_on_it(
    trust: Workspace,
) -> None:
    (trust.root / MASTERS / "2.md").unlink()
    register = trust.root / MASTERS / REGISTER
    register.write_text(register.read_text("utf-8").split("\n")[0] + "\n", "utf-8")

    assert set(trust.codes()) == {"missing-version"}


def test_a_master_frozen_anew_is_found_by_the_schools_version_that_is_based_on_it(
    trust: Workspace,
) -> None:
    before = trust.read(f"{MASTERS}/2.md")
    (trust.root / MASTERS / "2.md").unlink()
    register = trust.root / MASTERS / REGISTER
    register.write_text(register.read_text("utf-8").split("\n")[0] + "\n", "utf-8")
    (trust.root / VERSIONS).rename(trust.root / "aside")
    trust.note("trust", "on-6", what="Another story.")
    trust.ratify("trust", "2", "2026-06-01")
    assert trust.read(f"{MASTERS}/2.md") != before
    (trust.root / "aside").rename(trust.root / VERSIONS)

    assert set(trust.codes()) == {"version-order"}


def test_two_versions_that_changed_places_are_found(trust: Workspace) -> None:
    one, two = (trust.root / VERSIONS / f"{label}.md" for label in ("1", "2"))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)

    assert "version-order" in trust.codes()


def test_a_version_of_another_school_is_found(trust: Workspace) -> None:
    trust.write("schools/dale/school.yml", trust.read("schools/hill/school.yml"))
    trust.write("schools/dale/online.yml", trust.read("schools/hill/online.yml"))
    trust.write("schools/dale/versions/online/1.md", trust.read(f"{VERSIONS}/1.md"))

    assert trust.codes() == ["version-order"]


def test_an_edited_register_is_found(trust: Workspace) -> None:
    """Without its last line it is what an interrupted ratification leaves, and nothing else is."""
    text = trust.read(f"{VERSIONS}/{REGISTER}")
    lines = text.split("\n")[:-1]
    edited = [text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :] for at in range(0, len(text), 3)]
    edited += ["", "\n" + text, text + "\n", text.rstrip(), text + lines[0] + "\n"]
    edited += ["\n".join(reversed(lines)) + "\n", "\n".join(lines[1:]) + "\n", lines[0] + "\n"]
    for wrong in edited:
        trust.write(f"{VERSIONS}/{REGISTER}", wrong)
        problems = Problems()
        read_archive(WorkingTree(trust.root), "hill", "online", problems)
        assert problems.errors, wrong

    (trust.root / VERSIONS / REGISTER).unlink()
    assert "version-order" in trust.codes()
    trust.write(f"{VERSIONS}/{REGISTER}", "\n".join(lines[:-1]) + "\n")
    assert trust.codes() == []


# -- status ----------------------------------------------------------------------------


def test_status_follows_from_the_day(tmp_path: Path) -> None:
    trust = ratified_trust(tmp_path)
    trust.ratify("hill", "1.1", "2026-06-02", "--no-changes", "--effective", "2026-09-01")
    archive = trust.archive("hill")
    first, second = archive.versions

    def status(day: str) -> list[Status]:
        return [archive.status(version, date.fromisoformat(day)) for version in archive.versions]

    assert status("2026-05-19") == [Status.NOT_YET, Status.NOT_YET]
    assert status("2026-05-20") == [Status.IN_FORCE, Status.NOT_YET]
    assert status("2026-08-31") == [Status.IN_FORCE, Status.NOT_YET]
    assert status("2026-09-01") == [Status.SUPERSEDED, Status.IN_FORCE]
    assert archive.status_on(date(2026, 5, 19)) is Status.NOT_YET
    assert archive.status_on(date(2026, 9, 1)) is Status.IN_FORCE
    assert Archive("hill", "online").status_on(date(2026, 9, 1)) is Status.DRAFT
    assert archive.in_force(date(2026, 5, 19)) is None
    assert archive.superseded_by(first, date(2026, 8, 31)) is None
    assert archive.superseded_by(first, date(2026, 9, 1)) is second
    assert trust.archive(TRUST_ID).latest is not None
