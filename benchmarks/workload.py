"""A trust of any size, with versions that were really ratified, made from the examples.

    python -m benchmarks.workload FOLDER SCHOOLS POLICIES VERSIONS [SEED]
    python -m benchmarks.workload kept SCHOOLS POLICIES VERSIONS [SEED]

The second keeps it in `benchmarks/.work` and prints where; it is made once.

The same numbers give the same bytes.  Every version is made by the program's own functions
(`ratify`, `frozen`), with its checks, its notes and its seal; only the disk is left out, which
makes thousands of them a matter of minutes.  Schools are made a block at a time, in as many
processes as there are cores.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, product
from pathlib import Path

import yaml
from benchmarks import bodies, masters
from benchmarks.masters import ROOT, Master, Wordings, wordings
from benchmarks.sizes import Size

from clausebook.archive import REGISTER, Archive, Records, register_text, versions_folder
from clausebook.bodies import school_body, trust_body
from clausebook.frozen import write_version
from clausebook.model import Body, Omit, Policy
from clausebook.notes import Note, Notes, notes_folder
from clausebook.problems import Problems
from clausebook.ratify import Request, make_version, obstacles
from clausebook.reading import TRUST_FILE, TRUST_ID, read_trust
from clausebook.records import NoteFile
from clausebook.source import Source
from clausebook.sourcefiles import read_shape
from clausebook.standing import standing
from clausebook.tailor import print_for, wording_print
from clausebook.updates import log_path, record, write_log

TODAY = date(2026, 11, 21)
LAST = date(2026, 5, 14)
"""When the latest versions were ratified."""
BLOCK = 200
"""Schools made at a time; federations have five neighbours."""


@dataclass
class Files:
    """A `clausebook.source.Tree` in memory that looks its folders up."""

    contents: dict[str, bytes] = field(default_factory=dict)
    entries: dict[str, dict[str, None]] = field(default_factory=dict)

    def put(self, path: str, text: str | bytes) -> None:
        """Add a file, or put another in its place."""
        self.contents[path] = text if isinstance(text, bytes) else text.encode()
        while path:
            above, _, name = path.rpartition("/")
            self.entries.setdefault(above, {})[name] = None
            path = above

    def read_bytes(self, path: str) -> bytes:
        """See `Tree.read_bytes`."""
        try:
            return self.contents[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    def is_file(self, path: str) -> bool:
        """See `Tree.is_file`."""
        return path in self.contents

    def folders(self, path: str) -> tuple[str, ...]:
        """See `Tree.folders`."""
        names = self.entries.get(path, ())
        return tuple(sorted(name for name in names if f"{path}/{name}" in self.entries))

    def files(self, path: str, suffix: str) -> tuple[str, ...]:
        """See `Tree.files`."""
        names = self.entries.get(path, ())
        return tuple(sorted(n for n in names if n.endswith(suffix) and self.is_file(f"{path}/{n}")))


def write_workload(folder: Path, schools: int, policies: int, versions: int, seed: int = 1) -> None:
    """Write a whole trust's folder: `clausebook check` finds no error in it."""
    size = Size(schools, policies, versions, seed)
    folder.mkdir(parents=True)
    for name in ("mkdocs.yml", "mkdocs_hooks.py"):
        shutil.copy(ROOT / name, folder)
    (folder / "policy_source").mkdir()
    shutil.copy(ROOT / TRUST_FILE, folder / TRUST_FILE)
    every = masters.masters(policies)
    pairs = [tuple(every[at : at + 2]) for at in range(0, policies, 2)]
    blocks = [range(at, min(at + BLOCK, schools)) for at in range(0, schools, BLOCK)]
    jobs = [_Job(folder, size, pair, block) for block, pair in product(blocks, pairs)]
    if len(jobs) == 1:
        jobs[0].run()
        return
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(job.run) for job in jobs]:
            done.result()


@dataclass(frozen=True)
class _Job:
    """A block of schools, and policies that refer to none but each other."""

    folder: Path
    size: Size
    masters: tuple[Master, ...]
    numbers: range

    def run(self) -> None:
        """Make the files."""
        made = _Making(self)
        for version in range(1, self.size.versions + 1):
            made.ratify(version)
        made.leave_drafts()
        self._write(made.tree)

    def _write(self, tree: Files) -> None:
        first = not self.numbers.start
        for path, data in tree.contents.items():
            if path.startswith("policy_source/") and (not first or path == TRUST_FILE):
                continue  # every block has the same
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


