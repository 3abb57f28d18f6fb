"""A leaver's details: what goes with a name, where nothing can be taken out, what never gets in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.trusts import MASTER, MASTERS, OURS, SCHOOL, VERSIONS, Trust, ratify, small_trust

from clausebook.cli_versions import DONE_IN_PART
from clausebook.withdrawing import names_in, speaks_of

ANN = "Ann Kemble"
LAST = "Tell {{ contact.dsl }} about anything that worries you, as clause [on-2](#on-2) says."
WHY = ("--reason", "left the school", "--on", "2026-07-01")


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust whose safeguarding lead is Ann Kemble; nothing is ratified yet."""
    trust = small_trust(tmp_path)
    trust.edit(SCHOOL, "Ruth Adeyemi, email: safeguarding@hill.example.org", ANN)
    return trust


def ratified(trust: Trust, *more: str) -> None:
    trust.ratify("trust", "1", "2026-05-14")
    trust.ratify("hill", "1", "2026-05-20", *more)


def left(trust: Trust) -> dict[str, str | None]:
    return {name: value.text for name, value in trust.archive("hill").versions[0].stood.items()}


# -- what goes with a name -----------------------------------------------------------------


def test_all_details_of_the_contact_go_with_the_name(trust: Trust) -> None:
    details = ("name", "email", "phone", "role")
    words = ", ".join(
        f"{{{{ contact.{role}.{p} }}}}" for role in ("dsl", "it_lead") for p in details
    )
    trust.edit(MASTER, LAST, f"Ask {words}.")
    trust.edit(
        SCHOOL,
        f"{{name: {ANN}}}",
        f"{{name: {ANN}, email: safeguarding@hill.example.org, phone: 01632 960123}}\n"
        "  it_lead: {name: Hannah Kemble, email: h.kemble@hill.example.org, phone: 01632 960124}",
    )
    ratified(trust)

    said = trust.ok("withdraw", "hill", ANN, *WHY)

    gone = "contact.dsl.email, contact.dsl.name, contact.dsl.phone"
    assert said == f"online version 1: 3 values withdrawn ({gone})\n"
    stood = left(trust)
    assert {name for name, text in stood.items() if text is None} == set(gone.split(", "))
    assert stood["contact.dsl.role"] == "Designated safeguarding lead"
    assert stood["contact.it_lead.name"] == "Hannah Kemble"


def test_an_address_made_from_the_name_goes_where_the_name_does_not_stand(trust: Trust) -> None:
    trust.edit(MASTER, LAST, "Write to {{ contact.dsl.email }} or ring {{ contact.dsl.phone }}.")
    trust.edit(SCHOOL, ANN, f"{ANN}, email: a.kemble@hill.example.org, phone: 01632 960123")
    ratified(trust)

    trust.ok("withdraw", "hill", ANN, *WHY)

    assert set(left(trust).values()) == {None}
    assert b"kemble" not in b"".join(trust.files("schools/hill/versions").values()).lower()


def test_a_card_goes_with_its_holder_and_not_with_others_whom_it_names(trust: Trust) -> None:
    trust.edit(MASTER, LAST, "{{ contact.dsl.card }}")
    trust.edit(MASTER, "{{ contact.dsl.card }} {#on-8}", "Ask: {#on-8}\n\n{{ contact.dsl.card }}")
    trust.edit(
        "policy_source/trust.yml",
        "label: Designated safeguarding lead,",
        "label: Designated safeguarding lead, about: Una Marsh knows where to find them.,",
    )
    trust.edit(SCHOOL, ANN, f"{ANN}, email: help@hill.example.org")
    trust.edit(MASTER, "may use a phone", "may ask {{ contact.dsl.email }} for a phone")
    ratified(trust)

    trust.ok("withdraw", "hill", "Una Marsh", *WHY)

    assert left(trust)["contact.dsl.card"] is None, "the name is gone"
    assert left(trust)["contact.dsl.email"] is not None, "Una Marsh does not hold the role"


@pytest.mark.parametrize(
    ("address", "person", "theirs"),
    [
        ("a.kemble@x.org", ANN, True),
        ("ann.kemble@x.org", ANN, True),
        ("Kemble.Ann@x.org", ANN, True),
        ("akemble2@x.org", ANN, True),
        ("ann-k@x.org", ANN, True),
        ("kemble@x.org", ANN, True),
        ("b.kemble@x.org", ANN, False),
        ("hannah.kemble@x.org", ANN, False),
        ("ann.lee@x.org", ANN, False),
        ("ann@x.org", ANN, False),
        ("sleeper@x.org", "Ann Lee", False),
        ("office@kemble.org", ANN, False),
        ("d.amos@x.org", "The Revd Dorothy Amos", True),
        ("zoe.oneil-smith@x.org", "Zoë O'Neil-Smith", True),
        ("maria.cruz@x.org", "Maria de la Cruz", True),
    ],
)
def test_an_address_is_made_from_a_name_or_is_not(address: str, person: str, theirs: bool) -> None:  # noqa: FBT001
    for text in (address, f"[{address}](mailto:{address})", f"Email: {address}, or ring."):
        assert names_in(text, person) == theirs


# -- where nothing can be taken out ----------------------------------------------------------


