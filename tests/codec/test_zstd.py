"""zstd: every frame, every block, and every byte that is missing."""

from __future__ import annotations

import random
import tracemalloc

import attrs
import pytest
import zstandard
from codec_streams import BLOBS, PLAIN, pieces, pushed, zstd_block, zstd_frame
from splits import in_every_split

from ocilayers.codec.protocols import STEP_BYTES
from ocilayers.codec.zstd import ZSTD_MAGIC, ZstdDecoder, ZstdEncoder
from ocilayers.errors import (
    CodecError,
    CorruptStreamError,
    LimitExceededError,
    OCILayersError,
    TrailingDataError,
    TruncatedStreamError,
)
from ocilayers.limits import KIB, MIB, Limits

SKIPPABLE = b"\x50\x2a\x4d\x18\x05\0\0\0hello"
RANDOM = random.Random(2).randbytes(300_000)


def _compressed(data: bytes, **options: bool | int) -> bytes:
    return zstandard.ZstdCompressor(**options).compress(data)  # type: ignore[arg-type]  # options by name


STREAMS = {
    "small": _compressed(PLAIN),
    "checksum": _compressed(PLAIN, write_checksum=True),
    "no size": _compressed(PLAIN, write_content_size=False),
    "random": _compressed(RANDOM),
    "raw block": zstd_frame(zstd_block(b"raw")),
    "repeated byte": zstd_frame(zstd_block(b"x", kind=1, size=100_000)),
    "empty block": zstd_frame(zstd_block(b"ab", last=False), zstd_block()),
}


@pytest.mark.parametrize("blob", STREAMS.values(), ids=STREAMS.keys())
def test_a_frame_gives_what_the_library_gives(blob: bytes) -> None:
    """In every split, in steps of at most a block."""
    expected = zstandard.ZstdDecompressor().decompressobj().decompress(blob)
    for chunks in in_every_split(blob):
        steps = pieces(ZstdDecoder(), chunks)

        assert b"".join(steps) == expected
        assert max(map(len, steps)) <= STEP_BYTES


@pytest.mark.hostile("more than one member or frame")
@pytest.mark.hostile("frames to be skipped")
@pytest.mark.spec(
    "zstd_compression_format.md, Frames",
    "The decompressed content of multiple concatenated frames is the concatenation of"
    " each frame decompressed content.",
)
@pytest.mark.parametrize(
    "frames",
    [
        pytest.param(["small", "checksum"], id="two"),
        pytest.param(["", "small", "", "checksum", ""], id="skippable ones between"),
        pytest.param(["", ""], id="skippable ones only"),
        pytest.param(["random", "random", "random"], id="three long ones"),
    ],
)
def test_frames_in_a_row_are_one_stream(frames: list[str]) -> None:
    """Skippable ones give nothing."""
    blob = b"".join(STREAMS.get(name, SKIPPABLE) for name in frames)
    expected = b"".join(pushed(ZstdDecoder(), STREAMS[name]) for name in frames if name)
    for chunks in in_every_split(blob):
        assert pushed(ZstdDecoder(), *chunks) == expected


@pytest.mark.hostile("frames to be skipped")
@pytest.mark.spec(
    "zstd_compression_format.md, Skippable Frames",
    "From a compliant decoder perspective, skippable frames need just be "
    "skipped, and their content ignored, resuming decoding after the "
    "skippable frame.",
)
@pytest.mark.parametrize("first", range(0x50, 0x60))
def test_every_skippable_mark_is_known(first: int) -> None:
    """There are sixteen."""
    blob = bytes((first,)) + SKIPPABLE[1:] + STREAMS["small"]

    assert pushed(ZstdDecoder(), blob) == PLAIN


@pytest.mark.hostile("frames to be skipped")
def test_a_long_skippable_frame_is_not_collected() -> None:
    """It may say that it is 4 GiB long."""
    decoder = ZstdDecoder()
    list(decoder.feed(SKIPPABLE[:4] + b"\xff\xff\xff\xff"))
    chunk = bytes(1_000_000)
    tracemalloc.start()
    for _ in range(20):
        list(decoder.feed(chunk))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 100_000
    with pytest.raises(TruncatedStreamError, match="a skippable frame"):
        decoder.finish()


