"""Building on what earlier builds have left: less work, the same bytes, and nothing trusted.

What a build makes with its cache is compared with what comes of a copy of the sources elsewhere,
in a process of its own that has nothing to build on.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from tests.trusts import MASTER, Trust, ratified_trust, ratify

from clausebook.buildcache import FOLDER, BuildCache
from clausebook.carrying import DamagedError, pack, unpack
from clausebook.engines import Engine, EngineError, Here, Processes
from clausebook.everything import open_tree
from clausebook.lookfiles import look_files
from clausebook.orders import Order
from clausebook.pipeline import build, check
from clausebook.problems import Problem, Problems, SourceError
from clausebook.reading import read_trust
from clausebook.tailor import wording_print
from clausebook.unchanged import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

Shared = TypeVar("Shared")
Piece = TypeVar("Piece")
Result = TypeVar("Result")

ROOT = Path(__file__).parent.parent
DAY = "2026-11-21"
TODAY = date.fromisoformat(DAY)
SOURCES = ("policy_source", "schools", "mkdocs.yml", "look.css")

OF_THE_GROUP = """\
overrides:
  - add: "Here, phones are kept in the office. {{#on-valley-1}}"
    after: on-6
    reason: The schools share a site.
    against: {against}
"""

TRUSTS = "Lowland Learning Trust"
HILL, DALE, MILL = "Hill Primary School", "Dale School", "Mill School"


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """Give a trust of three schools, not built yet: two are a federation, two have a version."""
    trust = ratified_trust(tmp_path / "trust")
    trust.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8") + "extra_css: [look.css]\n")
    trust.write("look.css", "article { color: #111111 }\n")
    trust.write("schools/valley/group.yml", "name: Valley Federation\nshort_name: Valley\n")
    trust.write("schools/valley/online.yml", OF_THE_GROUP.format(against=against(trust, "on-6")))
    for name, person in (("dale", "Sam Poole"), ("mill", "Wren Hale")):
        contact = f"{{name: {person}, email: dsl@{name}.example.org}}"
        trust.write(
            f"schools/{name}/school.yml",
            f"name: {name.title()} School\ngroup: valley\ncontacts:\n  dsl: {contact}\n",
        )
    trust.ratify("dale", "1", "2026-06-20")
    return trust


@pytest.fixture
def built(trust: Trust) -> Trust:
    """Give the same trust, built."""
    assert rebuilt(trust) == [*EVERY_SCHOOL, TRUSTS]
    return trust


EVERY_SCHOOL = [DALE, HILL, MILL]


def against(trust: Trust, clause: str) -> str:
    """The fingerprint of a clause as the trust writes it now."""
    master = read_trust(open_tree(trust.root), Problems()).policies["online"]
    return wording_print(master.outline.by_id[clause])


def ordered(trust: Trust, engine: Engine | None = None, cache: Path | None = None) -> Order:
    """A build of all sites of a trust, in its own folder."""
    return Order(
        root=trust.root,
        output=trust.root / "site",
        today=TODAY,
        engine=engine or Here(),
        cache=BuildCache(cache or trust.root / FOLDER),
    )


def rebuilt(trust: Trust, engine: Engine | None = None, cache: Path | None = None) -> list[str]:
    """Build; gives the names of whose sites were made, in the order in which they were done."""
    names: list[str] = []
    build(ordered(trust, engine, cache), Problems(), lambda name, *_: names.append(name))
    return names


def files(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def made(trust: Trust) -> dict[str, bytes]:
    """Everything a build writes for people to see: the websites, and their projects."""
    return {
        f"{place}/{name}": data
        for place in ("site", "build")
        for name, data in files(trust.root / place).items()
    }


def anew(trust: Trust, aside: Path) -> tuple[Trust, subprocess.CompletedProcess[str]]:
    """Build a copy of a trust's sources with nothing to build on."""
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    for name in SOURCES:
        source = trust.root / name
        if source.is_dir():
            shutil.copytree(source, aside / name)
        elif source.exists():
            shutil.copyfile(source, aside / name)
    command = [sys.executable, "-m", "clausebook", "build", "--no-cache", "--jobs", "1"]
    done = subprocess.run(
        [*command, "--root", str(aside), "--today", DAY],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Trust(aside), done


def assert_as_anew(trust: Trust, aside: Path) -> None:
    """What has been built is, byte for byte, what a first build makes of the same sources."""
    clean, done = anew(trust, aside)
    assert done.returncode == 0, done.stdout
    assert_same(made(trust), made(clean))


def assert_same(found: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    """Two folders hold the same; says which files do not."""
    assert found.keys() - wanted.keys() == set(), "files that should not be there"
    assert wanted.keys() - found.keys() == set(), "files that are missing"
    assert [name for name, data in found.items() if wanted[name] != data] == []


# -- the same bytes, whatever has happened since ------------------------------------------------


@dataclass
class Editor:
    """Somebody who edits, looks after and spoils a trust's folder, at random from a seed."""

    trust: Trust
    rng: random.Random
    number: int = 0
    versions: int = 1
    """How many versions of its policy the trust has approved."""

    @property
    def schools(self) -> list[str]:
        """The schools there are now."""
        return sorted(p.parent.name for p in self.trust.root.glob("schools/*/school.yml"))

    @property
    def edits(self) -> list[Callable[[], None]]:
        """Everything that can happen."""
        return [
            *(self.contact, self.term, self.override, self.no_override, self.words),
            *(self.new_clause, self.new_school, self.school_gone, self.copyright, self.colour),
            *(self.style_sheet, self.note, self.ratified, self.nothing, self.page_gone),
            *(self.page_changed, self.cut_short, self.changed_byte, self.no_cache, self.mistake),
        ]

    def fresh(self) -> int:
        """A number that has not been used before."""
        self.number += 1
        return self.number

    def put(self, path: str, pattern: str, text: str) -> None:
        """Put a line in the place of the one that begins with a pattern, or at the end."""
        before = self.trust.read(path)
        after, times = re.subn(rf"(?m)^{pattern}.*$", lambda _: text, before)
        self.trust.write(path, after if times else f"{before.rstrip()}\n{text}\n")

    def somebody(self) -> str:
        """The file of some school."""
        return f"schools/{self.rng.choice(self.schools)}/school.yml"

    def contact(self) -> None:
        """Another safeguarding lead, with another telephone."""
        said = f"name: Pat No-{self.fresh()}, email: a@example.org, phone: 01632 {self.number:06}"
        self.put(self.somebody(), "  dsl:", f"  dsl: {{{said}}}")

    def term(self) -> None:
        """Another word for pupils."""
        word = self.rng.choice(["student", "learner", "pupil", f"scholar-{self.fresh()}"])
        self.put(self.somebody(), "terms:", f"terms: {{pupil: {{singular: {word}}}}}")

    def override(self) -> None:
        """A school says something of its own; it may have said something else before."""
        school = self.rng.choice(self.schools)
        clause, said = self.rng.choice(
            [
                ("on-6", "omit: on-6"),
                ("on-6", f"replace: on-6\n    with: Ask first, as rule {self.fresh()} says."),
                ("on-2", f"replace: on-2\n    with: This is for all {self.fresh()} of us."),
                ("on-8", f'add: "We do more. {{#on-{school}-{self.fresh()}}}"\n    after: on-8'),
            ]
        )
        fingerprint = against(self.trust, clause)
        self.trust.write(
            f"schools/{school}/online.yml",
            f"overrides:\n  - {said}\n    reason: It is our way.\n    against: {fingerprint}\n",
        )

    def no_override(self) -> None:
        """A school takes back what it said."""
        self.trust.write(f"schools/{self.rng.choice(self.schools)}/online.yml", "overrides: []\n")

    def words(self) -> None:
        """The trust says a clause in other words."""
        mark = self.rng.choice(["{#on-2}", "{#on-6 .optional}"])
        line = next(line for line in self.trust.read(MASTER).splitlines() if mark in line)
        self.trust.edit(MASTER, line, f"This is for all {self.fresh()} of us. {mark}")

    def new_clause(self) -> None:
        """The trust has one more clause."""
        words = f"Rule {self.fresh()} comes last. {{#on-{100 + self.number}}}"
        self.trust.write(MASTER, f"{self.trust.read(MASTER)}\n{words}\n")

    def new_school(self) -> None:
        """A school joins that does as another one does."""
        like, name = self.rng.choice(self.schools), f"new-{self.fresh()}"
        for path in sorted((self.trust.root / "schools" / like).glob("*.yml")):
            text = path.read_text("utf-8").replace(f"on-{like}", f"on-{name}")
            self.trust.write(f"schools/{name}/{path.name}", text)
        self.put(f"schools/{name}/school.yml", "name:", f"name: New School {self.number}")

    def school_gone(self) -> None:
        """A school leaves, with all it had."""
        if len(self.schools) > 2:
            shutil.rmtree(self.trust.root / "schools" / self.rng.choice(self.schools))

    def copyright(self) -> None:
        """Every page has another line at its foot."""
        self.put("mkdocs.yml", "copyright:", f"copyright: Ours since {2000 + self.fresh()}")

    def colour(self) -> None:
        """The trust, or a school, looks different."""
        place = self.rng.choice(["policy_source/trust.yml", self.somebody()])
        colour = f"#1d4e{self.rng.randrange(0x40, 0x70):02x}"
        self.put(place, "look:", f'look: {{colour: "{colour}"}}')

    def style_sheet(self) -> None:
        """Every site has another style sheet."""
        self.trust.write("look.css", f"article {{ color: #1111{self.fresh():02} }}\n")

    def note(self) -> None:
        """Somebody writes down why a clause was changed, or is going to be."""
        author = self.rng.choice(["trust", "valley", *self.schools])
        self.trust.run(
            *("note", author, "online", "--clauses", "on-6", "--name", f"n-{self.fresh()}"),
            *("--what", "It is clearer.", "--why", "It was asked for.", "--origin", "review"),
        )

    def ratified(self) -> None:
        """The trust approves its policy as it is now, with a note on all that has changed."""
        self.words()
        shutil.rmtree(self.trust.root / "policy_source/online/changes", ignore_errors=True)
        day = date(2026, 7, 1) + timedelta(days=self.fresh())
        command = ratify("trust", str(self.versions + 1), day.isoformat())
        changed = re.findall(r"'(on-\d+)'[^\n]* has changed", self.trust.run(*command).output)
        self.trust.note("trust", ",".join(dict.fromkeys(changed)), "--name", f"v-{self.number}")
        done = self.trust.run(*command)
        self.versions += done.code == 0

    def nothing(self) -> None:
        """Nobody does anything, or only saves a file as it was."""
        path = self.trust.root / self.somebody()
        path.write_bytes(path.read_bytes())

    def page_gone(self) -> None:
        """A file of a website is deleted, or of its project, or the page above all of them."""
        front = self.trust.root / "site/index.html"
        path = front if self.rng.random() < 0.3 else self.some_file("site", "build")
        path.unlink()

    def page_changed(self) -> None:
        """Somebody mends a website by hand."""
        path = self.some_file("site/trust", *(f"site/{school}" for school in self.schools))
        path.write_bytes(path.read_bytes() + b"<!-- mended -->")

    def cut_short(self) -> None:
        """The disk was full when the cache was written."""
        path = self.some_file(FOLDER)
        path.write_bytes(path.read_bytes()[: self.rng.randrange(path.stat().st_size)])

    def changed_byte(self) -> None:
        """The disk has lost a bit of the cache, and then somebody edits a school."""
        self.contact()
        path = self.some_file(FOLDER)
        data = bytearray(path.read_bytes())
        data[self.rng.randrange(len(data))] ^= 4
        path.write_bytes(data)

    def no_cache(self) -> None:
        """The cache is deleted."""
        shutil.rmtree(self.trust.root / FOLDER)

    def mistake(self) -> None:
        """A school's file has a key that nobody knows."""
        path = self.somebody()
        self.trust.write(path, f"{self.trust.read(path).rstrip()}\nunheard_of: 1\n")

    def some_file(self, *folders: str) -> Path:
        """Any file in some folders that are there and are not empty."""
        found = [
            path
            for folder in folders
            for path in sorted((self.trust.root / folder).rglob("*"))
            if path.is_file() and path.stat().st_size and path.name != ".clausebook"
        ]
        return self.rng.choice(found)


def said(output: str) -> list[str]:
    """What a build says of its sources, and not of its own work."""
    own = ("Built ", "Nothing has changed", "Open ")
    return [line for line in output.splitlines() if not line.startswith(own)]


def saved(trust: Trust) -> dict[str, bytes]:
    """The sources of a trust."""
    return {path: data for path, data in trust.files().items() if path.startswith(SOURCES)}


def restore(trust: Trust, before: dict[str, bytes]) -> None:
    """Put a trust's sources back as they were."""
    for path in saved(trust):
        (trust.root / path).unlink()
    for path, data in before.items():
        (trust.root / path).parent.mkdir(parents=True, exist_ok=True)
        (trust.root / path).write_bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_a_build_makes_what_a_first_build_would(
    built: Trust, tmp_path: Path, seed: int
) -> None:
    """Everything that can happen does, in some order, and then again at random."""
    rng = random.Random(seed)  # noqa: S311 - the same for the same seed
    editor = Editor(built, rng)
    edits = editor.edits
    rng.shuffle(edits)
    for edit in [*edits, *rng.choices(editor.edits, k=8)]:
        before, there = saved(built), made(built)
        edit()
        spoilt = made(built)
        done = built.run("build", "--jobs", "1", day=DAY)
        clean, first = anew(built, tmp_path / "anew")
        assert (done.code, said(done.output)) == (first.returncode, said(first.stdout)), edit
        if done.code:
            assert made(built) == spoilt == there, edit
            restore(built, before)
        else:
            assert_same(made(built), made(clean))
    assert editor.versions > 1, "the trust has approved something"


EXAMPLES = [
    ("schools/kestrel/school.yml", "01632 960", "01632 961"),
    ("policy_source/social-media/policy.md", "{#sm-84}", "Children may ask too. {#sm-84}"),
    ("schools/saltmarsh/school.yml", "\nshort_name: ", "\nshort_name: New "),
    ("mkdocs.yml", "site_name: Policies", "site_name: Policies\ncopyright: Ours"),
]


@pytest.mark.slow
def test_the_repositorys_own_trust_is_built_on_as_well(tmp_path: Path) -> None:
    trust = Trust(tmp_path / "trust")
    shutil.copytree(ROOT / "policy_source", trust.root / "policy_source")
    shutil.copyfile(ROOT / "mkdocs.yml", trust.root / "mkdocs.yml")
    for school in ("kestrel", "saltmarsh"):
        shutil.copytree(ROOT / "schools" / school, trust.root / "schools" / school)
    for path, before, after in (("mkdocs.yml", "", ""), *EXAMPLES):
        text = trust.read(path)
        assert before in text
        trust.write(path, text.replace(before, after, 1))
        rebuilt(trust)
        assert_as_anew(trust, tmp_path / "anew")
    assert rebuilt(trust) == []


# -- how much is built ---------------------------------------------------------------------------


def test_when_nothing_has_changed_nothing_is_built_or_written(built: Trust) -> None:
    def written() -> dict[Path, tuple[int, int]]:
        found = {path: path.stat() for path in (built.root / "site").rglob("*")}
        return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}

    before = written()
    assert rebuilt(built) == []
    assert written() == before
    assert "Nothing has changed since the last build." in built.run("build", day=DAY).output


SLOW_TO_LOAD = {"jinja2", "mkdocs", "markdown_it", "pydantic", "rich", "yaml", "multiprocessing"}

ASK = """
import sys
from clausebook.cli import main
main(sys.argv[1:], standalone_mode=False)
print("loaded:", *sorted(name for name in sys.modules if "." not in name))
"""


def test_when_nothing_has_changed_little_is_loaded(built: Trust) -> None:
    built.run("build", day=DAY)
    command = [sys.executable, "-c", ASK, "build", "--root", str(built.root), "--today", DAY]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert "Nothing has changed since the last build." in done.stderr
    assert SLOW_TO_LOAD & set(done.stdout.rpartition("loaded:")[2].split()) == set()


LOOKS = [
    ("extra_css: [look.css]", "extra_css: [look.css, more.css]", "more.css"),
    ("extra_css: [look.css]", "extra_javascript: [more.js]", "more.js"),
    ("  name: material", "  name: material\n  custom_dir: own", "own/more.txt"),
    ("  name: material", "  name: material\n  custom_dir: own", "own/.hidden/more.txt"),
    ("site_name: Policies", "INHERIT: base/first.yml", "base/first.yml"),
    ("site_name: Policies", "INHERIT: base/first.yml", "second.yml"),
]


@pytest.mark.parametrize(("before", "after", "path"), LOOKS)
def test_whatever_the_look_is_read_from_is_looked_at(
    built: Trust, before: str, after: str, path: str
) -> None:
    built.write("own/there.txt", "there")
    built.write("base/first.yml", "INHERIT: ../second.yml\nsite_name: Policies\n")
    built.write("second.yml", "copyright: Theirs\n")
    built.edit("mkdocs.yml", before, after)
    assert len(rebuilt(built)) == 4
    assert ask(ordered(built)).conclusion
    earlier = built.read(path) if (built.root / path).exists() else "\n"
    built.write(path, f"{earlier}# more\nrepo_name: More\n")
    assert not ask(ordered(built)).conclusion
    rebuilt(built)
    assert ask(ordered(built)).conclusion
    if not path.endswith(".yml"):
        (built.root / path).unlink()
        assert not ask(ordered(built)).conclusion


def test_a_file_of_settings_can_be_named_elsewhere_than_where_it_is_inherited(
    tmp_path: Path,
) -> None:
    Trust(tmp_path).write("mkdocs.yml", "copyright: &it base.yml\nINHERIT: *it\n")
    Trust(tmp_path).write("base.yml", "INHERIT: mkdocs.yml\n")
    assert look_files(tmp_path, {}) == ((), ("mkdocs.yml", "base.yml"))


def test_a_contact_is_a_matter_of_its_school_and_the_trust(built: Trust, tmp_path: Path) -> None:
    built.edit("schools/dale/school.yml", "Sam Poole", "Alex Kerr")
    assert rebuilt(built) == [DALE, TRUSTS]
    assert_as_anew(built, tmp_path / "anew")


def test_a_ratification_is_a_matter_of_its_school_and_the_trust(
    built: Trust, tmp_path: Path
) -> None:
    built.ratify("mill", "1", "2026-06-21")
    assert rebuilt(built) == [MILL, TRUSTS]
    assert_as_anew(built, tmp_path / "anew")


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (MASTER, "at lunch", "at break"),
        ("policy_source/trust.yml", "Lowland", "Highland"),
        ("schools/valley/group.yml", "Valley Federation", "Federation of the Valley"),
        ("mkdocs.yml", "generator: false", "generator: true"),
        ("look.css", "#111111", "#222222"),
    ],
)
def test_what_all_sites_share_is_a_matter_of_all(
    built: Trust, path: str, before: str, after: str
) -> None:
    built.edit(path, before, after)
    assert len(rebuilt(built)) == 4


