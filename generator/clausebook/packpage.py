"""The governors' pack written out: a page of the site, and a file that stands alone.

Both are made from one template, so that they say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape as escape_html
from itertools import groupby

from clausebook.changes import Provision
from clausebook.clausepage import Linker, Markdown
from clausebook.model import Body, Provenance, TailoredClause, Trust
from clausebook.pack import Pack, Stretch, make_pack
from clausebook.pagetemplates import Page, render
from clausebook.papersheets import sheet
from clausebook.prose import Inline, Inlines, Link, map_inlines
from clausebook.publication import Publication
from clausebook.ratify import named_people
from clausebook.reading import TRUST_ID
from clausebook.redline import redline
from clausebook.redlineblocks import block_lines
from clausebook.redlineinline import InlineWriter, Linking
from clausebook.redlinepage import (
    anchor,
    document,
    redline_entry_lines,
    styled_document,
    was_anchor,
)
from clausebook.standing import Standing

STYLE = "pack.css"


def pack_path(policy_id: str) -> str:
    """Where the pack on a policy stands."""
    return f"policies/{policy_id}/pack.md"


def pack_page(trust: Trust, body: Body, publication: Publication, master: Standing | None) -> Page:
    """The pack as a page of the site; `master` is the trust's own policy, for a school's."""
    linker = Linker(trust, body, pack_path(publication.id))
    return _page(linker, publication, master, linker, made=None)


def pack_document(
    trust: Trust,
    body: Body,
    publication: Publication,
    master: Standing | None,
    *,
    on_paper: bool = False,
) -> str:
    """The pack as one file, which leads nowhere on any site; or for a program that makes pages."""
    linker = Linker(trust, body, pack_path(publication.id))
    page = _page(linker, publication, master, _Detached(linker), made=publication.today)
    if on_paper:
        return styled_document(page.title, page.markdown, sheet(STYLE))
    return document(page.title, page.markdown, STYLE)


@dataclass(frozen=True)
class _Detached:
    """Cross-references in the words that they have on the site, and as nothing but words."""

    linker: Linker

    def words(self, words: Inlines) -> Inlines:
        """Wording with no links but those that lead out into the world."""
        return map_inlines(self.linker.words(words), _detach)


def _detach(word: Inline) -> Inlines:
    leads_out = isinstance(word, Link) and re.match(r"[a-z]+:", word.href)
    return word.children if isinstance(word, Link) and not leads_out else (word,)


def _page(
    linker: Linker,
    publication: Publication,
    master: Standing | None,
    linking: Linking,
    made: date | None,
) -> Page:
    trust, body = linker.trust, linker.body
    people = named_people(trust, body)
    pack = make_pack(publication, master, people, linker.layer_name)
    return render(
        pack_path(publication.id),
        pack.title,
        "pack.md",
        pack=pack,
        body=body,
        school=body.school,
        publication=publication,
        on_site=made is None,
        made=made,
        Provenance=Provenance,
        anchor=lambda change: Markdown(anchor(change, pack.comparison)),
        point_anchor=lambda key: Markdown(
            key if key in pack.comparison.after.by_id else was_anchor(key, pack.comparison)
        ),
        author=lambda source: trust.short_name if source == TRUST_ID else linker.layer_name(source),
        layer_name=linker.layer_name,
        stretches=[_stretch(stretch, pack, linking) for stretch in pack.stretches],
        beside=lambda clause: _beside(clause, pack, linking),
        overtaking=lambda clause: _trusts(clause, pack, linking),
        way=lambda target: Markdown(linker.path(target)),
    )


def _stretch(stretch: Stretch, pack: Pack, linking: Linking) -> dict[str, object]:
    """A stretch of the wording, and what its fold is called and how far in it stands."""
    written = redline_entry_lines(pack.comparison, stretch.entries, linking, deeper=1)
    lines: list[str] = []
    outer = min(entry.depth for entry in stretch.entries) if stretch.folded else 0
    depths = (entry.depth - outer for entry in stretch.entries)
    for depth, found in groupby(zip(depths, written, strict=True), lambda pair: pair[0]):
        inner = [line for _, entry in found for line in (*entry, "")]
        lines += _inset(depth, inner) if depth else inner
    folded = Markdown(escape_html(stretch.folded)) if stretch.folded else None
    inset = Markdown(f" cb-in cb-in-{outer}" if outer else "")
    return {"folded": folded, "inset": inset, "text": Markdown("\n".join(lines))}


def _inset(depth: int, lines: Sequence[str]) -> list[str]:
    """Lines that stand further in.  No lists: a fold could not stand in the midst of one."""
    return [f'<div class="cb-in cb-in-{depth}" markdown>', "", *lines, "</div>", ""]


def _beside(clause: TailoredClause, pack: Pack, linking: Linking) -> Markdown:
    """The words of a departure: ours marked against the trust's, what we added, or left out."""
    together = [
        other
        for other in pack.policy.clauses
        if other.departure
        and clause.departure
        and (other.departure.root, other.provenance) == (clause.departure.root, clause.provenance)
    ]
    lines: list[str] = []
    for other in together:
        shown = Provision(clause=other.shown, shown=other.shown, label=other.label)
        basis = other.basis or other.shown
        before = Provision(clause=basis, shown=basis, label=other.label)
        is_adapted = other.provenance is Provenance.ADAPTED
        lines += [*_quotation(before if is_adapted else shown, shown, pack, linking), ">"]
    return Markdown("\n".join(lines[:-1]))


def _trusts(clause: TailoredClause, pack: Pack, linking: Linking) -> Markdown | None:
    """The trust's old and new wording as one, where it has changed since."""
    one = pack.overtaking.get(clause.id)
    return Markdown("\n".join(_quotation(one.before, one.after, pack, linking))) if one else None


def _quotation(before: Provision, after: Provision, pack: Pack, linking: Linking) -> Iterator[str]:
    """Two wordings of a clause as one, in a quotation."""
    labels = pack.comparison.after.labels
    writer = InlineWriter(linking, labels, labels)
    marked = redline((before.shown.words, before.shown.body), (after.shown.words, after.shown.body))
    number = f"**{after.label}** "
    lines = [number + writer.inline(marked.words), *block_lines(marked.blocks, writer)]
    return (f"> {line}".rstrip() for line in lines)
