"""A reader of a policy's page in a real browser."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

POLICY = "policies/social-media.html"
FOR_STAFF = "sm-172"
FOR_PUPILS = "sm-173"
ADDRESS = "https://policies.tidewell.example.org/thornbeck/policies/social-media.html"


@contextmanager
def reading(browser: Browser, start: str, **settings: Any) -> Iterator[Page]:  # noqa: ANN401
    """A page of a reader who is here for the first time; nothing may go wrong on it."""
    wide = {"width": 1280, "height": 844}
    with browser.new_context(viewport=wide, **settings) as context:  # type: ignore[arg-type]
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(start)
        yield page
        assert wrong == []


def label(page: Page, clause: str) -> Any:  # noqa: ANN401 - a Locator
    return page.locator(f"#{clause} .cb-label")


def window(page: Page) -> Any:  # noqa: ANN401 - a Locator
    return page.locator(".cb-window:popover-open")


def choose(page: Page, audience: str) -> None:
    page.locator(f".cb-for a[href$='={audience}']").click()


def shown(page: Page, clause: str) -> bool:
    return page.locator(f"#{clause}").is_visible()
