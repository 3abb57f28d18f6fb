# mypy: ignore-errors
# compliance-trestle is in the peers' environment only
"""Reads OSCAL files with compliance-trestle, for `test_oscal.py`; run by the peers' Python.

    python oscal_peer.py WORKSPACE SITES

Every file in SITES/*/data/oscal is read as what it says it is, and every profile is resolved.
Prints, as JSON, what each control of each profile says then.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from trestle.core.control_interface import ParameterRep
from trestle.core.profile_resolver import ProfileResolver
from trestle.oscal.catalog import Catalog
from trestle.oscal.profile import Profile

MODELS = {"catalog": Catalog, "profile": Profile}


def main(workspace: Path, sites: Path) -> None:
    """Read all files and resolve all profiles."""
    (workspace / ".trestle").mkdir(parents=True)
    copies = workspace / "sites"
    for path in sorted(sites.glob("*/data/oscal/*.json")):
        (model,) = json.loads(path.read_text("utf-8"))
        assert MODELS[model].oscal_read(path) is not None, path
        copy = copies / path.relative_to(sites)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    found = {}
    for profile in sorted(copies.glob("*/data/oscal/*.profile.json")):
        data = json.loads(profile.read_text("utf-8"))
        for one in data["profile"]["imports"]:  # trestle finds files from its workspace only
            there = (profile.parent / one["href"]).resolve().relative_to(workspace)
            one["href"] = f"trestle://{there}"
        profile.write_text(json.dumps(data), "utf-8")
        resolved = ProfileResolver.get_resolved_profile_catalog(
            workspace, str(profile), param_rep=ParameterRep.VALUE_OR_LABEL_OR_CHOICES
        )
        said = json.loads(resolved.oscal_serialize_json())["catalog"]
        found[f"{profile.parts[-4]}/{profile.name.split('.')[0]}"] = dict(statements(said))
    print(json.dumps(found))  # noqa: T201 - that is what it is for


def statements(data: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What each control says, however deep it stands."""
    for control in data.get("controls", []):
        parts = [part for part in control.get("parts", []) if part["name"] == "statement"]
        yield control["id"], [part["prose"] for part in parts]
        yield from statements(control)
    for group in data.get("groups", []):
        yield from statements(group)


main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
