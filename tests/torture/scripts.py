"""Every hostile string in every text, built and opened in Chromium: none runs, none breaks a page.

A trust says a string in all of its texts, its groups' and its schools', ratifies versions of all
that and changes it again; a second trust says harmless words in the same places.  Pages are then
opened without their Content-Security-Policy, so that it is the text alone that must hold, and
each must have the same elements as the page that says harmless words.
"""

from __future__ import annotations

import random
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright
from tests.browsing import launch
from tests.hostile import files_of_trust, strings
from tests.torture.outcome import Outcome
from tests.trusts import Trust

from clausebook.clauses import read_replacement
from clausebook.htmlwall import UnsafePageError
from clausebook.piecewise import convert_page
from clausebook.problems import Problems
from clausebook.source import Source
from clausebook.writing import write_blocks, write_line

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog

LONG = 1_000_000
"""More strings than there are: all of them."""

AT_ONCE = 8
"""Strings in one trust."""

LONGEST = 380
"""Characters that fit into a short text with a number beside them."""

_ORDERED_BY_WORDS = re.compile(
    r"(?:find|different|proposed|pack|where)\.html|/changes/|side-by-side"
)
"""Pages in the order of the alphabet, and those that compare word by word: on these, elements are
of no other kinds than for harmless words, and need not stand in the same order."""

_WATCH = """
window.__ran = [];
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = (...said) => { window.__ran.push(`${name}(${said})`); };
"""

_STRUCTURE = """() => {
  const rows = [];
  const walk = (node, depth) => {
    for (const element of node.children) {
      const inline = /^(INS|DEL)$/.test(element.tagName);
      // a table has a tabindex where it does not fit into its place
      const free = element.matches(".cb-scroll") ? "tabindex" : "";
      const all = [...element.attributes].map(({ name }) => name);
      const names = all.filter((name) => name !== free);
      const kind = element.getAttribute("class") ?? "";
      if (!inline) rows.push(`${depth} ${element.tagName} ${names.sort()} ${kind}`);
      walk(element, inline ? depth : depth + 1);
    }
  };
  walk(document, 0);
  return [rows, window.__ran];
}"""


@dataclass
class _Tally:
    tried: int = 0
    executed: int = 0
    uncaught: int = 0
    remarks: list[str] = field(default_factory=list)

    def executes(self, remark: str) -> None:
        self.executed += 1
        self.remarks.append(remark)

    def breaks(self, remark: str) -> None:
        self.uncaught += 1
        self.remarks.append(remark)


def run(number: int, seed: int) -> Outcome:
    """Try `number` strings; each counts once as wording, and once for every page that says it."""
    every = strings()
    chosen = random.Random(seed).sample(every, min(number, len(every)))  # noqa: S311
    tally = _Tally()
    for text in chosen:
        _as_wording_of_a_school(text, tally)
    fit = [text for text in chosen if not _is_refused(text, tally) and len(text) <= LONGEST]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            return Outcome("hostile strings", 1, uncaught=1, remarks=("there is no Chromium",))
        shapes: dict[int, dict[str, list[str]]] = {}
        for first in range(0, len(fit), AT_ONCE):
            texts = fit[first : first + AT_ONCE]
            if len(texts) not in shapes:
                harmless = [f"Harmless words {'abcdefgh'[n]}" for n in range(len(texts))]
                site = _built(Path(folder) / "harmless", harmless)
                shapes[len(texts)] = _visited(browser, site, tally, {})
            site = _built(Path(folder) / "hostile", texts)
            _visited(browser, site, tally, shapes[len(texts)])
        browser.close()
    remarks = tuple(tally.remarks[:20])
    return Outcome(
        "hostile strings in pages", tally.tried, 0, tally.executed, tally.uncaught, remarks
    )


def _as_wording_of_a_school(text: str, tally: _Tally) -> None:
    """A string as a school's Markdown: refused, or nothing but words in the page."""
    tally.tried += 1
    problems = Problems()
    try:
        words, body = read_replacement(Source("school.yml", text).passage(), problems)
        if not problems.found:
            page = "\n\n".join([write_line(words), "\n".join(write_blocks(body))])
            made = convert_page(page, "policies").html
            if re.search(r"<(?!/?(?:p|em|strong|code|a|br|table|t[a-z]+|blockquote|div)\b)", made):
                tally.executes(f"as wording, {text!r} becomes {made!r}")
    except UnsafePageError as error:
        tally.executes(f"as wording, {text!r} passes the first wall: {error}")
    except Exception as error:  # noqa: BLE001 - which is what is looked for
        tally.breaks(f"as wording, {text!r} raises {error!r}")


