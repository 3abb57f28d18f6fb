"""Nothing that a school, a group or the trust writes runs in a page, or breaks it."""

from __future__ import annotations

import re
import subprocess
import sys
from socketserver import BaseServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from tests.browsing import page_types
from tests.conftest import ROOT
from tests.hostile import strings
from tests.trusts import small_trust

from clausebook.site import _Preview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page
    from tests.conftest import ExampleSites

pytestmark = pytest.mark.browser

FEW = 3
"""Of the hostile strings, in all texts of a trust; `make torture` takes every one."""


def test_hostile_strings_are_shown_and_do_nothing(browser: Browser) -> None:
    del browser  # the trial starts its own; without any, this test says how to get one
    trial = [sys.executable, "-m", "tests.torture", "scripts", "--number", str(FEW), "--seed", "7"]
    done = subprocess.run(trial, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    tried = re.search(r"(?m)^\| scripts \| ([0-9,]+) \|", done.stdout)
    assert tried
    assert int(tried[1].replace(",", "")) > 20 * FEW


def test_there_are_at_least_300_strings_and_one_that_runs_is_noticed(page: Page) -> None:
    """A page that puts them in as they are runs some of them, so the watch sees what runs."""
    assert len(strings()) >= 300
    seen: list[str] = []

    def note(dialog: Dialog) -> None:
        seen.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.set_content(
        "".join(f"<p>{text}</p>" for text in strings() if text.startswith("<img src="))
    )
    page.wait_for_timeout(200)
    assert seen


def test_a_policy_about_scripts_shows_what_it_says(page: Page, tmp_path: Path) -> None:
    trust = small_trust(tmp_path)
    trust.write("mkdocs.yml", (ROOT / "mkdocs.yml").read_text("utf-8"))
    trust.edit(
        "policy_source/online/policy.md",
        "This policy is for everyone",
        "Nobody puts `<script>alert(1)</script>` or \\<script>alert(2)\\</script> or "
        "&lt;b onclick=x&gt; into a page. This policy is for everyone",
    )
    trust.build("2026-11-20")
    page.goto((tmp_path / "site/hill/policies/online.html").as_uri())
    words = page.locator("#on-2").inner_text()
    assert "<script>alert(1)</script> or <script>alert(2)</script> or <b onclick=x>" in words
    assert page.locator("#on-2 code").inner_text() == "<script>alert(1)</script>"
    assert page.locator("article script").count() == 0


# --- the Content-Security-Policy ---

_VIOLATIONS = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__refused.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""

_INJECT = """() => {
  const script = document.createElement("script");
  script.textContent = "window.__ran = 'a script'";
  const box = document.createElement("div");
  box.innerHTML = "<img src='x' onerror='__ran = 1'><a href='javascript:__ran = 2'>x</a>";
  document.body.append(script, box);
  box.querySelector("a").click();
  const away = new Image();
  away.src = "https://elsewhere.example/x.png";
}"""


@pytest.mark.parametrize("from_disk", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_keep_to_their_policy_and_nothing_else_runs(
    browser: Browser,
    example_sites: ExampleSites,
    serve: Callable[[Path], str],
    scheme: str,
    *,
    from_disk: bool,
) -> None:
    """On every type of page: nothing of ours is refused, and what somebody put in is."""
    site = example_sites.site
    root = f"{site.as_uri()}/" if from_disk else serve(site)
    with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        context.add_init_script(_VIOLATIONS)
        page = context.new_page()
        types = {**page_types(site), "missing": "saltmarsh/404.html"}
        assert len(types) > 20
        for name, path in types.items():
            page.goto(root + path)
            opener = page.locator("button.cb-find-open")
            if opener.count():
                opener.click()
                page.locator("#cb-find-field").fill("phone")
                page.locator("#cb-find-status", has_text="result").wait_for()
                page.keyboard.press("Escape")
            elif name != "front" and not (from_disk and name == "missing"):
                pytest.fail(f"the scripts of {path} do not run")
            for choice in page.locator(".cb-for a:visible, .cb-label:visible").all()[:2]:
                choice.click()
                page.keyboard.press("Escape")
            assert page.evaluate("window.__refused") == [], name
            page.evaluate(_INJECT)
            page.wait_for_function("window.__refused.length >= 3")
            assert page.evaluate("window.__ran") is None, name


def test_every_page_has_the_same_policy(example_sites: ExampleSites) -> None:
    """Old versions, packs, the search, the page for what is missing, and the one above all."""
    pages = sorted(example_sites.site.rglob("*.html"))
    policies = {path: _policy(path.read_text("utf-8")) for path in pages}
    assert len(set(policies.values())) == 1
    policy = policies[pages[0]]
    assert "default-src 'none'" in policy
    assert "script-src 'self' file:;" in policy
    for name in ("base-uri", "form-action", "object-src", "frame-src"):
        assert f"{name} 'none'" in policy


def _policy(html: str) -> str:
    """A page's policy, which stands before anything that a browser would load."""
    before, _, after = html.partition('<meta http-equiv="Content-Security-Policy" content="')
    assert "src=" not in before
    assert "href=" not in before
    return after.partition('"')[0]


def test_pages_while_writing_reload_and_keep_their_policy(
    page: Page, example_sites: ExampleSites
) -> None:
    """`clausebook serve` puts a script into pages; it runs, and no other does."""
    server = _Preview(lambda: None, "127.0.0.1", 0, str(example_sites.site))
    server.watch(str(example_sites.site))  # its script comes only where something is watched
    server.server_bind()
    server.server_activate()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    page.add_init_script(_VIOLATIONS)
    page.goto(f"http://127.0.0.1:{server.server_port}/kestrel/index.html", wait_until="load")
    try:
        assert page.evaluate("typeof livereload") == "function"
        assert page.evaluate("window.__refused") == []
        page.evaluate(_INJECT)
        page.wait_for_function("window.__refused.length >= 3")
        assert page.evaluate("window.__ran") is None
    finally:
        page.close()
        BaseServer.shutdown(server)
        server.server_close()
