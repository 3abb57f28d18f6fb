"""One version of a policy, or its draft, as the data that a site has beside its pages."""

from __future__ import annotations

from clausebook.datafiles import version_json
from clausebook.datashapes import BodyData
from clausebook.exports import Asked
from clausebook.qr import site_address


def json_of(asked: Asked) -> bytes:
    """What the site's data file would hold if it showed this version; JSON in UTF-8."""
    shelf = asked.shelf
    who = BodyData(
        id=shelf.body.id,
        name=shelf.body.name,
        trust=shelf.trust.details.name,
        website=site_address(shelf.trust, shelf.body),
    )
    edition, policy = shelf.edition(asked.label), shelf.policy(asked.label)
    return version_json(who, shelf.publication, shelf.updates, edition, policy, shelf.body).encode()
