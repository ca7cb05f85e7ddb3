"""What is written is read back, whatever it is."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import get_args

from archives import write
from hypothesis import given, strategies as st

from ocilayers.archive.archive import open_archive
from ocilayers.archive.member import pack
from ocilayers.archive.oci_layout import open_layout
from ocilayers.archive.write_archive import ArchiveForm, write_archive
from ocilayers.archive.write_layout import write_layout
from ocilayers.codec.recipe import how_compressed
from ocilayers.codec.recompress import recompress
from ocilayers.image.image import Image
from ocilayers.spec.media_types import Compression
from ocilayers.strategies.images import images


@given(images())
def test_a_layout_is_the_image_that_was_written(image: Image) -> None:
    """Same digest, same blobs."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: b"".join(chunks) for name, chunks in write_layout(image)}
        read = open_layout(write(files, Path(folder)))

        assert image.digest == read.digest
        assert read.verify().verified


@given(images(), st.sampled_from(get_args(ArchiveForm)))
def test_an_archive_is_the_image_that_was_written(
    image: Image, form: ArchiveForm
) -> None:
    """Same image ID, same tree; in the new form the same digest too."""
    file = io.BytesIO(b"".join(pack(write_archive(image, ref="a:1", form=form))))
    read = open_archive(file, ref="a:1")

    assert image.image_id == read.image_id
    assert (image.digest == read.digest) or form == "old"
    assert list(image.filesystem().rows()) == list(read.filesystem().rows())


@given(st.binary(max_size=3000), st.sampled_from(["gzip", "zstd"]), st.integers(1, 9))
def test_a_blob_of_ours_is_made_again_from_its_plain_bytes(
    plain: bytes, compression: Compression, level: int
) -> None:
    """With what is said of how it is compressed."""
    # Plain bytes that look compressed are another matter.
    plain = b"p" + plain
    blob = b"".join(recompress([plain], compression, level=level))
    recipe = how_compressed(blob)
    again = recompress([plain], recipe.compression, level=recipe.level)

    assert recipe.is_ours
    assert blob == b"".join(again)
    assert plain == b"".join(recompress([blob], "none"))
