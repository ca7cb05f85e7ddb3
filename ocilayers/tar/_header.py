"""The header block: 512 bytes that every member begins with.

Law: a field means one thing or the block is refused; `int()` never sees a byte
that is no digit.

```text
  0 name 100 | 100 mode 8 | 108 uid 8 | 116 gid 8 | 124 size 12 | 136 mtime 12
148 checksum 8 | 156 type 1 | 157 link name 100 | 257 magic 6 | 263 version 2
265 user 32 | 297 group 32 | 329 device major 8 | 337 device minor 8 | 345 prefix 155
```

Source: POSIX.1-2024, pax, ustar Interchange Format; GNU tar, "Basic Tar Format".
"""

from __future__ import annotations

import struct
from typing import Final

import attrs

from ocilayers.errors import BadHeaderError

__all__ = [
    "BLOCK",
    "LONG_NUMBER_BYTES",
    "NUMBER_BYTES",
    "ZERO_BLOCK",
    "Header",
    "fits_name",
    "fits_number",
    "number",
    "padded",
    "padding",
    "parse_header",
    "render_header",
]

BLOCK: Final = 512
ZERO_BLOCK: Final = bytes(BLOCK)

_FIELDS: Final = struct.Struct(
    "100s 8s 8s 8s 12s 12s 8s c 100s 6s 2s 32s 32s 8s 8s 167s"
)

NUMBER_BYTES: Final = 8
LONG_NUMBER_BYTES: Final = 12
_NAME_BYTES: Final = 100
_PREFIX_BYTES: Final = 155

_USTAR_MAGIC: Final = b"ustar\0"
_GNU_MAGIC: Final = b"ustar "
_GNU_VERSION: Final = b" \0"
#: What star writes at the end of its headers, whose prefix is shorter.
_STAR_TRAILER: Final = b"tar\0"

_CHECKSUM: Final = slice(148, 156)
_BLANK_CHECKSUM: Final = b" " * 8
_ASCII: Final = bytes(range(128))
_INT64: Final = 1 << 63


@attrs.frozen
class Header:
    """One header block, its fields read but not yet interpreted.

    Attributes:
        name: With the prefix before it.
        mode: As written, the file type bits that some writers add included.
        uid: Owner.
        gid: Group.
        size: Of what follows in the archive, in bytes.
        mtime: In seconds since the epoch.
        flag: The type flag, one byte.
        link: The link name.
        user: Owner's name.
        group: Group's name.
        device: Major and minor number.
        gnu: Whether the block follows the GNU format.
    """

    name: bytes
    mode: int
    uid: int = 0
    gid: int = 0
    size: int = 0
    mtime: int = 0
    flag: bytes = b"0"
    link: bytes = b""
    user: bytes = b""
    group: bytes = b""
    device: tuple[int, int] = (0, 0)
    gnu: bool = False


