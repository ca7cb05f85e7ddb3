"""What every decoder and encoder here has in common.

Law: bytes come in by `feed`, in pieces of any length, and come out in steps of at
most `STEP_BYTES`; nothing is ever decoded ahead of what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

import attrs

from ocilayers._types import Buffer
from ocilayers.spec.media_types import Compression

__all__ = ["STEP_BYTES", "Checkpoint", "Decoder", "Encoder"]

#: Most bytes that one step gives, and so the most by which a limit is overshot.
STEP_BYTES: Final = 128 << 10


@attrs.frozen(eq=False)
class Checkpoint:
    """A place in a stored stream from which decoding can begin again.

    Attributes:
        compression: How the stream is compressed.
        stored_offset: Of the next stored byte to feed, in bytes.
        plain_offset: Of the first plain byte that comes out then, in bytes.
        state: What the decoder has to remember: an inflater; the bytes that deflate may
            look back at; or None at the start of a gzip member or zstd frame, and
            anywhere in a plain stream.
    """

    compression: Compression
    stored_offset: int
    plain_offset: int
    state: object = attrs.field(default=None, repr=False)

    @property
    def portable(self) -> bool:
        """Whether it can be pickled or written down: it is numbers and bytes."""
        return self.state is None or isinstance(self.state, bytes)


class Encoder(Protocol):
    """Plain bytes in, stored bytes out."""

    def feed(self, chunk: Buffer, /) -> Iterator[bytes]:
        """Take the next bytes; give what can be given of them, step by step.

        The bytes are taken at once, the work is done while the iterator is used.
        What it has not given yet, the next `feed` or `finish` gives first.

        Raises:
            CodecError: It has been finished, or an earlier error ended it.
        """
        ...

    def finish(self) -> list[bytes]:
        """Say that no more will come; give everything that is left.

        Raises:
            CodecError: It has been finished, or an earlier error ended it.
        """
        ...


class Decoder(Protocol):
    """Stored bytes in, plain bytes out."""

    def feed(self, chunk: Buffer, /) -> Iterator[bytes]:
        """Take the next bytes; give what can be given of them, step by step.

        The bytes are taken at once, the work is done while the iterator is used.
        What it has not given yet, the next `feed` or `finish` gives first.

        Raises:
            CorruptStreamError: The stream breaks the rules of its format.
            TrailingDataError: Something follows the end of the stream.
            LimitExceededError: It costs more than is allowed.
            CodecError: It has been finished, or an earlier error ended it.
        """
        ...

    def finish(self) -> list[bytes]:
        """Say that no more will come; give everything that is left, all checked.

        Raises:
            TruncatedStreamError: Something is missing.
            CodecError: As `feed` does.
        """
        ...

    def checkpoint(self) -> Checkpoint | None:
        """The last place, at or before here, from which decoding can begin again."""
        ...

    def portable_checkpoint(self) -> Checkpoint | None:
        """The last such place that can be written down."""
        ...
