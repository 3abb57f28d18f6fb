"""Clauses written as Markdown for a page: nested lists, anchors, labels, marks.

Every clause's own words carry its ID as their anchor.  Labels are printed as
text, never counted by a list, so that they stay what the model says they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import dirname, relpath

from clausebook.definitions import Glossary
from clausebook.english import capital, enumerate_words, typographic
from clausebook.model import (
    Body,
    Clause,
    Kind,
    Mark,
    Provenance,
    TailoredClause,
    TailoredPolicy,
    Trust,
)
from clausebook.prose import (
    Block,
    Inline,
    Inlines,
    Link,
    Reference,
    Text,
    map_block,
    map_inlines,
)
from clausebook.writing import escape, write_block, write_inline, write_line

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

    def path(self, target: str) -> str:
        """The way from this page to another, both given from the `docs` folder."""
        return relpath(target, dirname(self.page) or ".")

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

    def to_past(self, clause: TailoredClause) -> str:
        """A link to every wording that a clause has had."""
        if self.past is None:
            return ""
        address = f"{self.path(self.past)}#h-{clause.id}"
        return f'[history]({address}){{ .cb-past aria-label="History of {clause.label}" }}'

    def words(self, words: Inlines) -> Inlines:
        """Wording as printed: cross-references as links with numbers, typographic quotes."""
        return map_inlines(words, self._printed)

    def _printed(self, word: Inline) -> Inlines:
        if isinstance(word, Text):
            return (Text(typographic(word.text)),)
        if not isinstance(word, Reference):
            return (word,)
        home = self.body.homes.get(word.target)
        if home is None:
            return word.children or (Text(self._elsewhere(word.target)),)
        text = home.by_id[word.target].label
        if not self.page.startswith((f"policies/{home.policy.id}.", f"policies/{home.policy.id}/")):
            text += f" of the {home.policy.control.title}"
        return (Link(self.to_clause(word.target), word.children or (Text(text),)),)

    def _elsewhere(self, clause_id: str) -> str:
        """A clause of a policy that is not on this site, in words."""
        for policy in self.trust.policies.values():
            clause = policy.outline.by_id.get(clause_id)
            if clause:
                return f"{clause_id} of the trust’s {policy.control.title}"
        return clause_id

    def blocks(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Blocks with cross-references as links."""
        return (map_block(block, self.words) for block in blocks)

    def quoted(self, clause: Clause, label: str = "") -> Markdown:
        """A clause as a quotation, with its number in front where one is given."""
        number = f"**{escape(label)}** " if label else ""
        lines = [number + write_line(self.words(clause.words))]
        for block in self.blocks(clause.body):
            lines += ["", *write_block(block)]
        return Markdown("\n".join(f"> {line}".rstrip() for line in lines))


def written(words: Inlines, linker: Linker) -> str:
    """A run of wording as Markdown for a page."""
    return write_inline(linker.words(words))


def clause_lines(policy: TailoredPolicy, linker: Linker) -> list[str]:
    """All clauses of a policy, as the lines of its page."""
    lines: list[str] = []
    for clause in policy.clauses:
        omitted = clause.provenance is Provenance.OMITTED
        if omitted and clause.departure and clause.departure.root != clause.id:
            continue
        new = _omitted(clause, policy, linker) if omitted else _present(clause, policy, linker)
        lines += [*_indented(new, clause.clause), ""]
    return lines


def _indented(lines: Sequence[str], clause: Clause) -> list[str]:
    """Lines put where the clause's level wants them; an item's first line begins with '-'."""
    if clause.kind is not Kind.ITEM:
        return list(lines)
    outer, inner = " " * 4 * (clause.depth - 1), " " * 4 * clause.depth
    return [f"{outer}-   {lines[0]}", *(inner + line if line else "" for line in lines[1:])]


def _present(clause: TailoredClause, policy: TailoredPolicy, linker: Linker) -> list[str]:
    shown = linker.terms.explain(clause.shown)
    label = _label(clause)
    words = written(shown.words, linker)
    tags = _tags(clause, policy, linker)
    attributes = _attributes(clause, policy)
    if shown.kind is Kind.HEADING:
        lines = [f"{'#' * shown.depth} {label} {words} {attributes}"]
        lines += ["", tags, "{: .cb-tags }"] if tags else []
    else:
        lines = [" ".join(filter(None, (label, words, tags, linker.to_past(clause)))), attributes]
    for block in linker.blocks(shown.body):
        lines += ["", *write_block(block)]
    return lines


def _label(clause: TailoredClause) -> str:
    """The printed number, which is also the clause's permanent link."""
    return f"[{escape(clause.label)}](#{clause.id}){{ .cb-label }}"


def _attributes(clause: TailoredClause, policy: TailoredPolicy) -> str:
    """A clause's anchor and classes; whom it is for, unless that is everyone."""
    classes = ["cb-clause", f"cb-{clause.provenance}"]
    classes += [f"cb-{mark}" for mark in sorted(clause.clause.marks & _STYLED)]
    audiences = " ".join(policy.outline.audiences(clause.id))
    whom = f' data-for="{audiences}"' if audiences else ""
    return "{: #" + clause.id + "".join(f" .{name}" for name in classes) + whom + " }"


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
        for mark in (Mark.GUIDANCE, Mark.EXAMPLE)
        if mark in clause.clause.marks
    ]
    audiences = clause.clause.audiences
    if audiences:
        names = [linker.body.audiences[audience] for audience in audiences]
        tags.append(f'<span class="cb-tag">For {escape(enumerate_words(names))}</span>')
    departure = clause.departure
    if departure and departure.root in policy.by_id and _is_marked(clause, policy):
        tags.append(linker.mark(escape(typographic(_credit(clause, linker))), departure.root))
    return " ".join(tags)


def _credit(clause: TailoredClause, linker: Linker) -> str:
    """Who wrote a clause: `Added by Heron Federation, adapted by Kestrel Junior`."""
    chain = clause.departure.chain if clause.departure else ()
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


def _omitted(clause: TailoredClause, policy: TailoredPolicy, linker: Linker) -> list[str]:
    """What stands in place of a clause that was left out, and of all that stood under it."""
    departure = clause.departure
    assert departure is not None  # noqa: S101 - omitted clauses have one by construction
    under = [
        other
        for other in policy.clauses
        if other.id != clause.id and other.departure and other.departure.root == clause.id
    ]
    label = _label(clause)
    mark = linker.mark("Not applicable here", clause.id)
    note = f"{mark} {escape(typographic(departure.reason))}"
    kept = ", ".join(
        f'<span id="{other.id}" class="cb-omitted">{escape(other.label)}</span>' for other in under
    )
    attributes = _attributes(clause, policy)
    if clause.shown.kind is Kind.HEADING:
        words = written(clause.shown.words, linker)
        lines = [f"{'#' * clause.shown.depth} {label} {words} {attributes}", "", note]
    else:
        lines = [f"{label} {note}"]
    if kept:
        lines[-1] += f' <span class="cb-kept">Also not applicable: {kept}</span>'
    lines.append("{: .cb-tags }" if clause.shown.kind is Kind.HEADING else attributes)
    return lines
