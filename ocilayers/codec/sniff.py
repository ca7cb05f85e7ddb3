"""How a layer is compressed, by its first bytes.

The first bytes are believed more than the media type, as engines do.

Source: RFC 1952, RFC 8878; containerd, `DetectCompression`.
"""

from __future__ import annotations

import re
from typing import Final

from ocilayers.codec.gzip import GZIP_MAGIC
from ocilayers.codec.zstd import ZSTD_MAGIC, is_skippable
from ocilayers.errors import CodecError, TruncatedStreamError
from ocilayers.spec.media_types import Compression

__all__ = ["HEAD_BYTES", "sniff"]

#: How many bytes it takes to tell.
HEAD_BYTES: Final = 10

#: What engines read or refuse, and this library does not read. Long enough that no
#: tar begins so: its first bytes are a name, which may well begin with "BZh".
_FOREIGN: Final = {
    name: re.compile(mark, re.DOTALL)
    for name, mark in {
        "bzip2": rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)",
        "xz": rb"\xfd7zXZ\x00",
        "lz4": rb"\x04\x22\x4d\x18",
        "lzip": rb"LZIP\x01",
        "compress (.Z)": rb"\x1f\x9d",
        "7-Zip": rb"7z\xbc\xaf\x27\x1c",
        "zip": rb"PK\x03\x04",
        "zlib": rb"\x78[\x01\x9c\xda]",
    }.items()
}


def sniff(head: bytes) -> Compression:
    r"""How a stream is compressed that begins with *head*.

    >>> sniff(b"\x1f\x8b\x08\0")
    'gzip'
    >>> sniff(b"etc/passwd\0")
    'none'

    Args:
        head: Its first `HEAD_BYTES` bytes, or all of it where it is shorter.

    Raises:
        CodecError: It is compressed, but in a way that is not read here.
        TruncatedStreamError: It is shorter than the mark that it begins with.
    """
    magic = head[:4]
    if magic.startswith(GZIP_MAGIC):
        return "gzip"
    if magic == ZSTD_MAGIC or is_skippable(magic):
        return "zstd"
    # Too short for a tar, and the beginning of something that is none.
    if head and (GZIP_MAGIC.startswith(head) or ZSTD_MAGIC.startswith(head)):
        raise TruncatedStreamError("it ends inside its first mark", offset=len(head))
    for name, mark in _FOREIGN.items():
        if mark.match(head):
            raise CodecError(
                f"it is compressed with {name}",
                expected="gzip, zstd or no compression",
                actual=name,
            )
    return "none"
