"""The promises of the fuzz targets hold for their seeds, and for what was found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz_seeds import seeds
from fuzz_targets import TARGETS

FOUND = Path(__file__).parent / "found"


@pytest.mark.parametrize("target", TARGETS)
def test_they_hold_for_the_seeds(target: str) -> None:
    """Which are well made."""
    for seed in seeds(target):
        TARGETS[target](seed)


@pytest.mark.parametrize("target", TARGETS)
def test_they_hold_for_seeds_that_were_damaged(target: str) -> None:
    """Cut, flipped, doubled; by a fixed seed."""
    dice = random.Random(target)
    for seed in seeds(target):
        for _ in range(20):
            TARGETS[target](_damaged(seed, dice))


def test_what_a_fuzzer_found_stays_mended() -> None:
    """Each input broke a promise once; its name begins with its target's."""
    for found in sorted(FOUND.glob("*-*")):
        TARGETS[found.name.partition("-")[0]](found.read_bytes())


def _damaged(data: bytes, dice: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(broken))
        how = dice.randrange(4)
        if how == 0:
            broken[at] ^= 1 << dice.randrange(8)
        elif how == 1:
            del broken[at : at + dice.randrange(1, 64)]
        elif how == 2:
            broken[at:at] = broken[at : at + dice.randrange(1, 64)]
        else:
            broken[at] = dice.choice(b"\0\x7f\xff\x80")
        broken = broken or bytearray(b"\0")
    return bytes(broken)
