"""Images to the files of an OCI image layout.

Source: image-spec, image-layout.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from ocilayers._types import EMPTY_MAP
from ocilayers.archive.member import Member
from ocilayers.archive.oci_layout import HEADER_NAME, INDEX_NAME, blob_name
from ocilayers.image.blobs import verified
from ocilayers.image.image import Image
from ocilayers.spec.annotations import REF_NAME
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.media_types import OCI_INDEX
from ocilayers.wire.render import render

__all__ = ["blob_members", "index_member", "write_layout"]


def write_layout(
    images: Image | Iterable[Image],
    *,
    ref: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Member]:
    """The files of an OCI layout; the caller stores them, wherever that is.

    Blobs come first, each once, as they are stored: nothing is compressed anew. The
    index comes last, so that what was begun and not ended is no layout. Documents stay
    as they are, too: umoci and skopeo read OCI's alone in a layout, so for them write
    `image.to("oci")`.

    >>> from ocilayers.image.sample import sample_image
    >>> files = {
    ...     name: b"".join(chunks) for name, chunks in write_layout(sample_image())
    ... }
    >>> files["oci-layout"]
    b'{"imageLayoutVersion":"1.0.0"}'

    Args:
        images: One, or several that are the same thing for different platforms: then
            the layout has an image index of them.
        ref: What it is called: a tag, or a whole reference.
        progress: Told how many stored bytes each read gave.

    Yields:
        Members, which unpack as `name, chunks`. Take the chunks of one before you
        ask for the next, or leave them.

    Raises:
        BlobNotFoundError: An image has not all its blobs.
        DigestError: A blob is not what its descriptor says; while its chunks are
            taken.
    """
    images = (images,) if isinstance(images, Image) else tuple(images)
    return _members(images, EMPTY_MAP if ref is None else {REF_NAME: ref}, progress)


def _members(
    images: Sequence[Image],
    annotations: Mapping[str, str],
    progress: Callable[[int], object] | None,
) -> Iterator[Member]:
    yield from blob_members(images, progress)
    named = images[0].manifest.descriptor()
    if len(images) > 1:
        index = render(
            ImageIndex(
                media_type=OCI_INDEX,
                manifests=[
                    attrs.evolve(image.manifest.descriptor(), platform=image.platform)
                    for image in images
                ],
            )
        )
        yield Member.of(blob_name(index.digest), index.raw)
        named = index.descriptor()
    yield Member.of(HEADER_NAME, render(LayoutHeader()).raw)
    yield index_member(named, annotations)


def index_member(named: Descriptor, annotations: Mapping[str, str]) -> Member:
    """The `index.json` that lists one manifest or index."""
    entry = attrs.evolve(named, annotations=annotations)
    index = ImageIndex(media_type=OCI_INDEX, manifests=[entry])
    return Member.of(INDEX_NAME, render(index).raw)


def blob_members(
    images: Iterable[Image], progress: Callable[[int], object] | None
) -> Iterator[Member]:
    """The layers, configs and manifests of *images*, each blob once."""
    seen: set[str] = set()
    for image in images:
        for layer in image.layers:
            blob = layer.descriptor
            if blob.digest not in seen and not _is_elsewhere(blob):
                seen.add(blob.digest)
                chunks = verified(image.blobs, blob, progress=progress)
                yield Member(blob_name(blob.digest), blob.size, chunks)
        for document in (image.config, image.manifest):
            if document.digest not in seen:
                seen.add(document.digest)
                yield Member.of(blob_name(document.digest), document.raw)


def _is_elsewhere(layer: Descriptor) -> bool:
    """Whether it is not to be distributed, and its descriptor says where it is."""
    return layer.media_type.is_foreign and bool(layer.urls)
