"""Writing gzip: the same bytes for the same content, whoever helps."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from codec_streams import Busy, pieces, pushed
from splits import in_every_split

from ocilayers.codec.deflate import ZLIB, DeflateLibrary, fastest_inflate
from ocilayers.codec.gzip import GZIP_MAGIC, GzipDecoder, GzipEncoder
from ocilayers.codec.protocols import STEP_BYTES
from ocilayers.errors import CodecError

BLOCK = 256 << 10
LONG = random.Random(4).randbytes(BLOCK) + b"repeated " * 60_000 + bytes(BLOCK)


@pytest.fixture
def pool() -> Iterator[Executor]:
    """Three workers."""
    with ThreadPoolExecutor(3) as executor:
        yield executor


def test_nothing_is_a_valid_stream() -> None:
    """The smallest one that there is."""
    stored = pushed(GzipEncoder())

    assert stored == b"\x1f\x8b\x08" + bytes(6) + b"\xff\x03" + bytes(9)
    assert gzip.decompress(stored) == b""


@pytest.mark.spec(
    "RFC 1952, section 2.3.1", "MTIME = 0 means no time stamp is available"
)
@pytest.mark.parametrize("level", [None, 0, 1, 9])
def test_the_header_tells_nothing(level: int | None) -> None:
    """No name, no time, no level, no system."""
    stored = pushed(GzipEncoder(level=level), b"x")

    assert stored[:10] == GZIP_MAGIC + b"\x08" + bytes(6) + b"\xff"


@pytest.mark.parametrize("level", [0, 1, 6, 9])
@pytest.mark.parametrize(
    "length", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, len(LONG)]
)
def test_every_reader_reads_it(level: int, length: int) -> None:
    """Python's, which uses zlib alone, and ours; also at the edges of blocks."""
    plain = LONG[:length]
    stored = pushed(GzipEncoder(level=level), plain)

    assert gzip.decompress(stored) == plain
    assert pushed(GzipDecoder(), stored) == plain


def test_the_bytes_do_not_depend_on_the_input_s_cuts() -> None:
    """Blocks are of one length."""
    expected = pushed(GzipEncoder(), LONG)

    for chunks in in_every_split(LONG):
        assert pushed(GzipEncoder(), *chunks) == expected


def test_the_bytes_do_not_depend_on_who_deflates_blocks(pool: Executor) -> None:
    """Nobody, some workers, or workers that never come."""
    expected = pushed(GzipEncoder(), LONG * 6)

    assert pushed(GzipEncoder(executor=pool), LONG * 6) == expected
    assert pushed(GzipEncoder(executor=Busy()), LONG * 6) == expected


def test_blocks_cost_next_to_nothing() -> None:
    """Each begins with what came before as its dictionary."""
    plain = b"".join(b"%d " % (number**2) for number in range(200_000))
    one_piece = len(gzip.compress(plain, 6))

    assert len(pushed(GzipEncoder(), plain)) < one_piece * 1.001


def test_no_step_is_longer_than_a_step() -> None:
    """Also when nothing can be compressed."""
    steps = pieces(GzipEncoder(level=0), [LONG])

    assert max(map(len, steps)) <= STEP_BYTES


def test_a_dropped_encoder_drops_its_blocks() -> None:
    """Nobody deflates for nobody."""
    busy = Busy()
    encoder = GzipEncoder(executor=busy)
    list(encoder.feed(LONG))
    del encoder

    assert busy.futures
    assert all(future.cancelled() for future in busy.futures)


def test_an_error_in_a_worker_reaches_the_caller(pool: Executor) -> None:
    """And ends the stream."""

    def fail(_level: int, _dictionary: bytes) -> zlib._Compress:
        raise ZeroDivisionError("in a worker")

    library = DeflateLibrary(
        "broken", ZLIB.inflater, fail, ZLIB.levels, ZLIB.crc32, ZLIB.error
    )
    encoder = GzipEncoder(library=library, executor=pool)
    with pytest.raises(ZeroDivisionError, match="in a worker"):
        pushed(encoder, LONG)
    with pytest.raises(CodecError, match="ZeroDivisionError ended this stream"):
        encoder.finish()


@pytest.mark.parametrize("level", [-1, 10])
def test_a_level_that_is_none_is_refused(level: int) -> None:
    """Before the first byte."""
    with pytest.raises(CodecError, match="expected 0 to 9"):
        GzipEncoder(level=level)


def test_another_library_makes_other_bytes_of_the_same_content() -> None:
    """So it is never chosen without being asked for."""
    library = fastest_inflate()
    if library is ZLIB:
        pytest.skip("isal is not installed")
    stored = pushed(GzipEncoder(library=library), LONG)

    assert stored != pushed(GzipEncoder(), LONG)
    assert gzip.decompress(stored) == LONG
    assert [
        pushed(GzipEncoder(library=library), *c) for c in ([LONG], [LONG[:9], LONG[9:]])
    ] == [stored] * 2
