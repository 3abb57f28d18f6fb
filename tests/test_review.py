"""`review`: a school's decisions about wording that the trust has changed since."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.trusts import MASTER, OURS, Trust, ratified_trust

from clausebook.cli import main
from clausebook.problems import Problems
from clausebook.reading import read_policy
from clausebook.tailor import wording_print
from clausebook.workspace import WorkingTree

REPOSITORY = Path(__file__).parent.parent
FILE = """\
# What we do differently.
review: {{last: 2026-05-14, next: 2027-05-14}}

overrides:
  # Agreed in May, after the survey.
  - replace: on-6     # the one about lunch
    with: |
      {{{{ Pupils }}}} may use a phone at break.
    reason: "It's what families asked for."
    against: {six}   # looked at in May

  # Ours as well.
  - {{add: "We say so at every induction. {{#on-hill-1}}", after: on-2, reason: It helps., against: {two}}}

# The end.
"""  # noqa: E501 - as long as people write


def prints(trust: Trust) -> dict[str, str]:
    """The fingerprint of every clause as it stands."""
    policy = read_policy(WorkingTree(trust.root), "online", Problems())
    assert policy
    return {clause.id: wording_print(clause) for clause in policy.outline}


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust that has changed two clauses since Hill wrote about them."""
    trust = ratified_trust(tmp_path)
    known = prints(trust)
    trust.write(OURS, FILE.format(six=known["on-6"], two=known["on-2"]))
    trust.edit(MASTER, "at lunch", "after school")
    trust.edit(MASTER, "for everyone who", "for all who")
    return trust


def answer(trust: Trust, said: str, *more: str) -> Result:
    words = ["review", "--root", str(trust.root), "hill", *more]
    return CliRunner().invoke(main, words, input=said)


def test_three_texts_are_shown_and_nothing_changes_without_a_decision(trust: Trust) -> None:
    before = trust.files()
    shown = answer(trust, "skip\nskip\n", "online").output
    assert "1 of 2: clause 1.3 (on-6) of Online safety policy" in shown
    assert "in the trust's version 1" in shown
    assert "Pupils may use a phone [-at lunch-]{+after school+}." in shown
    assert "What you say:\n    1.3 Pupils may use a phone at break.\n" in shown
    assert "Your reason: It's what families asked for." in shown
    assert "This policy is for [-everyone-]{+all+} who" in shown
    assert "We say so at every induction." in shown
    assert "2 clauses left to decide." in shown
    assert answer(trust, "quit\n").output.count("clause 1.") == 1
    assert trust.files() == before


def test_keeping_changes_the_fingerprint_and_nothing_else(trust: Trust) -> None:
    before = trust.read(OURS)
    then, now = before.split("against: ")[1][:9], prints(trust)["on-6"]
    said = answer(trust, "", "online", "--decide", "on-6=keep")
    assert said.exit_code == 0
    assert "the override of on-6 is kept" in said.output
    assert "1 clause left to decide." in said.output
    assert "clausebook note" not in said.output
    assert trust.read(OURS) == before.replace(then, now)
    assert trust.codes().count("needs-review") == 1


def test_adopting_takes_the_override_out_with_its_comment(trust: Trust) -> None:
    before = trust.read(OURS)
    said = answer(trust, "adopt\nkeep\n").output
    start = before.index("  # Agreed in May")
    after = before[:start] + before[before.index("  # Ours as well") :]
    two = before.split("against: ")[2][:9]
    assert trust.read(OURS) == after.replace(two, prints(trust)["on-2"])
    assert "clausebook note hill online --clauses on-6 --what" in said
    assert trust.run("check").code == 0


def test_when_all_are_adopted_the_file_says_so(trust: Trust) -> None:
    answer(trust, "adopt\nadopt\n")
    assert trust.read(OURS) == (
        "# What we do differently.\nreview: {last: 2026-05-14, next: 2027-05-14}\n\n"
        "overrides: []\n\n# The end.\n"
    )


