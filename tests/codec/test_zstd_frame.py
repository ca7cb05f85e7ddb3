"""The headers of frames and blocks, field by field."""

from __future__ import annotations

import pytest

from ocilayers.codec._zstd_frame import (
    FrameHeader,
    block_bytes,
    is_last_block,
    whole_blocks,
)


@pytest.mark.spec(
    "zstd_compression_format.md, Frame_Header_Descriptor",
    "Decoding this byte is enough to tell the size of Frame_Header.",
)
@pytest.mark.parametrize(
    ("descriptor", "length"),
    [
        pytest.param(0x00, 2, id="window"),
        pytest.param(0x20, 2, id="single segment of one byte"),
        pytest.param(0x03, 6, id="window and dictionary of four bytes"),
        pytest.param(0x61, 4, id="single segment of two bytes, dictionary of one"),
        pytest.param(0xC3, 14, id="everything at its longest"),
        pytest.param(0x80, 6, id="window and a size of four bytes"),
    ],
)
def test_the_first_byte_says_how_long_the_header_is(
    descriptor: int, length: int
) -> None:
    """All fields but this one are optional."""
    assert FrameHeader.length(descriptor) == length


@pytest.mark.spec(
    "zstd_compression_format.md, Window_Descriptor",
    "The minimum Window_Size is 1 KB. The maximum Window_Size is (1<<41) + 7*(1<<38)"
    " bytes, which is 3.75 TB.",
)
@pytest.mark.parametrize(
    ("data", "window"),
    [
        pytest.param(b"\x00\x00", 1 << 10, id="least"),
        pytest.param(b"\x00\x01", (1 << 10) + (1 << 7), id="an eighth more"),
        pytest.param(b"\x00\x58", 2 << 20, id="2 MiB"),
        pytest.param(b"\x00\xff", (1 << 41) + 7 * (1 << 38), id="most"),
        pytest.param(b"\x20\x07", 7, id="the content itself"),
        pytest.param(b"\x60\x07\x00", 7 + 256, id="two bytes count from 256"),
        pytest.param(b"\xa0\x07\x00\x00\x00", 7, id="four bytes"),
        pytest.param(b"\xe0" + b"\xff" * 8, (1 << 64) - 1, id="eight bytes"),
    ],
)
def test_a_window_is_a_power_of_two_and_some_eighths(data: bytes, window: int) -> None:
    """Or as long as the content, in a frame of a single segment."""
    assert FrameHeader.parse(data).window == window


@pytest.mark.parametrize(
    ("data", "content"),
    [
        pytest.param(b"\x00\x58", None, id="none"),
        pytest.param(b"\x20\x00", 0, id="nothing"),
        pytest.param(b"\x40\x58\x07\x00", 263, id="two bytes count from 256"),
        pytest.param(b"\x80\x58\x07\x00\x00\x00", 7, id="four bytes"),
    ],
)
def test_a_frame_may_say_how_long_its_content_is(
    data: bytes, content: int | None
) -> None:
    """Also when it has a window."""
    assert FrameHeader.parse(data).content == content


@pytest.mark.spec(
    "zstd_compression_format.md, Frame_Header_Descriptor, Reserved_bit",
    "A decoder compliant with this specification version must ensure it is not set.",
)
@pytest.mark.parametrize(
    ("data", "dictionary", "checksum", "reserved"),
    [
        (b"\x00\x00", 0, False, False),
        (b"\x04\x00", 0, True, False),
        (b"\x08\x00", 0, False, True),
        (b"\x10\x00", 0, False, False),
        (b"\x01\x00\x09", 9, False, False),
        (b"\x22\x01\x02\x09", 0x0201, False, False),
    ],
)
def test_the_other_fields(
    data: bytes, dictionary: int, *, checksum: bool, reserved: bool
) -> None:
    """The unused bit means nothing; the reserved one must not be set."""
    header = FrameHeader.parse(data)

    assert (header.dictionary, header.checksum, header.reserved) == (
        dictionary,
        checksum,
        reserved,
    )


@pytest.mark.spec(
    "zstd_compression_format.md, Blocks",
    "Block_Size is limited by Block_Maximum_Size (see below).",
)
@pytest.mark.parametrize(
    ("header", "length", "last"),
    [
        pytest.param(0b1_00_0, 4, False, id="raw"),
        pytest.param(0b101_00_1, 8, True, id="last"),
        pytest.param(0b101_01_0, 4, False, id="repeated"),
        pytest.param(0b101_10_0, 8, False, id="compressed"),
        pytest.param(0b101_11_0, 0, False, id="reserved"),
        pytest.param(131_072 << 3, 131_075, False, id="longest"),
        pytest.param(131_073 << 3, 0, False, id="too long"),
        pytest.param(131_073 << 3 | 2, 0, False, id="repeated too often"),
    ],
)
def test_a_block_says_what_follows(header: int, length: int, *, last: bool) -> None:
    """How long it is, and whether there is another one."""
    assert block_bytes(header) == length
    assert is_last_block(header) == last


RAW, LAST, BAD = b"\x10\0\0ab", b"\x11\0\0cd", b"\x16\0\0"


@pytest.mark.parametrize(
    ("data", "reach"),
    [
        pytest.param(b"", (0, False), id="nothing"),
        pytest.param(RAW[:2], (0, False), id="half a header"),
        pytest.param(RAW[:4], (0, False), id="half a block"),
        pytest.param(RAW, (5, False), id="one"),
        pytest.param(RAW + RAW + RAW[:4], (10, False), id="two and a half"),
        pytest.param(RAW + BAD + RAW, (5, False), id="one that is not allowed"),
        pytest.param(RAW + LAST + RAW, (10, True), id="what follows the last"),
    ],
)
def test_whole_blocks_reach_as_far_as_they_go(
    data: bytes, reach: tuple[int, bool]
) -> None:
    """To the last one, or to what is none."""
    assert whole_blocks(memoryview(data)) == reach
