"""Files too large, too deep or too many are refused within seconds and bounded memory.

`make torture ARGS=limits` tries them all, at these and at random sizes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.torture.limits import ATTACKS, Attack, attempt

SOME = {
    *("an alias bomb", "many keys in few lines", "brackets in one another, over lines"),
    *("a file of 100 MB", "a contact checked at the end of time", "a bomb of pixels"),
    *("lists of quotations, short lines", "only '[', short lines", "a long table"),
}


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if one.name in SOME], ids=lambda one: one.name
)
def test_a_hostile_file_is_refused_or_read(attack: Attack, tmp_path: Path) -> None:
    assert not attempt(attack, attack.most, tmp_path)


def test_the_attacks_have_names_of_their_own() -> None:
    names = [attack.name for attack in ATTACKS]
    assert len(set(names)) == len(names)
    assert set(names) > SOME
