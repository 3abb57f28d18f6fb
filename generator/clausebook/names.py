"""What every name stands for at one school: the trust's declarations, filled in by layers.

Nearer layers win: trust default, group, school, policy file.  Channels add up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.declarations import check_required, check_strictness, read_value, term_names
from clausebook.english import capital, plural, possessive, with_article
from clausebook.filling import TextFilling
from clausebook.model import Adoption, Group, Person, School, Trust
from clausebook.people import (
    Layer,
    channel_slots,
    channels_at,
    contact_slots,
    email_slot,
    nearest_filling,
    open_block,
    open_slot,
    people_at,
    phone_slot,
    place_to_fill,
    text_slot,
    web_slot,
)
from clausebook.problems import Problems
from clausebook.prose import Text
from clausebook.shapes import Channel, PolicyFile, Term, ValueDeclaration
from clausebook.values import Slot


@dataclass(frozen=True)
class Filled:
    """Everything filled in for one school, or for one of its policies."""

    names: Mapping[str, Slot]
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    audiences: Mapping[str, str]
    """What each audience is called here."""


def layers_of(school: School, policy: str | None = None) -> list[Layer]:
    """The school's layers, farthest first; with `policy`, those of its files as well."""
    layers: list[Layer] = []
    for body in school.layers:
        layers.append(Layer(body.details, body.document))
        if policy is not None and policy in body.adoptions:
            adoption = body.adoptions[policy]
            layers.append(Layer(adoption.fillings, adoption.document))
    return layers


def with_texts(trust: Trust, school: School, problems: Problems) -> School:
    """The school with all texts of its own files, and of its group's, filled in."""

    def texts(policy: str | None = None) -> TextFilling:
        names = _names_in_texts(trust, school, layers_of(school, policy))
        return TextFilling(names, problems, _barred(trust))

    def adoptions(body: Group | School) -> dict[str, Adoption]:
        return {key: _adoption(own, texts(key)) for key, own in body.adoptions.items()}

    group = school.group and replace(
        school.group,
        details=texts().shape(school.group.details, school.group.document),
        adoptions=adoptions(school.group),
    )
    details = texts().shape(school.details, school.document)
    return replace(school, details=details, group=group, adoptions=adoptions(school))


def _adoption(adoption: Adoption, texts: TextFilling) -> Adoption:
    """What a file says of one policy, with its texts filled in; wording is filled in later."""
    shape = texts.shape(adoption.fillings, adoption.document)
    if not isinstance(shape, PolicyFile):
        return adoption
    overrides = tuple(
        replace(override, reason=said.reason)
        for override, said in zip(adoption.overrides, shape.overrides, strict=True)
    )
    return replace(adoption, fillings=shape, withdrawn=shape.withdrawn, overrides=overrides)


def _names_in_texts(trust: Trust, school: School, layers: Sequence[Layer]) -> dict[str, Slot]:
    """What can stand in a text: terms, and the names of the school, its group and the trust."""
    return {**_bodies(trust, school), **_terms(trust, layers)}


def _barred(trust: Trust) -> frozenset[str]:
    """What cannot: texts are part of what these stand for."""
    return frozenset(("contact", "channels", *trust.details.values))


def fill_for_school(
    trust: Trust, school: School, problems: Problems, policy: str | None = None
) -> Filled:
    """What names stand for at `school`; what is required and missing becomes a problem.

    The school's own texts have been filled in, by `with_texts`.
    """
    layers = layers_of(school, policy)
    texts = TextFilling(_names_in_texts(trust, school, layers), problems, _barred(trust))
    trust = replace(trust, details=texts.shape(trust.details, trust.document))
    people = people_at(trust, layers)
    channels = channels_at(layers)
    check_required(trust, school, layers, problems)
    check_strictness(trust, layers, problems)
    names = {
        **_bodies(trust, school),
        "contact": contact_slots(trust, people, layers),
        "channels": channel_slots(channels, school.document.key_span("channels")),
        **_terms(trust, layers),
    }
    for key, declared in trust.details.values.items():
        names[key] = _value_slot(trust, key, declared, layers)
    return Filled(names, people, channels, trust.details.audiences)


