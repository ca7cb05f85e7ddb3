"""What is refused is said in full: the stream, what is wrong with it, and where."""

from __future__ import annotations

import gzip

import pytest
import zstandard
from codec_streams import gzip_member, pushed

from ocilayers.codec.layer import LayerDecoder, LayerEncoder
from ocilayers.errors import CodecError, OCILayersError
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType

#: A header of 10 bytes, a block of 7, a trailer of 8.
GZ = gzip_member(b"hello")
#: A magic of 4 bytes, a header of 2, a block of 3 and 5, a checksum of 4.
ZST = zstandard.ZstdCompressor(write_checksum=True).compress(b"hello")

REFUSED = {
    "half a mark": (GZ[:1], "it ends inside its first mark, at byte 1"),
    "half a header": (GZ[:5], "gzip stream: it ends inside a gzip header, at byte 5"),
    "half the length of an extra field": (
        gzip_member(flags=4)[:10] + b"\3",
        "gzip stream: it ends inside a gzip header, at byte 11",
    ),
    "half an extra field": (
        gzip_member(flags=4)[:10] + b"\3\0ab",
        "gzip stream: it ends inside a gzip header, at byte 14",
    ),
    "half a name": (
        gzip_member(flags=8)[:10] + b"ab",
        "gzip stream: it ends inside a gzip header, at byte 12",
    ),
    "half the checksum of a header": (
        gzip_member(flags=2)[:10] + b"\3",
        "gzip stream: it ends inside a gzip header, at byte 11",
    ),
    "half a member": (GZ[:13], "gzip stream: it ends inside a gzip member, at byte 13"),
    "half a trailer": (
        GZ[:-3],
        "gzip stream: it ends inside a gzip trailer, at byte 22",
    ),
    "half a second header": (
        GZ + GZ[:5],
        "gzip stream: it ends inside a gzip header, at byte 30",
    ),
    "another method": (
        GZ + GZ[:2] + b"\x07" + GZ[3:],
        (
            "gzip stream: an unknown method of compression, expected 8, found 7,"
            " at byte 25"
        ),
    ),
    "checksum of a header": (
        GZ[:3] + b"\x02" + GZ[4:10] + b"\0\0" + GZ[10:],
        (
            "gzip stream: the checksum of a header is wrong, expected 0, found 51600,"
            " at byte 10"
        ),
    ),
    "checksum of a member": (
        GZ[:-8] + bytes(4) + GZ[-4:],
        (
            "gzip stream: the checksum of a member is wrong, expected 00000000,"
            " found 3610a686, at byte 17"
        ),
    ),
    "length of a member": (
        GZ[:-4] + b"\0\0\0\1",
        (
            "gzip stream: the length of a member is wrong, expected 16777216, found 5,"
            " at byte 17"
        ),
    ),
    "data after a member": (
        GZ + b"xyz",
        "gzip stream: something follows the last member, at byte 25",
    ),
    "data after zeros": (
        GZ + bytes(5) + b"x",
        "gzip stream: something follows the last member, at byte 30",
    ),
    "half a frame header": (
        ZST[:5],
        "zstd stream: it ends inside a frame header, at byte 5",
    ),
    "half a mark of a second frame": (
        ZST + ZST[:3],
        "zstd stream: it ends inside a zstd frame, at byte 21",
    ),
    "half a block header": (
        ZST[:8],
        "zstd stream: it ends inside a block header, at byte 8",
    ),
    "half a block": (ZST[:11], "zstd stream: it ends inside a block, at byte 11"),
    "half a checksum": (ZST[:-3], "zstd stream: it ends inside a checksum, at byte 15"),
    "half the length of a skippable frame": (
        b"\x50\x2a\x4d\x18\x04\0",
        "zstd stream: it ends inside a skippable frame, at byte 6",
    ),
    "half a skippable frame": (
        b"\x50\x2a\x4d\x18\x04\0\0\0ab",
        "zstd stream: it ends inside a skippable frame, at byte 10",
    ),
    "checksum of a frame": (
        ZST + ZST[:-1] + b"x",
        (
            "zstd stream: a frame cannot be decompressed (zstd decompress error:"
            " Restored data doesn't match checksum), at byte 18"
        ),
    ),
    "a reserved block": (
        ZST[:6] + b"\xff" + ZST[7:],
        "zstd stream: a block of a type or size that is not allowed, at byte 6",
    ),
    "a reserved bit": (
        ZST + ZST[:4] + bytes([ZST[4] | 8]) + ZST[5:],
        "zstd stream: a frame header with a reserved bit set, at byte 18",
    ),
    "data after a frame": (
        ZST + b"xyz",
        "zstd stream: something follows the last frame, at byte 18",
    ),
    "a window of terabytes": (
        b"\x28\xb5\x2f\xfd\x00\xf8\1\0\0",
        (
            "zstd stream: more than 134217728 zstd window, expected at most 134217728,"
            " found 2199023255552, at byte 0 (limit zstd_window)"
        ),
    ),
    "bzip2": (
        b"BZh91AY&SY" + bytes(20),
        (
            "it is compressed with bzip2, expected gzip, zstd or no compression,"
            " found bzip2"
        ),
    ),
}


