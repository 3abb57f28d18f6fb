"""Policies in OSCAL: another program reads them, and finds the same wording as our own pages."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ExampleSites

from clausebook.everything import open_tree
from clausebook.pipeline import render
from clausebook.problems import Problems

REPOSITORY = Path(__file__).parent.parent
SCHOOLS = ("ashwater", "kestrel", "millrace", "saltmarsh", "thornbeck")
Json = dict[str, Any]


def files(root: Path, today: date) -> Mapping[str, Json]:
    """Every OSCAL file, as `school/name`."""
    problems = Problems()
    sites = render(open_tree(root), problems, today)
    return {
        f"{site.body.id}/{path.removeprefix('data/oscal/')}": json.loads(text)
        for site in sites
        for path, text in site.files.items()
        if path.startswith("data/oscal/")
    }


@pytest.fixture(scope="module")
def found() -> Mapping[str, Json]:
    """What the repository's own trust publishes."""
    return files(REPOSITORY, date(2026, 11, 21))


def controls(data: Json) -> Iterator[Json]:
    """Every control, however deep it stands."""
    for control in data.get("controls", []):
        yield control
        yield from controls(control)
    for group in data.get("groups", []):
        yield from controls(group)


def said(control: Json) -> list[str]:
    return [part["prose"] for part in control["parts"] if part["name"] == "statement"]


def catalog(found: Mapping[str, Json], name: str) -> dict[str, Json]:
    return {control["id"]: control for control in controls(found[name]["catalog"])}


def prop(control: Json, name: str) -> str | None:
    return next((p["value"] for p in control["props"] if p["name"] == name), None)


def test_masters_are_catalogs_and_schools_have_profiles(found: Mapping[str, Json]) -> None:
    assert [name for name in found if name.startswith("trust/social")] == [
        f"trust/social-media-{label}.catalog.json" for label in ("1", "2", "2.1", "3")
    ]
    for school in SCHOOLS:
        for policy in ("social-media", "acceptable-use"):
            assert f"{school}/{policy}.profile.json" in found
            assert f"{school}/{policy}.resolved.json" in found


def test_sections_are_groups_and_clauses_are_controls(found: Mapping[str, Json]) -> None:
    data = found["trust/social-media-3.catalog.json"]["catalog"]
    assert data["groups"][0]["title"] == "Purpose"
    by_id = catalog(found, "trust/social-media-3.catalog.json")
    assert prop(by_id["sm-50"], "label") == "6.3.1(c)"
    assert by_id["sm-50"]["class"] == "item"
    assert "sm-50" in {one["id"] for one in controls(by_id["sm-47"] | {"groups": []})}


def test_every_parameter_is_declared_where_it_is_used(found: Mapping[str, Json]) -> None:
    for name, data in found.items():
        for control in controls(data.get("catalog", {})):
            used = set(re.findall(r"insert: param, ([^ ]+)", "\n".join(said(control))))
            assert used == {param["id"] for param in control.get("params", [])}, control["id"]
            assert "trust/" in name or not used


def test_profiles_say_what_is_different(found: Mapping[str, Json]) -> None:
    profile = found["kestrel/social-media.profile.json"]["profile"]
    first, own = profile["imports"]
    assert first["href"] == "../../../trust/data/oscal/social-media-3.catalog.json"
    assert own["href"] == "social-media.additions.json"
    assert {"sm-130", "sm-131"} & set(first["exclude-controls"][0]["with-ids"])
    alters = {alter["control-id"]: alter for alter in profile["modify"]["alters"]}
    assert alters["sm-112"]["removes"] == [{"by-id": "sm-112_smt"}]
    (add,) = alters["sm-112"]["adds"]
    assert add["parts"][0]["prose"].startswith("Staff may name The Kestrel")
    assert "recruits through its own staff" in add["props"][0]["remarks"]
    assert "sm-kestrel-1" in catalog(found, "kestrel/social-media.additions.json")


