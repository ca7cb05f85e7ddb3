"""The right decoder for each compression, from the start or from a checkpoint."""

from __future__ import annotations

import pytest
from codec_streams import BLOBS, PLAIN, pushed

from ocilayers.codec.decoder import new_decoder, resume
from ocilayers.codec.protocols import Checkpoint
from ocilayers.errors import CodecError, LimitExceededError
from ocilayers.limits import Limits
from ocilayers.spec.media_types import Compression


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


def test_another_compression_is_refused() -> None:
    """Also when type checkers were not asked."""
    with pytest.raises(CodecError, match=r"no such compression.*found bzip2"):
        new_decoder("bzip2")  # type: ignore[arg-type]  # that is the point
