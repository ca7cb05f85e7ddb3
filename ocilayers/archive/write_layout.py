"""Images to the files of an OCI image layout.

Law: every blob is written once, byte for byte as its source has it, and verified on
its way. `index.json` comes after them: what was begun and not ended is no layout.

Source: image-spec, image-layout.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from ocilayers.archive.member import Chunks, Member
from ocilayers.archive.oci_layout import HEADER_NAME, INDEX_NAME, blob_name
from ocilayers.errors import BlobNotFoundError, ImageError, InvalidFieldError
from ocilayers.image.blobs import BlobSource, opened, verified
from ocilayers.image.image import Image
from ocilayers.spec.annotations import REF_NAME, is_ref_name
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.media_types import DOCKER_INDEX, OCI_INDEX
from ocilayers.wire.document import Document
from ocilayers.wire.render import render

__all__ = ["Progress", "layout_members", "write_layout"]

Progress: TypeAlias = Callable[[int], object] | None
"""Told how many stored bytes each read gave."""


def write_layout(
    images: Image | Iterable[Image],
    *,
    ref: str | None = None,
    progress: Progress = None,
) -> Iterator[Member]:
    """The files of an OCI layout; the caller stores them, wherever that is.

    Blobs come first, each once, as they are stored: nothing is compressed anew. The
    index comes last, so that what was begun and not ended is no layout. Documents stay
    as they are, too: umoci and skopeo read OCI's alone in a layout, so for them write
    `image.to("oci")`. Layers that are distributed elsewhere are left out where the
    image does not have them.

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
        Members: name, and an iterator of the bytes.

    Raises:
        InvalidFieldError: It may not be called so.
        ImageError: There is no image.
        BlobNotFoundError: A blob is not there; while its chunks are taken.
        DigestError: A blob is not what its descriptor says; after its chunks were
            taken.
    """
    if ref is not None and not is_ref_name(ref):
        raise InvalidFieldError(
            "no name for an image of a layout",
            expected="letters and digits, with one of -._:@+/ between them",
            actual=repr(ref),
        )
    annotations = {} if ref is None else {REF_NAME: ref}
    chosen = (images,) if isinstance(images, Image) else tuple(images)
    if not chosen:
        raise ImageError("there is no image to write")
    return layout_members(chosen, annotations, progress)


def layout_members(
    images: tuple[Image, ...], annotations: Mapping[str, str], progress: Progress
) -> Iterator[Member]:
    """The files of an OCI layout of *images*, one or more.

    Args:
        images: One, or several that an image index joins.
        annotations: Of the one entry of `index.json`.
        progress: Told how many stored bytes each read gave.
    """
    seen: set[str] = set()
    for image in images:
        for descriptor, source in _blobs(image):
            if descriptor.digest not in seen and not _is_elsewhere(descriptor, source):
                seen.add(descriptor.digest)
                chunks = verified(source, descriptor, progress=progress)
                name = blob_name(descriptor.digest)
                yield Member(name, Chunks(chunks, descriptor.size))
    entry = images[0].manifest.descriptor()
    if len(images) > 1:
        joined = _joined(images)
        entry = joined.descriptor()
        yield Member.of(blob_name(joined.digest), joined.raw)
    entry = attrs.evolve(entry, annotations=annotations)
    yield Member.of(HEADER_NAME, render(LayoutHeader()).raw)
    yield Member.of(INDEX_NAME, render(ImageIndex(manifests=[entry])).raw)


def _blobs(image: Image) -> Iterator[tuple[Descriptor, BlobSource]]:
    """All that *image* is made of and where it comes from; what is named first."""
    manifest, config = image.manifest, image.config
    named = manifest.model.config
    for layer in manifest.model.layers:
        yield layer, image.blobs
    # Held against its descriptor as well: the document may have come another way.
    yield named, {named.digest: config.raw}
    yield manifest.descriptor(), {manifest.digest: manifest.raw}


def _is_elsewhere(blob: Descriptor, source: BlobSource) -> bool:
    # "Blobs that are foreign may be missing": where they come from, they were not
    # always fetched.
    if not blob.media_type.is_foreign:
        return False
    try:
        with opened(source, blob):
            return False
    except BlobNotFoundError:
        return True


def _joined(images: tuple[Image, ...]) -> Document[ImageIndex]:
    dialects = {image.manifest.media_type.dialect for image in images}
    entries = {
        image.digest: attrs.evolve(image.manifest.descriptor(), platform=image.platform)
        for image in images
    }
    media_type = DOCKER_INDEX if dialects == {"docker"} else OCI_INDEX
    return render(ImageIndex(media_type=media_type, manifests=entries.values()))
