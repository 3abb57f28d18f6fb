"""`note`, `record` and `withdraw`: what they write, what they refuse, what stays on record."""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from tests.trusts import MASTER, SCHOOL, VERSIONS, Trust, ratified_trust, ratify, small_trust

from clausebook.archive import REGISTER
from clausebook.cli_versions import DONE_IN_PART

PERSON = "Ruth Adeyemi"


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust with version 1 of its master, and two versions of its school's policy."""
    trust = ratified_trust(tmp_path)
    trust.ratify("hill", "1.1", "2026-06-01", "--no-changes", "--signed", f"Head: {PERSON}")
    return trust


# -- note --------------------------------------------------------------------------------


def test_a_note_is_a_file_people_can_read(trust: Trust) -> None:
    said = trust.note("hill", "on-6, on-5", "--class", "editorial", what="Later: “lunch”.")

    assert said == "Written: schools/hill/changes/online/change-on-6.yml\n"
    assert trust.read("schools/hill/changes/online/change-on-6.yml") == (
        "clauses:\n- on-6\n- on-5\nwhat: 'Later: “lunch”.'\nwhy: It was asked for.\n"
        "origin: review\nclass: editorial\n"
    )
    trust.note("trust", "on-6", "--name", "phones")
    assert "clauses" in trust.read("policy_source/online/changes/phones.yml")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("hil", "online"), "did you mean 'hill'?"),
        (("hill", "onlin"), "did you mean 'online'?"),
        (("hill", "online", "--name", "../../escape"), "cannot be a note's name"),
        (("hill", "online", "--name", ".hidden"), "cannot be a note's name"),
        (("hill", "online", "--clauses", "on_6"), "is not a clause's ID"),
        (("hill", "online", "--clauses", ", "), "is not a clause's ID"),
        (("hill", "online", "--origin", "whim"), "'whim' is not one of"),
        (("hill", "online", "--class", "minor"), "'minor' is not one of"),
    ],
)
def test_a_note_that_means_nothing_is_refused(
    trust: Trust, words: tuple[str, ...], why: str
) -> None:
    usual = ("--clauses", "on-6", "--what", "x", "--why", "y", "--origin", "law")

    assert why in trust.refused("note", *usual, *words)


def test_a_note_is_never_written_over(trust: Trust) -> None:
    trust.note("hill", "on-6")

    usual = ("--what", "x", "--why", "y", "--origin", "law")
    assert "already" in trust.refused("note", "hill", "online", "--clauses", "on-6", *usual)


# -- record ------------------------------------------------------------------------------


def test_every_change_of_people_and_channels_is_put_on_record_once(trust: Trust) -> None:
    trust.write(
        SCHOOL,
        "name: Hill Primary School\ncontacts:\n"
        f"  dsl: {{name: {PERSON}, email: a@hill.example.org, phone: 01632 960123}}\n"
        "channels:\n- {name: Facebook, address: 'https://x.example.org', purpose: News,\n"
        "   run_by: Office}\n",
    )
    assert "no change" in trust.ok("record", "hill", "--on", "2026-06-01")
    assert "no change" in trust.ok("record", "hill", "--on", "2026-06-02")
    trust.edit(SCHOOL, "960123", "960124")
    trust.edit(SCHOOL, "purpose: News", "purpose: Notices")
    trust.edit(SCHOOL, "channels:", "  it_lead: {name: Sam Okafor}\nchannels:")

    assert trust.codes() == ["unrecorded-update"]
    said = trust.ok("record", "hill", "--on", "2026-06-03").splitlines()

    assert said == [
        "3 June 2026: Designated safeguarding lead: telephone",
        "3 June 2026: IT lead: added",
        "3 June 2026: Facebook: purpose",
    ]
    trust.edit(SCHOOL, "  it_lead: {name: Sam Okafor}\n", "")
    assert trust.ok("record", "hill", "--on", "2026-06-04").endswith(": removed\n")
    log = trust.read("schools/hill/versions/updates.yml")
    assert log.count("on: 2026-06-0") + log.count("'on': 2026-06-0") == 4
    for secret in (PERSON, "Okafor", "960124", "a@hill"):
        assert secret not in log
    assert trust.codes() == []


