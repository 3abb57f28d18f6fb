"""The same sites as MkDocs makes, in a twentieth of the time.

A page is its frame (header, menu, footer), with its own words put into it.  The frame is
rendered by the theme's true templates, once for each kind of page, with marks for what
differs from page to page and from site to site; then the marks are replaced.  The first page
of every kind and depth, and one of every site, is rendered in full as well, and if the two
are not the same, or if anything else is not as our own projects are, `UnusualError` says so
and the site is left to MkDocs.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from functools import lru_cache
from pathlib import Path
from posixpath import dirname
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import jinja2
import yaml
from markupsafe import escape
from mkdocs.commands.build import get_context
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import clean_directory, get_relative_url, is_markdown_file
from mkdocs.utils.meta import YAML_RE, get_data

from clausebook.disks import cannot_write
from clausebook.htmlwall import UnsafePageError
from clausebook.piecewise import MARKS, Heading, UnusualError, convert_page
from clausebook.sitetheme import (
    CONTENT,
    CONTENTS,
    MARK,
    MENU,
    SiteTheme,
    check_menu,
    in_folder,
    mark,
    relative,
    strip_tags,
    toc_of,
)
from clausebook.themefiles import CompiledTemplates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence

    from mkdocs.structure.nav import Navigation

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TOLD = (
    *(yaml.YAMLError, MkDocsException, jinja2.TemplateError, OSError),
    *(LookupError, TypeError, ValueError, RecursionError),
)
"""What a trust's settings and front matter can lead to; MkDocs tells of it in its own words."""

_KNOWN = frozenset(
    {
        *("site_name", "site_url", "site_description", "site_author", "copyright", "nav"),
        *("theme", "extra", "extra_css", "extra_javascript", "markdown_extensions", "plugins"),
        *("use_directory_urls", "validation"),
    }
)
"""Settings that change nothing but what the templates make of them, or are checked here."""

_META = frozenset({"title", "description", "author", "robots", "print", "hide", "search"})
_ESCAPED_META = frozenset({"title", "robots"})
"""What of a page's front matter the templates escape; the rest is Material's, or no HTML."""
_SITE_URL = re.compile(r"https?://[\w.-]+(?::\d+)?/(?:[\w.~-]+/)*", re.ASCII)
_PATH = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII)


class Finished(NamedTuple):
    """A page as it is written, and what checking the links of its site takes."""

    html: bytes
    anchors: Iterable[str]
    targets: Iterable[str]
    named: Iterable[str]
    """The theme's files that it names."""

    def stored(self) -> bytes:
        """A line of JSON, and then the page."""
        facts = [sorted(self.anchors), sorted(self.targets), sorted(self.named)]
        return json.dumps(facts).encode() + b"\n" + self.html

    @classmethod
    def restored(cls, data: bytes) -> Finished:
        """What `stored` wrote."""
        facts, _, html = data.partition(b"\n")
        return cls(html, *json.loads(facts))


class QuickSites:
    """Builds projects that are as ours are; raises `UnusualError` for any other."""

    def __init__(self, templates: Path, folder: str, compiled: CompiledTemplates) -> None:
        self._templates = templates
        self._compiled = compiled
        found = (path for path in sorted(templates.rglob("*")) if path.is_file())
        self._overrides = {
            f"{folder}/{path.relative_to(templates).as_posix()}": path.read_bytes()
            for path in found
        }
        self._themes: dict[str, SiteTheme] = {}

    def build(
        self,
        files: Mapping[str, bytes],
        output: Path,
        pages: MutableMapping[str, bytes] | None,
        warned: Callable[[], bool],
    ) -> int:
        """Build a project into `output`; gives the number of its pages.

        `warned` tells whether MkDocs has had something to say; nothing is written then.
        """
        try:
            text = files.get("mkdocs.yml", b"")
            found = yaml.load(text, _Loader)  # noqa: S506 - one of the safe loaders
            own = {name for name in files if name.startswith("overrides/")}
            if own != self._overrides.keys() or any(
                files[name] is not data and files[name] != data
                for name, data in self._overrides.items()
            ):
                raise UnusualError("theme templates that are not ours alone")
            theme = self._theme(found, text)
            docs = {
                name.removeprefix("docs/"): data
                for name, data in files.items()
                if name.startswith("docs/")
            }
            site = _Site(theme, docs, output)
            base = hashlib.sha256(theme.digest + text)
            return site.build(pages, base, warned)
        except _TOLD as error:
            raise UnusualError(str(error)) from error

    def _theme(self, found: object, text: bytes) -> SiteTheme:
        """What sites share; the site's own settings are put in the place of the last one's."""
        if reason := why_unusual(found, text):
            raise UnusualError(reason)
        own = cast("dict[str, Any]", found)
        shared = json.dumps(_shared(own), sort_keys=True)
        theme = self._themes.get(shared)
        if theme is None:
            self._themes.clear()  # one trust has one look
            config = load_config(
                io.BytesIO(text),
                config_file_path=str(self._templates.parent / "mkdocs.yml"),
                docs_dir=str(self._templates),
            )
            theme = self._themes[shared] = SiteTheme(config, self._compiled, self._overrides)
        theme.take(own)
        return theme


