"""Encode one layer and compute both of its digests."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

import attrs

from ocilayers.codec._intake import Intake
from ocilayers.codec._push import Steps
from ocilayers.codec._tally import Tally
from ocilayers.codec.deflate import library
from ocilayers.codec.gzip import GzipEncoder
from ocilayers.codec.identity import IdentityEncoder
from ocilayers.codec.protocols import Encoder
from ocilayers.codec.serial import Serial
from ocilayers.codec.zstd import ZstdEncoder
from ocilayers.errors import CodecError
from ocilayers.findings import FindingLog
from ocilayers.spec.media_types import Compression

__all__ = ["Encoding", "new_encoder"]


def new_encoder(
    compression: Compression, level: int | None, executor: Executor | None, deflate: str
) -> Encoder:
    """An encoder of a compression; *deflate* names who deflates gzip."""
    match compression:
        case "gzip":
            return GzipEncoder(level=level, library=library(deflate), executor=executor)
        case "zstd":
            return ZstdEncoder(level=level)
        case "none":
            return IdentityEncoder()
    raise CodecError(
        "no such compression", expected="gzip, zstd or none", actual=compression
    )


@attrs.define(eq=False)
class Encoding:
    """What `LayerEncoder` does, without its door."""

    intake: Intake
    compression: Compression
    encoder: Encoder
    serial: Serial
    plain: Tally
    stored: Tally
    log: FindingLog = attrs.field(factory=FindingLog)
    complete: bool = False

    def run(self) -> Steps:
        try:
            yield from self._encode()
        finally:
            self.serial.abandon()

    def _encode(self) -> Steps:
        intake = self.intake
        while len(intake) or not intake.ended:
            chunk = intake.take_chunk()
            if not chunk:
                yield b""
                continue
            self.serial.call(self.plain.update, chunk)
            yield from self._tally(self.encoder.feed(chunk))
        yield from self._tally(iter(self.encoder.finish()))
        self.serial.drain()
        self.complete = True

    def _tally(self, pieces: Iterator[bytes]) -> Steps:
        for piece in pieces:
            self.serial.call(self.stored.update, piece)
            yield piece
