"""Bytes that were given and wait to be used."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ocilayers.errors import TruncatedStreamError

__all__ = ["Intake"]


class Intake:
    """The waiting bytes of one stream, in order.

    Args:
        name: Of the stream, for errors.
        offset: Of its first byte, where it does not begin at the beginning.

    Attributes:
        name: Of the stream, for errors.
        offset: Of the next byte, from the start of the stream.
        ended: Whether no more will come.
    """

    def __init__(self, name: str, offset: int = 0) -> None:
        self.name = name
        self.offset = offset
        self.ended = False
        self._chunks: deque[memoryview] = deque()
        self._length = 0

    def __len__(self) -> int:
        """How many bytes wait."""
        return self._length

    def give(self, data: bytes) -> None:
        """Append *data*."""
        if data:
            self._chunks.append(memoryview(data))
            self._length += len(data)

    def wait(self, count: int, part: str) -> Iterator[bytes]:
        """Ask for more (by an empty piece) until *count* bytes wait.

        Raises:
            TruncatedStreamError: They never come; *part* is what they would be.
        """
        while self._length < count:
            if self.ended:
                raise TruncatedStreamError(
                    f"it ends inside {part}",
                    where=self.name,
                    offset=self.offset + self._length,
                )
            yield b""

    def head(self, most: int) -> memoryview:
        """Some of the waiting bytes, *most* at most, which go on waiting."""
        return self._chunks[0][:most] if self._chunks else memoryview(b"")

    def peek(self, count: int) -> bytes:
        """The next *count* bytes, fewer only where fewer wait; they go on waiting."""
        head = self.head(count)
        if len(head) == count:
            return bytes(head)
        parts: list[memoryview] = []
        for chunk in self._chunks:
            if count <= 0:
                break
            parts.append(chunk[:count])
            count -= len(chunk)
        return b"".join(parts)

    def skip(self, count: int) -> None:
        """Use up *count* of the waiting bytes."""
        self.offset += count
        self._length -= count
        while count:
            first = self._chunks[0]
            if len(first) > count:
                self._chunks[0] = first[count:]
                return
            count -= len(first)
            self._chunks.popleft()

    def put_back(self, data: bytes) -> None:
        """Let *data*, which was used up last, wait again."""
        self._chunks.appendleft(memoryview(data))
        self._length += len(data)
        self.offset -= len(data)

    def take(self, count: int) -> bytes:
        """Use up the next *count* bytes, which wait, and give them."""
        data = self.peek(count)
        self.skip(count)
        return data

    def take_view(self, count: int) -> bytes | memoryview:
        """As `take`, and without a copy where one chunk has them all."""
        head = self.head(count)
        if len(head) < count:
            return self.take(count)
        self.skip(count)
        return head

    def take_chunk(self) -> bytes:
        """Use up the first chunk that waits, as it was given, or nothing."""
        head = self.head(self._length)
        whole = head.obj
        self.skip(len(head))
        # Most chunks are used up as a whole, and need no copy.
        if isinstance(whole, bytes) and len(whole) == len(head):
            return whole
        return bytes(head)
