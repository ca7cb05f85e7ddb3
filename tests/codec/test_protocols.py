"""Checkpoints: two numbers, and sometimes a state."""

from __future__ import annotations

import pickle
import zlib

from ocilayers.codec.protocols import Checkpoint


def test_a_checkpoint_without_a_state_can_be_kept() -> None:
    """It is two numbers."""
    point = Checkpoint("zstd", 5, 10)
    again = pickle.loads(pickle.dumps(point))  # noqa: S301 - our own bytes

    assert point.portable
    assert (again.compression, again.stored_offset, again.plain_offset) == (
        "zstd",
        5,
        10,
    )


def test_a_checkpoint_with_a_state_lives_in_memory() -> None:
    """An inflater cannot be written down."""
    assert not Checkpoint("gzip", 5, 10, zlib.decompressobj()).portable
