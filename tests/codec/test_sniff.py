"""The first bytes say how a layer is compressed."""

from __future__ import annotations

import bz2
import lzma
import zlib

import pytest

from ocilayers.codec.sniff import HEAD_BYTES, sniff
from ocilayers.errors import CodecError, TruncatedStreamError


@pytest.mark.hostile("frames to be skipped")
@pytest.mark.parametrize(
    ("head", "compression"),
    [
        pytest.param(b"\x1f\x8b", "gzip", id="gzip"),
        pytest.param(b"\x1f\x8b\x07", "gzip", id="gzip of an unknown method"),
        pytest.param(b"\x28\xb5\x2f\xfd", "zstd", id="zstd"),
        pytest.param(b"\x50\x2a\x4d\x18\0", "zstd", id="first skippable frame"),
        pytest.param(b"\x5f\x2a\x4d\x18\0", "zstd", id="last skippable frame"),
        pytest.param(b"", "none", id="nothing"),
        pytest.param(bytes(10), "none", id="zeros, as an empty tar"),
        pytest.param(b"etc/passwd", "none", id="a name, as a tar"),
        pytest.param(b"\x60\x2a\x4d\x18", "none", id="nearly skippable"),
        pytest.param(b"\x28\xb5\x2f\xfe", "none", id="nearly zstd"),
        pytest.param(b"BZhello.txt", "none", id="a name that is nearly bzip2"),
        pytest.param(b"x^y", "none", id="a name that is nearly zlib"),
        pytest.param(b"P", "none", id="a byte that means nothing yet"),
    ],
)
def test_two_compressions_and_none_are_told_apart(
    head: bytes, compression: str
) -> None:
    """What is no mark is a tar, or nothing."""
    assert sniff(head) == compression


@pytest.mark.hostile("another compression than promised")
@pytest.mark.parametrize(
    ("head", "name"),
    [
        pytest.param(bz2.compress(b"x"), "bzip2", id="bzip2"),
        pytest.param(bz2.compress(b"", 1), "bzip2", id="empty bzip2"),
        pytest.param(lzma.compress(b"x"), "xz", id="xz"),
        pytest.param(zlib.compress(b"x"), "zlib", id="zlib"),
        pytest.param(zlib.compress(b"x", 9), "zlib", id="zlib at its best"),
        pytest.param(b"\x04\x22\x4d\x18", "lz4", id="lz4"),
        pytest.param(b"LZIP\x01", "lzip", id="lzip"),
        pytest.param(b"\x1f\x9d\x90", r"compress \(.Z\)", id="compress"),
        pytest.param(b"PK\x03\x04", "zip", id="zip"),
        pytest.param(b"7z\xbc\xaf\x27\x1c", "7-Zip", id="7-Zip"),
    ],
)
def test_what_is_not_read_is_named(head: bytes, name: str) -> None:
    """So that nobody has to guess what a bad header is."""
    with pytest.raises(CodecError, match=f"compressed with {name}"):
        sniff(head[:HEAD_BYTES])


@pytest.mark.parametrize("head", [b"\x1f", b"\x28", b"\x28\xb5", b"\x28\xb5\x2f"])
def test_half_a_mark_is_a_stream_that_was_cut(head: bytes) -> None:
    """It is too short for a tar."""
    with pytest.raises(TruncatedStreamError, match="first mark"):
        sniff(head)
