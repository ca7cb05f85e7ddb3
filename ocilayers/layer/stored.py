"""Content from the middle of a layer, decoded from the nearest checkpoint.

Law: what was verified when the layer was indexed is what the index says. That the
source still has the same bytes is not checked again.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator, Sequence
from operator import attrgetter

from ocilayers._source import CHUNK_BYTES, OwnedStream, read_some, release, start_at
from ocilayers._types import SupportsRead
from ocilayers.codec.decoder import resume
from ocilayers.codec.protocols import Checkpoint
from ocilayers.errors import ContentNotKeptError, SourceError
from ocilayers.layer.index import LayerIndex
from ocilayers.layer.reader import LayerReader
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry

__all__ = ["InOrder", "PlainStream", "StoredLayer"]


class PlainStream:
    """Some of the plain bytes of a stored stream, as a stream of its own.

    Args:
        open_stored: Opens the stored stream at its start, each time it is called.
        checkpoints: Where decoding can begin, in order; the first at the start.
        start: Where this stream begins, in plain bytes.
        size: How long it is, in plain bytes; None for all that follows.
        limits: What decoding may cost.
    """

    def __init__(
        self,
        open_stored: Callable[[], SupportsRead],
        checkpoints: Sequence[Checkpoint],
        *,
        start: int = 0,
        size: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._open_stored = open_stored
        self._checkpoints = checkpoints
        self._start = self._offset = start
        self._end = None if size is None else start + size
        self._limits = limits
        # What is being decoded: a piece of plain bytes, and where it stands.
        self._pieces: Generator[bytes] | None = None
        self._piece = b""
        self._piece_offset = 0

    def read(self, size: int = -1, /) -> bytes:
        """At most *size* bytes, all that is left where negative; empty at the end.

        Raises:
            SourceError: The stored stream ends before this one does.
            CodecError: It is not what it was when the checkpoints were made.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK_BYTES), b""))
        if self._end is not None:
            size = min(size, self._end - self._offset)
        if size <= 0:
            return b""
        if not self._reach(self._offset):
            if self._end is None:
                return b""
            raise SourceError(
                "the source is shorter than when it was first read",
                expected=f"{self._end} plain bytes",
                actual=f"{self._piece_offset} plain bytes",
            )
        begin = self._offset - self._piece_offset
        data = self._piece[begin : begin + size]
        self._offset += len(data)
        return data

    def seek(self, offset: int, /) -> int:
        """Go to *offset*, in bytes from where this stream begins."""
        self._offset = self._start + offset
        return offset

    def close(self) -> None:
        """Give back what was opened. A later read opens it again."""
        if self._pieces is not None:
            self._pieces.close()
        self._pieces, self._piece = None, b""

    def _reach(self, offset: int) -> bool:
        at = bisect_right(self._checkpoints, offset, key=attrgetter("plain_offset"))
        nearest = self._checkpoints[max(at - 1, 0)]
        reached = self._piece_offset + len(self._piece)
        ahead = self._piece_offset <= offset and nearest.plain_offset <= reached
        if self._pieces is None or not ahead:
            self.close()
            self._pieces = self._decode(nearest)
            self._piece_offset = nearest.plain_offset
        while self._piece_offset + len(self._piece) <= offset:
            self._piece_offset += len(self._piece)
            try:
                self._piece = next(self._pieces, b"")
            except BaseException:
                # What failed would look like an end; a later read begins again.
                self.close()
                raise
            if not self._piece:
                return False
        return True

    def _decode(self, begin: Checkpoint) -> Generator[bytes]:
        stored = self._open_stored()
        try:
            start_at(stored, begin.stored_offset)
            decoder = resume(begin, limits=self._limits)
            while memoryview(chunk := read_some(stored, CHUNK_BYTES)).nbytes:
                yield from decoder.feed(chunk)
            yield from decoder.finish()
        finally:
            release(stored)


