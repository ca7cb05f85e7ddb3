"""`how_compressed`: which encoder of this library makes the same stored bytes again.

Law: an encoder is named only when every stored byte has been compared with its own.
All that may have done it run side by side in one pass over the blob, each until its
first wrong byte; that is, for most, within the first block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, cast

import attrs
from zstandard import ZstdCompressionParameters

from ocilayers._types import Buffer, as_bytes, override
from ocilayers.codec._encoding import new_encoder
from ocilayers.codec._push import sliced
from ocilayers.codec._zstd_frame import FrameHeader
from ocilayers.codec.deflate import ZLIB, fastest_inflate
from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.protocols import Encoder
from ocilayers.codec.sniff import sniff
from ocilayers.codec.zstd import HIGHEST_LEVEL, USUAL_LEVEL, ZSTD_MAGIC
from ocilayers.limits import Limits
from ocilayers.spec.media_types import Compression

__all__ = ["Recipe", "how_compressed"]

#: The mark of a zstd frame and the longest header.
_HEAD_BYTES: Final = len(ZSTD_MAGIC) + 14


@attrs.frozen
class Recipe:
    """How a blob is compressed, and how this library makes the very same bytes.

    >>> str(Recipe("gzip", is_ours=True, level=6, deflate="zlib"))
    'gzip, as zlib does at level 6'

    Attributes:
        compression: How it is compressed.
        is_ours: Whether an encoder of this library makes the same bytes.
        level: With which level; None where there is none, or where it is not ours.
        deflate: With which library, as `LayerEncoder` takes it; empty where it is no
            gzip, or where it is not ours.
    """

    compression: Compression
    is_ours: bool
    level: int | None = None
    deflate: str = ""

    @override
    def __str__(self) -> str:
        if self.compression == "none":
            return "not compressed"
        if not self.is_ours:
            return f"{self.compression}, as no encoder here does"
        encoder = self.deflate or self.compression
        return f"{self.compression}, as {encoder} does at level {self.level}"


def how_compressed(
    blob: Buffer | Iterable[Buffer], *, limits: Limits | None = None
) -> Recipe:
    """Say which encoder of this library makes the same stored bytes again.

    Whoever keeps the plain tar and this answer can do without the blob: the encoder
    makes it anew, with the same digest. Another encoder wrote the blob where it says
    so, and then it can only be kept.

    >>> from ocilayers.codec.recompress import recompress
    >>> blob = b"".join(recompress([b"hello" * 1000], "gzip", level=1))
    >>> recipe = how_compressed(blob)
    >>> str(recipe)
    'gzip, as zlib does at level 1'
    >>> plain = recompress([blob], "none")
    >>> again = recompress(plain, recipe.compression, level=recipe.level)
    >>> b"".join(again) == blob
    True

    It costs one decompression and the compressions that are still possible; when none
    is, reading ends, and what follows is neither read nor verified. Several levels may
    make the same bytes: then it is the usual one, or else the lowest.

    Args:
        blob: The stored bytes of a layer, whole or in pieces of any lengths.
        limits: What decoding may cost.

    Raises:
        CodecError: It is broken, or compressed in a way that is not read here.
        LimitExceededError: It costs more than is allowed.
    """
    pieces = _pieces(blob)
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _HEAD_BYTES:
            break
    compression = sniff(head)
    if compression == "none":
        return Recipe(compression, is_ours=True)
    trials = [_Trial(recipe) for recipe in _possible(compression, head)]
    found = _compare(trials, chain([head], pieces), LayerDecoder(limits=limits))
    return found or Recipe(compression, is_ours=False)


def _pieces(blob: Buffer | Iterable[Buffer]) -> Iterator[bytes]:
    for chunk in _chunks(blob):
        yield from sliced(as_bytes(chunk))


def _chunks(blob: Buffer | Iterable[Buffer]) -> Iterable[Buffer]:
    try:
        # An array and a mapped file are pieces of memory, and iterables of numbers too.
        memoryview(cast("Buffer", blob)).release()
    except TypeError:
        return cast("Iterable[Buffer]", blob)
    return (cast("Buffer", blob),)


def _possible(compression: Compression, head: bytes) -> Iterator[Recipe]:
    """Every recipe that may have made a blob that begins so, the usual one first."""
    if compression == "zstd":
        for level in _zstd_levels(head):
            yield Recipe("zstd", is_ours=True, level=level)
        return
    for library in dict.fromkeys((ZLIB, fastest_inflate())):
        lowest, usual, highest = library.levels
        for level in dict.fromkeys((usual, *range(lowest, highest + 1))):
            yield Recipe("gzip", is_ours=True, level=level, deflate=library.name)


def _zstd_levels(head: bytes) -> Iterator[int]:
    # A level says how far back it looks, and high ones ask for much memory: those of
    # another window need no trial.
    if not head.startswith(ZSTD_MAGIC) or len(head) <= len(ZSTD_MAGIC):
        return
    data = head[len(ZSTD_MAGIC) :]
    length = FrameHeader.length(data[0])
    if len(data) < length:
        return
    header = FrameHeader.parse(data[:length])
    for level in dict.fromkeys((USUAL_LEVEL, *range(1, HIGHEST_LEVEL + 1))):
        usual = ZstdCompressionParameters.from_level(level)  # pyright: ignore[reportUnknownMemberType] - untyped **kwargs
        window = 1 << usual.window_log
        # A frame of nothing has no window, and is the same at every level.
        if header.window == (window if header.content is None else 0):
            yield level


def _compare(
    trials: list[_Trial], pieces: Iterable[bytes], decoder: LayerDecoder
) -> Recipe | None:
    """The first of *trials* that makes what *pieces* are."""
    stored = _Stored()
    for piece in pieces:
        stored.add(piece)
        for plain in decoder.feed(piece):
            trials = [trial for trial in trials if trial.feed(plain, stored)]
            if not trials:
                break
        if not trials:
            return None
        stored.forget(min(trial.offset for trial in trials))
    decoder.finish()
    ended = (trial.recipe for trial in trials if trial.finish(stored))
    return next(ended, None)


class _Stored:
    """The stored bytes that some trial has not been compared with yet."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._start = 0

    @property
    def end(self) -> int:
        return self._start + len(self._data)

    def add(self, piece: bytes) -> None:
        self._data += piece

    def forget(self, offset: int) -> None:
        del self._data[: offset - self._start]
        self._start = offset

    def at(self, offset: int, size: int) -> bytearray:
        begin = offset - self._start
        return self._data[begin : begin + size]


class _Trial:
    """One encoder, and how far it made the same bytes."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.offset = 0
        self._encoder: Encoder = new_encoder(
            recipe.compression, recipe.level, None, recipe.deflate
        )
        # What it made and nothing stored has come for yet.
        self._ahead = bytearray()

    def feed(self, plain: bytes, stored: _Stored) -> bool:
        """Whether it is right so far."""
        return self._agrees(self._encoder.feed(plain), stored)

    def finish(self, stored: _Stored) -> bool:
        """Whether it was right to the end."""
        agrees = self._agrees(self._encoder.finish(), stored)
        return agrees and not self._ahead and self.offset == stored.end

    def _agrees(self, made: Iterable[bytes], stored: _Stored) -> bool:
        for piece in made:
            self._ahead += piece
        size = min(len(self._ahead), stored.end - self.offset)
        if self._ahead[:size] != stored.at(self.offset, size):
            return False
        del self._ahead[:size]
        self.offset += size
        return True
