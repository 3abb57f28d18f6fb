"""Documents from anywhere, damaged by chance, on their whole way into a trust's folder.

Whatever one says, it is refused in words, or there is a draft that our own reader takes, a report
in which no word is missing, and no script in either.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import tempfile
import time
import traceback
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from tests.fuzz.mutating import Mutator
from tests.pdffiles import lines_of, pdf_file
from tests.torture.crowd import SHOWN, Case, in_chunks
from tests.torture.outcome import Outcome
from tests.trusts import Trust, ratified_trust
from tests.wordfiles import zipped

from clausebook.documents import read_content
from clausebook.everything import open_tree
from clausebook.exports import FORMATS, Asked
from clausebook.handouts import shelved
from clausebook.importing import Wanted, import_document
from clausebook.problems import ClausebookError, Problems, SourceError
from clausebook.reading import read_trust

LONG = 20_000

DAY = date(2026, 11, 20)
SECONDS = 5
"""Of a processor: so long may a document of a few pages take."""

MOST = 60_000
"""The longest file, or part of a Word file, in bytes."""

KEPT = Path(".cache/documents")
"""Where a document that broke something is put."""

HOSTILE = """<p onclick="alert(1)">Staff must <script>alert(2)</script>ask first.</p>
<p><a href="javascript:alert(3)">Guidance</a> [more](javascript:alert(4)) {{ school.name }}</p>
<ol><li>One <b>two</b></li><li style="x">Three<ol type="a"><li>Four</li></ol></li></ol>"""

LISTS = """1. One
   - two

| a | b |
|---|---|
| c | d |
"""

WORDS = (
    *(b"<", b">", b"&", b"&lt;script&gt;", b"<script>", b"&#x202e;", b"{{", b"}}", b"{% if %}"),
    *(b"javascript:alert(1)", b" onload='x'", b"**", b"__", b"`", b"|", b"- ", b"1.1.1 ", b"(iv) "),
    *(b"<li>", b"</li>", b"<table>", b"<td>", b"</tr>", b"<w:p>", b"</w:p>", b"<w:r>", b"<w:t>"),
    *(b'<w:numId w:val="1"/>', b'<w:ilvl w:val="9"/>', b"<w:tbl>", b"<w:del>", b"<w:ins>"),
    *(b"<!--", b"]]>", b"<![CDATA[", b"&nbsp;", b"Tj", b"obj", b"endobj", b"<<", b">>", b"stream"),
)
"""What means something in one of the formats."""


def run(number: int, seed: int) -> Outcome:
    """Damage so many documents, and import each."""
    originals()
    wrong = in_chunks(one, number, seed)
    lost = sum("words are lost" in said for said in wrong)
    return Outcome(
        "documents damaged, and imported",
        number,
        lost=lost,
        uncaught=len(wrong) - lost,
        remarks=tuple(wrong[:SHOWN]),
    )


def one(case: Case) -> str:
    """One document; "" if everything holds, or else what does not."""
    names = sorted(originals())
    name = names[case.number % len(names)]
    data = damaged(originals()[name], case.rng)
    begun = time.thread_time()
    try:
        said = imported(data, name, against=case.rng.random() < 1 / 2)
    except ClausebookError as error:
        said = "" if len(str(error)) > 20 else f"refused, and said only: {error}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{where.name}: {''.join(traceback.format_exception_only(error)).strip()}"
    if not said and (taken := time.thread_time() - begun) > SECONDS:
        said = f"{taken:.1f} s"
    if not said:
        return ""
    kept = KEPT / f"{hashlib.sha256(data).hexdigest()[:16]}-{name}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(data)
    return f"{kept}: {said[:400]}"


def imported(data: bytes, name: str, *, against: bool) -> str:
    """Import a document as the command does; "" if all holds.

    Raises `ClausebookError` if it is refused.
    """
    with tempfile.TemporaryDirectory(prefix="clausebook-documents-") as folder:
        root = Path(folder) / "trust"
        shutil.copytree(_trust().root, root)
        wanted = Wanted(policy_id="theirs", reports=root / "reports", force=True, today=DAY)
        if against:
            wanted = replace(wanted, policy_id=None, against="online", school="hill")
        done = import_document(root, read_content(data, name), wanted)
        if not done.report.found.tally.balances:
            return f"words are lost: {done.report.found.tally}"
        problems = Problems()
        with suppress(SourceError):
            read_trust(open_tree(root), problems)
        # a reason that is still to be written is what a draft is to have
        wrong = [one for one in problems.errors if one.code != "missing-reason"]
        if wrong:
            return f"what was drafted is wrong: {wrong[0].code}: {wrong[0].message}"
        page = next(path for path in done.files if path.suffix == ".html").read_text("utf-8")
        return f"a script in the report: {found[0]}" if (found := SCRIPT.search(page)) else ""


SCRIPT = re.compile(r"<script|<[^>]*\s(?:on\w+\s*=|href\s*=\s*[\"']?\s*(?:javascript|data):)")


def damaged(data: bytes, rng: Random) -> bytes:
    """A document with something in it changed: of a Word file mostly inside one of its parts."""
    if data[:2] != b"PK" or rng.random() < 1 / 8:
        return _mutator(data).make(rng)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts = [name for name in parts if name.endswith(("document.xml", "numbering.xml"))]
    name = rng.choice([*texts, rng.choice(sorted(parts))])
    return zipped(parts | {name: _within_tags(parts[name], rng)})


def _within_tags(data: bytes, rng: Random) -> bytes:
    """XML with whole tags moved, doubled or taken out, so that much of it can still be read."""
    pieces = re.split(rb"(?=<w:(?:p|r|tbl|tr|tc|lvl|num|sdt|ins|del|hyperlink)[ >])", data)
    if len(pieces) < 3 or rng.random() < 1 / 4:
        return _mutator(data).make(rng)
    for _ in range(rng.choice((1, 2, 5))):
        at, other = rng.randrange(1, len(pieces)), rng.randrange(1, len(pieces))
        match rng.randrange(4):
            case 0:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 1:
                pieces.insert(at, pieces[other])
            case 2 if len(pieces) > 2:
                del pieces[at]
            case _:
                pieces[at] = re.sub(rb'(?<=")\d+(?=")', b"%d" % rng.choice((0, 9, 99)), pieces[at])
    return b"".join(pieces)


@cache
def _mutator(data: bytes) -> Mutator:
    return Mutator([data], WORDS, most=MOST)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """It is removed when this process ends."""
    return tempfile.TemporaryDirectory(prefix="clausebook-documents-")


@cache
def _trust() -> Trust:
    return ratified_trust(Path(_folder().name) / "trust")


@cache
def originals() -> Mapping[str, bytes]:
    """A document of each kind, by a name with its ending: our own, and others'."""
    shelf = shelved(_trust().root, "hill", "online", DAY)
    asked = Asked(shelf=shelf, label=None)
    made = {form: FORMATS[form].make(asked) for form in ("docx", "html", "md")}
    text = made["md"].decode()
    return {
        "ours.docx": made["docx"],
        "ours.html": made["html"],
        "ours.md": made["md"],
        "theirs.txt": re.sub(r"[#*]", "", text).encode(),
        "theirs.html": f"<!doctype html><title>Policy</title><h1>Policy</h1>{HOSTILE}".encode(),
        "theirs.md": f"# Policy\n\n{HOSTILE}\n\n{LISTS}".encode(),
        "theirs.pdf": pdf_file([lines_of(text[:1500]), lines_of(HOSTILE)]),
    }
