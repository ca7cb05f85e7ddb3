"""`LayerBuilder`: a layer put together entry by entry, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Self

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.codec.layer import LayerFacts
from ocilayers.errors import ContentNotKeptError
from ocilayers.layer._writer import write_layer
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import (
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    Compression,
    MediaType,
)
from ocilayers.tar._path import clean_path
from ocilayers.tar.entry import Entry, Kind

__all__ = ["BuiltLayer", "LayerBuilder"]

_MEDIA_TYPES: Final[Mapping[str, MediaType]] = {
    "none": OCI_LAYER,
    "gzip": OCI_LAYER_GZIP,
    "zstd": OCI_LAYER_ZSTD,
}

_MARKS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})
_SECOND: Final = 10**9


@attrs.frozen
class BuiltLayer:
    """A layer that was written here: an iterable of its entries, ready for `merge`.

    Attributes:
        entries: In archive order, with their content.
        blob: The stored bytes.
        facts: Digests and sizes of `blob`.
    """

    entries: tuple[Entry, ...] = attrs.field(repr=False)
    blob: bytes = attrs.field(repr=False)
    facts: LayerFacts

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    @property
    def diff_id(self) -> Digest:
        """The digest of the plain tar."""
        return self.facts.diff_id

    @property
    def descriptor(self) -> Descriptor:
        """What a manifest says of it, in OCI's words."""
        return Descriptor(
            media_type=_MEDIA_TYPES[self.facts.compression],
            digest=self.facts.digest,
            size=self.facts.size,
        )


class LayerBuilder:
    """Puts a layer together; every method gives back the builder itself.

    Nothing is added that was not asked for: a directory that is only a parent keeps
    what the lower layers say of it. Whiteouts are written first, the rest in the
    order in which it was added. No path is written twice: what is added again takes
    the place of what was there.

    >>> builder = LayerBuilder().file("/app/run", b"#!/bin/sh", mode=0o755)
    >>> layer = builder.symlink("/run", "app/run").whiteout("/tmp/x").build()
    >>> [entry.path for entry in layer]
    ['tmp/x', 'app/run', 'run']

    Args:
        epoch: No entry is younger, in seconds since 1970, as SOURCE_DATE_EPOCH is;
            also the time of every entry that has none of its own.
    """

    def __init__(self, *, epoch: int = 0) -> None:
        self._latest_ns = epoch * _SECOND
        # A mark may stand beside an entry of its path.
        self._entries: dict[tuple[str, Kind | None], Entry] = {}

    def add(self, entry: Entry) -> Self:
        """Add *entry*; of a file, with its `content`.

        Raises:
            ContentNotKeptError: It is a file without its content.
        """
        if entry.kind is Kind.FILE and entry.size and entry.content is None:
            raise ContentNotKeptError("a file without its content", where=entry.path)
        mtime_ns = min(entry.mtime_ns, self._latest_ns)
        key = entry.path, entry.kind if entry.kind in _MARKS else None
        self._entries[key] = attrs.evolve(entry, mtime_ns=mtime_ns)
        return self

    def file(
        self,
        path: str,
        content: bytes = b"",
        *,
        mode: int = 0o644,
        uid: int = 0,
        gid: int = 0,
        mtime_ns: int | None = None,
        xattrs: Mapping[str, bytes] = EMPTY_MAP,
    ) -> Self:
        """Add a file with *content*.

        Raises:
            PathEscapeError: *path* climbs out of the root.
        """
        return self.add(
            Entry(
                clean_path(path),
                Kind.FILE,
                mode,
                uid,
                gid,
                mtime_ns=self._latest_ns if mtime_ns is None else mtime_ns,
                xattrs=FrozenMap(xattrs),
                content=content,
            )
        )

    def directory(
        self,
        path: str,
        *,
        mode: int = 0o755,
        uid: int = 0,
        gid: int = 0,
        mtime_ns: int | None = None,
        xattrs: Mapping[str, bytes] = EMPTY_MAP,
    ) -> Self:
        """Add a directory, or give one of the lower layers these attributes.

        Raises:
            PathEscapeError: *path* climbs out of the root.
        """
        return self.add(
            Entry(
                clean_path(path),
                Kind.DIRECTORY,
                mode,
                uid,
                gid,
                mtime_ns=self._latest_ns if mtime_ns is None else mtime_ns,
                xattrs=FrozenMap(xattrs),
            )
        )

    def symlink(self, path: str, target: str, *, uid: int = 0, gid: int = 0) -> Self:
        """Add a symlink to *target*, which is kept as written.

        Raises:
            PathEscapeError: *path* climbs out of the root.
        """
        return self._add(path, Kind.SYMLINK, uid=uid, gid=gid, target=target)

    def hardlink(self, path: str, target: str) -> Self:
        """Add another name of the file *target*.

        Raises:
            PathEscapeError: One of them climbs out of the root.
        """
        return self._add(path, Kind.HARDLINK, target=clean_path(target))

    def whiteout(self, path: str) -> Self:
        """Hide *path* of the lower layers.

        Raises:
            PathEscapeError: *path* climbs out of the root.
        """
        return self._add(path, Kind.WHITEOUT)

    def opaque(self, path: str) -> Self:
        """Hide everything that the lower layers have in the directory *path*.

        Raises:
            PathEscapeError: *path* climbs out of the root.
        """
        return self._add(path, Kind.OPAQUE)

    def build(
        self, compression: Compression = "gzip", *, level: int | None = None
    ) -> BuiltLayer:
        """Write the layer.

        Raises:
            TarError: An entry cannot be written.
            CodecError: There is no such compression or level.
        """
        added = self._entries.values()
        marks = [entry for entry in added if entry.kind in _MARKS]
        rest = [entry for entry in added if entry.kind not in _MARKS]
        entries = (*marks, *rest)
        stored = write_layer(entries, compression=compression, level=level)
        return BuiltLayer(entries, stored.blob, stored.facts)

    def _add(
        self,
        path: str,
        kind: Kind,
        *,
        uid: int = 0,
        gid: int = 0,
        target: str | None = None,
    ) -> Self:
        return self.add(
            Entry(
                clean_path(path),
                kind,
                uid=uid,
                gid=gid,
                mtime_ns=self._latest_ns,
                target=target,
            )
        )