LOG = "schools/hill/versions/updates.yml"


def test_a_role_that_is_gone_is_named_as_readers_knew_it(trust: Trust) -> None:
    own = "  librarian: {label: Librarian in charge, name: Ida Moss}\n"
    trust.edit(SCHOOL, "\n  dsl:", "\n  it_lead: {name: Sam Okafor}\n  dsl:")
    trust.write(SCHOOL, trust.read(SCHOOL) + "local_contacts:\n" + own)
    trust.ok("record", "hill", "--on", "2026-06-01")
    trust.edit(SCHOOL, "  it_lead: {name: Sam Okafor}\n", "")
    trust.edit(SCHOOL, f"local_contacts:\n{own}", "")

    assert trust.ok("record", "hill", "--on", "2026-06-02").splitlines() == [
        "2 June 2026: IT lead: removed",
        "2 June 2026: Librarian in charge: removed",
    ]


def entries(trust: Trust, path: str = LOG) -> dict[str, dict[str, str]]:
    state: dict[str, dict[str, str]] = yaml.safe_load(trust.read(path))["state"]
    return state


def test_digests_of_todays_details_are_salted(trust: Trust) -> None:
    trust.edit(SCHOOL, "\n  dsl:", "\n  it_lead: {name: Sam Okafor}\n  dsl:")
    trust.ok("record", "hill", "--on", "2026-06-01")
    first, text = entries(trust), trust.read(LOG)
    guess = sha256(f"hill\0name\0{PERSON}".encode()).hexdigest()[:16]

    assert guess not in text
    assert len({entry["salt"] for entry in first.values()}) == 2
    trust.ok("record", "hill", "--on", "2026-06-02")
    assert trust.read(LOG) == text, "nothing has changed, and nothing is written anew"
    trust.edit(SCHOOL, PERSON, "Ida Moss")
    trust.ok("record", "hill", "--on", "2026-06-03")
    second = entries(trust)
    assert second["contact.it_lead"] == first["contact.it_lead"]
    both = {*first["contact.dsl"].values()} & {*second["contact.dsl"].values()}
    assert both == {"Designated safeguarding lead"}, "digests of what stayed are new as well"


def test_a_log_from_before_salts_is_read_and_salted_when_it_is_written_next(trust: Trust) -> None:
    mail = "safeguarding@hill.example.org"
    name, email, gone = (
        sha256(f"hill\0{part}\0{text}".encode()).hexdigest()[:16]
        for part, text in (("name", PERSON), ("email", mail), ("name", "Sam Okafor"))
    )
    old = f"contact.dsl: {{name: {name}, email: {email}}}"
    trust.write(LOG, f"updates: []\nstate:\n  {old}\n")
    assert trust.codes() == []
    trust.write(LOG, f"updates: []\nstate:\n  {old}\n  contact.it_lead: {{name: {gone}}}\n")
    assert trust.codes() == ["unrecorded-update"]

    said = trust.ok("record", "hill", "--on", "2026-06-01")

    assert said == "1 June 2026: IT lead: removed\n"
    assert {*entries(trust)["contact.dsl"]} == {"label", "salt", "name", "email"}
    assert name not in trust.read(LOG)
    assert trust.codes() == []


