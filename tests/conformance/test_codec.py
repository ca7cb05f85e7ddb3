"""What the shared facts say about stored layers."""

from __future__ import annotations

import base64
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from codec_streams import pushed
from splits import in_every_split

from conftest import shared_root
from ocilayers.codec.gzip import GzipDecoder
from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.protocols import Decoder
from ocilayers.codec.zstd import ZstdDecoder
from ocilayers.errors import (
    CodecError,
    CorruptStreamError,
    LimitExceededError,
    OCILayersError,
    TrailingDataError,
    TruncatedStreamError,
)
from ocilayers.limits import MIB, Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_LAYER

SHARED = shared_root()
pytestmark = pytest.mark.skipif(SHARED is None, reason="no shared corpus here")

#: What is refused, and what is noticed, of the wrappings of one tar.
OUTCOMES: dict[str, type[OCILayersError] | list[str]] = {
    "trailing-zeros.gz": ["gzip-padding"],
    "trailing-garbage.gz": TrailingDataError,
    "truncated-half.gz": TruncatedStreamError,
    "truncated-trailer.gz": TruncatedStreamError,
    "bad-crc.gz": CorruptStreamError,
    "bad-isize.gz": CorruptStreamError,
    "flipped-byte.gz": CorruptStreamError,
    # RFC 1952 refuses it; Go and Python, which read most layers, do not.
    "reserved-flag.gz": ["gzip-reserved-flags"],
    "zlib-wrapped.bin": CodecError,
    "zstd-long31.zst": LimitExceededError,
    "zstd-truncated.zst": TruncatedStreamError,
    "zstd-bad-checksum.zst": CorruptStreamError,
    "zstd-trailing-garbage.zst": TrailingDataError,
    # Docker adds them, but no registry holds them: they are named, not read.
    "bzip2.bz2": CodecError,
    "xz.xz": CodecError,
}
#: What no first bytes tell from a tar; a tar reader refuses it, or finds it empty.
NO_MARK = {"deflate-raw.bin", "zero-bytes"}


def _cases() -> Iterator[object]:
    if SHARED is not None:
        text = (SHARED / "conformance" / "layer_codec.json").read_text("utf-8")
        for case in json.loads(text):
            yield pytest.param(case, id=case["name"])


def _wrappings() -> Iterator[object]:
    if SHARED is not None:
        text = (SHARED / "corpus" / "compress" / "expected.jsonl").read_text("utf-8")
        for line in text.splitlines():
            case = json.loads(line)
            yield pytest.param(case, id=case["file"])


@pytest.mark.parametrize("case", list(_cases()))
def test_a_case_of_the_codec(case: dict[str, object]) -> None:
    """Both digests and both sizes, or an error; in every split."""
    blob = base64.b64decode(str(case["blob_base64"]))
    for chunks in in_every_split(blob):
        decoder = LayerDecoder()
        if not case["valid"]:
            with pytest.raises(CodecError):
                pushed(decoder, *chunks)
            continue
        pushed(decoder, *chunks)

        facts = decoder.facts
        assert facts.digest == case["blob_digest"]
        assert facts.diff_id == case["diff_id"]
        assert (facts.size, facts.uncompressed_size) == (
            case["blob_size"],
            case["plain_size"],
        )


@pytest.mark.parametrize("case", list(_cases()))
def test_a_promised_case_of_the_codec(case: dict[str, object]) -> None:
    """With all promises kept it is decoded, with one bit flipped it is not."""
    blob = base64.b64decode(str(case["blob_base64"]))
    descriptor = Descriptor.of(blob, "application/octet-stream")
    diff_id = str(case["diff_id"]) if case["valid"] else None
    if diff_id is not None:
        pushed(LayerDecoder(descriptor, diff_id=diff_id), blob)
    for bit in range(0, len(blob) * 8, max(len(blob) // 8, 1)):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(OCILayersError):
            pushed(LayerDecoder(descriptor, diff_id=diff_id), flipped)


@pytest.mark.parametrize("case", list(_wrappings()))
def test_a_wrapping_of_one_tar(case: dict[str, object], shared: Path) -> None:
    """Thirty-eight of them, good and broken."""
    name = str(case["file"])
    blob = (shared / "corpus" / "compress" / name).read_bytes()
    expected = OUTCOMES.get(name, [])
    splits = in_every_split(blob) if len(blob) < 50_000 else [[blob]]
    for chunks in splits:
        decoder = LayerDecoder()
        if isinstance(expected, type):
            with pytest.raises(expected):
                pushed(decoder, *chunks)
            continue
        plain = pushed(decoder, *chunks)

        assert [finding.code for finding in decoder.facts.findings] == expected
        assert decoder.facts.diff_id == Digest.of(plain)
        if name in NO_MARK:
            assert decoder.facts.compression == "none"
        else:
            assert decoder.facts.diff_id.hex == case["payload_sha256"]


@pytest.mark.parametrize(
    ("name", "decoder"),
    [
        ("zero-bytes", GzipDecoder),
        ("zero-bytes", ZstdDecoder),
        ("deflate-raw.bin", GzipDecoder),
        ("deflate-raw.bin", ZstdDecoder),
        ("zlib-wrapped.bin", GzipDecoder),
    ],
)
def test_what_has_no_mark_is_no_stream_of_a_compression(
    name: str, decoder: type[GzipDecoder | ZstdDecoder], shared: Path
) -> None:
    """Whoever knows that it should be one is told that it is not."""
    blob = (shared / "corpus" / "compress" / name).read_bytes()
    stream: Decoder = decoder()
    with pytest.raises(CodecError):
        pushed(stream, blob)


@pytest.mark.parametrize("name", ["bomb-64MiB-zeros.gz", "bomb-64MiB-zeros.zst"])
def test_a_bomb_costs_no_more_than_a_step(name: str, shared: Path) -> None:
    """In memory; and a limit stops it within one."""
    blob = (shared / "corpus" / "compress" / name).read_bytes()
    decoder = LayerDecoder(Descriptor.of(blob, OCI_LAYER))
    tracemalloc.start()
    for _ in decoder.feed(blob):
        pass
    decoder.finish()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert decoder.facts.uncompressed_size == 64 * MIB
    assert peak < 4 * MIB
    for limits in (Limits(uncompressed_bytes=MIB), Limits(ratio=100)):
        limited = LayerDecoder(limits=limits)
        with pytest.raises(LimitExceededError):
            for _ in limited.feed(blob):
                pass
