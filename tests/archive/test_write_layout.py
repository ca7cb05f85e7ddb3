"""Images to the files of an OCI layout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs
import pytest
from archives import Files, blob_name, small_image, write
from built_images import BASE, TOP, blobs_of, flipped, image_of

from ocilayers.archive.member import Member
from ocilayers.archive.oci_layout import open_layout
from ocilayers.archive.write_layout import write_layout
from ocilayers.errors import (
    AmbiguousImageError,
    BlobNotFoundError,
    DigestMismatchError,
    ImageError,
    InvalidFieldError,
    SizeMismatchError,
)
from ocilayers.image.image import Image
from ocilayers.layer.builder import BuiltLayer
from ocilayers.spec.annotations import REF_NAME, TITLE
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import DOCKER_INDEX, OCI_FOREIGN_LAYER_GZIP, OCI_INDEX
from ocilayers.wire.parse import parse_index

IMAGE = image_of(BASE, TOP)
AMD = small_image("amd")
ARM = small_image("arm", platform="linux/arm64")


def files_of(members: Iterable[Member]) -> Files:
    """All of *members*; none comes twice."""
    stored: Files = {}
    for name, chunks in members:
        size = chunks.size
        assert name not in stored
        stored[name] = b"".join(chunks)
        assert size == len(stored[name])
    return stored


def foreign(layer: BuiltLayer) -> Descriptor:
    """What a manifest says of a layer that is distributed elsewhere."""
    return attrs.evolve(
        layer.descriptor,
        media_type=OCI_FOREIGN_LAYER_GZIP,
        urls=["https://elsewhere.example/layer"],
    )


@pytest.mark.spec(
    "image-spec image-layout.md, oci-layout file", "This file MUST be present"
)
def test_a_layout_has_its_header_its_index_and_every_blob() -> None:
    """Blobs are under their digests, as their source has them."""
    files = files_of(write_layout(IMAGE))
    blobs = {
        **blobs_of(BASE, TOP),
        IMAGE.image_id: IMAGE.config.raw,
        IMAGE.digest: IMAGE.manifest.raw,
    }
    index = parse_index(files.pop("index.json")).model

    assert b'{"imageLayoutVersion":"1.0.0"}' == files.pop("oci-layout")
    assert {blob_name(digest): blob for digest, blob in blobs.items()} == files
    assert (IMAGE.manifest.descriptor(),) == index.manifests


def test_the_index_comes_last() -> None:
    """What was begun and not ended is no layout."""
    assert "index.json" == [member.name for member in write_layout(IMAGE)][-1]


def test_the_same_image_makes_the_same_files() -> None:
    """There is no time in them, and no chance."""
    first, second = (list(files_of(write_layout(IMAGE)).items()) for _ in "ab")

    assert first == second


def test_a_layout_is_read_back_under_its_name(tmp_path: Path) -> None:
    """The same digest, and everything in it verifies."""
    root = write(files_of(write_layout(IMAGE, ref="app:1")), tmp_path)
    image = open_layout(root, ref="app:1")

    assert IMAGE.digest == image.digest
    assert not image.verify().findings
    with pytest.raises(ImageError):
        open_layout(root, ref="app:2")


@pytest.mark.hostile("a title that is a path")
@pytest.mark.parametrize("title", ["../../etc/passwd", "/etc/passwd", "index.json"])
def test_a_title_names_no_file(title: str) -> None:
    """Files are named by digests; what an annotation says is text, and stays it."""
    named = [
        attrs.evolve(layer.descriptor, annotations={TITLE: title})
        for layer in (BASE, TOP)
    ]
    image = image_of(BASE, TOP, descriptors=named)
    files = files_of(write_layout(image))
    digests = [image.digest, image.image_id, *(layer.digest for layer in named)]

    assert {*files} == {"oci-layout", "index.json", *map(blob_name, digests)}
    assert [layer.descriptor for layer in image.layers] == named


def test_equal_layers_are_stored_once() -> None:
    """Of one image, and of several."""
    twice = image_of(BASE, BASE)

    assert 5 == len(files_of(write_layout(twice)))
    assert 9 == len(files_of(write_layout([twice, image_of(BASE, TOP)])))


@pytest.mark.spec(
    "image-spec image-index.md, manifests",
    "Also, implementations SHOULD support the following media types: "
    "application/vnd.oci.image.index.v1+json (nested index)",
)
def test_several_platforms_are_joined_by_an_index(tmp_path: Path) -> None:
    """It has the name; which image is meant, the platform says."""
    root = write(files_of(write_layout([AMD, ARM], ref="1")), tmp_path)
    listed = parse_index((root / "index.json").read_bytes()).model.manifests

    assert [OCI_INDEX] == [entry.media_type for entry in listed]
    assert "1" == listed[0].annotations[REF_NAME]
    assert AMD.digest == open_layout(root, platform="linux/amd64").digest
    assert ARM.digest == open_layout(root, ref="1", platform="linux/arm64").digest
    with pytest.raises(AmbiguousImageError):
        open_layout(root)


def test_images_of_docker_are_joined_by_a_list_of_docker(tmp_path: Path) -> None:
    """An index of OCI joins all others."""
    images = (AMD.to("docker"), ARM.to("docker"))
    root = write(files_of(write_layout(images)), tmp_path)
    listed = parse_index((root / "index.json").read_bytes()).model.manifests

    assert [DOCKER_INDEX] == [entry.media_type for entry in listed]
    assert images[1].digest == open_layout(root, platform="linux/arm64").digest


def test_the_same_image_twice_is_one_entry(tmp_path: Path) -> None:
    """Nobody has to choose between equals."""
    root = write(files_of(write_layout([AMD, AMD])), tmp_path)

    assert AMD.digest == open_layout(root).digest


def test_no_image_is_refused() -> None:
    """Before anything is written."""
    with pytest.raises(ImageError):
        write_layout([])


@pytest.mark.spec(
    "image-spec annotations.md, Pre-Defined Annotation Keys",
    "The reference must match the following grammar",
)
@pytest.mark.parametrize("ref", ["", "a b", "-a", "a//b", "é"])
def test_a_name_that_no_tool_takes_is_refused(ref: str) -> None:
    """At the call, not at the end of the index."""
    with pytest.raises(InvalidFieldError):
        write_layout(IMAGE, ref=ref)


def test_a_blob_that_is_another_is_an_error_at_its_end() -> None:
    """Its bytes have gone by then; the index has not."""
    image = image_of(BASE, blobs=blobs_of(flipped(BASE)))
    chunks = next(write_layout(image)).chunks

    assert BASE.descriptor.size == len(next(chunks))
    with pytest.raises(DigestMismatchError):
        next(chunks)


@pytest.mark.parametrize("extra", [b"x", None])
def test_the_size_is_held_before_the_digest(extra: bytes | None) -> None:
    """Too long is seen at once, too short at the end."""
    blob = BASE.blob[:-1] if extra is None else BASE.blob + extra
    image = image_of(BASE, blobs={BASE.descriptor.digest: blob})
    with pytest.raises(SizeMismatchError):
        files_of(write_layout(image))


def test_a_config_that_the_manifest_does_not_name_is_an_error() -> None:
    """Documents are held against their descriptors as layers are."""
    image = attrs.evolve(IMAGE, config=AMD.config)
    with pytest.raises((SizeMismatchError, DigestMismatchError)):
        files_of(write_layout(image))


def test_a_blob_that_is_missing_is_an_error() -> None:
    """Every blob but those that are distributed elsewhere is there."""
    with pytest.raises(BlobNotFoundError):
        files_of(write_layout(image_of(BASE, TOP, blobs=blobs_of(BASE))))


def test_a_foreign_layer_is_written_where_it_is_at_hand() -> None:
    """And left out where it is not."""
    descriptors = [foreign(BASE), TOP.descriptor]
    name = blob_name(BASE.descriptor.digest)

    def files(*layers: BuiltLayer) -> Files:
        image = image_of(BASE, TOP, descriptors=descriptors, blobs=blobs_of(*layers))
        return files_of(write_layout(image))

    assert BASE.blob == files(BASE, TOP)[name]
    assert name not in files(TOP)


def test_progress_is_told_of_every_blob() -> None:
    """In stored bytes; documents count too."""
    told: list[int] = []
    files = files_of(write_layout(IMAGE, progress=told.append))
    blobs = sum(len(data) for name, data in files.items() if "blobs" in name)

    assert blobs == sum(told)


def test_an_edited_image_keeps_the_blobs_that_nobody_touched() -> None:
    """They are those of the source; what was made comes with them."""
    image: Image = IMAGE.append(TOP, created_by="again").squash(1, 3)
    files = files_of(write_layout(image))

    assert BASE.blob == files[blob_name(BASE.descriptor.digest)]
    assert {blob_name(descriptor.digest) for descriptor, _ in image.blobs_written()} < (
        set(files)
    )
