"""The content of a file, as what `io` can wrap."""

from __future__ import annotations

import io
from typing import BinaryIO

from ocilayers._source import read_some, release
from ocilayers._types import Buffer, SupportsRead, override

__all__ = ["open_binary"]


def open_binary(stream: SupportsRead) -> BinaryIO:
    """*stream* as a binary file."""
    return io.BufferedReader(_Content(stream))


class _Content(io.RawIOBase):
    """The stream of a layer, as what `io` can wrap."""

    def __init__(self, stream: SupportsRead) -> None:
        self._stream = stream

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        space = memoryview(buffer).cast("B")
        data = memoryview(read_some(self._stream, len(space)))
        space[: data.nbytes] = data
        return data.nbytes

    @override
    def close(self) -> None:
        if not self.closed:
            release(self._stream)
        super().close()
