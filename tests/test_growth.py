"""Reading costs what there is to read: twice as much of anything is twice the work."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable

import pytest
import zstandard
from codec_streams import pushed
from growth import MOST, counted, growth
from tar_blocks import END, decode, member, pax

from ocilayers.codec.layer import LayerDecoder
from ocilayers.layer.index import index_layer
from ocilayers.limits import Limits
from ocilayers.tar.decoder import TarDecoder
from ocilayers.wire.parse import parse, parse_config

MANY = Limits(
    extension_headers=10_000, path_bytes=1 << 20, path_depth=100_000, json_depth=10_000
)


def plain_entries(n: int) -> Callable[[], object]:
    """Small files, one after the other."""
    tar = b"".join(member(b"%d" % i, b"x") for i in range(64 * n)) + END
    return lambda: decode(tar)


def entries_with_records(n: int) -> Callable[[], object]:
    """A PAX header before each."""
    one = pax({b"mtime": b"1.5", b"SCHILY.xattr.user.a": b"b"}) + member(b"a", b"x")
    tar = one * (64 * n) + END
    return lambda: decode(tar)


def extension_headers(n: int) -> Callable[[], object]:
    """All of them before one member."""
    tar = pax({b"comment": b"c"}, flag=b"g") * (64 * n) + member(b"a") + END
    return lambda: decode(tar, limits=MANY)


def records(n: int) -> Callable[[], object]:
    """All of them in one PAX header."""
    tar = pax({b"user.%d" % i: b"x" for i in range(64 * n)}) + member(b"a") + END
    return lambda: decode(tar, limits=MANY)


def long_paths(n: int) -> Callable[[], object]:
    """One member, many directories deep."""
    tar = pax({b"path": b"d/" * (256 * n) + b"f"}) + member(b"a") + END
    return lambda: decode(tar, limits=MANY)


def tiny_pieces(n: int) -> Callable[[], object]:
    """A tar that comes byte by byte."""
    tar = member(b"a", b"x" * 512) * n + END

    def work() -> None:
        decoder = TarDecoder()
        for at in range(len(tar)):
            decoder.feed(tar[at : at + 1])
        decoder.finish()

    return work


def gzip_members(n: int) -> Callable[[], object]:
    """Small ones, one after the other."""
    blob = gzip.compress(b"x") * (64 * n)
    return lambda: pushed(LayerDecoder(), blob)


def zstd_frames(n: int) -> Callable[[], object]:
    """Small ones, one after the other."""
    blob = zstandard.compress(b"x") * (64 * n)
    return lambda: pushed(LayerDecoder(), blob)


def skippable_frames(n: int) -> Callable[[], object]:
    """Empty ones, before a real one."""
    blob = b"\x50\x2a\x4d\x18\0\0\0\0" * (64 * n) + zstandard.compress(b"x")
    return lambda: pushed(LayerDecoder(), blob)


def checkpoints(n: int) -> Callable[[], object]:
    """A layer that is indexed."""
    blob = gzip.compress(bytes(n << 20))
    return lambda: index_layer(io.BytesIO(blob), checkpoint_bytes=1 << 16)


def depth_of_json(n: int) -> Callable[[], object]:
    """Members of nobody, nested."""
    nested = '{"a":' * (16 * n) + "1" + "}" * (16 * n)
    known = '"architecture":"","os":"","rootfs":{"type":"layers","diff_ids":[]}'
    raw = f'{{{known},"x":{nested}}}'.encode()
    return lambda: parse_config(raw, limits=MANY)


def width_of_json(n: int) -> Callable[[], object]:
    """Layers, each with annotations."""
    layer = {
        "mediaType": "application/vnd.oci.image.layer.v1.tar",
        "digest": f"sha256:{'0' * 64}",
        "size": 1,
        "annotations": {"a": "b"},
    }
    config = {**layer, "mediaType": "application/vnd.oci.image.config.v1+json"}
    manifest = {"schemaVersion": 2, "config": config, "layers": [layer] * (16 * n)}
    raw = json.dumps(manifest).encode()
    return lambda: parse(raw)


@pytest.mark.parametrize(
    "make",
    [
        plain_entries,
        entries_with_records,
        extension_headers,
        records,
        long_paths,
        tiny_pieces,
        gzip_members,
        zstd_frames,
        skippable_frames,
        checkpoints,
        depth_of_json,
        width_of_json,
    ],
    ids=lambda make: make.__name__,
)
def test_twice_as_much_is_at_most_twice_the_work(
    make: Callable[[int], Callable[[], object]],
) -> None:
    """At 1, 2, 4 and 8 times."""
    make(1)()
    counts = [counted(make(times)) for times in (1, 2, 4, 8)]

    assert growth(counts) <= MOST, counts
