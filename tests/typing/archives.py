"""What users write about archives, for type checkers; nobody runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_type

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
    assert_type(oci.how_compressed(b""), oci.Recipe)
    assert_type(oci.how_compressed([b"", bytearray()]).level, int | None)
