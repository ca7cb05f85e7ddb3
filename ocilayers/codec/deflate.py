"""Who deflates and inflates: zlib, or a library of the same shape.

Inflating gives the same bytes whoever does it, so the fastest library there is does
it. Deflating does not, so zlib does it unless another one is asked for by name.

Source: RFC 1951; Python's `zlib`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final, Protocol, cast

import attrs

from ocilayers._types import Buffer
from ocilayers.errors import CodecError

__all__ = [
    "ZLIB",
    "DeflateLibrary",
    "Deflater",
    "Inflater",
    "fastest_inflate",
    "library",
]

#: Deflate data alone: headers and trailers are read and written here.
_RAW: Final = -zlib.MAX_WBITS
_MEMORY_LEVEL: Final = 8
_STRATEGY: Final = zlib.Z_DEFAULT_STRATEGY


class Inflater(Protocol):
    """What `zlib.decompressobj` gives, as far as it is needed here."""

    @property
    def eof(self) -> bool:
        """Whether the deflate data has ended."""
        ...

    @property
    def unconsumed_tail(self) -> bytes:
        """What the last call did not use, because it gave all that it might."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What follows the end, of the last call's data."""
        ...

    def decompress(self, data: Buffer, max_length: int, /) -> bytes:
        """Inflate *data* to at most *max_length* bytes."""
        ...


class Deflater(Protocol):
    """What `zlib.compressobj` gives, as far as it is needed here."""

    def compress(self, data: Buffer, /) -> bytes:
        """Deflate *data*, or keep it for later."""
        ...

    def flush(self, mode: int, /) -> bytes:
        """Deflate what was kept."""
        ...


@attrs.frozen
class DeflateLibrary:
    """A library that deflates and inflates.

    Attributes:
        name: Of the library.
        inflater: Makes a fresh inflater of raw deflate data, with a dictionary.
        deflater: Makes a fresh deflater, of a level and with a dictionary.
        levels: The lowest, the usual and the highest level.
        crc32: As `zlib.crc32`.
        error: What it raises for data that cannot be inflated.
    """

    name: str
    inflater: Callable[[bytes], Inflater]
    deflater: Callable[[int, bytes], Deflater]
    levels: tuple[int, int, int]
    crc32: Callable[[Buffer, int], int]
    error: type[Exception]

    def level(self, level: int | None) -> int:
        """*level*, or the usual one for None.

        Raises:
            CodecError: There is no such level.
        """
        lowest, usual, highest = self.levels
        if level is None:
            return usual
        if not lowest <= level <= highest:
            raise CodecError(
                f"{self.name} has no such level",
                expected=f"{lowest} to {highest}",
                actual=level,
            )
        return level


class _ZlibShaped(Protocol):
    @property
    def error(self) -> type[Exception]: ...

    def decompressobj(self, wbits: int, dictionary: bytes, /) -> Inflater: ...

    def compressobj(  # noqa: PLR0917 - zlib's own order
        self,
        level: int,
        method: int,
        wbits: int,
        memory_level: int,
        strategy: int,
        dictionary: bytes,
        /,
    ) -> Deflater: ...

    def crc32(self, data: Buffer, value: int, /) -> int: ...


def _of_shape(
    name: str, module: _ZlibShaped, levels: tuple[int, int, int]
) -> DeflateLibrary:
    return DeflateLibrary(
        name=name,
        inflater=lambda dictionary: module.decompressobj(_RAW, dictionary),
        deflater=lambda level, dictionary: module.compressobj(
            level, zlib.DEFLATED, _RAW, _MEMORY_LEVEL, _STRATEGY, dictionary
        ),
        levels=levels,
        crc32=module.crc32,
        error=module.error,
    )


ZLIB: Final = _of_shape("zlib", zlib, (0, 6, 9))
"""Python's own. Its inflaters can be copied, and so give checkpoints."""


def library(name: str) -> DeflateLibrary:
    """The library called *name*: `zlib`, or `isal` where it is installed.

    Raises:
        CodecError: There is none, or it is not installed.
    """
    if name == "zlib":
        return ZLIB
    if name != "isal":
        raise CodecError(
            "no such deflate library", expected="zlib or isal", actual=name
        )
    isal = _isal()
    if isal is None:
        raise CodecError(
            "isal is not installed; the extra ocilayers[fast] brings it", actual=name
        )
    return isal


def fastest_inflate() -> DeflateLibrary:
    """The fastest library to inflate with: isal where it is installed, else zlib."""
    return _isal() or ZLIB


@cache
def _isal() -> DeflateLibrary | None:
    try:
        module = import_module("isal.isal_zlib")
    except ImportError:
        return None
    # Its annotations are not strict, but it is of that shape on purpose.
    return _of_shape("isal", cast("_ZlibShaped", module), (0, 2, 3))
