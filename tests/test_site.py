"""Building real sites with MkDocs."""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from clausebook import site as mkdocs_site
from clausebook.site import ASSETS, SiteBuilder, SiteError, read_settings, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).parent.parent
LOOK = read_settings(ROOT / "mkdocs.yml")
PAGES = {
    "index.md": "# Policies\n\nRead the [social media policy](policies/social-media.md#sm-2).\n",
    "policies/social-media.md": "# Media\n\n## Purpose {#sm-1}\n\nWhy – we say so.\n{#sm-2}\n",
    "assets/school.css": ":root { --school: navy }\n",
}
NAV: list[object] = ["index.md", {"Policies": [{"Social media": "policies/social-media.md"}]}]


def emit(
    project: Path,
    name: str = "Saltmarsh Lane",
    pages: Mapping[str, str] = PAGES,
    nav: list[object] = NAV,
    **own: object,
) -> Path:
    """Write a project as the renderer does."""
    docs = project / "docs"
    shutil.copytree(ASSETS, docs)
    for path, text in pages.items():
        (docs / path).parent.mkdir(parents=True, exist_ok=True)
        (docs / path).write_text(text, encoding="utf-8")
    address = "https://tidewell.example.org/saltmarsh/"
    look = settings(LOOK, site_name=name, nav=nav, **{"site_url": address, **own})
    (project / "mkdocs.yml").write_text(look, encoding="utf-8")
    return project


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def python(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


BUILD = """
import sys
sys.argv[0] = "mkdocs"
from pathlib import Path
from clausebook.site import SiteBuilder
SiteBuilder().build(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_the_same_project_gives_the_same_bytes_in_any_folder_and_time_zone(tmp_path: Path) -> None:
    here, there = emit(tmp_path / "here"), emit(tmp_path / "a" / "far folder")
    SiteBuilder().build(here, tmp_path / "site")
    done = python(
        *("-c", BUILD, there, "out"),
        cwd=tmp_path,
        TZ="Pacific/Kiritimati",
        PYTHONHASHSEED="7",
        LC_ALL="C",
        SOURCE_DATE_EPOCH="1700000000",
        NO_MKDOCS_2_WARNING="",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tree(tmp_path / "site") == tree(tmp_path / "out")


def test_no_date_and_no_path_reaches_the_site(tmp_path: Path) -> None:
    SiteBuilder().build(emit(tmp_path / "school"), tmp_path / "site")
    everything = b"".join(tree(tmp_path / "site").values())
    today = dt.datetime.now(dt.UTC).date().isoformat()
    assert today.encode() not in everything
    assert b"1970-01-01" not in everything
    assert str(tmp_path).encode() not in everything


def test_the_pages_are_those_of_a_plain_mkdocs_build(tmp_path: Path) -> None:
    builder = SiteBuilder()
    builder.build(emit(tmp_path / "other", name="Other"), tmp_path / "other-site")
    school = emit(tmp_path / "school")
    report = builder.build(school, tmp_path / "ours")
    done = python("-m", "mkdocs", "build", "--strict", "-q", "-d", tmp_path / "plain", cwd=school)
    assert (done.returncode, done.stderr) == (0, "")
    ours, plain = tree(tmp_path / "ours"), tree(tmp_path / "plain")
    left_out = plain.keys() - ours.keys()
    named = b"".join(data for path, data in plain.items() if path.endswith(".html"))
    assert all(
        path.endswith((".map", "sitemap.xml.gz")) or "/lunr/" in path or path.encode() not in named
        for path in left_out
    )
    assert {path for path, content in ours.items() if content != plain[path]} == {"sitemap.xml"}
    assert report.pages == 2
    assert ours["sitemap.xml"].count(b"<loc>") == 2


def test_files_that_no_page_asks_for_are_left_out(tmp_path: Path) -> None:
    pages = {**PAGES, "assets/plan.map": "the school's own"}
    SiteBuilder().build(emit(tmp_path / "school", pages=pages), tmp_path / "site")
    site = tree(tmp_path / "site")
    assert [path for path in site if path.endswith(".map")] == ["assets/plan.map"]
    assert not any("lunr" in path for path in site)
    assert not any(path.startswith("search/") for path in site)


def test_a_search_that_the_trust_adds_keeps_its_files(tmp_path: Path) -> None:
    school = emit(tmp_path / "school", plugins=[{"search": {"lang": ["en", "fr"]}}])
    SiteBuilder().build(school, tmp_path / "site")
    site = tree(tmp_path / "site")
    assert "assets/javascripts/lunr/min/lunr.fr.min.js" in site
    assert any(path.startswith("assets/javascripts/workers/search.") for path in site)
    assert "search/search_index.json" in site


def test_pages_ask_nothing_of_other_servers(tmp_path: Path) -> None:
    SiteBuilder().build(emit(tmp_path / "school"), tmp_path / "site")
    page = (tmp_path / "site" / "policies" / "social-media.html").read_text(encoding="utf-8")
    assert 'src="http' not in page
    assert 'rel="stylesheet" href="http' not in page


def test_nothing_of_one_site_reaches_another(tmp_path: Path) -> None:
    first = emit(tmp_path / "first", name="Kestrel Academy", extra_css=["assets/school.css"])
    welsh: dict[str, Any] = {"theme": {"language": "cy"}, "extra": {"motto": "Yma"}}
    second = emit(
        tmp_path / "second", name="Ysgol", pages={"index.md": "# Hafan"}, nav=["index.md"], **welsh
    )
    alone = {}
    for project in (first, second):
        SiteBuilder().build(project, tmp_path / "alone")
        alone[project] = tree(tmp_path / "alone")
    shared = SiteBuilder()
    for project in (first, second, first):
        shared.build(project, tmp_path / "shared")
        assert tree(tmp_path / "shared") == alone[project]
    assert not any(b"Kestrel" in content for content in alone[second].values())


def test_overrides_changed_between_two_builds_are_seen(tmp_path: Path) -> None:
    school = emit(tmp_path / "school", theme={"custom_dir": "overrides"})
    folder = school / "overrides"
    folder.mkdir()
    builder = SiteBuilder()
    for word in ("first", "second"):
        block = f'{{% extends "base.html" %}}{{% block announce %}}{word}{{% endblock %}}'
        (folder / "main.html").write_text(block, encoding="utf-8")
        (folder / f"{word}.css").write_text("", encoding="utf-8")
        builder.build(school, tmp_path / "site")
        assert word in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
        assert (tmp_path / "site" / f"{word}.css").exists()


@pytest.mark.parametrize(
    ("pages", "nav", "own", "said"),
    [
        ({"index.md": "[x](gone.md)"}, ["index.md"], {}, "gone.md"),
        ({"index.md": "[x](#sm-9)"}, ["index.md"], {}, "#sm-9"),
        ({"index.md": "[x](/elsewhere)"}, ["index.md"], {}, "/elsewhere"),
        ({"index.md": "# A"}, ["index.md", "lost.md"], {}, "lost.md"),
        ({"index.md": "# A"}, ["index.md"], {"colour": "red"}, "colour"),
        ({"index.md": "# A"}, ["index.md"], {"site_url": "nowhere"}, "site_url"),
        ({"index.md": "# A"}, ["index.md"], {"plugins": ["never-heard-of"]}, "never-heard-of"),
        ({"index.md": "---\ntemplate: none.html\n---\n# A"}, ["index.md"], {}, "none.html"),
        ({"index.md": "# A"}, ["index.md"], {"theme": {"language": "xx"}}, "languages/xx.html"),
    ],
)
def test_what_mkdocs_warns_of_stops_the_build_with_its_words(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    pages: dict[str, str],
    nav: list[object],
    own: dict[str, Any],
    said: str,
) -> None:
    project = emit(tmp_path / "kestrel", pages=pages, nav=nav, **own)
    with pytest.raises(SiteError, match="could not build the site in kestrel") as failure:
        SiteBuilder().build(project, tmp_path / "site")
    lines = str(failure.value).splitlines()[1:]
    assert sum(said in line for line in lines) == 1
    assert "Traceback" not in str(failure.value)
    assert capfd.readouterr() == ("", "")


def test_warnings_can_be_let_through_for_a_preview(tmp_path: Path) -> None:
    project = emit(tmp_path / "school", pages={"index.md": "[x](gone.md)"}, nav=["index.md"])
    report = SiteBuilder().build(project, tmp_path / "site", strict=False)
    assert report.pages == 1
    assert len(report.warnings) == 1
    assert (tmp_path / "site" / "index.html").exists()


def test_a_project_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="nowhere"):
        SiteBuilder().build(tmp_path / "nowhere", tmp_path / "site")


def test_a_build_leaves_the_process_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.delenv("NO_MKDOCS_2_WARNING", raising=False)
    logger = logging.getLogger("mkdocs")
    before = os.environ.copy(), logger.level, logger.propagate, list(logger.handlers)
    SiteBuilder().build(emit(tmp_path / "school"), tmp_path / "site")
    assert (os.environ.copy(), logger.level, logger.propagate, list(logger.handlers)) == before


def test_a_site_has_the_look_of_the_trust_and_what_is_its_own() -> None:
    text = settings(LOOK, site_name="École", nav=NAV, extra_css=["a.css"], extra={"school": "k"})
    site = yaml.safe_load(text)
    assert site["theme"] == LOOK["theme"]
    assert site["validation"] == LOOK["validation"]
    assert (site["site_name"], site["nav"], site["extra_css"]) == ("École", NAV, ["a.css"])
    assert site["extra"] == {**LOOK["extra"], "school": "k"}
    assert not site.keys() & {"hooks", "docs_dir", "site_dir", "INHERIT"}
    assert "École" in text


def test_settings_mkdocs_must_work_out_itself_stay_as_written(tmp_path: Path) -> None:
    slug = "!!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}"
    (tmp_path / "base.yml").write_text("theme: {name: material, language: cy}\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(
        "INHERIT: base.yml\n"
        "copyright: !ENV [TRUST_NAME, Tidewell]\n"
        f"markdown_extensions: [toc: {{slugify: {slug}}}]\n"
        "theme: {custom_dir: my/theme}\n",
        encoding="utf-8",
    )
    text = settings(read_settings(tmp_path / "mkdocs.yml"), site_name="K", nav=[])
    assert "!ENV" in text
    assert "!!python/object/apply:pymdownx.slugs.slugify" in text
    assert "custom_dir: overrides" in text
    assert "language: cy" in text
    assert "font: false" in text
    assert "INHERIT" not in text


@pytest.mark.parametrize(
    "text", ["- a\n", "a: [\n", "a: !!binary x", "\tb", "INHERIT: no.yml", "d: 2026-02-30", "\0"]
)
def test_unreadable_settings_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match=r"mkdocs\.yml"):
        read_settings(tmp_path / "mkdocs.yml")


@pytest.mark.parametrize("name", ["properdocs", "zensical"])
def test_the_same_project_builds_elsewhere(
    tmp_path: Path, peer: Callable[[str], Path], name: str
) -> None:
    school = emit(tmp_path / "school")
    command = [str(peer(name)), "build", "--strict", "-f", "mkdocs.yml"]
    done = subprocess.run(command, cwd=school, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (school / "site" / "policies" / "social-media.html").read_text(encoding="utf-8")
    assert 'id="sm-2"' in page
    assert 'src="http' not in page


def trust_folder(tmp_path: Path) -> Path:
    for name in ("mkdocs.yml", "mkdocs_hooks.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "policy_source").mkdir()
    return tmp_path


@pytest.mark.parametrize("command", ["build", "serve"])
def test_mkdocs_typed_too_early_says_in_one_line_what_to_do(tmp_path: Path, command: str) -> None:
    done = python("-m", "mkdocs", command, cwd=trust_folder(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "Error: There are no pages yet: run `clausebook build` first.\n"


def test_mkdocs_typed_at_the_top_builds_the_trusts_site(tmp_path: Path) -> None:
    trust = trust_folder(tmp_path)
    project = emit(trust / "build" / "trust", name="Tidewell")
    done = python("-m", "mkdocs", "build", "--strict", "-q", cwd=trust)
    assert (done.returncode, done.stderr) == (0, "")
    plain = python("-m", "mkdocs", "build", "--strict", "-q", cwd=project)
    assert plain.returncode == 0
    assert tree(trust / "build" / "mkdocs-site") == tree(project / "site")
    assert not (trust / "site").exists()


SERVE = """
import sys
from pathlib import Path
from clausebook.site import serve
root, source = Path(sys.argv[1]), Path(sys.argv[2])
def rebuild():
    if "broken" in source.read_text():
        raise ValueError("this is broken")
    (root / "index.html").write_text(source.read_text())
rebuild()
serve(root, "127.0.0.1", int(sys.argv[3]), rebuild, [source.parent])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(address: str, words: str) -> str:
    page = ""
    for _ in range(100):
        time.sleep(0.1)
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                page = answer.read().decode()
        except OSError:
            continue
        if words in page:
            break
    return page


@pytest.mark.slow
def test_a_preview_rebuilds_and_reloads_and_survives_a_failure(tmp_path: Path) -> None:
    root, source, port = tmp_path / "site", tmp_path / "source" / "a.md", free_port()
    root.mkdir()
    source.parent.mkdir()
    source.write_text("before", encoding="utf-8")
    command = [sys.executable, "-c", SERVE, str(root), str(source), str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as preview:
        try:
            page = wait_for(f"http://127.0.0.1:{port}/", "before")
            assert "before" in page
            assert "livereload" in page
            source.write_text("broken", encoding="utf-8")
            assert preview.stderr is not None
            assert preview.stderr.readline() == "this is broken\n"
            source.write_text("after", encoding="utf-8")
            assert "after" in wait_for(f"http://127.0.0.1:{port}/", "after")
        finally:
            preview.send_signal(2)
            _, errors = preview.communicate(timeout=20)
    assert (preview.returncode, errors) == (0, "")


def test_an_address_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SiteError, match=f"http://127.0.0.1:{port}/"):
            mkdocs_site.serve(tmp_path, "127.0.0.1", port, lambda: None, [])