def test_the_longest_names_are_put_on_record_and_read_again(trust: Trust) -> None:
    channel = "C" * 400
    trust.write(
        SCHOOL,
        f"name: {'Hill ' * 60}\ncontacts: {{dsl: {{name: {PERSON}}}}}\nlocal_contacts:\n"
        "  duty: {label: 'Duty at {{ school.name }}, {{ school.name }}', name: Sam Okafor}\n"
        f"channels:\n- {{name: {channel}, address: 'https://x.example.org', purpose: News,\n"
        "   run_by: Office}\n",
    )
    trust.ok("record", "hill", "--on", "2026-06-01")
    trust.edit(SCHOOL, "Sam Okafor", "Ida Moss")
    trust.edit(SCHOOL, "run_by: Office", "run_by: Reception")

    said = trust.ok("record", "hill", "--on", "2026-06-02")

    assert [line.rpartition(": ")[2] for line in said.splitlines()] == [
        "new person", "who looks after it",
    ]  # fmt: skip
    assert said.count("Hill " * 59) == 2
    assert trust.ok("record", "hill", "--on", "2026-06-03").startswith("On record: no change")


def test_a_log_of_what_there_cannot_be_is_refused(trust: Trust) -> None:
    trust.write(LOG, "state:\n  contact.D: {}\n  'channel. ': {}\n  channel.X: {nmae: a}\n")
    said = trust.refused("check")
    assert [line for line in said.splitlines() if line.startswith("error")] == [
        "error[bad-value]: 'contact.D' cannot be used as a name here",
        "error[bad-value]: 'channel. ' cannot be used as a name here",
        "error[unknown-key]: 'nmae' is not a key that can stand here",
    ]


def test_there_is_nothing_to_record_at_the_trust(trust: Trust) -> None:
    assert "no people and channels of its own" in trust.refused("record", "trust")
    assert "did you mean 'hill'?" in trust.refused("record", "hil")


# -- withdraw ----------------------------------------------------------------------------


def withdrawn(trust: Trust, person: str = PERSON) -> str:
    return trust.ok(
        "withdraw", "hill", person, "--reason", " left\nthe school ", "--on", "2026-07-01"
    )


def test_a_withdrawn_name_is_gone_the_seal_holds_and_the_withdrawal_is_on_record(
    trust: Trust,
) -> None:
    before = trust.archive("hill")
    register = trust.read(f"{VERSIONS}/{REGISTER}")

    said = withdrawn(trust, "ruth adeyemi").splitlines()

    assert said == [
        "online version 1: 1 value withdrawn (contact.dsl)",
        "online version 1.1: 2 values withdrawn (contact.dsl, signed.1)",
    ]
    for name, data in trust.files("schools/hill/versions").items():
        assert PERSON.encode() not in data, name
    after = trust.archive("hill")
    assert [v.seal for v in after.versions] == [v.seal for v in before.versions]
    assert trust.read(f"{VERSIONS}/{REGISTER}") == register
    assert [v.clauses for v in after.versions] == [v.clauses for v in before.versions]
    for version in after.versions:
        assert {(str(w.on), w.reason) for w in version.withdrawals} == {
            ("2026-07-01", "left the school")
        }
        gone = {name for name, value in version.stood.items() if value.text is None}
        assert gone == {w.value for w in version.withdrawals}
    assert after.versions[0].stood["signed.1"].text == "Chair of governors: Una Marsh"
    assert trust.codes() == []
    assert "stands in no version" in withdrawn(trust)


def test_two_people_can_be_withdrawn_one_after_the_other(trust: Trust) -> None:
    withdrawn(trust)
    withdrawn(trust, "Una Marsh")

    first = trust.archive("hill").versions[0]
    assert {w.value for w in first.withdrawals} == {"contact.dsl", "signed.1"}
    assert all(value.text is None for value in first.stood.values())


def test_work_goes_on_after_a_withdrawal(trust: Trust) -> None:
    withdrawn(trust)

    trust.ratify("hill", "1.2", "2026-07-02", "--no-changes")

    assert trust.codes() == []


