"""Whatever is changed in what is on record, it is found."""

from __future__ import annotations

import pytest
from tests.torture import tampering
from tests.torture.crowd import Case
from tests.torture.tampering import FILES, PATTERNS, ROOT, content, is_found

from clausebook.archive import REGISTER


def test_changes_of_bytes_of_versions_and_registers_are_found() -> None:
    outcome = tampering.sample(1_500, seed=2026)
    assert outcome.survived == outcome.tried, "\n".join(outcome.remarks)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(REGISTER)])
def test_a_change_of_any_byte_of_a_register_is_found(name: str) -> None:
    data = content(name)
    missed = [
        at
        for at in range(len(data))
        if not is_found(name, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    ]
    assert not missed


@pytest.mark.parametrize("name", FILES)
def test_what_is_as_it_was_is_not_found_to_be_wrong(name: str) -> None:
    """Or everything would be found."""
    assert not is_found(name, content(name))


def test_every_byte_has_its_turn() -> None:
    """A case for each byte of each file, and none for another."""
    sizes = [len(content(name)) for name in FILES]
    assert sum(sizes) == tampering.LONG
    assert tampering.place_of(Case(0, 1)) == (FILES[0], 0, 0)
    assert tampering.place_of(Case(sizes[0], 1)) == (FILES[1], 0, 0)
    assert tampering.place_of(Case(tampering.LONG - 1, 1)) == (FILES[-1], sizes[-1] - 1, 0)
    assert tampering.place_of(Case(tampering.LONG, 1)) == (FILES[0], 0, 1)


def test_no_file_on_record_is_left_out() -> None:
    kept = {path.relative_to(ROOT).as_posix() for one in PATTERNS for path in ROOT.glob(one)}
    # the log of administrative updates is no version: it has digests of single values, and no seal
    folders = {name for name in kept if (ROOT / name).is_dir()}
    assert kept - folders == set(FILES)
