"""gzip members and zstd frames as strangers write them.

Source: RFC 1952, section 2.3; RFC 8878, section 3.1.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

__all__ = ["gzip_member", "zstd_frame"]

_FTEXT, _FHCRC, _FEXTRA, _FNAME, _FCOMMENT = 1, 2, 4, 8, 16
#: None, as this library writes; a name and a time, as gzip does; and everything.
_FLAGS: Final = (0, _FNAME, _FEXTRA, _FHCRC, 31)
_LEVELS: Final = (6, 0, 1, 9)
_SKIPPABLE: Final = 0x184D2A50


@st.composite
def gzip_member(draw: DrawFn, plain: bytes) -> bytes:
    """One member that holds *plain*."""
    flags = draw(st.sampled_from(_FLAGS))
    deflater = zlib.compressobj(draw(st.sampled_from(_LEVELS)), wbits=-15)
    deflated = deflater.compress(plain) + deflater.flush()
    trailer = struct.pack("<II", zlib.crc32(plain), len(plain))
    return _gzip_header(flags) + deflated + trailer


def _gzip_header(flags: int) -> bytes:
    # The time of the article's layer, written on Unix.
    header = struct.pack("<4BIBB", 0x1F, 0x8B, 8, flags, 1_623_023_914, 0, 3)
    if flags & _FEXTRA:
        header += struct.pack("<H2sH", 6, b"XX", 2) + b"\0\0"
    if flags & _FNAME:
        header += b"layer.tar\0"
    if flags & _FCOMMENT:
        header += b"\xe9\0"
    if flags & _FHCRC:
        header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    return header


@st.composite
def zstd_frame(draw: DrawFn, plain: bytes) -> bytes:
    """One frame that holds *plain*, or two: what is skipped comes first."""
    # Asked for when it is used, so that who draws documents alone does without.
    from zstandard import ZstdCompressor  # noqa: PLC0415 - on first use

    compressor = ZstdCompressor(
        write_checksum=draw(st.booleans()), write_content_size=draw(st.booleans())
    )
    skipped = draw(st.sampled_from((None, b"", b"skipped")))
    frame = compressor.compress(plain)
    if skipped is None:
        return frame
    return struct.pack("<II", _SKIPPABLE, len(skipped)) + skipped + frame