def test_tampering_with_a_withdrawal_is_found(trust: Trust) -> None:
    path = trust.root / VERSIONS / "1.1.md"
    whole = path.read_bytes()
    withdrawn(trust)
    data = path.read_bytes()
    begin, end = data.index(b"as_it_stood:"), data.index(b"\n---\n", 4)
    places = random.Random(1).sample(range(begin, end), 60)  # noqa: S311 - no secret
    wrong = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in places]
    wrong.append(data.replace(b"2026-07-01", b"2026-07-02"))
    wrong.append(data.replace(b"left the school", b"asked for it"))
    wrong.append(data[: data.index(b"withdrawals:")] + data[end + 1 :])
    stood = whole[whole.index(b"as_it_stood:") : whole.index(b"\n---\n", 4)]
    wrong.append(data[:begin] + stood.replace(PERSON.encode(), b"Anna Smith") + data[end:])
    for tampered in wrong:
        path.write_bytes(tampered)
        assert {"broken-seal", "bad-character"} & {*trust.codes()}, tampered
    path.write_bytes(whole)
    assert trust.codes() == [], "a copy from before is as true as ever"


@pytest.mark.parametrize("name", ["Ruth", "Adeyemi", "Ruth Ade", "Ann", "", "  ", ".*", "R"])
def test_only_whole_words_are_a_name(trust: Trust, name: str) -> None:
    trust.edit(SCHOOL, PERSON, "Hannah Rutherford")
    trust.ratify("hill", "1.2", "2026-07-02", "--no-changes", "--signed", "Clerk: Hannah Annan")

    withdrawn(trust, name)

    stood = trust.archive("hill").versions[-1].stood
    assert all(value.text is not None for value in stood.values())
    first = trust.archive("hill").versions[0].stood["contact.dsl"]
    assert (first.text is None) == (name in {"Ruth", "Adeyemi"})


@pytest.mark.parametrize("name", ["Zoë O'Neil-Smith", "J. *Star* Lee", "A_M [Jo] Bell", "Ünal"])
def test_a_name_with_unusual_signs_is_found(tmp_path: Path, name: str) -> None:
    trust = small_trust(tmp_path)
    trust.edit(SCHOOL, PERSON, f'"{name}"')
    trust.ratify("trust", "1", "2026-05-14")
    trust.ratify("hill", "1", "2026-05-20", "--signed", f"Head: {name}")

    withdrawn(trust, name)

    assert all(v.text is None for v in trust.archive("hill").versions[0].stood.values())


def test_a_name_in_ratified_words_stays_and_is_told(trust: Trust) -> None:
    trust.edit(MASTER, "may use a phone at lunch", "may ask Ruth Adeyemi for a phone at lunch")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-02")
    trust.ratify("hill", "2", "2026-06-02")

    done = trust.run("withdraw", "hill", PERSON, "--reason", "left the school")

    assert done.code == DONE_IN_PART
    line = (
        trust.read(f"{VERSIONS}/2.md")
        .split("\n")
        .index("Pupils may ask Ruth Adeyemi for a phone at lunch.")
    )
    assert f"{VERSIONS}/2.md:{line + 1}: the wording of 'on-6' names them\n" in done.output
    assert "This text is sealed: the name cannot be taken out" in done.output


def test_a_withdrawal_at_a_place_that_does_not_exist_is_refused(trust: Trust) -> None:
    assert "did you mean 'hill'?" in trust.refused("withdraw", "hil", PERSON, "--reason", "x")
    assert trust.refused("withdraw", "hill", PERSON, "--reason", " ")


# -- ratify, from outside -------------------------------------------------------------------


def test_ratify_says_what_it_did(trust: Trust) -> None:
    more = ("--effective", "1 September 2026", "--no-changes")

    assert trust.ok(*ratify("hill", "1.2", "02/06/2026", *more)) == (
        "Version 1.2 of online at hill: no changes, in force from 1 September 2026, 8 clauses, "
        "0 changes on record.\n"
    )


def test_ratify_knows_its_schools_and_policies(trust: Trust) -> None:
    assert "did you mean 'hill'?" in trust.refused(*ratify("hil", "2", "2026-06-02"))
    assert "did you mean 'online'?" in trust.refused(
        *ratify("hill", "2", "2026-06-02", policy="onlin")
    )
