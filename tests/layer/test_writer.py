"""Entries and their content to stored bytes, piece by piece."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from ocilayers._source import OwnedStream
from ocilayers._types import SupportsRead
from ocilayers.errors import CodecError, ContentNotKeptError
from ocilayers.layer._writer import write_layer
from ocilayers.layer.index import read_layer
from ocilayers.limits import MIB
from ocilayers.spec.media_types import Compression
from ocilayers.tar.entry import Entry, Kind

ENTRIES = [
    Entry("d", Kind.DIRECTORY),
    Entry("d/a", Kind.FILE, content=b"here"),
    Entry("d/b", Kind.FILE, size=5),
    Entry("d/c", Kind.FILE, size=0),
    Entry("d/l", Kind.HARDLINK, target="d/b"),
]


def opens(entry: Entry) -> SupportsRead:
    """Content by path."""
    assert "d/b" == entry.path
    return io.BytesIO(b"there")


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd"])
def test_content_is_what_an_entry_carries_or_what_is_opened(
    compression: Compression,
) -> None:
    """Empty files and other kinds have none to be asked for."""
    stored = write_layer(ENTRIES, opens, compression=compression)

    layer = read_layer(io.BytesIO(stored.blob))
    assert [entry.path for entry in ENTRIES] == [entry.path for entry in layer.entries]
    assert [None, b"here", b"there", b"", None] == [e.content for e in layer.entries]
    assert stored.facts.digest == layer.facts.digest
    assert stored.facts.diff_id == layer.facts.diff_id


def test_a_file_whose_content_nobody_has_is_named() -> None:
    """Nothing is written in its place."""
    with pytest.raises(ContentNotKeptError, match="d/b"):
        write_layer(ENTRIES)


def test_progress_is_of_content_that_was_opened() -> None:
    """What is carried costs nothing."""
    told: list[int] = []
    write_layer(ENTRIES, opens, progress=told.append)

    assert [5] == told


def test_what_the_library_opened_is_given_back() -> None:
    """Also when it ends too early."""
    inner = io.BytesIO(b"there")
    write_layer(ENTRIES, lambda _: OwnedStream(inner))

    assert inner.closed


def test_an_unknown_level_is_refused() -> None:
    """As the encoder does."""
    with pytest.raises(CodecError):
        write_layer(ENTRIES, opens, level=99)


def test_no_more_than_a_piece_is_in_memory() -> None:
    """A large file goes through; only what is stored stays."""

    class Zeros:
        left = 64 * MIB

        def read(self, size: int, /) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    big = Entry("big", Kind.FILE, size=64 * MIB)
    tracemalloc.start()
    stored = write_layer([big], lambda _: Zeros(), level=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 64 * MIB < stored.facts.uncompressed_size
    assert 8 * MIB > peak
