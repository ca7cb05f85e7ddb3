"""Where a fuzzer begins: small things of every kind, well made."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator

import zstandard
from archives import layout, saved, small_image, tar_of_files
from layer_blobs import BLOBS, ENTRIES
from layers import tar_of

from ocilayers.image.sample import sample_image

__all__ = ["seeds"]


def seeds(target: str) -> Iterator[bytes]:
    """Inputs that *target* takes."""
    yield from {
        "document": _documents,
        "names": _names,
        "tar": _tars,
        "gzip": _gzips,
        "zstd": _zstds,
        "merge": _stacks,
        "archive": _archives,
        "rendering": _markup,
    }[target]()


def _documents() -> Iterator[bytes]:
    image = sample_image()
    yield image.manifest.raw
    yield image.config.raw
    yield json.dumps(json.loads(image.config.raw), indent=3).encode()
    yield b'{"schemaVersion":2,"manifests":[]}'
    yield b'{"schemaVersion":1,"fsLayers":[],"history":[],"signatures":[]}'


def _names() -> Iterator[bytes]:
    yield b"sha256:" + b"0" * 64
    yield b"registry.example:5000/a/b__c:tag@sha256:" + b"a" * 64
    yield b"linux/arm64/v8"
    yield b"windows(10.0.17763.1)/amd64"
    yield b"application/vnd.oci.image.layer.v1.tar+gzip"


def _tars() -> Iterator[bytes]:
    yield tar_of(ENTRIES)
    yield tar_of(ENTRIES[:3])


def _gzips() -> Iterator[bytes]:
    yield from (blob for name, blob in BLOBS.items() if name.startswith("gzip"))
    yield gzip.compress(b"a" * 100_000) + bytes(512)


def _zstds() -> Iterator[bytes]:
    yield from (blob for name, blob in BLOBS.items() if name.startswith("zstd"))
    yield b"\x50\x2a\x4d\x18\x03\0\0\0abc" + zstandard.compress(b"a" * 100_000)
    out = io.BytesIO()
    with zstandard.ZstdCompressor(write_checksum=True).stream_writer(
        out, closefd=False
    ) as writer:
        writer.write(b"without a size")
    yield out.getvalue()


def _stacks() -> Iterator[bytes]:
    yield bytes.fromhex("01000000 00420101 83420000 80420202 84010000 85034200")
    yield bytes(range(256))


def _archives() -> Iterator[bytes]:
    image = small_image("one", compression="none")
    yield tar_of_files(layout(image, names=["1"]))
    yield tar_of_files(saved(image, tags=["one:1"]))
    yield gzip.compress(tar_of_files(layout(image, names=["1"])))


def _markup() -> Iterator[bytes]:
    yield b"<script>alert(1)</script>"
    yield b"\"' onload=x \xff\xe2\x80\xae\x1b[31m&lt;"
