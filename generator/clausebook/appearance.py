"""How a school looks: its colours and logo, read and checked, and as its sites' style sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from clausebook.contrast import DARK, EASY, LIGHT, TEXT, ink_on, lowest, nearest_readable
from clausebook.model import School, Trust
from clausebook.picture import Picture, read_picture
from clausebook.problems import Problems
from clausebook.shapes import Appearance
from clausebook.source import Span, Tree
from clausebook.yamldoc import YamlDocument

BRAND = "#1f3a5f"
"""The colour of whoever has chosen none."""

MAX_LOGO = 200_000
"""Bytes of the largest logo: every first visit on a phone fetches it."""


MAX_PIXELS = 4_000
"""Pixels of the longest side of a logo: a few bytes can stand for more than a phone's memory."""


@dataclass(frozen=True)
class Style:
    """The colours of one site, each readable where it stands, and its logo."""

    brand: str
    link_light: str
    link_dark: str
    logo: Picture | None


def read_logo(
    tree: Tree, folder: str, look: Appearance, document: YamlDocument, problems: Problems
) -> Picture | None:
    """Check what a file says of a look; the logo it names, if that can be shown."""
    _check_empty(look, document, problems)
    _check_accent(look, document, problems)
    if look.logo is None:
        return None
    span = document.span("look", "logo")
    steps = PurePosixPath(look.logo.replace("\\", "/")).parts
    if ".." in steps or steps[:1] == ("/",) or ":" in look.logo:
        problems.error(
            "unusable-logo",
            f"the logo '{look.logo}' is not in {folder}/",
            span,
            "put the picture into that folder, and write its name only",
        )
        return None
    return _read(tree, f"{folder}/{'/'.join(steps)}", span, problems)


def _read(tree: Tree, path: str, span: Span, problems: Problems) -> Picture | None:
    try:
        data = tree.read_bytes(path)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        problems.error(
            "missing-file",
            f"there is no logo '{path}'" if missing else f"the logo '{path}' cannot be read",
            span,
            "put the picture there, or correct the name; capitals count",
        )
        return None
    if len(data) > MAX_LOGO:
        problems.error(
            "too-large",
            f"the logo '{path}' has more than {MAX_LOGO // 1000} KB, the most that a logo can have",
            span,
            "save it smaller: 200 pixels high is plenty",
        )
        return None
    picture = read_picture(data)
    if picture is None:
        problems.error(
            "unusable-logo",
            f"the logo '{path}' is not a PNG, JPEG or WebP picture",
            span,
            "save it as PNG; an SVG cannot be used, because it can hold scripts",
        )
    elif max(picture.width, picture.height) > MAX_PIXELS:
        problems.error(
            "too-large",
            f"the logo '{path}' is {picture.width} by {picture.height} pixels; {MAX_PIXELS} is the "
            "most on a side",
            span,
            "save it smaller: 200 pixels high is plenty",
        )
        return None
    return picture


def _check_empty(look: Appearance, document: YamlDocument, problems: Problems) -> None:
    """Find a colour that YAML took for a remark, which would otherwise just not be there."""
    for name in ("colour", "accent"):
        if ("look", name) in document.keys and getattr(look, name) is None:
            problems.error(
                "bad-value",
                f"'look.{name}' is empty",
                document.key_span("look", name),
                'write the colour in quotes, as "#7a1f3d": without them a # begins a remark',
            )


def _check_accent(look: Appearance, document: YamlDocument, problems: Problems) -> None:
    """Find a colour for links that cannot be read on the light page.

    For the dark page a lighter one of the same hue is taken: nobody chooses that by hand.
    """
    if look.accent is None or lowest(look.accent, LIGHT) >= TEXT:
        return
    measured = int(lowest(look.accent, LIGHT) * 100) / 100
    problems.error(
        "unreadable-colour",
        f"links in the colour '{look.accent}' cannot be read on a light page: the contrast is "
        f"{measured:g} to 1, and {TEXT:g} to 1 is needed",
        document.span("look", "accent"),
        f'the nearest colour that can be read is "{nearest_readable(look.accent, LIGHT)}"',
    )


def style_of(trust: Trust, school: School | None) -> Style:
    """The look of the trust's site or a school's; the nearest file that says anything wins."""
    layers = (trust, *(school.layers if school else ()))
    colours = [layer.details.look for layer in layers]
    chosen = next((look for look in reversed(colours) if look.colour or look.accent), None)
    brand = (chosen and (chosen.colour or chosen.accent)) or BRAND
    accent = (chosen and chosen.accent) or brand
    return Style(
        brand=brand,
        link_light=nearest_readable(accent, LIGHT),
        link_dark=nearest_readable(accent, DARK, EASY),
        logo=next((layer.logo for layer in reversed(layers) if layer.logo), None),
    )


def write_style(style: Style, foot: str) -> str:
    """The style sheet of one site; `foot` is what each printed page says at its foot."""
    return f"""\
/* Written by Clausebook from `look:` in school.yml, group.yml and trust.yml. */

:root {{
  --cb-brand: {style.brand};
  --cb-on-brand: {ink_on(style.brand)};
  --cb-link-light: {style.link_light};
  --cb-link-dark: {style.link_dark};
}}
@page {{
  @bottom-left {{
    content: "{css_text(foot)}";
  }}
}}
"""


def css_text(text: str) -> str:
    """Text for a CSS string: whatever could end it, or a `style` element, as its number."""
    return re.sub(r"[^\w .,:;()–-]", lambda found: f"\\{ord(found[0]):x} ", text)
