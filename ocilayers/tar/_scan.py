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
from typing import Final
from zlib import adler32

from ocilayers._cache import Cache
from ocilayers._types import EMPTY_MAP
from ocilayers.tar._gnu import KINDS, OLD_FILE, PAX
from ocilayers.tar._header import BLOCK, number
from ocilayers.tar._member import MOST_MODE, MOST_OWNER
from ocilayers.tar._path import clean_path, is_dotted
from ocilayers.tar._recorder import FramingRecorder
from ocilayers.tar.entry import Entry, EntryDraft, Kind
from ocilayers.tar.whiteout import classify

__all__ = ["Scanner"]

#: name · mode, uid, gid · size · its end, mtime · checksum · all from the type on
_FIELDS: Final = struct.Struct("100s 24s 11s 13s 8s 356s")

#: type · link name · magic, version · user · group · device numbers · prefix, unused
_REST: Final = struct.Struct("c 100s 8s 32s 32s 8s 8s 167s")
_USTAR_MAGIC: Final = b"ustar\0"
_GNU_MAGIC: Final = b"ustar  \0"
_STAR_TRAILER: Final = b"tar\0"
_PAX_FLAG: Final = ord(PAX)
_NEWLINE: Final = ord("\n")
#: No letter is below it, but the dot is.
_SLASH: Final = ord("/")
#: Longest PAX header that is looked at here, in bytes: three times need no more.
_TIMES_BYTES: Final = 256
#: How records of times begin, the length of the record, and whether it counts.
_TIME_RECORDS: Final = {
    b"%d %b=" % (length, key): (length, key == b"mtime")
    for key in (b"mtime", b"atime", b"ctime")
    for length in range(10, 100)
}
_RECORD_START: Final = len(b"30 mtime=")
_SECOND: Final = 10**9
#: What makes nanoseconds of a decimal number with so many digits after the point.
_SCALES: Final = {digits: 10 ** (9 - digits) for digits in range(10)}
_MOST_DIGITS: Final = 18

_PLAIN: Final = {flag: KINDS[flag] for flag in (OLD_FILE, b"0", b"1", b"2", b"5", b"6")}

