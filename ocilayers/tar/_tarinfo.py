"""Entries as the standard library's `tarfile` knows them, and back.

Law: the one file that may import `tarfile`; nothing imports this one but the two
methods of `Entry` that need it.
"""

from __future__ import annotations

import tarfile
from math import isfinite
from typing import Final

from ocilayers.errors import TarError, UnsupportedEntryError
from ocilayers.findings import FindingLog
from ocilayers.limits import Limits
from ocilayers.tar._header import Header
from ocilayers.tar._member import Extensions, freeze, interpret
from ocilayers.tar._pax import (
    Pax,
    decode,
    encode,
    nanoseconds,
    read_pax,
    seconds,
    xattr_record,
)
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import marker_name

__all__ = ["from_tarinfo", "to_tarinfo"]

_TYPES: Final = {
    Kind.FILE: tarfile.REGTYPE,
    Kind.HARDLINK: tarfile.LNKTYPE,
    Kind.SYMLINK: tarfile.SYMTYPE,
    Kind.CHAR: tarfile.CHRTYPE,
    Kind.BLOCK: tarfile.BLKTYPE,
    Kind.DIRECTORY: tarfile.DIRTYPE,
    Kind.FIFO: tarfile.FIFOTYPE,
    Kind.WHITEOUT: tarfile.REGTYPE,
    Kind.OPAQUE: tarfile.REGTYPE,
}
#: What tarfile has already made fields of, or content.
_FIELDS: Final = frozenset(
    {"path", "linkpath", "uname", "gname", "size", "uid", "gid", "mtime"}
)
_SPARSE: Final = "GNU.sparse."
_SECOND: Final = 10**9


def to_tarinfo(entry: Entry) -> tarfile.TarInfo:
    """Write *entry* as a `TarInfo`."""
    info = tarfile.TarInfo(marker_name(entry.path, entry.kind))
    info.type = _TYPES[entry.kind]
    info.mode, info.uid, info.gid = entry.mode, entry.uid, entry.gid
    info.uname, info.gname = entry.user, entry.group
    info.size = entry.size
    info.linkname = entry.target or ""
    info.devmajor, info.devminor = entry.device or (0, 0)
    records = [xattr_record(*item) for item in entry.xattrs.items()]
    headers = {decode(key): decode(value) for key, value in records}
    headers |= {key: decode(value) for key, value in entry.records.items()}
    whole, rest = divmod(entry.mtime_ns, _SECOND)
    info.mtime = whole
    if rest:
        # A float has no room for nanoseconds; this text does, and tarfile writes it.
        info.mtime = entry.mtime_ns / _SECOND
        headers["mtime"] = decode(seconds(entry.mtime_ns))
    info.pax_headers = headers
    return info


def from_tarinfo(info: tarfile.TarInfo) -> Entry:
    """Read *info* as an entry.

    Raises:
        TarError: It has no place in a layer.
    """
    # Of a sparse file tarfile has already read the map.
    flag = tarfile.REGTYPE if info.issparse() else info.type
    header = Header(
        name=encode(info.name),
        mode=info.mode,
        uid=info.uid,
        gid=info.gid,
        size=info.size,
        flag=flag,
        link=encode(info.linkname),
        user=encode(info.uname),
        group=encode(info.gname),
        device=(info.devmajor, info.devminor),
    )
    limits = Limits()
    extensions = Extensions(limits, FindingLog(limits=limits), pax=_pax(info))
    draft = interpret(header, b"", extensions, info.offset).draft
    if draft is None:
        raise UnsupportedEntryError("no engine reads this type", where=info.name)
    draft.offset = None if info.issparse() else info.offset_data or None
    return freeze(draft)


def _pax(info: tarfile.TarInfo) -> Pax:
    pax = read_pax(
        (
            (encode(key), encode(value))
            for key, value in info.pax_headers.items()
            if key not in _FIELDS and not key.startswith(_SPARSE)
        ),
        info.offset,
    )
    pax.mtime_ns = _mtime_ns(info)
    return pax


def _mtime_ns(info: tarfile.TarInfo) -> int:
    if not isfinite(info.mtime):
        raise TarError(f"the time is {info.mtime}", where=info.name)
    numerator, denominator = info.mtime.as_integer_ratio()
    field = numerator * _SECOND // denominator
    text = info.pax_headers.get("mtime", "")
    try:
        exact = nanoseconds(encode(text))
    except ValueError:
        return field
    # Whoever sets `mtime` anew means that, not the text it was once read from.
    return exact if exact / _SECOND == info.mtime else field
