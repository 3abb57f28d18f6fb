"""One function for each reader: bytes in, nothing out, `BrokenLawError` if a law does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from tests.fuzz.laws import (
    clauses_hold,
    must,
    problems_hold,
    texts_hold,
    told,
    wording_holds,
)

from clausebook.archive import REGISTER, read_archive
from clausebook.assign import assign_ids
from clausebook.clauses import read_clauses, read_replacement
from clausebook.fieldtypes import Shape
from clausebook.frozen import (
    SEPARATOR,
    Version,
    read_version,
    seal_of,
    write_version,
)
from clausebook.linklog import LINK_FILE, LinkFile
from clausebook.model import Add, Adoption, Replace
from clausebook.pipeline import check
from clausebook.problems import Problems, SourceError
from clausebook.reading import read_adoption_file, read_policy
from clausebook.records import NoteFile
from clausebook.shapes import GroupFile, PolicyFile, SchoolFile, TrustFile
from clausebook.snapshot import Snapshot
from clausebook.source import MAX_BYTES
from clausebook.sourcefiles import read_shape, read_source
from clausebook.updates import UpdateLog

TODAY = date(2026, 11, 20)

BASE: Mapping[str, bytes] = {
    path.relative_to(folder).as_posix(): path.read_bytes()
    for folder in (Path(__file__).parents[1] / "problems" / "_base",)
    for path in sorted(folder.rglob("*"))
    if path.is_file()
}
"""A small trust with one policy and one school, around the file that is made up."""

MASTER = "policy_source/online/policy.md"
FRONT = BASE[MASTER].partition(b"\n---\n")[0] + b"\n---\n"

FEW = 8
"""One input in so many, wherever that is too much for all, is also looked at in its trust."""


def _in_its_trust(path: str, data: bytes) -> None:
    """Read, tailor and check the small trust with this file in it."""
    problems = Problems()
    with suppress(SourceError):
        check(Snapshot({**BASE, path: data}), problems, TODAY)
    problems_hold(problems, len(data) + sum(map(len, BASE.values())))


# -- Markdown ----------------------------------------------------------------------


def markdown(data: bytes) -> None:
    """A master policy; without a front matter of its own, it gets one."""
    if not data.startswith((b"---", b"\xef\xbb\xbf---")):
        data = FRONT + data
    tree = Snapshot({**BASE, MASTER: data})
    problems, again = Problems(), Problems()
    policy = read_policy(tree, "online", problems)
    problems_hold(problems, len(data))
    must(read_policy(tree, "online", again) == policy, "two readings of one policy")
    must(told(again) == told(problems), "two readings tell other problems", told(problems))
    if policy and not problems.errors:
        texts_hold(policy.control)
        clauses_hold(policy.outline)
    elif {problem.code for problem in problems.errors} == {"clause-without-id"}:
        _ids_can_be_assigned(tree, data)
    _as_wording_of_a_school(tree)
    if crc32(data) % FEW == 0:
        _in_its_trust(MASTER, data)


def _ids_can_be_assigned(tree: Snapshot, data: bytes) -> None:
    """What only lacks IDs gets them, and is otherwise read as it was."""
    problems = Problems()
    before = read_policy(tree, "online", Problems())
    for assigned in assign_ids(tree, problems):
        if assigned.path != MASTER or before is None:
            continue
        wrong = Problems()
        after = read_policy(Snapshot({**BASE, MASTER: assigned.data}), "online", wrong)
        if wrong.errors or after is None:
            # with its ID, a line above '|---|' can be the head of a table: that is told, not lost
            must("|" in data.decode() and wrong.errors, "an ID that breaks a policy", told(wrong))
            continue
        was, is_now = (
            [(c.kind, c.depth, c.words, c.body) for c in p.outline] for p in (before, after)
        )
        must(was == is_now, "IDs that changed the wording", data, assigned.data)


def _as_wording_of_a_school(tree: Snapshot) -> None:
    """The same text read as wording of a school's: in place of a clause, and beside one."""
    source = read_source(tree, MASTER, Problems())
    if source is None:
        return
    text = source.text.partition("\n---\n")[2]
    whole = type(source)("schools/hill/online.yml", text)
    for reader in (read_replacement, _read_addition):
        problems = Problems()
        reader(whole.passage(), problems)
        problems_hold(problems, len(text) + len(FRONT))
    problems = Problems()
    words, body = read_replacement(whole.passage(), problems)
    if not problems.errors:
        wording_holds(words, body)


def _read_addition(passage: object, problems: Problems) -> None:
    read_clauses(passage, problems, addition=True)  # type: ignore[arg-type]


# -- YAML --------------------------------------------------------------------------


class File(NamedTuple):
    """A kind of file: where it stands, and what it holds."""

    path: str
    shape: type[Shape]


FILES: Mapping[str, File] = {
    "trust": File("policy_source/trust.yml", TrustFile),
    "school": File("schools/hill/school.yml", SchoolFile),
    "group": File("schools/rivers/group.yml", GroupFile),
    "policy": File("schools/hill/online.yml", PolicyFile),
    "note": File("policy_source/online/changes/why.yml", NoteFile),
    "links": File(LINK_FILE, LinkFile),
    "updates": File("schools/hill/versions/updates.yml", UpdateLog),
}
"""The kinds of YAML file.  An input's first line says which it is, as `# school`."""