#: Of each cache: more than the owners, times and types of an honest layer, and
#: little enough for a hostile one.
_CACHED: Final = 4096
#: There are more checksums, and they are small.
_CACHED_SUMS: Final = 16_384


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
        self.room: int = room
        self._content = content
        self._recorder = recorder
        self._sums = Cache(_expected_sum, _CACHED_SUMS)
        self._owners = Cache(_owner, _CACHED)
        self._times = Cache(_time, _CACHED)
        self._types = Cache(_type, _CACHED)
        self.left = 0
        self.pad = 0

    def scan(  # noqa: C901, PLR0912, PLR0915 - a call costs as much as ten of its lines
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
        room, recorder, content = self.room, self._recorder, self._content
        sums, owners, times, types = self._sums, self._owners, self._times, self._types
        unpack = _FIELDS.unpack
        append = out.append
        position = member = kept = start
        pax_ns: int | None = None
        file = kind = Kind.FILE
        # What the last header had, field by field, and what that meant.
        last_owner = last_time = last_rest = b""
        last_pax = b"", b"", b"", b""
        mode = uid = gid = time_ns = pax_size = 0
        target, user, group, prefix = None, "", "", b""
        try:
            # Not `while position <= last`: CPython 3.11 specializes what jumps back
            # without a condition, and a whole layer may be one call.
            while True:
                if position > last or not room:
                    break
                header = data[position : position + BLOCK]
                name, owner, octal, time, checksum, rest = unpack(header)
                if header.isascii():
                    # Half of an Adler-32 is 1 and the sum of so few small bytes.
                    if adler32(header) & 0xFFFF != sums[checksum]:
                        break
                elif sum(header) + 1 != sums[checksum]:
                    break
                body = position + BLOCK
                if rest != last_rest:
                    if rest[0] == _PAX_FLAG:
                        fields = octal, owner, time, rest
                        if fields != last_pax:
                            pax_size = _size(octal)
                            # Not used, but they have to be sound.
                            _ = owners[owner], times[time], types[rest]
                            last_pax = fields
                        if pax_ns is not None or pax_size > _TIMES_BYTES:
                            break
                        pax_ns = _pax_mtime(data[body : body + pax_size])
                        position = body + pax_size + (-pax_size % BLOCK)
                        continue
                    kind, target, user, group, prefix = types[rest]
                    last_rest = rest if target is None else b""
                if owner != last_owner:
                    mode, uid, gid = owners[owner]
                    last_owner = owner
                if time != last_time:
                    time_ns = times[time]
                    last_time = time
                if not octal.isdigit():
                    break
                size = int(octal, 8)
                if prefix:
                    name = prefix + name
                path = name.partition(b"\0")[0].decode()
                entry_kind = kind
                if name[0] <= _SLASH or path[-1] == "/" or "/." in path or "//" in path:
                    path, entry_kind = _tidy(path, kind)
                if size and entry_kind is not file:
                    break
                entry = EntryDraft()
                entry.path = path
                entry.kind = entry_kind
                entry.mode = mode
                entry.uid = uid
                entry.gid = gid
                entry.user = user
                entry.group = group
                entry.mtime_ns = time_ns if pax_ns is None else pax_ns
                entry.size = size
                entry.target = target
                entry.device = None
                entry.xattrs = entry.records = EMPTY_MAP
                entry.offset = base + body
                entry.content = None
                entry.__class__ = Entry
                append(entry)
                room -= 1
                pax_ns = None
                position = member = body
                if size:
                    position += size
                    if recorder is not None:
                        recorder.literal(data[kept:body])
                        recorder.content(min(size, end - body))
                        kept = min(position, end)
                    if content and body < end:
                        append(data[body:position])
                    member = position = position + (-size % BLOCK)
                    if position > end:
                        self.left = max(body + size - end, 0)
                        self.pad = position - end - self.left
                        member = end
        except (ValueError, LookupError):
            # Something is not plain; `_member` will say what.
            pass
        self.room = room
        if recorder is not None:
            recorder.literal(data[kept:member])
        return member


def _expected_sum(checksum: bytes) -> int:
    # What the sum of all bytes is, and 1 more, when this field is right.
    return number(checksum) + sum(checksum) - sum(b" " * 8) + 1


def _size(octal: bytes) -> int:
    if not octal.isdigit():
        raise ValueError
    return int(octal, 8)


def _owner(field: bytes) -> tuple[int, int, int]:
    mode, uid, gid = number(field[:8]), number(field[8:16]), number(field[16:])
    if min(mode, uid, gid) < 0 or mode > MOST_MODE or max(uid, gid) > MOST_OWNER:
        raise ValueError
    return mode & 0o7777, uid, gid


def _time(field: bytes) -> int:
    if field[:1] not in {b"\0", b" "}:
        raise ValueError
    return number(field[1:]) * _SECOND


def _type(rest: bytes) -> tuple[Kind, str | None, str, str, bytes]:
    """Everything from the type flag on: kind, target, owner's names, prefix."""
    fields: tuple[bytes, ...] = _REST.unpack(rest)
    flag, link, magic, user, group, major, minor, tail = fields
    prefix, rest_of_tail = tail[:155].partition(b"\0")[0], tail[155:]
    gnu = magic == _GNU_MAGIC
    odd = any(tail) if gnu else rest_of_tail.endswith(_STAR_TRAILER)
    if odd or not (gnu or magic.startswith(_USTAR_MAGIC)):
        raise ValueError
    # Devices are left to `_member`, but their fields have to be sound in any case.
    _ = number(major), number(minor)
    kind = Kind.FILE if flag == PAX else _PLAIN.get(flag)
    if kind is None:
        raise ValueError
    is_link = kind is Kind.SYMLINK or kind is Kind.HARDLINK
    return (
        kind,
        link.partition(b"\0")[0].decode() if is_link else None,
        user.partition(b"\0")[0].decode(),
        group.partition(b"\0")[0].decode(),
        prefix + b"/" if prefix else b"",
    )


def _tidy(path: str, kind: Kind) -> tuple[str, Kind]:
    path = path.removeprefix("./")
    if kind is not Kind.FILE:
        path = path.removesuffix("/")
    if path[0] in "./" or path[-1] == "/" or "/." in path or "//" in path:
        if path[-1] == "/" or is_dotted(path):
            raise ValueError
        path, found = classify(clean_path(path), kind)
        if found is not kind and kind is not Kind.FILE:
            raise ValueError
        return path, found
    return path, kind


def _pax_mtime(payload: bytes) -> int:
    """The time in records of times, when there is nothing else."""
    mtime_ns: int | None = None
    position = 0
    while position < len(payload):
        value = position + _RECORD_START
        length, is_mtime = _TIME_RECORDS[payload[position:value]]
        position += length
        if payload[position - 1] != _NEWLINE:
            raise ValueError
        if is_mtime:
            whole, _, fraction = payload[value : position - 1].partition(b".")
            digits = whole + fraction
            if not (whole and digits.isdigit() and len(whole) <= _MOST_DIGITS):
                raise ValueError
            mtime_ns = int(digits) * _SCALES[len(fraction)]
    if mtime_ns is None:
        raise ValueError
    return mtime_ns