def _shared(own: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that all sites of a trust have in common."""
    shared = {key: own[key] for key in own if key not in {"site_name", "site_url", "nav"}}
    shared["theme"] = {key: own["theme"][key] for key in own["theme"] if key != "logo"}
    shared.pop("extra", None)
    return shared


def why_unusual(own: object, text: bytes) -> str | None:
    """Say why settings are for MkDocs, if they are."""
    if not isinstance(own, dict) or MARKS.search(text.decode()):
        return "settings that cannot be read"
    theme, name, nav = own.get("theme"), own.get("site_name"), own.get("nav")
    if strange := own.keys() - _KNOWN:
        return f"settings of its own: {', '.join(sorted(map(str, strange)))}"
    if not isinstance(theme, dict) or theme.get("name") != "material":
        return "a theme that is not Material"
    if theme.get("custom_dir") != "overrides" or {"static_templates", "locale"} & theme.keys():
        return "a theme of its own"
    if own.get("plugins") != [] or own.get("use_directory_urls") is not False:
        return "plugins, or pages that are folders"
    if not isinstance(own.get("extra", {}), dict) or not name or not isinstance(name, str):
        return "no name"
    if not isinstance(url := own.get("site_url", "http://x/"), str) or not _SITE_URL.fullmatch(url):
        return "a strange address"
    return None if isinstance(nav, list) and _is_plain(nav) else "a menu without words"


def _is_plain(nav: object) -> bool:
    """Whether a menu's entries are all `{words: page}` or `{words: [entries]}`."""
    return (isinstance(nav, str) and bool(_PATH.fullmatch(nav))) or (
        isinstance(nav, list)
        and all(
            isinstance(entry, dict)
            and len(entry) == 1
            and all(isinstance(word, str) and _is_plain(below) for word, below in entry.items())
            for entry in nav
        )
    )


def _shown_meta(page: Page) -> tuple[str, ...]:
    """What a page's front matter says that stands in its frame."""
    return tuple(key for key in page.meta if key not in {"hide", "search"} and page.meta[key])


class _Site:
    """One site on its way."""

    def __init__(self, theme: SiteTheme, docs: Mapping[str, bytes], output: Path) -> None:
        self.theme = theme
        self.docs = docs
        self.output = output
        for path in docs:
            if path.startswith((".", "templates/")) or "/." in path or "\\" in path:
                raise UnusualError(f"the path {path}")
            if is_markdown_file(path) and not (path.endswith(".md") and _PATH.fullmatch(path)):
                raise UnusualError(f"the path {path}")
        paths = sorted((path for path in docs if path.endswith(".md")), key=_order)
        files = [
            File(path, None, str(output), False, inclusion=InclusionLevel.INCLUDED)  # noqa: FBT003
            for path in paths
        ]
        written = [*(path for path in docs if not path.endswith(".md")), "404.html", "sitemap.xml"]
        written += [file.dest_uri for file in files]
        if len(set(written)) < len(written) or any(file.name == "README" for file in files):
            raise UnusualError("two files for one place")
        self.files = Files(files)
        self.nav: Navigation = get_navigation(self.files, theme.config)
        check_menu(self.nav)
        self.placed: dict[tuple[object, ...], list[str]] = {}
        self.menus: dict[str, str] = {}
        self.is_checked = False
        """Whether a page of this site has been rendered in full."""
        self.own = theme.marked_words()

    def build(
        self,
        store: MutableMapping[str, bytes] | None,
        base: Any,  # noqa: ANN401 - a hash of what all pages are made from
        warned: Callable[[], bool],
    ) -> int:
        """Make and check everything, then write it."""
        finished: dict[str, Finished] = {}
        documents = self.files.documentation_pages()
        for file in documents:
            data = self.docs[file.src_uri]
            page = cast("Page", file.page)
            if store is None:
                finished[file.src_uri] = self._page(page, data.decode())
                continue
            whole = base.copy()
            whole.update(f"\0{file.src_uri}\0".encode())
            whole.update(data)
            key = whole.hexdigest()
            known = store.get(key)
            made = self._page(page, data.decode()) if known is None else Finished.restored(known)
            if known is None:
                store[key] = made.stored()
            finished[file.src_uri] = made
        self._check_links(finished)
        others = [self._template(name, documents) for name in ("404.html", "sitemap.xml")]
        if warned():
            raise UnusualError("a warning")
        self._write(finished, *others)
        return len(documents)

    def _page(self, page: Page, source: str) -> Finished:
        if "\r" in source or source.startswith("\ufeff"):
            raise UnusualError("line ends")
        text, page.meta = _front_matter(source)
        if page.meta.keys() - _META or not all(
            isinstance(page.meta[key], str) for key in _shown_meta(page)
        ):
            raise UnusualError("front matter of its own")
        folder = dirname(page.file.src_uri)
        page.markdown = ""
        try:
            made = convert_page(text, folder)
        except UnsafePageError as error:
            raise error.on(page.file.src_uri) from None
        page._title_from_render = made.title  # noqa: SLF001
        page.content = made.html
        hide = page.meta.get("hide") or ()
        if isinstance(hide, str):
            raise UnusualError("front matter of its own")
        html = self._filled(page, folder, made.headings, tuple(map(str, hide)))
        kind = (*self._kind(page, bool(made.headings)), page.url.count("/"))
        if not self.is_checked or kind not in self.theme.checked:
            page.toc = toc_of(made.headings)
            if html != self._in_full(page):
                raise UnusualError("a frame that differs from page to page")
            self.is_checked = True
            self.theme.checked.add(kind)
        page.content = None
        named = [name for name in self.theme.files if name in html]
        data = html.encode(errors="xmlcharrefreplace")
        return Finished(data, made.anchors, made.targets, named)

    def _in_full(self, page: Page) -> str:
        page.active = True
        context = get_context(self.nav, self.files, self.theme.config, page)
        html = self.theme.true.get_template("main.html").render(cast("Any", context))
        page.active = False
        return html

    def _filled(
        self, page: Page, folder: str, headings: tuple[Heading, ...], hide: tuple[str, ...]
    ) -> str:
        """A page's frame, with all that is its own."""
        parts = self._parts(page, folder, has_contents=bool(headings))
        own = self.own | {
            "title": str(escape(strip_tags(page.title))),
            "canonical": str(page.canonical_url),
            "skip": headings[0].id if headings else "",
            f"here {page.url}": ' aria-current="page"',
            CONTENT: self.theme.content(page.content or ""),
            CONTENTS: self.theme.contents(headings, hide),
        }
        for name, other in (("previous", page.previous_page), ("next", page.next_page)):
            own[name] = relative(other.url, page.url) if other else ""
        for name in _shown_meta(page):
            text = str(page.meta[name])
            own[f"meta.{name}"] = str(escape(text)) if name in _ESCAPED_META else text
        filled = parts.copy()
        filled[1::2] = [own.get(name, "") for name in parts[1::2]]
        return "".join(filled)

    def _parts(self, page: Page, folder: str, *, has_contents: bool) -> list[str]:
        """The frame of a page in a folder, cut where something of its own goes."""
        kind = self._kind(page, has_contents)
        parts = self.placed.get((folder, kind))
        if parts is None:
            frame = self.theme.frames.get(kind)
            if frame is None:
                frame = self._frame(page, has_contents=has_contents)
                self.theme.frames[kind] = frame
            placed = in_folder(frame, folder).replace(mark(MENU), self._menu(folder))
            parts = self.placed[folder, kind] = placed.split(MARK)
        return parts

    def _kind(self, page: Page, has_contents: bool) -> tuple[object, ...]:  # noqa: FBT001
        """All that a frame depends on: pages of one kind have the same, at any site."""
        return (
            *(_shown_meta(page), has_contents, page.is_homepage, bool(page.title)),
            *(page.previous_page is None, page.next_page is None, page.canonical_url is None),
            *(self.nav.homepage and self.nav.homepage.url, self.theme.shape),
        )

    def _frame(self, page: Page, *, has_contents: bool) -> str:
        """The frame of pages of one kind, with marks for all that is a page's own."""
        marked = SimpleNamespace(
            url=mark("url"),
            title=page.title and mark("title"),
            meta={name: mark(f"meta.{name}") for name in _shown_meta(page)},
            toc=toc_of([Heading(1, mark("skip"), "")] if has_contents else []),
            canonical_url=page.canonical_url and mark("canonical"),
            previous_page=page.previous_page and SimpleNamespace(url=mark("previous")),
            next_page=page.next_page and SimpleNamespace(url=mark("next")),
            is_homepage=page.is_homepage,
            content=mark(CONTENT),
        )
        context = cast("Any", get_context(self.nav, self.files, self.theme.config, page))
        with self.theme.words_marked(self.own):
            return self.theme.framed.get_template("main.html").render(context | {"page": marked})

    def _menu(self, folder: str) -> str:
        """The menu on the pages of a folder."""
        menu = self.menus.get(folder)
        if menu is None:
            if MENU not in self.menus:
                for page in self.nav.pages:
                    page.active = True
                template = self.theme.marked.get_template(MENU)
                self.menus[MENU] = template.render(nav=self.nav)
                for page in self.nav.pages:
                    page.active = False
            menu = self.menus[folder] = in_folder(self.menus[MENU], folder)
        return menu

    def _check_links(self, finished: Mapping[str, Finished]) -> None:
        """Every link must lead to something."""
        anchors = {path: set(page.anchors) for path, page in finished.items()}
        good: set[str] = set()
        for path, page in finished.items():
            for target in set(page.targets) - good:
                to, _, anchor = target.partition("#")
                if anchor and anchor not in anchors.get(to or path, {anchor}):
                    raise UnusualError(f"the link {target} in {path}")
                if to and to not in self.docs:
                    raise UnusualError(f"the link {target} in {path}")
                if to:
                    good.add(target)

    def _template(self, name: str, documents: Sequence[File]) -> bytes:
        """One of the theme's pages without a page, as MkDocs renders it."""
        address = re.sub(r"^https?://[^/]*", "", self.theme.config.site_url or "/")
        base = address if name == "404.html" else get_relative_url(".", name)
        context = get_context(self.nav, documents, self.theme.config, base_url=base)
        html = self.theme.true.get_template(name).render(cast("Any", context))
        return re.sub(r"\s*<lastmod>.*?</lastmod>", "", html).encode()

    def _write(self, finished: Mapping[str, Finished], missing: bytes, sitemap: bytes) -> None:
        try:
            self._write_files(finished, missing, sitemap)
        except OSError as error:
            raise cannot_write(self.output, error) from error

    def _write_files(
        self, finished: Mapping[str, Finished], missing: bytes, sitemap: bytes
    ) -> None:
        clean_directory(str(self.output))
        places = {file.src_uri: file.dest_uri for file in self.files}
        named = {name for page in finished.values() for name in page.named}
        named |= {n for n in self.theme.files if n.encode() in missing or n.encode() in sitemap}
        folders: set[Path] = set()
        for path, data in _all(
            ((name, self.theme.files[name]) for name in sorted(named)),
            ((path, data) for path, data in self.docs.items() if path not in places),
            [("404.html", missing), ("sitemap.xml", sitemap)],
            ((places[path], page.html) for path, page in finished.items()),
        ):
            place = self.output / path
            if place.parent not in folders:
                place.parent.mkdir(parents=True, exist_ok=True)
                folders.add(place.parent)
            place.write_bytes(data)


def _front_matter(source: str) -> tuple[str, dict[str, Any]]:
    """What MkDocs makes of the head of a page; many pages have the same."""
    if source.startswith("# "):
        return source, {}
    head = YAML_RE.match(source)
    if head:
        rest, found = _head(head[0])
        if not rest:
            return source[head.end() :].lstrip("\n"), found
    return get_data(source)


_head = lru_cache(maxsize=2_000)(get_data)


def _all(*several: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for some in several:
        yield from some


def _order(path: str) -> tuple[tuple[int, str], ...]:
    """MkDocs' order: a folder's index, its other files, then the folders in it."""
    *folders, name = path.split("/")
    return (*((2, folder) for folder in folders), (0 if name == "index.md" else 1, name))
