"""`BlobSource`: the one thing a caller has to have.

Either a function from a descriptor to a stream, or a mapping from digest text to
bytes. Streams are asked for `read(n)` alone and are never closed here.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

import attrs

from ocilayers._source import ask, chunks, read_up_to, release
from ocilayers._types import Buffer, SupportsRead, as_bytes
from ocilayers.errors import (
    BlobNotFoundError,
    DigestMismatchError,
    SizeMismatchError,
)
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest

__all__ = [
    "BlobSource",
    "BlobsAtHome",
    "WrittenBlobs",
    "open_blob",
    "opened",
    "read_blob",
    "verified",
]

BlobSource: TypeAlias = (
    Callable[[Descriptor], SupportsRead]
    | Mapping[str, Buffer]
    | Mapping[Digest, Buffer]
)
"""Where blobs come from: `source(descriptor)` or `source[descriptor.digest]`."""


@attrs.frozen
class WrittenBlobs:
    """A source with more blobs in it: those that were made here.

    Attributes:
        written: Their bytes, by digest.
        below: Where all others come from.
    """

    written: Mapping[str, bytes] = attrs.field(repr=False)
    below: BlobSource = attrs.field(repr=False)

    def __call__(self, descriptor: Descriptor) -> SupportsRead:
        """A stream of the blob's stored bytes, from its start."""
        blob = self.written.get(descriptor.digest)
        return open_blob(self.below, descriptor) if blob is None else io.BytesIO(blob)


@attrs.frozen
class BlobsAtHome:
    """A source of which some blobs live elsewhere.

    Attributes:
        homes: Where those come from, by their digests.
        below: Where all others come from.
    """

    homes: Mapping[str, BlobSource] = attrs.field(repr=False)
    below: BlobSource = attrs.field(repr=False)

    def __call__(self, descriptor: Descriptor) -> SupportsRead:
        """A stream of the blob's stored bytes, from its start."""
        return open_blob(self.homes.get(descriptor.digest, self.below), descriptor)


def open_blob(source: BlobSource, descriptor: Descriptor) -> SupportsRead:
    """A stream of the blob's stored bytes, from its start; nothing is verified yet.

    Raises:
        BlobNotFoundError: A mapping does not have it. What a function raises
            passes through.
        SourceError: A function raised StopIteration, as `next()` does.
    """
    if callable(source):
        return ask(source, descriptor, "the source")
    try:
        blob = source[descriptor.digest]
    except KeyError as missing:
        raise BlobNotFoundError(
            "the blob is not there", where=descriptor.digest
        ) from missing
    return io.BytesIO(blob)


@contextmanager
def opened(source: BlobSource, descriptor: Descriptor) -> Generator[SupportsRead]:
    """`open_blob` for the length of a block; closes what is this library's own."""
    stream = open_blob(source, descriptor)
    try:
        yield stream
    finally:
        release(stream)


def verified(
    source: BlobSource,
    descriptor: Descriptor,
    *,
    progress: Callable[[int], object] | None = None,
) -> Iterator[bytes]:
    """A blob piece by piece; it was verified when it has ended: size, then digest.

    Args:
        source: Where it comes from.
        descriptor: What it is promised to be.
        progress: Told how many bytes each read gave.

    Raises:
        BlobNotFoundError: It is not there.
        SizeMismatchError: It is longer or shorter than its descriptor says.
        DigestMismatchError: Its bytes are not those its descriptor names.
        UnsupportedAlgorithmError: Its digest cannot be computed here.
    """
    hasher, size = descriptor.digest.hasher(), 0
    with opened(source, descriptor) as stream:
        for chunk in chunks(stream, progress=progress):
            size += len(memoryview(chunk).cast("B"))
            if size > descriptor.size:
                break
            hasher.update(chunk)
            yield as_bytes(chunk)
    if size > descriptor.size:
        raise _wrong_size(descriptor, f"more than {descriptor.size}")
    if size < descriptor.size:
        raise _wrong_size(descriptor, size)
    actual = f"{descriptor.digest.algorithm}:{hasher.hexdigest()}"
    if actual != descriptor.digest:
        raise DigestMismatchError(
            "other bytes than promised", expected=descriptor.digest, actual=actual
        )


def read_blob(
    source: BlobSource, descriptor: Descriptor, *, limits: Limits | None = None
) -> bytes:
    """A small blob whole, verified: size first, then digest.

    Raises:
        LimitExceededError: It is longer than `Limits.document_bytes`.
        SizeMismatchError: It is longer or shorter than its descriptor says.
        DigestMismatchError: Its bytes are not those its descriptor names.
        UnsupportedAlgorithmError: Its digest cannot be computed here.
    """
    (limits or Limits()).check(
        "document_bytes", descriptor.size, where=descriptor.digest
    )
    with opened(source, descriptor) as stream:
        # One byte more than promised is enough to know that there are too many.
        raw = read_up_to(stream, descriptor.size + 1)
    if len(raw) > descriptor.size:
        raise _wrong_size(descriptor, f"more than {descriptor.size}")
    descriptor.verify(raw)
    return raw


def _wrong_size(descriptor: Descriptor, actual: object) -> SizeMismatchError:
    return SizeMismatchError(
        "more or fewer bytes than promised",
        where=descriptor.digest,
        expected=descriptor.size,
        actual=actual,
    )
