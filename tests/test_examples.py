"""The repository's own trust: what its built websites, schemas and YAML files must be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import html5lib
import pytest
import yaml
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator

from clausebook.bodies import bodies
from clausebook.everything import Everything, read_everything
from clausebook.making import standings
from clausebook.model import Body, Provenance, TailoredPolicy, Trust
from clausebook.problems import Problems
from clausebook.publication import publication
from clausebook.schema import schemas
from clausebook.survey import Survey
from clausebook.workspace import WorkingTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag
    from tests.conftest import ExampleSites

ROOT = Path(__file__).parent.parent
POLICIES = sorted(path.parent.name for path in ROOT.glob("policy_source/*/policy.md"))
SCHOOLS = sorted(path.parent.name for path in ROOT.glob("schools/*/school.yml"))
SITES = ["trust", *SCHOOLS]
YAML_FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "policy_source/trust.yml", *ROOT.glob("schools/*/*.yml"))
)

# What only Markdown or a template that went wrong would leave on a page.
LEFTOVERS = ("{{", "}}", "{#", "{:", "{%", "[, ,", "](")
FROZEN_ID = re.compile(r"^#### \S+ \{#([a-z0-9-]+)", re.MULTILINE)
FROZEN_ADDED = re.compile(r'^#### \S+ \{#([a-z0-9-]+)[^}]* added="', re.MULTILINE)


TODAY = date(2026, 11, 21)
"""The day for which `example_sites` is built."""


@cache
def everything() -> Everything:
    return read_everything(WorkingTree(ROOT), Problems())


def trust() -> Trust:
    return everything().trust


@cache
def all_bodies() -> dict[str, Body]:
    """Each body with its policies as they hold on that day."""
    found = everything()
    asked = Survey(found.trust, TODAY)
    return {
        body.id: replace(
            body,
            policies=tuple(publication(state, asked).shown for state in standings(found, body)),
        )
        for body in bodies(found.trust, Problems())
    }


def frozen(site: str, policy: str, label: str | None = None) -> tuple[dict[str, Any], str]:
    """The record and the wording of a version, or of the one in force, read by hand."""
    folder = f"policy_source/{policy}/versions" if site == "trust" else None
    files = (ROOT / (folder or f"schools/{site}/versions/{policy}")).glob("*.md")
    versions = []
    for file in files:
        _, head, wording = file.read_text("utf-8").split("---\n", 2)
        record: dict[str, Any] = Loader(head).get_single_data()
        versions.append((record["effective"], record["ratified"]["on"], record, wording))
    if label is not None:
        return next((v[2], v[3]) for v in versions if v[2]["version"] == label)
    held = [v for v in versions if v[0] <= TODAY.isoformat()]
    latest = max(held, key=lambda version: version[:2])
    return latest[2], latest[3]


@cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_bytes(), "html.parser")


def article(path: Path) -> Tag:
    found = soup(path).select_one("article") or soup(path).select_one("main")
    assert found is not None, path
    return found


def pages(folder: Path) -> list[Path]:
    """Every page that somebody may read, save the one for addresses that lead nowhere."""
    found = [path for path in sorted(folder.rglob("*.html")) if path.name != "404.html"]
    assert found, folder
    return found


def values(tag: Tag, name: str) -> list[str]:
    """An attribute's words."""
    return tag.get_attribute_list(name) if tag.has_attr(name) else []


@cache
def load(name: str) -> dict[str, Any]:
    """A YAML file, with dates as the text they are written as."""
    found: dict[str, Any] = Loader((ROOT / name).read_text("utf-8")).get_single_data()
    return found


