"""Named values: what every name between double braces says at a school and on the trust's pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest

from clausebook.bodies import school_body, trust_body
from clausebook.model import Body, Clause
from clausebook.problems import Problems, SourceError
from clausebook.prose import Link, PlainList, Strong, Table, Text, plain
from clausebook.reading import read_trust
from clausebook.snapshot import Snapshot
from clausebook.values import is_live, parse
from clausebook.writing import write_blocks

Data = Mapping[str, object]

TRUST: dict[str, object] = {
    "name": "Lowland Learning Trust",
    "short_name": "Lowland",
    "phone": "01632 960100",
    "website": "https://lowland.example.org",
    "audiences": {"staff": "Staff", "pupils": "{{ Pupils }}"},
    "terms": {
        "pupil": {"singular": "pupil"},
        "parent": {"singular": "parent or carer", "plural": "parents and carers"},
        "headteacher": {"singular": "headteacher"},
        "governing_body": {"singular": "governing body"},
    },
    "contacts": {
        "dsl": {"label": "Designated safeguarding lead", "required": True, "about": "Any worry."},
        "head": {"label": "{{ Headteacher }}"},
        "it_lead": {"label": "IT lead"},
        "dpo": {
            "label": "Data protection officer",
            "default": {"name": "Ola Grant", "email": "dpo@lowland.example.org"},
        },
    },
    "values": {
        "reply_time": {
            "label": "Time to reply", "type": "number", "unit": "hour", "default": "24",
            "min": "0.5", "max": "72",
        },
        "staff_minimum": {"label": "Fewest staff", "type": "number", "default": "2"},
        "start": {"label": "Start", "type": "date"},
        "visits": {"label": "Visits", "type": "choice", "choices": ["allowed", "not allowed"]},
        "office": {"label": "Office address", "type": "email"},
        "form": {"label": "Online form", "type": "url"},
        "authority": {"label": "Local authority", "default": "the council"},
        "club": {"label": "Name of the club"},
    },
}  # fmt: skip
DSL = {"name": "Ruth Adeyemi", "email": "dsl@hill.example.org", "phone": "01632 960123 ext 4"}
SCHOOL: dict[str, object] = {
    "name": "Hill Primary School",
    "short_name": "Hill",
    "phone": "01632 960111",
    "email": "office@hill.example.org",
    "website": "https://hill.example.org/",
    "address": "1 Hill Lane, Lowland",
    "contacts": {"dsl": DSL},
}


def channel(name: str, **more: object) -> dict[str, object]:
    address = f"https://{name.split(maxsplit=1)[0].lower()}.example.org/hill"
    return {"name": name, "address": address, "purpose": "News", "run_by": "Office", **more}


MASTER = """\
---
title: Online safety policy
code: ON
owner: Director
approver: Board
review_every: 12 months
audiences: [staff, pupils]
statutory: false
---

"""


@dataclass(frozen=True)
class Layers:
    """What each layer's file says."""

    school: Data | None = None
    group: Data | None = None
    policy: Data | None = None
    group_policy: Data | None = None
    trust: Data | None = None


def tree(text: str, layers: Layers) -> Snapshot:
    of_school = {**SCHOOL, **(layers.school or {})}
    files = {
        "policy_source/trust.yml": {**TRUST, **(layers.trust or {})},
        "schools/hill/online.yml": {"overrides": [], **(layers.policy or {})},
    }
    if layers.group is not None or layers.group_policy is not None:
        of_school["group"] = "rivers"
        files["schools/rivers/group.yml"] = {"name": "Two Rivers", **(layers.group or {})}
        files["schools/rivers/online.yml"] = {"overrides": [], **(layers.group_policy or {})}
    files["schools/hill/school.yml"] = of_school
    contents = {path: json.dumps(data, ensure_ascii=False).encode() for path, data in files.items()}
    return Snapshot({**contents, "policy_source/online/policy.md": (MASTER + text).encode()})


def at(text: str, layers: Layers, problems: Problems, *, trusts: bool = False) -> Body:
    trust = read_trust(tree(text, layers), problems)
    if trusts:
        return trust_body(trust, problems)
    return school_body(trust, trust.schools["hill"], problems)


