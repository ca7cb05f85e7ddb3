"""Layers read once, with the digest of every file in them."""

from __future__ import annotations

from hashlib import sha256

import attrs
import pytest
from built_images import BASE, TOP, image_of, stored
from layer_blobs import sparse_tar

from ocilayers.errors import LimitExceededError, OCILayersError
from ocilayers.image._digests import read_digests
from ocilayers.image.image import Image
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_LAYER
from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import diff
from ocilayers.tree.merge import merge

ENTRIES = [
    Entry("a", "file", content=b"a" * 300_000),
    Entry("b", "file", content=b"b"),
    Entry("b", "file", content=b"bb"),
    Entry("empty", "file"),
    Entry("d", "directory"),
    Entry("l", "hardlink", target="a"),
]


def test_every_file_has_the_digest_of_its_content() -> None:
    """But for empty ones; also where a path is there twice."""
    [read] = read_digests(image_of(stored(ENTRIES)).layers)

    assert [
        (entry.path, sha256(entry.content or b"").digest())
        for entry in ENTRIES
        if entry.content
    ] == [
        (entry.path, read.by_entry[id(entry)])
        for entry in read
        if id(entry) in read.by_entry
    ]
    assert 300_003 == read.content
    assert BASE.facts.digest != read.index.facts.digest


def test_equal_layers_are_read_once() -> None:
    """Also those of different images; the order stays."""
    reads: list[int] = []
    layers = [*image_of(BASE, TOP, BASE).layers, *image_of(TOP).layers]

    read = read_digests(layers, progress=reads.append)

    assert BASE.facts.size + TOP.facts.size == sum(reads)
    assert [BASE.diff_id, TOP.diff_id, BASE.diff_id, TOP.diff_id] == [
        one.index.facts.diff_id for one in read
    ]
    assert read[0] is read[2]
    assert read[1] is read[3]


def test_a_layer_that_is_promised_otherwise_is_read_again() -> None:
    """Or one promise would not be checked."""
    wrong = image_of(BASE, diff_ids=[TOP.diff_id])
    with pytest.raises(OCILayersError, match="diff_id"):
        read_digests([*image_of(BASE).layers, *wrong.layers])


def test_digests_stand_for_the_content_where_it_is_compared() -> None:
    """A file system that was merged of them compares as one with content does."""
    upper = stored([Entry("a", "file", content=b"b"), Entry("b", "file", content=b"b")])
    lower = stored([Entry("a", "file", content=b"a"), Entry("b", "file", content=b"b")])
    before, after = (
        merge(read_digests(image_of(one).layers)) for one in (lower, upper)
    )

    assert [("/a", ("content",))] == [
        (change.path, change.facets) for change in diff(before, after)
    ]


def test_an_estimate_is_the_share_of_the_stored_blob() -> None:
    """And all of it at most."""
    plain = stored(ENTRIES, "none").descriptor
    [read] = read_digests(image_of(stored(ENTRIES, "none")).layers)

    assert 300_001 == read.estimate(300_001)
    assert plain.size == read.estimate(plain.size)


def test_the_holes_of_sparse_files_are_content() -> None:
    """But the estimate is of what is stored."""
    [read] = read_digests(sparse(1_000_000).layers)

    [entry] = read
    assert sha256(b"x" * 512 + bytes(999_488)).digest() == read.by_entry[id(entry)]
    assert 1_000_000 == read.content
    assert read.index.facts.size == read.estimate(1_000_000)


def test_the_holes_of_sparse_files_count_for_the_limit() -> None:
    """They cost nothing to store, and time to hash."""
    image = attrs.evolve(sparse(1_000_000), limits=Limits(uncompressed_bytes=100_000))
    with pytest.raises(LimitExceededError, match="uncompressed_bytes") as raised:
        read_digests(image.layers)

    assert raised.value.where.endswith("sparse")


def test_an_empty_stream_has_no_share() -> None:
    """It is a layer of nothing."""
    named = Descriptor.of(b"", OCI_LAYER)
    image = image_of(
        descriptors=[named], diff_ids=[Digest.of(b"")], blobs={named.digest: b""}
    )
    [read] = read_digests(image.layers)

    assert (0, 0) == (read.content, read.estimate(0))


def sparse(size: int) -> Image:
    """An image of one sparse file, 512 bytes of which are stored."""
    tar = sparse_tar([(0, 512)], size, b"x" * 512)
    named = Descriptor.of(tar, OCI_LAYER)
    return image_of(
        descriptors=[named], diff_ids=[Digest.of(tar)], blobs={named.digest: tar}
    )