def test_applying_a_profile_gives_the_resolved_catalog(found: Mapping[str, Json]) -> None:
    for name, data in found.items():
        if not name.endswith(".profile.json"):
            continue
        school, policy = name.removesuffix(".profile.json").split("/")
        resolved = {
            key: said(one)
            for key, one in catalog(found, f"{school}/{policy}.resolved.json").items()
        }
        assert applied(found, school, data["profile"]) == resolved


def applied(found: Mapping[str, Json], school: str, profile: Json) -> Mapping[str, list[str]]:
    """What OSCAL says a profile means: import, set, remove, add."""
    result: dict[str, list[str]] = {}
    modify = profile.get("modify", {})
    settings = {one["param-id"]: one["values"][0] for one in modify.get("set-parameters", [])}
    for one in profile["imports"]:
        href = one["href"]
        name = f"trust/{href.rpartition('/')[2]}" if "/" in href else f"{school}/{href}"
        gone = {i for exclude in one.get("exclude-controls", []) for i in exclude["with-ids"]}
        for key, control in catalog(found, name).items():
            if key not in gone:
                result[key] = [
                    re.sub(
                        r"\{\{ insert: param, ([^ ]+) \}\}",
                        lambda match: settings.get(match[1], match[0]),
                        prose,
                    )
                    for prose in said(control)
                ]
    for alter in modify.get("alters", []):
        result[alter["control-id"]] = [part["prose"] for part in alter["adds"][0]["parts"]]
    return result


def test_nothing_depends_on_the_day(found: Mapping[str, Json]) -> None:
    assert files(REPOSITORY, date(2026, 11, 28)) == found


def test_ids_are_unique(found: Mapping[str, Json]) -> None:
    uuids = [(data.get("catalog") or data["profile"])["uuid"] for data in found.values()]
    assert len(set(uuids)) == len(uuids)
    for data in found.values():
        ids = [control["id"] for control in controls(data.get("catalog", {}))]
        assert len(set(ids)) == len(ids)


def test_another_program_reads_them_and_resolves_the_same(
    example_sites: ExampleSites, peer: Callable[[str], Path], tmp_path: Path
) -> None:
    """Trestle leaves clauses that a profile rewords as they were: it knows no `removes`."""
    peer("trestle")
    script = Path(__file__).with_name("oscal_peer.py")
    command = [str(peer("python")), str(script), str(tmp_path / "w"), str(example_sites.site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout.splitlines()[-1])
    assert len(theirs) == 2 * len(SCHOOLS)
    for name, controls_there in theirs.items():
        school, policy = name.split("/")
        folder = example_sites.site / school / "data" / "oscal"
        ours = {
            f"{school}/{path.name}": json.loads(path.read_text("utf-8"))
            for path in folder.glob(f"{policy}.*.json")
        }
        profile = ours[f"{school}/{policy}.profile.json"]["profile"]
        reworded = {alter["control-id"] for alter in profile["modify"]["alters"]}
        resolved = catalog(ours, f"{school}/{policy}.resolved.json")
        assert controls_there.keys() == resolved.keys()
        for key, control in resolved.items():
            assert key in reworded or controls_there[key] == said(control)


def test_another_program_finds_nothing_wrong_with_them(
    example_sites: ExampleSites, peer: Callable[[str], Path], tmp_path: Path
) -> None:
    def trestle(*words: str) -> str:
        command = [str(peer("trestle")), *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    trestle("init")
    names = (
        "trust/data/oscal/social-media-3.catalog.json",
        "thornbeck/data/oscal/social-media.profile.json",
        "thornbeck/data/oscal/social-media.additions.json",
        "thornbeck/data/oscal/social-media.resolved.json",
    )
    for number, name in enumerate(names):
        trestle("import", "--file", str(example_sites.site / name), "--output", f"m{number}")
    assert trestle("validate", "--all").count("VALID") == len(names)
