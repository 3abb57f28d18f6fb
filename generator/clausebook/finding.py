"""What the search knows of a site: every clause, person, channel and page, as one script.

A script, because a page that was opened from a disk may load scripts and nothing else.
It holds data and no more: the words of a site are text in it, never code or markup.
`theme/assets/search-engine.js` reads it, and nothing of it is loaded before somebody searches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from clausebook.clausepage import Linker
from clausebook.datafiles import bare_references
from clausebook.english import bare, plural, typographic
from clausebook.exporting import Ready
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
from clausebook.prose import Inline, Inlines, Text, inlines_of, map_inlines, plain
from clausebook.publication import Publication
from clausebook.remembering import by_identity
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
            line
            for number, publication in enumerate(shown)
            for linker in [Linker(trust, body, f"policies/{publication.id}.md")]
            for line in _clauses(publication.shown, number, linker, topics, audiences)
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


def _clauses(
    policy: TailoredPolicy, number: int, linker: Linker, topics: _Listed, audiences: _Listed
) -> Iterator[Ready]:
    """A line for each clause; `number` is the policy's."""
    above: dict[str | None, str] = {None: ""}
    """For each clause, what the clauses under it are about: the nearest heading."""
    whom: dict[str | None, tuple[str, ...]] = {None: ()}
    """For each clause, whom it is for."""
    for clause in policy.clauses:
        shown = clause.shown
        topic = above[shown.parent]
        above[shown.id] = topic_of(shown.words) if shown.kind is Kind.HEADING else topic
        whom[shown.id] = for_ = shown.audiences or whom[shown.parent]
        said = ", ".join(linker.body.audiences[name] for name in for_) if for_ else ""
        start = _start_anywhere(clause) or _start(clause, linker)
        about = f"{topics.number(topic)},{number},{audiences.number(said)}"
        yield Ready(f"[{start},{about},{_state(clause)}]")


@by_identity()
def _start_anywhere(clause: TailoredClause) -> str | None:
    """What a line begins with that is alike on every site; None if it is not."""
    if clause.provenance is not Provenance.OMITTED and bare_references(clause.shown):
        return None
    runs = (clause.shown.words, *inlines_of(clause.shown.body))
    return _said(clause, _line(*(map_inlines(run, _printed) for run in runs)))


def _start(clause: TailoredClause, linker: Linker) -> str:
    words, body = linker.words(clause.shown.words), list(linker.blocks(clause.shown.body))
    return _said(clause, _line(words, *inlines_of(body)))


def _said(clause: TailoredClause, words: str) -> str:
    """A clause's ID, its number, and its words as its page prints them, without bold and links."""
    is_omitted = clause.provenance is Provenance.OMITTED
    return _compact([clause.id, clause.label, "" if is_omitted else words])[1:-1]


def _lines(part: object) -> str:
    """A list with a line for each entry, so that an edit of one clause changes one line."""
    if not isinstance(part, list) or not part:
        return _compact(part)
    lines = (entry if isinstance(entry, Ready) else _compact(entry) for entry in part)
    return "[\n" + ",\n".join(lines) + "\n]"


def _compact(data: object) -> str:
    return _ENCODER.encode(data)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def is_excluded(page: Page) -> bool:
    """Whether a page's front matter says `search: exclude: true`, as old versions' do."""
    front, _, _ = page.markdown.partition("\n---\n")
    return front.startswith("---\n") and "\nsearch:\n  exclude: true" in front


def synonyms(trust: Trust, body: Body) -> Iterator[tuple[list[str], list[str]]]:
    """Words of the policies, each with others by which they are found.

    First the trust's and the school's own words for a term: they are found by those of any school,
    since families know more than one.  Then the trust's `synonyms`, for every form of a term.
    """
    own = body.school.layers if body.school else ()
    here = {key: _forms(trust, own, key) for key in trust.details.terms}
    for key, said in here.items():
        anywhere = _forms_anywhere(trust)[key]
        if len(anywhere) > _FORMS:
            yield said, anywhere
    for word, typed in trust.details.synonyms.items():
        said = next((s for key, s in here.items() if bare(word) in map(bare, (key, *s))), [])
        yield list(dict.fromkeys([word, *said])), list(typed)


@by_identity(most=1)
def _forms_anywhere(trust: Trust) -> Mapping[str, list[str]]:
    """Every form of each term, whoever uses it."""
    return {key: _forms(trust, trust.layers, key) for key in trust.details.terms}


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


def _printed(word: Inline) -> Inlines:
    return (Text(typographic(word.text)),) if isinstance(word, Text) else (word,)


def _line(*runs: Inlines) -> str:
    return " ".join(" ".join(map(plain, runs)).split())


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
