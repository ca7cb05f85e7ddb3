"""Content from the middle of a layer, decoded from where it is nearest."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Callable
from functools import partial

import attrs
import pytest
import zstandard
from layer_blobs import BLOBS, FILES, TAR, Dribble, Pipe, sparse_tar
from splits import in_every_split
from tar_blocks import END, member

from ocilayers._source import OwnedStream
from ocilayers._types import SupportsRead
from ocilayers.codec.protocols import Checkpoint
from ocilayers.errors import (
    ContentNotKeptError,
    CorruptStreamError,
    SourceError,
    TruncatedStreamError,
)
from ocilayers.layer.index import LayerIndex, index_layer, read_layer
from ocilayers.layer.stored import InOrder, PlainStream, StoredLayer
from ocilayers.limits import KIB, MIB
from ocilayers.spec.digest import Digest
from ocilayers.tar.entry import Entry, Kind

#: Noise, so that the compressed bytes are as many as the plain ones.
NOISE = b"".join(Digest.of(b"%d" % i).hex.encode() for i in range(8_000))
LARGE = (
    b"".join(
        member(b"%d" % n, NOISE[n * 100_000 : (n + 1) * 100_000]) for n in range(5)
    )
    + END
)
LARGE_BLOBS = {
    "none": LARGE,
    "gzip": gzip.compress(LARGE, mtime=0),
    "zstd": b"".join(
        zstandard.compress(LARGE[at : at + 64 * KIB])
        for at in range(0, len(LARGE), 64 * KIB)
    ),
}
#: Two pieces of data, a hole before each.
SPARSE = sparse_tar([(10, 1), (20, 1)], 21, b"ab")
SPARSE_CONTENT = bytes(10) + b"a" + bytes(9) + b"b"


class Seekable(io.BytesIO):
    """A stream that counts what is read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


def stored(blob: bytes, *, checkpoint_bytes: int = 512) -> StoredLayer:
    """A layer that was indexed."""
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=checkpoint_bytes)
    return StoredLayer(index, lambda: io.BytesIO(blob))


def contents(layer: StoredLayer) -> dict[str, bytes]:
    """Every file of it."""
    return {
        entry.path: _all(layer, entry) for entry in layer if entry.kind is Kind.FILE
    }


def _same(source: SupportsRead) -> SupportsRead:
    return source


def _all(layer: StoredLayer, entry: Entry) -> bytes:
    return bytes(layer.open_content(entry).read(-1))


@pytest.mark.parametrize("checkpoint_bytes", [1, 512, MIB])
@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
def test_content_is_what_reading_all_gives(blob: bytes, checkpoint_bytes: int) -> None:
    """However it is stored, and wherever decoding begins."""
    assert FILES == contents(stored(blob, checkpoint_bytes=checkpoint_bytes))


@pytest.mark.parametrize("blob", LARGE_BLOBS.values(), ids=LARGE_BLOBS)
@pytest.mark.parametrize("opened", [io.BytesIO, Pipe], ids=["a file", "a pipe"])
def test_content_comes_from_the_nearest_checkpoint(
    blob: bytes, opened: Callable[[bytes], io.BytesIO | Pipe]
) -> None:
    """The same from a source that cannot seek, which is read up to there."""
    expected = read_layer(io.BytesIO(blob))
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=64 * KIB)
    layer = StoredLayer(index, lambda: opened(blob))

    assert len(index.checkpoints) > 1
    assert {entry.path: entry.content for entry in expected} == contents(layer)


@pytest.mark.parametrize("blob", LARGE_BLOBS.values(), ids=LARGE_BLOBS)
def test_the_last_file_does_not_cost_the_layer(blob: bytes) -> None:
    """What is read lies near it."""
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=16 * KIB)
    last = index.entries[-1]
    source = Seekable(blob)
    content = StoredLayer(index, lambda: source).open_content(last)

    assert NOISE[400_000:400_010] == bytes(content.read(10))
    assert source.count < len(blob) * 0.6


def test_content_is_read_in_pieces() -> None:
    """And ends where the file does."""
    layer = stored(BLOBS["gzip"])
    entry = next(entry for entry in layer if entry.path == "big")
    content = layer.open_content(entry)
    pieces = [bytes(content.read(1000)) for _ in range(12)]

    assert FILES["big"] == b"".join(pieces)
    assert b"" == pieces[-1]
    assert b"" == content.read(0)


def test_content_is_read_from_any_place() -> None:
    """Forward, backward, past the end; after closing it is opened again."""
    layer = stored(LARGE_BLOBS["gzip"], checkpoint_bytes=32 * KIB)
    entry = layer.index.entries[2]
    content = layer.open_content(entry)
    assert isinstance(content, OwnedStream)
    file = NOISE[200_000:300_000]
    for place in (0, 99_999, 50_000, 50_001, 3, 100_000, 70_000, 500_000):
        content.seek(place)

        assert file[place : place + 7] == bytes(content.read(7))
    content.close()
    content.close()
    content.seek(5)

    assert file[5:10] == bytes(content.read(5))


