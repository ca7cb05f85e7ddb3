"""The fast road: plain members, read as few Python operations as they allow.

Law: what is read here is read as `_member` reads it, and makes no finding. At the
first member that is not plain this stops, and `_member` decides; the law `the fast
road leads where the slow one does` is in `tests/laws/test_tar.py`.

Plain: a ustar or GNU header with octal numbers, of a file, directory or link, with
a clean name; before it nothing, or a PAX header with times and nothing else.

Neighbours repeat each other's owner, time and type. So header fields are looked up
in bounded caches as they stand, and parsed when they are new.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final, TypeVar
from zlib import adler32

from typing_extensions import override

from ocilayers._types import EMPTY_MAP
from ocilayers.tar._gnu import KINDS, OLD_FILE, PAX
from ocilayers.tar._header import BLOCK, number, padded
from ocilayers.tar._member import MOST_OWNER
from ocilayers.tar._path import clean_path
from ocilayers.tar._pax import nanoseconds
from ocilayers.tar.entry import Entry, EntryDraft, Kind
from ocilayers.tar.framing import FramingRecorder
from ocilayers.tar.whiteout import classify

__all__ = ["Scanner"]

V = TypeVar("V")

#: name · mode, uid, gid · size · its end · mtime · its end · checksum ·
#: type, link name · magic to device minor · prefix and the unused rest
_FIELDS: Final = struct.Struct("100s 24s 11s c 11s c 8s 101s 88s 167s")
_ENDS: Final = (b"\0", b" ")
_NO_TAIL: Final = bytes(167)
_FILE: Final = b"0" + bytes(100)

_PAX_FLAG: Final = ord(PAX)
#: Longest PAX header that is looked at here, in bytes: three times need no more.
_TIMES_BYTES: Final = 256
_LENGTHS: Final = {length: b"%d" % length for length in range(100)}
_OTHER_TIMES: Final = (b"atime", b"ctime")
_PLAIN: Final = {flag: KINDS[flag] for flag in (OLD_FILE, b"0", b"1", b"2", b"5", b"6")}

#: Of each cache: more than the owners, times and types of an honest layer, and
#: little enough for a hostile one.
_CACHED: Final = 4096


class _Cache(dict[bytes, V]):
    """Fields as they stand, with what they mean."""

    def __init__(self, parse: Callable[[bytes], V]) -> None:
        super().__init__()
        self._parse = parse

    @override
    def __missing__(self, field: bytes) -> V:
        if len(self) >= _CACHED:
            self.clear()
        value = self[field] = self._parse(field)
        return value


class Scanner:
    """Reads plain members.

    Attributes:
        left: What the last member's content still lacks, in bytes.
        pad: What its padding still lacks, in bytes.
        room: How many more entries there may be.
    """

    def __init__(
        self, *, content: bool, recorder: FramingRecorder | None, room: int
    ) -> None:
        self.room = room
        self._content = content
        self._recorder = recorder
        self._sums = _Cache(_expected_sum)
        self._owners = _Cache(_owner)
        self._times = _Cache(_time)
        self._names = _Cache(_names)
        self._prefixes = _Cache(_prefix)
        self.left = 0
        self.pad = 0

    def scan(  # noqa: C901, PLR0912, PLR0915 - a call costs as much as ten of these lines
        self, data: bytes, start: int, base: int, out: list[EntryDraft | bytes]
    ) -> int:
        """Read members while they are plain.

        Args:
            data: Tar bytes.
            start: Where a header begins in *data*.
            base: Where *data* begins in the tar.
            out: Gets the entries, and their content.

        Returns:
            Where the first member begins that was not read; or the end of *data*
            when it lies inside the last member: then `left` or `pad` are set.
        """
        end = len(data)
        last = end - BLOCK
        recorder, content = self._recorder, self._content
        sums, owners, times = self._sums, self._owners, self._times
        names, prefixes = self._names, self._prefixes
        room = self.room
        unpack = _FIELDS.unpack
        append = out.append
        position = member = kept = start
        mtime_ns: int | None = None
        try:
            while position <= last and room:
                header = data[position : position + BLOCK]
                # fmt: off
                (name, owner, octal, octal_end, time, time_end,
                 checksum, type_link, owner_names, tail) = unpack(header)
                # fmt: on
                if header.isascii():
                    # Half of an Adler-32 is 1 and the sum of so few small bytes.
                    if adler32(header) & 0xFFFF != sums[checksum]:
                        break
                elif sum(header) + 1 != sums[checksum]:
                    break
                if not (octal.isdigit() and octal_end in _ENDS and time_end in _ENDS):
                    break
                size = int(octal, 8)
                body = position + BLOCK
                if type_link == _FILE:
                    kind, target = Kind.FILE, None
                elif type_link[0] == _PAX_FLAG:
                    if mtime_ns is not None or size > _TIMES_BYTES:
                        break
                    # Nothing of this header is used, but all of it must mean something.
                    owners[owner], times[time], names[owner_names]
                    mtime_ns = _pax_mtime(data[body : body + size])
                    position = body + padded(size)
                    continue
                else:
                    kind, target = _kind(type_link)
                gnu, user, group = names[owner_names]
                if tail != _NO_TAIL:
                    if gnu:
                        break
                    name = prefixes[tail] + name
                path = name.partition(b"\0")[0].decode()
                if path[:1] in "./" or path[-1] == "/" or "/." in path or "//" in path:
                    path, kind = _tidy(path, kind)
                if size and kind is not Kind.FILE:
                    break
                entry = EntryDraft()
                entry.path = path
                entry.kind = kind
                entry.mode, entry.uid, entry.gid = owners[owner]
                entry.user = user
                entry.group = group
                entry.mtime_ns = times[time] if mtime_ns is None else mtime_ns
                entry.size = size
                entry.target = target
                entry.device = None
                entry.xattrs = entry.records = EMPTY_MAP
                entry.offset = base + body
                entry.content = None
                entry.__class__ = Entry
                append(entry)
                room -= 1
                position = member = body
                mtime_ns = None
                if size:
                    position += size
                    if recorder is not None:
                        recorder.literal(data[kept:body])
                        recorder.content(min(size, end - body))
                        kept = min(position, end)
                    if content and body < end:
                        append(data[body:position])
                    position += -size % BLOCK
                    if position > end:
                        self.left = max(body + size - end, 0)
                        self.pad = position - end - self.left
                        position = end
                    member = position
        except ValueError:
            # A field that is not plain; _member will say what it is.
            pass
        self.room = room
        if recorder is not None:
            recorder.literal(data[kept:member])
        return member


def _expected_sum(checksum: bytes) -> int:
    # What the sum of all bytes is, 1 more, when the checksum field is right.
    return number(checksum) + sum(checksum) - sum(b" " * 8) + 1


def _owner(field: bytes) -> tuple[int, int, int]:
    mode, uid, gid = number(field[:8]), number(field[8:16]), number(field[16:])
    if min(uid, gid) < 0 or max(uid, gid) > MOST_OWNER:
        raise ValueError
    return mode & 0o7777, uid, gid


def _time(field: bytes) -> int:
    return number(field) * 10**9


def _names(field: bytes) -> tuple[bool, str, str]:
    magic, user, group = field[:8], field[8:40], field[40:72]
    number(field[72:80]), number(field[80:])
    gnu = magic == b"ustar  \0"
    if not gnu and magic[:6] != b"ustar\0":
        raise ValueError
    return gnu, user.partition(b"\0")[0].decode(), group.partition(b"\0")[0].decode()


def _prefix(tail: bytes) -> bytes:
    if tail[-4:] == b"tar\0":
        raise ValueError
    prefix = tail[:155].partition(b"\0")[0]
    return prefix + b"/" if prefix else b""


def _kind(type_link: bytes) -> tuple[Kind, str | None]:
    kind = _PLAIN.get(type_link[:1])
    if kind is None:
        raise ValueError
    if kind is Kind.SYMLINK or kind is Kind.HARDLINK:
        return kind, type_link[1:].partition(b"\0")[0].decode()
    return kind, None


def _tidy(path: str, kind: Kind) -> tuple[str, Kind]:
    path = path.removeprefix("./")
    if kind is not Kind.FILE:
        path = path.removesuffix("/")
    if not path or path[-1] == "/" or ".." in path:
        raise ValueError
    if path[0] in "./" or "//" in path or "/." in path:
        path = clean_path(path)
        path, found = classify(path, kind)
        if found is not kind and kind is not Kind.FILE:
            raise ValueError
        kind = found
    return path, kind


def _pax_mtime(payload: bytes) -> int:
    # Records of times and nothing else are short lines whose lengths are two digits.
    mtime_ns: int | None = None
    *lines, rest = payload.split(b"\n")
    for line in lines:
        length, _, record = line.partition(b" ")
        key, _, value = record.partition(b"=")
        if length != _LENGTHS.get(len(line) + 1):
            raise ValueError
        if key == b"mtime":
            mtime_ns = nanoseconds(value)
        elif key not in _OTHER_TIMES:
            raise ValueError
    if rest or mtime_ns is None:
        raise ValueError
    return mtime_ns
