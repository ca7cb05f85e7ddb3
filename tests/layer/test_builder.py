"""`LayerBuilder`: the same calls, the same bytes."""

from __future__ import annotations

import io
from typing import get_args

import attrs
import pytest

from ocilayers.errors import (
    CodecError,
    ContentNotKeptError,
    PathEscapeError,
    TarError,
)
from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.layer.index import read_layer
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import Compression
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.merge import merge

SECOND = 10**9
COMPRESSIONS = get_args(Compression)


def full() -> LayerBuilder:
    """One of each kind."""
    return (
        LayerBuilder(epoch=1000)
        .directory("/app", mode=0o750, uid=1, gid=2, xattrs={"user.a": b"1"})
        .file("/app/run", b"#!/bin/sh", mode=0o4755, uid=3, mtime_ns=5 * SECOND + 7)
        .file("/app/empty")
        .symlink("/run", "app/run", uid=4, gid=5)
        .hardlink("/app/again", "/app/run")
        .whiteout("/srv/x")
        .opaque("/var")
        .add(Entry("dev/null", Kind.CHAR, device=(1, 3)))
        .add(Entry("pipe", Kind.FIFO, mtime_ns=2000 * SECOND))
    )


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_what_is_built_reads_back_as_it_was(compression: Compression) -> None:
    """Entries, content, facts."""
    layer = full().build(compression)
    again = read_layer(io.BytesIO(layer.blob), layer.descriptor, diff_id=layer.diff_id)

    assert layer.entries == again.entries
    assert layer.facts == again.facts
    assert () == again.facts.findings
    assert (
        compression
        == layer.descriptor.media_type.compression
        == again.facts.compression
    )
    assert Digest.of(layer.blob) == layer.descriptor.digest


def test_the_compression_does_not_change_the_diff_id() -> None:
    """Only the digest."""
    built = [full().build(compression) for compression in COMPRESSIONS]

    assert 1 == len({layer.diff_id for layer in built})
    assert 3 == len({layer.descriptor.digest for layer in built})


def test_the_same_calls_give_the_same_bytes() -> None:
    """Today, tomorrow and elsewhere: this very diff_id."""
    assert full().build() == full().build()
    assert (
        "sha256:df032257deb271e1ac910ab6f78b08f6eac79223810c4fbd8da5ec227e38283d"
        == full().build().diff_id
    )


@pytest.mark.spec(
    "image-spec layer.md, Distributable Format",
    "Layer Changesets for the media type "
    "application/vnd.oci.image.layer.v1.tar MUST NOT include duplicate "
    "entries for file paths in the resulting tar archive.",
)
def test_what_is_added_again_takes_the_place_of_what_was_there() -> None:
    """But marks stand beside what they hide or make room for."""
    builder = LayerBuilder().file("a", b"1").hardlink("b", "a").directory("/a")
    builder.whiteout("a").opaque("a").whiteout("/a").file("a", b"2")
    layer = builder.build()

    assert [("whiteout", "a"), ("opaque", "a"), ("file", "a"), ("hardlink", "b")] == [
        (entry.kind, entry.path) for entry in layer
    ]
    assert b"2" == merge([layer])["/b"].read_bytes()


def test_a_builder_can_build_again() -> None:
    """And go on in between."""
    builder = LayerBuilder().file("a", b"1")
    first = builder.build()
    second = builder.file("b", b"2").build()

    assert ["a"] == [entry.path for entry in first]
    assert ["a", "b"] == [entry.path for entry in second]


@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "Implementations SHOULD generate layers such that whiteout files appear before "
    "sibling directory entries.",
)
def test_marks_come_first_and_the_rest_as_it_was_added() -> None:
    """Readers that go by order see what was meant."""
    layer = LayerBuilder().file("d/a").whiteout("d/b").file("c").opaque("d").build()

    assert ["d/b", "d", "d/a", "c"] == [entry.path for entry in layer]
    assert ["d/b", "d", "d/a", "c"] == [
        entry.path for entry in read_layer(io.BytesIO(layer.blob))
    ]


def test_no_entry_is_younger_than_the_epoch() -> None:
    """Older ones keep their time, down to the nanosecond."""
    times = {entry.path: entry.mtime_ns for entry in full().build()}

    assert 5 * SECOND + 7 == times["app/run"]
    assert 0 == times["dev/null"]
    assert {1000 * SECOND} == {
        times[path] for path in times.keys() - {"app/run", "dev/null"}
    }


def test_nothing_is_added_that_was_not_asked_for() -> None:
    """Parents are the business of the lower layers."""
    assert ["a/b/c"] == [e.path for e in LayerBuilder().file("/a/b/c").build()]
    assert () == LayerBuilder().build().entries


def test_a_layer_is_ready_for_merge() -> None:
    """With content, hard links and marks."""
    lower = LayerBuilder().file("srv/x", b"1").file("srv/y", b"2").build()
    fs = merge([lower, full().build()])

    assert "/srv/x" not in fs
    assert b"#!/bin/sh" == fs["/app/again"].read_bytes()
    assert 2 == fs["/app/run"].nlink


@pytest.mark.parametrize(
    "call", ["file", "directory", "symlink", "hardlink", "whiteout", "opaque"]
)
def test_a_path_that_climbs_out_is_refused_at_once(call: str) -> None:
    """By the call that says it."""
    targets = ("x",) if call in {"symlink", "hardlink"} else ()

    with pytest.raises(PathEscapeError):
        getattr(LayerBuilder(), call)("../etc/passwd", *targets)


def test_a_hard_link_leads_inside_and_a_symlink_anywhere() -> None:
    """The one is a name of the image, the other a text."""
    with pytest.raises(PathEscapeError):
        LayerBuilder().hardlink("a", "../b")
    (entry,) = LayerBuilder().symlink("a", "../../b").build()

    assert "../../b" == entry.target


def test_a_file_needs_its_content() -> None:
    """An entry of an index has none."""
    with pytest.raises(ContentNotKeptError, match="a file without its content"):
        LayerBuilder().add(Entry("a", Kind.FILE, size=5))

    assert 1 == len(LayerBuilder().add(Entry("a", Kind.FILE)).build().entries)


def test_what_cannot_be_written_is_refused() -> None:
    """By the writer of tars, or by the compressor."""
    with pytest.raises(TarError):
        LayerBuilder().add(Entry("a", Kind.SYMLINK)).build()
    with pytest.raises(CodecError):
        LayerBuilder().build("gzip", level=77)


def test_a_layer_is_a_value_with_a_short_repr() -> None:
    """Bytes and entries are not printed."""
    layer = full().build()

    assert isinstance(layer, BuiltLayer)
    assert layer == attrs.evolve(layer)
    assert hash(layer) == hash(full().build())
    assert "#!/bin/sh" not in repr(layer)