def test_another_day_is_another_build(built: Trust) -> None:
    order = Order(built.root, built.root / "site", date(2027, 6, 1), cache=ordered(built).cache)
    names: list[str] = []
    build(order, Problems(), lambda name, *_: names.append(name))
    assert len(names) == 4
    assert "review" in built.read("site/hill/policies/online.html")


def mended(trust: Trust) -> None:
    trust.write("site/mill/index.html", "mended by hand")


def put_there(trust: Trust) -> None:
    trust.write("site/mill/mine.html", "put there by hand")


def page_gone(trust: Trust) -> None:
    (trust.root / "site/mill/index.html").unlink()


def site_gone(trust: Trust) -> None:
    shutil.rmtree(trust.root / "site/mill")


def project_gone(trust: Trust) -> None:
    shutil.rmtree(trust.root / "build/mill")


@pytest.mark.parametrize("spoil", [mended, put_there, page_gone, site_gone, project_gone])
def test_a_site_that_is_not_as_it_was_left_is_built_again(
    built: Trust, tmp_path: Path, spoil: Callable[[Trust], None]
) -> None:
    spoil(built)
    assert rebuilt(built) == [MILL]
    assert_as_anew(built, tmp_path / "anew")


def test_the_page_above_all_sites_comes_back(built: Trust, tmp_path: Path) -> None:
    (built.root / "site/index.html").unlink()
    rebuilt(built)
    assert_as_anew(built, tmp_path / "anew")


