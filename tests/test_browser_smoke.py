"""The browser that the page tests rely on starts, loads a page, runs its script and draws text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGE = """\
<!doctype html>
<html lang="en-GB">
<title>Acceptable use</title>
<h1>Acceptable use</h1>
<p id="script">No script</p>
<script>document.getElementById("script").textContent = "A script ran"</script>
"""


def test_browser_opens_a_served_page(
    page: Page, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")

    response = page.goto(serve(tmp_path))

    assert response is not None
    assert response.ok
    assert page.title() == "Acceptable use"
    assert page.locator("#script").inner_text() == "A script ran"


def test_browser_has_a_font_to_draw_with(page: Page) -> None:
    page.set_content("<span id=thin>iiii</span><br><span id=wide>WWWW</span>")

    thin, wide = (page.locator(f"#{name}").bounding_box() for name in ("thin", "wide"))

    assert thin is not None
    assert wide is not None
    assert 0 < thin["width"] < wide["width"]
