"""Layers with a table of contents, as eStargz and zstd:chunked have them."""

from __future__ import annotations

import gzip
import json
from typing import Any

import attrs
import zstandard
from layers import tar_of
from tar_blocks import END, member

from ocilayers.layer.toc import TOC_NAME
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_LAYER_GZIP
from ocilayers.tar.entry import Entry

__all__ = [
    "CHUNKED",
    "DIGEST",
    "ENTRIES",
    "ESTARGZ",
    "OLD_CHUNKED",
    "ROWS",
    "chunked",
    "described",
    "estargz",
    "text_of",
]

ESTARGZ = "containerd.io/snapshot/stargz/toc.digest"
CHUNKED = "io.github.containers.zstd-chunked.manifest"
OLD_CHUNKED = "io.containers.zstd-chunked.manifest"

ENTRIES = (
    Entry("etc", "directory"),
    Entry("etc/motd", "file", content=b"hello", uid=1, xattrs={"user.a": b"\0"}),
    Entry("bin", "symlink", target="usr/bin"),
    Entry("link", "hardlink", target="etc/motd"),
    Entry("null", "char", device=(1, 3)),
    Entry("etc/gone", "whiteout"),
)
DIGEST = Digest.of(b"hello")
ROWS: list[dict[str, Any]] = [
    {"name": "etc/", "type": "dir", "mode": 0o40755},
    {
        "name": "etc/motd",
        "type": "reg",
        "mode": 0o100644,
        "uid": 1,
        "size": 5,
        "offset": 40,
        "chunkDigest": DIGEST,
        "xattrs": {"user.a": "AA=="},
    },
    {"name": "etc/motd", "type": "chunk", "offset": 70, "chunkOffset": 3},
    {"name": "bin", "type": "symlink", "mode": 0o120777, "linkName": "usr/bin"},
    {"name": "link", "type": "hardlink", "linkName": "etc/motd"},
    {"name": "null", "type": "char", "mode": 0o644, "devMajor": 1, "devMinor": 3},
    # As writers do: no mode, and a link that another entry had.
    {"name": "etc/.wh.gone", "type": "reg", "linkName": "etc/motd"},
]


def text_of(rows: object) -> bytes:
    """The JSON of a table."""
    return json.dumps({"version": 1, "entries": rows}).encode()


def described(blob: bytes, notes: dict[str, str]) -> Descriptor:
    """What a manifest says of *blob*."""
    return attrs.evolve(Descriptor.of(blob, OCI_LAYER_GZIP), annotations=notes)


def footer(offset: int | str) -> bytes:
    """The empty member that ends a layer of eStargz."""
    text = offset if isinstance(offset, str) else f"{offset:016x}"
    extra = b"SG\x16\0" + text.encode() + b"STARGZ"
    head = b"\x1f\x8b\x08\x04" + bytes(5) + b"\xff" + b"\x1a\0"
    return head + extra + b"\1\0\0\xff\xff" + bytes(8)


def estargz(
    text: bytes, *, name: str = TOC_NAME, place: int | str | None = None
) -> tuple[bytes, Descriptor]:
    """A layer whose last member is a table."""
    first = gzip.compress(tar_of(ENTRIES)[: -len(END)])
    toc = gzip.compress(member(name.encode(), text) + END)
    blob = first + toc + footer(len(first) if place is None else place)
    return blob, described(blob, {ESTARGZ: Digest.of(text)})


def chunked(
    text: bytes, *, prefix: str = CHUNKED, place: str = ""
) -> tuple[bytes, Descriptor]:
    """A layer with a table in a skippable frame."""
    tar = zstandard.compress(tar_of(ENTRIES))
    stored = zstandard.compress(text)
    frame = b"\x50\x2a\x4d\x18" + len(stored).to_bytes(4, "little") + stored
    notes = {
        f"{prefix}-checksum": Digest.of(stored),
        f"{prefix}-position": place or f"{len(tar) + 8}:{len(stored)}:{len(text)}:1",
    }
    return tar + frame, described(tar + frame, notes)
