"""The right decoder for each compression, from the start or from a checkpoint."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import ParamSpec

import pytest
from codec_streams import BLOBS, PLAIN, pushed

from ocilayers._types import override
from ocilayers.codec.decoder import new_decoder, resume
from ocilayers.codec.protocols import Checkpoint
from ocilayers.codec.serial import Serial
from ocilayers.errors import CodecError, LimitExceededError
from ocilayers.limits import Limits
from ocilayers.spec.media_types import Compression

P = ParamSpec("P")


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_each_compression_has_a_decoder(compression: Compression) -> None:
    """Which can also go on from the start."""
    blob = BLOBS[compression]
    decoder = new_decoder(compression)
    start = decoder.checkpoint()

    assert start == start  # noqa: PLR0124 - a checkpoint is itself
    assert isinstance(start, Checkpoint)
    assert start.compression == compression
    assert pushed(decoder, blob) == pushed(resume(start), blob) == PLAIN


def test_a_resumed_stream_has_limits_too() -> None:
    """A window costs the same in the middle."""
    with pytest.raises(LimitExceededError):
        pushed(
            resume(Checkpoint("zstd", 0, 0), limits=Limits(zstd_window=1)),
            BLOBS["zstd"],
        )


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_decoder_goes_on_from_the_last_member_or_frame(
    compression: Compression,
) -> None:
    """And says at once that it could be written down from where to go on."""
    blob = "gzip, two members" if compression == "gzip" else next(reversed(BLOBS))
    decoder = new_decoder(compression)
    pushed(decoder, BLOBS[blob])
    last = decoder.portable_checkpoint()

    assert last is not None
    assert last.compression == compression
    assert 0 < last.plain_offset < len(PLAIN)
    again = resume(last)
    assert last == again.portable_checkpoint()
    assert (
        pushed(again, BLOBS[blob][last.stored_offset :]) == PLAIN[last.plain_offset :]
    )


def test_a_place_inside_a_member_is_where_decoding_began() -> None:
    """Until a later one is found."""
    deflater = zlib.compressobj(wbits=31)
    head = deflater.compress(PLAIN) + deflater.flush(zlib.Z_SYNC_FLUSH)
    rest = deflater.compress(PLAIN) + deflater.flush()
    start = Checkpoint("gzip", len(head), len(PLAIN), PLAIN)
    decoder = resume(start)

    assert start == decoder.portable_checkpoint()
    assert pushed(decoder, rest) == PLAIN


def test_a_plain_stream_goes_on_from_any_byte() -> None:
    """And knows where it is."""
    decoder = resume(Checkpoint("none", 6, 6))

    assert pushed(decoder, PLAIN[6:9]) == PLAIN[6:9]
    here = decoder.checkpoint()
    assert isinstance(here, Checkpoint)
    assert (9, 9) == (here.stored_offset, here.plain_offset)


class Counting(Serial):
    """Counts what it is asked to run."""

    calls = 0

    @override
    def call(
        self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        self.calls += 1
        super().call(function, *args, **kwargs)


def test_checksums_of_gzip_are_computed_beside() -> None:
    """By whom the caller names."""
    checks = Counting()

    assert pushed(new_decoder("gzip", checks=checks), BLOBS["gzip"]) == PLAIN
    assert checks.calls > 0


def test_another_compression_is_refused() -> None:
    """Also when type checkers were not asked."""
    with pytest.raises(CodecError) as raised:
        new_decoder("bzip2")  # type: ignore[arg-type]  # that is the point

    said = "no such compression, expected gzip, zstd or none, found bzip2"
    assert said == str(raised.value)
