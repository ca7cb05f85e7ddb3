"""What users write about archives, for type checkers; nobody runs it."""

from __future__ import annotations

from collections.abc import Iterator
from mmap import mmap
from typing import BinaryIO, assert_type

import ocilayers as oci
from ocilayers.archive.member import Chunks


def written(image: oci.Image) -> None:
    """Names and bytes."""
    for name, chunks in oci.write_layout(image):
        assert_type(name, str)
        assert_type(chunks, Chunks)
        assert_type(b"".join(chunks), bytes)
    assert_type(dict(oci.write_archive(image, form="old")), dict[str, Chunks])
    by_diff_id = {
        layer.diff_id: layer.read() for layer in image.layers if layer.diff_id
    }
    assert_type(next(oci.write_archive(image, indexes=by_diff_id)), oci.Member)
    assert_type(oci.pack(oci.write_layout([image, image])), Iterator[bytes])


def opened(file: BinaryIO, mapped: mmap) -> None:
    """Whatever can be sought."""
    assert_type(oci.open_archive(file), oci.Image)
    assert_type(oci.open_archive(mapped), oci.Image)


def compressed() -> None:
    """Whatever holds bytes."""
    assert_type(oci.how_compressed(b""), oci.Recipe)
    assert_type(oci.how_compressed([b"", bytearray()]).level, int | None)
