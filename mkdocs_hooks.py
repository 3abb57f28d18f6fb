"""Lets `mkdocs serve` and `mkdocs build` show the trust's site as `clausebook build` wrote it."""

from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError

TRUST = Path(__file__).parent / "build" / "trust" / "mkdocs.yml"


serving = False
"""Whether this is `mkdocs serve`, whose script in every page must be let run."""


def on_startup(*, command: str, **_: object) -> None:
    """Stop before anything else when there is nothing to show yet."""
    global serving  # noqa: PLW0603 - MkDocs has no other place for it
    serving = command == "serve"
    if not TRUST.is_file():
        raise ConfigurationError("There are no pages yet: run `clausebook build` first.")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the emitted project in the place of this folder's."""
    trust = load_config(
        str(TRUST), site_dir=config.site_dir, site_url=config.site_url, strict=config.strict
    )
    trust.extra["live"] = serving
    config.docs_dir, config.watch = trust.docs_dir, [str(TRUST)]  # for `mkdocs serve`
    return trust.plugins.on_config(trust)
