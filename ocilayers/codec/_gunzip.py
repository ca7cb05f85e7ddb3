"""The members of a gzip stream: each a header, deflate data and a trailer.

Law: the member loop, the headers and the trailers are read here; a library only
inflates. So every library accepts the same streams, but that isal takes deflate codes
that are not complete, where the checksum holds; zlib refuses them.

Source: RFC 1952, sections 2.2 and 2.3.
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Iterator
from typing import Final, cast

from ocilayers.codec._intake import Intake
from ocilayers.codec._places import Copyable, Places
from ocilayers.codec._push import Steps
from ocilayers.codec.deflate import DeflateLibrary, Inflater
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint
from ocilayers.codec.rules import GZIP_PADDING, GZIP_RESERVED_FLAGS
from ocilayers.codec.serial import Serial
from ocilayers.errors import CorruptStreamError, TrailingDataError
from ocilayers.findings import FindingLog

__all__ = ["GZIP_MAGIC", "NAME", "TRAILER", "Members"]

#: ID1, ID2 — RFC 1952, section 2.3.1
GZIP_MAGIC: Final = b"\x1f\x8b"
#: CRC32, ISIZE — RFC 1952, section 2.3.1
TRAILER: Final = struct.Struct("<II")
NAME: Final = "gzip stream"

_DEFLATE: Final = 8
_FHCRC, _FEXTRA, _FNAME, _FCOMMENT, _RESERVED = 2, 4, 8, 16, 0xE0
_HEADER_BYTES: Final = 10
_MOD_32: Final = (1 << 32) - 1

#: Fed to the inflater at once: what it leaves of it is copied at every step.
_PIECE_BYTES: Final = 64 << 10


class Members:
    """The members of one stream, one after another."""

    def __init__(
        self,
        intake: Intake,
        log: FindingLog,
        library: DeflateLibrary,
        checks: Serial,
        start: Checkpoint,
        *,
        places: Places | None,
    ) -> None:
        self._intake = intake
        self._log = log
        self._library = library
        self._checks = checks
        self._start = start
        self._places = places
        self._plain_offset = start.plain_offset
        self._inflater: Inflater | None = None
        self._crc = 0

    def checkpoint(self) -> Checkpoint:
        inflater = self._inflater
        if inflater is None or not hasattr(inflater, "copy"):
            return self._start
        return Checkpoint(
            "gzip",
            self._intake.offset,
            self._plain_offset,
            cast("Copyable", inflater).copy(),
        )

    def portable_checkpoint(self) -> Checkpoint | None:
        if self._places is not None:
            return self._places.last
        return self._start if self._start.portable else None

    def run(self) -> Steps:
        if self._start.state is not None:
            yield from self._inflate(self._resumed(self._start.state))
            yield from self._intake.wait(TRAILER.size, "a gzip trailer")
            self._intake.skip(TRAILER.size)
            # Of this member not everything was seen, so there is nothing to compare.
            self._checks.call(self._forget)
            if not (yield from self._another()):
                return
        while True:
            self._start = Checkpoint("gzip", self._intake.offset, self._plain_offset)
            if self._places is not None:
                self._places.begin_member(self._start)
            yield from self._read_header()
            yield from self._inflate(self._library.inflater(b""))
            yield from self._read_trailer()
            if not (yield from self._another()):
                return

    def _resumed(self, state: object) -> Inflater:
        if isinstance(state, bytes):
            return self._library.inflater(state)
        return cast("Copyable", state).copy()

    def _read_header(self) -> Iterator[bytes]:
        intake = self._intake
        yield from intake.wait(len(GZIP_MAGIC), "a gzip header")
        if intake.peek(len(GZIP_MAGIC)) != GZIP_MAGIC:
            raise self._corrupt("no gzip member begins here")
        yield from intake.wait(_HEADER_BYTES, "a gzip header")
        offset = intake.offset
        fixed = intake.peek(_HEADER_BYTES)
        method, flags = fixed[2], fixed[3]
        if method != _DEFLATE:
            raise self._corrupt(
                "an unknown method of compression", expected=_DEFLATE, actual=method
            )
        intake.skip(_HEADER_BYTES)
        if flags & _RESERVED:
            self._log.add(GZIP_RESERVED_FLAGS, NAME, offset=offset)
        crc = self._library.crc32(fixed, 0)
        if flags & _FEXTRA:
            crc = yield from self._skip_extra(crc)
        # The original file's name and a comment, which say nothing about a layer.
        for flag in (_FNAME, _FCOMMENT):
            if flags & flag:
                crc = yield from self._skip_text(crc)
        if flags & _FHCRC:
            yield from self._check_header(crc)

    def _check_header(self, crc: int) -> Iterator[bytes]:
        # "The CRC16 consists of the two least significant bytes of the CRC32 for all
        # bytes of the gzip header up to and not including the CRC16."
        yield from self._intake.wait(2, "a gzip header")
        found = int.from_bytes(self._intake.peek(2), "little")
        if found != crc & 0xFFFF:
            raise self._corrupt(
                "the checksum of a header is wrong",
                expected=found,
                actual=crc & 0xFFFF,
            )
        self._intake.skip(2)

    def _skip_extra(self, crc: int) -> Generator[bytes, None, int]:
        yield from self._intake.wait(2, "a gzip header")
        length = self._intake.take(2)
        left = int.from_bytes(length, "little")
        yield from self._intake.wait(left, "a gzip header")
        return self._library.crc32(
            self._intake.take(left), self._library.crc32(length, crc)
        )

    def _skip_text(self, crc: int) -> Generator[bytes, None, int]:
        # It may be of any length, so it is not collected.
        while True:
            yield from self._intake.wait(1, "a gzip header")
            data = bytes(self._intake.head(STEP_BYTES))
            end = data.find(0) + 1
            data = data[: end or None]
            self._intake.skip(len(data))
            crc = self._library.crc32(data, crc)
            if end:
                return crc

    def _inflate(self, inflater: Inflater) -> Iterator[bytes]:
        self._inflater = inflater
        more = False
        while not inflater.eof:
            if not more:
                yield from self._intake.wait(1, "a gzip member")
            piece = self._step(inflater)
            # A full step may have more behind it that needs no more input.
            more = len(piece) == STEP_BYTES
            if piece:
                self._checks.call(self._add, piece)
                yield piece
        self._inflater = None

    def _step(self, inflater: Inflater) -> bytes:
        intake, places = self._intake, self._places
        data = intake.head(_PIECE_BYTES)
        if places is not None:
            data = places.cut(data)
        try:
            piece = inflater.decompress(data, STEP_BYTES)
        except self._library.error as error:
            # Where exactly, depends on how the stream was cut.
            raise CorruptStreamError(
                f"a member cannot be inflated ({error})",
                where=NAME,
                offset=self._start.stored_offset,
            ) from error
        left = _left_by(inflater)
        ahead = len(left) - len(data)
        if ahead > 0:
            # isal reads ahead, and at the end gives back what came before *data*.
            intake.put_back(left[:ahead])
        else:
            intake.skip(-ahead)
        self._plain_offset += len(piece)
        if places is not None:
            places.passed(piece)
            if not left and not inflater.eof:
                places.look(inflater, intake.offset, self._plain_offset)
        return piece

    def _add(self, piece: bytes) -> None:
        self._crc = self._library.crc32(piece, self._crc)

    def _forget(self) -> None:
        self._crc = 0

    def _read_trailer(self) -> Iterator[bytes]:
        yield from self._intake.wait(TRAILER.size, "a gzip trailer")
        offset = self._intake.offset
        trailer = self._intake.take(TRAILER.size)
        length = self._plain_offset - self._start.plain_offset
        self._checks.call(self._verify, trailer, length, offset)

    def _verify(self, trailer: bytes, length: int, offset: int) -> None:
        expected, expected_length = TRAILER.unpack(trailer)
        crc, self._crc = self._crc, 0
        if crc != expected:
            raise CorruptStreamError(
                "the checksum of a member is wrong",
                where=NAME,
                expected=f"{expected:08x}",
                actual=f"{crc:08x}",
                offset=offset,
            )
        # ISIZE is "the size of the original input data modulo 2^32".
        if length & _MOD_32 != expected_length:
            raise CorruptStreamError(
                "the length of a member is wrong",
                where=NAME,
                expected=expected_length,
                actual=length & _MOD_32,
                offset=offset,
            )

    def _another(self) -> Generator[bytes, None, bool]:
        """Whether another member follows: only zeros, or nothing, may stand instead."""
        intake = self._intake
        while len(intake) < len(GZIP_MAGIC) and not intake.ended:
            yield b""
        head = intake.peek(len(GZIP_MAGIC))
        if not head:
            return False
        if not head[0]:
            yield from self._skip_padding()
            return False
        if not GZIP_MAGIC.startswith(head):
            raise self._trailing()
        return True

    def _skip_padding(self) -> Iterator[bytes]:
        self._log.add(GZIP_PADDING, NAME, offset=self._intake.offset)
        while True:
            data = bytes(self._intake.head(STEP_BYTES))
            zeros = len(data) - len(data.lstrip(b"\0"))
            self._intake.skip(zeros)
            if zeros < len(data):
                raise self._trailing()
            if not data:
                if self._intake.ended:
                    return
                yield b""

    def _corrupt(
        self, message: str, *, expected: object = None, actual: object = None
    ) -> CorruptStreamError:
        return CorruptStreamError(
            message,
            where=NAME,
            expected=expected,
            actual=actual,
            offset=self._intake.offset,
        )

    def _trailing(self) -> TrailingDataError:
        return TrailingDataError(
            "something follows the last member",
            where=NAME,
            offset=self._intake.offset,
        )


def _left_by(inflater: Inflater) -> bytes:
    # CPython leaves both set at the end, so only one of them counts.
    return inflater.unused_data if inflater.eof else inflater.unconsumed_tail
