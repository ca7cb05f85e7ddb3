"""Tar archives made by hand, field by field, so that every field may be wrong.

Law: no block is made with `ocilayers.tar`; it is what these blocks judge.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry
from ocilayers.tar.rules import RULES

__all__ = [
    "END",
    "GNU",
    "USTAR",
    "V7",
    "contents",
    "decode",
    "entries",
    "header",
    "member",
    "octal",
    "pax",
    "record",
    "the_entry",
]

END = bytes(1024)
USTAR = b"ustar\x0000"
GNU = b"ustar  \0"
V7 = bytes(8)


def octal(value: int, width: int) -> bytes:
    """A number as everybody writes it: zero-filled, ended by NUL."""
    return b"%0*o\0" % (width - 1, value)


def header(
    name: bytes = b"a",
    *,
    flag: bytes = b"0",
    size: int | bytes = 0,
    mode: bytes = b"0000644\0",
    uid: bytes = b"0000000\0",
    gid: bytes = b"0000000\0",
    mtime: int | bytes = 0,
    link: bytes = b"",
    magic: bytes = USTAR,
    user: bytes = b"",
    group: bytes = b"",
    major: bytes = b"0000000\0",
    minor: bytes = b"0000000\0",
    prefix: bytes = b"",
    checksum: bytes | None = None,
) -> bytes:
    """One header block; its checksum is right unless one is given."""
    sized = size if isinstance(size, bytes) else octal(size, 12)
    timed = mtime if isinstance(mtime, bytes) else octal(mtime, 12)
    before = name.ljust(100, b"\0") + mode + uid + gid + sized + timed
    after = flag + link.ljust(100, b"\0") + magic
    if magic != V7:
        after += user.ljust(32, b"\0") + group.ljust(32, b"\0") + major + minor
    after += prefix
    blank = (before + b" " * 8 + after).ljust(512, b"\0")
    stored = b"%06o\0 " % sum(blank) if checksum is None else checksum
    return blank[:148] + stored + blank[156:]


def member(name: bytes = b"a", content: bytes = b"", **fields: bytes | int) -> bytes:
    """A header, its content and padding; `size` is the content's unless given."""
    fields.setdefault("size", len(content))
    block = header(name, **fields)  # type: ignore[arg-type]  # one type for all of them
    return block + content + bytes(-len(content) % 512)


def record(key: bytes, value: bytes) -> bytes:
    """One PAX record."""
    body = b" " + key + b"=" + value + b"\n"
    length = len(body) + 1
    while len(body) + len(str(length)) != length:
        length += 1
    return str(length).encode() + body


def pax(
    records: Mapping[bytes, bytes] | bytes, *, flag: bytes = b"x", **fields: bytes | int
) -> bytes:
    """A PAX header with these records, or with these very bytes."""
    if not isinstance(records, bytes):
        records = b"".join(record(*item) for item in records.items())
    return member(b"PaxHeaders/a", records, flag=flag, **fields)


def decode(data: bytes, **options: object) -> list[Entry | bytes]:
    """All events of a whole tar."""
    decoder = TarDecoder(**options)  # type: ignore[arg-type]  # handed through
    return [*decoder.feed(data), *decoder.finish()]


def entries(data: bytes, **options: object) -> list[Entry]:
    """All entries of a whole tar."""
    events = decode(data, **options)
    return [event for event in events if isinstance(event, Entry)]


def contents(events: list[Entry | bytes]) -> dict[str, bytes]:
    """What each file holds."""
    held: dict[str, bytes] = {}
    path = ""
    for event in events:
        if isinstance(event, Entry):
            path = event.path
            held[path] = b""
        else:
            held[path] += event
    return held


def the_entry(tar: bytes, *codes: str) -> Entry:
    """The first entry, if reading makes these findings, and strict raises the first."""
    decoder = TarDecoder()
    events = decoder.feed(tar + END)
    decoder.finish()

    assert codes == tuple(finding.code for finding in decoder.findings)
    errors = [RULES[code].error for code in codes if RULES[code].severity == "error"]
    if errors:
        with pytest.raises(errors[0]):
            decode(tar + END, strict=True)
    else:
        assert decode(tar + END, strict=True) == events
    entry = events[0]
    assert isinstance(entry, Entry)
    return entry
