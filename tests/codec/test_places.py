"""Places inside of a gzip member: all that are there, and nothing else."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from codec_streams import gzip_member, pushed
from deflate_blocks import block_ends

from ocilayers.codec import _places
from ocilayers.codec._places import WINDOW_BYTES, between_blocks
from ocilayers.codec.deflate import Inflater
from ocilayers.codec.gzip import GzipDecoder, GzipEncoder
from ocilayers.codec.protocols import Checkpoint
from ocilayers.limits import KIB, MIB

FLUSHED = b"\0\0\xff\xff"
#: Deflates to about half of it.
TEXT = random.Random(0).randbytes(3 * MIB).hex().encode()


def _raw_streams() -> Iterator[bytes]:
    """Deflate data of all kinds of blocks, with flushes of all kinds."""
    dice = random.Random(1)
    for _ in range(300):
        deflater = zlib.compressobj(
            dice.choice([0, 1, 6, 9]),
            zlib.DEFLATED,
            -15,
            dice.choice([1, 8]),
            dice.choice([zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY, zlib.Z_FIXED]),
        )
        raw = b""
        for _ in range(dice.randrange(1, 6)):
            length = dice.randrange(200)
            content = dice.choice(
                [
                    bytes(dice.choices(b"\0\1\xff", k=length)),
                    dice.randbytes(length),
                    b"ab" * length,
                    (b"\1" + FLUSHED) * dice.randrange(4),
                ]
            )
            flush = dice.choice([zlib.Z_NO_FLUSH, zlib.Z_SYNC_FLUSH, zlib.Z_BLOCK])
            raw += deflater.compress(content) + deflater.flush(flush)
        yield raw + deflater.flush()


@pytest.mark.spec(
    "RFC 1951, section 3.2.4",
    "Any bits of input up to the next byte boundary are ignored.",
)
def test_zlib_says_where_a_block_would_begin() -> None:
    """At every byte of many streams, as reading them bit by bit says it."""
    for raw in _raw_streams():
        inflater = zlib.decompressobj(-15)
        found: list[int] = []
        for at in range(len(raw)):
            if between_blocks(inflater):
                found.append(at)
            inflater.decompress(raw[at : at + 1])

        assert block_ends(raw) == found


def portable(blob: bytes, size: int = 64 * KIB) -> list[Checkpoint]:
    """Those that a decoder passes, each once."""
    decoder = GzipDecoder(checkpoints=True)
    found: list[Checkpoint] = []
    for at in range(0, len(blob), size):
        for _ in decoder.feed(blob[at : at + size]):
            point = decoder.portable_checkpoint()
            if point is not None and point not in found:
                found.append(point)
    decoder.finish()
    return found


def flushed(plain: bytes, size: int) -> bytes:
    """One member, deflated as pigz and pgzip do it."""
    deflater = zlib.compressobj(1, wbits=31)
    parts = [
        deflater.compress(plain[at : at + size]) + deflater.flush(zlib.Z_SYNC_FLUSH)
        for at in range(0, len(plain), size)
    ]
    return b"".join([*parts, deflater.flush()])


@pytest.mark.parametrize("size", [40_000, 65_536, 999_999])
@pytest.mark.parametrize("block", [128 * KIB, 300 * KIB])
def test_a_flush_is_a_place(block: int, size: int) -> None:
    """Decoding begins there with the window alone, however the stream was cut."""
    blob = flushed(TEXT, block)
    points = portable(blob, size)
    inside = [point for point in points if point.state is not None]

    assert len(inside) == 6
    for point in points:
        assert point.plain_offset % block == 0 or point.plain_offset == len(TEXT)
        rest = pushed(GzipDecoder(at=point), blob[point.stored_offset :])
        assert TEXT[point.plain_offset :] == rest


def test_our_own_encoder_makes_places() -> None:
    """It flushes every 256 KiB."""
    blob = pushed(GzipEncoder(level=1), TEXT)

    assert 3 < len(portable(blob))


def test_places_are_not_too_near() -> None:
    """Each costs a window."""
    points = portable(flushed(TEXT, 10_000))
    offsets = [point.plain_offset for point in points]

    assert len(offsets) > 3
    assert all(b - a >= 3 * MIB // 4 for a, b in pairwise(offsets))


def test_a_window_is_what_deflate_may_look_back_at() -> None:
    """In its own member, and no farther."""
    blob = gzip.compress(b"other") + flushed(TEXT, 300 * KIB)
    for point in portable(blob):
        if isinstance(point.state, bytes):
            plain = (b"other" + TEXT)[: point.plain_offset]

            assert plain[-WINDOW_BYTES:] == point.state


def test_small_pieces_make_a_window_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter than one, where not more has come yet."""
    monkeypatch.setattr(_places, "_APART_BYTES", 500)
    plain = TEXT[:5000]
    blob = flushed(plain, 1000)
    points = portable(blob, 100)

    assert [1000, 2000, 3000, 4000, 5000] == [p.plain_offset for p in points[1:]]
    assert [plain[: p.plain_offset] for p in points[1:]] == [
        p.state for p in points[1:]
    ]


def test_what_looks_like_a_flush_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a stored block its bytes are content, in a layer as likely as anywhere."""
    monkeypatch.setattr(_places, "_APART_BYTES", 1)
    stored = gzip.compress(FLUSHED * 5000, 0)

    assert [(0, 0)] == [(p.stored_offset, p.plain_offset) for p in portable(stored)]


def test_looking_in_vain_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much looks like a flush."""
    looked: list[Inflater] = []

    def look(inflater: Inflater) -> bool:
        looked.append(inflater)
        return between_blocks(inflater)

    monkeypatch.setattr(_places, "between_blocks", look)
    portable(gzip.compress(FLUSHED * MIB, 0))

    assert 0 < len(looked) <= 4 * MIB // (3 * MIB // 4)


def test_nothing_is_looked_for_where_nobody_flushes() -> None:
    """Not before the next member."""
    late = zlib.compressobj(1, wbits=31)
    blob = late.compress(TEXT * 2) + late.flush(zlib.Z_SYNC_FLUSH)
    blob += late.flush() + flushed(TEXT, 600 * KIB)
    found = [point.plain_offset for point in portable(blob)]

    assert [0, 2 * len(TEXT)] == found[:2]
    assert len(found) > 3


def test_a_member_of_one_flush_is_begun_at_its_start() -> None:
    """Members are places in any case."""
    blob = gzip_member(TEXT) + gzip_member(b"second")
    points = portable(blob)

    assert [(0, None), (len(TEXT), None)] == [(p.plain_offset, p.state) for p in points]


def test_who_begins_at_a_state_has_no_place_yet() -> None:
    """But knows those that follow."""
    blob = flushed(TEXT, 300 * KIB) + gzip_member(b"second")
    decoder = GzipDecoder(checkpoints=True)
    next(iter(decoder.feed(blob[:100_000])))
    here = decoder.checkpoint()
    assert not here.portable

    for again in (GzipDecoder(at=here), GzipDecoder(at=here, checkpoints=True)):
        assert again.portable_checkpoint() is None
    pushed(again, blob[here.stored_offset :])
    last = again.portable_checkpoint()
    assert last is not None
    assert (len(TEXT), True) == (last.plain_offset, last.portable)
