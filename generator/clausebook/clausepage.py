"""Clauses written as Markdown for a page: nested lists, anchors, labels, marks.

Every clause's own words carry its ID as their anchor.  Labels are printed as
text, never counted by a list, so that they stay what the model says they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from posixpath import dirname, relpath

from clausebook.definitions import Glossary
from clausebook.english import capital, enumerate_words, typographic
from clausebook.model import (
    Body,
    Clause,
    Departure,
    Kind,
    Mark,
    Provenance,
    TailoredClause,
    TailoredPolicy,
    Trust,
)
from clausebook.prose import (
    Block,
    Blocks,
    Inline,
    Inlines,
    Link,
    Reference,
    Text,
    inlines_of,
    map_block,
    map_inlines,
    walk,
)
from clausebook.remembering import MANY, by_identity
from clausebook.writing import escape, printed, write_block, write_inline, write_line

NO_TERMS = Glossary({})


class Markdown(str):
    """Text that is Markdown already and must not be escaped again."""

    __slots__ = ()


@dataclass(frozen=True)
class Linker:
    """Knows, for one page, how to reach everything else on the site."""

    trust: Trust
    body: Body
    page: str
    explains: bool = True
    """Whether marks lead to the page that says why; that page is about what holds today."""
    past: str | None = None
    """The page on which every clause has its history, if there is one."""
    terms: Glossary = NO_TERMS
    """The terms that are explained where they are used."""
    stands: TailoredPolicy | None = None
    """The policy that stands on this page, where that is not the one in force."""

    def path(self, target: str) -> str:
        """The way from this page to another, both given from the `docs` folder."""
        return _way(target, self.page)

    def to_clause(self, clause_id: str) -> Markdown:
        """The address of a clause's anchor."""
        policy = self.body.homes[clause_id].policy.id
        page = f"policies/{policy}.md"
        return Markdown(f"#{clause_id}" if page == self.page else f"{self.path(page)}#{clause_id}")

    def mark(self, text: str, root: str) -> str:
        """A mark on a clause, which leads to the reason for it."""
        if not self.explains:
            return f'<span class="cb-mark">{text}</span>'
        return f"[{text}]({self.path('different.md')}#d-{root}){{ .cb-mark }}"

    def layer_name(self, layer: str) -> str:
        """The name of the school or group that decided something."""
        group = self.trust.groups.get(layer)
        if group:
            return group.details.short_name or group.details.name
        return self.trust.schools[layer].short_name

    @property
    def to_pasts(self) -> str | None:
        """The way to the page on which every clause has its history."""
        return None if self.past is None else self.path(self.past)

    def words(self, words: Inlines) -> Inlines:
        """Wording as printed: cross-references as links with numbers, typographic quotes."""
        return _printed(words, {target: self._place(target) for target in references_in(words)})

    def blocks(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Blocks with cross-references as links."""
        return (map_block(block, self.words) for block in blocks)

    def _places(self, words: Inlines, body: Blocks) -> Places:
        """What the cross-references of a clause are printed as here, in order."""
        targets = all_references_in(words, body)
        return _same(tuple(map(self._place, targets))) if targets else ()

    def name_of(self, target: str) -> str:
        """What a clause is called on this page: its number, or that of another policy's clause."""
        return self._place(target)[1]

    def _place(self, target: str) -> tuple[str | None, str]:
        """The address of a clause, if it has one here, and what it is called."""
        if self.stands and target in self.stands.by_id:
            return Markdown(f"#{target}"), self.stands.by_id[target].label
        home = self.body.homes.get(target)
        if home is None:
            return None, self._elsewhere(target)
        text, page = home.by_id[target].label, f"policies/{home.policy.id}.md"
        if page == self.page:
            return Markdown(f"#{target}"), text
        if not self.page.startswith(f"policies/{home.policy.id}/"):
            text += f" of the {home.policy.control.title}"
        return Markdown(f"{self.path(page)}#{target}"), text

    def _elsewhere(self, clause_id: str) -> str:
        """A clause of a policy that is not on this site, in words."""
        for policy in self.trust.policies.values():
            clause = policy.outline.by_id.get(clause_id)
            if clause:
                return f"{clause_id} of the trust’s {policy.control.title}"
        return clause_id

    def quoted(self, clause: Clause, label: str = "") -> Markdown:
        """A clause as a quotation, with its number in front where one is given."""
        return _quoted(clause.words, clause.body, self._places(clause.words, clause.body), label)

    def content(self, clause: Clause) -> tuple[str, str]:
        """A clause's words, after a space, and what belongs to them, on lines of its own."""
        words, body = clause.words, clause.body
        places = self._places(words, body)
        return _content(words, body, self.terms, clause.id, clause.kind, clause.depth, places)


Places = tuple[tuple[str | None, str], ...]
"""For each cross-reference in a clause, its address and its name."""


@lru_cache(maxsize=MANY)
def _way(target: str, page: str) -> str:
    return relpath(f"/{target}", f"/{dirname(page)}")  # else it asks for the current folder


def references_in(*runs: Inlines) -> tuple[str, ...]:
    """The IDs of the clauses that wording refers to, each once."""
    found = (word.target for run in runs for word in walk(run) if isinstance(word, Reference))
    return tuple(dict.fromkeys(found))


@by_identity()
def all_references_in(words: Inlines, body: Blocks) -> tuple[str, ...]:
    """The IDs of the clauses that a clause refers to, each once."""
    return references_in(words, *inlines_of(body))


@lru_cache(maxsize=MANY)
def _same(places: Places) -> Places:
    """The first of equal ones, for what is remembered by identity."""
    return places


def _printed(words: Inlines, places: Mapping[str, tuple[str | None, str]]) -> Inlines:
    def change(word: Inline) -> Inlines:
        if not isinstance(word, Reference):
            return printed(word)
        address, text = places[word.target]
        children = word.children or (Text(text),)
        return (Link(address, children),) if address is not None else children

    return map_inlines(words, change)


def quoted_anywhere(clause: Clause) -> Markdown | None:
    """A clause as a quotation that is alike on every page; None if it refers to other clauses."""
    refers = all_references_in(clause.words, clause.body)
    return None if refers else _quoted(clause.words, clause.body, (), "")


@by_identity()
def _quoted(words: Inlines, body: Blocks, places: Places, label: str) -> Markdown:
    """A clause as a quotation: the same words look the same wherever they are quoted."""
    known = dict(zip(all_references_in(words, body), places, strict=True))
    number = f"**{escape(label)}** " if label else ""
    lines = [number + write_line(_printed(words, known))]
    for block in body:
        lines += ["", *write_block(map_block(block, lambda run: _printed(run, known)))]
    return Markdown("\n".join(f"> {line}".rstrip() for line in lines))


@by_identity()
def _content(
    words: Inlines,
    body: Blocks,
    terms: Glossary,
    id_: str,
    kind: Kind,
    depth: int,
    places: Places,
) -> tuple[str, str]:
    """A clause's content, with the cross-references in it leading to these places.

    Everything that it depends on is an argument, so that what many schools and versions say
    is written once.
    """
    explained, blocks = terms.explain(id_, kind, words, body)
    if terms is not NO_TERMS and explained is words and blocks is body:
        return _content(words, body, NO_TERMS, id_, kind, depth, places)
    known = dict(zip(all_references_in(words, body), places, strict=True))
    words, body = explained, blocks
    text = write_inline(_printed(words, known))
    lines: list[str] = []
    for block in body:
        lines += ["", *write_block(map_block(block, lambda run: _printed(run, known)))]
    inner = _inner(kind, depth)
    return (
        f" {text}" if text or kind is Kind.HEADING else "",
        "".join(f"\n{inner}{line}" if line else "\n" for line in lines),
    )


@by_identity()
def _frame(
    id_: str,
    label: str,
    kind: Kind,
    depth: int,
    marks: frozenset[Mark],
    provenance: Provenance,
    whom: tuple[str, ...],
) -> tuple[str, str]:
    """What stands before a clause's words, and its anchor, which stands after them."""
    anchor = _attributes(id_, provenance, marks, whom)
    start = _label(id_, label)
    if kind is Kind.HEADING:
        return f"{'#' * depth} {start}", f" {anchor}"
    if kind is Kind.ITEM:
        start = f"{' ' * 4 * (depth - 1)}-   {start}"
    return start, f"\n{_inner(kind, depth)}{anchor}"


def _inner(kind: Kind, depth: int) -> str:
    """What stands before all lines of a clause but the first."""
    return " " * 4 * depth if kind is Kind.ITEM else ""


def write_clauses(policy: TailoredPolicy, linker: Linker) -> Markdown:
    """All clauses of a policy, as its page shows them."""
    texts: list[str] = []
    whom: dict[str | None, tuple[str, ...]] = {None: ()}
    """For each clause so far, whom it is for: those it names, or its parent does."""
    past, terms = linker.to_pasts, linker.terms
    for clause in policy.clauses:
        shown = clause.shown
        whom[shown.id] = for_ = shown.audiences or whom[shown.parent]
        text = _clause_anywhere(clause, for_, terms, past)
        texts.append(_clause_here(clause, for_, policy, linker) if text is None else text)
    return Markdown("\n".join(filter(None, texts)))


@by_identity()
def _clause_anywhere(
    clause: TailoredClause, whom: tuple[str, ...], terms: Glossary, past: str | None
) -> str | None:
    """A clause that is alike at every school and in every version; None if it may not be."""
    shown = clause.shown
    if clause.departure or _is_tagged(shown) or all_references_in(shown.words, shown.body):
        return None
    words, after = _content(shown.words, shown.body, terms, shown.id, shown.kind, shown.depth, ())
    return _written(clause, whom, words, after, "", past)


def _clause_here(
    clause: TailoredClause, whom: tuple[str, ...], policy: TailoredPolicy, linker: Linker
) -> str:
    """A clause with what depends on where it stands; "" if nothing is said of it there."""
    departure = clause.departure
    if clause.provenance is Provenance.OMITTED:
        is_root = departure and departure.root == clause.id
        return _omitted(clause, departure, whom, policy, linker) if departure and is_root else ""
    tags = _tags(clause, policy, linker) if departure or _is_tagged(clause.shown) else ""
    words, after = linker.content(clause.shown)
    return _written(clause, whom, words, after, tags, linker.to_pasts)


def _written(
    clause: TailoredClause,
    whom: tuple[str, ...],
    words: str,
    after: str,
    tags: str,
    past: str | None,
) -> str:
    shown = clause.shown
    start, anchor = _frame(
        shown.id, clause.label, shown.kind, shown.depth, shown.marks, clause.provenance, whom
    )
    if shown.kind is Kind.HEADING:
        tags = f"\n\n{tags}\n{{: .cb-tags }}" if tags else ""
        return f"{start}{words}{anchor}{tags}{after}\n"
    tags = f" {tags}" if tags else ""
    return f"{start}{words}{tags}{_to_past(clause, past)}{anchor}{after}\n"


def _is_tagged(clause: Clause) -> bool:
    return bool(clause.audiences) or not clause.marks.isdisjoint(_TAGGED)


def _to_past(clause: TailoredClause, page: str | None) -> str:
    """A link to every wording that a clause has had, to stand after its words."""
    if page is None:
        return ""
    address = f"{page}#h-{clause.id}"
    return f' [history]({address}){{ .cb-past aria-label="History of {clause.label}" }}'


def _label(id_: str, label: str) -> str:
    """The printed number, which is also the clause's permanent link."""
    return f"[{escape(label)}](#{id_}){{ .cb-label }}"


def _attributes(
    id_: str, provenance: Provenance, marks: frozenset[Mark], whom: Sequence[str]
) -> str:
    """A clause's anchor and classes; whom it is for, unless that is everyone."""
    classes = ["cb-clause", f"cb-{provenance}"]
    classes += [f"cb-{mark}" for mark in sorted(marks & _STYLED)]
    for_ = f' data-for="{" ".join(whom)}"' if whom else ""
    return "{: #" + id_ + "".join(f" .{name}" for name in classes) + for_ + " }"


_TAGGED = (Mark.GUIDANCE, Mark.EXAMPLE)
"""Marks that a tag names."""

_STYLED = frozenset({Mark.GUIDANCE, Mark.EXAMPLE, Mark.DEFINITION})

_WORDS = {
    Provenance.ADAPTED: "Adapted",
    Provenance.ADDED: "Added",
    Provenance.OMITTED: "Not applicable here",
}


def _tags(clause: TailoredClause, policy: TailoredPolicy, linker: Linker) -> str:
    """What readers should know about a clause, after its words."""
    tags = [
        f'<span class="cb-tag">{mark.capitalize()}</span>'
        for mark in _TAGGED
        if mark in clause.clause.marks
    ]
    audiences = clause.clause.audiences
    if audiences:
        names = [linker.body.audiences[audience] for audience in audiences]
        tags.append(f'<span class="cb-tag">For {escape(enumerate_words(names))}</span>')
    departure = clause.departure
    if departure and (said := credit(clause, policy, linker)):
        tags.append(linker.mark(escape(typographic(said)), departure.root))
    return " ".join(tags)


def credit(clause: TailoredClause, policy: TailoredPolicy, linker: Linker) -> str:
    """Who wrote a clause: `Added by Heron Federation, adapted by Kestrel Junior`.

    "" if it is the trust's own, or the clause above it says so already.
    """
    departure = clause.departure
    if not departure or departure.root not in policy.by_id or not _is_marked(clause, policy):
        return ""
    chain = departure.chain
    verbs = [_WORDS[Provenance.ADAPTED]] * len(chain)
    if clause.provenance is Provenance.ADDED:
        verbs[-1] = _WORDS[Provenance.ADDED]
    done = zip(reversed(verbs), reversed(chain), strict=True)
    deeds = [f"{verb.lower()} by {linker.layer_name(one.layer)}" for verb, one in done]
    return capital(", ".join(deeds))


def _is_marked(clause: TailoredClause, policy: TailoredPolicy) -> bool:
    """Whether to say where a clause comes from: not again under one that says so."""
    parent = clause.clause.parent
    above = policy.by_id[parent] if parent else None
    return not (
        above and above.departure == clause.departure and clause.provenance is Provenance.ADDED
    )


def _omitted(
    clause: TailoredClause,
    departure: Departure,
    whom: tuple[str, ...],
    policy: TailoredPolicy,
    linker: Linker,
) -> str:
    """What stands in place of a clause that was left out, and of all that stood under it."""
    under = [
        other
        for other in policy.clauses
        if other.id != clause.id and other.departure and other.departure.root == clause.id
    ]
    shown = clause.shown
    start, anchor = _frame(
        shown.id, clause.label, shown.kind, shown.depth, shown.marks, clause.provenance, whom
    )
    mark = linker.mark("Not applicable here", clause.id)
    note = f"{mark} {escape(typographic(departure.reason))}"
    kept = ", ".join(
        f'<span id="{other.id}" class="cb-omitted">{escape(other.label)}</span>' for other in under
    )
    if kept:
        note += f' <span class="cb-kept">Also not applicable: {kept}</span>'
    if shown.kind is Kind.HEADING:
        words = write_inline(linker.words(shown.words))
        return f"{start} {words}{anchor}\n\n{note}\n{{: .cb-tags }}\n"
    return f"{start} {note}{anchor}\n"
