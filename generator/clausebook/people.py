"""People and official channels: who they are at one school, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clausebook.english import enumerate_words
from clausebook.model import Person, Trust
from clausebook.prose import (
    Block,
    Inlines,
    Link,
    PlainList,
    Strong,
    Table,
    Text,
)
from clausebook.shapes import Channel, Contact, Fillings, PolicyFile
from clausebook.source import Span
from clausebook.values import Slot
from clausebook.yamldoc import YamlDocument


@dataclass(frozen=True)
class Layer:
    """Something that fills values in, and the file it does so in."""

    fillings: Fillings
    document: YamlDocument


def place_to_fill(layers: Sequence[Layer], section: str) -> Span | None:
    """Where something missing is best filled in: the nearest file that has the section.

    If none has it, that is the school's own file and not what it says of one policy.
    """
    for layer in reversed(layers):
        if (section,) in layer.document.keys:
            return layer.document.key_span(section)
    own = [layer for layer in layers if not isinstance(layer.fillings, PolicyFile)]
    return own[-1].document.source.whole() if own else None


def nearest_filling(layers: Sequence[Layer], section: str, key: str) -> object:
    """What the nearest layer (the last) that says anything about `key` says."""
    for layer in reversed(layers):
        found = getattr(layer.fillings, section).get(key)
        if found:
            return found
    return None


def people_at(trust: Trust, layers: Sequence[Layer]) -> tuple[Person, ...]:
    """Everybody who is named: the trust's roles in its order, then roles of a layer's own."""
    people: list[Person] = []
    for key, role in trust.details.contacts.items():
        contact = nearest_filling(layers, "contacts", key) or role.default
        if isinstance(contact, Contact):
            label = contact.role or role.label
            people.append(Person(role=key, label=label, about=role.about, contact=contact))
    local = {key: own for layer in layers for key, own in layer.fillings.local_contacts.items()}
    people += [
        Person(role=key, label=own.label, about=own.about, contact=own)
        for key, own in local.items()
    ]
    return tuple(people)


def contact_slots(
    trust: Trust, people: Sequence[Person], layers: Sequence[Layer], *, open_slots: bool = False
) -> Slot:
    """The names under `contact`."""
    by_role = {person.role: person for person in people}
    parts: dict[str, Slot] = {}
    for key, person in by_role.items():
        if key not in trust.details.contacts:
            parts[key] = _person_slot(person, _contact_place(layers, key))
    for key, role in trust.details.contacts.items():
        if key in by_role:
            parts[key] = _person_slot(by_role[key], _contact_place(layers, key))
        elif open_slots:
            parts[key] = _open_contact(role.label)
        else:
            place = place_to_fill(layers, "contacts")
            empty = Slot(role.label, place=place, required=role.required)
            names = ("name", "role", "email", "phone", "card")
            parts[key] = replace(empty, parts=dict.fromkeys(names, empty))
    return Slot("contacts", parts=parts)


def _contact_place(layers: Sequence[Layer], key: str) -> Span | None:
    for layer in reversed(layers):
        for section in ("contacts", "local_contacts"):
            if key in getattr(layer.fillings, section):
                return layer.document.key_span(section, key)
    return None


def _person_slot(person: Person, place: Span | None) -> Slot:
    contact = person.contact
    what = person.label
    return Slot(
        what,
        (Text(f"{contact.name} ({what})"),),
        parts={
            "name": Slot(f"{what}: name", (Text(contact.name),)),
            "role": Slot(f"{what}: title", (Text(what),)),
            "email": email_slot(f"{what}: email address", contact.email, place),
            "phone": phone_slot(f"{what}: telephone", contact.phone, place),
            "card": Slot(f"{what}: contact card", block=contact_card(person)),
        },
    )


def contact_card(person: Person) -> tuple[Block, ...]:
    """A contact as a ready block."""
    contact = person.contact
    items: list[Inlines] = [(Strong((Text(person.label),)), Text(f": {contact.name}"))]
    if contact.email:
        items.append((Text("Email: "), *mail(contact.email)))
    if contact.phone:
        items.append((Text("Telephone: "), *dial(contact.phone)))
    if person.about:
        items.append((Text(person.about),))
    return (PlainList(tuple(items)),)


def dial(number: str) -> Inlines:
    """A telephone number that can be tapped; an extension is shown, not dialled."""
    digits = number.split("x", maxsplit=1)[0].split("e", maxsplit=1)[0]
    digits = digits.replace("(0)", "") if "+" in digits else digits
    return (Link("tel:" + "".join(c for c in digits if c in "+0123456789"), (Text(number),)),)


def channels_at(layers: Sequence[Layer]) -> tuple[Channel, ...]:
    """All layers' channels, farthest layer first; a nearer one of the same name replaces."""
    by_name: dict[str, Channel] = {}
    for layer in layers:
        for channel in layer.fillings.channels:
            by_name[channel.name] = channel
    return tuple(by_name.values())


