"""MkDocs, and the only module that knows it.

Every site is emitted as a plain MkDocs project that any MkDocs can build: `settings`
writes its `mkdocs.yml`, `SiteBuilder` builds it in this process, `serve` shows the result.

A project that is as ours are is built by `quicksite`, which gives the same bytes; any other,
and any with a mistake in it, by MkDocs itself, in its own words.  Even so MkDocs is not
started afresh: the theme's files are listed once and its templates compiled once.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import jinja2
import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.utils.yaml import yaml_load

from clausebook.disks import cannot_write
from clausebook.htmlwall import UnsafePageError, check
from clausebook.lookfiles import LookError, settings_files
from clausebook.piecewise import UnusualError
from clausebook.quicksite import QuickSites
from clausebook.sitetheme import check_menu
from clausebook.themefiles import CompiledTemplates, theme_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping, Sequence

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.theme import Theme

Settings = dict[str, Any]

ASSETS = Path(__file__).parent / "theme"
"""What every emitted project needs in its `docs` folder, at the paths it has in here."""

TEMPLATES = Path(__file__).parent / "overrides"
"""Theme templates of ours; those of the trust's own `custom_dir` come before them."""

OVERRIDES = "overrides"
"""The folder of an emitted project that holds its copy of the trust's theme overrides."""

_NOTICE = "# Written by Clausebook at every build: edit the sources, not this file.\n"
_ENVIRONMENT = {"SOURCE_DATE_EPOCH": "0", "NO_MKDOCS_2_WARNING": "1"}
_ROOT_ONLY = re.compile(
    "dev_addr|docs_dir|edit_uri.*|hooks|nav|site_(description|dir|name|url)|strict|watch"
)


class SiteError(LookError):
    """A site that could not be built or shown, told for the person who edits it."""


class _Tagged:
    """A value with a tag (`!ENV`, `!!python/name`), kept as written: MkDocs acts on it, not we."""

    def __init__(self, node: yaml.Node) -> None:
        self.node = node


class _Loader(yaml.SafeLoader):
    """Reads settings without running anything they name."""


class _Dumper(yaml.SafeDumper):
    """Writes tagged values as they stood."""


for _prefix in ("!", "tag:yaml.org,2002:python/"):
    _Loader.add_multi_constructor(_prefix, lambda _loader, _suffix, node: _Tagged(node))
_Dumper.add_representer(_Tagged, lambda _dumper, tagged: tagged.node)


def read_settings(path: Path) -> Settings:
    """Read the trust's own `mkdocs.yml`, with what it inherits from other files."""
    try:
        for _ in settings_files(path.parent, path.name):
            pass  # all are as they must be before MkDocs reads them
        with path.open(encoding="utf-8") as file:
            found: object = yaml_load(file, _Loader)  # type: ignore[arg-type]
    except (OSError, ValueError, TypeError, RecursionError, MkDocsException) as error:
        raise SiteError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise SiteError(f"{path.name} must hold settings, one `name: value` to a line.")
    return found