def padded(size: int) -> int:
    """*size* rounded up to whole blocks, in bytes."""
    return -(-size // BLOCK) * BLOCK


def padding(size: int) -> bytes:
    """The zeros that fill the last block of *size* bytes."""
    return ZERO_BLOCK[: -size % BLOCK]


def parse_header(block: bytes, offset: int) -> Header:
    """Read one header block.

    Args:
        block: 512 bytes that are not all zero.
        offset: Where it stands in the tar, for the error.

    Raises:
        BadHeaderError: The checksum does not fit, or a number is none.
    """
    fields: tuple[bytes, ...] = _FIELDS.unpack(block)
    name, mode, uid, gid, size, mtime, checksum, flag, link = fields[:9]
    magic, version, user, group, major, minor, tail = fields[9:]
    try:
        _check(block, number(checksum))
        gnu = magic == _GNU_MAGIC and version == _GNU_VERSION
        if not (gnu or magic == _USTAR_MAGIC):
            # Version 7 ends after the link name; what follows means nothing.
            user = group = major = minor = tail = b""
        return Header(
            name=_with_prefix(_text(name), _prefix(tail, gnu=gnu)),
            mode=number(mode),
            uid=number(uid),
            gid=number(gid),
            size=_natural(number(size)),
            mtime=number(mtime),
            flag=flag,
            link=_text(link),
            user=_text(user),
            group=_text(group),
            device=(number(major), number(minor)),
            gnu=gnu,
        )
    except ValueError as error:
        raise BadHeaderError(f"the header {error}", offset=offset) from None


def number(field: bytes) -> int:
    r"""Read a number field: octal digits, or base 256 when the first bit is set.

    >>> number(b" 644 \0\0\0"), number(b"\xff\xff\xff\xff\xff\xff\xff\xfb")
    (420, -5)

    Raises:
        ValueError: It is neither, or does not fit 64 bits.
    """
    if field[:1] >= b"\x80":
        return _base_256(field)
    # As in Go: blanks and NULs around the digits go, and so does what a NUL ends.
    digits = field.strip(b" \0").partition(b"\0")[0]
    if digits.strip(b"01234567"):
        raise ValueError(f"has a number that is not octal: {field!r}")
    return int(digits, 8) if digits else 0


def _base_256(field: bytes) -> int:
    # The first bit is the mark, the second the sign of a two's complement.
    bits = 8 * len(field) - 1
    value = int.from_bytes(field, "big") - (1 << bits)
    if field[0] & 0x40:
        value -= 1 << bits
    if not -_INT64 <= value < _INT64:
        raise ValueError(f"has a number of more than 64 bits: {field!r}")
    return value


def _natural(size: int) -> int:
    if size < 0:
        raise ValueError(f"has a negative size: {size}")
    return size


def _check(block: bytes, stored: int) -> None:
    blank = block[: _CHECKSUM.start] + _BLANK_CHECKSUM + block[_CHECKSUM.stop :]
    unsigned = sum(blank)
    if stored == unsigned:
        return
    # Some old writers summed signed characters.
    if stored != unsigned - 256 * len(blank.translate(None, _ASCII)):
        raise ValueError(f"has checksum {unsigned}, but says {stored}")


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _prefix(tail: bytes, *, gnu: bool) -> bytes:
    if not gnu and tail[163:] == _STAR_TRAILER:
        _ = number(tail[131:143]), number(tail[143:155])
        return _text(tail[:131])
    if not gnu:
        return _text(tail[:155])
    try:
        _ = number(tail[:12]), number(tail[12:24])
    except ValueError:
        # Go before 1.8 wrote a prefix where GNU has atime and ctime; read it as
        # Go does, when these are no times and the prefix is plain.
        prefix = _text(tail[:155])
        return prefix if prefix.isascii() else b""
    return b""


def _with_prefix(name: bytes, prefix: bytes) -> bytes:
    return prefix + b"/" + name if prefix else name


def fits_number(value: int, width: int) -> bool:
    """Whether *value* fits an octal field of *width* bytes and its NUL."""
    return 0 <= value < 1 << 3 * (width - 1)


def fits_name(name: bytes) -> bool:
    """Whether *name* fits name and prefix as it is."""
    return name.isascii() and _cut(name) is not None


def render_header(header: Header) -> bytes:
    """Write a ustar header block. All of it must fit."""
    cut = _cut(header.name)
    assert cut is not None  # noqa: S101 - the caller asked `fits_name`
    block = _FIELDS.pack(
        header.name[cut:].removeprefix(b"/"),
        _octal(header.mode, NUMBER_BYTES),
        _octal(header.uid, NUMBER_BYTES),
        _octal(header.gid, NUMBER_BYTES),
        _octal(header.size, LONG_NUMBER_BYTES),
        _octal(header.mtime, LONG_NUMBER_BYTES),
        _BLANK_CHECKSUM,
        header.flag,
        header.link,
        _USTAR_MAGIC,
        b"00",
        header.user,
        header.group,
        _octal(header.device[0], NUMBER_BYTES),
        _octal(header.device[1], NUMBER_BYTES),
        header.name[:cut],
    )
    # Six digits, NUL and blank: as everybody has written it since the seventies.
    checksum = b"%06o\0 " % sum(block)
    return block[: _CHECKSUM.start] + checksum + block[_CHECKSUM.stop :]


def _octal(value: int, width: int) -> bytes:
    return b"%0*o\0" % (width - 1, value)


def _cut(name: bytes) -> int | None:
    """Where the prefix of *name* ends: before a slash, or at 0 when it needs none."""
    if len(name) <= _NAME_BYTES:
        return 0
    # The slash at the end of a directory's name belongs to it.
    first = len(name) - _NAME_BYTES - 1
    cut = name.find(b"/", max(first, 1), min(_PREFIX_BYTES + 1, len(name) - 1))
    return cut if cut > 0 else None
