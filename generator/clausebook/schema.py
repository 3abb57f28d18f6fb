"""JSON Schemas for the YAML files, from the shapes that read them.

They know this trust: its roles, terms, values, audiences, groups and, for each
policy, the IDs of its clauses, so that an editor completes and underlines while
somebody types.  JSON Schema 2020-12, as pydantic writes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from clausebook.fieldtypes import Shape
from clausebook.model import Policy, Trust
from clausebook.shapes import (
    GroupFile,
    PolicyFile,
    SchoolFile,
    TrustFile,
    ValueDeclaration,
    ValueType,
)
from clausebook.together import additions

FOLDER = "schemas"
"""Where they stand in the trust's folder; the example files point there."""

Schema = dict[str, Any]


def schemas(trust: Trust) -> Mapping[str, str]:
    """Every schema's text, by its file name."""
    found: dict[str, Schema] = {
        "trust": _schema(TrustFile, "trust.yml: the trust"),
        "school": _for_trust(_schema(SchoolFile, "school.yml: one school"), trust),
        "group": _for_trust(_schema(GroupFile, "group.yml: a group of schools"), trust),
    }
    school = found["school"]["properties"]
    if trust.groups:
        school["group"] = _with_choices(school["group"], list(trust.groups))
    for policy in trust.policies.values():
        title = f"{policy.id}.yml: how a school adopts the {policy.control.title}"
        schema = _for_trust(_schema(PolicyFile, title), trust)
        found[policy.id] = _for_policy(schema, trust, policy)
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in found.items()
    }


def _schema(shape: type[Shape], title: str) -> Schema:
    schema = shape.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = title
    for part in (schema, *schema.get("$defs", {}).values()):
        if part is not schema:
            part.pop("title", None)
        for name, field in part.get("properties", {}).items():
            part["properties"][name] = _as_written(field)
    return schema


def _as_written(field: Schema) -> Schema:
    """What may be typed: text that looks like a number is text too; nothing is the default."""
    field = {key: value for key, value in field.items() if key != "title"}
    if field.get("type") == "string":
        field["type"] = ["string", "number"] if "enum" not in field else "string"
    choices = [choice for choice in field.get("anyOf", ()) if choice.get("type") != "null"]
    if choices and len(choices) == 1:
        rest = {key: value for key, value in field.items() if key not in ("anyOf", "default")}
        field = _as_written({**choices[0], **rest})
    return field


def _closed(described: Mapping[str, tuple[str, Schema]]) -> Schema:
    """An object with exactly these keys, each with its description."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: {**schema, "description": description}
            for key, (description, schema) in described.items()
        },
    }


def _for_trust(schema: Schema, trust: Trust) -> Schema:
    """Close the maps whose keys the trust declares."""
    properties = schema["properties"]
    details = trust.details
    contacts = {
        key: (role.label + (f". {role.about}" if role.about else ""), {"$ref": "#/$defs/Contact"})
        for key, role in details.contacts.items()
    }
    terms = {
        key: (f"What is called '{term.singular}' elsewhere", {"$ref": "#/$defs/Term"})
        for key, term in details.terms.items()
    }
    values = {
        key: (_described(declared), _value(declared)) for key, declared in details.values.items()
    }
    for key, described in (("contacts", contacts), ("terms", terms), ("values", values)):
        about = properties[key].get("description", "")
        properties[key] = {**_closed(described), "description": about}
    return schema


def _described(declared: ValueDeclaration) -> str:
    unit = f", in {declared.unit}s" if declared.unit else ""
    default = f" (default {declared.default})" if declared.default else ""
    return f"{declared.label}{unit}{default}"


def _value(declared: ValueDeclaration) -> Schema:
    match declared.type:
        case ValueType.NUMBER:
            limits = {"minimum": declared.min, "maximum": declared.max}
            return {"type": "number", **{k: v for k, v in limits.items() if v is not None}}
        case ValueType.CHOICE:
            return {"enum": list(declared.choices)}
        case _:
            return {"type": ["string", "number"]}


def _for_policy(schema: Schema, trust: Trust, policy: Policy) -> Schema:
    """Complete audiences and the IDs of clauses."""
    audiences = schema["properties"]["audiences"]
    audiences["items"] = _with_choices(audiences.get("items", {}), list(trust.details.audiences))
    ids = [clause.id for clause in policy.outline]
    ids += [clause.id for clause in additions(trust, policy.id)]
    shapes = schema["$defs"]
    for name, keys in (
        ("ReplaceShape", ("replace",)),
        ("OmitShape", ("omit",)),
        ("AddShape", ("after", "before", "within")),
    ):
        for key in keys:
            field = shapes[name]["properties"][key]
            shapes[name]["properties"][key] = _with_choices(field, ids)
    add = shapes["AddShape"]
    add["oneOf"] = [{"required": [key]} for key in ("after", "before", "within")]
    overrides = schema["properties"]["overrides"]
    kinds = ("ReplaceShape", "OmitShape", "AddShape")
    overrides["items"] = {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds]}
    return schema


def _with_choices(field: Schema, choices: Sequence[str]) -> Schema:
    kept = {key: value for key, value in field.items() if key not in ("pattern", "type", "anyOf")}
    return {**kept, "enum": list(choices)}
