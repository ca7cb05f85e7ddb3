"""The headers of zstd frames and blocks, without their content.

Source: RFC 8878, sections 3.1.1.1 and 3.1.1.2; zstd_compression_format.md.
"""

from __future__ import annotations

from typing import Final, Self

import attrs

__all__ = [
    "BLOCK_HEADER_BYTES",
    "MOST_BLOCK_BYTES",
    "FrameHeader",
    "block_bytes",
    "is_last_block",
    "whole_blocks",
]

BLOCK_HEADER_BYTES: Final = 3
#: Block_Maximum_Size is the smaller of Window_Size and 128 KiB.
MOST_BLOCK_BYTES: Final = 128 << 10

_REPEATED_BLOCK, _RESERVED_BLOCK = 1, 3
_DICTIONARY_BYTES: Final = (0, 1, 2, 4)
_CONTENT_BYTES: Final = (0, 2, 4, 8)
_SINGLE_SEGMENT, _RESERVED, _CHECKSUM = 0x20, 0x08, 0x04


@attrs.frozen
class FrameHeader:
    """What a frame says of itself before its first block.

    Attributes:
        window: How much of what was decoded has to be kept, in bytes.
        content: How many plain bytes it has, or None where it does not say.
        dictionary: The number of the dictionary it needs, or 0 for none.
        checksum: Whether one follows the last block.
        reserved: Whether a bit is set that must not be.
    """

    window: int
    content: int | None
    dictionary: int
    checksum: bool
    reserved: bool

    @staticmethod
    def length(descriptor: int) -> int:
        """How long a header is that begins with *descriptor*, in bytes."""
        content = _content_bytes(descriptor)
        window = 0 if descriptor & _SINGLE_SEGMENT else 1
        return 1 + window + _DICTIONARY_BYTES[descriptor & 3] + content

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read *data*, which has the right length and begins after the magic."""
        descriptor = data[0]
        content_at = len(data) - _content_bytes(descriptor)
        dictionary_at = content_at - _DICTIONARY_BYTES[descriptor & 3]
        content = int.from_bytes(data[content_at:], "little")
        # "When FCS_Field_Size is 2, the offset of 256 is added."
        if len(data) - content_at == 2:  # noqa: PLR2004 - as the sentence says
            content += 256
        exponent, mantissa = divmod(data[1], 8)
        base = 1 << (10 + exponent)
        window = base + base // 8 * mantissa
        return cls(
            window=content if descriptor & _SINGLE_SEGMENT else window,
            content=content if content_at < len(data) else None,
            dictionary=int.from_bytes(data[dictionary_at:content_at], "little"),
            checksum=bool(descriptor & _CHECKSUM),
            reserved=bool(descriptor & _RESERVED),
        )


def _content_bytes(descriptor: int) -> int:
    size = _CONTENT_BYTES[descriptor >> 6]
    # A flag of 0 means no size at all, but for a frame of a single segment.
    return 1 if not size and descriptor & _SINGLE_SEGMENT else size


def block_bytes(header: int) -> int:
    """How long a block is, in bytes and with its header, or 0 where none may be so.

    Args:
        header: Its three bytes, as a little-endian number.
    """
    kind, size = header >> 1 & 3, header >> 3
    if kind == _RESERVED_BLOCK or size > MOST_BLOCK_BYTES:
        return 0
    # One byte, to be repeated *size* times, or *size* bytes.
    return BLOCK_HEADER_BYTES + (1 if kind == _REPEATED_BLOCK else size)


def is_last_block(header: int) -> bool:
    """Whether a block with that header is the last one of its frame."""
    return bool(header & 1)


def whole_blocks(data: memoryview) -> tuple[int, bool]:
    """How far whole blocks reach in *data*, and whether the last one is among them.

    They end before a block that is cut, and before one that is not allowed.
    """
    end, last = 0, False
    while not last and end + BLOCK_HEADER_BYTES <= len(data):
        header = data[end] | data[end + 1] << 8 | data[end + 2] << 16
        length = block_bytes(header)
        if not length or end + length > len(data):
            break
        end += length
        last = is_last_block(header)
    return end, last
