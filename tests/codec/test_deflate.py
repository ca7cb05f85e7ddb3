"""Who inflates and deflates: the fastest that is there, and zlib."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator

import pytest

from ocilayers.codec import deflate
from ocilayers.codec.deflate import ZLIB, DeflateLibrary, fastest_inflate, library
from ocilayers.errors import CodecError

DATA = bytes(range(256)) * 100


@pytest.fixture
def without_isal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if it was not installed."""
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    deflate._isal.cache_clear()
    yield
    deflate._isal.cache_clear()


def _every_library() -> list[DeflateLibrary]:
    return list({made.name: made for made in (ZLIB, fastest_inflate())}.values())


@pytest.mark.parametrize("made", _every_library(), ids=lambda made: made.name)
def test_a_library_has_the_shape_of_zlib(made: DeflateLibrary) -> None:
    """Raw deflate data, a dictionary, a bound, and what is left."""
    deflater = made.deflater(made.level(None), DATA[:1000])
    stored = deflater.compress(DATA) + deflater.flush(zlib.Z_FINISH)
    plain = zlib.decompressobj(-15, zdict=DATA[:1000])
    assert plain.decompress(stored) == DATA

    inflater = made.inflater(b"")
    raw = zlib.compress(DATA, wbits=-15)
    first = inflater.decompress(raw + b"tail", 1000)
    assert (first, inflater.eof) == (DATA[:1000], False)
    assert inflater.decompress(inflater.unconsumed_tail, 1 << 20) == DATA[1000:]
    assert (inflater.eof, inflater.unused_data) == (True, b"tail")
    assert made.crc32(DATA[9:], made.crc32(DATA[:9], 0)) == zlib.crc32(DATA)
    with pytest.raises(made.error):
        made.inflater(b"").decompress(b"\xff" * 9, 100)


def test_the_fastest_that_is_installed_inflates() -> None:
    """The extra `fast` brings it."""
    pytest.importorskip("isal")

    assert fastest_inflate().name == "isal"
    assert library("isal") is fastest_inflate()


@pytest.mark.usefixtures("without_isal")
def test_without_the_extra_zlib_inflates() -> None:
    """And who asks for another one is told how to get it."""
    assert fastest_inflate() is ZLIB
    with pytest.raises(CodecError) as raised:
        library("isal")

    said = "isal is not installed; the extra ocilayers[fast] brings it, found isal"
    assert said == str(raised.value)


def test_zlib_deflates_unless_another_one_is_asked_for() -> None:
    """By a name that exists."""
    assert library("zlib") is ZLIB
    with pytest.raises(CodecError, match="no such deflate library"):
        library("zopfli")


def test_a_level_is_checked() -> None:
    """And the usual one filled in."""
    assert [ZLIB.level(level) for level in (None, 0, 9)] == [6, 0, 9]
    with pytest.raises(CodecError, match="expected 0 to 9, found 10"):
        ZLIB.level(10)