def channel_slots(channels: Sequence[Channel], place: Span) -> Slot:
    """The names under `channels`."""
    what = "official channels"
    if not channels:
        empty = Slot(what, place=place)
        return replace(empty, parts=dict.fromkeys(("table", "list", "settings"), empty))
    names = enumerate_words([channel.name for channel in channels])
    settings = tuple(
        (Strong((Text(f"{channel.name}:"),)), Text(f" {statement}"))
        for channel in channels
        for statement in channel.settings
    )
    return Slot(
        what,
        (Text(names),),
        parts={
            "table": Slot(what, block=(channel_table(channels),)),
            "list": Slot(what, block=(PlainList(tuple(_channel(c) for c in channels)),)),
            "settings": Slot(
                "how official channels are set up",
                block=(PlainList(settings),) if settings else None,
                place=place,
            ),
        },
    )


def _channel(channel: Channel) -> Inlines:
    return (Link(channel.address, (Text(channel.name),)), Text(f": {channel.purpose}"))


def channel_table(channels: Sequence[Channel]) -> Table:
    """Official channels as a ready block."""
    rows = tuple(
        (
            (Link(channel.address, (Text(channel.name),)),),
            (Text(channel.purpose),),
            (Text(channel.run_by),),
        )
        for channel in channels
    )
    header = ((Text("Channel"),), (Text("What it is for"),), (Text("Looked after by"),))
    return Table(header, ("", "", ""), rows)


# -- small slots ---------------------------------------------------------------------


def text_slot(label: str, text: str | None, place: Span | None) -> Slot:
    """A text, or nothing yet."""
    return Slot(label, (Text(text),) if text else None, place=place)


def mail(address: str) -> Inlines:
    """An email address that can be tapped."""
    return (Link(f"mailto:{address}", (Text(address),)),)


def web(address: str) -> Inlines:
    """A website's address as people say it."""
    return (Link(address, (Text(address.split("://")[1].rstrip("/")),)),)


def email_slot(label: str, address: str | None, place: Span | None) -> Slot:
    """An email address, or nothing yet."""
    return Slot(label, mail(address) if address else None, place=place)


def phone_slot(label: str, number: str | None, place: Span | None) -> Slot:
    """A telephone number, or nothing yet."""
    return Slot(label, dial(number) if number else None, place=place)


def web_slot(label: str, address: str | None, place: Span | None) -> Slot:
    """A website, or nothing yet."""
    return Slot(label, web(address) if address else None, place=place)


def open_slot(label: str, words: str, parts: Mapping[str, str] | None = None) -> Slot:
    """A slot on the trust's own page, where each school will have its own words."""
    inner = {name: open_slot(label, text) for name, text in (parts or {}).items()}
    return Slot(label, (Text(f"[{words[:1].lower() + words[1:]}]"),), parts=inner)


def _open_contact(label: str) -> Slot:
    what = _mid_sentence(label)
    parts = {
        "name": f"name of the {what}",
        "role": what,
        "email": f"email address of the {what}",
        "phone": f"telephone of the {what}",
    }
    slot = open_slot(label, f"name of the {what}", parts)
    card = Slot(label, block=(open_block(f"Contact card of each school’s own {what}"),))
    return replace(slot, parts={**slot.parts, "card": card})


def _mid_sentence(label: str) -> str:
    """A label as it stands in a sentence; one that begins with an abbreviation stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def open_block(words: str) -> Block:
    """A block on the trust's own page, where each school will have its own."""
    return PlainList(((Text(f"[{words[:1].lower() + words[1:]}]"),),))
