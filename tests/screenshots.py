"""Pictures of each type of page, on a phone and a computer, light and dark.

`python -m tests.screenshots [SITE] [FOLDER]` takes them; `site/` and `screenshots/` are meant
where nothing is said.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright
from tests.browsing import launch, page_types

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
WIDTHS = (390, 1280)
HEIGHT = 844
MOST = 3000
"""The most that a picture shows of a page, from its top."""


def take(browser: Browser, site: Path, folder: Path) -> None:
    """Write one picture for each page, width and scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width, scheme in product(WIDTHS, schemes):
        with browser.new_context(
            viewport={"width": width, "height": HEIGHT}, color_scheme=scheme
        ) as context:
            page = context.new_page()
            for name, path in page_types(site).items():
                page.goto((site / path).as_uri())
                height = min(MOST, page.evaluate("document.documentElement.scrollHeight"))
                page.screenshot(
                    path=folder / f"{name}-{width}-{scheme}.png",
                    full_page=True,
                    clip={"x": 0, "y": 0, "width": width, "height": max(HEIGHT, height)},
                )


def main(site: str = "site", folder: str = "screenshots") -> None:
    """Take the site's pictures; paths are seen from the repository."""
    built = ROOT / site
    if not (built / "index.html").is_file():
        sys.exit(f"There is no website in {built}: build it first.")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            sys.exit("Chromium not found: install with `tools/install-browser`.")
        take(browser, built.resolve(), ROOT / folder)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
