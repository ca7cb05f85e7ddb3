"""`recompress`: the same plain tar in other stored bytes."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from concurrent.futures import Executor
from typing import Self

from ocilayers._types import Buffer
from ocilayers.codec.layer import LayerDecoder, LayerEncoder, LayerFacts
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import Compression

__all__ = ["Recompression", "recompress"]


class Recompression:
    """The stored bytes of a layer, compressed anew: an iterator, in one pass.

    What it gives is good only once it has ended: then the layer that came in has
    been verified, and the one that went out has `facts`.
    """

    def __init__(
        self, chunks: Iterable[Buffer], decoder: LayerDecoder, encoder: LayerEncoder
    ) -> None:
        self._encoder = encoder
        self._stored = _run(chunks, decoder, encoder)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._stored)

    @property
    def facts(self) -> LayerFacts:
        """What is known of the new layer: another digest, the same diff_id.

        Raises:
            CodecError: It has not been read to its end.
        """
        return self._encoder.facts


def recompress(
    chunks: Iterable[Buffer],
    to: Compression = "zstd",
    *,
    level: int | None = None,
    descriptor: Descriptor | None = None,
    diff_id: str | None = None,
    limits: Limits | None = None,
    executor: Executor | None = None,
) -> Recompression:
    """Compress a layer in another way; its diff_id stays, its digest does not.

    >>> import gzip
    >>> stored = recompress([gzip.compress(b"hello")], to="none")
    >>> b"".join(stored), stored.facts.compression
    (b'hello', 'none')

    Args:
        chunks: The stored bytes of the layer, in pieces of any lengths.
        to: How to compress it.
        level: Of the compression; by default 6 for gzip, 3 for zstd.
        descriptor: Promises digest and size of what comes in.
        diff_id: The promised digest of the plain tar.
        limits: What decoding may cost.
        executor: Whose workers hash and deflate beside this thread.

    Raises:
        CodecError: There is no such compression or level. While it is read also
            everything that `LayerDecoder` raises.
    """
    return Recompression(
        chunks,
        LayerDecoder(descriptor, diff_id=diff_id, limits=limits, executor=executor),
        LayerEncoder(to, level=level, executor=executor),
    )


def _run(
    chunks: Iterable[Buffer], decoder: LayerDecoder, encoder: LayerEncoder
) -> Generator[bytes]:
    for chunk in chunks:
        for plain in decoder.feed(chunk):
            yield from encoder.feed(plain)
    # Of a few bytes nobody knows what they are before they have ended.
    for plain in decoder.finish():
        yield from encoder.feed(plain)
    yield from encoder.finish()
