"""Type flags, POSIX's and the others', and GNU's long names.

Law: every flag is decided here. What container engines refuse is read where its
meaning is plain, passed over where it is not, and a finding in both cases.

Source: POSIX.1-2024, pax, ustar Interchange Format, typeflag; GNU tar, "Basic Tar
Format"; image-spec, layer.md, File Types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocilayers._types import FrozenMap
from ocilayers.tar.entry import Kind

__all__ = [
    "DUMP_DIRECTORY",
    "GLOBAL",
    "KINDS",
    "LONG_LINK",
    "LONG_NAME",
    "OLD_FILE",
    "PAX",
    "SOLARIS_PAX",
    "SPARSE_FILE",
    "UNUSUAL",
    "long_name",
]

OLD_FILE: Final = b"\0"
"""A regular file before POSIX, or a directory when its name ends with a slash."""

PAX: Final = b"x"
GLOBAL: Final = b"g"
SOLARIS_PAX: Final = b"X"
"""What Solaris wrote before `x` was standard; its records are the same."""

LONG_NAME: Final = b"L"
LONG_LINK: Final = b"K"
SPARSE_FILE: Final = b"S"
DUMP_DIRECTORY: Final = b"D"
"""A directory whose listing follows it, of an incremental dump."""

_CONTIGUOUS: Final = b"7"

KINDS: Final[Mapping[bytes, Kind]] = FrozenMap(
    {
        OLD_FILE: Kind.FILE,
        b"0": Kind.FILE,
        b"1": Kind.HARDLINK,
        b"2": Kind.SYMLINK,
        b"3": Kind.CHAR,
        b"4": Kind.BLOCK,
        b"5": Kind.DIRECTORY,
        b"6": Kind.FIFO,
        _CONTIGUOUS: Kind.FILE,
        DUMP_DIRECTORY: Kind.DIRECTORY,
        SPARSE_FILE: Kind.FILE,
    }
)
"""What each flag makes; members of all other flags are passed over."""

UNUSUAL: Final[Mapping[bytes, str]] = FrozenMap(
    {
        _CONTIGUOUS: "a contiguous file, read as a file",
        DUMP_DIRECTORY: "a directory of an incremental dump, its listing left out",
        SPARSE_FILE: "a sparse file in the old GNU format, read as a file",
        SOLARIS_PAX: "a Solaris extended header, read as a PAX header",
        b"A": "a Solaris access control list, left out",
        b"E": "a Solaris extended attribute, left out",
        b"I": "an inode without content, left out",
        b"M": "the continuation of a file on another volume, left out",
        b"N": "a list of long names in the oldest GNU format, left out",
        b"V": "the label of a volume, left out",
    }
)
"""What engines refuse, in words."""


def long_name(payload: bytes) -> bytes:
    """The name that the content of a GNU long name header gives."""
    return payload.partition(b"\0")[0]