def test_rewriting_puts_in_other_words(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[str] = []

    def edit(text: str, **_: object) -> str:
        offered.append(text)
        return text.replace("at break.", "at home.\n\n> And nowhere else.")

    monkeypatch.setattr(click, "edit", edit)
    before = trust.read(OURS)
    said = answer(trust, "rewrite\nskip\n").output
    assert offered == ["{{ Pupils }} may use a phone at break.\n"]
    then = before.split("against: ")[1][:9]
    words = "at home.\n\n      > And nowhere else."
    expected = before.replace("at break.", words).replace(then, prints(trust)["on-6"])
    assert trust.read(OURS) == expected
    assert "on-6 says what you have written" in said
    assert "Say why, for the next version" in said


def test_words_that_cannot_be_read_are_not_written(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = iter(["Go <b>home</b>.", None])
    monkeypatch.setattr(click, "edit", lambda *_, **__: next(edits))
    before = trust.files()
    said = answer(trust, "rewrite\ny\nskip\n").output
    assert "raw-html" in said
    assert "Nothing was written" in said
    assert trust.files() == before


def test_windows_line_ends_and_marks_stay(trust: Trust) -> None:
    path = trust.root / OURS
    data = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(data)
    assert answer(trust, "", "--decide", "on-6=keep").exit_code == 0
    then = data.split(b"against: ")[1][:9]
    assert path.read_bytes() == data.replace(then, prints(trust)["on-6"].encode())


def test_wording_that_no_version_has_is_said_to_be_unknown(trust: Trust) -> None:
    trust.write(
        OURS, trust.read(OURS).replace(trust.read(OURS).split("against: ")[1][:9], "bbbb-bbbb")
    )
    shown = answer(trust, "skip\nskip\n").output
    assert "No approved version has the wording you read (bbbb-bbbb)." in shown
    assert "What the trust says now:\n    1.3 Pupils may use a phone after school.\n" in shown


def test_what_was_left_out_is_shown_with_all_under_it(trust: Trust) -> None:
    trust.edit(MASTER, "{#on-3}", "{#on-3 .optional}")
    trust.edit(MASTER, "{#on-4 .locked}", "{#on-4}")
    text = "overrides:\n  - omit: on-3\n    reason: We have our own.\n    against: bbbb-bbbb\n"
    trust.write(OURS, text)
    shown = answer(trust, "adopt\n").output
    assert "1.2(b) answer messages within 24 hours" in shown
    assert "You have left it out." in shown
    assert "rewrite" not in shown
    assert trust.read(OURS) == "overrides: []\n"


def test_a_group_decides_about_its_own(trust: Trust) -> None:
    trust.write("schools/dales/group.yml", "name: The Dales\n")
    trust.write("schools/dales/online.yml", trust.read(OURS))
    trust.write(OURS, "overrides: []\n")
    trust.write("schools/hill/school.yml", "group: dales\n" + trust.read("schools/hill/school.yml"))
    assert "Its group has something to decide: clausebook review dales" in answer(trust, "").output
    done = trust.ok("review", "dales", "--decide", "on-6=keep", "--decide", "on-2=adopt")
    assert "clausebook note dales online --clauses on-hill-1" in done
    assert "needs-review" not in trust.codes()
    assert "nothing to look at again" in trust.ok("review", "dales")


def test_what_does_not_exist_is_refused(trust: Trust) -> None:
    assert "did you mean 'hill'?" in trust.refused("review", "hil")
    assert "did you mean 'online'?" in trust.refused("review", "hill", "onlin")
    assert "is not written as" in trust.refused("review", "hill", "--decide", "on-6=rewrite")
    assert "'on-5' is not a clause" in trust.refused("review", "hill", "--decide", "on-5=keep")
    trust.write(OURS, "overrides: [\n")
    assert "bad-yaml" in trust.refused("review", "hill")


def test_a_file_that_was_edited_meanwhile_is_left_alone(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt(*_: object, **__: object) -> str:
        trust.write(OURS, "overrides: []\n")
        return "keep"

    monkeypatch.setattr(click, "prompt", prompt)
    assert "changed meanwhile" in answer(trust, "").output
    assert trust.read(OURS) == "overrides: []\n"


def test_the_example_trust(tmp_path: Path) -> None:
    trust = Trust(tmp_path)
    for name in ("policy_source", "schools"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    path = "schools/saltmarsh/social-media.yml"
    before = trust.read(path).split("\n")
    trust.ok("review", "saltmarsh", "--decide", "sm-142=keep")
    after = trust.read(path).split("\n")
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [(o.split(":")[0], n.split(":")[0]) for o, n in changed] == [
        ("    against", "    against")
    ]
    assert trust.run("check").output.count("needs-review") == 0
