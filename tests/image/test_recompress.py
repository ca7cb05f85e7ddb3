"""Other stored bytes for the same layers: same diff_ids, same config."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, flipped, image_of

from ocilayers.archive.archive import open_archive
from ocilayers.errors import DigestMismatchError
from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.layer.builder import LayerBuilder
from ocilayers.spec.media_types import (
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    DOCKER_LAYER_ZSTD,
    OCI_FOREIGN_LAYER_GZIP,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    Compression,
    MediaType,
)

IMAGE = image_of(BASE, TOP)


def media_types(image: Image) -> list[str]:
    """Of its layers."""
    return [layer.descriptor.media_type for layer in image.layers]


@pytest.mark.parametrize(
    ("to", "oci", "docker"),
    [
        ("none", OCI_LAYER, DOCKER_LAYER),
        ("gzip", OCI_LAYER_GZIP, DOCKER_LAYER_GZIP),
        ("zstd", OCI_LAYER_ZSTD, DOCKER_LAYER_ZSTD),
    ],
)
def test_layers_are_stored_in_another_way(
    to: Compression, oci: str, docker: str
) -> None:
    """And named so, in the words of the manifest; the image ID stays."""
    for image, name in ((IMAGE, oci), (IMAGE.to("docker"), docker)):
        other = image.recompress(to)

        assert {name} == set(media_types(other))
        assert image.config == other.config
        assert image.filesystem(content="memory") == other.filesystem(content="memory")
        assert other.verify().ok


def test_zstd_is_where_one_goes() -> None:
    """It is smaller, and faster to read."""
    assert {OCI_LAYER_ZSTD} == set(media_types(IMAGE.recompress()))


def test_what_is_stored_so_already_stays() -> None:
    """Its bytes are not made again, unless a level is asked for."""
    gzipped = IMAGE.recompress("gzip")
    made = [named.digest for named, _ in gzipped.blobs_written()]

    assert BASE.descriptor == gzipped.layers[0].descriptor
    assert [gzipped.layers[1].descriptor.digest, gzipped.digest] == made
    assert BASE.descriptor != IMAGE.recompress("gzip", level=9).layers[0].descriptor


def test_equal_layers_are_made_once() -> None:
    """They have the same promises."""
    told: list[int] = []
    twice = image_of(BASE, TOP, BASE).recompress("none", progress=told.append)

    assert BASE.facts.size + TOP.facts.size == sum(told)
    assert twice.layers[0].descriptor == twice.layers[2].descriptor


def test_workers_change_no_byte() -> None:
    """They only share the work."""
    layer = LayerBuilder().file("/a", bytes(range(256)) * 4096).build("none")
    image = image_of(layer)
    with ThreadPoolExecutor(2) as executor:
        assert image.recompress() == image.recompress(executor=executor)


def test_a_layer_that_does_not_verify_is_not_stored_anew() -> None:
    """Else a broken image would look whole."""
    image = image_of(flipped(BASE, 100))
    broken = flipped(LayerBuilder().file("/a", b"1" * 600).build("none"), 700)
    image = image_of(broken, blobs=blobs_of(broken))
    with pytest.raises(DigestMismatchError, match=r"layers\[0\]"):
        image.recompress()


def test_a_foreign_layer_stays() -> None:
    """Nobody but its owner may give it on, in whatever bytes."""
    foreign = attrs.evolve(
        BASE.descriptor,
        media_type=OCI_FOREIGN_LAYER_GZIP,
        urls=["https://example.com/layer"],
    )
    image = image_of(BASE, TOP, descriptors=[foreign, TOP.descriptor])

    assert foreign == image.recompress("none", level=None).layers[0].descriptor


@pytest.mark.parametrize(
    "media_type", ["application/vnd.in-toto+json", "application/x-unknown"]
)
def test_what_is_no_tar_archive_stays(media_type: str) -> None:
    """An attestation of BuildKit would get a name that is not true of it."""
    named = attrs.evolve(BASE.descriptor, media_type=MediaType(media_type))
    image = image_of(BASE, TOP, descriptors=[named, TOP.descriptor])

    assert named == image.recompress("none").layers[0].descriptor
    assert named == image.recompress("gzip", level=1).layers[0].descriptor


def test_a_table_of_contents_of_other_bytes_is_none() -> None:
    """What an annotation says of the old bytes is not said of the new ones."""
    named = attrs.evolve(
        BASE.descriptor,
        annotations={
            "containerd.io/uncompressed": BASE.diff_id,
            "io.github.containers.zstd-chunked.manifest-position": "1:2:3:1",
            "kept": "yes",
        },
    )
    image = image_of(BASE, descriptors=[named])

    assert {"kept": "yes"} == image.recompress().layers[0].descriptor.annotations
    assert image == image.recompress("gzip")


def test_the_sample_is_the_same_in_zstd() -> None:
    """Image ID and files."""
    sample, other = sample_image(), sample_image().recompress()

    assert sample.image_id == other.image_id
    assert sample.filesystem().digest() == other.filesystem().digest()


@pytest.mark.parametrize("name", ["dive-oci-estargz", "nasty-oci-gzip"])
def test_a_real_image_keeps_its_image_id(shared: Path, name: str) -> None:
    """And verifies."""
    path = shared / "corpus/images" / name / "image.oci.tar"
    with path.open("rb") as archive:
        image = open_archive(archive)
        other = image.recompress()

        assert image.image_id == other.image_id
        assert other.verify().ok
