"""What browser tests and screenshots share: Chromium, and one page of each type."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

# The same names, in the same order, as in tools/install-browser.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Playwright adds --headless itself. Most of these keep Chromium off the internet.
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A page of each type, on the site where it has most to show. A star stands for the first in order.
TYPES = {
    "front": "index.html",
    "home": "saltmarsh/index.html",
    "policy": "kestrel/policies/social-media.html",
    "history": "saltmarsh/policies/social-media/history.html",
    "version": "saltmarsh/policies/acceptable-use/versions/v1.html",
    "changes": "saltmarsh/policies/social-media/changes/v3.html",
    "proposed": "saltmarsh/policies/social-media/proposed.html",
    "clauses": "thornbeck/policies/acceptable-use/clauses.html",
    "different": "millrace/different.html",
    "contacts": "saltmarsh/contacts.html",
    "pack": "saltmarsh/policies/*/pack.html",
    "find": "saltmarsh/find.html",
    "accessibility": "kestrel/accessibility.html",
    "trust": "trust/index.html",
    "schools-differ": "trust/different.html",
    "overview": "trust/overview/policies.html",
    "matrix": "trust/overview/clauses-social-media.html",
    "side-by-side": "trust/overview/side-by-side-social-media.html",
    "choices": "trust/overview/choices.html",
    "reviews": "trust/overview/reviews.html",
    "where": "trust/overview/where.html",
}


def page_types(site: Path) -> dict[str, str]:
    """The pages of `TYPES` that are there, by their type."""
    found = {name: min(site.glob(path), default=None) for name, path in TYPES.items()}
    return {name: path.relative_to(site).as_posix() for name, path in found.items() if path}


def launch(playwright: Playwright) -> Browser | None:
    """The system's Chromium, started; None if there is none."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        return None
    return playwright.chromium.launch(executable_path=executable, args=BROWSER_ARGUMENTS)
