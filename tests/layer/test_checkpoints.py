"""Which of the places that a decoder passes are kept."""

from __future__ import annotations

import gzip
import io
import random
import zlib
from itertools import pairwise

import pytest
from layers import tar_of

from ocilayers.codec.gzip import GzipEncoder
from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint
from ocilayers.layer import _checkpoints
from ocilayers.layer.index import index_layer
from ocilayers.limits import KIB, MIB
from ocilayers.tar.entry import Entry

#: A tar that deflates to about half of it.
TEXT = tar_of(
    [Entry("a", "file", content=random.Random(0).randbytes(8 * MIB).hex().encode())]
)


def gaps(points: tuple[Checkpoint, ...]) -> list[int]:
    """How far apart they are, from the start on."""
    return [b - a for a, b in pairwise([0, *(p.plain_offset for p in points)])]


def test_those_that_can_be_written_down_come_first() -> None:
    """Where they are not too near to the one before."""
    encoder = GzipEncoder(level=1)
    flushed = b"".join([*encoder.feed(TEXT), *encoder.finish()])
    members = b"".join(
        gzip.compress(TEXT[at : at + 300 * KIB], 1)
        for at in range(0, len(TEXT), 300 * KIB)
    )
    deflater = zlib.compressobj(1, wbits=31)
    # As long as the blocks of pgzip.
    by_pgzip = b"".join(
        deflater.compress(TEXT[at : at + MIB]) + deflater.flush(zlib.Z_SYNC_FLUSH)
        for at in range(0, len(TEXT), MIB)
    )
    for blob in (flushed, members, by_pgzip + deflater.flush()):
        points = index_layer(io.BytesIO(blob)).checkpoints

        assert len(points) > 6
        assert all(point.portable for point in points)
        assert all(MIB < gap <= 2 * MIB + STEP_BYTES for gap in gaps(points))


def test_others_are_kept_where_there_are_none() -> None:
    """One deflater at work alone makes no flushes."""
    blob = gzip.compress(TEXT, 1)
    points = index_layer(io.BytesIO(blob), checkpoint_bytes=MIB).checkpoints

    assert len(points) > 4
    assert not any(point.portable for point in points)


def test_of_too_many_every_second_one_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And those that follow are twice as far apart."""
    monkeypatch.setattr(_checkpoints, "_MOST", 8)
    blob = gzip.compress(TEXT, 1)
    points = index_layer(io.BytesIO(blob), checkpoint_bytes=256 * KIB).checkpoints

    assert 4 <= len(points) <= 8
    assert max(gaps(points)) <= 4 * MIB
    assert len(TEXT) - points[-1].plain_offset <= 4 * MIB


def test_the_start_of_a_layer_is_none() -> None:
    """A short layer has none at all."""
    assert () == index_layer(io.BytesIO(gzip.compress(bytes(MIB)))).checkpoints


def test_a_decoder_that_has_seen_nothing_has_none() -> None:
    """Nor is one asked of it before one is due."""
    checkpoints = _checkpoints.Checkpoints(100)
    checkpoints.take(LayerDecoder(), 99)
    checkpoints.take(LayerDecoder(), 100)

    assert [] == checkpoints.kept
