"""What every name stands for at one school: the trust's declarations, filled in by layers.

Nearer layers win: trust default, group, school, policy file.  Channels add up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from clausebook.declarations import check_required, check_strictness, read_value, term_names
from clausebook.english import capital, plural, possessive, with_article
from clausebook.filling import AnyShape, TextFilling
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
from clausebook.problems import Problem, Problems
from clausebook.prose import Text
from clausebook.remembering import by_identity
from clausebook.shapes import Channel, Fillings, PolicyFile, Term, ValueDeclaration
from clausebook.values import Slot
from clausebook.yamldoc import YamlDocument


@dataclass(frozen=True)
class Filled:
    """Everything filled in for one school, or for one of its policies."""

    names: Mapping[str, Slot]
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    audiences: Mapping[str, str]
    """What each audience is called here."""


SCHOOLS_AT_ONCE = 64
"""Of so many schools is remembered what names stand for there: each is asked for in a row."""


def layers_of(school: School, policy: str | None = None) -> tuple[Layer, ...]:
    """The school's layers, farthest first; with `policy`, those of its files as well.

    Files of a policy that fill nothing in are not among them, so most policies have the
    very same layers.
    """
    own = _own_layers(school)
    if policy is None:
        return own
    layers: list[Layer] = []
    for body, layer in zip(school.layers, own, strict=True):
        layers.append(layer)
        adoption = body.adoptions.get(policy)
        if adoption and _fills(adoption):
            layers.append(Layer(adoption.fillings, adoption.document))
    return own if len(layers) == len(own) else tuple(layers)


@by_identity(SCHOOLS_AT_ONCE)
def _own_layers(school: School) -> tuple[Layer, ...]:
    return tuple(Layer(body.details, body.document) for body in school.layers)


_FILLING = ("contacts", "local_contacts", "channels", "terms", "values")


def _fills(adoption: Adoption) -> bool:
    """Whether the file of a policy has a section in which something can be filled in."""
    keys, fillings = adoption.document.keys, adoption.fillings
    return any((key,) in keys or getattr(fillings, key) for key in _FILLING)


def with_texts(trust: Trust, school: School, problems: Problems) -> School:
    """The school with all texts of its own files, and of its group's, filled in."""

    def filled(shape: AnyShape, document: YamlDocument, policy: str | None = None) -> AnyShape:
        if not _holds_names(document):
            return shape
        names = _names_in_texts(trust, school, layers_of(school, policy))
        return TextFilling(names, problems, _barred(trust)).shape(shape, document)

    def adoptions(body: Group | School) -> dict[str, Adoption]:
        return {
            key: _adoption(own, filled(own.fillings, own.document, key))
            for key, own in body.adoptions.items()
        }

    group = school.group and replace(
        school.group,
        details=filled(school.group.details, school.group.document),
        adoptions=adoptions(school.group),
    )
    details = filled(school.details, school.document)
    return replace(school, details=details, group=group, adoptions=adoptions(school))


def _holds_names(document: YamlDocument) -> bool:
    """Whether anything but wording has a name in it."""
    return any(
        "{{" in passage.text and not (path[0] == "overrides" and path[-1] in ("with", "add"))
        for path, passage in document.passages.items()
    )


def _adoption(adoption: Adoption, shape: Fillings) -> Adoption:
    """What a file says of one policy, with its texts filled in; wording is filled in later."""
    if shape is adoption.fillings or not isinstance(shape, PolicyFile):
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
    filled, found = _filled(trust, school, layers_of(school, policy))
    problems.found += found
    return filled


@by_identity(SCHOOLS_AT_ONCE)
def _filled(
    trust: Trust, school: School, layers: tuple[Layer, ...]
) -> tuple[Filled, tuple[Problem, ...]]:
    """What names stand for, and what is wrong with that: the same for most policies of a school."""
    problems = Problems()
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
    return Filled(names, people, channels, trust.details.audiences), tuple(problems.found)


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
        said = nearest_filling(layers, "terms", key) or term
        words = said if isinstance(said, Term) else Term(singular=key)
        terms.update(_term_slots(key, words.singular, words.plural or plural(words.singular)))
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


@lru_cache(maxsize=1024)
def _term_slots(key: str, singular: str, several: str) -> Mapping[str, Slot]:
    """A term's names: schools that say the same share them, and so what is filled in with them."""
    one_name, many_name, one_capital, many_capital = term_names(key)
    return {
        one_name: _word(singular),
        many_name: _word(several),
        one_capital: _word(singular, capital),
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