@pytest.mark.parametrize(
    ("blob", "message"),
    [
        pytest.param(b"not zstd", "no zstd frame begins here", id="no mark"),
        pytest.param(b"\x28\xb5\x2f", "inside a zstd frame", id="half a mark"),
        pytest.param(b"\x28\xb6", "no zstd frame", id="half of another mark"),
        pytest.param(zstd_frame(header=b"\x08\x58"), "reserved bit", id="reserved bit"),
        pytest.param(
            zstd_frame(header=b"\x01\x58\x07"), "needs dictionary 7", id="dictionary"
        ),
        pytest.param(
            zstd_frame(zstd_block(b"x", kind=3)), "type or size", id="reserved block"
        ),
        pytest.param(
            zstd_frame(zstd_block(b"x", kind=1, size=131_073)),
            "type or size",
            id="a byte repeated too often",
        ),
        pytest.param(
            zstd_frame(zstd_block(bytes(131_073))), "type or size", id="long block"
        ),
        pytest.param(
            zstd_frame(zstd_block(b"xyz", kind=2)),
            "cannot be decompressed",
            id="content",
        ),
        pytest.param(
            zstd_frame(zstd_block(b"ab"), header=b"\x20\x03"), "cannot be", id="size"
        ),
        pytest.param(
            zstd_frame(zstd_block(), header=b"\x20\x40"),
            "another size than it says, expected 64, found 0",
            id="size of nothing",
        ),
        pytest.param(
            STREAMS["checksum"][:-1] + b"?", "doesn't match checksum", id="checksum"
        ),
    ],
)
def test_what_makes_no_frame_is_refused(blob: bytes, message: str) -> None:
    """In every split."""
    for chunks in in_every_split(blob, random_cuts=2):
        with pytest.raises(CodecError, match=message):
            pushed(ZstdDecoder(), *chunks)


@pytest.mark.hostile("a stream that is cut, or goes on")
@pytest.mark.parametrize(
    "tail",
    [b"garbage", b"g", bytes(4), b"\x28\xb5\x2f\xfe", b"\x50\x2a\x4e", b"\x60\x2a"],
)
def test_anything_else_after_the_last_frame_is_refused(tail: bytes) -> None:
    """Zeros, too."""
    blob = STREAMS["checksum"]
    for chunks in in_every_split(blob + tail):
        with pytest.raises(TrailingDataError) as caught:
            pushed(ZstdDecoder(), *chunks)

        assert caught.value.offset == len(blob)


def test_nothing_is_no_stream() -> None:
    """A frame of nothing would be nine bytes."""
    with pytest.raises(TruncatedStreamError):
        ZstdDecoder().finish()


@pytest.mark.hostile("a stream that is cut, or goes on")
@pytest.mark.parametrize(
    ("blob", "edges"),
    [
        pytest.param(STREAMS["checksum"], set(), id="checksum"),
        pytest.param(STREAMS["repeated byte"], set(), id="repeated byte"),
        pytest.param(
            SKIPPABLE + STREAMS["small"] + SKIPPABLE,
            {13, 13 + len(STREAMS["small"])},
            id="skippable",
        ),
    ],
)
def test_a_stream_that_is_cut_anywhere_is_refused(blob: bytes, edges: set[int]) -> None:
    """But where one frame ends and another one could begin."""
    for end in set(range(len(blob))) - edges:
        for chunks in ([blob[:end]], [blob[i : i + 1] for i in range(end)]):
            with pytest.raises(TruncatedStreamError):
                pushed(ZstdDecoder(), *chunks)


@pytest.mark.parametrize("name", ["zstd", "zstd, two frames and a skippable one"])
def test_a_flipped_bit_is_never_silently_short(name: str) -> None:
    """With a checksum it is an error, or what says nothing was hit."""
    blob = BLOBS[name]
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            plain = pushed(ZstdDecoder(), flipped)
        except OCILayersError:
            continue

        # The first frame of two has no checksum; its length is still known.
        assert len(plain) == len(PLAIN) or bit // 8 == 4
        assert plain[99:] == PLAIN[99:] or bit // 8 == 4