def settings(look: Settings, *, site_name: str, nav: Sequence[object], **own: object) -> str:
    """Write the text of one site's `mkdocs.yml`: the trust's look and what is the site's own.

    `own` takes any other MkDocs setting; lists and mappings add to the trust's.
    """
    kept = {key: value for key, value in look.items() if not _ROOT_ONLY.fullmatch(str(key))}
    theme = kept.get("theme", "material")
    if isinstance(theme, str):
        theme = {"name": theme}
    if isinstance(theme, dict):
        own_folder = {"custom_dir": OVERRIDES} if "custom_dir" in theme else {}
        kept["theme"] = {"font": False} | theme | own_folder
    base = {"site_name": site_name, "use_directory_urls": False} | kept
    merged = _merged(base, own) | {"nav": list(nav)}
    return _NOTICE + yaml.dump(merged, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _merged(base: Any, own: Any) -> Any:  # noqa: ANN401 - settings are any YAML
    """`own` over `base`: mappings merge, lists join, anything else replaces."""
    if isinstance(base, dict) and isinstance(own, Mapping):
        both = base.keys() & own.keys()
        return base | dict(own) | {key: _merged(base[key], own[key]) for key in both}
    return [*base, *own] if isinstance(base, list) and isinstance(own, list) else own


@dataclass(frozen=True)
class BuildReport:
    """What one build did; a strict one has no warnings, or it would have failed."""

    pages: int
    warnings: tuple[str, ...] = ()


class SiteBuilder:
    """Builds emitted projects; make one for each process and build every site with it."""

    def __init__(self) -> None:
        self._compiled = CompiledTemplates()
        self._quick = QuickSites(TEMPLATES, OVERRIDES, self._compiled)
        self.unusual: str | None = None
        """Why the last site was left to MkDocs, if it was."""

    def build(self, project: Path, output: Path, *, strict: bool = True) -> BuildReport:
        """Build the project into `output`, which is emptied first.

        The same project gives the same bytes, whatever the folder, day or time zone.
        """
        try:
            files = _files(project)
        except OSError:
            files = {}  # which MkDocs will say
        return self.build_files(files, project, output, strict=strict)

    def build_files(
        self,
        files: Mapping[str, bytes],
        project: Path,
        output: Path,
        *,
        strict: bool = True,
        pages: MutableMapping[str, bytes] | None = None,
    ) -> BuildReport:
        """Build a project whose files are at hand, by their paths, and stand in its folder.

        `pages` keeps finished pages from one build to the next: under a digest of all that
        a page is made from stands the page, after what checking links takes.
        """
        self.unusual = None
        with _undisturbed() as heard:
            try:
                number = self._quick.build(files, output, pages, lambda: bool(heard))
                return BuildReport(number)
            except UnusualError as reason:
                self.unusual = str(reason)
        return self.build_with_mkdocs(project, output, strict=strict)

    def build_with_mkdocs(self, project: Path, output: Path, *, strict: bool = True) -> BuildReport:
        """Build as `mkdocs build` does: whatever a project holds, and what it warns of."""
        watched = _Steady()
        with _undisturbed() as heard:
            try:
                self._run(project, output, watched)
            except Exception as error:
                if isinstance(error, OSError) and error.errno:  # a missing template has none
                    raise cannot_write(output, error) from error
                if not isinstance(error, Abort) and not any(str(error) in said for said in heard):
                    heard.append(str(error) or type(error).__name__)
                raise SiteError(_complaint(project, heard)) from error
        if heard and strict:
            raise SiteError(_complaint(project, heard))
        return BuildReport(watched.pages, tuple(heard))

    def _run(self, project: Path, output: Path, watched: _Steady) -> None:
        """Do what `mkdocs build` does, with our loading of the theme and our plugin."""
        config = load_config(str(project / "mkdocs.yml"), site_dir=str(output.absolute()))
        self._share(config.theme)
        config.plugins["clausebook"] = watched  # type: ignore[assignment]
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()

    def _share(self, theme: Theme) -> None:
        """Let the theme's environments use what earlier builds have listed and compiled."""
        fresh = theme.get_env

        def get_env() -> jinja2.Environment:
            env = fresh()
            env.bytecode_cache = self._compiled
            env.list_templates = partial(theme_files, theme)  # type: ignore[method-assign]
            return env

        theme.get_env = get_env  # type: ignore[method-assign]


class _Steady:
    """Counts the pages; keeps dates, and theme files that no page names, out of the site."""

    def __init__(self) -> None:
        self.pages = 0
        self._unnamed: set[str] = set()
        """Theme files that no page so far has named."""

    def on_nav(self, nav: Navigation, /, **_: object) -> Navigation:
        check_menu(nav)
        return nav

    @event_priority(
        100
    )  # before plugins of the trust's own, which do with a page what they are for
    def on_page_content(self, html: str, /, *, page: Page, **_: object) -> str:
        try:
            check(html)
        except UnsafePageError as error:
            raise error.on(page.file.src_uri) from None
        return html

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> None:
        self.pages = len(files.documentation_pages())
        searches = (config.plugins[name] for name in config.plugins if name.endswith("search"))
        english = all(set(search.config.get("lang") or ()) <= {"en"} for search in searches)
        unused = re.compile(r"\.map$|/lunr/" if english else r"\.map$")
        for file in list(files):
            if file.src_dir in (config.docs_dir, config.theme.custom_dir):
                continue
            if unused.search(file.src_uri):
                files.remove(file)
            elif "/lunr/" not in file.src_uri:  # which a script asks for, not a page
                self._unnamed.add(file.dest_uri)

    def on_post_page(self, output: str, /, **_: object) -> str:
        self._unnamed -= {name for name in self._unnamed if name in output}
        return output

    def on_post_template(self, output: str, /, **_: object) -> str:
        self.on_post_page(output)
        return re.sub(r"\s*<lastmod>.*?</lastmod>", "", output)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        site = Path(config.site_dir)
        for name in ("sitemap.xml.gz", *self._unnamed):
            (site / name).unlink(missing_ok=True)
            for folder in (site / name).parents:
                if folder == site or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()


@contextmanager
def _undisturbed() -> Iterator[list[str]]:
    """Keep MkDocs to a fixed date and off the terminal; its warnings go to the list given."""
    heard: list[str] = []
    ear = logging.Handler(logging.WARNING)
    ear.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    level, propagate, environment = logger.level, logger.propagate, dict(os.environ)
    logger.addHandler(ear)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    os.environ.update(_ENVIRONMENT)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)
        logger.setLevel(level)
        logger.propagate = propagate
        os.environ.clear()
        os.environ.update(environment)


