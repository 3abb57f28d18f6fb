"""QR codes for print: the way from paper to the page in force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import segno
from markupsafe import Markup

from clausebook.clausepage import Markdown
from clausebook.model import Body, Trust


def site_address(trust: Trust, body: Body) -> str | None:
    """Where a body's site is put online, if the trust says; no slash at its end."""
    base = trust.details.sites
    return f"{base.rstrip('/')}/{body.id}" if base else None


def qr_of_policy(trust: Trust, body: Body, policy_id: str) -> Markdown | None:
    """The way from paper to the page of a policy that always shows what is in force."""
    site = site_address(trust, body)
    return qr_figure(f"{site}/policies/{policy_id}.html") if site else None


_MASK = 2
"""Which of its eight patterns a code is laid under.  Every reader takes any of them (ISO/IEC 18004,
7.8); this suits addresses of pages best, and to try all eight takes five times as long."""


@lru_cache(maxsize=1 << 10)
def qr_figure(address: str) -> Markdown:
    """An address as a QR code with its letters under it, for paper only; one line of HTML."""
    drawn, size = _code(address)
    return Markdown(
        '<figure class="cb-qr cb-print cb-aid">'
        '<svg role="img" aria-label="QR code of the address below" '
        f'viewBox="0 0 {size} {size}"><path stroke="#000" d="{drawn}"/></svg>'
        f"<figcaption>The version in force is at<br>{escape(address)}</figcaption></figure>"
    )


def qr_code(address: str, name: str) -> Markup:
    """An address as a QR code alone; `name` says what it is to those who cannot see it.

    Makers of PDFs take the name of a picture in SVG from its `title`.
    """
    drawn, size = _code(address)
    return Markup(
        '<svg class="cb-code" role="img" viewBox="0 0 {0} {0}"><title>{1}</title>'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path stroke="#000" d="{2}"/></svg>'
    ).format(size, name, drawn)


@lru_cache(maxsize=1 << 10)
def _code(address: str) -> tuple[str, int]:
    """A code's dark modules as a path, and how many modules it is wide with its margin."""
    code = segno.make(address, error="m", micro=False, mask=_MASK)
    return _drawn(code.matrix), len(code.matrix) + 2 * _QUIET


_QUIET = 4
"""So many modules around a code stay white."""

_DARK = re.compile(b"\x01+")


def _drawn(rows: Sequence[bytearray]) -> str:
    """The dark modules as an SVG path: a line for each run of them, from the end of the last."""
    moves: list[str] = []
    x = y = 0
    for at, row in enumerate(rows):
        for run in _DARK.finditer(row):
            start, end = run.span()
            moves.append(f"{start - x} {at - y}h{end - start}")
            x, y = end, at
    first = moves[0].removeprefix("0 0")  # a finder's corner
    return f"M{_QUIET} {_QUIET}.5{first}m{'m'.join(moves[1:])}"
