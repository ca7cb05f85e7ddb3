"""Streams to decode, and ways to push them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import Protocol, TypeVar

import zstandard

from ocilayers._types import Buffer

__all__ = [
    "BLOBS",
    "PLAIN",
    "Busy",
    "Pushed",
    "given_before",
    "gzip_member",
    "pieces",
    "pushed",
    "zstd_block",
    "zstd_frame",
]

T = TypeVar("T")

#: Small, but long enough for matches: a file, and the zeros at the end of a tar.
PLAIN = b"".join(b"line %d of a file\n" % i for i in range(40)) + bytes(1024)

BLOBS = {
    "none": PLAIN,
    "gzip": gzip.compress(PLAIN, mtime=0),
    "gzip, two members": gzip.compress(PLAIN[:99], mtime=0)
    + gzip.compress(PLAIN[99:], mtime=0),
    "gzip, stored": gzip.compress(PLAIN, 0, mtime=0),
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress(PLAIN),
    "zstd, two frames and a skippable one": zstandard.compress(PLAIN[:99])
    + b"\x5f\x2a\x4d\x18\x03\0\0\0any"
    + zstandard.ZstdCompressor(write_checksum=True).compress(PLAIN[99:]),
}
"""One plain stream, stored in several ways; the name begins with the compression."""


class Pushed(Protocol):
    """Whatever is pushed."""

    def feed(self, chunk: Buffer, /) -> Iterator[bytes]: ...

    def finish(self) -> list[bytes]: ...


def pieces(stream: Pushed, chunks: Iterable[Buffer]) -> list[bytes]:
    """Everything that *stream* makes of *chunks*, step by step."""
    given = [piece for chunk in chunks for piece in stream.feed(chunk)]
    return given + stream.finish()


def pushed(stream: Pushed, *chunks: Buffer) -> bytes:
    """Everything that *stream* makes of *chunks*."""
    return b"".join(pieces(stream, chunks))


def gzip_member(
    data: bytes = b"", *, flags: int = 0, extra: bytes = b"", method: int = 8
) -> bytes:
    """A member with any header: *extra* is what *flags* announce."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = deflater.compress(data) + deflater.flush()
    trailer = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    head = b"\x1f\x8b" + bytes((method, flags)) + bytes(5) + b"\xff"
    return head + extra + body + trailer


def zstd_block(
    data: bytes = b"", *, kind: int = 0, size: int | None = None, last: bool = True
) -> bytes:
    """A block with any header."""
    size = len(data) if size is None else size
    return (size << 3 | kind << 1 | last).to_bytes(3, "little") + data


def zstd_frame(*blocks: bytes, header: bytes = b"\0\x58") -> bytes:
    """A frame with any header: by default a window of 2 MiB, and nothing else."""
    return b"\x28\xb5\x2f\xfd" + header + b"".join(blocks)


def given_before(
    error: type[BaseException], steps: Iterable[bytes]
) -> tuple[int, BaseException]:
    """How many bytes *steps* gave before they raised *error*, and that error."""
    given = 0
    try:
        for piece in steps:
            given += len(piece)
    except error as raised:
        return given, raised
    raise AssertionError(f"{error.__name__} was not raised")


class Busy(Executor):
    """An executor whose workers never come."""

    def __init__(self) -> None:
        self.futures: list[Future[object]] = []

    def submit(
        self, _function: Callable[..., T], /, *_: object, **__: object
    ) -> Future[T]:
        future: Future[T] = Future()
        self.futures.append(future)  # type: ignore[arg-type]  # of any result
        return future
