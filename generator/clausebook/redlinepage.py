"""A redlined policy as a page: the layout of a policy's own page, with every change marked.

`<ins>` and `<del>` stand inside paragraphs, items, cells and headings, never around
them.  A clause has one anchor, its ID; what is gone has `was-` and its ID.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape as escape_html
from importlib.resources import files

import markdown

from clausebook.changes import Change, ChangeKind, Comparison, Provision, Wording
from clausebook.clausepage import all_references_in
from clausebook.describing import describe_unchanged, tags
from clausebook.model import Kind
from clausebook.prose import Blocks, Inlines, plain
from clausebook.redline import redline, unchanged
from clausebook.redlineblocks import CLASSES, block_lines
from clausebook.redlineinline import SITE, InlineWriter, Linking, Style, Unlinked
from clausebook.redlineorder import Context, Entry, Role, arrange
from clausebook.redlineshapes import Redline
from clausebook.redlinewords import RunKind
from clausebook.remembering import by_identity
from clausebook.writing import escape

Note = Callable[[Change], str]
"""What a page adds to a change, after its tags, as Markdown: why it was made, for instance."""


def redline_clause_lines(
    before: Provision | None, after: Provision | None, linker: Linking
) -> list[str]:
    """The words of one clause, old and new in one, and what belongs to them; no number, no ID."""
    old, new = (Wording((side,) if side else ()) for side in (before, after))
    writer = InlineWriter(linker, old.labels, new.labels)
    marked = redline(before.content if before else None, after.content if after else None)
    return [writer.line(marked.words), *block_lines(marked.blocks, writer)]


def redline_policy_lines(
    comparison: Comparison,
    linker: Linking,
    *,
    context: Context = "all",
    style: Style = SITE,
    note: Note | None = None,
    numbers: bool = False,
) -> list[str]:
    """A whole policy, every clause in its place; `numbers` shows what was only renumbered."""
    writer = InlineWriter(linker, comparison.before.labels, comparison.after.labels, style)
    page = _Page(comparison, writer, note, numbers=numbers)
    return [line for entry in arrange(comparison, context) for line in (*page.entry(entry), "")]


def redline_entry_lines(
    comparison: Comparison, entries: Sequence[Entry], linker: Linking, *, deeper: int = 0
) -> list[list[str]]:
    """Each entry by itself and in no list, for a page that puts them in their places.

    Headings stand `deeper` levels lower than in the policy.
    """
    writer = InlineWriter(linker, comparison.before.labels, comparison.after.labels)
    page = _Page(comparison, writer, None, numbers=False, deeper=deeper)
    return [page.lines(entry) for entry in entries]


def was_anchor(clause_id: str, comparison: Comparison) -> str:
    """The anchor of a clause that was removed, and of the place that a moved one has left."""
    anchor = f"was-{clause_id}"
    taken = anchor in comparison.after.by_id or anchor in comparison.before.by_id
    return f"was--{clause_id}" if taken else anchor  # no ID has two hyphens together


def anchor(change: Change, comparison: Comparison) -> str:
    """Where a redlined page shows a change."""
    return change.id if change.after else was_anchor(change.id, comparison)


class _Page:
    """Writes the entries of one page."""

    def __init__(
        self,
        comparison: Comparison,
        writer: InlineWriter,
        note: Note | None,
        *,
        numbers: bool,
        deeper: int = 0,
    ) -> None:
        self.comparison = comparison
        self.writer = writer
        self.note = note
        self.numbers = numbers
        self.deeper = deeper

    def entry(self, entry: Entry) -> list[str]:
        """The lines of one entry, in its place."""
        lines = self.lines(entry)
        if not entry.depth:
            return lines
        outer, inner = " " * 4 * (entry.depth - 1), " " * 4 * entry.depth
        return [f"{outer}-   {lines[0]}", *(inner + line if line else "" for line in lines[1:])]

    def lines(self, entry: Entry) -> list[str]:
        """The lines of one entry by itself."""
        match entry.role:
            case Role.FOLD:
                text = escape(describe_unchanged(entry.folded))
                return [text, *self._attributes(None, "cb-fold")]
            case Role.MOVED_AWAY:
                return self._moved_away(entry)
            case Role.CLAUSE if entry.change is None:
                anywhere = _unchanged_lines(entry.provision, self.writer.style, self.deeper)
                return self.clause(entry) if anywhere is None else list(anywhere)
            case _:
                return self.clause(entry)

    def clause(self, entry: Entry) -> list[str]:
        """The lines of a clause, changed or not."""
        provision, change = entry.provision, entry.change
        gone = entry.role is Role.REMOVED
        place = was_anchor(provision.id, self.comparison) if gone else provision.id
        label = self._label(provision, place)
        marked = _marked(provision, change)
        words = self.writer.inline(marked.words)
        shown_tags = self._tags(provision, change)
        attributes = self._attributes(place, "cb-clause", _class_of(change))
        if provision.clause.kind is Kind.HEADING:
            words = words or self.writer.inline(_unchanged(provision.shown.words, ()).words)
            words = _LAST_HASH.sub(r"\#", words)  # a reader would drop it as the heading's end
            toc = self._contents_name(provision, change)
            end = attributes[0].replace(" }", f"{toc} }}") if attributes else ""
            hashes = "#" * (provision.clause.depth + self.deeper)
            lines = [f"{hashes} {label} {words} {end}".rstrip()]
            lines += ["", shown_tags, *self._attributes(None, "cb-tags")] if shown_tags else []
        else:
            lines = [" ".join(filter(None, (label, words, shown_tags))), *attributes]
        return lines + block_lines(marked.blocks, self.writer)

    def _moved_away(self, entry: Entry) -> list[str]:
        """One line where a clause stood before."""
        provision, now = entry.provision, self.comparison.after.by_id[entry.provision.id]
        place = was_anchor(provision.id, self.comparison)
        label = self._label(provision, place)
        if self.writer.style.attributes:
            tag = _tag(f"Moved to [{escape(now.label)}](#{now.id})")
        else:
            tag = _plain_tag(f"Moved to {escape(now.label)}")
        return [f"{label} {tag}", *self._attributes(place, "cb-clause", "cb-placeholder")]

    def _tags(self, provision: Provision, change: Change | None) -> str:
        """What readers should know about a clause, after its words."""
        texts = [escape(text) for text in (tags(change) if change else [])]
        if not change and provision.omitted:
            texts = ["Not applicable here"]
        if change and self.numbers and change.before and ChangeKind.RENUMBERED in change.kinds:
            texts.append(f"Was {escape(change.before.label)}")
        written = map(_tag if self.writer.style.attributes else _plain_tag, texts)
        added = self.note(change) if change and change.listed and self.note else ""
        return " ".join(filter(None, (*written, added)))

    def _label(self, provision: Provision, place: str) -> str:
        label = escape(provision.label)
        if not self.writer.style.attributes:
            return f"**{label}**"
        return f'[{label}](#{place}){{ .cb-label title="{provision.id}" }}'

    def _attributes(self, place: str | None, *classes: str | None) -> list[str]:
        if not self.writer.style.attributes:
            return []
        parts = [f"#{place}" if place else "", *(f".{name}" for name in classes if name)]
        return ["{: " + " ".join(filter(None, parts)) + " }"]

    def _contents_name(self, provision: Provision, change: Change | None) -> str:
        """What the table of contents calls a heading that has marks in it."""
        if not change or not change.listed:
            return ""
        name = f"{provision.label} {plain(provision.shown.words)}"
        name += " (removed)" if change.after is None else ""
        safe = _UNSAFE.sub("", name)
        return f' data-toc-label="{safe}"'


@by_identity()
def _unchanged_lines(provision: Provision, style: Style, deeper: int) -> tuple[str, ...] | None:
    """A clause that did not change, alike in every document; None if it refers to others."""
    if all_references_in(provision.shown.words, provision.shown.body):
        return None
    nothing = Comparison(Wording(()), Wording(()), ())
    page = _Page(
        nothing, InlineWriter(Unlinked(), {}, {}, style), None, numbers=False, deeper=deeper
    )
    return tuple(page.clause(Entry(Role.CLAUSE, provision, 0)))


_UNSAFE = re.compile(r"[^\w ,.()’–-]|_")
"""What cannot stand in the name that a table of contents has for a heading."""


def _marked(provision: Provision, change: Change | None) -> Redline:
    if change:
        return change.redline
    return _unchanged(*(provision.content or ((), ())))


@by_identity()
def _unchanged(words: Inlines, body: Blocks) -> Redline:
    """The same object for the same wording, so that it is written once."""
    return unchanged((words, body))


_LAST_HASH = re.compile(r"#$")


_NEW = frozenset({ChangeKind.ADDED, ChangeKind.APPLICABLE})
_GONE = frozenset({ChangeKind.REMOVED, ChangeKind.OMITTED})


def _class_of(change: Change | None) -> str | None:
    if not change or not change.listed:
        return None
    if change.kinds & _GONE:
        return CLASSES[RunKind.DELETED]
    return CLASSES[RunKind.INSERTED] if change.kinds & _NEW else "cb-changed"


def _tag(text: str) -> str:
    return f'<span class="cb-tag">{text}</span>'


def _plain_tag(text: str) -> str:
    return f"*({text})*"


def to_html(
    comparison: Comparison,
    *,
    title: str,
    intro: Sequence[str] = (),
    context: Context = "all",
    linker: Linking | None = None,
) -> str:
    """A document that stands alone: `intro` (Markdown lines), then the redlined policy."""
    lines = [f"# {escape(title)}", "", *intro, ""]
    lines += redline_policy_lines(comparison, linker or Unlinked(), context=context)
    return document(title, "\n".join(lines))


def document(title: str, text: str, *more_styles: str) -> str:
    """Markdown as a file that stands alone; `more_styles` are names of style sheets of ours."""
    assets = files("clausebook") / "theme" / "assets"
    sheets = ("redline.css", *more_styles)
    style = "".join((assets / sheet).read_text(encoding="utf-8") for sheet in sheets)
    return styled_document(title, text, style)


def styled_document(title: str, text: str, style: str) -> str:
    """The same with a style sheet, as text, that is meant for it alone."""
    body = markdown.markdown(text, extensions=["attr_list", "tables", "md_in_html"])
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape_html(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f'<body class="cb-document">\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    )
