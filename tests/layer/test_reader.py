"""`open_layer`: one pass, entry by entry, nothing known before the end."""

from __future__ import annotations

import gzip
import io
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import attrs
import pytest
from layer_blobs import BLOBS, ENTRIES, FILES, TAR, Dribble, Pipe
from layers import tar_of
from splits import in_every_split
from tar_blocks import member

from ocilayers.errors import (
    BadHeaderError,
    CodecError,
    DigestMismatchError,
    LimitExceededError,
    OCILayersError,
    SourceError,
    TarError,
    TruncatedArchiveError,
    TruncatedStreamError,
)
from ocilayers.layer.reader import LayerReader, open_layer
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_LAYER_GZIP
from ocilayers.tar.entry import Entry, Kind

WITHOUT_CONTENT = [attrs.evolve(entry, content=None) for entry in ENTRIES]


@pytest.fixture(params=["alone", "with a worker"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    """Nobody's thread but this one, or a worker beside it."""
    if request.param == "alone":
        yield None
        return
    with ThreadPoolExecutor(1) as pool:
        yield pool


def contents(reader: LayerReader) -> list[tuple[Entry, bytes]]:
    """All entries, each with its content."""
    return [(entry, reader.read()) for entry in reader]


@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
def test_entries_come_in_order_with_their_content(
    blob: bytes, executor: Executor | None
) -> None:
    """However it is stored, and whoever hashes."""
    reader = open_layer(io.BytesIO(blob), executor=executor)
    found = contents(reader)

    assert WITHOUT_CONTENT == [entry for entry, _ in found]
    assert FILES == {
        entry.path: data for entry, data in found if entry.kind is Kind.FILE
    }
    assert Digest.of(blob) == reader.facts.digest
    assert len(blob) == reader.facts.size
    assert Digest.of(TAR) == reader.facts.diff_id
    assert len(TAR) == reader.facts.uncompressed_size


@pytest.mark.hostile("a source that gives little, nothing, or too much")
@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
def test_a_source_that_gives_little_at_a_time_changes_nothing(
    blob: bytes, executor: Executor | None
) -> None:
    """Entries, content and facts, in every split."""
    expected = open_layer(io.BytesIO(blob))
    wanted = contents(expected)
    for pieces in in_every_split(blob, random_cuts=3):
        reader = open_layer(Dribble(pieces), executor=executor)

        assert wanted == contents(reader)
        assert expected.facts == reader.facts


def test_content_is_read_in_pieces(executor: Executor | None) -> None:
    """`read(n)` goes on from where the last one ended, and no farther than the end."""
    reader = open_layer(io.BytesIO(BLOBS["gzip"]), executor=executor)
    big = next(entry for entry in reader if entry.path == "big")
    pieces = [reader.read(0), reader.read(7), reader.read(big.size), reader.read(1)]

    assert [0, 7, big.size - 7, 0] == [len(piece) for piece in pieces]
    assert FILES["big"] == b"".join(pieces)
    assert b"" == reader.read()


def test_content_that_nobody_reads_is_skipped() -> None:
    """Wholly or in part: the next entry is the next entry, the facts are the same."""
    reader = open_layer(io.BytesIO(BLOBS["gzip"]))
    for entry in reader:
        if entry.path == "big":
            reader.read(100)

    assert Digest.of(TAR) == reader.facts.diff_id


def test_there_is_no_content_before_the_first_entry() -> None:
    """And none of what has no content."""
    reader = open_layer(io.BytesIO(TAR))

    assert b"" == reader.read()
    assert "etc" == next(reader).path
    assert b"" == reader.read()
    assert "etc/motd" == next(reader).path


def test_facts_are_known_at_the_end_and_not_before() -> None:
    """Also when the last entry has been given: padding and trailer count too."""
    reader = open_layer(io.BytesIO(BLOBS["gzip"]))
    for _ in ENTRIES:
        next(reader)
    with pytest.raises(CodecError, match="before its last entry"):
        _ = reader.facts
    assert next(reader, None) is None

    assert "gzip" == reader.facts.compression


@pytest.mark.hostile("a reader that leaves early")
def test_whoever_leaves_early_knows_nothing(executor: Executor | None) -> None:
    """And leaves nothing behind; the stream stays open."""
    stream = io.BytesIO(BLOBS["gzip"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with open_layer(stream, executor=executor) as reader:
            next(reader)
        with pytest.raises(CodecError):
            _ = reader.facts
        del reader

    assert not stream.closed


def test_a_reader_that_was_closed_gives_nothing_more() -> None:
    """No entry, no content, no facts."""
    reader = open_layer(io.BytesIO(TAR))
    next(reader)
    reader.close()
    reader.close()

    assert [] == list(reader)
    assert b"" == reader.read()


@pytest.mark.hostile("a bad header in the middle, members after the end")
def test_the_stream_is_read_past_the_end_of_the_tar(executor: Executor | None) -> None:
    """The digest is of all of it: a byte that follows is seen, as a finding."""
    blob = TAR + b"tail"
    reader = open_layer(io.BytesIO(blob), executor=executor)
    list(reader)

    assert ["tar-trailing-data"] == [f.code for f in reader.facts.findings]
    assert Digest.of(blob) == reader.facts.diff_id


@pytest.mark.hostile("other bytes than promised")
@pytest.mark.parametrize("promise", ["digest", "diff_id"])
def test_a_broken_promise_is_an_error_at_the_end(
    promise: str, executor: Executor | None
) -> None:
    """It says what was promised and what was found."""
    blob, other = BLOBS["gzip"], Digest.of(b"other")
    descriptor = Descriptor(
        media_type=OCI_LAYER_GZIP,
        digest=other if promise == "digest" else Digest.of(blob),
        size=len(blob),
    )
    diff_id = other if promise == "diff_id" else None
    reader = open_layer(
        io.BytesIO(blob), descriptor, diff_id=diff_id, executor=executor
    )
    with pytest.raises(DigestMismatchError) as raised:
        list(reader)

    assert promise == raised.value.where
    assert (other, Digest.of(blob if promise == "digest" else TAR)) == (
        raised.value.expected,
        raised.value.actual,
    )
    with pytest.raises(CodecError):
        _ = reader.facts


BROKEN: list[tuple[bytes, type[OCILayersError]]] = [
    (BLOBS["gzip"][:-1], TruncatedStreamError),
    (BLOBS["zstd"][:-1], TruncatedStreamError),
    (TAR[:700], TruncatedArchiveError),
    (TAR[:512] + b"x" * 512, BadHeaderError),
]


@pytest.mark.parametrize(
    ("blob", "error"), BROKEN, ids=["cut gzip", "cut zstd", "cut tar", "no header"]
)
def test_what_cannot_be_read_to_its_end_has_no_facts(
    blob: bytes, error: type[OCILayersError], executor: Executor | None
) -> None:
    """Whatever came before."""
    reader = open_layer(io.BytesIO(blob), executor=executor)
    with pytest.raises(error):
        list(reader)
    with pytest.raises(CodecError):
        _ = reader.facts


@pytest.mark.parametrize(
    "broken", [b"x" * 512, member(b"a", bytes(600))[:900]], ids=["bad", "cut"]
)
def test_entries_before_an_error_are_given(
    broken: bytes, executor: Executor | None
) -> None:
    """All of them, though a worker may know of the error long before."""
    before = tar_of(Entry(f"{n}", "file", content=bytes(700)) for n in range(2000))
    blob = gzip.compress(before[: 2000 * 1536] + broken)
    reader = open_layer(io.BytesIO(blob), executor=executor)
    found: list[str] = []
    with pytest.raises(TarError):
        found.extend(entry.path for entry in reader)

    assert [f"{n}" for n in range(2000)] == found[:2000]


def test_entries_are_given_before_a_broken_promise_is_known(
    executor: Executor | None,
) -> None:
    """The error is the last that comes."""
    reader = open_layer(
        io.BytesIO(BLOBS["gzip"]), diff_id=Digest.of(b""), executor=executor
    )
    found: list[Entry] = []
    with pytest.raises(DigestMismatchError):
        found.extend(reader)

    assert WITHOUT_CONTENT == found


def test_an_error_may_come_while_content_is_read() -> None:
    """Content that is cut is never given as if it were whole."""
    blob = member(b"a", b"x" * 600)[:900]
    reader = open_layer(io.BytesIO(blob))
    assert "a" == next(reader).path

    with pytest.raises(TruncatedArchiveError):
        reader.read()


def test_strict_raises_what_lenient_keeps() -> None:
    """Of the tar too."""
    blob = TAR + b"tail"

    with pytest.raises(OCILayersError):
        list(open_layer(io.BytesIO(blob), strict=True))


def test_limits_hold_in_the_tar_and_before_it(executor: Executor | None) -> None:
    """Both floors are told."""
    for limits in (
        attrs.evolve(Limits(), entries=2),
        attrs.evolve(Limits(), uncompressed_bytes=2000),
    ):
        reader = open_layer(io.BytesIO(BLOBS["gzip"]), limits=limits, executor=executor)
        with pytest.raises(LimitExceededError):
            list(reader)


class Fails:
    """A source that gives what it has, and then raises or gives something else."""

    def __init__(self, data: bytes, last: object) -> None:
        self._data = io.BytesIO(data)
        self._last = last

    def read(self, size: int, /) -> object:
        data = self._data.read(size)
        if not data and isinstance(self._last, BaseException):
            raise self._last
        return data or self._last


@pytest.mark.hostile("a source that fails")
@pytest.mark.parametrize("name", BLOBS)
@pytest.mark.parametrize(
    "error", [OSError("dead"), KeyError("x"), KeyboardInterrupt()], ids=repr
)
def test_an_error_of_the_source_passes_through(
    name: str, error: BaseException, executor: Executor | None
) -> None:
    """It is the caller's own; the reader is over then, and says so."""
    source = Fails(BLOBS[name][:700], error)
    reader = open_layer(source, executor=executor)  # type: ignore[arg-type]  # it fails
    with pytest.raises(type(error)) as raised:
        list(reader)

    assert error is raised.value
    for again in (lambda: next(reader), lambda: reader.facts):
        with pytest.raises(CodecError):
            again()


@pytest.mark.hostile("a source that gives little, nothing, or too much")
@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="nothing yet"),
        pytest.param("text", id="text"),
        pytest.param(bytes(1 << 20), id="more than was asked for"),
        pytest.param(StopIteration(), id="an end that is none"),
    ],
)
@pytest.mark.parametrize("name", BLOBS)
def test_a_source_that_breaks_its_contract_is_told_so(
    name: str, given: object, executor: Executor | None
) -> None:
    """Again when the reader is used again: a layer that is cut is no whole one."""
    reader = open_layer(Fails(BLOBS[name][:700], given), executor=executor)  # type: ignore[arg-type]  # the point
    for _ in range(2):
        with pytest.raises(SourceError):
            list(reader)


@pytest.mark.hostile("a stream that is cut, or goes on")
def test_an_error_is_kept() -> None:
    """Nobody takes it for the end who goes on after it: not of entries or content."""
    reader = open_layer(io.BytesIO(member(b"a", b"x" * 600)[:900]))
    next(reader)
    for again in (reader.read, reader.read, lambda: next(reader), lambda: next(reader)):
        with pytest.raises(TruncatedArchiveError):
            again()


def test_progress_adds_up_to_the_size(executor: Executor | None) -> None:
    """In stored bytes, read by read."""
    told: list[int] = []
    pieces = [BLOBS["gzip"][i : i + 100] for i in range(0, len(BLOBS["gzip"]), 100)]
    list(open_layer(Dribble(pieces), executor=executor, progress=told.append))

    assert [len(piece) for piece in pieces] == told


def test_nothing_is_read_before_it_is_asked_for() -> None:
    """Opening costs nothing."""
    pipe = Pipe(TAR)
    reader = open_layer(pipe)

    assert 0 == pipe.reads
    next(reader)
    assert 1 == pipe.reads
