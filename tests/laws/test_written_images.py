"""What is written is read back, whatever it is."""

from __future__ import annotations

import io
import itertools
import tempfile
from pathlib import Path
from typing import get_args

from archives import write
from built_images import image_of, stored
from drawn_layers import linked_stacks, merged
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
from ocilayers.tar.entry import Entry


def image_from(stack: list[list[Entry]]) -> Image:
    """An image of *stack*, stored in every way, if together they mean something."""
    merged(stack)
    return image_of(*map(stored, stack, itertools.cycle(get_args(Compression))))


@given(linked_stacks())
def test_a_layout_is_the_image_that_was_written(stack: list[list[Entry]]) -> None:
    """Same digest, same blobs."""
    image = image_from(stack)
    with tempfile.TemporaryDirectory() as folder:
        files = {name: b"".join(chunks) for name, chunks in write_layout(image)}
        read = open_layout(write(files, Path(folder)))

        assert image.digest == read.digest
        assert read.verify().verified


@given(linked_stacks(), st.sampled_from(get_args(ArchiveForm)))
def test_an_archive_is_the_image_that_was_written(
    stack: list[list[Entry]], form: ArchiveForm
) -> None:
    """Same image ID, same tree; in the new form the same digest too."""
    image = image_from(stack)
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
