"""`LayerIndex`, `index_layer` and `read_layer`: a layer read once."""

from __future__ import annotations

import gzip
import io
import pickle
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import get_args

import attrs
import pytest
import zstandard
from layer_blobs import BLOBS, ENTRIES, TAR, Dribble, sparse_tar

from ocilayers._types import Buffer
from ocilayers.codec.decoder import resume
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint, Decoder
from ocilayers.codec.recompress import recompress
from ocilayers.errors import (
    DigestMismatchError,
    InvalidFieldError,
    LimitExceededError,
    OCILayersError,
    TruncatedStreamError,
)
from ocilayers.layer import stored
from ocilayers.layer.index import Content, LayerIndex, index_layer, read_layer
from ocilayers.layer.reader import open_layer
from ocilayers.layer.stored import StoredLayer
from ocilayers.limits import KIB, MIB, Limits
from ocilayers.spec.digest import Digest
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge

WITHOUT_CONTENT = tuple(attrs.evolve(entry, content=None) for entry in ENTRIES)


@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
@pytest.mark.parametrize("content", get_args(Content))
def test_reading_all_at_once_gives_what_a_reader_gives(
    blob: bytes, content: Content
) -> None:
    """The same entries and facts, with content or without."""
    reader = open_layer(io.BytesIO(blob))
    entries = tuple(reader)
    layer = read_layer(io.BytesIO(blob), content=content)

    assert entries == tuple(attrs.evolve(entry, content=None) for entry in layer)
    assert [entry.offset for entry in entries] == [entry.offset for entry in layer]
    assert reader.facts == layer.facts
    assert len(ENTRIES) == len(layer)
    assert layer.entries == (ENTRIES if content == "memory" else WITHOUT_CONTENT)


def test_a_layer_is_ready_for_merge() -> None:
    """With its content."""
    fs = merge([read_layer(io.BytesIO(BLOBS["gzip"]))])

    assert b"hello" == fs["/etc/motd"].read_bytes()


@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
def test_indexing_gives_the_same_entries_and_facts(blob: bytes) -> None:
    """In one thread or two, and whatever the source gives at a time."""
    expected = read_layer(io.BytesIO(blob), content="none")
    pieces = [blob[i : i + 99] for i in range(0, len(blob), 99)]

    assert expected == index_layer(io.BytesIO(blob))
    assert expected == index_layer(Dribble(pieces), checkpoint_bytes=512)
    with ThreadPoolExecutor(1) as pool:
        assert expected == index_layer(io.BytesIO(blob), executor=pool)
        assert expected == read_layer(io.BytesIO(blob), content="none", executor=pool)


def test_checkpoints_are_as_far_apart_as_was_asked_for() -> None:
    """And a step more, at most."""
    stored = gzip.compress(bytes(4 * MIB), 0)
    found = index_layer(io.BytesIO(stored), checkpoint_bytes=MIB).checkpoints
    places = [0, *(point.plain_offset for point in found)]

    assert 4 == len(places)
    assert all(MIB <= b - a <= MIB + STEP_BYTES for a, b in pairwise(places))