class _Making:
    """The trust of one job, from version to version."""

    def __init__(self, job: _Job) -> None:
        self.job, self.size = job, job.size
        self.tree = Files()
        self.records = Records()
        numbers = (f"{job.size.seed} {number}" for number in count())
        self.salts = (hashlib.sha256(n.encode()).hexdigest()[:32] for n in numbers)
        self.tree.put(TRUST_FILE, (ROOT / TRUST_FILE).read_bytes())
        self.schools = bodies.schools(job.numbers)
        self.bodies = [*bodies.groups(self.schools), *self.schools]
        for body in self.bodies:
            name, text = bodies.own_file(body, self.size.seed)
            self.tree.put(f"schools/{body.id}/{name}", text)
            logo = ROOT / "schools" / body.example / "logo.png"
            if logo.is_file():
                self.tree.put(f"schools/{body.id}/logo.png", logo.read_bytes())
        self.choices = {
            (body.id, master.id): made
            for master in job.masters
            for body, made in self._made(master)
        }

    def _wordings(self, master: Master) -> Wordings:
        waits = master.number % 4 == 1 or self.size.policies == 1
        return wordings(master, self.size.versions, self.size.seed, waits=waits)

    def _made(self, master: Master) -> Iterator[tuple[bodies.Body, list[bodies.Choice]]]:
        """Every body with its overrides of a policy, federations before their schools."""
        taken: dict[str | None, set[str]] = {}
        first, size = self._wordings(master).versions[0], self.size
        for body in self.bodies:
            made = bodies.choices(
                body, master, first, size.versions, size.seed, taken.get(body.group, ())
            )
            yield body, made
            taken[body.id] = {one.target for one in made}

    def _day(self, version: int) -> date:
        """When the schools adopted a version."""
        years = timedelta(days=min(365, 1800 // self.size.versions))
        return LAST - years * (self.size.versions - version)

    def ratify(self, version: int) -> None:
        """Make everybody's next version."""
        notes = self._files_of(version)
        problems = Problems()
        trust = read_trust(self.tree, problems)
        waiting = _read(notes, problems)
        body = trust_body(trust, problems)
        self._adopt(body, version, waiting, self._day(version) - timedelta(days=30), problems)
        for school in trust.schools.values():
            body = school_body(trust, school, problems)
            self._adopt(body, version, waiting, self._day(version), problems)
            if version == self.size.versions:
                log = record(body, None, TODAY, lambda: next(self.salts)).log
                self.tree.put(log_path(school.id), write_log(log))

    def _adopt(self, body: Body, version: int, notes: Notes, on: date, problems: Problems) -> None:
        """Ratify a body's policies, and write the versions."""
        request = Request(
            version=str(version),
            on=on,
            by="Full governing body" if body.school else "Board of Trustees",
            minute=f"item {version + 3}",
            signed=("The clerk",) if body.school else (),
            next_review=on + timedelta(days=365 if on.year < LAST.year else 400),
        )
        for policy in body.policies:
            state = standing(body, policy, self.records, notes)
            obstacles(state, request, on, problems)
            problems.stop_on_errors()
            made = make_version(state, request, lambda: next(self.salts))
            key = (body.id, policy.policy.id)
            archive = Archive(*key, (*state.archive.versions, made))
            self.records.archives[key] = archive
            folder = versions_folder(*key)
            self.tree.put(f"{folder}/{made.label}.md", write_version(made))
            self.tree.put(f"{folder}/{REGISTER}", register_text(archive.versions))

    def _files_of(self, version: int) -> Files:
        """Put the policies and overrides of a version in place; gives the notes on them."""
        notes = Files()
        for master in self.job.masters:
            said = self._wordings(master)
            self.tree.put(f"policy_source/{master.id}/policy.md", said.versions[version - 1])
            if version > 1:
                _note(notes, TRUST_ID, master.id, *said.notes[version - 2])
        self._put_adoptions(version, notes)
        return notes

    def _put_adoptions(self, version: int, notes: Files) -> None:
        trust = read_trust(_without_adoptions(self.tree), Problems())
        prints = {master.id: _prints(trust.policies[master.id]) for master in self.job.masters}
        days = [self._day(one) for one in range(1, version + 1)]
        for body, master in product(self.bodies, self.job.masters):
            made = [one for one in self.choices[body.id, master.id] if one.since <= version]
            text = bodies.adoption_file(made, prints[master.id], days)
            self.tree.put(f"schools/{body.id}/{master.id}.yml", text)
            new = [one.own or one.target for one in made if one.since == version]
            if version > 1 and new:
                _note(notes, body.id, master.id, f"since-{version}", new)

    def leave_drafts(self) -> None:
        """Put today's masters in place, with the notes on what waits."""
        for master in self.job.masters:
            said = self._wordings(master)
            if said.draft != said.versions[-1]:
                self.tree.put(f"policy_source/{master.id}/policy.md", said.draft)
                _note(self.tree, TRUST_ID, master.id, *said.notes[-1])


def _without_adoptions(tree: Files) -> Files:
    """The masters and one school: enough to know the fingerprints."""
    some = Files()
    for path, data in tree.contents.items():
        if path.startswith("policy_source/"):
            some.put(path, data)
    return some


def _prints(policy: Policy) -> Mapping[tuple[str, str], str]:
    """The fingerprints that overrides of each clause carry."""
    nowhere = Source("", "").whole()
    found: dict[tuple[str, str], str] = {}
    for clause in policy.outline:
        omit = Omit(target=clause.id, reason="", against=None, since=None, span=nowhere)
        found["omit", clause.id] = print_for(omit, policy.outline)
        found["words", clause.id] = wording_print(clause)
    return found


def _note(tree: Files, author: str, policy: str, name: str, clauses: object) -> None:
    """A change note on these clauses."""
    said = {
        "clauses": list(clauses),  # type: ignore[call-overload]
        "what": "Some clauses say more plainly what is expected, and some are new.",
        "why": "The yearly review found that people had to ask what was meant.",
        "origin": "review",
        "class": "substantive",
    }
    text = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)
    tree.put(f"{notes_folder(author, policy)}/{name}.yml", text)


def _read(notes: Files, problems: Problems) -> Notes:
    """These notes by author and policy; each has one at most."""
    found: dict[tuple[str, str], tuple[Note, ...]] = {}
    for path in notes.contents:
        folder, _, name = path.rpartition("/")
        of, policy = folder.replace("/changes", "").split("/")[-2:]
        author = TRUST_ID if of == "policy_source" else of
        document, said = read_shape(notes, path, NoteFile, problems)
        if document and said:
            found[author, policy] = (Note(name.removesuffix(".yml"), author, said, document),)
    return found


# -- made once -------------------------------------------------------------------------

KEPT = Path(__file__).parent / ".work"


def workload(size: Size) -> Path:
    """The folder of a workload of this size, made now if it was not made before."""
    name = f"{size.schools}x{size.policies}x{size.versions}-{size.seed}"
    folder = KEPT / f"{name}-{_state()}"
    if not folder.is_dir():
        for old in KEPT.glob(f"{name}-*"):
            shutil.rmtree(old)
        fresh = folder.with_name(folder.name + ".new")
        write_workload(fresh, size.schools, size.policies, size.versions, size.seed)
        fresh.rename(folder)
    return folder


def _state() -> str:
    """A digest of what a workload is made from: the examples, this code, and how versions look."""
    package = ROOT / "generator" / "clausebook"
    paths = [
        *(Path(__file__).with_name(f"{name}.py") for name in ("workload", "masters", "bodies")),
        *(package / f"{name}.py" for name in ("frozen", "records", "writing")),
        ROOT / "policy_source" / "trust.yml",
        *sorted(ROOT.glob("policy_source/*/policy.md")),
        *sorted(ROOT.glob("schools/*/*.yml")),
    ]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def main() -> None:
    """Write one workload; `kept` as its folder means: once, and print where it is."""
    folder, *numbers = sys.argv[1:]
    if folder == "kept":
        print(workload(Size(*map(int, numbers))))
    else:
        write_workload(Path(folder), *map(int, numbers))


if __name__ == "__main__":
    main()
