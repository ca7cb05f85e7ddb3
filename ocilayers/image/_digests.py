"""Layers read once, with the digest of every file in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from hashlib import sha256
from io import BytesIO
from typing import TypeAlias

import attrs

from ocilayers._source import CHUNK_BYTES
from ocilayers._types import SupportsRead
from ocilayers.image.blobs import opened
from ocilayers.image.layer import Layer
from ocilayers.image.places import place
from ocilayers.layer.index import LayerIndex
from ocilayers.layer.reader import LayerReader, open_layer
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind

__all__ = ["Digests", "Key", "read_digests"]

Key: TypeAlias = bytes
"""The digest of a file's content."""


@attrs.frozen(eq=False)
class Digests:
    """One layer, ready for `merge`, with the digests of files instead of content.

    Attributes:
        index: Its entries and facts.
        by_entry: The digest of each file that is not empty, by the `id` of its entry,
            as a layer may have equal ones.
        content: The content of all files, holes included, in bytes.
    """

    index: LayerIndex
    by_entry: Mapping[int, Key]
    content: int

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.index.entries)

    def open_content(self, entry: Entry) -> SupportsRead:
        """The digest of the content, which tells as well what is equal."""
        return BytesIO(self.by_entry[id(entry)])

    def estimate(self, size: int) -> int:
        """What *size* bytes of content may be of the stored blob, in bytes."""
        facts = self.index.facts
        # Sparse files can have more content than their layer has bytes.
        whole = max(facts.uncompressed_size, self.content)
        return round(size * facts.size / whole) if whole else 0


def read_digests(
    layers: Sequence[Layer],
    *,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> list[Digests]:
    """Read each of *layers* to its verified end, equal ones once.

    Raises:
        OCILayersError: One does not verify.
    """
    read: dict[Layer, Digests] = {}
    for layer in layers:
        if layer.promises not in read:
            read[layer.promises] = _read(layer, executor, progress)
    return [read[layer.promises] for layer in layers]


def _read(
    layer: Layer,
    executor: Executor | None,
    progress: Callable[[int], object] | None,
) -> Digests:
    limits = layer.limits or Limits()
    entries: list[Entry] = []
    digests: dict[int, Key] = {}
    content = 0
    with place(layer.where), opened(layer.blobs, layer.descriptor) as stream:
        reader = open_layer(
            stream,
            layer.descriptor,
            diff_id=layer.diff_id,
            limits=limits,
            executor=executor,
            progress=progress,
        )
        for entry in reader:
            entries.append(entry)
            if entry.kind is Kind.FILE and entry.size:
                # The holes of sparse files are hashed too, so they are bounded.
                content += entry.size
                limits.check("uncompressed_bytes", content, where=entry.path)
                digests[id(entry)] = _digest(reader)
        index = LayerIndex(tuple(entries), reader.facts)
    return Digests(index, digests, content)


def _digest(reader: LayerReader) -> Key:
    hasher = sha256()
    while piece := reader.read(CHUNK_BYTES):
        hasher.update(piece)
    return hasher.digest()
