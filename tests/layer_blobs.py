"""One small layer, stored in several ways, and streams that behave in several."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from typing import Final

import zstandard
from layers import tar_of
from tar_blocks import END, GNU, header, octal

from ocilayers.tar.entry import Entry, Kind

__all__ = ["BLOBS", "ENTRIES", "FILES", "TAR", "Dribble", "Pipe", "sparse_tar"]

ENTRIES: Final = (
    Entry("etc", Kind.DIRECTORY),
    Entry("etc/motd", Kind.FILE, content=b"hello"),
    Entry("etc/empty", Kind.FILE, content=b""),
    Entry("bin", Kind.SYMLINK, target="usr/bin"),
    Entry("big", Kind.FILE, content=bytes(range(256)) * 40, mtime_ns=10**18 + 5),
    Entry("link", Kind.HARDLINK, target="big"),
    Entry("tmp/x", Kind.WHITEOUT),
    Entry("var", Kind.OPAQUE),
    Entry("last", Kind.FILE, content=b"!" * 600),
)
FILES: Final = {e.path: e.content for e in ENTRIES if e.content is not None}
TAR: Final = tar_of(ENTRIES)

_HALF: Final = len(TAR) // 2
BLOBS: Final = {
    "none": TAR,
    "gzip": gzip.compress(TAR, mtime=0),
    "gzip, two members": gzip.compress(TAR[:_HALF]) + gzip.compress(TAR[_HALF:]),
    "zstd": zstandard.compress(TAR),
    "zstd, two frames": zstandard.compress(TAR[:_HALF])
    + zstandard.compress(TAR[_HALF:]),
}
"""The same tar; the name begins with the compression."""


class Pipe:
    """A stream that can be read and nothing else; it counts what is asked of it."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.reads = 0

    def read(self, size: int, /) -> bytes:
        self.reads += 1
        return self._data.read(size)


class Dribble:
    """A stream that gives its bytes in the pieces they came in, as sockets do."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = [piece for piece in pieces if piece]

    def read(self, size: int, /) -> bytes:
        if not self._pieces:
            return b""
        piece = self._pieces.pop(0)
        if len(piece) > size:
            self._pieces.insert(0, piece[size:])
        return piece[:size]


def sparse_tar(pieces: Sequence[tuple[int, int]], size: int, data: bytes) -> bytes:
    """A tar of one old GNU sparse file: *pieces* are offsets and lengths of *data*."""
    numbers = [number for piece in pieces for number in piece]
    places = b"".join(octal(n, 12) for n in numbers).ljust(96, b"\0")
    sparse = bytes(41) + places + b"\0" + octal(size, 12)
    head = header(b"sparse", flag=b"S", size=len(data), magic=GNU, prefix=sparse)
    return head + data + bytes(-len(data) % 512) + END
