"""`Framing`: all of a tar that is no content, so that it can be made again.

A diff_id is of the tar's bytes, and no two writers write the same bytes for the
same entries. Whoever takes a layer apart and wants to put together the very same
layer keeps its framing beside the contents, as tar-split does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import attrs

from ocilayers._types import Buffer, as_bytes
from ocilayers.errors import TarError

__all__ = ["Framing", "Piece", "reassemble"]

Piece: TypeAlias = bytes | int
"""Bytes of a tar, or room for content; see `Framing.pieces`."""


@attrs.frozen
class Framing:
    """What a tar holds around its contents. Made by `TarDecoder`, pickles.

    Attributes:
        pieces: In order: bytes as they stand in the tar; `n`, where *n* bytes of
            content stand; `-n`, where *n* zeros of content are left out, because
            the file is sparse.
    """

    pieces: tuple[Piece, ...] = attrs.field(repr=False)

    @property
    def size(self) -> int:
        """Of the whole tar, in bytes."""
        return sum(
            max(piece, 0) if isinstance(piece, int) else len(piece)
            for piece in self.pieces
        )

    @property
    def content_size(self) -> int:
        """Of all contents together, holes of sparse files included, in bytes."""
        return sum(abs(piece) for piece in self.pieces if isinstance(piece, int))


def reassemble(framing: Framing, contents: Iterable[Buffer]) -> Iterator[bytes]:
    """Put a tar together again, bit for bit.

    >>> from ocilayers.tar.decoder import TarDecoder
    >>> from ocilayers.tar.encoder import TarEncoder
    >>> from ocilayers.tar.entry import Entry
    >>> encoder, decoder = TarEncoder(), TarDecoder(framing=True)
    >>> entry = Entry("a", "file", content=b"text")
    >>> tar = b"".join([*encoder.feed(entry), *encoder.finish()])
    >>> events = [*decoder.feed(tar), *decoder.finish()]
    >>> content = [event for event in events if isinstance(event, bytes)]
    >>> b"".join(reassemble(decoder.framing, content)) == tar
    True

    Args:
        framing: What its decoder kept.
        contents: The contents of all its files in their order, in pieces of any
            length: exactly what the decoder gave.

    Yields:
        The tar.

    Raises:
        TarError: There is more or less content than the framing has room for, or
            something other than zeros where a sparse file has a hole.
    """
    source = _Contents(contents)
    for piece in framing.pieces:
        if isinstance(piece, bytes):
            yield piece
        elif piece > 0:
            yield from source.take(piece)
        else:
            for chunk in source.take(-piece):
                if chunk.strip(b"\0"):
                    raise TarError("there is content where the file has a hole")
    if source.more():
        raise TarError("there is more content than the framing has room for")


class _Contents:
    """Contents of any lengths, asked for by length."""

    def __init__(self, contents: Iterable[Buffer]) -> None:
        self._chunks = iter(contents)
        self._chunk = b""
        self._start = 0

    def take(self, size: int) -> Iterator[bytes]:
        while size:
            if not self.more():
                raise TarError("there is less content than the framing has room for")
            piece = self._chunk[self._start : self._start + size]
            self._start += len(piece)
            size -= len(piece)
            yield piece

    def more(self) -> bool:
        while self._start == len(self._chunk):
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self._chunk, self._start = as_bytes(chunk), 0
        return True