def _files(size: int, count: int) -> bytes:
    """A tar of files that do not deflate well, nor badly."""
    noise = random.Random(0)
    encoder = TarEncoder()
    chunks: list[bytes] = []
    for n in range(count):
        content = noise.randbytes(size // 2).hex().encode()
        chunks += encoder.feed(Entry(f"{n}", "file", content=content))
    return b"".join([*chunks, *encoder.finish()])


def _reading(layer: StoredLayer, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, int]:
    """The last file of *layer*, and how many plain bytes were decoded for it."""
    decoded = 0

    class Counting:
        def __init__(self, decoder: Decoder) -> None:
            self._decoder = decoder

        def feed(self, chunk: Buffer) -> Iterator[bytes]:
            nonlocal decoded
            for piece in self._decoder.feed(chunk):
                decoded += len(piece)
                yield piece

        def finish(self) -> list[bytes]:
            return self._decoder.finish()

    monkeypatch.setattr(stored, "resume", lambda *a, **k: Counting(resume(*a, **k)))
    content = bytes(layer.open_content(layer.index.entries[-1]).read(-1))
    return content, decoded


FILES = _files(KIB, 8000)


@pytest.mark.parametrize(
    "blob",
    [gzip.compress(FILES, 1), b"".join(recompress([FILES], to="gzip", level=1))],
    ids=["gzip in one go", "gzip with flushes"],
)
def test_a_file_at_the_end_costs_what_lies_since_the_last_checkpoint(
    blob: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a step more, at most; not the layer."""
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=3 * MIB)
    layer = StoredLayer(index, lambda: io.BytesIO(blob))
    content, decoded = _reading(layer, monkeypatch)

    assert KIB == len(content)
    assert decoded <= 3 * MIB + 2 * STEP_BYTES
    assert decoded < len(FILES) // 2


@pytest.mark.parametrize("kept", ["bytes", "pickle"])
def test_another_process_begins_at_a_checkpoint_too(
    kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs no first pass, and opens nothing before the first read."""
    blob = b"".join(recompress([FILES], to="gzip", level=1))
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=3 * MIB)
    if kept == "bytes":
        again = LayerIndex.from_bytes(index.to_bytes())
    else:
        again = pickle.loads(pickle.dumps(index))  # noqa: S301  # our own bytes
    opened: list[str] = []

    def open_stored() -> io.BytesIO:
        opened.append("now")
        return io.BytesIO(blob)

    layer = StoredLayer(again, open_stored)
    assert len(merge([layer])) == len(index) + 1
    assert [] == opened
    content, decoded = _reading(layer, monkeypatch)

    assert FILES[again.entries[-1].offset :][:KIB] == content
    assert decoded <= 3 * MIB + 2 * STEP_BYTES
    assert ["now"] == opened


def test_holes_of_sparse_files_are_within_the_limit_of_a_layer() -> None:
    """They are not in the tar, but would be in memory."""
    blob = sparse_tar([(99_999, 1)], 100_000, b"a")
    limits = attrs.evolve(Limits(), uncompressed_bytes=100_000)
    (entry,) = read_layer(io.BytesIO(blob), limits=limits)
    assert bytes(99_999) + b"a" == entry.content

    limits = attrs.evolve(limits, uncompressed_bytes=99_999)
    with pytest.raises(LimitExceededError) as raised:
        read_layer(io.BytesIO(blob), limits=limits)
    assert ("uncompressed_bytes", "sparse") == (raised.value.limit, raised.value.where)


def test_no_place_is_kept_twice() -> None:
    """Inside of a zstd frame, the last place is its start."""
    stored = zstandard.compress(bytes(MIB)) + zstandard.compress(bytes(MIB))
    index = index_layer(io.BytesIO(stored), checkpoint_bytes=1)

    assert [MIB] == [point.plain_offset for point in index.checkpoints]


def test_no_checkpoints_are_made_where_none_are_wanted() -> None:
    """Nor by `read_layer`."""
    stream = io.BytesIO(BLOBS["gzip"])

    assert () == index_layer(stream, checkpoint_bytes=None).checkpoints
    stream.seek(0)
    assert () == read_layer(stream, content="none").checkpoints


def test_findings_of_both_floors_are_facts() -> None:
    """Of the compression and of the tar."""
    blob = BLOBS["gzip"] + bytes(10)
    index = index_layer(io.BytesIO(gzip.compress(TAR + b"tail") + bytes(10)))

    assert index_layer(io.BytesIO(blob)).facts.findings
    assert "tar-trailing-data" == index.facts.findings[-1].code
    assert len(index.facts.findings) > 1


def test_nothing_is_given_back_of_a_layer_that_does_not_verify() -> None:
    """Not even what came before."""
    wrong = Digest.of(b"")
    for read in (read_layer, index_layer):
        with pytest.raises(DigestMismatchError):
            read(io.BytesIO(TAR), diff_id=wrong)
        with pytest.raises(TruncatedStreamError):
            read(io.BytesIO(BLOBS["gzip"][:-2]))
        with pytest.raises(OCILayersError):
            read(io.BytesIO(TAR + b"tail"), strict=True)


def test_progress_adds_up() -> None:
    """In stored bytes."""
    for read in (read_layer, index_layer):
        told: list[int] = []
        read(io.BytesIO(BLOBS["gzip"]), progress=told.append)

        assert len(BLOBS["gzip"]) == sum(told)


def test_an_index_pickles_with_the_checkpoints_that_are_numbers() -> None:
    """What a decoder remembers stays where it is."""
    for name, blob in BLOBS.items():
        index = index_layer(io.BytesIO(blob), checkpoint_bytes=512)
        again = pickle.loads(pickle.dumps(index))  # noqa: S301  # our own bytes

        assert index == again
        assert [p.plain_offset for p in index.checkpoints if p.portable] == [
            p.plain_offset for p in again.checkpoints
        ], name


def test_an_index_is_a_value() -> None:
    """Equal and hashed by entries and facts; its repr is one short line."""
    first = index_layer(io.BytesIO(TAR))
    other = attrs.evolve(first, checkpoints=(Checkpoint("none", 9, 9),))

    assert first == other
    assert hash(first) == hash(other)
    assert "etc/motd" not in repr(first)
    assert first != index_layer(io.BytesIO(bytes(1024)))
    assert isinstance(LayerIndex.from_bytes(memoryview(first.to_bytes())), LayerIndex)


def test_content_is_kept_in_two_ways() -> None:
    """A third one is a mistake of the caller, found before anything is read."""
    stream = io.BytesIO(bytes(1024))
    with pytest.raises(InvalidFieldError, match=r"memory \| none, found 'lazily'"):
        read_layer(stream, content="lazily")  # type: ignore[arg-type]  # the mistake

    assert 0 == stream.tell()
