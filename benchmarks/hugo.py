"""Hugo projects from emitted MkDocs projects: the same Markdown, under a plain theme.

The theme has what any policy site needs (a menu, a table of contents, a footer) and no more;
Clausebook's own marks for MkDocs stay in the text as they are.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

LAYOUTS = {
    "baseof.html": """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ with .Title }}{{ . }} · {{ end }}{{ site.Title }}</title>
<link rel="canonical" href="{{ .Permalink }}">
</head>
<body>
<header><a href="/">{{ site.Title }}</a></header>
{{- $page := . }}
{{- $school := index (split (strings.TrimPrefix "/" .Path) "/") 0 }}
<nav>
<ul>
{{- range index site.Menus $school }}
<li>{{ if .URL }}<a href="{{ .URL }}"{{ if $page.IsMenuCurrent $school . }} aria-current="page"
{{- end }}>{{ .Name }}</a>{{ else }}{{ .Name }}{{ end }}
{{- with .Children }}
<ul>
{{- range . }}
<li><a href="{{ .URL }}"{{ if $page.IsMenuCurrent $school . }} aria-current="page"{{ end }}>
{{- .Name }}</a></li>
{{- end }}
</ul>
{{- end }}
</li>
{{- end }}
</ul>
</nav>
<main>
{{ block "main" . }}{{ end }}
</main>
<aside>{{ .TableOfContents }}</aside>
<footer>{{ site.Title }}</footer>
</body>
</html>
""",
    "single.html": '{{ define "main" }}<article>{{ .Content }}</article>{{ end }}\n',
    "list.html": '{{ define "main" }}<article>{{ .Content }}</article>{{ end }}\n',
    "_markup/render-link.html": (
        '<a href="{{ replaceRE `\\.md(#|$)` ".html$1" .Destination | safeURL }}"'
        '{{ with .Title }} title="{{ . }}"{{ end }}>{{ .Text }}</a>'
    ),
}


def write_project(folder: Path, projects: Sequence[Path]) -> None:
    """Write one Hugo project that has all these MkDocs projects in it, a folder for each."""
    menus: dict[str, list[dict[str, Any]]] = {}
    for project in projects:
        settings = yaml.safe_load((project / "mkdocs.yml").read_text("utf-8"))
        menus[project.name] = list(_menu(settings["nav"], project.name, None))
        _copy(project, folder)
    for name, text in LAYOUTS.items():
        path = folder / "layouts" / "_default" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    settings = {
        "baseURL": "https://policies.example.org/",
        "title": "Policies",
        "uglyURLs": True,
        "disableKinds": ["taxonomy", "term", "rss", "home"],
        "markup": {"goldmark": {"renderer": {"unsafe": True}}},
        "menus": menus,
    }
    (folder / "hugo.json").write_text(json.dumps(settings), "utf-8")


def _copy(project: Path, folder: Path) -> None:
    """Put pages where Hugo looks for content, and all other files where it copies from."""
    docs = project / "docs"
    for path in docs.rglob("*"):
        if path.is_dir():
            continue
        name = path.relative_to(docs)
        kind = "content" if path.suffix == ".md" else "static"
        if name.name == "index.md":  # with its first name it would own what lies beside it
            name = name.with_name("_index.md")
        target = folder / kind / project.name / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _menu(nav: Sequence[Any], school: str, parent: str | None) -> Iterator[dict[str, Any]]:
    """MkDocs' navigation as Hugo's menu entries, in order."""
    for weight, entry in enumerate(nav, 1):
        ((name, where),) = entry.items() if isinstance(entry, dict) else ((str(entry), entry),)
        own = f"{parent or ''}/{weight}"
        made = {"name": name, "weight": weight, "identifier": own}
        if parent:
            made["parent"] = parent
        if isinstance(where, str):
            made["pageRef"] = f"/{school}/" + re.sub(r"(^|/)?index\.md$|\.md$", "", where)
            yield made
        else:
            yield made
            yield from _menu(where, school, own)
