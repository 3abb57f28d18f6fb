"""The link by which a reader confirms a version, in whatever register the trust keeps."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from clausebook.fieldtypes import IN_ADDRESS


def acknowledgement(address: str, *, policy: str, version: str, school: str) -> str:
    """The trust's `acknowledge_url` for one version, with its names filled in."""
    filled = {"policy": policy, "version": version, "school": school}
    return IN_ADDRESS.sub(lambda found: quote(filled[found[1]], safe=""), address)


def form_host(address: str) -> str:
    """The website that keeps the register, as a reader should know it before going there."""
    return urlsplit(address).netloc