@pytest.mark.parametrize(("blob", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_what_and_where(blob: bytes, said: str) -> None:
    """The offset is in the stored bytes."""
    with pytest.raises(CodecError if "limit" not in said else OCILayersError) as raised:
        pushed(LayerDecoder(), blob)

    assert said == str(raised.value)


STRICT = {
    "reserved flags": (
        GZ + GZ[:3] + b"\x20" + GZ[4:],
        (
            "gzip stream: A gzip header sets flags that mean nothing;"
            " Go and Python read"
            " on, gzip refuses, at byte 25"
        ),
    ),
    "zeros after the last member": (
        GZ + bytes(9),
        (
            "gzip stream: Zeros follow the last gzip member; gzip and Python skip them,"
            " Go refuses them, at byte 25"
        ),
    ),
}


@pytest.mark.parametrize(("blob", "said"), STRICT.values(), ids=STRICT)
def test_a_strict_refusal_says_what_and_where(blob: bytes, said: str) -> None:
    """What a lenient reader takes and notes."""
    pushed(LayerDecoder(), blob)
    with pytest.raises(CodecError) as raised:
        pushed(LayerDecoder(strict=True), blob)

    assert said == str(raised.value)


TAR = "application/vnd.oci.image.layer.v1.tar"


def promise(blob: bytes = GZ, media_type: str = f"{TAR}+gzip") -> Descriptor:
    """A descriptor that promises *blob*."""
    return Descriptor(
        media_type=MediaType(media_type), digest=Digest.of(blob), size=len(GZ)
    )


@pytest.mark.parametrize(
    ("blob", "promised", "said"),
    [
        pytest.param(
            GZ[:-1],
            promise(),
            "size: fewer bytes than promised, expected 25, found 24",
            id="short",
        ),
        pytest.param(
            GZ + b"xx",
            promise(),
            "size: more bytes than promised, expected 25, found 27",
            id="long",
        ),
        pytest.param(
            GZ,
            promise(b"other"),
            f"digest: other bytes than promised, expected {Digest.of(b'other')},"
            f" found {Digest.of(GZ)}",
            id="other bytes",
        ),
        pytest.param(
            GZ,
            promise(media_type=TAR),
            "layer: compressed with gzip, where the media type says none,"
            " expected none, found gzip",
            id="another compression",
        ),
    ],
)
def test_a_broken_promise_is_said_with_both(
    blob: bytes, promised: Descriptor, said: str
) -> None:
    """What was promised, and what came."""
    with pytest.raises(OCILayersError) as raised:
        pushed(LayerDecoder(promised, strict=True), blob)

    assert said == str(raised.value)


def test_a_layer_that_is_too_long_is_said_to_be_a_layer() -> None:
    """The first byte too many, wherever the step ended that it came in."""
    with pytest.raises(OCILayersError) as raised:
        pushed(LayerDecoder(limits=Limits(uncompressed_bytes=3)), GZ)

    assert str(raised.value) == (
        "layer: more than 3 uncompressed bytes, expected at most 3, found 4"
        " (limit uncompressed_bytes)"
    )


def test_an_encrypted_layer_is_said_to_be() -> None:
    """Before its first byte."""
    with pytest.raises(CodecError) as raised:
        LayerDecoder(promise(media_type=f"{TAR}+gzip+encrypted"))

    assert f"the layer is encrypted, found {TAR}+gzip+encrypted" == str(raised.value)


def test_a_ratio_is_said_as_a_whole_number() -> None:
    """Rounded up."""
    with pytest.raises(OCILayersError) as raised:
        pushed(LayerDecoder(limits=Limits(ratio=10)), gzip.compress(bytes(10**6)))

    said = "layer: more than 10 ratio, expected at most 10, found "
    whole = str(raised.value).removeprefix(said).removesuffix(" (limit ratio)")
    assert whole.isdecimal()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"compression": "lzma"}, "no such compression, expected gzip, zstd or none"),
        ({"level": 77}, "zlib has no such level, expected 0 to 9, found 77"),
        (
            {"compression": "zstd", "level": 99},
            "zstd has no such level, expected 1 to 22, found 99",
        ),
        (
            {"deflate": "nolib"},
            "no such deflate library, expected zlib or isal, found nolib",
        ),
    ],
    ids=["compression", "level of gzip", "level of zstd", "library"],
)
def test_an_encoder_says_what_there_is(options: dict[str, object], said: str) -> None:
    """And what was asked for."""
    with pytest.raises(CodecError) as raised:
        LayerEncoder(**options)  # type: ignore[arg-type]  # on purpose

    assert str(raised.value).startswith(said)
