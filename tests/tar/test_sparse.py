"""Sparse files: four ways to say where the pieces belong, one content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import pytest
from splits import in_every_split
from tar_blocks import END, GNU, contents, decode, entries, member, octal, pax

from ocilayers.errors import (
    BadExtensionError,
    LimitExceededError,
    OCILayersError,
    TruncatedArchiveError,
)
from ocilayers.limits import Limits
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry

Pieces = Sequence[tuple[int, int]]
Make = Callable[[Pieces, int, bytes], bytes]

PIECES: Pieces = ((0, 3), (512, 100), (2000, 7))
SIZE = 3000
STORED = bytes(range(1, 111))


def old_gnu(
    pieces: Pieces,
    size: int,
    stored: bytes,
    *,
    name: bytes = b"s",
) -> bytes:
    """The old format: four pieces in the header, 21 in each block after it."""
    numbers = [octal(a, 12) + octal(b, 12) for a, b in pieces]
    tail = bytes(41) + b"".join(numbers[:4]).ljust(96, b"\0")
    tail += bytes([len(numbers) > 4]) + octal(size, 12)
    block = member(name, flag=b"S", size=len(stored), magic=GNU, prefix=tail)
    for start in range(4, len(numbers), 21):
        more = b"".join(numbers[start : start + 21]).ljust(504, b"\0")
        block += more + bytes([len(numbers) > start + 21]) + bytes(7)
    return block + stored + bytes(-len(stored) % 512)


def pax_0_0(pieces: Pieces, size: int, stored: bytes) -> bytes:
    """Version 0.0: a pair of records for each piece."""
    payload = b"".join(_record("offset", a) + _record("numbytes", b) for a, b in pieces)
    payload = _record("size", size) + _record("numblocks", len(pieces)) + payload
    return pax(payload) + member(b"s", stored)


def pax_0_1(pieces: Pieces, size: int, stored: bytes) -> bytes:
    """Version 0.1: one record, and the name in another."""
    listed = ",".join(f"{a},{b}" for a, b in pieces)
    payload = _record("major", 0) + _record("minor", 1) + _record("name", "s")
    payload += _record("size", size) + _record("numblocks", len(pieces))
    payload += _record("map", listed)
    return pax(payload) + member(b"GNUSparseFile.1/s", stored)


def pax_1_0(
    pieces: Pieces, size: int, stored: bytes, *, text: bytes | None = None
) -> bytes:
    """Version 1.0: lines of text before the content."""
    if text is None:
        lines = [len(pieces), *(number for piece in pieces for number in piece)]
        text = b"".join(b"%d\n" % line for line in lines)
    payload = _record("major", 1) + _record("minor", 0) + _record("name", "s")
    payload += _record("realsize", size)
    content = text + bytes(-len(text) % 512) + stored
    return pax(payload) + member(b"GNUSparseFile.1/s", content)


def _record(key: str, value: object) -> bytes:
    body = f" GNU.sparse.{key}={value}\n"
    length = len(body) + len(str(len(body) + 2))
    return f"{length}{body}".encode()


def whole(pieces: Pieces, size: int, stored: bytes) -> bytes:
    """The file with its holes."""
    made = bytearray(size)
    start = 0
    for offset, length in pieces:
        made[offset : offset + length] = stored[start : start + length]
        start += length
    return bytes(made)


FORMATS = [
    pytest.param(old_gnu, id="old GNU"),
    pytest.param(pax_0_0, id="PAX 0.0"),
    pytest.param(pax_0_1, id="PAX 0.1"),
    pytest.param(pax_1_0, id="PAX 1.0"),
]
MANY: Pieces = [(index * 1024, 1 + index % 5) for index in range(60)]
SHAPES = [
    pytest.param(PIECES, SIZE, id="hole at the end"),
    pytest.param(((100, 10),), 110, id="hole at the start"),
    pytest.param(((0, 10), (10, 10)), 20, id="no hole"),
    pytest.param((), 1000, id="nothing but a hole"),
    pytest.param(((1000, 0),), 1000, id="an empty piece at the end"),
    pytest.param(((0, 0),), 0, id="nothing at all"),
    pytest.param(MANY, 100_000, id="more pieces than a block holds"),
]


@pytest.mark.hostile("a sparse file")
@pytest.mark.spec(
    "image-spec layer.md, File Types",
    "Sparse files SHOULD NOT be used because they lack consistent support across tar"
    " implementations.",
)
@pytest.mark.parametrize(("pieces", "size"), SHAPES)
@pytest.mark.parametrize("make", FORMATS)
def test_a_sparse_file_reads_as_its_content(
    make: Make, pieces: Pieces, size: int
) -> None:
    """In every format and every split, and with a finding."""
    if make is pax_0_0 and not pieces:
        pytest.skip("a map of no records is no map")
    stored = bytes(index % 255 + 1 for index in range(sum(b for _, b in pieces)))
    tar = make(pieces, size, stored) + member(b"after", b"x") + END
    expected = {"s": whole(pieces, size, stored), "after": b"x"}

    for chunks in in_every_split(tar, random_cuts=3):
        decoder = TarDecoder()
        events = [event for chunk in chunks for event in decoder.feed(chunk)]
        decoder.finish()
        entry = events[0]

        assert expected == contents(events)
        assert isinstance(entry, Entry)
        assert (entry.size, entry.offset) == (size, None)
        assert "tar-sparse" in {finding.code for finding in decoder.findings}


@pytest.mark.hostile("a sparse file")
def test_holes_cost_no_memory_but_for_whoever_joins_them() -> None:
    """They are one object, given out again and again."""
    events = decode(old_gnu((), 1 << 32, b"") + END)
    chunks = [event for event in events if isinstance(event, bytes)]

    assert sum(map(len, chunks)) == 1 << 32
    assert len({id(chunk) for chunk in chunks}) == 1


@pytest.mark.hostile("a sparse file")
def test_holes_have_a_limit() -> None:
    """Of all sparse files together; without content they cost nothing."""
    tar = old_gnu((), 600, b"", name=b"a") + old_gnu((), 600, b"", name=b"b") + END
    limits = attrs.evolve(Limits(), sparse_bytes=1000)
    decoder = TarDecoder(limits=limits)

    assert [event for event in decoder.feed(tar) if isinstance(event, Entry)]
    with pytest.raises(LimitExceededError, match="sparse bytes") as caught:
        decoder.finish()

    assert (caught.value.where, caught.value.limit) == ("b", "sparse_bytes")
    assert [entry.size for entry in entries(tar, limits=limits, content=False)] == [
        600,
        600,
    ]


@pytest.mark.hostile("a sparse file")
@pytest.mark.parametrize("make", FORMATS[1:])
def test_a_hole_of_exabytes_is_refused_before_it_is_read(make: Make) -> None:
    """Its size alone is no cost: who leaves content out has the entry."""
    size = 1 << 62
    tar = make(((size - 1, 1),), size, b"x") + END

    assert [size] == [entry.size for entry in entries(tar, content=False)]
    with pytest.raises(LimitExceededError) as caught:
        decode(tar)
    assert caught.value.limit == "sparse_bytes"


@pytest.mark.hostile("a header that asks for memory")
@pytest.mark.parametrize("make", FORMATS)
def test_a_map_has_a_limit(make: Make) -> None:
    """Pieces are counted before they are kept."""
    tar = make(PIECES, SIZE, STORED) + END

    assert decode(tar, limits=attrs.evolve(Limits(), sparse_segments=3))
    with pytest.raises(LimitExceededError, match="sparse segments"):
        decode(tar, limits=attrs.evolve(Limits(), sparse_segments=2))


@pytest.mark.hostile("a sparse file")
@pytest.mark.parametrize("make", FORMATS)
@pytest.mark.parametrize(
    ("pieces", "size", "stored"),
    [
        pytest.param(((0, 4), (3, 4)), 100, 8, id="pieces overlap"),
        pytest.param(((50, 4), (0, 4)), 100, 8, id="pieces out of order"),
        pytest.param(((97, 4),), 100, 4, id="a piece past the end"),
        pytest.param(((0, 4),), 100, 5, id="more is stored"),
        pytest.param(((0, 4),), 100, 3, id="less is stored"),
        pytest.param((((1 << 62) - 1, 1 << 62),), 100, 4, id="numbers that overflow"),
    ],
)
def test_a_map_that_fits_nothing_is_refused(
    make: Make, pieces: Pieces, size: int, stored: int
) -> None:
    """In every format."""
    if make is old_gnu and pieces[0][0] > 8**11:
        pytest.skip("such numbers do not fit the old fields")
    with pytest.raises(BadExtensionError, match="sparse map"):
        decode(make(pieces, size, b"x" * stored) + END)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(b"1\n0\nx\n", "no number", id="no number"),
        pytest.param(b"1\n-1\n1\n", "no number", id="negative"),
        pytest.param(b"1\n0\n" + b"1" * 600 + b"\n", "no number", id="very large"),
        pytest.param(b"9" * 2000, "without end", id="no end of a line"),
        pytest.param(b"3\n0\n1\n", "longer than its member", id="fewer than it says"),
        pytest.param(b"300\n" + b"0\n" * 254, "longer than its member", id="cut"),
    ],
)
def test_a_map_of_lines_holds_numbers_only(text: bytes, problem: str) -> None:
    """Up to its last one."""
    with pytest.raises(BadExtensionError, match=problem) as caught:
        decode(pax_1_0((), 10, b"", text=text) + END)

    assert caught.value.where == "s"


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        pytest.param(b"00000000009\0", "octal", id="not octal"),
        pytest.param(b"\xff" * 12, "negative", id="negative"),
    ],
)
def test_a_map_of_fields_holds_numbers_only(field: bytes, problem: str) -> None:
    """As headers do."""
    tail = bytes(41) + field + octal(1, 12) + bytes(73) + octal(10, 12)

    with pytest.raises(BadExtensionError, match=problem):
        decode(member(b"s", b"x", flag=b"S", magic=GNU, prefix=tail) + END)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(_record("map", "0,1,2") + _record("numblocks", 1), id="odd count"),
        pytest.param(_record("map", "0,1"), id="no count"),
        pytest.param(_record("map", "0,1") + _record("numblocks", 2), id="wrong count"),
        pytest.param(_record("map", "0,x") + _record("numblocks", 1), id="no number"),
        pytest.param(_record("major", 2) + _record("minor", 0), id="unknown version"),
        pytest.param(_record("major", 1), id="half a version"),
        pytest.param(
            _record("major", 1) + _record("minor", 0) + _record("size", "x"),
            id="size is no number",
        ),
    ],
)
def test_records_without_meaning_are_refused(payload: bytes) -> None:
    """Nobody can know what the file holds."""
    with pytest.raises(BadExtensionError, match="sparse map"):
        decode(pax(payload) + member(b"s", b"x") + END)


def test_sparse_records_without_a_map_mean_nothing() -> None:
    """As in Go: the file is what it is."""
    records = _record("size", 100) + _record("name", "other")
    tar = pax(records) + member(b"s", b"x") + END

    assert contents(decode(tar)) == {"s": b"x"}


def test_the_name_of_a_sparse_file_holds_no_nul() -> None:
    """No file can be called so."""
    payload = _record("map", "0,1") + _record("numblocks", 1) + _record("name", "a\0b")

    with pytest.raises(BadExtensionError, match="holds a NUL"):
        decode(pax(payload) + member(b"s", b"x") + END)


def test_without_a_size_the_file_is_as_long_as_what_is_stored() -> None:
    """As in Go."""
    payload = _record("map", "0,1") + _record("numblocks", 1)

    assert contents(decode(pax(payload) + member(b"s", b"x") + END)) == {"s": b"x"}


def test_only_a_file_can_be_sparse() -> None:
    """As in Go."""
    payload = _record("map", "0,1") + _record("numblocks", 1)

    with pytest.raises(BadExtensionError, match="no file"):
        decode(pax(payload) + member(b"s", flag=b"5") + END)


def test_a_whiteout_has_no_content_even_where_it_is_sparse() -> None:
    """Its name alone counts."""
    tar = old_gnu(PIECES, SIZE, STORED, name=b".wh.a") + member(b"b", b"x") + END

    assert contents(decode(tar)) == {"a": b"", "b": b"x"}
    assert entries(tar)[0].size == 0


@pytest.mark.parametrize("make", FORMATS)
def test_a_cut_is_found_at_every_byte(make: Make) -> None:
    """In the map and in the content."""
    tar = make(PIECES, SIZE, STORED)
    complete = len(tar) - (-len(STORED) % 512)

    for cut in range(1, complete):
        with pytest.raises(OCILayersError) as caught:
            decode(tar[:cut])

        assert isinstance(caught.value, TruncatedArchiveError)
