"""The caller's streams: asked for `read(n)` alone, held to it, never closed.

Law: an error that the caller's own stream raises passes through unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Protocol, TypeVar, runtime_checkable

from ocilayers._types import Buffer, SupportsRead
from ocilayers.errors import SourceError

__all__ = [
    "CHUNK_BYTES",
    "OwnedStream",
    "ask",
    "chunks",
    "read_some",
    "read_up_to",
    "release",
    "start_at",
]

A = TypeVar("A")
T = TypeVar("T")

#: Larger chunks are slower for zlib, smaller ones for everything else.
CHUNK_BYTES: Final = 256 << 10


@runtime_checkable
class _SupportsSeek(Protocol):
    def seek(self, offset: int, /) -> object: ...


class _File(SupportsRead, Protocol):
    def seek(self, offset: int, /) -> int: ...
    def close(self) -> None: ...


class OwnedStream:
    """A file that this library opened for itself, and so closes.

    Args:
        file: Seekable, at its start.
    """

    def __init__(self, file: _File) -> None:
        self._file = file

    def read(self, size: int, /) -> Buffer:
        """At most *size* bytes; empty at the end."""
        return self._file.read(size)

    def seek(self, offset: int, /) -> int:
        """Go to *offset*, in bytes from the start."""
        return self._file.seek(offset)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def release(stream: SupportsRead) -> None:
    """Close *stream* if this library opened it; a caller's stream is left alone."""
    if isinstance(stream, OwnedStream):
        stream.close()


def ask(function: Callable[[A], T], argument: A, name: str) -> T:
    """Call what the caller gave, called *name* in errors.

    Raises:
        SourceError: It raised StopIteration, which a generator takes for an end.
    """
    try:
        return function(argument)
    except StopIteration as stop:
        raise SourceError(f"{name} raised StopIteration") from stop


def read_some(stream: SupportsRead, size: int) -> Buffer:
    """Read once: at most *size* bytes, empty only at the end.

    Raises:
        SourceError: The stream gave None (it does not block), text, or too much,
            or raised StopIteration; or it is none.
    """
    try:
        read = stream.read
    except AttributeError as no_stream:
        raise SourceError(
            "the source has no read(): open a file, or put the bytes into io.BytesIO",
            expected="a stream of bytes",
            actual=type(stream).__name__,
        ) from no_stream
    chunk = ask(read, size, "the source's read()")
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
            ask(progress, length, "the callback for progress")
        yield chunk


def read_up_to(stream: SupportsRead, size: int) -> bytes:
    """Read *size* bytes, fewer only where the stream ends."""
    parts = bytearray()
    while len(parts) < size:
        part = memoryview(read_some(stream, min(size - len(parts), CHUNK_BYTES)))
        if not part.nbytes:
            break
        parts += part
    return bytes(parts)


def start_at(stream: SupportsRead, offset: int) -> None:
    """Bring a fresh *stream* to *offset*: by seeking if it can, else by reading.

    Raises:
        SourceError: The stream ends before.
    """
    if isinstance(stream, _SupportsSeek):
        stream.seek(offset)
        return
    left = offset
    while left:
        length = memoryview(read_some(stream, min(left, CHUNK_BYTES))).nbytes
        if not length:
            raise SourceError(
                "the source is shorter than when it was first read",
                expected=f"at least {offset} bytes",
                actual=f"{offset - left} bytes",
            )
        left -= length
