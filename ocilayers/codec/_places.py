"""Places inside of a gzip member from which anybody can begin to decode.

That is where a block of deflate data ends on a byte, as a sync flush makes it: all
that counts from there on is what deflate may look back at. pigz, pgzip (and so
skopeo, podman and buildah) and `GzipEncoder` flush so between the blocks that they
deflate at the same time; one deflater at work alone does not.

Law: a place is where zlib itself says that a block would begin, and never a guess.

Source: RFC 1951, sections 2 and 3.2.4; zlib's manual, Z_SYNC_FLUSH.
"""

from __future__ import annotations

import zlib
from typing import Final, Protocol, cast

from ocilayers.codec.deflate import Inflater
from ocilayers.codec.protocols import Checkpoint

__all__ = ["WINDOW_BYTES", "Copyable", "Places", "between_blocks"]

#: The furthest that deflate looks back — RFC 1951, section 2
WINDOW_BYTES: Final = 32 << 10

#: LEN and NLEN of the empty stored block that a sync flush ends with.
_FLUSHED: Final = b"\0\0\xff\xff"
#: The last block, stored and empty.
_LAST_BLOCK: Final = b"\1" + _FLUSHED
#: After so many plain bytes the next one is looked for, since to look costs some time.
_APART_BYTES: Final = 3 << 18
#: Who has not flushed in so many plain bytes does not flush: no more is looked for.
_PATIENCE_BYTES: Final = 6 << 20


class Copyable(Protocol):
    """An inflater that can be copied: zlib's."""

    def copy(self) -> Inflater:
        """Another one in the same state."""
        ...


class Places:
    """Looks for places while a stream is inflated with zlib.

    Args:
        start: Where decoding begins.

    Attributes:
        last: The last place that was found; None before the first.
    """

    def __init__(self, start: Checkpoint) -> None:
        self.last = start if start.portable else None
        self._passed = 0
        self._window = b""
        self._flush = False

    def begin_member(self, place: Checkpoint) -> None:
        """A member begins, which is a place."""
        self.last = place
        self._passed = 0
        self._window = b""

    def cut(self, data: memoryview) -> memoryview:
        """*data* up to the end of the next flush that may be a place, or all of it."""
        found = -1
        if _APART_BYTES <= self._passed < _PATIENCE_BYTES:
            found = bytes(data).find(_FLUSHED)
        self._flush = found >= 0
        return data[: found + len(_FLUSHED)] if self._flush else data

    def passed(self, piece: bytes) -> None:
        """*piece* came out."""
        self._passed += len(piece)
        self._window = (piece if len(piece) >= WINDOW_BYTES else self._window + piece)[
            -WINDOW_BYTES:
        ]

    def look(self, inflater: Inflater, stored_offset: int, plain_offset: int) -> None:
        """*inflater* has used up all that it was given: note it if a block ended."""
        if not self._flush:
            return
        # Content may be full of what looks like flushes, so that it counts as looked.
        self._passed = 0
        if between_blocks(inflater):
            window = self._window[-WINDOW_BYTES:]
            self.last = Checkpoint("gzip", stored_offset, plain_offset, window)


def between_blocks(inflater: Inflater) -> bool:
    """Whether *inflater* waits for a block, at the start of a byte."""
    # An inflater that waits for a block, with no bit in hand, takes these bytes for
    # the last one and gives nothing. In any other state they are something else: some
    # are left, or content comes out, or a code is wrong, or more is asked for.
    trial = cast("Copyable", inflater).copy()
    try:
        content = trial.decompress(_LAST_BLOCK, 1)
    except zlib.error:
        return False
    return trial.eof and not content and not trial.unused_data
