"""Archives of every form, and of two forms at once."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable

import attrs
import pytest
import zstandard
from archives import Files, blob_name, layout, saved, small_image, tar_of_files
from built_images import BASE, TOP, image_of

from ocilayers.archive.archive import open_archive
from ocilayers.archive.member import pack
from ocilayers.archive.write_archive import write_archive
from ocilayers.errors import DocumentSyntaxError, ImageError
from ocilayers.image.image import Image
from ocilayers.spec.media_types import (
    DOCKER_MANIFEST,
    OCI_FOREIGN_LAYER_GZIP,
    OCI_MANIFEST,
)

ONE = small_image("one", compression="none")
TWO = small_image("two", compression="none")


def opened(files: Files, ref: str | None = None) -> Image:
    """The image of *files* in a tar."""
    return open_archive(io.BytesIO(tar_of_files(files)), ref=ref)


@pytest.mark.parametrize(
    "compress",
    [bytes, gzip.compress, zstandard.compress],
    ids=["plain", "gzip", "zstd"],
)
@pytest.mark.parametrize("files", [layout(ONE), saved(ONE)], ids=["layout", "saved"])
def test_an_archive_is_opened_and_read(
    files: Files, compress: Callable[[bytes], bytes]
) -> None:
    """Whatever its form, and however it is compressed; the file stays open."""
    file = io.BytesIO(compress(tar_of_files(files)))
    image = open_archive(file)

    assert image.verify().verified
    assert "one" == image.filesystem()["/motd"].read_text()
    assert not file.closed


def both(without: str = "", **changes: bytes) -> Files:
    """What Docker 25 writes: both forms, over the same blobs."""
    files = layout(ONE, names=["1"]) | saved(ONE, tags=["one:1"]) | changes
    files.pop(without, None)
    return files


@pytest.mark.parametrize(
    ("files", "ref", "media_type"),
    [
        (both(), None, OCI_MANIFEST),
        (both(), "1", OCI_MANIFEST),
        (both(), "one:1", DOCKER_MANIFEST),
        (both(blob_name(ONE.digest)), None, DOCKER_MANIFEST),
        (both(blob_name(ONE.image_id)), None, DOCKER_MANIFEST),
        (both(blob_name(ONE.layers[0].descriptor.digest)), None, DOCKER_MANIFEST),
        (
            both() | {"index.json": b'{"schemaVersion":2,"manifests":null}'},
            None,
            DOCKER_MANIFEST,
        ),
    ],
    ids=[
        "whole",
        "name",
        "tag",
        "no-manifest",
        "no-config",
        "no-layer",
        "empty-index",
    ],
)
def test_the_layout_counts_when_it_is_whole(
    files: Files, ref: str | None, media_type: str
) -> None:
    """Docker writes an index with nothing in it for images that it built itself."""
    image = opened(files, ref)

    assert media_type == image.manifest.media_type
    assert "one" == image.filesystem()["/motd"].read_text()


def test_a_layout_without_its_foreign_layers_is_whole() -> None:
    """They may be missing, so the list for Docker says no more than the layout does."""
    named = attrs.evolve(BASE.descriptor, media_type=OCI_FOREIGN_LAYER_GZIP)
    image = image_of(BASE, TOP, descriptors=[named, TOP.descriptor])
    there = attrs.evolve(
        image,
        blobs={image.config.digest: image.config.raw, TOP.descriptor.digest: TOP.blob},
    )
    file = io.BytesIO(b"".join(pack(write_archive(there))))

    assert image == open_archive(file)


def test_a_broken_index_is_not_passed_over() -> None:
    """That is no layout that is not whole, but one that somebody changed."""
    with pytest.raises(DocumentSyntaxError):
        opened(both() | {"index.json": b"oops"})


def test_a_layout_that_is_not_whole_is_opened_where_there_is_nothing_else() -> None:
    """What is missing is found when it is read."""
    files = layout(ONE)
    del files[blob_name(ONE.layers[0].descriptor.digest)]

    assert not opened(files).verify().verified


def test_a_tar_of_something_else_says_what_it_looked_for() -> None:
    """Both names."""
    with pytest.raises(ImageError, match=r"index\.json.*manifest\.json.*neither"):
        opened({"etc/passwd": b""})


def test_an_image_that_is_not_there_is_not_there() -> None:
    """In neither of the two forms."""
    with pytest.raises(ImageError, match="expected x, found one:1"):
        opened(both(), "x")
    with pytest.raises(ImageError, match="expected x, found no names at all"):
        opened(layout(ONE, TWO), "x")
