"""People, channels and names that a document has in its wording, proposed as values.

A person changes more often than a policy, and a school's name is not every school's: both belong
into YAML files, where wording names them.  Nothing is written there: whoever imports decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clausebook.addresses import fault_in_email, fault_in_web
from clausebook.imported import About, FoundClause, Structure
from clausebook.matching import Phrasebook, words_of
from clausebook.model import Trust
from clausebook.writtenyaml import write_yaml

_EMAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(
    r"(?<![\w/.-])(?:\+44 ?|\(?0)[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{2,4}(?![\w/-])"
)
_WEB = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"'“”‘’]{4,200}")
_NAME = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Revd?|Prof)\.? (?:[A-Z]\.? )?"
    r"[A-Z][a-z'’-]{1,20}(?: [A-Z][a-z'’-]{1,20})?"
    r"|[A-Z][a-z'’-]{1,20} [A-Z][a-z'’-]{1,20}(?:-[A-Z][a-z'’]{1,20})?)"
)
_ROLE = r"[A-Za-z][A-Za-z/&’' -]{1,50}"
_NAME_FIRST = re.compile(rf"(?P<name>{_NAME}) ?[(,–-] ?(?P<role>{_ROLE})\)?")
_ROLE_FIRST = re.compile(rf"(?P<role>{_ROLE})(?: is |: ?| ?[–(,-] ?)(?P<name>{_NAME})")

_ROLES: Mapping[str, tuple[str, ...]] = {
    "headteacher": ("head teacher/teachers", "headteacher", "principal", "head of school",
                    "executive headteacher"),
    "deputy_dsl": ("deputy designated safeguarding lead", "deputy DSL", "DDSL"),
    "dsl": ("designated safeguarding lead", "designated safeguarding officer", "DSL",
            "designated child protection officer"),
    "dpo": ("data protection officer", "DPO"),
    "chair": ("chair of governors", "chair of the governing body", "chair of the governing board"),
    "it_lead": ("ICT technician", "IT technician", "network manager", "IT lead", "IT manager",
                "ICT manager", "IT team"),
    "senco": ("SENCO", "SENDCO", "special educational needs coordinator"),
    "lado": ("LADO", "local authority designated officer"),
    "business_manager": ("business manager", "school business manager"),
    "social_media_lead": ("social media lead", "communications manager", "communications lead"),
}  # fmt: skip
"""Roles that policies name people for, as phrases."""

SERVICES: Mapping[str, str] = {
    "facebook": "Facebook", "twitter": "X", "instagram": "Instagram", "youtube": "YouTube",
    "linkedin": "LinkedIn", "tiktok": "TikTok", "tapestry": "Tapestry", "classdojo": "ClassDojo",
    "class dojo": "ClassDojo", "seesaw": "Seesaw", "snapchat": "Snapchat", "threads": "Threads",
    "school website": "Website", "weduc": "Weduc", "parentmail": "ParentMail",
}  # fmt: skip
_HOSTS = re.compile(
    r"(?:^|[/.])(?:facebook|twitter|instagram|youtube|linkedin|tiktok|tapestryjournal|classdojo|"
    r"seesaw|x)\.(?:com|org|co\.uk|me|info)\b",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(
    r"\bofficial (?:social media )?(?:channels?|accounts?|sites?|pages?)\b", re.IGNORECASE
)
_SCHOOL = re.compile(
    r"(?:[A-Z][\w'’.-]{1,20} (?:(?:and|of|the|&) )?){1,5}"
    r"(?:School|Academy|College|Nursery|Federation|Schools|Primary|Infants|Juniors)\b"
)


@dataclass(frozen=True)
class Person:
    """Somebody whom a document names."""

    role: str
    """The trust's name for the role, or a name made of what the document says."""
    title: str
    """What the document calls the role; "" if it does not."""
    name: str
    email: str
    phone: str
    where: str


@dataclass(frozen=True)
class ProposedChannel:
    """An official account or website."""

    name: str
    address: str
    """"" if the document names no address."""
    where: str


