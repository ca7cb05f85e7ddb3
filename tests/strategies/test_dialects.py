"""Tars in four dialects, made by hand."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given, settings

from ocilayers.strategies._dialects import DIALECTS, Dialect, tar_of
from ocilayers.strategies.layers import layers
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind

drawn = settings(derandomize=True, max_examples=40, deadline=None, database=None)
LONG = "d/" * 60 + "n" * 40


def read(tar: bytes) -> list[Entry]:
    """The entries of *tar*, if there is nothing to object to."""
    decoder = TarDecoder(strict=True)
    events = [*decoder.feed(tar), *decoder.finish()]
    return [event for event in events if isinstance(event, Entry)]


@drawn
@given(layers(hostile=True))
def test_pax_loses_nothing(layer: tuple[Entry, ...]) -> None:
    """Nanoseconds, attributes, names of any bytes and length."""
    decoder = TarDecoder()
    events = decoder.feed(tar_of(layer, "pax"))
    content = b"".join(event for event in events if isinstance(event, bytes))

    assert [repr(entry) for entry in layer] == [
        repr(event).replace(f"offset={event.offset}", "offset=None")
        for event in events
        if isinstance(event, Entry)
    ]
    assert b"".join(entry.content or b"" for entry in layer) == content


@drawn
@given(layers())
def test_others_lose_what_they_have_no_words_for(layer: tuple[Entry, ...]) -> None:
    """And the standard library reads them as well."""
    pipes = {Kind.FIFO, Kind.CHAR, Kind.BLOCK}
    for dialect in DIALECTS:
        tar = tar_of(layer, dialect)
        with tarfile.open(fileobj=io.BytesIO(tar)) as theirs:
            assert len(theirs.getmembers()) == len(read(tar))
        assert [
            (entry.path, entry.kind, entry.mode, entry.target)
            for entry in layer
            if dialect != "v7" or entry.kind not in pipes
        ] == [(entry.path, entry.kind, entry.mode, entry.target) for entry in read(tar)]


@pytest.mark.parametrize(
    ("dialect", "names"),
    [
        pytest.param("ustar", [LONG], id="a prefix"),
        pytest.param("pax", [LONG, "n" * 200], id="records"),
        pytest.param("gnu", [LONG, "n" * 200], id="members"),
        pytest.param("v7", [], id="nothing"),
    ],
)
def test_a_long_name_is_said_in_the_way_of_the_dialect(
    dialect: Dialect, names: list[str]
) -> None:
    """Or not at all."""
    layer = [Entry(name, "directory") for name in (LONG, "n" * 200)]

    assert names == [entry.path for entry in read(tar_of(layer, dialect))]


@pytest.mark.parametrize(
    ("dialect", "names"),
    [
        pytest.param("ustar", [], id="ustar"),
        pytest.param("pax", ["a"], id="pax"),
        pytest.param("gnu", ["a"], id="gnu"),
        pytest.param("v7", [], id="v7"),
    ],
)
def test_a_long_target_is_said_in_that_way_too(
    dialect: Dialect, names: list[str]
) -> None:
    """There is no prefix for it."""
    tar = tar_of([Entry("a", "symlink", target=LONG)], dialect)

    assert names == [entry.path for entry in read(tar)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_content_that_is_not_carried_is_zeros(dialect: Dialect) -> None:
    """So that the rest can be read."""
    layer = [Entry("a", "file", size=600), Entry("b", "directory")]
    tar = tar_of(layer, dialect, record=10_240)

    assert [("a", 600), ("b", 0)] == [(entry.path, entry.size) for entry in read(tar)]
    assert 10_240 == len(tar)


@pytest.mark.parametrize("mtime_ns", [-1, -1_500_000_000, 10**9 * 8**11])
def test_pax_says_any_time(mtime_ns: int) -> None:
    """Before the epoch, and after the last octal digit."""
    tar = tar_of([Entry("a", "directory", mtime_ns=mtime_ns)], "pax")

    assert [mtime_ns] == [entry.mtime_ns for entry in read(tar)]
