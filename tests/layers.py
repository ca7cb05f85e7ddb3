"""Layers as bytes: the standard library's tar out, our decoder in."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable
from typing import Final

import attrs

from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import marker_name

__all__ = ["entries_of", "tar_of"]

_TYPES: Final = {
    Kind.FILE: tarfile.REGTYPE,
    Kind.DIRECTORY: tarfile.DIRTYPE,
    Kind.SYMLINK: tarfile.SYMTYPE,
    Kind.HARDLINK: tarfile.LNKTYPE,
    Kind.CHAR: tarfile.CHRTYPE,
    Kind.BLOCK: tarfile.BLKTYPE,
    Kind.FIFO: tarfile.FIFOTYPE,
    Kind.WHITEOUT: tarfile.REGTYPE,
    Kind.OPAQUE: tarfile.REGTYPE,
}


def tar_of(entries: Iterable[Entry]) -> bytes:
    """*entries* as the standard library writes them, names as they are."""
    out = io.BytesIO()
    with tarfile.open(
        fileobj=out, mode="w", format=tarfile.PAX_FORMAT, errors="surrogateescape"
    ) as tar:
        for entry in entries:
            tar.addfile(_member(entry), io.BytesIO(entry.content or b""))
    return out.getvalue()


def _member(entry: Entry) -> tarfile.TarInfo:
    info = tarfile.TarInfo(marker_name(entry.path, entry.kind))
    info.type = _TYPES[entry.kind]
    info.mode, info.uid, info.gid = entry.mode, entry.uid, entry.gid
    info.mtime, rest = divmod(entry.mtime_ns, 10**9)
    records = {"mtime": f"{info.mtime}.{rest:09}"} if rest else {}
    info.linkname = entry.target or ""
    info.devmajor, info.devminor = entry.device or (0, 0)
    for name, value in entry.xattrs.items():
        text = value.decode("utf-8", "surrogateescape")
        records[f"SCHILY.xattr.{name}"] = text
    info.pax_headers = records
    info.size = entry.size
    return info


def entries_of(tar: bytes, *, strict: bool = False) -> list[Entry]:
    """The entries of *tar*, each with its content."""
    decoder = TarDecoder(strict=strict)
    entries: list[Entry] = []
    content: list[bytearray] = []
    for event in (*decoder.feed(tar), *decoder.finish()):
        if isinstance(event, Entry):
            entries.append(event)
            content.append(bytearray())
        else:
            content[-1] += event
    return [
        attrs.evolve(entry, content=bytes(data)) if entry.kind is Kind.FILE else entry
        for entry, data in zip(entries, content, strict=True)
    ]
