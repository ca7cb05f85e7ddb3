"""gzip members and zstd frames as strangers write them."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from hypothesis import find, given, settings

from ocilayers.strategies._wrappings import gzip_member, zstd_frame

drawn = settings(derandomize=True, max_examples=100, deadline=None, database=None)
PLAIN = b"plain" * 9


@drawn
@given(gzip_member(PLAIN))
def test_a_member_is_read_by_others(stored: bytes) -> None:
    """Python's own reader takes every header."""
    assert PLAIN == gzip.decompress(stored)


@drawn
@given(zstd_frame(PLAIN))
def test_a_frame_is_read_by_others(stored: bytes) -> None:
    """The library takes it too, behind what is to be skipped."""
    frame = stored[stored.index(zstandard.FRAME_HEADER) :]

    assert PLAIN == zstandard.ZstdDecompressor().decompressobj().decompress(frame)


@pytest.mark.parametrize("flags", [0, 2, 4, 8, 31])
def test_a_member_may_say_more(flags: int) -> None:
    """A name, a comment, extra fields, a checksum of the header; or nothing."""
    assert find(gzip_member(PLAIN), lambda stored: stored[3] == flags, settings=drawn)


def test_a_frame_need_not_say_how_long_it_is() -> None:
    """Streaming writers do not know."""
    stored = find(
        zstd_frame(PLAIN),
        lambda stored: zstandard.frame_content_size(stored) == -1,
        settings=drawn,
    )

    assert stored.startswith(zstandard.FRAME_HEADER)


def test_a_frame_may_follow_one_that_is_skipped() -> None:
    """Empty or not."""
    for skipped in (b"", b"skipped"):
        start = b"\x50\x2a\x4d\x18" + len(skipped).to_bytes(4, "little") + skipped

        assert find(zstd_frame(PLAIN), lambda s: s.startswith(start), settings=drawn)  # noqa: B023 - used at once
