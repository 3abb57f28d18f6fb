"""The parts of a build, made on different machines, put together into the whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from clausebook.buildcache import BuildCache, PageStore, take_stock
from clausebook.carrying import DamagedError, unpack
from clausebook.everything import open_tree, read_shared
from clausebook.findings import Findings
from clausebook.making import Made, Workshop, make_trust, read_account, with_pdfs
from clausebook.orders import Order, Tally
from clausebook.overview import Account
from clausebook.past import Past
from clausebook.pipeline import ChangedError, tally
from clausebook.problems import Problems, SourceError
from clausebook.production import PART, Part, Progress, check_output
from clausebook.publish import front_page, read_look
from clausebook.reading import POLICIES, SCHOOLS, TRUST_ID
from clausebook.swap import FolderError, Renewal, keep_still, write_file
from clausebook.works import Yard, build_site


def gather(order: Order, folders: Sequence[Path], problems: Problems, progress: Progress) -> Tally:
    """Put the outputs of `build --shard` together, with the trust's own site."""
    with ExitStack() as held:
        for folder in {path.resolve() for path in folders} - {order.output.resolve()}:
            held.enter_context(keep_still(folder))
        return _gather(order, folders, problems, progress)


def _gather(order: Order, folders: Sequence[Path], problems: Problems, progress: Progress) -> Tally:
    tree = open_tree(order.root)
    check_output(order)
    look = read_look(order.root)
    stock = take_stock(order.root, (POLICIES, SCHOOLS))
    shared = read_shared(tree, problems)
    trust, findings = shared.trust, Findings(problems, shared)
    places = (order.output, order.projects)
    past = Past(BuildCache(), stock, look.digest, order.today, places, order.printer)
    made = _made(folders, order, past.school_keys(trust))
    shop = findings.open_workshop(tree, order.today)
    for school in trust.schools:
        findings.add(made[school][1])
    findings.conclude(shop)
    assert shop  # noqa: S101 - or there were errors
    shop = with_pdfs(shop) if order.printer else shop
    if order.strict and problems.found:
        raise SourceError(problems)
    with Renewal(order.projects) as projects, Renewal(order.output) as output:
        yard = Yard(look, PageStore(BuildCache()), projects.fresh, output.fresh)
        site = make_trust(shop, [_account(shop, *made[school]) for school in trust.schools])
        pages = build_site(site, yard)
        for school in trust.schools:
            shutil.copytree(made[school][0] / school, output.fresh / school, copy_function=_link)
        there = [TRUST_ID, *trust.schools]
        write_file(output.fresh / "index.html", front_page(trust, there))
        if changed := stock.changed(take_stock(order.root, (POLICIES, SCHOOLS), read=False)):
            raise ChangedError(changed)
        projects.replace_each()
        output.replace_all()
    progress(trust.details.name, pages, 1, 1, len(site.papers))
    return tally(trust)


def _made(
    folders: Sequence[Path], order: Order, keys: dict[str, str]
) -> dict[str, tuple[Path, Made]]:
    """For every school the part that has it, and what came of it; all of today's sources."""
    found: dict[str, tuple[Path, Made]] = {}
    for folder in folders:
        part = _part(folder)
        if part.today != order.today:
            message = (
                f"'{folder}' was built for {part.today}, and the whole is for {order.today}: "
                "give both the same --today"
            )
            raise FolderError(message)
        for school, (key, made) in part.made.items():
            if keys.get(school) != key:
                message = (
                    f"'{folder}' was built from other sources, or where other programs or fonts "
                    "are installed: build that part again"
                )
                raise FolderError(message)
            found[school] = folder, made
    missing = [school for school in keys if school not in found]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        message = f"no part has '{missing[0]}'{more}: name the folders of all parts"
        raise FolderError(message)
    return found


def _part(folder: Path) -> Part:
    """What a part says of itself."""
    with suppress(OSError, DamagedError):
        part = unpack((folder / PART).read_bytes())
        if isinstance(part, Part):
            return part
    raise _no_part(folder)


def _account(shop: Workshop, folder: Path, made: Made) -> Account:
    """What is known of a school, from the part that made it."""
    try:
        return read_account(shop, made)
    except DamagedError as error:
        raise _no_part(folder) from error


def _no_part(folder: Path) -> FolderError:
    return FolderError(
        f"'{folder}' is no part of a build: it is made by 'clausebook build --shard'"
    )


def _link(old: str, new: str) -> None:
    """Another name for the same file where the system can, or a copy."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
