"""The short texts of YAML files: names in them are filled in or refused, and signs are text."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from pydantic import BaseModel, StringConstraints
from tests.trusts import OURS, SCHOOL, ratified_trust, small_trust

from clausebook import records, shapes, updates
from clausebook.fieldtypes import Shape
from clausebook.model import Provenance
from clausebook.people import dial
from clausebook.phrases import FILTERS
from clausebook.pipeline import render
from clausebook.problems import Problem, Problems, SourceError
from clausebook.prose import Link
from clausebook.shapes import DocumentControl, GroupFile, PolicyFile, Review, SchoolFile, TrustFile
from clausebook.snapshot import Snapshot

TODAY = date(2026, 11, 20)

# -- every kind of text ------------------------------------------------------------------

Path_ = tuple[str | int, ...]


def kinds(annotation: object, metadata: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """For each text in a field's type, what is asked of it."""
    if annotation is str:
        yield metadata
        return
    own = getattr(annotation, "__metadata__", None)
    inner = get_args(annotation)
    for part in inner[:1] if own else inner:
        yield from kinds(part, own or (metadata if isinstance(annotation, types.UnionType) else ()))


def fields(*modules: types.ModuleType) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Every text of every shape: its name, and what is asked of it."""
    for module in modules:
        for shape in vars(module).values():
            if isinstance(shape, type) and issubclass(shape, BaseModel):
                for name, info in shape.model_fields.items():
                    for metadata in kinds(info.annotation, tuple(info.metadata)):
                        yield f"{shape.__name__}.{name}", metadata


def is_safe(metadata: tuple[object, ...]) -> bool:
    """Whether no braces can stand in a text, or names in it are filled in."""
    checks = {getattr(getattr(part, "func", None), "__name__", "") for part in metadata}
    patterns = any(isinstance(p, StringConstraints) and p.pattern for p in metadata)
    return patterns or bool(checks & {"without_names", "_with_names"})


def test_names_are_filled_in_or_refused_in_every_text_of_every_shape() -> None:
    found = list(fields(shapes, records, updates))
    assert len(found) > 80
    not_texts = {
        *("ReplaceShape.wording", "AddShape.add"),  # wording, read by `clauses`
        *("UpdateLog.state", "Record.values"),  # their keys: names
    }
    assert {name for name, metadata in found if not is_safe(metadata)} <= not_texts


# -- every text of every file ----------------------------------------------------------------

CONTACT = {
    "name": "Ruth Adeyemi", "role": "Deputy head", "email": "dsl@hill.example.org",
    "phone": "01632 960123", "checked": "2026-09-04",
}  # fmt: skip
FILLINGS: dict[str, Any] = {
    "terms": {"pupil": {"singular": "child", "plural": "children"}},
    "contacts": {"dsl": CONTACT},
    "local_contacts": {"duty": {**CONTACT, "label": "Duty team", "about": "At any hour."}},
    "channels": [
        {
            "name": "Blog", "address": "https://blog.example.org/hill", "purpose": "News",
            "run_by": "Office", "settings": ["Nobody can post."], "checked": "2026-09-04",
        }
    ],
    "values": {"club": "Chess club"},
}  # fmt: skip
IDENTITY = {"vision": "We grow.", "mission": "We learn.", "motto": "Up", "values": ["Courage"]}
POLICY: dict[str, Any] = {
    "audiences": ["pupils"],
    "review": {"last": "2026-05-14", "next": "2027-05-14"},
    "withdrawn": {"on": "2026-11-01", "reason": "Another applies."},
    "overrides": [
        {"replace": "on-2", "with": "Be kind.", "reason": "It is short.", "against": "bbbb-bbbb",
         "since": "2026-05-14"},
        {"omit": "on-6", "reason": "Nobody has one.", "against": "bbbb-bbbb"},
        {"add": "Be early. {#on-hill-1}\n\n{{ contact.duty.card }}", "after": "on-2",
         "reason": "It helps.", "against": "bbbb-bbbb"},
    ],
}  # fmt: skip
FILES: dict[str, tuple[type[Shape], dict[str, Any]]] = {
    "policy_source/trust.yml": (
        TrustFile,
        {
            "name": "Lowland Learning Trust", "short_name": "Lowland",
            "website": "https://lowland.example.org", "email": "office@lowland.example.org",
            "phone": "01632 960100", "sites": "https://policies.example.org",
            "audiences": {"staff": "Staff", "pupils": "Everyone"},
            "terms": {"pupil": {"singular": "pupil", "plural": "pupils"}},
            "synonyms": {"club": ["society", "circle"]},
            "checks": {"other-word": "off", "dead-link": "error"},
            "stale": {
                "add": {
                    "frog": {
                        "pattern": ["Frog"], "what": "closed", "since": "2025-09-01",
                        "instead": "our platform", "source": "https://example.org/platform",
                        "severity": "warning", "unless": ["pond"], "unless_in_policy": ["zoo"],
                        "only_with": ["homework"], "as_written": "true",
                    }
                },
                "silence": [{"entry": "twitter", "reason": "We say so.", "clauses": ["on-2"]}],
            },
            "contacts": {
                "dsl": {"label": "Safeguarding lead", "about": "Any worry.", "required": "true"},
                "dpo": {"label": "Data protection officer", "default": CONTACT},
            },
            "values": {
                "club": {"label": "Name of the club", "default": "Club"},
                "shop": {"label": "Name of the shop", "default": "Tuck shop"},
                "wait": {"label": "Wait", "type": "number", "unit": "hour", "default": "24",
                         "min": "1", "max": "72"},
                "visits": {"label": "Visits", "type": "choice", "choices": ["allowed", "not"],
                           "default": "allowed"},
            },
        },
    ),
    "schools/rivers/group.yml": (
        GroupFile,
        {"name": "Two Rivers", "short_name": "Rivers", "website": "https://rivers.example.org",
         "identity": IDENTITY, "channels": FILLINGS["channels"]},
    ),
    "schools/dale/school.yml": (
        SchoolFile,
        {"name": "Dale School", "group": "rivers", "contacts": {"dsl": {"name": "Kit Moss"}},
         "terms": FILLINGS["terms"]},
    ),
    "schools/hill/school.yml": (
        SchoolFile,
        {"name": "Hill Primary School", "short_name": "Hill", "phase": "primary",
         "group": "rivers", "address": "1 Hill Lane", "phone": "01632 960111",
         "email": "office@hill.example.org", "website": "https://hill.example.org",
         "identity": IDENTITY, **FILLINGS},
    ),
    "schools/hill/online.yml": (
        PolicyFile, {**POLICY, **FILLINGS, "values": {"shop": "Fruit shop"}},
    ),
    "schools/rivers/online.yml": (PolicyFile, {"overrides": []}),
    "policy_source/online/changes/why.yml": (
        records.NoteFile,
        {"clauses": ["on-2"], "what": "Shorter.", "why": "Clearer.", "origin": "review",
         "class": "editorial"},
    ),
}  # fmt: skip
CONTROL: dict[str, Any] = {
    "title": "Online safety policy", "code": "ON", "summary": "For all.", "owner": "Director",
    "approver": "Board", "review_every": "12 months", "audiences": ["staff", "pupils"],
    "related": ["Visits"], "statutory": "false",
}  # fmt: skip
MASTER = "policy_source/online/policy.md"
WORDING = """
## Being online {#on-1}

