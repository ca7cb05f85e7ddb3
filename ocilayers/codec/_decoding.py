"""Decode and verify one layer: size before digest, digest before facts.

Source: image-spec, descriptor.md, "Verification"; config.md, "Layer DiffID".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from ocilayers.codec._intake import Intake
from ocilayers.codec._push import Steps
from ocilayers.codec._tally import Tally
from ocilayers.codec.decoder import new_decoder
from ocilayers.codec.protocols import STEP_BYTES, Decoder
from ocilayers.codec.rules import COMPRESSION_MISMATCH
from ocilayers.codec.serial import Serial
from ocilayers.codec.sniff import HEAD_BYTES, sniff
from ocilayers.errors import (
    CodecError,
    DigestMismatchError,
    OCILayersError,
    SizeMismatchError,
)
from ocilayers.findings import FindingLog
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest, Hashers
from ocilayers.spec.media_types import Compression

__all__ = ["Decoding"]

_NAME: Final = "layer"


@attrs.define(eq=False)
class Decoding:
    """What `LayerDecoder` does, without its door."""

    intake: Intake
    promised: Descriptor | None
    diff_id: Digest | None
    limits: Limits
    log: FindingLog
    serial: Serial
    tap: Callable[[bytes], object] | None
    checkpoints: bool
    hashers: Hashers
    stored: Tally = attrs.field(init=False)
    plain: Tally = attrs.field(init=False)
    compression: Compression = "none"
    decoder: Decoder | None = None
    complete: bool = False
    #: Counted by the thread that decodes: the tallies may be behind.
    _plain_size: int = 0

    def __attrs_post_init__(self) -> None:
        if self.promised is not None and self.promised.media_type.is_encrypted:
            raise CodecError("the layer is encrypted", actual=self.promised.media_type)
        stored = self.promised and self.promised.digest.algorithm
        plain = self.diff_id and self.diff_id.algorithm
        self.stored = Tally(stored or "sha256", self.hashers)
        self.plain = Tally(plain or "sha256", self.hashers)

    def run(self) -> Steps:
        try:
            yield from self._decode()
        except OCILayersError:
            # What an earlier byte did wrong comes first, as without an executor.
            self.serial.drain()
            raise
        finally:
            self.serial.abandon()

    def too_long(self, excess: int) -> SizeMismatchError:
        size = 0 if self.promised is None else self.promised.size
        return SizeMismatchError(
            "more bytes than promised",
            where="size",
            expected=size,
            actual=size + excess,
        )

    def _decode(self) -> Steps:
        intake = self.intake
        while len(intake) < HEAD_BYTES and not intake.ended:
            yield b""
        if intake.ended:
            # A promise that is broken says more than half a mark.
            self._check_size()
        self.compression = sniff(intake.peek(HEAD_BYTES))
        self._compare_types()
        decoder = self.decoder = new_decoder(
            self.compression,
            log=self.log,
            limits=self.limits,
            checks=self.serial,
            checkpoints=self.checkpoints,
        )
        while len(intake) or not intake.ended:
            chunk = intake.take_chunk()
            if not chunk:
                yield b""
                continue
            self.serial.call(self.stored.update, chunk)
            for piece in decoder.feed(chunk):
                self._admit(piece)
                yield piece
        self._check_size()
        self._check_ratio(self._plain_size, intake.offset)
        # It has given everything by now; this is for what may be missing.
        decoder.finish()
        self.serial.drain()
        self._verify()
        self.complete = True

    def _compare_types(self) -> None:
        promised = self.promised and self.promised.media_type.compression
        if promised and promised != self.compression:
            self.log.add(
                COMPRESSION_MISMATCH,
                _NAME,
                f"compressed with {self.compression}, where the media type says"
                f" {promised}",
                expected=promised,
                actual=self.compression,
            )

    def _admit(self, piece: bytes) -> None:
        self._plain_size += len(piece)
        most = self.limits.uncompressed_bytes
        if self._plain_size > most:
            # The first byte too many: how far a step goes depends on how it was cut.
            self.limits.check("uncompressed_bytes", most + 1, where=_NAME)
        if self.limits.ratio is not None:
            if self.promised is not None:
                self._check_ratio(self._plain_size, self.promised.size)
            else:
                # What has come in so far says little, so a step more may go out.
                self._check_ratio(self._plain_size - STEP_BYTES, self.intake.offset)
        self.serial.call(self._take, piece)

    def _check_ratio(self, plain: int, stored: int) -> None:
        if plain > 0:
            # Rounded up: a ratio of 10 and a bit is more than 10.
            self.limits.check("ratio", -(-plain // max(stored, 1)), where=_NAME)

    def _take(self, piece: bytes) -> None:
        self.plain.update(piece)
        if self.tap is not None:
            self.tap(piece)

    def _check_size(self) -> None:
        size = self.intake.offset + len(self.intake)
        if self.promised is not None and size < self.promised.size:
            raise SizeMismatchError(
                "fewer bytes than promised",
                where="size",
                expected=self.promised.size,
                actual=size,
            )

    def _verify(self) -> None:
        if self.promised is not None:
            _compare_digests("digest", self.promised.digest, self.stored.digest())
        if self.diff_id is not None:
            _compare_digests("diff_id", self.diff_id, self.plain.digest())


def _compare_digests(where: str, expected: Digest, actual: Digest) -> None:
    if expected != actual:
        raise DigestMismatchError(
            "other bytes than promised", where=where, expected=expected, actual=actual
        )
