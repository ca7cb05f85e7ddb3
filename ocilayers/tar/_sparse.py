"""Sparse files: a map of the pieces that are stored, and zeros between them.

Law: nothing is allocated from a number in the map, pieces never overlap, and what
is stored is exactly what the map speaks of.

Source: GNU tar, "Sparse Formats"; four of them: the old GNU header and its
extension blocks, PAX 0.0 (a pair of records for each piece), 0.1 (one record) and
1.0 (lines of text before the content).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Final

import attrs

from ocilayers._types import override
from ocilayers.errors import BadExtensionError
from ocilayers.limits import Limits
from ocilayers.tar._header import BLOCK, number
from ocilayers.tar._pax import Pax, natural

__all__ = ["GrowingMap", "SparseMap", "has_map", "open_map"]

#: The old GNU header: four pieces of two numbers, whether more follow, the size.
_PIECES: Final = slice(386, 482)
_EXTENDED: Final = 482
_REAL_SIZE: Final = slice(483, 495)
#: An extension block: 21 pieces, and whether more follow.
_MORE_PIECES: Final = slice(0, 504)
_MORE_EXTENDED: Final = 504
_NUMBER: Final = 12

_NO_VERSION: Final = (b"", b"")
_VERSIONS_IN_RECORDS: Final = (_NO_VERSION, (b"0", b"0"), (b"0", b"1"))
_VERSION_IN_CONTENT: Final = (b"1", b"0")


@attrs.define
class SparseMap:
    """Where the pieces of one sparse file belong.

    Attributes:
        where: Name of the file, for errors.
        offset: Of its header in the tar, for errors.
        limits: `sparse_segments` is used.
        size: Of the file with its holes, in bytes.
        stored: What is stored of it, in bytes.
        numbers: Offset and length of each piece in turn.
    """

    where: str
    offset: int
    limits: Limits
    size: int
    stored: int
    numbers: list[int] = attrs.field(factory=list[int])

    def steps(self) -> list[int]:
        """What makes the file of what is stored: `n` bytes of it, or `-n` zeros.

        Raises:
            BadExtensionError: Pieces overlap, are out of order or outside of the
                file, or are other than what is stored.
        """
        return list(self._steps())

    def _steps(self) -> Iterator[int]:
        numbers = iter(self.numbers)
        position = stored = 0
        for offset, length in zip(numbers, numbers, strict=True):
            if offset < position or offset + length > self.size:
                raise self.refusal("has pieces that overlap or lie outside of the file")
            if offset > position:
                yield position - offset
            if length:
                yield length
            position = offset + length
            stored += length
        if stored != self.stored:
            raise self.refusal("speaks of more or less than is stored")
        if position < self.size:
            yield position - self.size

    def decimal(self, text: bytes) -> int:
        """Read a number of the map that is written in digits.

        Raises:
            BadExtensionError: It is none.
        """
        try:
            return natural(text)
        except ValueError as error:
            raise self.refusal(f"has {error}") from None

    def octal(self, field: bytes) -> int:
        """Read a number of the map that is written as in headers.

        Raises:
            BadExtensionError: It is none, or negative.
        """
        try:
            value = number(field)
        except ValueError as error:
            raise self.refusal(str(error)) from None
        if value < 0:
            raise self.refusal(f"has a negative number: {value}")
        return value

    def refusal(self, problem: str) -> BadExtensionError:
        """What to raise when the map has no meaning."""
        return BadExtensionError(
            f"the sparse map {problem}", where=self.where, offset=self.offset
        )

    def check_pieces(self, pieces: int) -> None:
        """Whether there may be so many pieces.

        Raises:
            LimitExceededError: There may not.
        """
        self.limits.check(
            "sparse_segments", pieces, where=self.where, offset=self.offset
        )


@attrs.define
class GrowingMap(SparseMap, ABC):
    """A map that goes on in the blocks after the header.

    Attributes:
        done: Whether it is whole.
    """

    done: bool = False

    @abstractmethod
    def take(self, block: bytes) -> None:
        """Read the next block.

        Raises:
            BadExtensionError: It holds something else.
            LimitExceededError: There are more than `sparse_segments` pieces.
        """


@attrs.define
class _BlockMap(GrowingMap):
    """The old GNU format: in the header and in blocks after it."""

    def take_header(self, block: bytes) -> None:
        self._take(block[_PIECES], more=block[_EXTENDED])

    @override
    def take(self, block: bytes) -> None:
        self._take(block[_MORE_PIECES], more=block[_MORE_EXTENDED])

    def _take(self, pieces: bytes, *, more: int) -> None:
        for start in range(0, len(pieces), 2 * _NUMBER):
            # As in Go: a piece that begins with NUL ends the list.
            if not pieces[start]:
                break
            middle = start + _NUMBER
            self.numbers.append(self.octal(pieces[start:middle]))
            self.numbers.append(self.octal(pieces[middle : middle + _NUMBER]))
        self.check_pieces(len(self.numbers) // 2)
        self.done = not more


@attrs.define
class _TextMap(GrowingMap):
    """Version 1.0: lines of digits, padded to a block, before the content."""

    _pieces: int = -1
    _rest: bytes = b""

    @override
    def take(self, block: bytes) -> None:
        self.stored -= BLOCK
        if self.stored < 0:
            raise self.refusal("is longer than its member")
        *lines, self._rest = (self._rest + block).split(b"\n")
        for line in lines:
            number = self.decimal(line)
            if self._pieces < 0:
                # The first line says how many pairs there are.
                self._pieces = number
                self.check_pieces(number)
            else:
                self.numbers.append(number)
            if len(self.numbers) == 2 * self._pieces:
                self.done = True
                return
        if len(self._rest) > BLOCK:
            raise self.refusal("has a line without end")


def has_map(pax: Pax) -> bool:
    """Whether *pax* speaks of a sparse map; other sparse records mean nothing."""
    return bool(pax.sparse_map) or any(
        pax.sparse.get(key) for key in (b"major", b"minor", b"map")
    )


def open_map(
    pax: Pax,
    block: bytes,
    *,
    gnu: bool,
    stored: int,
    where: str,
    offset: int,
    limits: Limits,
) -> SparseMap | None:
    """Find the sparse map of a member.

    Args:
        pax: What its records say.
        block: Its header block.
        gnu: Whether its type says that it is sparse in the old GNU format.
        stored: Its size in the archive, in bytes.
        where: Its name.
        offset: Of its header in the tar.
        limits: `sparse_segments` is used.

    Returns:
        None when it is not sparse.

    Raises:
        BadExtensionError: The map has no meaning.
        LimitExceededError: There are more than `sparse_segments` pieces.
    """
    if gnu:
        blocks = _BlockMap(where, offset, limits, 0, stored)
        blocks.size = blocks.octal(block[_REAL_SIZE])
        blocks.take_header(block)
        return blocks
    if not has_map(pax):
        return None
    version = pax.sparse.get(b"major", b""), pax.sparse.get(b"minor", b"")
    listed = pax.sparse_map or pax.sparse.get(b"map", b"").split(b",")
    make = _TextMap if version == _VERSION_IN_CONTENT else SparseMap
    sparse = make(where, offset, limits, stored, stored)
    size = pax.sparse.get(b"size") or pax.sparse.get(b"realsize")
    if size:
        sparse.size = sparse.decimal(size)
    if version == _VERSION_IN_CONTENT:
        return sparse
    if version not in _VERSIONS_IN_RECORDS:
        raise sparse.refusal(f"has an unknown version: {version}")
    if listed == [b""]:
        listed = []
    sparse.check_pieces(len(listed) // 2)
    if len(listed) != 2 * sparse.decimal(pax.sparse.get(b"numblocks", b"")):
        raise sparse.refusal("has more or less pieces than it says")
    sparse.numbers = [sparse.decimal(text) for text in listed]
    return sparse
