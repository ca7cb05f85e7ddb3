"""The decoder of each compression."""

from __future__ import annotations

from ocilayers.codec.gzip import GzipDecoder
from ocilayers.codec.identity import IdentityDecoder
from ocilayers.codec.protocols import Checkpoint, Decoder
from ocilayers.codec.serial import Serial
from ocilayers.codec.zstd import ZstdDecoder
from ocilayers.errors import CodecError
from ocilayers.findings import FindingLog
from ocilayers.limits import Limits
from ocilayers.spec.media_types import Compression

__all__ = ["new_decoder", "resume"]


def new_decoder(
    compression: Compression,
    *,
    log: FindingLog | None = None,
    limits: Limits | None = None,
    checks: Serial | None = None,
    at: Checkpoint | None = None,
    checkpoints: bool = False,
) -> Decoder:
    """A decoder for a stream that is compressed with *compression*.

    Args:
        compression: How it is compressed.
        log: Where findings go.
        limits: What the stream may cost.
        checks: Who computes the checksums of gzip.
        at: Where to begin.
        checkpoints: Decode so that it can begin again from as many places as there are.

    Raises:
        CodecError: There is no such compression.
    """
    match compression:
        case "gzip":
            return GzipDecoder(log=log, checks=checks, at=at, checkpoints=checkpoints)
        case "zstd":
            return ZstdDecoder(limits=limits, at=at)
        case "none":
            return IdentityDecoder(at=at)
    raise CodecError(
        "no such compression", expected="gzip, zstd or none", actual=compression
    )


def resume(checkpoint: Checkpoint, *, limits: Limits | None = None) -> Decoder:
    """A decoder that goes on from *checkpoint*, which can be used again.

    Feed it the stored bytes from `checkpoint.stored_offset`; the first byte that
    comes out is the one at `checkpoint.plain_offset`. Nothing is verified but what
    begins after it: no digest, and not the checksum of a gzip member it lies in.

    >>> decoder = resume(Checkpoint("none", 6, 6))
    >>> list(decoder.feed(b"hello world"[6:]))
    [b'world']

    Args:
        checkpoint: What a decoder of the same stream gave.
        limits: What the stream may cost.
    """
    return new_decoder(checkpoint.compression, limits=limits, at=checkpoint)