def test_opening_reads_nothing() -> None:
    """Not before something is asked for."""
    opened: list[str] = []
    index = index_layer(io.BytesIO(TAR))

    def open_stored() -> io.BytesIO:
        opened.append("now")
        return io.BytesIO(TAR)

    content = StoredLayer(index, open_stored).open_content(index.entries[1])

    assert [] == opened
    assert b"hello" == content.read(-1)
    assert ["now"] == opened


@pytest.mark.hostile("a reader that leaves early")
def test_what_this_library_opened_is_closed_and_nothing_else() -> None:
    """A caller's stream stays open."""
    index = index_layer(io.BytesIO(TAR))
    for own in (True, False):
        file = io.BytesIO(TAR)
        source = OwnedStream(file) if own else file
        content = StoredLayer(index, partial(_same, source)).open_content(
            index.entries[1]
        )
        content.read(1)
        assert isinstance(content, OwnedStream)
        content.close()

        assert own == file.closed


@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
def test_a_plain_stream_is_the_tar_from_any_start(blob: bytes) -> None:
    """To its end, or for as long as it was asked to be."""
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=1024)
    points = (Checkpoint(index.facts.compression, 0, 0), *index.checkpoints)
    for start in (0, 1, 511, 5000, len(TAR) - 1, len(TAR), len(TAR) + 9):
        for size in (None, 0, 1, 700):
            if size is not None and start + size > len(TAR):
                continue
            stream = PlainStream(
                lambda: io.BytesIO(blob), points, start=start, size=size
            )
            end = None if size is None else start + size

            assert TAR[start:end] == stream.read()
            assert b"" == stream.read(5)


def test_a_source_may_give_little_at_a_time() -> None:
    """In every split."""
    blob = BLOBS["gzip"]
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=1024)
    for pieces in in_every_split(blob, random_cuts=3):
        layer = StoredLayer(index, partial(Dribble, pieces))

        assert FILES == contents(layer)


