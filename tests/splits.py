"""One stream, cut in every way that matters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["in_every_split"]


def in_every_split(data: bytes, *, random_cuts: int = 8) -> Iterator[list[bytes]]:
    """Yield *data* as lists of chunks.

    Whole, byte by byte (short data only), cut once at interesting places, with
    empty chunks between, and cut at random by a fixed seed.
    """
    yield [data]
    yield [b"", data, b""]
    if len(data) <= 4096:
        yield [data[i : i + 1] for i in range(len(data))]
    for size in (1021, 512, 513, 65_536):
        if len(data) <= size * 4096:
            yield [data[i : i + size] for i in range(0, len(data), size)]
    dice = random.Random(len(data))
    for _ in range(random_cuts):
        cuts = sorted(
            dice.randrange(len(data) + 1) for _ in range(dice.randrange(1, 9))
        )
        edges = [0, *cuts, len(data)]
        yield [data[a:b] for a, b in pairwise(edges)]