def test_every_sealed_place_that_names_somebody_is_told_with_its_line(trust: Trust) -> None:
    """Una Marsh is no contact today, so nothing keeps her name out."""
    trust.edit(OURS, "review:", "overrides:\n- {omit: on-6, reason: Una Marsh asked.}\nreview:")
    confirm = trust.run("check").output.split("'against: ")[1].split("'")[0]
    trust.edit(OURS, "reason: Una Marsh asked.", f"reason: Una Marsh asked., against: {confirm}")
    trust.ratify("trust", "1", "2026-05-14")
    trust.ratify("hill", "1", "2026-05-20", "--minute", "FGB 7, una marsh in the chair")
    trust.edit(MASTER, "keep their passwords", "tell Una Marsh nothing and keep their passwords")
    trust.note("trust", "on-4", what="It is said what *Una Marsh* is told.")
    trust.ratify("trust", "2", "2026-06-01")
    trust.ratify("hill", "2", "2026-06-02", "--signed", "Chair: Una Marsh")

    done = trust.run("withdraw", "hill", "Una Marsh", *WHY)

    assert done.code == DONE_IN_PART == 4
    head, *told, last = done.output.splitlines()
    assert head == "online version 2: 1 value withdrawn (signed.1)"
    assert [line.split(": ", 1)[1] for line in told] == [
        "'minute' names them",
        "'reason' names them",
        "'what' names them",
        "'reason' names them",
        "the wording of 'on-4' names them",
    ]
    for line in told:
        path, number, _ = line.split(":", 2)
        assert "una marsh" in trust.read(path).split("\n")[int(number) - 1].lower()
    assert last == (
        "These texts are sealed: the name cannot be taken out without breaking the chain of "
        "versions."
    )
    assert trust.codes() == []
    again = trust.run("withdraw", "hill", "Una Marsh", *WHY)
    assert again.code == DONE_IN_PART
    assert again.output.splitlines()[1:] == [*told, last]


def test_a_reason_with_the_name_in_it_is_refused(trust: Trust) -> None:
    ratified(trust)

    said = trust.refused("withdraw", "hill", ANN, "--reason", f"{ANN} has left")

    assert "give one without the name" in said


# -- what never gets in ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (("--by", f"Governors, proposed by {ANN}"), "--by"),
        (("--minute", "FGB 7, as ann kemble asked"), "--minute"),
        (("--label-reason", "Mrs Kemble wanted it."), "--label-reason"),
    ],
)
def test_a_contacts_name_is_kept_out_of_what_is_agreed(
    trust: Trust, more: tuple[str, str], what: str
) -> None:
    trust.ratify("trust", "1", "2026-05-14")

    for body, words in (
        ("hill", ("hill", "1", "2026-05-20")),
        ("trust", ("trust", "1.1", "2026-05-20")),
    ):
        said = trust.refused(*ratify(*words, *more))

        assert f"error[not-ready]: {what} names '{ANN}'" in said, body
        assert "write the role, not the name: this text can never be changed" in said


def test_a_contacts_name_is_kept_out_of_notes_and_reasons(trust: Trust) -> None:
    ratified(trust, "--signed", f"Head: {ANN}")
    reason = f"overrides:\n- {{omit: on-6, reason: {ANN} asked., against: qbqw-gpzf}}\nreview:"
    trust.edit(OURS, "review:", reason)
    trust.note("hill", "on-6", what=f"{ANN} proposed it.")
    path = "schools/hill/changes/online/change-on-6.yml"

    said = trust.not_ratified("hill", "2", "2026-06-01")

    assert said.count("[not-ready]") == 2
    assert f"'what' of this note names '{ANN}'\n --> {path}:3" in said
    assert f"this reason names '{ANN}'\n --> {OURS}:2" in said
    trust.edit(OURS, ANN, "The safeguarding lead")
    trust.edit(path, ANN, "The safeguarding lead")
    trust.ratify("hill", "2", "2026-06-01")


def test_the_trust_keeps_the_names_of_every_schools_contacts_out(trust: Trust) -> None:
    trust.ratify("trust", "1", "2026-05-14")
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6", "--name", "break", what="As Hill does it.")
    path = "policy_source/online/changes/break.yml"
    trust.edit(path, "It was asked for.", f"{ANN} asked for it.")

    assert f"'why' of this note names '{ANN}'" in trust.not_ratified("trust", "2", "2026-06-01")


@pytest.mark.parametrize(
    ("text", "person", "named"),
    [
        ("Ann Kemble asked", ANN, True),
        ("ANN  KEMBLE asked", ANN, True),
        ("Mrs. Kemble asked", ANN, True),
        ("Dorothy Amos asked", "The Revd Dorothy Amos", True),
        ("Joann Kemble asked", ANN, False),
        ("the Kemble report", ANN, False),
        ("the school office asked", "School office", False),
        ("Grace asked", "Grace", True),
        ("days of grace", "Grace", False),
        ("", ANN, False),
        ("anything", " ", False),
    ],
)
def test_a_text_speaks_of_a_person_or_does_not(text: str, person: str, named: bool) -> None:  # noqa: FBT001
    assert speaks_of(text, person) == named


def test_versions_that_name_somebody_are_as_valid_as_ever(trust: Trust) -> None:
    """Only what is ratified from now on is looked at."""
    trust.ratify("trust", "1", "2026-05-14")
    trust.ratify("hill", "1", "2026-05-20", "--by", "Governors with Una Marsh")
    trust.edit(SCHOOL, ANN, "Una Marsh")

    assert trust.codes() == []
    trust.ratify("hill", "1.1", "2026-06-01", "--no-changes")
    assert (trust.root / VERSIONS / "1.1.md").is_file()
    assert (trust.root / MASTERS / "1.md").is_file()