def _is_refused(text: str, tally: _Tally) -> bool:
    """Whether a string can be no name, reason or wording, and is a problem with its place."""
    with tempfile.TemporaryDirectory() as folder:
        trust = _written(Path(folder), files_of_trust([text]))
        _say_against_what(trust)
        done = trust.run("check")
    if done.code == 0:
        return False
    tally.tried += 1
    if done.code != 1 or "error[" not in done.output:
        tally.breaks(f"{text!r} is not refused with a problem: {done.output}")
    return True


def _written(folder: Path, files: dict[str, str]) -> Trust:
    trust = Trust(folder)
    for path, content in files.items():
        trust.write(path, content)
    return trust


def _built(folder: Path, texts: list[str]) -> Path:
    """The site of a trust that says these texts, and has ratified and changed them."""
    shutil.rmtree(folder, ignore_errors=True)
    trust = _written(folder, files_of_trust(texts))
    _say_against_what(trust)
    for number, text in enumerate(texts):
        agreed = ("--by", text, "--minute", text, "--signed", f"Chair: {text}")
        for body in ("trust", f"s{number}"):
            trust.ok("ratify", body, f"p{number}", "--version", "1", "--on", "2026-02-02", *agreed)
    for path, content in files_of_trust(texts, second=True).items():
        trust.write(path, content)
    _say_against_what(trust)
    for number, text in enumerate(texts):
        said = ("--what", text, "--why", text, "--origin", "review")
        trust.ok("note", "trust", f"p{number}", "--clauses", f"p{number}-2", *said)
        if number % 2:  # the others keep their changes as proposals, and have a pack
            trust.ok("note", f"s{number}", f"p{number}", "--clauses", f"p{number}-8", *said)
            again = ("--by", text, "--minute", text, "--version", "2", "--on", "2026-10-02")
            trust.ok("ratify", "trust", f"p{number}", *again)
            trust.ok("ratify", f"s{number}", f"p{number}", *again)
    trust.build("2026-11-20")
    return folder / "site"


_ASKED = re.compile(
    r"override of '(?P<id>[\w-]+)' does not say.*?--> (?P<path>\S+?):\d.*?"
    r"'against: (?P<print>[\w-]+)'",
    re.DOTALL,
)


def _say_against_what(trust: Trust) -> None:
    """Write into every override the fingerprint that `check` asks for."""
    for found in _ASKED.finditer(trust.run("check").output):
        text = trust.read(found["path"])
        key = re.compile(rf'("(?:replace|omit|within)": "{found["id"]}")')
        trust.write(found["path"], key.sub(rf'\1, "against": "{found["print"]}"', text))


def _as_harmless(name: str, rows: list[str], harmless: list[str]) -> bool:
    """Whether a page has the elements that it has with harmless words."""
    if not _ORDERED_BY_WORDS.search(name):
        return rows == harmless
    kinds, known = ({row.partition(" ")[2] for row in some} for some in (rows, harmless))
    return kinds <= known


def _visited(
    browser: Browser, site: Path, tally: _Tally, harmless: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Open every page, and one search; gives each page's elements."""
    found: dict[str, list[str]] = {}
    asked: list[str] = []
    said: list[str] = []
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))

    def note(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        asked.clear()
        said.clear()
        page.goto(path.as_uri())
        if name.endswith("/index.html"):
            page.locator(".cb-find-open").click()
            page.locator("#cb-find-field").fill("alert words")
            page.locator("#cb-find-status", has_text=re.compile("found|result|all of")).wait_for()
        rows, ran = page.evaluate(_STRUCTURE)
        found[name] = rows
        away = [url for url in asked if not url.startswith(("file:", "data:"))]
        tally.tried += 1
        if ran or said or away:
            tally.executes(f"{name}: {ran or said or away}")
        elif (
            harmless
            and not name.endswith("index.html")
            and not _as_harmless(name, rows, harmless.get(name, []))
        ):
            other = sorted(set(rows) - set(harmless.get(name, []))) or ["in another order"]
            tally.executes(f"{name} has other elements: {other[0]}")
    if harmless and found.keys() != harmless.keys():
        tally.breaks(f"other pages: {sorted(found.keys() ^ harmless.keys())[:5]}")
    context.close()
    return found