@dataclass(frozen=True)
class Naming:
    """Words in the wording that a name could stand for."""

    expression: str
    words: str
    clauses: tuple[str, ...]
    """Where: IDs of clauses in the draft."""


@dataclass(frozen=True)
class Proposals:
    """All that could be a value."""

    people: tuple[Person, ...] = ()
    channels: tuple[ProposedChannel, ...] = ()
    namings: tuple[Naming, ...] = ()
    roles_named: frozenset[str] = field(default=frozenset())
    """Roles for which somebody is named, or a way to reach them."""

    @property
    def yaml(self) -> str:
        """For `school.yml`: what is known, in its form; "" if nothing is."""
        data: dict[str, object] = {}
        contacts: dict[str, dict[str, str]] = {}
        for person in self.people:
            said = {"name": person.name, "role": person.title, "email": person.email,
                    "phone": person.phone}  # fmt: skip
            contacts.setdefault(person.role, {key: text for key, text in said.items() if text})
        if contacts:
            data["contacts"] = contacts
        channels = [
            {
                "name": one.name,
                "address": one.address,
                "purpose": "to be filled in",
                "run_by": "to be filled in",
            }
            for one in self.channels
            if one.address
        ]
        if channels:
            data["channels"] = channels
        return write_yaml(data) if data else ""


def propose(found: Structure, trust: Trust, school: str | None) -> Proposals:
    """Everything in a document that could be a value of the trust's, or of a school's."""
    roles = roles_of(trust)
    people = list(_people(found, roles))
    return Proposals(
        people=tuple(people),
        channels=tuple(_channels(found)),
        namings=tuple(_namings(found, trust, school, people)),
        roles_named=frozenset(person.role for person in people),
    )


# -- people ----------------------------------------------------------------------------


def roles_of(trust: Trust) -> Phrasebook[str]:
    """The roles that wording can name: those of the trust, and those that policies usually have."""
    book: Phrasebook[str] = Phrasebook()
    for key, role in trust.details.contacts.items():
        book.add_words(re.sub(r"\{\{.*?\}\}", " ", role.label), key)
    for key, phrases in _ROLES.items():
        for phrase in phrases:
            book.add(phrase, key)
    return book


def role_in(text: str, roles: Phrasebook[str]) -> str:
    """The role that a text names, if it names one; the longest name that fits."""
    hits = sorted(roles.find(text), key=lambda hit: (hit.start - hit.end, hit.start))
    return hits[0].key if hits else ""


def _people(found: Structure, roles: Phrasebook[str]) -> Iterator[Person]:
    told: set[tuple[str, str]] = set()
    for one in found.clauses:
        for person in _people_in(one.text, one.where, roles):
            if (person.role, person.name) not in told:
                told.add((person.role, person.name))
                yield person
    for fact in found.about(About.OWNER, About.SIGNED):
        match = re.fullmatch(_NAME, fact.value)
        if match and (role := role_in(fact.name, roles)) and (role, fact.value) not in told:
            told.add((role, fact.value))
            yield Person(role, fact.name, fact.value, "", "", fact.where)


def _people_in(text: str, where: str, roles: Phrasebook[str]) -> Iterator[Person]:
    spans: list[tuple[int, int]] = []
    for pattern in (_NAME_FIRST, _ROLE_FIRST):
        for match in pattern.finditer(text):
            role = role_in(match["role"], roles)
            name = match["name"].strip()
            if not role or role_in(name, roles) or _is_title(name):
                continue
            if any(start < match.end("name") and match.start("name") < end for start, end in spans):
                continue
            spans.append(match.span("name"))
            rest = text[match.start() : match.end() + 120]
            email, phone = _EMAIL.search(rest), _PHONE.search(rest)
            address = email[0].rstrip(".") if email else ""
            yield Person(
                role,
                _title(match["role"], roles),
                name,
                "" if fault_in_email(address) else address,
                phone[0].strip() if phone else "",
                where,
            )
    for match in _EMAIL.finditer(text):
        address = match[0].rstrip(".")
        before = text[max(0, match.start() - 120) : match.start()]
        role = role_in(before, roles)
        if role and not spans and not fault_in_email(address):
            yield Person(role, "", "To be filled in", address, "", where)


