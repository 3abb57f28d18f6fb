"""The web addresses that readers of policies can follow, and where each is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clausebook.model import Add, Clause, Layered, Replace, Trust
from clausebook.prose import Block, Emphasis, Inline, Link, Strong
from clausebook.runningtext import runs_of
from clausebook.source import Span
from clausebook.statements import Region, regions
from clausebook.yamldoc import YamlDocument


def links_in(trust: Trust) -> Iterator[tuple[str, Span]]:
    """Every web address a reader can follow, and where it is written."""
    for policy in trust.policies.values():
        yield from _links(policy.outline.clauses)
    for document, layer in _documents(trust):
        yield from _addresses(document)
        for adoption in layer.adoptions.values() if layer else ():
            yield from _addresses(adoption.document)
            for override in adoption.overrides:
                if isinstance(override, Add):
                    yield from _links(override.clauses)
                elif isinstance(override, Replace):
                    region = Region(
                        override.span.source,
                        override.span.line,
                        len(override.span.source.lines),
                        override.span,
                    )
                    for href in _hrefs(override.words, override.body):
                        yield href, _address_in(region, href)


def _documents(trust: Trust) -> Iterator[tuple[YamlDocument, Layered | None]]:
    yield trust.document, None
    for layer in trust.layers:
        yield layer.document, layer


def _addresses(document: YamlDocument) -> Iterator[tuple[str, Span]]:
    for path, passage in document.passages.items():
        if path[-1] in ("website", "address") and passage.text.startswith("http"):
            yield passage.text.strip(), document.span(*path)


def _links(clauses: Sequence[Clause]) -> Iterator[tuple[str, Span]]:
    for clause, region in regions(clauses):
        for href in _hrefs(clause.words, clause.body):
            yield href, _address_in(region, href)


def _address_in(region: Region, href: str) -> Span:
    for number in range(region.first, min(region.last, len(region.source.lines)) + 1):
        at = region.source.lines[number - 1].find(href)
        if at >= 0:
            return region.source.span(number, at + 1, len(href))
    return region.fallback


def _hrefs(words: Sequence[Inline], body: Sequence[Block]) -> Iterator[str]:
    runs: list[Sequence[Inline]] = [words]
    runs += runs_of(body, quotations=True)
    for run in runs:
        for word in run:
            if isinstance(word, Link) and word.href.startswith("http"):
                yield word.href
            elif isinstance(word, Strong | Emphasis):
                yield from _hrefs(word.children, ())
