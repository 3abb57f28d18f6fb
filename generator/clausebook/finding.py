"""What the search knows of a site: every clause, person, channel and page, as one script.

A script, because a page that was opened from a disk may load scripts and nothing else.
It holds data and no more: the words of a site are text in it, never code or markup.
`theme/assets/search-engine.js` reads it, and nothing of it is loaded before somebody searches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import yaml

from clausebook.clausepage import Linker
from clausebook.english import bare, plural, typographic
from clausebook.findpage import CHANNELS, CONTACTS, role_of, to_contact, topic_of
from clausebook.model import (
    Body,
    Kind,
    Layered,
    Person,
    Provenance,
    TailoredClause,
    TailoredPolicy,
    Trust,
)
from clausebook.pagetemplates import Page
from clausebook.prose import inlines_of, plain
from clausebook.publication import Publication
from clausebook.shapes import Term

INDEX = "assets/search-index.js"
"""Where the script stands in a site."""

NORMAL, OMITTED, HEADING = range(3)
"""What a clause is to the search; one that does not apply is found by its ID and label alone."""

_FORMS = 2
"""One and several: a term of which there are more is said in more ways than one."""


@dataclass
class _Listed:
    """Texts that many clauses share, each kept once."""

    texts: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        """Where a text stands in the list."""
        return self.texts.setdefault(text, len(self.texts))


def write_index(
    trust: Trust, body: Body, publications: Sequence[Publication], pages: Sequence[Page]
) -> str:
    """The script's text, with lists for objects, which halves it: the engine names their parts."""
    topics, audiences = _Listed(), _Listed()
    shown = [publication for publication in publications if not publication.withdrawn]
    index = {
        "policies": [[_title(p), f"policies/{p.id}.html"] for p in shown],
        "clauses": [
            [
                clause.id,
                clause.label,
                _words(clause, Linker(trust, body, f"policies/{publication.id}.md")),
                topics.number(topic_of(publication.shown, clause)),
                number,
                audiences.number(_audience(body, publication.shown, clause)),
                _state(clause),
            ]
            for number, publication in enumerate(shown)
            for clause in publication.shown.clauses
        ],
        "topics": list(topics.texts),
        "audiences": list(audiences.texts),
        "people": [_person(trust, person) for person in body.people],
        "channels": [
            [c.name, typographic(f"{c.purpose}. {c.run_by}."), CHANNELS] for c in body.channels
        ],
        "pages": [
            [typographic(page.title), _about(body, page), page.path.removesuffix(".md") + ".html"]
            for page in pages
            if not is_excluded(page)
        ],
        "synonyms": [[phrases, typed] for phrases, typed in synonyms(trust, body)],
    }
    text = ",\n".join(f"{_compact(name)}:{_lines(part)}" for name, part in index.items())
    for sign in "<\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f"globalThis.clausebookIndex={{{text}}};\n"


def _lines(part: object) -> str:
    """A list with a line for each entry, so that an edit of one clause changes one line."""
    if not isinstance(part, list) or not part:
        return _compact(part)
    return "[\n" + ",\n".join(_compact(entry) for entry in part) + "\n]"


def _compact(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def is_excluded(page: Page) -> bool:
    """Whether a page's front matter says `search: exclude: true`, as old versions' do."""
    if not page.markdown.startswith("---\n"):
        return False
    front = yaml.safe_load(page.markdown.split("\n---\n", 1)[0])
    search = front.get("search") if isinstance(front, dict) else None
    return isinstance(search, dict) and search.get("exclude") is True


def synonyms(trust: Trust, body: Body) -> Iterator[tuple[list[str], list[str]]]:
    """Words of the policies, each with others by which they are found.

    First the trust's and the school's own words for a term: they are found by those of any school,
    since families know more than one.  Then the trust's `synonyms`, for every form of a term.
    """
    own = body.school.layers if body.school else ()
    here = {key: _forms(trust, own, key) for key in trust.details.terms}
    for key, said in here.items():
        anywhere = _forms(trust, trust.layers, key)
        if len(anywhere) > _FORMS:
            yield said, anywhere
    for word, typed in trust.details.synonyms.items():
        said = next((s for key, s in here.items() if bare(word) in map(bare, (key, *s))), [])
        yield list(dict.fromkeys([word, *said])), list(typed)


def _forms(trust: Trust, layers: Sequence[Layered], key: str) -> list[str]:
    """Every form of a term, as the trust says it and as these layers do."""
    terms: list[Term] = [trust.details.terms[key]]
    for layer in layers:
        fillings = (layer.details, *(own.fillings for own in layer.adoptions.values()))
        terms += [said.terms[key] for said in fillings if key in said.terms]
    several = ((term.singular, term.plural or plural(term.singular)) for term in terms)
    return list(dict.fromkeys(chain.from_iterable(several)))


def _title(publication: Publication) -> str:
    """A policy's title, which says so if nobody has agreed it yet."""
    title = typographic(publication.shown.policy.control.title)
    return title if publication.in_force else f"{title} (not in force yet)"


def _words(clause: TailoredClause, linker: Linker) -> str:
    """A clause's words as its page prints them, without what makes them bold or a link."""
    if clause.provenance is Provenance.OMITTED:
        return ""
    runs = (linker.words(clause.shown.words), *inlines_of(list(linker.blocks(clause.shown.body))))
    return " ".join(" ".join(plain(run) for run in runs).split())


def _audience(body: Body, policy: TailoredPolicy, clause: TailoredClause) -> str:
    """Whom a clause is for, if it is not for everyone."""
    return ", ".join(body.audiences[name] for name in policy.outline.audiences(clause.id))


def _state(clause: TailoredClause) -> int:
    if clause.provenance is Provenance.OMITTED:
        return OMITTED
    return HEADING if clause.clause.kind is Kind.HEADING else NORMAL


def _person(trust: Trust, person: Person) -> list[str]:
    """A person: by title, by name, and by the role, whose ID is often its abbreviation."""
    also = f"{person.role.replace('_', ' ')} {role_of(trust, person)}".strip()
    about = typographic(person.about or "")
    return [typographic(person.label), person.contact.name, about, also, to_contact(person)]


def _about(body: Body, page: Page) -> str:
    """What else a page is known by: a policy by its code and its summary."""
    for policy in body.policies:
        if page.path == f"policies/{policy.policy.id}.md":
            return typographic(" ".join(filter(None, (policy.policy.control.code, policy.summary))))
    return "people, roles, telephone, e-mail" if page.path == f"{CONTACTS}.md" else ""