def clause(text: str, layers: Layers, *, trusts: bool = False) -> Clause:
    """The first clause of a policy as it is shown, where nothing is wrong."""
    problems = Problems()
    body = at(text, layers, problems, trusts=trusts)
    assert [problem.message for problem in problems] == []
    return body.policies[0].clauses[0].shown


def said(expression: str, layers: Layers = Layers(), *, trusts: bool = False) -> str:
    """What a sentence says in place of a name."""
    return plain(clause(f"{{{{ {expression} }}}} so. {{#a}}\n", layers, trusts=trusts).words)[:-4]


def block(expression: str, layers: Layers = Layers(), *, trusts: bool = False) -> str:
    """The ready block that stands in place of a name."""
    text = f"See: {{#a}}\n\n{{{{ {expression} }}}}\n"
    return "\n".join(write_blocks(clause(text, layers, trusts=trusts).body))


def wrong(text: str, layers: Layers = Layers()) -> list[str]:
    """The codes of what is wrong with a clause."""
    problems = Problems()
    with suppress(SourceError):
        at(f"{text} {{#a}}\n" if "{#" not in text else text, layers, problems)
    return sorted({problem.code for problem in problems})


# -- terms ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "usual", "here"),
    [
        ("pupil", "pupil", "child"),
        ("pupils", "pupils", "children"),
        ("Pupil", "Pupil", "Child"),
        ("Pupils", "Pupils", "Children"),
        ("pupil.possessive", "pupil’s", "child’s"),
        ("pupils.possessive", "pupils’", "children’s"),
        ("Pupils.possessive", "Pupils’", "Children’s"),
        ("pupil.a", "a pupil", "a child"),
        ("parents", "parents and carers", "parents and carers"),
        ("parent.a", "a parent or carer", "a parent or carer"),
        ("headteacher", "headteacher", "executive headteacher"),
        ("headteachers", "headteachers", "executive headteachers"),
        ("headteacher.a", "a headteacher", "an executive headteacher"),
        ("Headteacher.a", "A headteacher", "An executive headteacher"),
        ("headteacher.possessive", "headteacher’s", "executive headteacher’s"),
        ("governing_body", "governing body", "local committee"),
        ("governing_bodies", "governing bodies", "local committees"),
        ("Governing_body", "Governing body", "Local committee"),
    ],
)
def test_terms_in_every_form(expression: str, usual: str, here: str) -> None:
    terms = {
        "pupil": {"singular": "child", "plural": "children"},
        "headteacher": {"singular": "executive headteacher"},
        "governing_body": {"singular": "local committee"},
    }
    assert said(expression) == usual
    assert said(expression, Layers(school={"terms": terms})) == here


def test_a_terms_plural_goes_with_its_own_singular() -> None:
    """A school that says "guardian" does not get the trust's plural of another word."""
    assert (
        said("parents", Layers(school={"terms": {"parent": {"singular": "guardian"}}}))
        == "guardians"
    )


def test_audiences_and_roles_are_called_what_the_school_calls_them() -> None:
    terms = {"pupil": {"singular": "student"}, "headteacher": {"singular": "Principal"}}
    here = Layers(school={"terms": terms, "contacts": {"dsl": DSL, "head": {"name": "Jo Lee"}}})
    assert at("A. {#a}", here, Problems()).audiences == {"staff": "Staff", "pupils": "Students"}
    assert said("contact.head", here) == "Jo Lee (Principal)"


# -- people ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("", "Ruth Adeyemi (Designated safeguarding lead)"),
        (".name", "Ruth Adeyemi"),
        (".role", "Designated safeguarding lead"),
        (".email", "dsl@hill.example.org"),
        (".phone", "01632 960123 ext 4"),
    ],
)
def test_people_in_a_sentence(part: str, words: str) -> None:
    assert said(f"contact.dsl{part}") == words


def test_a_persons_own_title_comes_before_the_roles() -> None:
    here = Layers(school={"contacts": {"dsl": {**DSL, "role": "Safeguarding lead"}}})
    assert said("contact.dsl", here) == "Ruth Adeyemi (Safeguarding lead)"
    assert said("contact.dsl.role", here) == "Safeguarding lead"