class StoredLayer:
    """A layer that was indexed, and whose content is read when it is asked for.

    Args:
        index: Of the layer.
        open_stored: Opens its stored bytes at their start, each time it is called.
        digest: Of the stored bytes, by default those that were indexed. Where the
            same tar is compressed in another way, content is read from the start.
        limits: What decoding may cost.
    """

    def __init__(
        self,
        index: LayerIndex,
        open_stored: Callable[[], SupportsRead],
        *,
        digest: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.index = index
        self._open_stored = open_stored
        self._has_places = digest in {None, index.facts.digest}
        self._limits = limits

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.index)

    def open_content(self, entry: Entry) -> SupportsRead:
        """The content of *entry*, a file of this layer.

        Raises:
            ContentNotKeptError: It is no entry of this layer.
            SourceError: The source is no longer what was indexed.
        """
        if entry.content is not None:
            return io.BytesIO(entry.content)
        if entry.offset is None or not self._has_places:
            return self._open_from_start(entry)
        return OwnedStream(self._plain(entry.offset, entry.size))

    def plain(self) -> PlainStream | None:
        """All of its plain tar; None where the places in it are not known."""
        return self._plain() if self._has_places else None

    def _plain(self, start: int = 0, size: int | None = None) -> PlainStream:
        first = Checkpoint(self.index.facts.compression, 0, 0)
        return PlainStream(
            self._open_stored,
            (first, *self.index.checkpoints),
            start=start,
            size=size,
            limits=self._limits,
        )

    def _open_from_start(self, entry: Entry) -> SupportsRead:
        # For one, the content of a sparse file stands nowhere in one piece. The last
        # of equal entries is the one that counts.
        left = self.index.entries.count(entry)
        if not left:
            raise ContentNotKeptError("no entry of this layer", where=entry.path)
        stored = self._open_stored()
        reader = LayerReader(stored, limits=self._limits)
        content = OwnedStream(_Content(stored, reader))
        for found in reader:
            left -= found == entry
            if not left:
                return content
        content.close()
        raise SourceError(
            "the source is not the layer that was indexed", where=entry.path
        )


class InOrder:
    """A stored layer whose contents are asked for one after the other.

    In the order in which they stand in the layer, all of them together cost one
    decoding of it. One content is read at a time: opening the next ends the last.

    Args:
        layer: The layer.
    """

    def __init__(self, layer: StoredLayer) -> None:
        self._layer = layer
        self._plain = layer.plain()

    @property
    def index(self) -> LayerIndex:
        """Of the layer."""
        return self._layer.index

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._layer)

    def open_content(self, entry: Entry) -> SupportsRead:
        """The content of *entry*, a file of this layer; see `StoredLayer`."""
        if self._plain is None or entry.offset is None or entry.content is not None:
            return self._layer.open_content(entry)
        self._plain.seek(entry.offset)
        return _Part(self._plain, entry.size)

    def close(self) -> None:
        """Give back what was opened."""
        if self._plain is not None:
            self._plain.close()


class _Part:
    """The next *left* bytes of a stream."""

    def __init__(self, stream: PlainStream, left: int) -> None:
        self._stream = stream
        self._left = left

    def read(self, size: int, /) -> bytes:
        if not self._left:
            return b""
        data = self._stream.read(min(size, self._left))
        if not data:
            raise SourceError(
                "the source is shorter than when it was first read",
                expected=f"{self._left} more plain bytes",
                actual="its end",
            )
        self._left -= len(data)
        return data


class _Content:
    """What a reader gives of the entry it stands at."""

    def __init__(self, stored: SupportsRead, reader: LayerReader) -> None:
        self._stored = stored
        self._reader = reader

    def read(self, size: int = -1, /) -> bytes:
        return self._reader.read(size)

    def seek(self, _offset: int, /) -> int:
        raise io.UnsupportedOperation("content with holes is read from start to end")

    def close(self) -> None:
        self._reader.close()
        release(self._stored)
