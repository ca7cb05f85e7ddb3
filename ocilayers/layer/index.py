"""`LayerIndex`: a layer that was read to its verified end, and need not be again.

It holds the entries, what is known of the layer, and the places from which its
content can be had without decoding it from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Final, Literal, TypeAlias, get_args

import attrs

from ocilayers._source import chunks
from ocilayers._types import Buffer, SupportsRead, as_bytes, override
from ocilayers.codec.layer import LayerDecoder, LayerFacts
from ocilayers.codec.protocols import Checkpoint
from ocilayers.errors import InvalidFieldError
from ocilayers.layer._checkpoints import Checkpoints
from ocilayers.layer._index_bytes import from_bytes, to_bytes
from ocilayers.layer.reader import LayerReader, open_layer
from ocilayers.limits import MIB, Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind

__all__ = ["Content", "LayerIndex", "index_layer", "read_layer"]

Content: TypeAlias = Literal["memory", "none"]
"""Whether the content of files is kept."""

_CONTENTS: Final[tuple[str, ...]] = get_args(Content)

#: At most this much is decoded in vain before the first byte of a file: some 6 ms. A
#: checkpoint inside a gzip member costs up to 40 KiB of memory: two percent of that.
_CHECKPOINT_BYTES: Final = 2 * MIB


@attrs.frozen
class LayerIndex:
    """One layer, read to its verified end: an iterable of entries, ready for `merge`.

    It pickles and has a byte form, in which those of its checkpoints survive that are
    portable. Neither form keeps content that was read along with `read_layer`.

    Attributes:
        entries: In archive order.
        facts: Digests, sizes, compression, and what was noticed.
        checkpoints: Where decoding can begin, in order.
    """

    entries: tuple[Entry, ...] = attrs.field(repr=False)
    facts: LayerFacts
    checkpoints: tuple[Checkpoint, ...] = attrs.field(default=(), eq=False, repr=False)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def to_bytes(self) -> bytes:
        """The index as bytes that a later version can read again.

        >>> import io
        >>> index = index_layer(io.BytesIO(bytes(1024)))
        >>> LayerIndex.from_bytes(index.to_bytes()) == index
        True
        """
        return to_bytes(self.entries, self.facts, self._portable)

    @classmethod
    def from_bytes(cls, data: Buffer, *, limits: Limits | None = None) -> LayerIndex:
        """Read what `to_bytes` wrote. Believe it no more than where it was kept.

        Raises:
            CorruptStreamError: It is no index, or of a version that is not known.
            InvalidDigestError: One of its digests is none.
            LimitExceededError: It is longer, or has more entries, than is allowed.
        """
        return cls(*from_bytes(as_bytes(data), limits or Limits()))

    @property
    def _portable(self) -> tuple[Checkpoint, ...]:
        return tuple(point for point in self.checkpoints if point.portable)

    @override
    def __reduce__(self) -> tuple[type[LayerIndex], tuple[object, ...]]:
        return LayerIndex, (self.entries, self.facts, self._portable)


def index_layer(
    stream: SupportsRead,
    descriptor: Descriptor | None = None,
    *,
    diff_id: str | None = None,
    checkpoint_bytes: int | None = _CHECKPOINT_BYTES,
    limits: Limits | None = None,
    strict: bool = False,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> LayerIndex:
    """Read a layer to its verified end; keep its entries and the way back to them.

    >>> import io
    >>> from ocilayers.layer.builder import LayerBuilder
    >>> built = LayerBuilder().file("/app", b"app").build()
    >>> index = index_layer(io.BytesIO(built.blob), built.descriptor)
    >>> [entry.path for entry in index], index.facts.compression
    (['app'], 'gzip')

    Args:
        stream: The stored bytes; asked for `read(n)` alone, never closed.
        descriptor: Promises their digest and size.
        diff_id: The promised digest of the plain tar.
        checkpoint_bytes: How far apart checkpoints are in the plain tar, in bytes;
            None for no checkpoints, which lets a faster library inflate. Of a very
            long layer every second one is dropped, again and again.
        limits: What the layer may cost.
        strict: Raise the first finding of severity `error`.
        executor: Whose worker hashes and reads the tar while this thread decodes.
        progress: Told how many stored bytes each read gave.

    Raises:
        OCILayersError: What `LayerDecoder` and `TarDecoder` raise.
    """
    tar = TarDecoder(content=False, limits=limits, strict=strict)
    entries: list[Entry | bytes] = []

    def take(plain: bytes) -> None:
        entries.extend(tar.feed(plain))

    decoder = LayerDecoder(
        descriptor,
        diff_id=diff_id,
        limits=limits,
        strict=strict,
        executor=executor,
        tap=take,
        checkpoints=checkpoint_bytes is not None,
    )
    checkpoints = Checkpoints(checkpoint_bytes or 0)
    passed = 0
    for chunk in chunks(stream, progress=progress):
        for plain in decoder.feed(chunk):
            passed += len(plain)
            if checkpoint_bytes is not None:
                checkpoints.take(decoder, passed)
    decoder.finish()
    tar.finish()
    facts = decoder.facts
    return LayerIndex(
        tuple(entry for entry in entries if isinstance(entry, Entry)),
        attrs.evolve(facts, findings=(*facts.findings, *tar.findings)),
        tuple(checkpoints.kept),
    )


def read_layer(
    stream: SupportsRead,
    descriptor: Descriptor | None = None,
    *,
    diff_id: str | None = None,
    content: Content = "memory",
    limits: Limits | None = None,
    strict: bool = False,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> LayerIndex:
    """Read a layer to its verified end, all at once.

    >>> import io
    >>> from ocilayers.tar.encoder import TarEncoder
    >>> encoder = TarEncoder()
    >>> chunks = encoder.feed(Entry("motd", "file", content=b"hello"))
    >>> tar = b"".join([*chunks, *encoder.finish()])
    >>> [entry.content for entry in read_layer(io.BytesIO(tar))]
    [b'hello']

    Args:
        stream: The stored bytes; asked for `read(n)` alone, never closed.
        descriptor: Promises their digest and size.
        diff_id: The promised digest of the plain tar.
        content: `memory` keeps the content of every file in its entry, `none` none.
        limits: What the layer may cost.
        strict: Raise the first finding of severity `error`.
        executor: Whose worker hashes and reads the tar while this thread decodes.
        progress: Told how many stored bytes each read gave.

    Raises:
        OCILayersError: What `LayerDecoder` and `TarDecoder` raise.
        InvalidFieldError: There is no such way to keep content.
    """
    if content not in _CONTENTS:
        raise InvalidFieldError(
            "no such way to keep content",
            expected=" | ".join(_CONTENTS),
            actual=repr(content),
        )
    if content == "none":
        return index_layer(
            stream,
            descriptor,
            diff_id=diff_id,
            checkpoint_bytes=None,
            limits=limits,
            strict=strict,
            executor=executor,
            progress=progress,
        )
    reader = open_layer(
        stream,
        descriptor,
        diff_id=diff_id,
        limits=limits,
        strict=strict,
        executor=executor,
        progress=progress,
    )
    entries = tuple(_with_contents(reader, limits or Limits()))
    return LayerIndex(entries, reader.facts)


def _with_contents(reader: LayerReader, limits: Limits) -> Iterator[Entry]:
    kept = 0
    for entry in reader:
        if entry.kind is not Kind.FILE:
            yield entry
            continue
        # Holes of sparse files are not in the tar, but would be in memory.
        kept += entry.size
        limits.check("uncompressed_bytes", kept, where=entry.path)
        yield attrs.evolve(entry, content=reader.read())
