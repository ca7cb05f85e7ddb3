"""The sample: the article's two upper layers, byte for byte."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ocilayers.codec.recompress import recompress
from ocilayers.image.sample import sample_image
from ocilayers.layer.index import read_layer
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import DOCKER_LAYER_GZIP
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.wire.parse import parse_config, parse_manifest

SECOND = 10**9
APPLE = Entry("apple.txt", Kind.FILE, mtime_ns=1623023914 * SECOND, content=b"apple\n")
BANANA = Entry("banana.txt", Kind.FILE, mtime_ns=1623028050 * SECOND, content=b"")

ARTICLE = [
    pytest.param(
        1,
        APPLE,
        109,
        "sha256:c3f2e40648c0e80cf46a41c0d5af743b1528c02af35445ed4add23f7f69b7347",
        "sha256:641288b48190f3b6cab0f777036c0b8346b6abd2c7ff8bf71b4b7c3cebfd5a11",
        id="COPY apple.txt",
    ),
    pytest.param(
        2,
        BANANA,
        97,
        "sha256:4ea489072183231ead86738894a2977745afd7103169f9c328417087062b6dfd",
        "sha256:a51ef6f18be9d4eff3c77e16f184e348cd61a637b6bddc2c2e9f25540c4989fe",
        id="RUN touch banana.txt",
    ),
]


@pytest.mark.parametrize(("place", "entry", "size", "digest", "diff_id"), ARTICLE)
def test_a_layer_is_the_article_s_own(
    place: int, entry: Entry, size: int, digest: str, diff_id: str
) -> None:
    """Stored bytes, plain bytes, and what is in them."""
    image = sample_image()
    layer = image.layers[place]
    index = layer.read(content="memory")

    assert (size, digest, diff_id) == (
        layer.descriptor.size,
        layer.descriptor.digest,
        layer.diff_id,
    )
    assert (entry,) == index.entries
    assert layer.descriptor.media_type == DOCKER_LAYER_GZIP


@pytest.mark.parametrize(("place", "entry", "size", "digest", "diff_id"), ARTICLE)
def test_our_tar_writer_makes_the_article_s_tars_again(
    place: int, entry: Entry, size: int, digest: str, diff_id: str
) -> None:
    """Bit for bit, from what is known of them."""
    encoder = TarEncoder()
    tar = b"".join([*encoder.feed(entry), *encoder.finish()])
    blob = sample_image().read_blob(sample_image().layers[place].descriptor)

    assert diff_id == Digest.of(tar)
    assert tar == b"".join(recompress([blob], to="none"))
    assert (size, digest) == (len(blob), Digest.of(blob))


def test_the_article_s_files_are_what_they_say(shared: Path) -> None:
    """Config, manifest and the two layers that are at hand."""
    folder = shared / "corpus/article"
    config = parse_config((folder / "config.json").read_bytes())
    manifest = parse_manifest((folder / "manifest.json").read_bytes()).model

    assert 1849 == config.size
    assert (
        "sha256:42d7a98af75fe404665d7c4fb12dca643c7246cdefab2f6124a7e5c6082b4505"
        == config.digest
        == manifest.config.digest
    )
    for name, n in (("copy-apple", 1), ("touch-banana", 2)):
        blob = (folder / f"{name}.tar.gz").read_bytes()
        diff_id = config.model.rootfs.diff_ids[n]
        layer = read_layer(io.BytesIO(blob), manifest.layers[n], diff_id=diff_id)

        assert Descriptor.of(blob, DOCKER_LAYER_GZIP) == manifest.layers[n]
        assert layer.facts == sample_image().layers[n].read().facts


def test_the_sample_is_whole_and_has_something_to_see() -> None:
    """A hard link, a symlink, a whiteout; the same every time."""
    image = sample_image()
    report = image.verify()
    fs = report.filesystem

    assert report.ok
    assert report.verified
    assert fs is not None
    assert ("/bin/busybox", "/bin/sh") == fs["/bin/sh"].links
    assert Kind.SYMLINK is fs["/README"].kind
    assert "/usr/share/doc" not in fs
    assert "apple\n" == fs["/apple.txt"].read_text()
    assert 5 == len(image.history)
    assert "/bin/sh" == " ".join(image.config.model.config.cmd or ())
    assert sample_image() == image