class Loader(yaml.SafeLoader):
    """Leaves dates as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the library's own name and shape
        first: [(tag, pattern) for tag, pattern in known if not tag.endswith(":timestamp")]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def tailored(site: str, policy: str) -> TailoredPolicy | None:
    found = {each.policy.id: each for each in all_bodies()[site].policies}
    return found.get(policy)


def printed(example_sites: ExampleSites, site: str, policy: str) -> Path:
    return example_sites.site / site / "policies" / f"{policy}.html"


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("site", SITES)
def test_every_clause_stands_on_the_page(
    example_sites: ExampleSites, site: str, policy: str
) -> None:
    """Clauses of the master + additions = clauses on the page, in every direction."""
    path = printed(example_sites, site, policy)
    assert path.exists() == (tailored(site, policy) is not None)
    if not path.exists():
        return
    record, wording = frozen(site, policy)
    wanted = FROZEN_ID.findall(wording)
    assert len(wanted) > 20
    if site != "trust":
        _, master = frozen("trust", policy, record["master"]["version"])
        added = FROZEN_ADDED.findall(wording)
        assert sorted(wanted) == sorted(FROZEN_ID.findall(master) + added)
    found = [tag["id"] for tag in article(path).select(".cb-clause[id], .cb-omitted[id]")]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("site", SITES)
def test_order_labels_and_omissions_are_the_models(
    example_sites: ExampleSites, site: str, policy: str
) -> None:
    model = tailored(site, policy)
    if model is None:
        pytest.skip("not adopted")
    found = article(printed(example_sites, site, policy)).select(".cb-clause[id], .cb-omitted[id]")
    assert [tag["id"] for tag in found] == [clause.id for clause in model.clauses]
    for tag, clause in zip(found, model.clauses, strict=True):
        label = tag.select_one(".cb-label")
        assert (label or tag).get_text(strip=True) == clause.label
        assert label is None or label["href"] == f"#{clause.id}"
        omitted = clause.provenance is Provenance.OMITTED
        assert ("cb-omitted" in values(tag, "class")) == omitted


def test_omissions_and_additions_are_among_the_examples() -> None:
    seen = {
        clause.provenance
        for body in all_bodies().values()
        for policy in body.policies
        for clause in policy.clauses
    }
    assert seen == set(Provenance)


@pytest.mark.parametrize("site", SITES)
def test_no_id_stands_twice_on_a_page(example_sites: ExampleSites, site: str) -> None:
    for path in pages(example_sites.site / site):
        ids = [tag["id"] for tag in soup(path).find_all(id=True)]
        assert sorted(ids) == sorted(set(ids)), path


@pytest.mark.parametrize("site", SITES)
def test_nothing_of_markdown_or_templates_is_left(example_sites: ExampleSites, site: str) -> None:
    for path in pages(example_sites.site / site):
        tree = soup(path)
        texts = [
            *(
                str(text)
                for text in tree.find_all(string=True)
                if text.parent and text.parent.name not in {"script", "style"}
            ),
            *(word for tag in tree.find_all() for name in tag.attrs for word in values(tag, name)),
        ]
        for text in texts:
            assert not any(left in text for left in LEFTOVERS), (path, text)
    index = (example_sites.site / site / "assets/search-index.js").read_text("utf-8")
    assert not any(left in index for left in LEFTOVERS), site


@pytest.mark.parametrize("site", SITES)
def test_nothing_in_an_article_is_empty(example_sites: ExampleSites, site: str) -> None:
    for path in pages(example_sites.site / site):
        for tag in article(path).find_all(["td", "li", "p", "a", "h1", "h2", "h3", "h4", "h5"]):
            assert tag.get_text(strip=True) or tag.find(["img", "svg"]), (path, tag.parent)


@pytest.mark.parametrize("site", SITES)
def test_pages_are_correct_html(example_sites: ExampleSites, site: str) -> None:
    for path in [*pages(example_sites.site / site), example_sites.site / "index.html"]:
        html5lib.HTMLParser(strict=True).parse(path.read_text("utf-8"))


def targets(path: Path) -> Iterator[str]:
    """Everything a page points at."""
    for tag in soup(path).find_all():
        for name in ("href", "src", "data", "poster", "action"):
            yield from values(tag, name)[:1]


def leads_somewhere(example_sites: ExampleSites, path: Path, target: str) -> bool:
    online = load("policy_source/trust.yml").get("sites", "").rstrip("/")
    parts = urlsplit(target)
    if online and target.startswith(f"{online}/"):
        there = example_sites.site / unquote(parts.path.removeprefix(urlsplit(online).path)[1:])
    elif parts.scheme or parts.netloc:
        return parts.scheme in {"https", "mailto", "tel", "data"}
    else:
        there = path.parent / unquote(parts.path) if parts.path else path
    if parts.path.startswith("/") and not parts.netloc:
        return False
    there = there.resolve()
    if not there.is_file() or not there.is_relative_to(example_sites.site.resolve()):
        return False
    anchor = unquote(parts.fragment)
    return not anchor or soup(there).find(id=anchor) is not None


@pytest.mark.parametrize("site", [*SITES, "index.html"])
def test_every_link_leads_somewhere(example_sites: ExampleSites, site: str) -> None:
    place = example_sites.site / site
    seen = 0
    for path in [place] if place.is_file() else pages(place):
        for target in targets(path):
            seen += 1
            assert leads_somewhere(example_sites, path, target), (path, target)
    assert seen


def test_the_front_page_leads_to_every_site(example_sites: ExampleSites) -> None:
    assert len(SCHOOLS) >= 5
    there = {path.name for path in example_sites.site.iterdir() if path.is_dir()}
    assert there == {path.name for path in example_sites.build.iterdir() if path.is_dir()}
    assert there == set(SITES)
    front = soup(example_sites.site / "index.html")
    links = {str(tag["href"]): tag.get_text() for tag in front.find_all("a")}
    assert links.keys() == {f"{name}/index.html" for name in SITES}
    for body in all_bodies().values():
        assert body.name in links[f"{body.id}/index.html"]


@pytest.mark.parametrize("site", [*SITES, "index.html"])
def test_pages_and_style_sheets_ask_nothing_of_other_servers(
    example_sites: ExampleSites, site: str
) -> None:
    place = example_sites.site / site
    elsewhere = re.compile(r"(https?:)?//")
    for path in [place] if place.is_file() else sorted(place.rglob("*.html")):
        for tag in soup(path).find_all():
            asked = [value for name in ("src", "srcset", "poster") for value in values(tag, name)]
            if tag.name == "link" and not {"canonical", "alternate"} & set(values(tag, "rel")):
                asked += values(tag, "href")
            asked += values(tag, "data") if tag.name == "object" else []
            assert not any(elsewhere.match(address) for address in asked), (path, tag)
            styles = [*values(tag, "style"), tag.get_text() if tag.name == "style" else ""]
            assert not any(re.search(r"url\(['\"]?(https?:)?//", style) for style in styles), path
    for path in place.rglob("*.css"):
        text = path.read_text("utf-8")
        assert not re.search(r"(url\(|@import\s*)['\"]?(https?:)?//", text), path


def test_no_path_of_this_machine_is_published(example_sites: ExampleSites) -> None:
    machine = [str(folder).encode() for folder in (ROOT, example_sites.root.parent)]
    for folder in (example_sites.site, example_sites.build):
        for path in folder.rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            assert not any(place in data for place in machine), path


def test_the_committed_schemas_are_those_of_the_trust() -> None:
    committed = {path.name: path.read_text("utf-8") for path in (ROOT / "schemas").iterdir()}
    assert committed == dict(schemas(trust())), "run `clausebook schema`"


@pytest.mark.parametrize("name", YAML_FILES)
def test_every_yaml_file_names_its_schema_and_follows_it(name: str) -> None:
    path = ROOT / name
    stem = path.stem
    first = path.read_text("utf-8").partition("\n")[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named
    schema = (path.parent / named[1]).resolve()
    assert schema == ROOT.resolve() / "schemas" / f"{stem}.schema.json"
    rules = json.loads(schema.read_text("utf-8"))
    Draft202012Validator.check_schema(rules)
    validator = Draft202012Validator(rules)
    assert not [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(load(name))
    ]
    assert not validator.is_valid({**load(name), "unheard_of": 1})
