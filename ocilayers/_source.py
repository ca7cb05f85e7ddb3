"""The caller's streams: asked for `read(n)` alone, held to it, never closed.

Law: an error that the caller's own stream raises passes through unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ocilayers._types import Buffer, SupportsRead
from ocilayers.errors import SourceError

__all__ = ["CHUNK_BYTES", "chunks", "read_some"]

#: Larger chunks are slower for zlib, smaller ones for everything else.
CHUNK_BYTES: Final = 256 << 10


def read_some(stream: SupportsRead, size: int) -> Buffer:
    """Read once: at most *size* bytes, empty only at the end.

    Raises:
        SourceError: The stream gave None (it does not block), text, or too much,
            or ended with StopIteration, which would end a generator silently.
    """
    try:
        chunk = stream.read(size)
    except StopIteration as stop:
        raise SourceError("the source's read() raised StopIteration") from stop
    try:
        length = memoryview(chunk).nbytes
    except TypeError as wrong_type:
        raise SourceError(
            "the source's read() gave no bytes (None is what a source gives that"
            " does not block)",
            expected="bytes",
            actual=type(chunk).__name__,
        ) from wrong_type
    if length > size:
        raise SourceError(
            "the source's read() gave more than it was asked for",
            expected=f"at most {size} bytes",
            actual=f"{length} bytes",
        )
    return chunk


def chunks(
    stream: SupportsRead, *, progress: Callable[[int], object] | None = None
) -> Iterator[Buffer]:
    """Read *stream* to its end, chunk by chunk.

    Args:
        stream: Where the bytes come from.
        progress: Told how many bytes each read gave.
    """
    while True:
        chunk = read_some(stream, CHUNK_BYTES)
        length = memoryview(chunk).nbytes
        if not length:
            return
        if progress is not None:
            progress(length)
        yield chunk
