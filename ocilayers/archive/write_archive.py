"""An image to the files of what `docker save` writes, old and new.

Source: docker-image-spec, spec.md, "Combined Image JSON + Filesystem Changeset
Format"; moby, `daemon/internal/image/tarexport`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from ocilayers.archive.docker_archive import MANIFEST_NAME
from ocilayers.archive.member import Member
from ocilayers.archive.oci_layout import CONTAINERD_NAME, HEADER_NAME, blob_name
from ocilayers.archive.write_layout import blob_members, index_member
from ocilayers.codec.layer import LayerDecoder
from ocilayers.errors import InvalidFieldError
from ocilayers.image._edit import paired
from ocilayers.image.blobs import verified
from ocilayers.image.image import Image
from ocilayers.image.layer import Layer
from ocilayers.image.places import place
from ocilayers.spec.annotations import REF_NAME
from ocilayers.spec.layout import LayoutHeader
from ocilayers.spec.reference import Reference
from ocilayers.spec.saved import SavedImage
from ocilayers.wire.render import render

__all__ = ["ArchiveForm", "write_archive"]

ArchiveForm: TypeAlias = Literal["new", "old"]
"""`new` as Docker writes it since version 25, `old` as before."""

_REPOSITORIES_NAME = "repositories"


def write_archive(
    image: Image,
    *,
    ref: str | None = None,
    form: ArchiveForm = "new",
    progress: Callable[[int], object] | None = None,
) -> Iterator[Member]:
    """The files of what `docker save` writes, for `docker load` and `podman load`.

    `new` is an OCI layout and an old archive at once: blobs stay as they are stored.
    `old` has plain layers; a layer that is compressed is read twice, as a tar wants to
    know sizes first.

    >>> from ocilayers.image.sample import sample_image
    >>> [m.name for m in write_archive(sample_image(), ref="sample:1")][-3:]
    ['oci-layout', 'index.json', 'manifest.json']

    Args:
        image: What to write.
        ref: What it is called, `name:tag`; without a tag, `latest` is added.
        form: Which of the two.
        progress: Told how many stored bytes each read gave.

    Yields:
        Members, which unpack as `name, chunks`; `pack` makes a tar of them.

    Raises:
        InvalidFieldError: There is no such form, or *ref* is no reference.
        ImageError: Manifest and config have different numbers of layers.
        BlobNotFoundError: The image has not all its blobs.
        DigestError: A blob is not what its descriptor says; while its chunks are
            taken.
    """
    paired(image)
    name = None if ref is None else _tagged(Reference.parse(ref))
    if form == "new":
        return _new(image, name, progress)
    if form == "old":
        return _old(image, name, progress)
    raise InvalidFieldError("no such form", expected="new | old", actual=repr(form))


def _tagged(reference: Reference) -> tuple[str, str]:
    return reference.name, reference.tag or "latest"


def _new(
    image: Image,
    name: tuple[str, str] | None,
    progress: Callable[[int], object] | None,
) -> Iterator[Member]:
    yield from blob_members([image], progress)
    yield Member.of(HEADER_NAME, render(LayoutHeader()).raw)
    annotations = (
        {} if name is None else {CONTAINERD_NAME: ":".join(name), REF_NAME: name[1]}
    )
    yield index_member(image.manifest.descriptor(), annotations)
    layers = [blob_name(layer.descriptor.digest) for layer in image.layers]
    yield _manifest(blob_name(image.image_id), name, layers)


def _old(
    image: Image,
    name: tuple[str, str] | None,
    progress: Callable[[int], object] | None,
) -> Iterator[Member]:
    names: list[str] = []
    for layer in image.layers:
        # Two layers may be equal, but never two chains.
        folder = layer.chain_id.encoded if layer.chain_id else str(layer.index)
        names.append(f"{folder}/layer.tar")
        yield Member(names[-1], _plain_size(layer, progress), _plain(layer, progress))
    config = f"{image.image_id.encoded}.json"
    yield Member.of(config, image.config.raw)
    if name is not None and names:
        top = names[-1].partition("/")[0]
        repositories = render({name[0]: {name[1]: top}})
        yield Member.of(_REPOSITORIES_NAME, repositories.raw)
    yield _manifest(config, name, names)


def _manifest(config: str, name: tuple[str, str] | None, layers: list[str]) -> Member:
    tags = () if name is None else (":".join(name),)
    saved = SavedImage(config=config, repo_tags=tags, layers=layers)
    return Member.of(MANIFEST_NAME, render((saved,)).raw)


def _plain_size(layer: Layer, progress: Callable[[int], object] | None) -> int:
    if layer.descriptor.media_type.compression == "none":
        return layer.descriptor.size
    return layer.read(content="none", progress=progress).facts.uncompressed_size


def _plain(layer: Layer, progress: Callable[[int], object] | None) -> Iterator[bytes]:
    decoder = LayerDecoder(layer.descriptor, diff_id=layer.diff_id, limits=layer.limits)
    with place(layer.where):
        for chunk in verified(layer.blobs, layer.descriptor, progress=progress):
            yield from decoder.feed(chunk)
        yield from decoder.finish()
