"""QR codes for print: the way from paper to the page in force."""

from __future__ import annotations

from html import escape

import segno

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


def qr_figure(address: str) -> Markdown:
    """An address as a QR code with its letters under it, for paper only; one line of HTML."""
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(omitsize=True, border=4, svgclass=None, lineclass=None)
    told = escape(address)
    return Markdown(
        '<figure class="cb-qr cb-print cb-aid">'
        + drawing.replace("<svg ", '<svg role="img" aria-label="QR code of the address below" ', 1)
        + f"<figcaption>The version in force is at<br>{told}</figcaption></figure>"
    )
