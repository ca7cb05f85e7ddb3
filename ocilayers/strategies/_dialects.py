"""Tars of four dialects, made field by field and without the encoder of this library.

Source: POSIX.1-2024, pax, ustar Interchange Format and Extended Header; GNU tar,
"Basic Tar Format"; Unix, Seventh Edition, tar(5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import marker_name

__all__ = ["DIALECTS", "Dialect", "tar_of"]

Dialect: TypeAlias = Literal["ustar", "pax", "gnu", "v7"]
"""A format of tar."""

DIALECTS: Final[tuple[Dialect, ...]] = ("ustar", "pax", "gnu", "v7")

_FLAGS: Final[Mapping[Kind, bytes]] = {
    Kind.HARDLINK: b"1",
    Kind.SYMLINK: b"2",
    Kind.CHAR: b"3",
    Kind.BLOCK: b"4",
    Kind.DIRECTORY: b"5",
    Kind.FIFO: b"6",
}
_IN_USTAR_ONLY: Final = frozenset({Kind.CHAR, Kind.BLOCK, Kind.FIFO})
_BLOCK: Final = 512
_NAME: Final = 100
_PREFIX: Final = 155
_SECOND: Final = 10**9


def tar_of(layer: Iterable[Entry], dialect: Dialect, *, record: int = _BLOCK) -> bytes:
    """A whole tar.

    Args:
        layer: What is in it; what the dialect has no words for is left out, and
            content that a file does not carry is zeros.
        dialect: Which one.
        record: The length is a multiple of it, in bytes.
    """
    data = b"".join(_member(entry, dialect) for entry in layer) + bytes(2 * _BLOCK)
    return data + bytes(-len(data) % record)


def _member(entry: Entry, dialect: Dialect) -> bytes:
    name = _bytes(marker_name(entry.path, entry.kind))
    name += b"/" * (entry.kind is Kind.DIRECTORY)
    link = _bytes(entry.target or "")
    before, prefix = b"", b""
    match dialect:
        case "pax":
            before = _pax(entry, name, link)
            name, link = b"see-above", link and b"see-above"
            name += b"/" * (entry.kind is Kind.DIRECTORY)
        case "gnu":
            before = _long(b"K", link) + _long(b"L", name)
            name, link = name[:_NAME], link[:_NAME]
        case "ustar" if len(name) > _NAME:
            cut = name.find(b"/", len(name) - _NAME - 1, len(name) - 1)
            prefix, name = name[: max(cut, 0)], name[cut + 1 :]
        case _:
            pass
    if (
        max(len(name), len(link)) > _NAME
        or len(prefix) > _PREFIX
        or (dialect == "v7" and entry.kind in _IN_USTAR_ONLY)
    ):
        return b""
    content = bytes(entry.size) if entry.content is None else entry.content
    return before + _header(entry, dialect, name, link, prefix) + _padded(content)


def _header(
    entry: Entry, dialect: Dialect, name: bytes, link: bytes, prefix: bytes
) -> bytes:
    flag = _FLAGS.get(entry.kind, b"0")
    if dialect == "v7":
        # A directory is a name that ends in a slash, and a file has no flag.
        flag = b"\0" if flag in b"05" else flag
        return _block(entry, name, flag, link, b"")
    major, minor = entry.device or (0, 0)
    magic = b"ustar  \0" if dialect == "gnu" else b"ustar\x0000"
    owners = _bytes(entry.user).ljust(32, b"\0") + _bytes(entry.group).ljust(32, b"\0")
    devices = _octal(major, 8) + _octal(minor, 8)
    return _block(entry, name, flag, link, magic + owners + devices + prefix)


def _block(entry: Entry, name: bytes, flag: bytes, link: bytes, tail: bytes) -> bytes:
    before = (
        name.ljust(_NAME, b"\0")
        + _octal(entry.mode, 8)
        + _octal(entry.uid, 8)
        + _octal(entry.gid, 8)
        + _octal(entry.size, 12)
        + _octal(entry.mtime_ns // _SECOND, 12)
    )
    after = flag + link.ljust(_NAME, b"\0") + tail.ljust(_BLOCK - 257, b"\0")
    return before + b"%06o\0 " % (sum(before + after) + 8 * ord(" ")) + after


def _octal(value: int, width: int) -> bytes:
    # What is too large, or negative, has no octal digits here.
    return b"%0*o\0" % (width - 1, value % 8 ** (width - 1))


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % _BLOCK)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _long(flag: bytes, text: bytes) -> bytes:
    """GNU's way to say a name that does not fit: as the content of a member."""
    if len(text) <= _NAME:
        return b""
    return _extension(b"././@LongLink", flag, text + b"\0", b"ustar  \0")


def _pax(entry: Entry, name: bytes, link: bytes) -> bytes:
    """Everything that can be said in records, whether it fits a header or not."""
    seconds = b"%d.%09d" % divmod(abs(entry.mtime_ns), _SECOND)
    records = {
        b"hdrcharset": b"BINARY",
        b"path": name,
        b"linkpath": link,
        b"uname": _bytes(entry.user),
        b"gname": _bytes(entry.group),
        b"uid": b"%d" % entry.uid,
        b"gid": b"%d" % entry.gid,
        b"mtime": b"-" * (entry.mtime_ns < 0) + seconds,
    }
    for key, value in entry.xattrs.items():
        records[b"SCHILY.xattr." + _bytes(key)] = value
    payload = b"".join(_record(*item) for item in records.items() if item[1])
    return _extension(b"PaxHeaders/x", b"x", payload, b"ustar\x0000")


def _record(key: bytes, value: bytes) -> bytes:
    body = b" %s=%s\n" % (key, value)
    length = len(body)
    # The length counts its own digits.
    while length != len(body) + len(b"%d" % length):
        length = len(body) + len(b"%d" % length)
    return b"%d%s" % (length, body)


def _extension(name: bytes, flag: bytes, content: bytes, magic: bytes) -> bytes:
    stand_in = Entry("x", Kind.FILE, size=len(content))
    return _block(stand_in, name, flag, b"", magic) + _padded(content)