def test_one_school_after_another_makes_the_whole(trust: Trust, tmp_path: Path) -> None:
    for school in ("mill", "dale", "trust", "hill"):
        assert trust.run("build", "--school", school, day=DAY).code == 0
    assert rebuilt(trust) == []
    assert_as_anew(trust, tmp_path / "anew")


def test_a_school_that_comes_back_is_built_again(built: Trust, tmp_path: Path) -> None:
    away = shutil.move(built.root / "schools/mill", tmp_path / "mill")
    rebuilt(built)
    assert not (built.root / "site/mill").exists()
    shutil.move(away, built.root / "schools/mill")
    assert MILL in rebuilt(built)
    assert_as_anew(built, tmp_path / "anew")


def test_a_folder_is_read_again_when_a_policy_is_gone(built: Trust) -> None:
    shutil.rmtree(built.root / "policy_source/online")
    with pytest.raises(SourceError) as caught:
        rebuilt(built)
    gone = {p.span.source.name for p in caught.value.problems if p.code == "unknown-policy"}
    assert gone == {"schools/hill/online.yml", "schools/valley/online.yml"}


def test_mistakes_and_warnings_are_told_again(built: Trust) -> None:
    built.edit(MASTER, "at lunch", "at break")
    first, again = (built.run("build", day=DAY).output for _ in range(2))
    assert "change-without-note" in first
    assert said(again) == said(first)
    built.edit(MASTER, "{#on-7}", "{#on-2}")
    wrong, still = (built.run("build", day=DAY) for _ in range(2))
    assert "duplicate-id" in wrong.output
    assert (wrong.code, still.code) == (1, 1)
    assert said(still.output) == said(wrong.output)


