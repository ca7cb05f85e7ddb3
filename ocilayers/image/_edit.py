"""An image with other documents or layers: a new one, with its blobs at hand.

Law: nothing that stays is made anew. A document is edited in its own style, and the
blob of a layer that nobody touched is not even read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.errors import ImageError
from ocilayers.image.blobs import BlobSource, WrittenBlobs
from ocilayers.image.rules import LAYERS_MISMATCH
from ocilayers.spec.config import History, ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import (
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    Compression,
    Dialect,
    MediaType,
)
from ocilayers.wire.convert import convert

if TYPE_CHECKING:
    from ocilayers.codec.layer import LayerFacts
    from ocilayers.image.image import Image
    from ocilayers.spec.manifest import ImageManifest
    from ocilayers.wire.document import Document

__all__ = [
    "blobs_written",
    "converted",
    "describe",
    "edited",
    "paired",
    "source",
    "with_documents",
    "with_layers",
    "written",
]

_LAYERS: Final[Mapping[Compression, MediaType]] = FrozenMap(
    {"none": OCI_LAYER, "gzip": OCI_LAYER_GZIP, "zstd": OCI_LAYER_ZSTD}
)
#: Annotations of a layer that are not true of other stored bytes: where its table of
#: contents is, what it hashes to, and what the layer is without compression.
_OF_STORED_BYTES: Final = (
    "containerd.io/snapshot/stargz/",
    "containerd.io/uncompressed",
    "io.containers.estargz.",
    "io.github.containers.zstd-chunked.",
)


def edited(
    image: Image,
    *,
    config: ImageConfig | None = None,
    layers: Sequence[Descriptor] | None = None,
    annotations: Mapping[str, str] | None = None,
    blobs: Mapping[str, bytes] = EMPTY_MAP,
) -> Image:
    """*image* with another config, other layers or annotations; None: as they are.

    Args:
        image: What to begin with.
        config: What its config shall say.
        layers: What its manifest shall say of its layers.
        annotations: Of its manifest.
        blobs: The stored bytes of new layers, by digest.

    Raises:
        DocumentError: The config says something that it is not allowed to say.
        ImageError: It has another number of diff_ids than there are layers.
    """
    manifest = image.manifest.model
    if config is not None:
        _check_count(manifest.layers if layers is None else layers, config)
    document = image.config if config is None else image.config.edit(config)
    named = manifest.config
    if document.digest != image.config.digest:
        # What a descriptor carries of its content is of the old one.
        named = attrs.evolve(
            named, digest=document.digest, size=document.size, data=None
        )
    changed = image.manifest.edit(
        attrs.evolve(
            manifest,
            config=named,
            layers=manifest.layers if layers is None else layers,
            annotations=manifest.annotations if annotations is None else annotations,
        )
    )
    return with_documents(image, changed, document, blobs)


def with_documents(
    image: Image,
    manifest: Document[ImageManifest],
    config: Document[ImageConfig],
    blobs: Mapping[str, bytes] = EMPTY_MAP,
) -> Image:
    """*image* with other documents, kept among what was made if they are new."""
    made = {**written(image), **blobs}
    if config.digest != image.config.digest:
        made[config.digest] = config.raw
    if manifest.digest != image.digest:
        made[manifest.digest] = manifest.raw
    kept = {manifest.digest, *(child.digest for child in _children(manifest.model))}
    return attrs.evolve(
        image,
        manifest=manifest,
        config=config,
        blobs=WrittenBlobs(
            FrozenMap({name: blob for name, blob in made.items() if name in kept}),
            source(image),
        ),
    )


def converted(image: Image, dialect: Dialect) -> Image:
    """*image* in the words of a standard; losses are findings of its manifest."""
    manifest = convert(image.manifest, dialect)
    document = attrs.evolve(
        manifest.document,
        findings=(*manifest.document.findings, *manifest.losses),
    )
    return with_documents(image, document, convert(image.config, dialect).document)


def with_layers(
    image: Image,
    layers: Sequence[tuple[Descriptor, Digest]],
    *,
    history: Sequence[History],
    blobs: Mapping[str, bytes] = EMPTY_MAP,
) -> Image:
    """*image* with these layers and this history instead of its own.

    Args:
        image: What to begin with.
        layers: A descriptor and a diff_id for each, the base first.
        history: Of all of them.
        blobs: The stored bytes of new ones, by digest.
    """
    config = image.config.model
    rootfs = attrs.evolve(config.rootfs, diff_ids=[diff_id for _, diff_id in layers])
    return edited(
        image,
        config=attrs.evolve(config, rootfs=rootfs, history=history),
        layers=[descriptor for descriptor, _ in layers],
        blobs=blobs,
    )


def paired(image: Image) -> list[tuple[Descriptor, Digest]]:
    """What manifest and config of *image* say of each layer.

    Raises:
        ImageError: They have different numbers of layers.
    """
    layers, config = image.manifest.model.layers, image.config.model
    _check_count(layers, config)
    return list(zip(layers, config.rootfs.diff_ids, strict=True))


def describe(
    image: Image, facts: LayerFacts, like: Descriptor | None = None
) -> Descriptor:
    """What the manifest of *image* says of a layer, in the words of its standard.

    Args:
        image: Whose manifest.
        facts: Of the layer.
        like: What it says of the same layer in other stored bytes.
    """
    media_type = _LAYERS[facts.compression]
    if image.manifest.media_type.dialect == "docker":
        media_type = media_type.converted("docker")
    if like is None:
        return Descriptor(media_type=media_type, digest=facts.digest, size=facts.size)
    kept = {
        key: value
        for key, value in like.annotations.items()
        if not key.startswith(_OF_STORED_BYTES)
    }
    return attrs.evolve(
        like,
        media_type=media_type,
        digest=facts.digest,
        size=facts.size,
        annotations=kept,
        urls=(),
        data=None,
    )


def blobs_written(image: Image) -> Iterator[tuple[Descriptor, bytes]]:
    """What was made since the image was opened: layers, then config, then manifest."""
    made = written(image)
    named = [*_children(image.manifest.model), image.manifest.descriptor()]
    # Equal layers are stored once.
    for descriptor in {child.digest: child for child in named}.values():
        if descriptor.digest in made:
            yield descriptor, made[descriptor.digest]


def written(image: Image) -> Mapping[str, bytes]:
    """The blobs that were made since the image was opened, by digest."""
    return image.blobs.written if isinstance(image.blobs, WrittenBlobs) else EMPTY_MAP


def source(image: Image) -> BlobSource:
    """Where all other blobs come from."""
    return image.blobs.below if isinstance(image.blobs, WrittenBlobs) else image.blobs


def _children(manifest: ImageManifest) -> tuple[Descriptor, ...]:
    return *manifest.layers, manifest.config


def _check_count(layers: Sequence[Descriptor], config: ImageConfig) -> None:
    if len(layers) != len(config.rootfs.diff_ids):
        raise ImageError(
            LAYERS_MISMATCH.summary,
            where="rootfs.diff_ids",
            expected=len(layers),
            actual=len(config.rootfs.diff_ids),
        )