def test_addresses_and_numbers_can_be_tapped() -> None:
    text = "{{ contact.dsl.email }} {{ contact.dsl.phone }} {{ school.website }} {{ form }} {#a}"
    links = clause(text, Layers(school={"values": {"form": "https://f.example.org/a"}})).words
    assert [word for word in links if isinstance(word, Link)] == [
        Link("mailto:dsl@hill.example.org", (Text("dsl@hill.example.org"),)),
        Link("tel:01632960123", (Text("01632 960123 ext 4"),)),
        Link("https://hill.example.org/", (Text("hill.example.org"),)),
        Link("https://f.example.org/a", (Text("https://f.example.org/a"),)),
    ]


@pytest.mark.parametrize(
    ("shown", "dialled"),
    [
        ("01632 960123", "tel:01632960123"),
        ("01632 960-123 x4", "tel:01632960123"),
        ("+44 1632 960123", "tel:+441632960123"),
        ("+44 (0)1632 960123", "tel:+441632960123"),
    ],
)
def test_what_is_dialled(shown: str, dialled: str) -> None:
    here = Layers(school={"contacts": {"dsl": {**DSL, "phone": shown}}})
    (link,) = clause("{{ contact.dsl.phone }} {#a}", here).words
    assert link == Link(dialled, (Text(shown),))


def test_a_contact_card() -> None:
    (card,) = clause("Ask: {#a}\n\n{{ contact.dsl.card }}\n", Layers()).body
    assert card == PlainList(
        (
            (Strong((Text("Designated safeguarding lead"),)), Text(": Ruth Adeyemi")),
            (Text("Email: "), Link("mailto:dsl@hill.example.org", (Text("dsl@hill.example.org"),))),
            (Text("Telephone: "), Link("tel:01632960123", (Text("01632 960123 ext 4"),))),
            (Text("Any worry."),),
        )
    )


def test_a_card_has_only_what_is_known() -> None:
    here = Layers(school={"contacts": {"dsl": DSL, "it_lead": {"name": "Sam Hay"}}})
    assert block("contact.it_lead.card", here) == "-   **IT lead**: Sam Hay"


def test_the_trusts_own_person_stands_in_where_a_school_names_nobody() -> None:
    assert said("contact.dpo.name") == "Ola Grant"
    here = Layers(school={"contacts": {"dsl": DSL, "dpo": {"name": "Kim Orr"}}})
    assert said("contact.dpo.name", here) == "Kim Orr"


def test_a_role_of_the_schools_own() -> None:
    duty = {"label": "County duty team", "name": "Duty desk", "phone": "01632 960222"}
    here = Layers(school={"local_contacts": {"duty": duty}})
    assert said("contact.duty", here) == "Duty desk (County duty team)"
    assert block("contact.duty.card", here).startswith("-   **County duty team**: Duty desk")
    people = at("A. {#a}", here, Problems()).people
    assert [person.role for person in people] == ["dsl", "dpo", "duty"]


def test_a_role_of_ones_own_cannot_be_the_trusts() -> None:
    clash = {"dsl": {"label": "Mine", "name": "Somebody"}}
    assert wrong("A.", Layers(school={"local_contacts": clash})) == ["name-clash"]


# -- channels -------------------------------------------------------------------------------

TWO = [channel("Facebook", settings=["Comments are off.", "Tags are off."]), channel("X")]


def test_channels_in_a_sentence_a_table_and_a_list() -> None:
    here = Layers(school={"channels": [*TWO, channel("Tapestry")]})
    assert said("channels", here) == "Facebook, X and Tapestry"
    (table,) = clause("See: {#a}\n\n{{ channels.table }}\n", Layers(school={"channels": TWO})).body
    assert isinstance(table, Table)
    assert [[plain(cell) for cell in row] for row in (table.header, *table.rows)] == [
        ["Channel", "What it is for", "Looked after by"],
        ["Facebook", "News", "Office"],
        ["X", "News", "Office"],
    ]
    assert table.rows[0][0] == (Link("https://facebook.example.org/hill", (Text("Facebook"),)),)
    assert block("channels.list", Layers(school={"channels": TWO})).split("\n") == [
        "-   [Facebook](<https://facebook.example.org/hill>): News",
        "-   [X](<https://x.example.org/hill>): News",
    ]


