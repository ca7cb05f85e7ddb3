"""Members: every header field read, every checksum verified, every end decided."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from codec_streams import gzip_member, pieces, pushed
from splits import in_every_split

from ocilayers._types import Buffer
from ocilayers.codec.deflate import ZLIB, DeflateLibrary, fastest_inflate
from ocilayers.codec.gzip import GzipDecoder
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint
from ocilayers.errors import (
    CorruptStreamError,
    OCILayersError,
    TrailingDataError,
    TruncatedStreamError,
)
from ocilayers.findings import FindingLog

FHCRC, FEXTRA, FNAME, FCOMMENT = 2, 4, 8, 16
EXTRA = b"\x03\0abc"
DATA = bytes(range(256)) * 4

libraries = pytest.mark.parametrize(
    "library", [ZLIB, fastest_inflate()], ids=["zlib", "the fastest"]
)


def _header_crc(flags: int, extra: bytes) -> bytes:
    head = b"\x1f\x8b\x08" + bytes((flags,)) + bytes(5) + b"\xff" + extra
    return (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little")


def _with_header(flags: int, extra: bytes) -> bytes:
    if flags & FHCRC:
        extra += _header_crc(flags, extra)
    return gzip_member(DATA, flags=flags, extra=extra)


@libraries
@pytest.mark.parametrize(
    ("flags", "extra"),
    [
        pytest.param(0, b"", id="nothing optional"),
        pytest.param(1, b"", id="probably text"),
        pytest.param(FEXTRA, EXTRA, id="extra field"),
        pytest.param(FEXTRA, b"\0\0", id="empty extra field"),
        pytest.param(FNAME, b"layer.tar\0", id="name"),
        pytest.param(FNAME | FCOMMENT, b"a\0b\0", id="name and comment"),
        pytest.param(FHCRC, b"", id="checksum of the header"),
        pytest.param(31, EXTRA + b"name\0comment\0", id="everything"),
    ],
)
@pytest.mark.spec(
    "RFC 1952, section 2.3.1.2",
    "It must examine FEXTRA/XLEN, FNAME, FCOMMENT and FHCRC at least so it can skip"
    " over the optional fields if they are present.",
)
def test_any_header_is_read(library: DeflateLibrary, flags: int, extra: bytes) -> None:
    """In every split; nothing in it says anything about a layer."""
    blob = _with_header(flags, extra)
    for chunks in in_every_split(blob):
        log = FindingLog()

        assert pushed(GzipDecoder(log=log, library=library), *chunks) == DATA
        assert log.findings == ()


def test_a_long_name_is_not_collected() -> None:
    """It may be of any length, so it costs no memory."""
    decoder = GzipDecoder()
    list(decoder.feed(gzip_member(flags=FNAME)[:10]))
    chunk = b"n" * 100_000
    tracemalloc.start()
    for _ in range(100):
        list(decoder.feed(chunk))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1_000_000
    assert pushed(decoder, b"\0" + gzip_member(DATA)[10:]) == DATA


@pytest.mark.spec(
    "RFC 1952, section 2.3.1.2",
    "must give an error indication if any reserved bit is non-zero",
)
@pytest.mark.parametrize("bit", [32, 64, 128])
def test_a_reserved_flag_is_found(bit: int) -> None:
    """Go and Python read on, so a lenient reader does; a strict one refuses."""
    blob = gzip_member(DATA, flags=bit)
    log = FindingLog()

    assert pushed(GzipDecoder(log=log), blob) == DATA
    assert [finding.code for finding in log.findings] == ["gzip-reserved-flags"]
    with pytest.raises(CorruptStreamError):
        pushed(GzipDecoder(log=FindingLog(strict=True)), blob)


@pytest.mark.parametrize(
    ("blob", "message"),
    [
        pytest.param(b"not gzip at all", "no gzip member begins here", id="no magic"),
        pytest.param(b"\x1f\x8c" + bytes(20), "no gzip member", id="half a magic"),
        pytest.param(
            gzip_member(DATA, method=7),
            "unknown method.*expected 8, found 7",
            id="method",
        ),
        pytest.param(
            gzip_member(DATA, flags=FHCRC, extra=b"ab"),
            "checksum of a header",
            id="CRC16",
        ),
        pytest.param(
            gzip_member(DATA)[:10] + b"\xff" * 20,
            "cannot be inflated",
            id="deflate data",
        ),
    ],
)
@libraries
def test_what_makes_no_member_is_refused(
    library: DeflateLibrary, blob: bytes, message: str
) -> None:
    """By whichever library, in every split."""
    for chunks in in_every_split(blob):
        with pytest.raises(CorruptStreamError, match=message):
            pushed(GzipDecoder(library=library), *chunks)


@libraries
@pytest.mark.parametrize(
    ("at", "message"), [(-8, "checksum of a member"), (-4, "length of a member")]
)
@pytest.mark.parametrize("member", [0, 1])
def test_a_wrong_trailer_is_refused(
    library: DeflateLibrary, at: int, message: str, member: int
) -> None:
    """Of every member: the second one starts counting anew."""
    wrong = bytearray(gzip_member(DATA))
    wrong[at] ^= 1
    blob = b"".join([gzip_member(DATA)] * member) + wrong
    with pytest.raises(CorruptStreamError, match=message) as caught:
        pushed(GzipDecoder(library=library), blob)

    assert caught.value.offset == len(blob) - 8


@pytest.mark.hostile("more than one member or frame")
@libraries
@pytest.mark.spec(
    "RFC 1952, section 2.2",
    'A gzip file consists of a series of "members" (compressed data sets).',
)
@pytest.mark.parametrize(
    "members",
    [
        pytest.param([b""], id="an empty one"),
        pytest.param([b"ab", b"", b"c"], id="an empty one between"),
        pytest.param([DATA, DATA, DATA], id="three"),
    ],
)
def test_members_in_a_row_are_one_stream(
    library: DeflateLibrary, members: list[bytes]
) -> None:
    """However it is cut."""
    blob = b"".join(map(gzip_member, members))
    for chunks in in_every_split(blob):
        assert pushed(GzipDecoder(library=library), *chunks) == b"".join(members)


@pytest.mark.hostile("a stream that is cut, or goes on")
@pytest.mark.parametrize("zeros", [1, 2, 511, 200_000])
def test_zeros_after_the_last_member_are_found(zeros: int) -> None:
    """Gzip and Python skip them, Go refuses them, and so does a strict reader."""
    blob = gzip_member(DATA) + bytes(zeros)
    for chunks in in_every_split(blob):
        log = FindingLog()

        assert pushed(GzipDecoder(log=log), *chunks) == DATA
        assert [finding.code for finding in log.findings] == ["gzip-padding"]
    with pytest.raises(TrailingDataError):
        pushed(GzipDecoder(log=FindingLog(strict=True)), blob)


@pytest.mark.hostile("a stream that is cut, or goes on")
@pytest.mark.parametrize(
    ("tail", "offset"),
    [
        pytest.param(b"garbage", 0, id="garbage"),
        pytest.param(b"g", 0, id="one byte"),
        pytest.param(b"\x1fx", 0, id="half a magic and another byte"),
        pytest.param(b"\0\0\0g", 3, id="garbage after zeros"),
        pytest.param(b"\0" + gzip_member(), 1, id="a member after zeros"),
    ],
)
def test_anything_else_after_the_last_member_is_refused(
    tail: bytes, offset: int
) -> None:
    """Some readers would show it, some would not: that is how things are smuggled."""
    member = gzip_member(DATA)
    for chunks in in_every_split(member + tail):
        with pytest.raises(TrailingDataError) as caught:
            pushed(GzipDecoder(), *chunks)

        assert caught.value.offset == len(member) + offset


@pytest.mark.hostile("a stream that is cut, or goes on")
@libraries
@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(_with_header(31, EXTRA + b"name\0comment\0"), id="every field"),
        pytest.param(gzip_member(DATA[:40]) + gzip_member(DATA), id="two members"),
        pytest.param(gzip.compress(DATA[:300], 0), id="stored"),
    ],
)
def test_a_stream_that_is_cut_anywhere_is_refused(
    library: DeflateLibrary, blob: bytes
) -> None:
    """But where one member ends and another one could begin."""
    whole = {len(gzip_member(DATA[:40]))}
    for end in range(len(blob)):
        for chunks in ([blob[:end]], [blob[i : i + 1] for i in range(end)]):
            decoder = GzipDecoder(library=library)
            if end in whole and blob[end:].startswith(b"\x1f\x8b"):
                assert pushed(decoder, *chunks) == DATA[:40]
                continue
            with pytest.raises(TruncatedStreamError):
                pushed(decoder, *chunks)


@pytest.mark.parametrize(
    "blob",
    [gzip_member(DATA[:99]), gzip_member(b"ab" * 99), gzip.compress(DATA[:99], 0)],
    ids=["dynamic", "fixed", "stored"],
)
def test_a_flipped_bit_is_never_unseen(blob: bytes) -> None:
    """It is an error, or it stands where nothing is said; never another result."""
    expected = gzip.decompress(blob)
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        results: list[bytes | None] = []
        for library in (ZLIB, fastest_inflate()):
            try:
                results.append(pushed(GzipDecoder(library=library), flipped))
            except OCILayersError:
                results.append(None)

        assert results in ([expected, expected], [None, None])


@libraries
@pytest.mark.parametrize("over", [0, 1, 100, 2971, 10_000])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_member_that_ends_right_after_a_full_step_is_whole(
    library: DeflateLibrary, steps: int, over: int
) -> None:
    """By then isal has read ahead, and gives back more than it was last given."""
    data = bytes(steps * STEP_BYTES + over)
    member = gzip.compress(data, mtime=0)

    assert data * 2 == pushed(GzipDecoder(library=library), member * 2)


@pytest.mark.hostile("a few bytes that inflate to many")
@libraries
def test_a_bomb_comes_out_in_bounded_steps(library: DeflateLibrary) -> None:
    """Whatever one chunk holds, a step is a step, and memory is a few of them."""
    blob = gzip.compress(bytes(50_000_000))
    decoder = GzipDecoder(library=library)
    total = longest = 0
    tracemalloc.start()
    for piece in decoder.feed(blob):
        total += len(piece)
        longest = max(longest, len(piece))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert decoder.finish() == []
    assert (total, longest) == (50_000_000, STEP_BYTES)
    assert peak < 4_000_000


def test_a_checkpoint_goes_on_from_where_it_was_taken() -> None:
    """At every step, into the next members, and more than once."""
    parts = [DATA * 700, DATA * 300]
    plain = b"".join(parts)
    blob = b"".join(gzip.compress(part) for part in parts)
    decoder = GzipDecoder(library=ZLIB)
    checkpoints = [decoder.checkpoint()]
    for start in range(0, len(blob), 700):
        for _ in decoder.feed(blob[start : start + 700]):
            checkpoints.append(decoder.checkpoint())  # noqa: PERF401 - after a step
    decoder.finish()
    checkpoints.append(decoder.checkpoint())

    assert len(checkpoints) > 8
    for checkpoint in checkpoints * 2:
        again = GzipDecoder(at=checkpoint)
        assert "gzip" == checkpoint.compression
        assert again.checkpoint().plain_offset == checkpoint.plain_offset
        rest = pushed(again, blob[checkpoint.stored_offset :])
        assert rest == plain[checkpoint.plain_offset :]


def test_a_resumed_stream_is_checked_after_its_first_member() -> None:
    """Of the member that it begins in, it has not seen everything."""
    first = bytearray(gzip.compress(DATA))
    decoder = GzipDecoder(library=ZLIB)
    list(decoder.feed(first[:-12]))
    checkpoint = decoder.checkpoint()
    first[-8] ^= 1

    rest = bytes(first[checkpoint.stored_offset :])
    assert pushed(GzipDecoder(at=checkpoint), rest) is not None
    with pytest.raises(TruncatedStreamError):
        pushed(GzipDecoder(at=checkpoint), rest[:-1])
    with pytest.raises(CorruptStreamError):
        pushed(GzipDecoder(at=checkpoint), rest, first)


@libraries
@pytest.mark.spec(
    "RFC 1951, section 3.2.3",
    "However a distance cannot refer past the beginning of the output stream.",
)
def test_there_is_nothing_to_look_back_at_before_the_start(
    library: DeflateLibrary,
) -> None:
    """A match of three bytes at distance one, and nothing before it."""
    # BFINAL 1 · BTYPE 01 · length code 257 · distance code 0 · end of block, each
    # Huffman code from its first bit on.
    bits = "1" + "10" + "0000001" + "00000" + "0000000"
    body = int(bits[::-1], 2).to_bytes(3, "little")
    head = gzip_member()[:10]
    trailer = zlib.crc32(b"XXX").to_bytes(4, "little") + (3).to_bytes(4, "little")
    with pytest.raises(CorruptStreamError):
        pushed(GzipDecoder(library=library), head + body + trailer)


def test_a_library_that_cannot_copy_goes_on_from_the_member() -> None:
    """Two numbers are all that it takes, so they can be kept."""

    class Plain:
        def __init__(self, dictionary: bytes) -> None:
            self._inflater = ZLIB.inflater(dictionary)

        @property
        def eof(self) -> bool:
            return self._inflater.eof

        @property
        def unconsumed_tail(self) -> bytes:
            return self._inflater.unconsumed_tail

        @property
        def unused_data(self) -> bytes:
            return self._inflater.unused_data

        def decompress(self, data: Buffer, max_length: int, /) -> bytes:
            return self._inflater.decompress(data, max_length)

    library = DeflateLibrary(
        "plain", Plain, ZLIB.deflater, ZLIB.levels, ZLIB.crc32, ZLIB.error
    )
    member = gzip.compress(DATA)
    decoder = GzipDecoder(library=library)
    checkpoints = [
        decoder.checkpoint() for _ in decoder.feed(member + gzip.compress(b"second"))
    ]

    assert [
        (point.stored_offset, point.plain_offset, point.portable)
        for point in checkpoints
    ] == [(0, 0, True), (len(member), len(DATA), True)]
    assert pieces(GzipDecoder(at=Checkpoint("gzip", 0, 0)), [member]) == [DATA]