@pytest.mark.hostile("a source that fails")
@pytest.mark.parametrize("size", [None, len(TAR) - 9])
def test_a_source_that_failed_is_asked_again(size: int | None) -> None:
    """What failed looks like no end: the next read begins anew."""
    pieces = [b"a line", b"that", b"breaks"]

    class Fails:
        def read(self, _size: int, /) -> bytes:
            if pieces:
                raise ConnectionResetError(pieces.pop())
            return b""

    def open_stored() -> SupportsRead:
        return Fails() if pieces else io.BytesIO(TAR)

    stream = PlainStream(open_stored, (Checkpoint("none", 0, 0),), size=size)
    while pieces:
        with pytest.raises(ConnectionResetError):
            stream.read(5)

    assert TAR[:size] == stream.read()


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd"])
def test_a_source_that_became_shorter_is_an_error(compression: str) -> None:
    """Content is never given in part as if it were whole."""
    blob = LARGE_BLOBS[compression]
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=16 * KIB)
    last = index.entries[-1]
    for opened in (io.BytesIO, Pipe):
        for length in (0, 10, len(blob) // 2, len(blob) - 60_000):
            layer = StoredLayer(index, partial(opened, blob[:length]))
            with pytest.raises((SourceError, TruncatedStreamError)):
                layer.open_content(last).read(-1)


def test_a_source_with_other_bytes_is_an_error_where_it_can_be_seen() -> None:
    """Another compression cannot be decoded from here."""
    layer = StoredLayer(
        index_layer(io.BytesIO(BLOBS["gzip"])), lambda: io.BytesIO(BLOBS["zstd"])
    )
    with pytest.raises(CorruptStreamError):
        layer.open_content(layer.index.entries[1]).read(-1)


@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
def test_the_same_tar_compressed_in_another_way_is_read_from_its_start(
    blob: bytes,
) -> None:
    """The places of one blob are none in another."""
    for name, other in BLOBS.items():
        index = index_layer(io.BytesIO(blob), checkpoint_bytes=512)
        layer = StoredLayer(index, partial(io.BytesIO, other), digest=Digest.of(other))

        assert FILES == contents(layer), name


@pytest.mark.parametrize("blob", [SPARSE, gzip.compress(SPARSE)], ids=["tar", "gzip"])
def test_a_file_with_holes_is_read_from_the_start(blob: bytes) -> None:
    """Its content stands nowhere in one piece."""
    layer = stored(blob)
    (entry,) = layer
    content = layer.open_content(entry)

    assert entry.offset is None
    assert SPARSE_CONTENT[:15] == content.read(15)
    assert SPARSE_CONTENT[15:] == content.read(-1)
    assert isinstance(content, OwnedStream)
    with pytest.raises(io.UnsupportedOperation):
        content.seek(0)
    content.close()
    assert SPARSE_CONTENT == _all(layer, entry)


def test_of_equal_entries_the_last_counts() -> None:
    """As it does in a merge."""
    first = SPARSE[: -len(END)]
    layer = stored(first.replace(b"ab", b"xy") + SPARSE)

    assert 2 == len(layer.index)
    assert SPARSE_CONTENT == _all(layer, layer.index.entries[0])


def test_content_that_was_kept_is_not_fetched() -> None:
    """Holes or not, and wherever the blob is now."""
    index = read_layer(io.BytesIO(SPARSE))

    def gone() -> io.BytesIO:
        raise AssertionError("nobody is asked")

    layer = StoredLayer(index, gone)

    assert SPARSE_CONTENT == _all(layer, index.entries[0])


def test_an_entry_of_another_layer_has_no_content_here() -> None:
    """It says which."""
    with pytest.raises(ContentNotKeptError, match="no entry of this layer") as raised:
        stored(TAR).open_content(Entry("elsewhere", "file"))

    assert "elsewhere" == raised.value.where


def test_a_source_that_lacks_the_entry_is_another_layer() -> None:
    """What is read from the start is looked for by its entry."""
    closed: list[io.BytesIO] = []

    def empty() -> OwnedStream:
        closed.append(io.BytesIO(END))
        return OwnedStream(closed[-1])

    layer = StoredLayer(index_layer(io.BytesIO(SPARSE)), empty)
    with pytest.raises(SourceError, match="not the layer that was indexed"):
        layer.open_content(layer.index.entries[0])

    assert [True] == [file.closed for file in closed]


def test_an_index_without_checkpoints_is_enough() -> None:
    """Decoding begins at the start then."""
    index = attrs.evolve(index_layer(io.BytesIO(BLOBS["zstd"])), checkpoints=())
    again = LayerIndex.from_bytes(index.to_bytes())

    assert FILES == contents(StoredLayer(again, lambda: io.BytesIO(BLOBS["zstd"])))


def test_memory_does_not_grow_with_what_lies_before() -> None:
    """Plain bytes that nobody asked for are dropped piece by piece."""
    plain = member(b"a", bytes(40 * MIB)) + member(b"b", b"end") + END
    blob = gzip.compress(plain, 1)
    index = attrs.evolve(index_layer(io.BytesIO(blob)), checkpoints=())
    del plain
    tracemalloc.start()
    try:
        layer = StoredLayer(index, lambda: io.BytesIO(blob))
        assert b"end" == layer.open_content(index.entries[1]).read(-1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 4 * MIB


# --- one after the other


def test_contents_in_their_order_cost_one_decoding() -> None:
    """Every other order is right too."""
    opened: list[io.BytesIO] = []

    def source() -> SupportsRead:
        opened.append(io.BytesIO(LARGE_BLOBS["gzip"]))
        return opened[-1]

    index = index_layer(io.BytesIO(LARGE_BLOBS["gzip"]))
    layer = InOrder(StoredLayer(index, source))
    there = [layer.open_content(entry).read(10) for entry in layer]

    assert [NOISE[n * 100_000 :][:10] for n in range(5)] == there
    assert 1 == len(opened)
    assert index is layer.index
    assert there[0] == layer.open_content(index.entries[0]).read(10)


def test_a_content_ends_where_it_ends() -> None:
    """What follows in the tar is another's."""
    index = index_layer(io.BytesIO(TAR))
    layer = InOrder(StoredLayer(index, lambda: io.BytesIO(TAR)))
    found = {}
    for entry in layer:
        if entry.kind is Kind.FILE:
            content = layer.open_content(entry)
            found[entry.path] = b"".join(iter(partial(content.read, 7), b""))
    layer.close()

    assert FILES == found


def test_a_source_that_became_shorter_is_told_in_order_too() -> None:
    """It is no end of the content."""
    index = index_layer(io.BytesIO(LARGE))
    layer = InOrder(StoredLayer(index, lambda: io.BytesIO(LARGE[:150_000])))
    content = layer.open_content(index.entries[1])
    with pytest.raises(SourceError, match="shorter"):
        b"".join(iter(partial(content.read, KIB), b""))


def test_places_of_other_stored_bytes_are_not_used() -> None:
    """The same tar in another compression is read from the start."""
    index = index_layer(io.BytesIO(TAR))
    stored = StoredLayer(index, lambda: io.BytesIO(BLOBS["gzip"]), digest="sha256:…")
    layer = InOrder(stored)
    entry = next(entry for entry in index.entries if entry.path == "etc/motd")

    assert b"hello" == layer.open_content(entry).read(10)
    layer.close()
