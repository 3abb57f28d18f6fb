"""What the sites of a trust have in common: MkDocs' settings, and the theme's templates.

Templates are rendered with marks in the place of what differs: of addresses, which depend on
the folder of a page, and of the words that are a page's or a site's own.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from posixpath import dirname
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import jinja2
from jinja2.filters import do_striptags
from markdown.extensions.toc import nest_toc_tokens
from markupsafe import escape
from mkdocs.structure.files import Files
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url
from mkdocs.utils import templates as filters

from clausebook.htmlwall import check_words
from clausebook.piecewise import EXTENSIONS, OPTIONS, Heading, UnusualError
from clausebook.themefiles import CompiledTemplates, theme_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mkdocs.config.defaults import MkDocsConfig

_PLACE, MARK = "\ue010", "\ue011"
_PLACES = re.compile(f'{_PLACE}/([^"]*)"( aria-current="page")?')
MENU, CONTENTS, CONTENT = (
    *("partials/cb-menu.html", "partials/cb-contents.html", "partials/cb-content.html"),
)


def mark(name: str) -> str:
    """What stands in a frame where something of a page's own goes."""
    return f"{MARK}{name}{MARK}"


_MODULES = ("quicksite", "sitetheme", "piecewise", "plainpieces", "htmlwall")
"""What pages come from, beside their Markdown and the templates."""

_MANY_FRAMES = 1_000


class SiteTheme:
    """The settings and templates that sites have in common."""

    def __init__(
        self, config: MkDocsConfig, compiled: CompiledTemplates, overrides: Mapping[str, bytes]
    ) -> None:
        if (config.markdown_extensions, config.mdx_configs) != (EXTENSIONS, OPTIONS):
            raise UnusualError("other Markdown")
        if config.theme.static_templates != {"404.html", "sitemap.xml"}:
            raise UnusualError("other templates")
        self.config = config
        self.true = self._environment(compiled)
        self.marked = self._environment(compiled)
        self.marked.filters["url"] = _marked_url
        self.marked.filters["script_tag"] = _marked_script
        self.framed = self._environment(compiled)
        self.framed.filters |= self.marked.filters
        slots = {name: mark(name) for name in (MENU, CONTENTS, CONTENT)}
        self.framed.loader = jinja2.ChoiceLoader(
            [jinja2.DictLoader(slots), cast("jinja2.BaseLoader", self.framed.loader)]
        )
        self.true.filters["striptags"] = self.marked.filters["striptags"] = strip_tags
        self.frames: dict[tuple[object, ...], str] = {}
        """The frames of all kinds of pages, with marks for all that is a page's or a site's."""
        self.checked: set[tuple[object, ...]] = set()
        """The kinds of pages, with their depths, of which one has been rendered in full."""
        self.shape = ""
        """What of a site's own settings is in its frames as it stands."""
        self.contents = lru_cache(maxsize=5_000)(self._contents)
        self.files = self._files()
        self.digest = digest_of(
            *(version(name) for name in ("markdown", "mkdocs", "mkdocs-material", "jinja2", "nh3")),
            *(Path(__file__).with_name(f"{name}.py").read_bytes() for name in _MODULES),
            *(part for item in sorted(overrides.items()) for part in item),
        )

    def _environment(self, compiled: CompiledTemplates) -> jinja2.Environment:
        environment = self.config.theme.get_env()
        environment.bytecode_cache = compiled
        return environment

    def take(self, own: Mapping[str, Any]) -> None:
        """Put a site's own settings in."""
        config, theme = self.config, self.config.theme
        config.site_name, config.site_url = own["site_name"], own.get("site_url")
        config.nav, config["extra"] = own["nav"], own.get("extra", {})
        theme.pop("logo", None)
        if "logo" in own["theme"]:
            theme["logo"] = own["theme"]["logo"]

    def marked_words(self) -> dict[str, str]:
        """The site's own words that can be put into a frame of any site."""
        config = self.config
        words = {"site_name": config.site_name, "school": config.extra.get("school")}
        plain = {
            key: word
            for key, word in words.items()
            if isinstance(word, str) and word and escape(word) == word
        }
        name = None if "site_name" in plain else config.site_name
        extra = {**config.extra, "school": None} if "school" in plain else dict(config.extra)
        shown = (name, extra, "school" in plain, config.theme.get("logo"))
        self.shape = json.dumps(shown, sort_keys=True, default=repr)
        if len(self.frames) > _MANY_FRAMES:  # of sites with words that cannot be shared
            self.frames.clear()
            self.checked.clear()
        return plain

    @contextmanager
    def words_marked(self, words: Mapping[str, str]) -> Iterator[None]:
        """Put marks in the place of the site's own words."""
        config = self.config
        name, extra = config.site_name, config.extra
        if "site_name" in words:
            config.site_name = mark("site_name")
        if "school" in words:
            config["extra"] = {**extra, "school": mark("school")}
        try:
            yield
        finally:
            config.site_name, config["extra"] = name, extra

    def _files(self) -> dict[str, bytes]:
        """The theme's files, by where they go."""
        listing = self.config.theme.get_env()
        listing.list_templates = partial(theme_files, self.config.theme)  # type: ignore[method-assign]
        files = Files([])
        files.add_files_from_theme(listing, self.config)
        left_out = re.compile(r"\.map$|/lunr/")
        return {
            file.dest_uri: file.content_bytes for file in files if not left_out.search(file.src_uri)
        }

    def content(self, html: str) -> str:
        """The words of a page."""
        page = SimpleNamespace(content=html)
        return self.true.get_template(CONTENT).render(page=page)

    def _contents(self, headings: tuple[Heading, ...], hide: tuple[str, ...]) -> str:
        """The list of contents beside a page."""
        page = SimpleNamespace(toc=toc_of(headings), meta={"hide": list(hide)} if hide else {})
        return self.true.get_template(CONTENTS).render(page=page)


def check_menu(items: Iterable[Any]) -> None:
    """Let a menu pass in which there are words only; see `htmlwall`."""
    for item in items:
        check_words(item.title or "")
        check_menu(item.children or ())


def digest_of(*parts: str | bytes) -> bytes:
    """A digest that no other parts have, however they are cut."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(b"%d " % len(data))
        whole.update(data)
    return whole.digest()


def toc_of(headings: Iterable[Heading]) -> Any:  # noqa: ANN401 - MkDocs' own
    """Headings as MkDocs gives them to templates."""
    tokens: list[Any] = [heading._asdict() for heading in headings]
    return get_toc(nest_toc_tokens(tokens))


strip_tags = lru_cache(maxsize=20_000)(do_striptags)
relative = lru_cache(maxsize=100_000)(get_relative_url)
_NOWHERE: Any = {"page": None, "base_url": _PLACE}


@jinja2.pass_context
def _marked_url(_context: object, value: object) -> str:
    return filters.url_filter(_NOWHERE, value)  # type: ignore[arg-type]


@jinja2.pass_context
def _marked_script(_context: object, value: Any) -> str:  # noqa: ANN401 - MkDocs' own
    return filters.script_tag_filter(_NOWHERE, value)


def in_folder(text: str, folder: str) -> str:
    """Marked addresses as they are on the pages of a folder."""
    here = f"{folder}/x.html" if folder else "x.html"

    def address(found: re.Match[str]) -> str:
        path, current = found[1], found[2]
        if path.startswith(MARK):
            return f'{path}"'
        active = mark(f"here {path}") if current and dirname(path) == folder else ""
        return f'{relative(path, here)}"{active}'

    return _PLACES.sub(address, text)