def kind_of(data: bytes) -> str:
    """What kind of file an input is: as its first line says, or else any, but always the same."""
    said = data.partition(b"\n")[0].strip(b"# \r").decode("ascii", "replace")
    return said if said in FILES else sorted(FILES)[len(data) % len(FILES)]


def yaml(data: bytes) -> None:
    """A YAML file of any kind."""
    kind = kind_of(data)
    path, shape = FILES[kind]
    tree = Snapshot({**BASE, path: data})
    problems, again = Problems(), Problems()
    document, value = read_shape(tree, path, shape, problems)
    problems_hold(problems, len(data))
    must((document, value) == read_shape(tree, path, shape, again), "two readings of one file")
    must(told(again) == told(problems), "two readings tell other problems", told(problems))
    if value is not None and not problems.errors:
        texts_hold(value)
        if kind == "policy":
            _overrides_hold(tree, path, len(data))
    if (value is not None and not problems.errors) or crc32(data) % FEW == 0:
        _in_its_trust(path, data)


def _overrides_hold(tree: Snapshot, path: str, size: int) -> None:
    problems = Problems()
    adoption = read_adoption_file(tree, path, "online", problems)
    problems_hold(problems, size)
    if adoption and not problems.errors:
        _wording_of_overrides(adoption)


def _wording_of_overrides(adoption: Adoption) -> None:
    for override in adoption.overrides:
        match override:
            case Replace():
                wording_holds(override.words, override.body)
            case Add():
                clauses_hold(override.clauses)


# -- versions ----------------------------------------------------------------------

VERSION = "schools/hill/versions/online/1.md"
REGISTERED = f"schools/hill/versions/online/{REGISTER}"
REGISTER_SIGN = b"register\n"
"""An input that begins so is a register; any other is a version."""

_SEAL = re.compile(r"^seal: .*$", re.MULTILINE)


def version(data: bytes) -> None:
    """A version as it is, and sealed anew as a forger would; or the register of one."""
    if data.startswith(REGISTER_SIGN):
        _register(data.removeprefix(REGISTER_SIGN))
        return
    _version(data)
    if len(data) < MAX_BYTES and (forged := sealed(data)) != data:
        _version(forged)


def sealed(data: bytes) -> bytes:
    """A version with the seal that it would have to have."""
    text = data.decode("utf-8", "replace")
    front, _, wording = text.partition("\n---\n\n")
    record = front.removeprefix("---\n").partition(f"{SEPARATOR}\n")[0]
    seal = seal_of(record, wording)
    return _SEAL.sub(f"seal: {seal}", text, count=1).encode("utf-8", "replace")


def _version(data: bytes) -> None:
    tree = Snapshot({VERSION: data})
    problems = Problems()
    source = read_source(tree, VERSION, problems)
    read = read_version(source, problems) if source else None
    problems_hold(problems, len(data))
    must((read is None) == bool(problems.found), "a version without a value or a problem")
    if source is None or read is None:
        return
    _accepted(read, source.text)
    must(read_version(type(source)(VERSION, source.text), Problems()) == read, "two readings")
    register = f"{read.label} {read.seal}\n".encode()
    found = Problems()
    archive = read_archive(
        Snapshot({**tree.contents, REGISTERED: register}), "hill", "online", found
    )
    problems_hold(found, len(data))
    must(len(archive.versions) <= 1, "more versions than files")


def _accepted(read: Version, text: str) -> None:
    """Whatever is accepted writes back to the same bytes, and holds nothing that is obeyed."""
    must(write_version(read) == text, "a version that is written as other than it was read", text)
    texts_hold(read.record)
    for name, value in read.stood.items():
        texts_hold((name, value))
    for frozen in read.clauses:
        wording_holds(frozen.clause.words, frozen.clause.body)


def _register(data: bytes) -> None:
    tree = Snapshot({VERSION: _small_version(), REGISTERED: data})
    problems, again = Problems(), Problems()
    archive = read_archive(tree, "hill", "online", problems)
    problems_hold(problems, len(data) + 1)
    must(read_archive(tree, "hill", "online", again) == archive, "two readings of one archive")
    must(told(again) == told(problems), "two readings tell other problems", told(problems))
    right = f"1 {archive.versions[0].seal}\n".encode() if archive.versions else b""
    plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    must(bool(problems.found) == (plain not in (right, b"")), "a register taken for another", data)


def _small_version() -> bytes:
    return (CORPUS / "version" / "plain").read_bytes()


# -- all ---------------------------------------------------------------------------

CORPUS = Path(__file__).parent / "corpus"
WORDS = Path(__file__).parent / "words"

TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "markdown": markdown,
    "yaml": yaml,
    "version": version,
}


def corpus(reader: str) -> dict[str, bytes]:
    """The inputs that are kept for a reader, by name."""
    return {path.name: path.read_bytes() for path in sorted((CORPUS / reader).iterdir())}
