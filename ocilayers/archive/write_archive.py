"""An image to the files of what `docker save` writes, old and new.

Source: docker-image-spec, spec.md, "Combined Image JSON + Filesystem Changeset
Format"; moby, `daemon/internal/image/tarexport`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, Literal, TypeAlias

import attrs

from ocilayers._source import chunks, read_up_to
from ocilayers._types import EMPTY_MAP
from ocilayers.archive.docker_archive import MANIFEST_NAME
from ocilayers.archive.member import Chunks, Member
from ocilayers.archive.oci_layout import CONTAINERD_NAME, blob_name
from ocilayers.archive.write_layout import Progress, layout_members
from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.sniff import HEAD_BYTES, sniff
from ocilayers.errors import InvalidFieldError
from ocilayers.image._edit import paired
from ocilayers.image.blobs import opened
from ocilayers.image.image import Image
from ocilayers.image.layer import Layer
from ocilayers.image.places import place
from ocilayers.layer.index import LayerIndex
from ocilayers.spec.annotations import REF_NAME
from ocilayers.spec.digest import Digest
from ocilayers.spec.reference import Reference
from ocilayers.spec.saved import SavedImage
from ocilayers.wire.render import render

__all__ = ["ArchiveForm", "write_archive"]

ArchiveForm: TypeAlias = Literal["new", "old"]
"""`new` as Docker writes it since version 25, `old` as before."""

_LAYER_NAME: Final = "layer.tar"
_REPOSITORIES_NAME: Final = "repositories"
_DEFAULT_TAG: Final = "latest"


def write_archive(
    image: Image,
    *,
    ref: str | None = None,
    form: ArchiveForm = "new",
    indexes: Mapping[str, LayerIndex] | Mapping[Digest, LayerIndex] = EMPTY_MAP,
    progress: Progress = None,
) -> Iterator[Member]:
    """The files of what `docker save` writes, for `docker load` and `podman load`.

    `new` is an OCI layout and an old archive at once: blobs stay as they are stored.
    `old` has the plain tar of each layer, for engines before 25 and for what reads
    their archives. A tar wants to know sizes first: a layer that is compressed is read
    twice for it, if its index is not at hand.

    >>> from ocilayers.image.sample import sample_image
    >>> [m.name for m in write_archive(sample_image(), ref="sample:1")][-3:]
    ['oci-layout', 'index.json', 'manifest.json']

    Args:
        image: What to write.
        ref: What it is called, `name:tag`; without a tag, `latest` is added. containerd
            takes it as it stands, so say the registry where that counts.
        form: Which of the two.
        indexes: Of layers that were read before, by diff_id.
        progress: Told how many stored bytes each read gave.

    Yields:
        Members, which unpack as `name, chunks`; `pack` makes a tar of them.

    Raises:
        InvalidFieldError: There is no such form, or *ref* is no name with a tag.
        ImageError: Manifest and config have different numbers of layers.
        BlobNotFoundError: A blob is not there; while its chunks are taken.
        DigestError: A blob is not what its descriptor says; after its chunks were
            taken.
        CodecError: A layer cannot be decompressed; while its chunks are taken.
    """
    paired(image)
    name = None if ref is None else _tagged(Reference.parse(ref))
    if form == "new":
        return _new(image, name, progress)
    if form == "old":
        return _old(image, name, indexes, progress)
    raise InvalidFieldError("no such form", expected="new | old", actual=repr(form))


def _tagged(name: Reference) -> Reference:
    if name.digest is not None:
        raise InvalidFieldError(
            "an archive calls an image by a tag", expected="name:tag", actual=str(name)
        )
    return attrs.evolve(name, tag=name.tag or _DEFAULT_TAG)


def _new(image: Image, name: Reference | None, progress: Progress) -> Iterator[Member]:
    annotations: dict[str, str] = {}
    if name is not None:
        annotations = {CONTAINERD_NAME: str(name), REF_NAME: name.tag}
    yield from layout_members((image,), annotations, progress)
    manifest = image.manifest.model
    layers = [blob_name(layer.digest) for layer in manifest.layers]
    yield _manifest(blob_name(manifest.config.digest), name, layers)


def _old(
    image: Image,
    name: Reference | None,
    indexes: Mapping[str, LayerIndex] | Mapping[Digest, LayerIndex],
    progress: Progress,
) -> Iterator[Member]:
    diff_ids = image.config.model.rootfs.diff_ids
    names = [f"{diff_id.encoded}/{_LAYER_NAME}" for diff_id in diff_ids]
    # Equal layers are stored once: whichever blob it is read from.
    for member, layer in dict(zip(names, image.layers, strict=True)).items():
        size = partial(_plain_size, layer, indexes, progress)
        yield Member(member, Chunks(_plain(layer, progress), size))
    config = f"{image.image_id.encoded}.json"
    yield Member.of(config, image.config.raw)
    if name is not None and diff_ids:
        repositories = {name.name: {name.tag: diff_ids[-1].encoded}}
        yield Member.of(_REPOSITORIES_NAME, render(repositories).raw)
    yield _manifest(config, name, names)


def _manifest(config: str, name: Reference | None, layers: list[str]) -> Member:
    tags = () if name is None else (str(name),)
    # Docker writes null for a list with nothing in it.
    unset = {"RepoTags": None, "Layers": None}
    saved = SavedImage(config=config, repo_tags=tags, layers=layers, unset=unset)
    return Member.of(MANIFEST_NAME, render((saved,)).raw)


def _plain_size(
    layer: Layer,
    indexes: Mapping[str, LayerIndex] | Mapping[Digest, LayerIndex],
    progress: Progress,
) -> int:
    index = None if layer.diff_id is None else indexes.get(layer.diff_id)
    if index is not None:
        return index.facts.uncompressed_size
    with place(layer.where), opened(layer.blobs, layer.descriptor) as stream:
        if sniff(read_up_to(stream, HEAD_BYTES)) == "none":
            return layer.descriptor.size
    return sum(map(len, _plain(layer, progress)))


def _plain(layer: Layer, progress: Progress) -> Iterator[bytes]:
    decoder = LayerDecoder(layer.descriptor, diff_id=layer.diff_id, limits=layer.limits)
    with place(layer.where), opened(layer.blobs, layer.descriptor) as stream:
        for chunk in chunks(stream, progress=progress):
            yield from decoder.feed(chunk)
        yield from decoder.finish()
