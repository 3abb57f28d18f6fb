"""PDFs, and the only module that knows WeasyPrint.

They are tagged, and carry PDF/UA's identifier (ISO 14289-1).  The same words give the same bytes:
dates are those of what is printed, and nothing is fetched, from a network or from a disk.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import date
from importlib import import_module
from typing import Any

from clausebook.buildcache import BuildCache, digest
from clausebook.paperhtml import page_html
from clausebook.papers import Paper
from clausebook.printer import printer
from clausebook.problems import ClausebookError

_OPTIONS = {"pdf_variant": "pdf/ua-1"}


class PrintError(ClausebookError):
    """A PDF that cannot be made, for want of what makes it."""


def pdf_of(paper: Paper) -> bytes:
    """A document as a PDF; raises `PrintError`."""
    return pdf(page_html(paper), paper.day, paper.publisher)


def kept_pdf(paper: Paper, cache: BuildCache) -> bytes:
    """The same, made again only if other words, or another printer, would give another."""
    html = page_html(paper)
    key = digest(printer(), html, paper.day, paper.publisher, _OPTIONS)
    made = cache.get("pdfs", key)
    if made is None:
        made = pdf(html, paper.day, paper.publisher)
        cache.put("pdfs", key, made)
    return made


def pdf(html: str, day: date, author: str | None = None) -> bytes:
    """A document that stands alone as a PDF, dated by a day; raises `PrintError`."""
    maker = _maker()
    # what is refused ends it: a document of ours asks for nothing but what it brings along
    fetcher = maker.urls.URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    try:
        document = maker.HTML(string=html, url_fetcher=fetcher).render(**_OPTIONS)
        about = document.metadata
        about.authors, about.generator = [author] if author else [], "Clausebook"
        about.created = about.modified = day.isoformat()
        made: bytes = document.write_pdf(**_OPTIONS)
    except maker.urls.FatalURLFetchingError as error:
        raise PrintError(f"nothing is fetched for a PDF: {error}") from None
    return made


def _maker() -> Any:  # noqa: ANN401 - a library that need not be there, and has no types
    try:
        with redirect_stdout(io.StringIO()):  # where it would say what it misses, at length
            return import_module("weasyprint")
    except ImportError as error:
        raise PrintError(
            "PDFs are made by WeasyPrint, which is not installed here: install it with "
            "\"pip install 'clausebook[pdf]'\""
        ) from error
    except OSError as error:
        raise PrintError(
            "PDFs are made by WeasyPrint, which needs Pango, and that is not installed here: on "
            'Debian and Ubuntu, install it with "apt install libpango-1.0-0 libpangoft2-1.0-0 '
            'libharfbuzz-subset0"; on other systems, see "Installation" in WeasyPrint’s manual'
        ) from error
