"""`BlobSource`: a function or a mapping, read and verified."""

from __future__ import annotations

import io
from functools import partial
from types import MappingProxyType

import attrs
import pytest
from layer_blobs import Dribble, Pipe

from ocilayers._source import OwnedStream
from ocilayers._types import SupportsRead
from ocilayers.errors import (
    BlobNotFoundError,
    DigestMismatchError,
    LimitExceededError,
    SizeMismatchError,
    UnsupportedAlgorithmError,
)
from ocilayers.image.blobs import (
    BlobsAtHome,
    BlobSource,
    WrittenBlobs,
    open_blob,
    opened,
    read_blob,
)
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor

DATA = b'{"a": 1}'
NAMED = Descriptor.of(DATA, "application/json")


@pytest.mark.parametrize(
    "source",
    [
        {str(NAMED.digest): DATA},
        {NAMED.digest: bytearray(DATA)},
        MappingProxyType({NAMED.digest: memoryview(DATA)}),
        lambda _: io.BytesIO(DATA),
        lambda _: Pipe(DATA),
        lambda _: Dribble([DATA[:3], DATA[3:]]),
    ],
    ids=["texts", "digests", "read-only", "files", "pipes", "little at a time"],
)
def test_a_blob_comes_from_a_mapping_or_a_function(source: BlobSource) -> None:
    """Each gives any buffer, or any stream."""
    assert DATA == read_blob(source, NAMED)


def test_a_function_is_asked_with_the_descriptor() -> None:
    """All of it: sources differ in what they need to know."""
    asked: list[Descriptor] = []

    def source(descriptor: Descriptor) -> SupportsRead:
        asked.append(descriptor)
        return io.BytesIO(DATA)

    open_blob(source, NAMED)

    assert [NAMED] == asked


def test_a_mapping_that_lacks_a_blob_names_it() -> None:
    """By its digest."""
    with pytest.raises(BlobNotFoundError, match="the blob is not there") as raised:
        open_blob({}, NAMED)

    assert NAMED.digest == raised.value.where


@pytest.mark.hostile("a source that fails")
def test_what_a_function_raises_passes_through() -> None:
    """It is the caller's own."""

    def source(_: Descriptor) -> SupportsRead:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        read_blob(source, NAMED)


def _given(stream: SupportsRead, _: Descriptor) -> SupportsRead:
    return stream


def test_a_stream_of_this_library_is_closed_and_no_other() -> None:
    """Also when the block ends with an error."""
    for own in (True, False):
        file = io.BytesIO(DATA)
        stream = OwnedStream(file) if own else file
        with (
            pytest.raises(ZeroDivisionError),
            opened(partial(_given, stream), NAMED),
        ):
            raise ZeroDivisionError

        assert own == file.closed


@pytest.mark.hostile("other bytes than promised")
@pytest.mark.parametrize("data", [DATA[:-1], DATA + b" ", b""], ids=repr)
def test_a_blob_of_another_length_is_refused_first(data: bytes) -> None:
    """Before anything is hashed; what was found is said."""
    with pytest.raises(SizeMismatchError) as raised:
        read_blob({NAMED.digest: data}, NAMED)

    # It is not read further than that.
    found = f"more than {len(DATA)}" if len(data) > len(DATA) else len(data)
    assert (NAMED.digest, len(DATA), found) == (
        raised.value.where,
        raised.value.expected,
        raised.value.actual,
    )


@pytest.mark.hostile("other bytes than promised")
def test_a_longer_blob_is_not_read_to_its_end() -> None:
    """One byte more is enough to know."""
    source = io.BytesIO(DATA + bytes(1000))
    with pytest.raises(SizeMismatchError):
        read_blob(lambda _: source, NAMED)

    assert len(DATA) + 1 == source.tell()


@pytest.mark.hostile("other bytes than promised")
def test_a_blob_with_other_bytes_is_refused() -> None:
    """It says what was promised and what was found."""
    other = DATA.replace(b"1", b"2")
    with pytest.raises(DigestMismatchError) as raised:
        read_blob({NAMED.digest: other}, NAMED)

    assert NAMED.digest == raised.value.expected
    assert Descriptor.of(other, "").digest == raised.value.actual


def test_a_blob_that_nobody_can_verify_is_refused() -> None:
    """Nothing is believed."""
    unknown = attrs.evolve(NAMED, digest="blake3:" + "a" * 64)
    with pytest.raises(UnsupportedAlgorithmError):
        read_blob({unknown.digest: DATA}, unknown)


@pytest.mark.hostile("a document without end")
def test_a_blob_that_is_promised_to_be_long_is_not_asked_for() -> None:
    """The limit holds before the cost is paid."""
    limits = attrs.evolve(Limits(), document_bytes=len(DATA) - 1)
    with pytest.raises(LimitExceededError) as raised:
        read_blob({}, NAMED, limits=limits)

    assert "document_bytes" == raised.value.limit
    assert NAMED.digest == raised.value.where


def test_what_was_written_comes_before_the_rest() -> None:
    """And everything else from below."""
    below = Descriptor.of(b"below", "x/y")
    source = WrittenBlobs({NAMED.digest: DATA}, {below.digest: b"below"})

    assert DATA == read_blob(source, NAMED)
    assert b"below" == read_blob(source, below)


def test_some_blobs_live_elsewhere() -> None:
    """Each is looked for at its home only."""
    other = Descriptor.of(b"other", "x/y")
    source = BlobsAtHome({NAMED.digest: {NAMED.digest: DATA}}, {other.digest: b"other"})

    assert DATA == read_blob(source, NAMED)
    assert b"other" == read_blob(source, other)
