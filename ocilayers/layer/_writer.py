"""`write_layer`: entries and their content to the stored bytes of a layer."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from concurrent.futures import Executor

import attrs

from ocilayers._source import chunks, release
from ocilayers._types import SupportsRead
from ocilayers.codec.layer import LayerEncoder, LayerFacts
from ocilayers.errors import ContentNotKeptError
from ocilayers.spec.media_types import Compression
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind

__all__ = ["StoredBytes", "write_layer"]


@attrs.frozen
class StoredBytes:
    """A layer as it is stored.

    Attributes:
        blob: The stored bytes.
        facts: Digests and sizes of `blob`.
    """

    blob: bytes = attrs.field(repr=False)
    facts: LayerFacts


def write_layer(
    entries: Iterable[Entry],
    open_content: Callable[[Entry], SupportsRead] | None = None,
    *,
    compression: Compression = "gzip",
    level: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> StoredBytes:
    """Write a layer; the same entries make the same bytes.

    Of its plain tar no more than a piece is in memory at once.

    Args:
        entries: In the order in which they are written.
        open_content: Opens the content of files that do not carry it.
        compression: Of the stored bytes.
        level: Of the compression.
        executor: Whose workers hash and deflate beside this thread.
        progress: Told how many bytes of content were written.

    Raises:
        ContentNotKeptError: A file has no content.
        TarError: An entry cannot be written.
        CodecError: There is no such compression or level.
    """
    encoder = LayerEncoder(compression, level=level, executor=executor)
    tar = TarEncoder()
    # Its bytes are given back without a copy: joining pieces would need twice as much.
    stored = io.BytesIO()
    for entry in entries:
        for plain in tar.feed(entry):
            stored.writelines(encoder.feed(plain))
        if entry.kind is not Kind.FILE or not entry.size or entry.content is not None:
            continue
        if open_content is None:
            raise ContentNotKeptError("a file without its content", where=entry.path)
        content = open_content(entry)
        try:
            for chunk in chunks(content, progress=progress):
                for plain in tar.feed(chunk):
                    stored.writelines(encoder.feed(plain))
        finally:
            release(content)
    for plain in tar.finish():
        stored.writelines(encoder.feed(plain))
    stored.writelines(encoder.finish())
    return StoredBytes(stored.getvalue(), encoder.facts)
