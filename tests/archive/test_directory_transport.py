"""What skopeo calls `dir:`, in a tar."""

from __future__ import annotations

import io

import pytest
from archives import Files, small_image, tar_of_files

from ocilayers.archive.archive import open_archive
from ocilayers.errors import BlobNotFoundError, ImageError, MediaTypeMismatchError
from ocilayers.image.image import Image

ONE = small_image("one")
LAYER = ONE.layers[0].descriptor
FILES: Files = {
    "manifest.json": ONE.manifest.raw,
    "version": b"Directory Transport Version: 1.1\n",
    ONE.image_id.hex: ONE.config.raw,
    LAYER.digest.hex: bytes(ONE.blobs[LAYER.digest]),  # type: ignore[index]  # it is a mapping
}


def opened(files: Files, ref: str | None = None, platform: str | None = None) -> Image:
    """The image of *files* in a tar."""
    return open_archive(io.BytesIO(tar_of_files(files)), ref=ref, platform=platform)


def test_a_directory_is_opened_and_read() -> None:
    """Its manifest is the image's own."""
    image = opened(FILES)

    assert ONE == image
    assert image.verify().verified
    assert "one" == image.filesystem()["/motd"].read_text()


def test_a_directory_is_one_image() -> None:
    """Whoever asks for another does not get it."""
    assert ONE == opened(FILES, ONE.digest, "linux/amd64")
    with pytest.raises(ImageError, match=f"expected x, found {ONE.digest}"):
        opened(FILES, "x")
    with pytest.raises(ImageError, match="for this platform"):
        opened(FILES, platform="linux/arm64")


def test_a_blob_that_is_not_there_is_named() -> None:
    """By its digest, and by the file that it should be."""
    files = {**FILES}
    del files[ONE.image_id.hex]

    with pytest.raises(
        BlobNotFoundError, match=f"config: {ONE.image_id}: .*{ONE.image_id.hex}"
    ):
        opened(files)


def test_schema_1_is_no_image_of_this_kind() -> None:
    """It has no config."""
    files = {**FILES, "manifest.json": b'{"schemaVersion":1,"fsLayers":[]}'}

    with pytest.raises(MediaTypeMismatchError, match=r"manifest\.json: .*schema1"):
        opened(files)
