"""Images of layers that were built here, whole or with something wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import attrs

from ocilayers.image.blobs import BlobSource
from ocilayers.image.image import Image
from ocilayers.layer._writer import write_layer
from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.spec.config import History, ImageConfig, RootFS
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import Compression
from ocilayers.tar.entry import Entry
from ocilayers.wire.render import render

__all__ = ["BASE", "TOP", "blobs_of", "flipped", "image_of", "stored"]

BASE: Final = (
    LayerBuilder()
    .directory("/etc")
    .file("/etc/motd", b"hello")
    .file("/etc/old", b"old")
    .build()
)
TOP: Final = LayerBuilder().whiteout("/etc/old").file("/new", b"n" * 5000).build("zstd")


def image_of(
    *layers: BuiltLayer,
    blobs: BlobSource | None = None,
    diff_ids: Sequence[Digest] | None = None,
    descriptors: Sequence[Descriptor] | None = None,
    history: Sequence[History] = (),
) -> Image:
    """An image of *layers*, but for what is said to be another way."""
    if diff_ids is None:
        diff_ids = [layer.diff_id for layer in layers]
    if descriptors is None:
        descriptors = [layer.descriptor for layer in layers]
    config = render(
        ImageConfig(
            os="linux",
            architecture="amd64",
            rootfs=RootFS(diff_ids=diff_ids),
            history=history,
        )
    )
    manifest = render(ImageManifest(config=config.descriptor(), layers=descriptors))
    if blobs is None:
        blobs = blobs_of(*layers) | {config.digest: config.raw}
    return Image(manifest, config, blobs)


def blobs_of(*layers: BuiltLayer) -> dict[str, bytes]:
    """The stored bytes of *layers*, by digest."""
    return {layer.descriptor.digest: layer.blob for layer in layers}


def flipped(layer: BuiltLayer, place: int = -20) -> BuiltLayer:
    """The same layer with other stored bytes than its descriptor says."""
    blob = bytearray(layer.blob)
    blob[place] ^= 1
    return attrs.evolve(layer, blob=bytes(blob))


def stored(entries: Iterable[Entry], compression: Compression = "gzip") -> BuiltLayer:
    """*entries* as a layer, in their order and with their times."""
    entries = tuple(entries)
    written = write_layer(entries, compression=compression)
    return BuiltLayer(entries, written.blob, written.facts)