@pytest.mark.hostile("a few bytes that inflate to many")
@pytest.mark.spec(
    "zstd_compression_format.md, Window_Descriptor",
    "a decoder is allowed to reject a compressed frame which requests a memory size"
    " beyond decoder's authorized range.",
)
@pytest.mark.parametrize(
    ("limit", "header", "window"),
    [
        pytest.param(MIB, b"\0\x58", 2 * MIB, id="window"),
        pytest.param(KIB, b"\xa0\x01\x04\0\0", KIB + 1, id="single segment"),
        pytest.param(None, b"\0\xff", (1 << 41) + 7 * (1 << 38), id="default"),
    ],
)
def test_a_large_window_is_refused_before_it_is_allocated(
    limit: int | None, header: bytes, window: int
) -> None:
    """One header of six bytes could ask for terabytes."""
    limits = Limits() if limit is None else Limits(zstd_window=limit)
    tracemalloc.start()
    with pytest.raises(LimitExceededError) as caught:
        pushed(ZstdDecoder(limits=limits), zstd_frame(header=header))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (caught.value.limit, caught.value.actual) == ("zstd_window", window)
    assert peak < MIB


def test_a_window_within_the_limit_is_read() -> None:
    """Also when it is more than the library takes by itself."""
    frame = zstd_frame(zstd_block(b"ab"), header=b"\0\x90")
    limits = attrs.evolve(Limits(), zstd_window=1 << 31)

    assert pushed(ZstdDecoder(limits=limits), frame) == b"ab"
    with pytest.raises(LimitExceededError):
        pushed(ZstdDecoder(), zstd_frame(header=b"\0\x90"))


def test_a_window_that_nobody_takes_is_refused_by_the_library() -> None:
    """Without a limit, too."""
    frame = zstd_frame(zstd_block(b"ab"), header=b"\0\xff")
    with pytest.raises(CorruptStreamError, match="memory"):
        pushed(ZstdDecoder(limits=Limits.unlimited()), frame)


@pytest.mark.hostile("a few bytes that inflate to many")
def test_a_bomb_comes_out_in_bounded_steps() -> None:
    """16 KiB can hold 512 MiB, and the library alone gives them at once."""
    frame = zstd_frame(
        *[zstd_block(b"\0", kind=1, size=131_072, last=False)] * 400, zstd_block()
    )
    decoder = ZstdDecoder()
    total = longest = 0
    tracemalloc.start()
    for piece in decoder.feed(frame):
        total += len(piece)
        longest = max(longest, len(piece))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert decoder.finish() == []
    assert (total, longest) == (400 * 131_072, STEP_BYTES)
    assert peak < 4_000_000


def test_a_checkpoint_is_the_start_of_a_frame() -> None:
    """Two numbers are all that it takes."""
    blob = STREAMS["random"] + SKIPPABLE + STREAMS["small"]
    plain = RANDOM + PLAIN
    decoder = ZstdDecoder()
    checkpoints = [decoder.checkpoint()]
    checkpoints += [decoder.checkpoint() for _ in decoder.feed(blob)]

    places = {(point.stored_offset, point.plain_offset) for point in checkpoints}
    assert places == {(0, 0), (len(STREAMS["random"]) + 13, len(RANDOM))}
    for checkpoint in checkpoints:
        assert checkpoint.portable
        rest = pushed(ZstdDecoder(at=checkpoint), blob[checkpoint.stored_offset :])
        assert rest == plain[checkpoint.plain_offset :]


@pytest.mark.parametrize("level", [None, 1, 3, 19])
@pytest.mark.parametrize("plain", [b"", PLAIN, RANDOM], ids=["empty", "small", "long"])
def test_what_is_written_is_read(plain: bytes, level: int | None) -> None:
    """By the library and here, with a checksum, in steps."""
    steps = pieces(ZstdEncoder(level=level), [plain])
    stored = b"".join(steps)

    assert stored.startswith(ZSTD_MAGIC)
    assert stored[4] & 4
    assert max(map(len, steps)) <= STEP_BYTES
    assert zstandard.ZstdDecompressor().decompressobj().decompress(stored) == plain
    assert pushed(ZstdDecoder(), stored) == plain


def test_the_bytes_do_not_depend_on_the_input_s_cuts() -> None:
    """The library is always given the same ones."""
    plain = PLAIN * 300
    expected = pushed(ZstdEncoder(), plain)

    for chunks in in_every_split(plain):
        assert pushed(ZstdEncoder(), *chunks) == expected


@pytest.mark.parametrize("level", [0, -1, 23])
def test_a_level_that_is_none_is_refused(level: int) -> None:
    """Before the first byte."""
    with pytest.raises(CodecError, match="expected 1 to 22"):
        ZstdEncoder(level=level)