def _files(project: Path) -> dict[str, bytes]:
    """A project's files, by their paths in it."""
    found: dict[str, bytes] = {}
    for place, _, names in os.walk(project, followlinks=True):
        folder = Path(place)
        for name in names:
            path = folder / name
            found[path.relative_to(project).as_posix()] = path.read_bytes()
    return found


def _complaint(project: Path, heard: Sequence[str]) -> str:
    points = [said.strip().replace("\n", "\n    ") for said in dict.fromkeys(heard)]
    return "\n  - ".join([f"MkDocs could not build the site in {project.name}:", *points])


class _Preview(LiveReloadServer):
    """Puts its script into pages so that their Content-Security-Policy lets it alone run."""

    def _inject_js_into_html(self, content: bytes, epoch: float) -> bytes:
        number = secrets.token_urlsafe(16).encode()
        page: bytes = super()._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]
        before, _, script = page.rpartition(b"<script>")
        allowed = b"; connect-src 'self'; script-src 'nonce-%b' " % number
        before = before.replace(b"; script-src ", allowed, 1)
        return b'%b<script nonce="%b">%b' % (before, number, script)


def serve(
    root: Path, host: str, port: int, rebuild: Callable[[], object], watch: Sequence[Path]
) -> None:
    """Show the built sites in `root` until Ctrl+C; a change rebuilds and reloads the browser.

    Building a first time is the caller's part.  When `rebuild` fails, what was there stays.
    """

    def safely() -> None:
        try:
            rebuild()
        except Exception as error:  # noqa: BLE001 - one that escaped would freeze every open page
            click.echo(f"{error}", err=True)

    server = _Preview(safely, host, port, str(root))
    logging.getLogger("mkdocs.livereload").setLevel(logging.ERROR)
    for path in watch:
        server.watch(str(path))
    try:
        server.serve()  # type: ignore[no-untyped-call]
    except OSError as error:
        raise SiteError(f"Nothing can be shown at {server.url}: {error.strerror}.") from error
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()