def test_how_channels_are_set_up() -> None:
    assert block("channels.settings", Layers(school={"channels": TWO})).split("\n") == [
        "-   **Facebook:** Comments are off.",
        "-   **Facebook:** Tags are off.",
    ]


@pytest.mark.parametrize(
    ("names", "sentence"), [(["X"], "X"), (["Facebook", "X"], "Facebook and X")]
)
def test_few_channels(names: list[str], sentence: str) -> None:
    assert said("channels", Layers(school={"channels": [channel(n) for n in names]})) == sentence


def test_layers_channels_add_up_and_a_nearer_one_of_the_same_name_replaces() -> None:
    layers = Layers(
        group={"channels": [channel("X", purpose="The group's"), channel("Bluesky")]},
        school={"channels": [channel("Facebook"), channel("X", purpose="The school's")]},
        policy={"channels": [channel("Tapestry")]},
    )
    assert said("channels", layers) == "X, Bluesky, Facebook and Tapestry"
    assert "The school's" in block("channels.list", layers)
    assert "The group's" not in block("channels.list", layers)


@pytest.mark.parametrize("name", ["channels.table", "channels.list", "channels.settings"])
def test_channels_that_are_not_there_are_missed(name: str) -> None:
    assert wrong(f"See: {{#a}}\n\n{{{{ {name} }}}}\n") == ["missing-value"]


# -- school and trust -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("school", "Hill Primary School"),
        ("school.name", "Hill Primary School"),
        ("school.short_name", "Hill"),
        ("school.phone", "01632 960111"),
        ("school.email", "office@hill.example.org"),
        ("school.website", "hill.example.org"),
        ("school.address", "1 Hill Lane, Lowland"),
        ("trust", "Lowland Learning Trust"),
        ("trust.name", "Lowland Learning Trust"),
        ("trust.short_name", "Lowland"),
        ("trust.phone", "01632 960100"),
        ("trust.website", "lowland.example.org"),
    ],
)
def test_what_the_school_and_the_trust_are_called(expression: str, words: str) -> None:
    assert said(expression) == words


def test_without_a_short_name_the_full_one_stands() -> None:
    bare = Layers(school={"short_name": None}, trust={"short_name": None})
    assert said("school.short_name", bare) == "Hill Primary School"
    assert said("trust.short_name", bare) == "Lowland Learning Trust"


def test_the_group_has_a_name_where_there_is_one() -> None:
    assert said("group.name", Layers(group={})) == said("group", Layers(group={})) == "Two Rivers"
    assert wrong("{{ group.name }} so.") == ["missing-value"]


# -- declared values ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "raw", "words"),
    [
        ("reply_time", 48, "48 hours"),
        ("reply_time", "48", "48 hours"),
        ("reply_time", 1, "1 hour"),
        ("reply_time", 1.0, "1 hour"),
        ("reply_time", 0.5, "0.5 hours"),
        ("reply_time", 72, "72 hours"),
        ("staff_minimum", 3, "3"),
        ("staff_minimum", 0, "0"),
        ("staff_minimum", -1, "-1"),
        ("start", "2026-09-04", "4 September 2026"),
        ("start", "4 Sep 2026", "4 September 2026"),
        ("start", "04/09/2026", "4 September 2026"),
        ("visits", "not allowed", "not allowed"),
        ("office", "a@hill.example.org", "a@hill.example.org"),
        ("form", "https://f.example.org/x?y=1", "https://f.example.org/x?y=1"),
        ("authority", "Wexmoorshire County Council", "Wexmoorshire County Council"),
        ("club", "**Chess** & {braces}", "**Chess** & {braces}"),
    ],
)
def test_values_as_shown(key: str, raw: object, words: str) -> None:
    assert said(key, Layers(school={"values": {key: raw}})) == words


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("reply_time", "48 hours", "bad-value"),
        ("reply_time", "two", "bad-value"),
        ("reply_time", 0.4, "bad-value"),
        ("reply_time", 73, "bad-value"),
        ("reply_time", "1e1", "bad-value"),
        ("reply_time", "٤٨", "bad-value"),
        ("reply_time", "nan", "bad-value"),
        ("start", "soon", "bad-date"),
        ("start", "31/02/2026", "bad-date"),
        ("visits", "Allowed", "bad-value"),
        ("office", "not an address", "bad-value"),
        ("form", "javascript:alert(1)", "bad-value"),
        ("clubs", "Chess", "unknown-value"),
    ],
)
def test_values_that_are_not_allowed(key: str, raw: object, code: str) -> None:
    assert wrong("A.", Layers(school={"values": {key: raw}})) == [code]


