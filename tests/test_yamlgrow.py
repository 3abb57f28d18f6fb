"""Items put at the end of a list in somebody's YAML file, and nothing else touched."""

from __future__ import annotations

import pytest
import yaml

from clausebook.yamledit import EditError
from clausebook.yamlgrow import append_items

NEW = [["omit: x-1", "reason: Because.", "", "against: bcdf-ghjk"]]
SAID = {"omit": "x-1", "reason": "Because.", "against": "bcdf-ghjk"}


@pytest.mark.parametrize(
    ("before", "others"),
    [
        ("", {}),
        ("review:\n  last: 2026-01-01\n", {"review"}),
        ("overrides: []\nreview: {}\n", {"review"}),
        ("overrides:\nun-x: 1\n", {"un-x"}),
        ("# ours\noverrides:\n  - omit: y-1\n    reason: >\n      Long\n      words.\n", set()),
        (
            "overrides:\n- omit: y-1  # at the margin\n\n# about the review\nreview: {}\n",
            {"review"},
        ),
        ("overrides:\n    - omit: y-1\n    # a last word\nun-x: 1\n", {"un-x"}),
        ("a: 1\noverrides:\n  - omit: y-1", {"a"}),
    ],
)
def test_an_item_is_added_and_every_other_line_stays(before: str, others: set[str]) -> None:
    after = append_items(before, "overrides", NEW)
    said = yaml.safe_load(after)
    assert said["overrides"][-1] == SAID
    assert set(said) == {"overrides", *others}
    assert said["overrides"][:-1] == ((yaml.safe_load(before) or {}).get("overrides") or [])
    kept = iter(after.splitlines())
    stays = (line for line in before.splitlines() if line != "overrides: []")
    assert all(line in kept for line in stays)  # in their order


@pytest.mark.parametrize("before", ["overrides: [{omit: y-1}]\n", "overrides: {}\n", "a: [\n"])
def test_what_cannot_be_added_to_alone_is_refused(before: str) -> None:
    with pytest.raises(EditError):
        append_items(before, "overrides", NEW)


def test_nothing_added_is_nothing_changed() -> None:
    assert append_items("odd: [\n", "overrides", []) == "odd: [\n"