Be careful. {#on-2}

{{ club }}, {{ shop }}, {{ wait }}, {{ visits }}. {#on-3}

A phone. {#on-6 .optional}

People and places: {#on-7}

{{ contact.dsl.card }}

{{ channels.table }}

{{ channels.settings }}
"""

Data = Mapping[str, dict[str, Any]]


def everything() -> dict[str, dict[str, Any]]:
    """A trust in which every key of every file is used."""
    data = {**{name: data for name, (_, data) in FILES.items()}, MASTER: CONTROL}
    copied: dict[str, dict[str, Any]] = json.loads(json.dumps(data))
    return copied


def built(data: Data) -> tuple[list[Problem], str]:
    """The errors in a trust, and all its pages if there are none."""
    contents = {name: json.dumps(said, ensure_ascii=False) for name, said in data.items()}
    front = "".join(f"{key}: {json.dumps(value)}\n" for key, value in data[MASTER].items())
    contents[MASTER] = f"---\n{front}---\n{WORDING}"
    tree = Snapshot({name: text.encode() for name, text in contents.items()})
    problems = Problems()
    with suppress(SourceError):
        sites = render(tree, problems, TODAY)
        pages = [page.markdown for site in sites for page in site.pages]
        return [], "\n".join(pages)
    return list(problems.errors), ""


def leaves(data: object, at: Path_ = ()) -> Iterator[Path_]:
    if isinstance(data, str):
        yield at
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from leaves(value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*at, number))


def changed(file: str, at: Path_, text: str) -> dict[str, dict[str, Any]]:
    """The trust with a text put behind one of its texts."""
    data = everything()
    here: Any = data[file]
    for step in at[:-1]:
        here = here[step]
    here[at[-1]] = f"{here[at[-1]]} {text}"
    return data


HIDDEN: tuple[Path_, ...] = (("local_contacts", "duty", "role"), ("contacts", "dpo", "label"))
"""Texts that no page shows, because another takes their place."""

LEAVES = [
    (file, at)
    for file, data in everything().items()
    for at in leaves(data)
    if at[-1] not in {"with", "add"} and at[-3:] not in HIDDEN
]
OPEN = frozenset(
    {
        *("label", "about", "role", "purpose", "run_by", "settings", "reason"),
        *("vision", "mission", "motto", "values", "default", "audiences"),
        *("summary", "owner", "approver"),
    }
)
"""Keys under which names are filled in."""


def is_open(file: str, at: Path_) -> bool:
    keys = [step for step in at if isinstance(step, str)]
    if "values" in at and file == "policy_source/trust.yml":
        return at[-1] == "default" and at[1] in {"club", "shop"}
    if keys[0] == "audiences":
        return file == "policy_source/trust.yml"
    named = keys[-2] if "values" in keys and keys[-1] not in OPEN else keys[-1]
    return named in OPEN and not {"terms", "stale"} & set(keys)


NO_TEXT = {"acknowledge_url", "look", "notice_days", "schools_may"}
"""Keys under which no sentence stands."""


def test_the_trust_uses_every_key_and_has_no_mistakes() -> None:
    errors, pages = built(everything())
    assert errors == []
    assert "We grow." in pages
    for shape in {shape for shape, _ in FILES.values()} | {DocumentControl}:
        named = {info.alias or name for name, info in shape.model_fields.items()}
        used = [data for of, data in FILES.values() if of is shape] or [CONTROL]
        assert named <= {key for data in used for key in data} | FILLINGS.keys() | NO_TEXT, shape


@pytest.mark.parametrize(("file", "at"), LEAVES, ids=lambda part: str(part).replace("'", ""))
def test_a_name_in_any_text_is_filled_in_or_refused(file: str, at: Path_) -> None:
    errors, pages = built(changed(file, at, "for {{ Pupils }}"))
    if is_open(file, at):
        assert errors == []
        assert "for Children" in pages or "for Pupils" in pages
        assert "{{" not in pages
        if file.startswith("schools/"):
            assert "for Children" in pages, "a group's texts are in its schools' words"
    else:
        assert errors, "no name can stand here"
        assert all(error.span.source.name == file for error in errors)


@pytest.mark.parametrize("braces", ["{{ pupils", "}}", "{{", "{% if x %}", "{{ pupils | upper }}"])
@pytest.mark.parametrize(("file", "at"), [leaf for leaf in LEAVES if is_open(*leaf)], ids=str)
def test_broken_braces_are_refused_in_every_text(file: str, at: Path_, braces: str) -> None:
    errors, _ = built(changed(file, at, braces))
    assert {error.code for error in errors} == {"malformed-value"}


@pytest.mark.parametrize(("file", "at"), [leaf for leaf in LEAVES if is_open(*leaf)], ids=str)
def test_what_changes_without_ratification_cannot_stand_in_a_text(file: str, at: Path_) -> None:
    for name in ("contact.dsl.name", "channels", "school.phone"):
        errors, _ = built(changed(file, at, f"{{{{ {name} }}}}"))
        assert {error.code for error in errors} == {"misplaced-value"}, name


@pytest.mark.parametrize(("file", "at"), [leaf for leaf in LEAVES if is_open(*leaf)], ids=str)
def test_a_school_is_named_in_a_text_and_an_unknown_name_is_not(file: str, at: Path_) -> None:
    errors, pages = built(changed(file, at, "of {{ school.short_name }}"))
    assert errors == []
    shown = ("of Hill", "of Dale School", "of \\[name of the school\\]")
    assert any(words in pages for words in shown)
    errors, _ = built(changed(file, at, "of {{ pupls }}"))
    assert {error.code for error in errors} == {"unknown-value"}
    assert all(error.hint.startswith("did you mean 'pup") for error in errors)


def test_signs_beside_a_name_stay_signs() -> None:
    at: Path_ = ("identity", "vision")
    errors, pages = built(changed("schools/hill/school.yml", at, "*a* <b> [c](d) for {{ pupils }}"))
    assert errors == []
    assert r"We grow. \*a\* &lt;b&gt; \[c\](d) for children" in pages


# -- what goes on record ------------------------------------------------------------------------


def test_a_reason_is_frozen_with_its_names_filled_in(tmp_path: Path) -> None:
    trust = small_trust(tmp_path)
    trust.ratify("trust", "1", "2026-05-14")
    trust.edit(
        SCHOOL, "contacts:", "terms: {pupil: {singular: child, plural: children}}\ncontacts:"
    )
    trust.write(
        OURS,
        "overrides:\n  - omit: on-6\n"
        "    reason: Our {{ pupils }} at {{ school.name }} have none.\n",
    )
    right = trust.run("check").output.partition("against: ")[2][:9]
    trust.write(OURS, trust.read(OURS) + f"    against: {right}\n")
    trust.ratify("hill", "1", "2026-05-20")
    version = trust.archive("hill").versions[0]
    assert [kept.reason for kept in version.record.departures] == [
        "Our children at Hill Primary School have none."
    ]
    assert any(frozen.provenance is Provenance.OMITTED for frozen in version.clauses)


@pytest.mark.parametrize("option", ["--by", "--minute", "--signed", "--label-reason"])
def test_a_name_in_what_is_put_on_record_is_refused(tmp_path: Path, option: str) -> None:
    trust = small_trust(tmp_path)
    said = trust.not_ratified("trust", "1", "2026-05-14", option, "Chair: {{ pupils }}")
    assert "write the word itself" in said


def test_a_name_in_a_note_or_a_withdrawal_is_refused(tmp_path: Path) -> None:
    trust = ratified_trust(tmp_path)
    words = ("--why", "It is.", "--origin", "review")
    said = trust.refused(
        "note", "hill", "online", "--clauses", "on-6", "--what", "{{ pupils }}", *words
    )
    assert "write the word itself" in said
    assert "write the word itself" in trust.refused(
        "withdraw", "hill", "Una Marsh", "--reason", "one of our {{ pupils }}"
    )


# -- numbers, dates, quotation marks -----------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("(01632) 960123", "01632960123"),
        ("+44 1632 960123", "+441632960123"),
        ("+44 (0)1632 960123", "+441632960123"),
        ("(+44) 1632 960123", "+441632960123"),
        ("(+44) (0)1632 960123 ext. 4", "+441632960123"),
        ("01632 960123 x4", "01632960123"),
    ],
)
def test_telephone_numbers_as_people_write_them(number: str, dialled: str) -> None:
    data = everything()
    data["schools/hill/school.yml"]["phone"] = number
    errors, pages = built(data)
    assert errors == []
    assert f"(<tel:{dialled}>)" in pages
    assert isinstance(dial(number)[0], Link)


@pytest.mark.parametrize(
    ("review", "said"),
    [
        ({"last": "2026-05-14", "next": "2027-05-14"}, "Next review: 14 May 2027."),
        ({"last": "2026-05-14"}, "No date is set for the next review."),
        ({"next": "2026-05-14"}, "**The review was due on 14 May 2026 and is overdue.**"),
    ],
)
def test_the_next_review_is_said_as_far_as_it_is_known(review: dict[str, str], said: str) -> None:
    policy = SimpleNamespace(review=Review.model_validate(review))
    assert FILTERS["next_review"](policy, TODAY) == said


def test_every_text_has_the_quotation_marks_of_print() -> None:
    text = "for the 'best' O'Hara"
    for file, at in LEAVES:
        shown = is_open(file, at) or at[-1] in {"name", "short_name", "title"}
        if not shown:
            continue
        errors, pages = built(changed(file, at, text))
        assert errors == [], at
        assert text not in pages, (file, at)


def test_filters_print_quotation_marks() -> None:
    assert FILTERS["yaml"]("Ann's") == '"Ann’s"'