def test_a_default_that_is_not_allowed_is_told() -> None:
    values = {"club": {"label": "Club", "type": "choice", "choices": ["a"], "default": "b"}}
    assert wrong("A.", Layers(trust={"values": values})) == ["bad-value"]


# -- layers ---------------------------------------------------------------------------------


def test_nearer_layers_win() -> None:
    names = ("group", "group_policy", "school", "policy")
    assert said("authority") == "the council"
    for count in range(1, len(names) + 1):
        layers = Layers(
            **{
                name: {
                    "values": {"authority": f"by {name}"},
                    "terms": {"pupil": {"singular": f"{name} learner"}},
                    "contacts": {"dsl": {"name": f"Ada of {name}"}},
                }
                for name in names[:count]
            }
        )
        assert said("authority", layers) == f"by {names[count - 1]}"
        assert said("pupils", layers) == f"{names[count - 1]} learners"
        # the school's own file names somebody even while these layers say nothing in it
        expected = f"Ada of {names[count - 1]}" if count > 2 else "Ruth Adeyemi"
        assert said("contact.dsl.name", layers) == expected


def test_a_layers_contact_replaces_the_whole_person() -> None:
    """A new name never stands beside another person's telephone number."""
    layers = Layers(policy={"contacts": {"dsl": {"name": "Jo Lee"}}})
    assert said("contact.dsl.name", layers) == "Jo Lee"
    text = "{{ contact.dsl.phone }} so."
    assert wrong(text, layers) == ["missing-value"]


# -- choices between names ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "without", "with_it"),
    [
        ("club or authority", "the council", "Chess"),
        ("club or start or authority", "the council", "Chess"),
        ("club if club else authority", "the council", "Chess"),
        ("authority if not club else club", "the council", "Chess"),
        ("trust.name if club and authority else school.name", "Hill Primary School",
         "Lowland Learning Trust"),
        ("(club or authority) if club else pupils", "pupils", "Chess"),
        ("contact.it_lead.name or contact.dsl.name", "Ruth Adeyemi", "Ruth Adeyemi"),
        ("group.name if group else school.name", "Hill Primary School", "Hill Primary School"),
    ],
)  # fmt: skip
def test_the_trusts_text_may_choose(expression: str, without: str, with_it: str) -> None:
    assert said(expression) == without
    assert said(expression, Layers(school={"values": {"club": "Chess"}})) == with_it


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "pupils.upper()",
        "pupils | upper",
        "pupils[0]",
        "1 + 1",
        "'text'",
        "pupils ~ parents",
        "pupils == parents",
        "club or 'none'",
        "lookup('x')",
        "pupils, parents",
        "__import__('os')",
        "(pupils or parents).a",
        "pupils if true else parents",
        "not club",
        "club if start",
        "a" * 201,
    ],
)
def test_anything_more_than_names_and_choices_is_refused(expression: str) -> None:
    assert wrong(f"{{{{ {expression} }}}} so.") == ["malformed-value"]


@pytest.mark.parametrize(
    "expression",
    ["pupilz", "Pupilz", "PUPILS", "contact.nobody", "contact.nobody.name", "contact.dsl.fax",
     "school.colour", "pupils.plural", "club or clubs", "pupils if club else pupilz",
     "__class__", "pupils.__class__"],
)  # fmt: skip
def test_names_that_lead_nowhere_are_told_even_where_another_is_chosen(expression: str) -> None:
    assert wrong(f"{{{{ {expression} }}}} so.") == ["unknown-value"]


def own(text: str) -> Layers:
    override = {"replace": "a", "with": text, "reason": "Ours."}
    return Layers(policy={"overrides": [override]})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{{ pupils }} and {{ contact.dsl.name }}.", ["missing-fingerprint"]),
        ("{{ club or pupils }}.", ["malformed-value"]),
        ("{{ pupils if club else parents }}.", ["malformed-value"]),
    ],
)
def test_a_schools_text_has_names_and_no_choices(text: str, codes: list[str]) -> None:
    assert wrong("A.", own(text)) == codes


