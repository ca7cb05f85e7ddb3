"""gzip: members in a row, read with every check and written without a trace.

Source: RFC 1952.
"""

from __future__ import annotations

import zlib
from concurrent.futures import Executor
from typing import Final

from ocilayers.codec._gunzip import GZIP_MAGIC, NAME, TRAILER, Members
from ocilayers.codec._intake import Intake
from ocilayers.codec._places import WINDOW_BYTES, Places
from ocilayers.codec._push import Push, Steps, sliced
from ocilayers.codec.deflate import ZLIB, DeflateLibrary, fastest_inflate
from ocilayers.codec.protocols import Checkpoint
from ocilayers.codec.serial import Ordered, Serial
from ocilayers.findings import FindingLog

__all__ = ["GZIP_MAGIC", "GzipDecoder", "GzipEncoder"]

#: No name, no time, no extra flags, an unknown system: the same on every machine.
_HEADER: Final = GZIP_MAGIC + b"\x08\0" + bytes(4) + b"\0\xff"
#: Deflated on its own, with what comes before it as the dictionary.
_BLOCK_BYTES: Final = 256 << 10


class GzipDecoder(Push):
    """gzip members in, plain bytes out.

    Every header, checksum and length is verified. Zeros after the last member and
    reserved flags are findings; anything else after it is an error.

    >>> import gzip
    >>> decoder = GzipDecoder()
    >>> b"".join(decoder.feed(gzip.compress(b"hello"))), decoder.finish()
    (b'hello', [])

    Args:
        log: Where findings go.
        library: Who inflates; by default the fastest that is installed.
        checks: Who computes checksums: a `Serial` with an executor computes them
            beside the thread that inflates. What they find comes up later then.
        at: Where to begin. The member that it lies in is not verified.
        checkpoints: Decode with zlib, and look for places inside of members from which
            decoding can begin again.

    Raises:
        CorruptStreamError: A header, the deflate data or a checksum is wrong.
        TrailingDataError: Something follows the last member.
        TruncatedStreamError: `finish()` came inside a member, or before the first.
    """

    def __init__(
        self,
        *,
        log: FindingLog | None = None,
        library: DeflateLibrary | None = None,
        checks: Serial | None = None,
        at: Checkpoint | None = None,
        checkpoints: bool = False,
    ) -> None:
        start = at or Checkpoint("gzip", 0, 0)
        intake = Intake(NAME, start.stored_offset)
        only_zlib = checkpoints or not start.portable
        self._members = Members(
            intake,
            log or FindingLog(),
            library or (ZLIB if only_zlib else fastest_inflate()),
            checks or Serial(),
            start,
            places=Places(start) if checkpoints else None,
        )
        super().__init__(intake, self._members.run())

    def checkpoint(self) -> Checkpoint:
        """The last place, at or before here, from which decoding can begin again.

        With zlib that is right here; libraries that cannot copy an inflater can only
        begin again at the start of a member.
        """
        return self._members.checkpoint()

    def portable_checkpoint(self) -> Checkpoint | None:
        """The last such place that can be written down.

        The start of a member or, where they are looked for, a flush in it.
        """
        return self._members.portable_checkpoint()


class GzipEncoder(Push):
    """Plain bytes in, one gzip member out.

    The bytes depend on the plain bytes, the library with its version, and the level;
    never on how the input was cut, on the executor, or on the machine.

    >>> encoder = GzipEncoder()
    >>> stored = [*encoder.feed(b"hello"), *encoder.finish()]
    >>> import gzip
    >>> gzip.decompress(b"".join(stored))
    b'hello'

    Args:
        level: Of the library; 6 of 0 to 9 for zlib.
        library: Who deflates. Another one gives other bytes.
        executor: Whose workers deflate blocks at the same time.

    Raises:
        CodecError: The library has no such level.
    """

    def __init__(
        self,
        *,
        level: int | None = None,
        library: DeflateLibrary = ZLIB,
        executor: Executor | None = None,
    ) -> None:
        intake = Intake(NAME)
        steps = _compress(intake, library, library.level(level), Ordered(executor))
        super().__init__(intake, steps)


def _compress(
    intake: Intake, library: DeflateLibrary, level: int, blocks: Ordered[bytes]
) -> Steps:
    yield _HEADER
    crc, length, window, last = 0, 0, b"", False
    try:
        while not last:
            while len(intake) < _BLOCK_BYTES and not intake.ended:
                yield b""
            # The last one is always shorter, and may be empty.
            last = len(intake) < _BLOCK_BYTES
            block = intake.take(min(len(intake), _BLOCK_BYTES))
            crc = library.crc32(block, crc)
            length += len(block)
            for done in blocks.call(_deflate, library, level, window, block, last=last):
                yield from sliced(done)
            window = block[-WINDOW_BYTES:]
        for done in blocks.drain():
            yield from sliced(done)
    finally:
        blocks.abandon()
    yield TRAILER.pack(crc, length & 0xFFFFFFFF)


def _deflate(
    library: DeflateLibrary, level: int, window: bytes, block: bytes, *, last: bool
) -> bytes:
    deflater = library.deflater(level, window)
    # A sync flush ends the block on a byte, so that the next one can follow it.
    mode = zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH
    return deflater.compress(block) + deflater.flush(mode)