_TITLES = frozenset(
    {
        *("policy", "school", "social", "media", "data", "protection", "online", "keeping"),
        *("children", "use", "act"),
    }
)


def _is_title(name: str) -> bool:
    """Whether two capitalised words are the name of a thing."""
    return any(word.seen in _TITLES for word in words_of(name))


def _title(role: str, roles: Phrasebook[str]) -> str:
    hits = sorted(roles.find(role), key=lambda hit: hit.start - hit.end)
    return hits[0].text if hits else role.strip()


# -- channels --------------------------------------------------------------------------


def _channels(found: Structure) -> Iterator[ProposedChannel]:
    told: set[str] = set()
    official = False
    for one in found.clauses:
        for match in _WEB.finditer(one.text):
            address = match[0].rstrip(".,;:")
            full = address if address.startswith("http") else f"https://{address}"
            if _HOSTS.search(full.split("//", 1)[1].split("/")[0]) and full not in told:
                told.add(full)
                if not fault_in_web(full):
                    yield ProposedChannel(_service(full), full, one.where)
        listed = official or _OFFICIAL.search(one.text) is not None
        if listed:
            for name in _services_in(one.text):
                if name not in told:
                    told.add(name)
                    yield ProposedChannel(name, "", one.where)
        official = _OFFICIAL.search(one.text) is not None and one.text.rstrip().endswith(":")


def _service(address: str) -> str:
    small = address.casefold()
    return next((name for key, name in SERVICES.items() if key in small), "Website")


def _services_in(text: str) -> list[str]:
    small = text.casefold()
    return [name for key, name in SERVICES.items() if re.search(rf"\b{re.escape(key)}\b", small)]


# -- names -----------------------------------------------------------------------------


def _namings(
    found: Structure, trust: Trust, school: str | None, people: Sequence[Person]
) -> Iterator[Naming]:
    wanted: dict[str, str] = {}
    for words in schools_named(found):
        wanted[words] = "school.name"
    if school and school in trust.schools:
        details = trust.schools[school].details
        wanted[details.name] = "school.name"
        if details.short_name:
            wanted[details.short_name] = "school.short_name"
    wanted[trust.details.name] = "trust.name"
    for person in people:
        if person.role in trust.details.contacts and person.name != "To be filled in":
            wanted[person.name] = f"contact.{person.role}.name"
    for key, term in trust.details.terms.items():
        if key not in _EVERYDAY:
            wanted.setdefault(term.singular, key)
            wanted.setdefault(term.plural or f"{term.singular}s", f"{key}s")
    for words, expression in wanted.items():
        clauses = tuple(_holding(found.clauses, words))
        if clauses:
            yield Naming(expression, words, clauses)


_EVERYDAY = frozenset({"setting", "school", "parent"})
"""Terms whose words mean too much to be looked for."""


def schools_named(found: Structure) -> tuple[str, ...]:
    """The school, academy or federation that a document seems to be of; most often named first."""
    counts: dict[str, int] = {}
    front = [fact.value for fact in found.about(About.COVER, About.REFERENCE)]
    for text in [*front, *front, *(one.text for one in found.clauses)]:
        for match in _SCHOOL.finditer(text):
            name = re.sub(r"^(?:The|Our|All|This|Each|Any|At|In|On) ", "", match[0])
            if len(name.split()) > 1 and not _is_title(name.rsplit(" ", 1)[0]):
                counts[name] = counts.get(name, 0) + 1
    often = sorted(counts, key=lambda name: (-counts[name], name))
    return tuple(name for name in often if counts[name] > 1)[:3]


def _holding(clauses: Sequence[FoundClause], words: str) -> Iterator[str]:
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    return (one.id for one in clauses if pattern.search(one.text))