# -- what is missing or misplaced -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ club }} so.", "missing-value"),
        ("{{ contact.it_lead }} so.", "missing-value"),
        ("{{ contact.it_lead.name }} so.", "missing-value"),
        ("{{ contact.dpo.phone }} so.", "missing-value"),
        ("{{ channels }} so.", "missing-value"),
        ("{{ contact }} so.", "missing-value"),
        ("See {{ contact.dsl.card }} so.", "misplaced-value"),
        ("See: {#a}\n\n{{ pupils }}\n", "misplaced-value"),
        ("See: {#a}\n\n{{ contact.it_lead.card }}\n", "missing-value"),
    ],
)
def test_what_is_not_filled_in_or_stands_in_the_wrong_place(text: str, code: str) -> None:
    assert wrong(text) == [code]


def test_what_is_required_is_missed_whether_or_not_it_is_used() -> None:
    assert wrong("A.", Layers(school={"contacts": {}})) == ["missing-value"]
    values = {"club": {"label": "Club", "required": True}}
    assert wrong("A.", Layers(trust={"values": values})) == ["missing-value"]


def test_what_is_required_is_missed_once() -> None:
    problems = Problems()
    at(
        "{{ contact.dsl.name }} and {{ contact.dsl }}. {#a}",
        Layers(school={"contacts": {}}),
        problems,
    )
    assert [problem.code for problem in problems] == ["missing-value"]


# -- the trust's own pages ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("pupils", "pupils"),
        ("headteacher.a", "a headteacher"),
        ("trust.name", "Lowland Learning Trust"),
        ("school.name", "[name of the school]"),
        ("school", "[name of the school]"),
        ("school.phone", "[telephone of the school]"),
        ("group.name", "[name of the group]"),
        ("contact.dsl", "[name of the designated safeguarding lead]"),
        ("contact.dsl.name", "[name of the designated safeguarding lead]"),
        ("contact.dsl.phone", "[telephone of the designated safeguarding lead]"),
        ("contact.dsl.role", "[designated safeguarding lead]"),
        ("contact.it_lead.name", "[name of the IT lead]"),
        ("contact.dpo.name", "Ola Grant"),
        ("channels", "[official channels]"),
        ("reply_time", "24 hours"),
        ("authority", "the council"),
        ("club", "[name of the club]"),
    ],
)
def test_the_trusts_pages_say_what_schools_fill_in(expression: str, words: str) -> None:
    assert said(expression, trusts=True) == words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("contact.dsl.card", "[contact card of each school’s own designated safeguarding lead]"),
        ("channels.table", "[each school’s own official channels]"),
        ("channels.settings", "[each school’s own official channels]"),
    ],
)
def test_the_trusts_pages_have_a_place_for_ready_blocks(expression: str, words: str) -> None:
    text = f"See: {{#a}}\n\n{{{{ {expression} }}}}\n"
    assert clause(text, Layers(), trusts=True).body == (PlainList(((Text(words),),)),)


# -- what changes without ratification ------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "live"),
    [
        ("contact.dsl", True),
        ("contact.dsl.name", True),
        ("contact.dsl.card", True),
        ("channels", True),
        ("channels.table", True),
        ("school.phone", True),
        ("school.email", True),
        ("school.website", True),
        ("school.address", True),
        ("trust.phone", True),
        ("club or contact.dsl.name", True),
        ("pupils if contact.it_lead else parents", True),
        ("pupils if club else school.phone", True),
        ("school", False),
        ("school.name", False),
        ("trust.name", False),
        ("group.name", False),
        ("pupils", False),
        ("pupils.possessive", False),
        ("reply_time", False),
        ("club or authority", False),
        ("contact.", False),
        ("", False),
    ],
)
def test_which_values_are_live(expression: str, live: bool) -> None:  # noqa: FBT001
    assert is_live(expression) is live


def test_an_expression_that_cannot_be_read_says_why() -> None:
    assert parse("") == "there is no name between the braces"
    assert parse("pupils }} {{ parents") == "it is not a name"
    assert parse("a" * 201) == "it is longer than 200 characters"
    assert parse("(" * 150) == "it is not a name"
