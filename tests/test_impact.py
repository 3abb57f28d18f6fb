"""`impact` and `status`: what an edit will do, school by school, and where everything stands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.trusts import MASTER, OURS, Trust, ratified_trust

from clausebook.problems import Problems
from clausebook.reading import read_policy
from clausebook.tailor import wording_print
from clausebook.workspace import WorkingTree

REPOSITORY = Path(__file__).parent.parent
VALE = "schools/vale/school.yml"
ITEM = "- answer messages within {{ reply_time }}. {#on-5}"


@pytest.fixture
def trust(tmp_path: Path) -> Trust:
    """A trust with an approved master and two schools, Hill and Vale."""
    trust = ratified_trust(tmp_path)
    trust.write(VALE, trust.read("schools/hill/school.yml").replace("Hill", "Vale"))
    trust.write("schools/vale/online.yml", "overrides: []\n")
    return trust


def override(trust: Trust, kind: str, target: str, more: str = "") -> None:
    """Let Hill depart from a clause as it stands."""
    policy = read_policy(WorkingTree(trust.root), "online", Problems())
    assert policy
    against = wording_print(policy.outline.by_id[target])
    place = f"after: {target}" if kind == "add" else ""
    said = {"add": f"add: Ours as well. {{#on-hill-{target[3:]}}}"}.get(kind, f"{kind}: {target}")
    lines = [f"- {said}", *([f"  {place}"] if place else []), *([f"  {more}"] if more else [])]
    lines += ["  reason: It suits us.", f"  against: {against}"]
    text = trust.read(OURS)
    head = text if "overrides:" in text else text + "overrides:\n"
    trust.write(OURS, head + "\n".join(lines) + "\n")


def impact(trust: Trust, *more: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(trust.ok("impact", "online", "--format", "json", *more))[0]


def effects(trust: Trust, clause: str) -> dict[str, list[str]]:
    """What a change of a clause does, by school."""
    found = next(one for one in impact(trust)["clauses"] if one["id"] == clause)
    return {at["school"]: at["effects"] for at in found["schools"]}


def test_a_clause_that_nobody_adapted_is_taken_over(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    assert effects(trust, "on-6") == {"hill": ["inherits"], "vale": ["inherits"]}
    said = trust.ok("impact", "online")
    assert "“lunch” is now “break”" in said
    assert "Both schools take it over" in said
    assert "1 clause changed for 2 schools; nobody has to decide anything." in said


def test_a_school_with_its_own_wording_must_decide(trust: Trust) -> None:
    override(trust, "replace", "on-6", "with: '{{ Pupils }} may use a phone at break.'")
    trust.edit(MASTER, "at lunch", "at break or at lunch")
    assert effects(trust, "on-6") == {"hill": ["must decide"], "vale": ["inherits"]}
    said = trust.ok("impact", "online")
    assert "Hill Primary School has its own wording and must decide" in " ".join(said.split())
    assert "clausebook review hill online" in said


def test_whether_the_trust_comes_closer_or_goes_away(trust: Trust) -> None:
    override(trust, "replace", "on-6", "with: '{{ Pupils }} may use a phone at break.'")
    trust.edit(MASTER, "at lunch", "at break or lunch")
    assert "closer to its wording" in trust.ok("impact", "online")
    trust.edit(MASTER, "may use a phone at break or lunch", "must leave phones at home")
    assert "further away" in trust.ok("impact", "online")


def test_a_school_that_has_decided_already_keeps_its_own(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break or at lunch")
    override(trust, "replace", "on-6", "with: '{{ Pupils }} may use a phone at break.'")
    assert effects(trust, "on-6")["hill"] == ["keeps its own"]
    assert "the trust moves further from the wording of Hill" in trust.ok("impact", "online")


def test_an_override_without_a_target_is_impact_and_stops_nothing(trust: Trust) -> None:
    override(trust, "replace", "on-5", "with: answer the same day.")
    trust.edit(MASTER, f"{ITEM}\n", "")
    assert trust.run("check").code == 1
    assert effects(trust, "on-5") == {"hill": ["override without target"], "vale": ["loses"]}
    said = trust.ok("impact", "online", "--format", "markdown")
    assert "**Hill Primary School has an override that loses its target**" in said
    assert "take the override out, or give it another clause" in said


@pytest.mark.parametrize(
    ("kind", "more", "edit", "clause", "effect"),
    [
        ("omit", "", ("at lunch", "at break"), "on-6", "left out, must decide"),
        ("add", "", ("at lunch", "at break"), "on-6", "addition stands beside, must decide"),
        ("omit", "", ("{#on-6 .optional}", "{#on-6}"), "on-6", "no longer allowed"),
        (
            "replace", "with: answer soon.", ("{#on-5}", "{#on-5 .locked}"), "on-5",
            "no longer allowed",
        ),
        (
            "replace", "with: answer soon.", ("Staff must: {#on-3}", "Staff must: {#on-3 .locked}"),
            "on-3", "no longer allowed",
        ),
        (
            "replace", "with: answer soon.",
            ("answer messages within {{ reply_time }}.", "answer soon."),
            "on-5", "override without effect",
        ),
    ],
)  # fmt: skip
def test_what_becomes_of_each_sort_of_override(
    trust: Trust, kind: str, more: str, edit: tuple[str, str], clause: str, effect: str
) -> None:
    override(trust, kind, {"on-3": "on-5"}.get(clause, clause), more)
    trust.edit(MASTER, *edit)
    found = effects(trust, clause)
    assert found["hill"] == [effect]
    assert found["vale"] == ["inherits"]


def test_what_all_schools_may_do_by_default_counts_too(trust: Trust) -> None:
    override(trust, "replace", "on-6", "with: '{{ Pupils }} may use a phone at break.'")
    trust.edit(MASTER, "statutory: false", "statutory: false\nschools_may: be stricter")
    assert effects(trust, "on-6") == {"hill": ["no longer allowed"], "vale": ["inherits"]}
    assert "its words are unchanged" in trust.ok("impact", "--format", "markdown")


def test_a_clause_left_out_by_a_school_that_is_gone_is_no_loss(trust: Trust) -> None:
    override(trust, "add", "on-2")
    trust.edit(MASTER, "{{ Pupils }} may use a phone at lunch. {#on-6 .optional}\n\n", "")
    assert effects(trust, "on-6") == {"hill": ["loses"], "vale": ["loses"]}
    assert "Both schools lose it" in trust.ok("impact", "online")


def test_names_that_must_be_filled_in_and_names_no_longer_used(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch.", "at lunch, and call {{ school.phone }}.")
    trust.edit(MASTER, "messages within {{ reply_time }}", "messages soon")
    trust.edit(VALE, "name: Vale", "phone: 01632 960123\nname: Vale")
    trust.write("schools/vale/online.yml", "values: {reply_time: 3}\n")
    found = impact(trust)
    missing = {c["id"]: [a["missing_values"] for a in c["schools"]] for c in found["clauses"]}
    assert missing == {"on-5": [[], []], "on-6": [["school.phone"], []]}
    assert found["unused"] == [{"name": "reply_time", "schools": ["vale"]}]
    said = trust.ok("impact", "--format", "markdown")
    assert "Hill Primary School takes it over, and must fill in school.phone" in said
    assert "'reply\\_time' is no longer used, and Vale Primary School fills it in" in said


def test_a_groups_wording_is_for_the_group_to_decide(trust: Trust) -> None:
    override(trust, "replace", "on-6", "with: '{{ Pupils }} may use a phone at break.'")
    trust.write("schools/dales/group.yml", "name: The Dales\n")
    trust.write("schools/dales/online.yml", trust.read(OURS))
    trust.write(OURS, "overrides: []\n")
    for school in ("hill", "vale"):
        path = f"schools/{school}/school.yml"
        trust.write(path, "group: dales\n" + trust.read(path))
    trust.edit(MASTER, "at lunch", "whenever they like")
    said = trust.ok("impact", "online", "--format", "markdown")
    assert "Both schools have their own wording and must decide (The Dales)" in said
    assert said.count("clausebook review dales online") == 1


def test_any_two_versions_can_be_weighed(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    trust.note("trust", "on-6")
    trust.ratify("trust", "2", "2026-06-01")
    nothing = "Nothing in the trust's policies differs from what is approved.\n"
    assert trust.ok("impact") == nothing
    assert trust.ok("impact", "--format", "markdown") == nothing
    assert [c["id"] for c in impact(trust, "--from", "1", "--to", "2")["clauses"]] == ["on-6"]
    assert impact(trust, "--from", "1")["from"] == "version 1"
    assert "the trust has no version '3'" in trust.refused("impact", "online", "--to", "3")
    assert "did you mean 'online'?" in trust.refused("impact", "onlin")


def test_what_has_not_been_approved_has_nothing_to_be_compared_with(trust: Trust) -> None:
    shutil.rmtree(trust.root / "policy_source/online/versions")
    shutil.rmtree(trust.root / "schools/hill/versions")
    assert "the trust has not approved it yet" in trust.ok("impact")


def test_what_cannot_be_read_is_said(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "at break")
    trust.write("schools/vale/online.yml", "overrides: [")
    said = trust.ok("impact", "online")
    assert "Hill Primary School takes it over" in said
    assert "schools/vale/online.yml could not be read and is left out" in said
    trust.write(MASTER, trust.read(MASTER).replace("{#on-6 .optional}", ""))
    assert "clause-without-id" in trust.refused("impact", "online")


def test_wording_never_becomes_markup_in_a_comment(trust: Trust) -> None:
    trust.edit(MASTER, "at lunch", "\\<script>|x|\\</script> `y`")
    said = trust.ok("impact", "online", "--format", "markdown")
    assert "<script>" not in said
    rows = [line for line in said.split("\n") if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 4 for line in rows)


def test_the_update_for_under_16s_fits_on_one_screen() -> None:
    said = Trust(REPOSITORY).ok("impact", "social-media")
    lines = said.split("\n")
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert "Saltmarsh Lane has its own wording" in said
    assert "clausebook review saltmarsh social-media" in said


# -- status ------------------------------------------------------------------------------


def test_status_says_where_every_policy_stands(trust: Trust) -> None:
    trust.ratify("hill", "1.1", "2026-06-01", "--no-changes", "--next-review", "2027-05-14")
    said = trust.ok("status", "--today", "2026-11-20")
    assert "\x1b" not in said
    lines = [" ".join(line.split()) for line in said.split("\n")]
    assert "Hill Primary School online 1.1 1 Jun 2026 1 14 May 2027 in force" in lines
    assert "2 schools, 1 policy: nothing waits." in said
    trust.edit(MASTER, "at lunch", "at break")
    late = trust.ok("status", "--today", "2027-06-01")
    assert "review overdue" in late
    assert "1 review overdue, proposals at 1 school." in late


def test_status_as_data_is_what_the_trusts_site_publishes(trust: Trust) -> None:
    shutil.copy(REPOSITORY / "mkdocs.yml", trust.root)
    shutil.copy(REPOSITORY / "mkdocs_hooks.py", trust.root)
    trust.build("2026-11-20")
    said = trust.ok("status", "--format", "json", "--today", "2026-11-20")
    assert json.loads(said) == json.loads(trust.read("site/trust/overview/policies.json"))


def test_status_lists_schools_without_the_policy(trust: Trust) -> None:
    (trust.root / "schools/vale/online.yml").unlink()
    assert "not adopted" in trust.ok("status")
