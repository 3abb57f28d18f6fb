"""Sites on disk: emitted projects in `build/`, built sites in `site/`, swapped in whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, Template
from markupsafe import Markup

from clausebook.appearance import style_of, write_style
from clausebook.buildcache import digest
from clausebook.contrast import ink_on
from clausebook.disks import cannot_write
from clausebook.lookfiles import named_file, named_folder
from clausebook.model import Trust
from clausebook.pages import Site
from clausebook.site import (
    ASSETS,
    OVERRIDES,
    TEMPLATES,
    Settings,
    read_settings,
    settings,
)

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Look:
    """What every site has in common: the trust's `mkdocs.yml`, and the files it names."""

    settings: Settings
    files: Files
    """By their path in an emitted project."""

    @cached_property
    def digest(self) -> str:
        """A digest of all of it."""
        text = settings(self.settings, site_name="", nav=())
        return digest(text, *(part for item in sorted(self.files.items()) for part in item))


def read_look(root: Path) -> Look:
    """Read the top-level `mkdocs.yml` and the style sheets, scripts and templates it names."""
    found = read_settings(root / "mkdocs.yml")
    shared: dict[str, bytes] = dict(_tree(TEMPLATES, OVERRIDES))
    for path in sorted(ASSETS.rglob("*")):
        if path.is_file():
            shared[f"docs/{path.relative_to(ASSETS).as_posix()}"] = path.read_bytes()
    theme = found.get("theme")
    own_theme = theme.get("custom_dir") if isinstance(theme, dict) else None
    if isinstance(own_theme, str):
        own = named_folder(root, own_theme)
        shared |= {f"{OVERRIDES}/{name}": data for name, data in own.items()}
    for key in ("extra_css", "extra_javascript"):
        listed = found.get(key)
        for name in listed if isinstance(listed, list) else []:
            data = named_file(root, str(name))
            if data is not None:
                shared[f"docs/{name}"] = data
    return Look(found, shared)


def _tree(folder: Path, prefix: str) -> dict[str, bytes]:
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def project_files(site: Site, look: Look) -> Files:
    """One site's MkDocs project, as the files it consists of."""
    address = {"site_url": f"{site.address}/"} if site.address else {}
    name = f"{site.body.short_name} policies"
    theme, extra, own = _own_look(site, name)
    text = settings(
        look.settings,
        site_name=name,
        nav=site.nav,
        extra_css=[f"assets/{sheet}.css" for sheet in STYLE_SHEETS],
        extra_javascript=[
            {"path": f"assets/{script}.js", "defer": True} for script in ("clausebook", "search")
        ],
        theme=theme,
        extra=extra,
        **address,
    )
    pages = {f"docs/{page.path}": page.markdown.encode() for page in site.pages}
    pages |= {f"docs/{name}": text.encode() for name, text in site.files.items()}
    return {**look.files, **pages, **own, "mkdocs.yml": text.encode()}


STYLE_SHEETS = (
    *("shell", "look", "clausebook", "redline", "policy", "pack", "overview", "search", "print"),
)
"""In this order: each may say otherwise than those before it."""


def _own_look(site: Site, name: str) -> tuple[Mapping[str, str], Mapping[str, object], Files]:
    """What the site's own colours and logo add to its theme, its `extra` and its files."""
    theme = {"custom_dir": OVERRIDES}
    extra: dict[str, object] = {"school": site.body.name}
    if site.style is None:
        return theme, extra, {}
    files = {"docs/assets/look.css": write_style(site.style, name).encode()}
    logo = site.style.logo
    if logo:
        theme["logo"] = f"assets/logo.{logo.ending}"
        extra["logo"] = {"width": logo.width, "height": logo.height}
        files[f"docs/{theme['logo']}"] = logo.data
    return theme, extra, files


def write_project(project: Files, folder: Path) -> None:
    """Write a project's files into an empty folder."""
    path = folder
    try:
        for name, data in project.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise cannot_write(path, error) from error


def front_page(trust: Trust, there: Sequence[str]) -> bytes:
    """The page above all sites, which leads to each that is there."""
    schools = [school for school in trust.schools.values() if school.id in there]
    style = style_of(trust, None)
    text = _front_template().render(
        trust=trust,
        schools=schools,
        with_trust="trust" in there,
        style=style,
        ink=ink_on(style.brand),
        policy=Markup((TEMPLATES / "partials" / "cb-policy.html").read_text("utf-8").strip()),  # noqa: S704 - a file of ours
    )
    return text.encode()


@cache
def _front_template() -> Template:
    text = (files("clausebook") / "templates" / "front.html").read_text("utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
