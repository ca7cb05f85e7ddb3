"""zstd: frames in a row, each of blocks, with skippable frames between.

Law: frames and blocks are counted here; the library only decompresses whole blocks,
at most one step at once. So what is cut off is missed, and no step is longer than a
step. The library alone says nothing when a stream ends too early.

Source: RFC 8878, section 3.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import BinaryIO, Final, Protocol, cast

from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError

from ocilayers.codec._intake import Intake
from ocilayers.codec._push import Push, Steps, sliced
from ocilayers.codec._zstd_frame import (
    BLOCK_HEADER_BYTES,
    FrameHeader,
    block_bytes,
    is_last_block,
    whole_blocks,
)
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint
from ocilayers.errors import CodecError, CorruptStreamError, TrailingDataError
from ocilayers.limits import Limits

__all__ = [
    "HIGHEST_LEVEL",
    "USUAL_LEVEL",
    "ZSTD_MAGIC",
    "ZstdDecoder",
    "ZstdEncoder",
    "is_skippable",
]

#: Magic_Number, 0xFD2FB528 in little-endian order — RFC 8878, section 3.1.1
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"

_NAME: Final = "zstd stream"
_MAGIC_BYTES: Final = 4
_CHECKSUM_BYTES: Final = 4
#: 0x184D2A50 to 0x184D2A5F — RFC 8878, section 3.1.2
_SKIPPABLE: Final = b"\x2a\x4d\x18"
_SKIPPABLE_NIBBLE: Final = 5
#: The most that the library takes; `Limits.zstd_window` is checked before it.
_LIBRARY_WINDOW: Final = 1 << 31
#: Fed to the library at once, whole blocks.
_PIECE_BYTES: Final = 256 << 10
USUAL_LEVEL: Final = 3
"""Where none is asked for."""

HIGHEST_LEVEL: Final = 22
"""Of the library."""


def is_skippable(magic: bytes) -> bool:
    """Whether *magic* is the mark of a skippable frame."""
    return magic[1:] == _SKIPPABLE and magic[0] >> 4 == _SKIPPABLE_NIBBLE


class ZstdDecoder(Push):
    """zstd frames in, plain bytes out.

    >>> import zstandard
    >>> decoder = ZstdDecoder()
    >>> b"".join(decoder.feed(zstandard.compress(b"hello"))), decoder.finish()
    (b'hello', [])

    Args:
        limits: `limits.zstd_window` is the largest window a frame may ask for.
        at: Where to begin: the start of a frame.

    Raises:
        CorruptStreamError: A frame, a block or a checksum is wrong.
        TrailingDataError: Something follows the last frame.
        TruncatedStreamError: `finish()` came inside a frame, or before the first.
        LimitExceededError: A frame asks for too large a window.
    """

    def __init__(
        self, *, limits: Limits | None = None, at: Checkpoint | None = None
    ) -> None:
        start = at or Checkpoint("zstd", 0, 0)
        intake = Intake(_NAME, start.stored_offset)
        self._frames = _Frames(intake, limits or Limits(), start)
        super().__init__(intake, self._frames.run())

    def checkpoint(self) -> Checkpoint:
        """The start of the frame that is being decoded."""
        return self._frames.start

    portable_checkpoint = checkpoint


class _FrameReader(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Fed:
    """What the library reads from: like a socket, it may have nothing for now."""

    def __init__(self) -> None:
        self.data: bytes | memoryview = b""

    def read(self, _size: int, /) -> bytes | memoryview:
        data, self.data = self.data, b""
        if not data:
            # No bytes would be the end, and it is not for the library to see one.
            raise BlockingIOError
        return data


class _Frames:
    def __init__(self, intake: Intake, limits: Limits, start: Checkpoint) -> None:
        self.start = start
        self._intake = intake
        self._limits = limits
        self._plain_offset = start.plain_offset
        self._fed = _Fed()
        self._library = ZstdDecompressor(max_window_size=_LIBRARY_WINDOW)

    def run(self) -> Steps:
        magic = yield from self._read_magic(first=True)
        while magic:
            if magic == ZSTD_MAGIC:
                self.start = Checkpoint("zstd", self._intake.offset, self._plain_offset)
                yield from self._read_frame()
            else:
                yield from self._skip_frame()
            magic = yield from self._read_magic(first=False)

    def _read_magic(self, *, first: bool) -> Generator[bytes, None, bytes]:
        """The mark of the next frame, which goes on waiting; empty after the last."""
        intake = self._intake
        while len(intake) < _MAGIC_BYTES and not intake.ended:
            yield b""
        magic = intake.peek(_MAGIC_BYTES)
        if magic == ZSTD_MAGIC or is_skippable(magic) or not (magic or first):
            return magic
        if _is_cut(magic):
            yield from intake.wait(_MAGIC_BYTES, "a zstd frame")
        if first:
            raise self._corrupt("no zstd frame begins here")
        raise TrailingDataError(
            "something follows the last frame", where=_NAME, offset=intake.offset
        )

    def _skip_frame(self) -> Iterator[bytes]:
        intake = self._intake
        yield from intake.wait(8, "a skippable frame")
        left = int.from_bytes(intake.take(8)[_MAGIC_BYTES:], "little")
        while left:
            yield from intake.wait(1, "a skippable frame")
            length = min(left, len(intake))
            intake.skip(length)
            left -= length

    def _read_frame(self) -> Iterator[bytes]:
        intake = self._intake
        yield from intake.wait(_MAGIC_BYTES + 1, "a frame header")
        length = _MAGIC_BYTES + FrameHeader.length(intake.peek(5)[_MAGIC_BYTES])
        yield from intake.wait(length, "a frame header")
        header = FrameHeader.parse(intake.peek(length)[_MAGIC_BYTES:])
        self._check(header)
        # It asks for no more than read(), and gives no more than read1() asks for.
        reader = self._library.stream_reader(cast("BinaryIO", self._fed))
        frame = cast("_FrameReader", reader)
        yield from self._decompress(frame, length)
        last = False
        while not last:
            length, last = yield from self._wait_for_blocks()
            yield from self._decompress(frame, length)
        if header.checksum:
            yield from intake.wait(_CHECKSUM_BYTES, "a checksum")
            yield from self._decompress(frame, _CHECKSUM_BYTES)
        plain = self._plain_offset - self.start.plain_offset
        # The library forgets to look when the last block is empty.
        if header.content not in {None, plain}:
            raise self._corrupt(
                "a frame of another size than it says",
                expected=header.content,
                actual=plain,
            )

    def _wait_for_blocks(self) -> Generator[bytes, None, tuple[int, bool]]:
        """How long the blocks are that wait, and whether the last is among them."""
        intake = self._intake
        length, last = whole_blocks(intake.head(_PIECE_BYTES))
        if length:
            return length, last
        # None has come as a whole, or one that lies in several chunks.
        yield from intake.wait(BLOCK_HEADER_BYTES, "a block header")
        header = int.from_bytes(intake.peek(BLOCK_HEADER_BYTES), "little")
        length = block_bytes(header)
        if not length:
            raise self._corrupt("a block of a type or size that is not allowed")
        yield from intake.wait(length, "a block")
        return length, is_last_block(header)

    def _check(self, header: FrameHeader) -> None:
        if header.reserved:
            raise self._corrupt("a frame header with a reserved bit set")
        if header.dictionary:
            raise self._corrupt(f"a frame that needs dictionary {header.dictionary}")
        # Before the library allocates it.
        self._limits.check(
            "zstd_window", header.window, where=_NAME, offset=self._intake.offset
        )

    def _decompress(self, frame: _FrameReader, length: int) -> Steps:
        self._fed.data = self._intake.take_view(length)
        while piece := self._step(frame):
            self._plain_offset += len(piece)
            yield piece

    def _step(self, frame: _FrameReader) -> bytes:
        try:
            return frame.read1(STEP_BYTES)
        except BlockingIOError:
            return b""
        except ZstdError as error:
            # Where exactly, depends on how the stream was cut.
            raise CorruptStreamError(
                f"a frame cannot be decompressed ({error})",
                where=_NAME,
                offset=self.start.stored_offset,
            ) from error

    def _corrupt(
        self, message: str, *, expected: object = None, actual: object = None
    ) -> CorruptStreamError:
        return CorruptStreamError(
            message,
            where=_NAME,
            expected=expected,
            actual=actual,
            offset=self._intake.offset,
        )


def _is_cut(head: bytes) -> bool:
    """Whether *head* is the beginning of a mark, and not all of it."""
    return ZSTD_MAGIC.startswith(head) or is_skippable(
        head + _SKIPPABLE[len(head) - 1 :]
    )


class ZstdEncoder(Push):
    """Plain bytes in, one zstd frame with a checksum out.

    The bytes depend on the plain bytes, the library's version and the level; never
    on how the input was cut.

    >>> encoder = ZstdEncoder()
    >>> stored = b"".join([*encoder.feed(b"hello"), *encoder.finish()])
    >>> decoder = ZstdDecoder()
    >>> list(decoder.feed(stored))
    [b'hello']

    Args:
        level: 3 of 1 to 22.

    Raises:
        CodecError: There is no such level.
    """

    def __init__(self, *, level: int | None = None) -> None:
        level = USUAL_LEVEL if level is None else level
        if not 1 <= level <= HIGHEST_LEVEL:
            raise CodecError(
                "zstd has no such level",
                expected=f"1 to {HIGHEST_LEVEL}",
                actual=level,
            )
        intake = Intake(_NAME)
        super().__init__(intake, _compress(intake, level))


def _compress(intake: Intake, level: int) -> Steps:
    frame = ZstdCompressor(level=level, write_checksum=True).compressobj()
    while True:
        # Always the same cuts, so that the caller's cannot show.
        while len(intake) < STEP_BYTES and not intake.ended:
            yield b""
        if not len(intake):
            break
        block = intake.take(min(len(intake), STEP_BYTES))
        yield from sliced(frame.compress(block))
    yield from sliced(frame.flush())