def test_a_strict_build_is_not_content_with_what_another_let_pass(built: Trust) -> None:
    built.edit(MASTER, "at lunch", "at break")
    assert built.run("build", day=DAY).code == 0
    assert built.run("build", "--strict", day=DAY).code == 1


# -- what is kept ---------------------------------------------------------------------------------


def entries(trust: Trust) -> list[Path]:
    """Every file of a cache."""
    return sorted(path for path in (trust.root / FOLDER).rglob("*") if path.is_file())


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def changed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [cut, emptied, changed, made_a_folder])
def test_a_damaged_cache_is_noticed(
    built: Trust, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    for path in entries(built):
        damage(path)
    built.edit("schools/hill/school.yml", "Ruth Adeyemi", "Alex Kerr")
    assert set(rebuilt(built)) == {*EVERY_SCHOOL, TRUSTS}
    assert_as_anew(built, tmp_path / "anew")
    if damage is not made_a_folder:
        assert rebuilt(built) == []


def with_digest(data: bytes) -> bytes:
    return sha256(data).digest() + data


@pytest.mark.parametrize("data", [b"", b"junk", b"[]", b'{"a": 1}', with_digest(b"junk")])
def test_what_means_nothing_is_made_again(built: Trust, tmp_path: Path, data: bytes) -> None:
    """Also where its digest fits."""
    for path in entries(built):
        if path.relative_to(built.root / FOLDER).parts[0] != "pages":
            path.write_bytes(with_digest(data))
    built.edit("schools/hill/school.yml", "Ruth Adeyemi", "Alex Kerr")
    assert set(rebuilt(built)) == {*EVERY_SCHOOL, TRUSTS}
    assert_as_anew(built, tmp_path / "anew")


def test_a_cache_that_cannot_be_written_is_done_without(trust: Trust, tmp_path: Path) -> None:
    trust.write(f"{FOLDER}/pages", "a file, where a folder should be")
    assert len(rebuilt(trust)) == 4
    assert trust.read(f"{FOLDER}/pages") == "a file, where a folder should be"
    assert_as_anew(trust, tmp_path / "anew")


def test_two_folders_share_a_cache(built: Trust, tmp_path: Path) -> None:
    """Each knows what it has built itself, and takes from the other only what is the same."""
    other, shared = Trust(tmp_path / "other"), built.root / FOLDER
    restore(other, saved(built))
    assert len(rebuilt(other, cache=shared)) == 4
    other.edit("schools/dale/school.yml", "Sam Poole", "Alex Kerr")
    assert rebuilt(built) == []
    assert rebuilt(other, cache=shared) == [DALE, TRUSTS]
    built.edit("schools/dale/school.yml", "Sam Poole", "Alex Kerr")
    assert rebuilt(built) == [DALE, TRUSTS]
    for trust in (built, other):
        assert rebuilt(trust, cache=shared) == []
        assert_as_anew(trust, tmp_path / "anew")


def test_two_builds_at_once_share_a_cache(trust: Trust, tmp_path: Path) -> None:
    other = Trust(tmp_path / "other")
    restore(other, saved(trust))
    command = [sys.executable, "-m", "clausebook", "build", "--today", DAY]
    running = [
        subprocess.Popen(
            [*command, "--root", str(each.root), "--cache", str(tmp_path / "cache")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for each in (trust, other)
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert_as_anew(trust, tmp_path / "anew")
    assert_same(made(trust), made(other))


# -- what is kept is data -----------------------------------------------------------------------


def call(module: str, name: str, argument: str) -> bytes:
    """A pickle of a call."""
    return f"\x80\x04c{module}\n{name}\n(V{argument}\ntR.".encode("latin-1")


CALLS = [
    *(("os", "system"), ("posix", "system"), ("subprocess", "getoutput"), ("os", "popen")),
    *(("builtins", "eval"), ("builtins", "exec"), ("builtins", "getattr"), ("builtins", "open")),
    *(("importlib", "import_module"), ("pathlib", "Path"), ("pydoc", "pipepager")),
    *(("clausebook.swap", "os.system"), ("clausebook.swap", "shutil.rmtree")),
    *(("clausebook.swap", "Path"), ("clausebook.swap", "write_file"), ("clausebook.cli", "main")),
    *(("clausebook.engines", "os"), ("clausebook.carrying", "unpack"), ("clausebook", "model")),
    *(("clausebook.__main__", "main"), ("clausebook.nothing", "Nothing")),
    *(("clausebookish", "Evil"), ("tests.evil", "Evil")),
]


@pytest.mark.parametrize(("module", "name"), CALLS)
def test_no_pickle_runs_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    ran = tmp_path / "ran"
    monkeypatch.setattr(sys, "argv", ["clausebook", "init", str(ran)])
    command = f"touch {ran}"
    if module == "builtins":
        command = f"__import__('pathlib').Path({str(ran)!r}).touch()"
    if name == "open":
        command = str(ran)
    with pytest.raises(DamagedError):
        unpack(with_digest(call(module, name, command)))
    assert not ran.exists()


def test_no_entry_of_a_cache_runs_anything(built: Trust, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for path in entries(built):
        if path.relative_to(built.root / FOLDER).parts[0] != "pages":
            inside = with_digest(call("os", "system", f"touch {ran}"))
            path.write_bytes(with_digest(inside))
    built.edit("schools/hill/school.yml", "Ruth Adeyemi", "Alex Kerr")
    assert len(rebuilt(built)) == 4
    assert not ran.exists()
    assert_as_anew(built, tmp_path / "anew")


def test_what_is_packed_comes_back(trust: Trust) -> None:
    warned(trust)
    wanted = found(trust, Here())[0]
    assert wanted
    assert unpack(pack(wanted, with_texts=True)) == wanted


def test_places_stay_where_the_texts_around_them_are_left_behind(trust: Trust) -> None:
    warned(trust)
    wanted = found(trust, Here())[0]
    data = pack(wanted)
    assert b"in a box" not in data
    for problem, before in zip(unpack(data), wanted, strict=True):
        assert (problem.message, str(problem.span)) == (before.message, str(before.span))


@pytest.mark.parametrize("data", [b"", b"short", with_digest(b""), b"\0" * 40, with_digest(b"N")])
def test_bytes_that_were_not_packed_are_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError):
        unpack(data)


# -- who does the work ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Backwards:
    """Does the last piece first: results come in any order."""

    is_near: bool = True

    def run(
        self,
        work: Callable[[Shared, Piece], Result],
        shared: Shared,
        pieces: Sequence[Piece],
    ) -> Generator[Result, None, None]:
        """See `Engine.run`."""
        return Here().run(work, shared, pieces[::-1])


ENGINES: list[Engine] = [Here(), Processes(2), Processes(5), Backwards()]


def test_sites_are_the_same_whoever_builds_them(trust: Trust, tmp_path: Path) -> None:
    for number, engine in enumerate(ENGINES):
        assert set(rebuilt(trust, engine, tmp_path / f"cache-{number}")) == {*EVERY_SCHOOL, TRUSTS}
        assert_as_anew(trust, tmp_path / "anew")


def found(trust: Trust, engine: Engine) -> tuple[list[Problem], list[Problem]]:
    """What a check finds wrong, and a build with nothing to build on."""
    order = Order(trust.root, trust.root / "site", TODAY, engine=engine)
    tree, of_check, of_build = open_tree(trust.root), Problems(), Problems()
    with suppress(SourceError):
        check(tree, of_check, TODAY, engine)
    with suppress(SourceError):
        build(order, of_build, lambda *_: None)
    return list(of_check), list(of_build)


def warned(trust: Trust) -> None:
    """What a federation says is changed at two schools, and both have to say why."""
    trust.ratify("mill", "1", "2026-06-21")
    trust.edit("schools/valley/online.yml", "in the office", "in a box")
    trust.edit(MASTER, "at lunch", "at break")


def wrong(trust: Trust) -> None:
    """Schools do what the trust has ruled out, on their own and as a federation."""
    said = f"overrides:\n  - omit: on-4\n    reason: So.\n    against: {against(trust, 'on-4')}\n"
    for body in ("hill", "valley"):
        trust.write(f"schools/{body}/online.yml", said)


def damaged(trust: Trust) -> None:
    """Versions on record are not what was ratified."""
    for school in ("hill", "dale"):
        path = f"schools/{school}/versions/online/1.md"
        trust.write(path, trust.read(path).replace("passwords", "password"))


@pytest.mark.parametrize("spoil", [warned, wrong, damaged])
def test_problems_are_told_alike_whoever_finds_them(
    trust: Trust, spoil: Callable[[Trust], None]
) -> None:
    spoil(trust)
    wanted = found(trust, Here())[0]
    assert len({problem.span.source.name for problem in wanted}) > 1
    for engine in ENGINES:
        for problems in found(trust, engine):
            assert problems == wanted


def test_a_process_that_is_killed_ends_the_build_and_changes_nothing(built: Trust) -> None:
    before = made(built)
    for number in range(6):
        trust_of = f"schools/more-{number}/school.yml"
        built.write(trust_of, f"name: More {number}\ncontacts: {{dsl: {{name: Pat Lee}}}}\n")
    built.edit("policy_source/trust.yml", "Lowland", "Highland")

    def kill(*_: object, **_named: object) -> None:
        for process in multiprocessing.active_children():
            assert process.pid
            os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(EngineError, match="ended from outside"):
        build(ordered(built, Processes(2)), Problems(), kill)
    assert made(built) == before
    assert not list(built.root.glob(".*.new"))
    assert len(rebuilt(built, Processes(2))) > 4


def test_a_build_that_is_killed_leaves_no_process_behind(trust: Trust) -> None:
    for number in range(40):
        school = f"name: More {number}\ncontacts: {{dsl: {{name: Pat Lee}}}}\n"
        trust.write(f"schools/more-{number}/school.yml", school)
    command = [sys.executable, "-m", "clausebook", "build", "--jobs", "2", "--root"]
    building = subprocess.Popen(
        [*command, str(trust.root), "--today", DAY],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert building.stderr
    assert building.stderr.readline(), "a first site is built: both processes are at work"
    building.kill()
    building.wait()
    building.stderr.close()
    end = time.monotonic() + 30
    with suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.killpg(building.pid, 0)  # is there anybody?
            time.sleep(0.05)
        os.killpg(building.pid, signal.SIGKILL)
        pytest.fail("somebody is still waiting for work")
