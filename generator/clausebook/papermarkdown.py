"""A policy as one Markdown document that people can read anywhere, and Clausebook again.

CommonMark, with tables as GitHub's flavour has them.  Numbers are words, and each clause ends in
its ID, as master policies are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.dates import show_date
from clausebook.model import Kind
from clausebook.papers import Paper, PaperClause
from clausebook.prose import Inlines, Link, Table, Text
from clausebook.writing import SOURCE, escape, write_block, write_blocks, write_inline, write_line


def markdown_of(paper: Paper) -> bytes:
    """A document as Markdown, in UTF-8."""
    lines = [f"# {escape(paper.title)}", "", escape(paper.publisher), "", escape(paper.status)]
    if paper.summary:
        lines += ["", write_line((Text(paper.summary),), SOURCE)]
    lines += ["", "**Document control**", "", *_control(paper)]
    for clause in paper.clauses:
        lines += ["", *_clause(clause)]
    if paper.history:
        lines += ["", "**Change history**", "", *_history(paper)]
    lines += ["", *_imprint(paper)]
    return ("\n".join(lines) + "\n").encode()


def _clause(clause: PaperClause) -> Iterator[str]:
    """A clause's lines, as deep as it stands in lists."""
    label, marker = escape(clause.label), f"{{#{clause.id}}}"
    words = write_inline(clause.words, SOURCE)
    told = [
        f"*{escape(text)}*" for text in (clause.note, *(f"[{tag}]" for tag in clause.tags)) if text
    ]
    if clause.kind is Kind.HEADING:
        yield " ".join(filter(None, ("#" * clause.depth, label, words, marker)))
        if told:
            yield from ("", " ".join(told))
        body = write_blocks(clause.body, SOURCE)
        yield from ["", *body] if body else []
        return
    first = " ".join(filter(None, (label, words, *told, marker))).split("\n")
    body = write_blocks(clause.body, SOURCE)
    lines = [*first, *([""] if body else []), *body]
    if clause.kind is not Kind.ITEM:
        yield from lines
        return
    outer, inner = "  " * (clause.depth - 1), "  " * clause.depth
    yield f"{outer}- {lines[0]}"
    yield from (inner + line if line else "" for line in lines[1:])


def _words(text: str) -> Inlines:
    return (Text(text),) if text else ()


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    header, *others = (tuple(map(_words, row)) for row in rows)
    return write_block(Table(header, ("",) * len(header), tuple(others)), SOURCE)


def _control(paper: Paper) -> list[str]:
    return _table([("What", "Here"), *paper.control])


def _history(paper: Paper) -> list[str]:
    head = ("Version", "Date", "Clauses", "What changed", "Why", "By", "Approved")
    rows = [
        (
            *(row.version, show_date(row.on), ", ".join(row.clauses)),
            *(row.what, row.why, row.by, row.approved),
        )
        for row in paper.history
    ]
    return _table([head, *rows])


def _imprint(paper: Paper) -> list[str]:
    words = [f"Fingerprint of this text: {paper.fingerprint}."]
    if paper.address:
        link = write_inline((Link(paper.address, (Text(paper.address),)),), SOURCE)
        words.append(f"The version in force always stands at {link}.")
    return [" ".join(words)]