def _bodies(trust: Trust, school: School) -> dict[str, Slot]:
    """The names under `school`, `trust` and `group`."""
    details = school.details
    where = school.document
    own = Slot(
        "the school",
        (Text(details.name),),
        parts={
            "name": Slot("the school's name", (Text(details.name),)),
            "short_name": Slot("the school's short name", (Text(school.short_name),)),
            "address": text_slot(
                "the school's address", details.address, where.key_span("address")
            ),
            "phone": phone_slot("the school's telephone", details.phone, where.key_span("phone")),
            "email": email_slot(
                "the school's email address", details.email, where.key_span("email")
            ),
            "website": web_slot("the school's website", details.website, where.key_span("website")),
        },
    )
    group = school.group
    group_name = group.details.name if group else None
    return {
        "school": own,
        "trust": _trust_slot(trust),
        "group": Slot(
            "the school's group",
            (Text(group_name),) if group_name else None,
            parts={"name": text_slot("the group's name", group_name, where.key_span("group"))},
            place=where.key_span("group"),
        ),
    }


def _terms(trust: Trust, layers: Sequence[Layer]) -> dict[str, Slot]:
    terms: dict[str, Slot] = {}
    for key, term in trust.details.terms.items():
        terms.update(_term_slots(key, nearest_filling(layers, "terms", key) or term))
    return terms


def fill_for_trust(trust: Trust, problems: Problems) -> Filled:
    """What names stand for on the trust's own site: what schools fill in shows as a slot."""
    terms = _terms(trust, ())
    place = "each school’s own"
    school_parts = {
        "name": "name of the school",
        "short_name": "name of the school",
        "address": "address of the school",
        "phone": "telephone of the school",
        "email": "email address of the school",
        "website": "website of the school",
    }
    names: dict[str, Slot] = {
        "school": open_slot("the school", "name of the school", school_parts),
        "trust": _trust_slot(trust),
        "group": open_slot(
            "the school's group", "name of the group", {"name": "name of the group"}
        ),
        **terms,
    }
    texts = TextFilling(names, problems, _barred(trust))
    trust = replace(trust, details=texts.shape(trust.details, trust.document))
    people = people_at(trust, ())
    names |= {
        "contact": contact_slots(trust, people, (), open_slots=True),
        "channels": replace(
            open_slot("official channels", "official channels"),
            parts={
                part: Slot("official channels", block=(open_block(f"{place} official channels"),))
                for part in ("table", "list", "settings")
            },
        ),
    }
    for key, declared in trust.details.values.items():
        slot = _value_slot(trust, key, declared, ())
        names[key] = slot if slot.filled else open_slot(declared.label, declared.label)
    return Filled(names, people, (), trust.details.audiences)


# -- values and terms --------------------------------------------------------------------


def _value_slot(
    trust: Trust, key: str, declared: ValueDeclaration, layers: Sequence[Layer]
) -> Slot:
    ignored = Problems()
    place = place_to_fill(layers, "values")
    for layer in reversed(layers):
        if key in layer.fillings.values:
            span = layer.document.span("values", key)
            shown = read_value(layer.fillings.values[key], declared, span, ignored)
            return Slot(declared.label, shown, place=span)
    if declared.default is None:
        return Slot(declared.label, place=place, required=declared.required)
    span = trust.document.span("values", key, "default")
    return Slot(declared.label, read_value(declared.default, declared, span, ignored), place=span)


def _term_slots(key: str, term: object) -> dict[str, Slot]:
    words = term if isinstance(term, Term) else Term(singular=key)
    several = words.plural or plural(words.singular)
    one_name, many_name, one_capital, many_capital = term_names(key)
    return {
        one_name: _word(words.singular),
        many_name: _word(several),
        one_capital: _word(words.singular, capital),
        many_capital: _word(several, capital),
    }


def _word(text: str, style: Callable[[str], str] = str) -> Slot:
    def form(words: str) -> Slot:
        return Slot(text, (Text(style(words)),))

    parts = {"possessive": form(possessive(text)), "a": form(with_article(text))}
    return replace(form(text), parts=parts)


# -- the trust and its own site ----------------------------------------------------------


def _trust_slot(trust: Trust) -> Slot:
    details, where = trust.details, trust.document
    return Slot(
        "the trust",
        (Text(details.name),),
        parts={
            "name": Slot("the trust's name", (Text(details.name),)),
            "short_name": Slot("the trust's short name", (Text(trust.short_name),)),
            "phone": phone_slot("the trust's telephone", details.phone, where.key_span("phone")),
            "email": email_slot(
                "the trust's email address", details.email, where.key_span("email")
            ),
            "website": web_slot("the trust's website", details.website, where.key_span("website")),
        },
    )
