"""The byte form of an index: a mark, a version, and deflated JSON.

Law: whatever the bytes are, the result is an index or an error, and never costs
more than the limits allow.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast, get_args

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.codec.layer import LayerFacts
from ocilayers.codec.protocols import Checkpoint
from ocilayers.errors import CorruptStreamError, OCILayersError
from ocilayers.findings import Finding
from ocilayers.limits import Limits
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import Compression
from ocilayers.tar.entry import Entry

__all__ = ["from_bytes", "to_bytes"]

_MARK: Final = b"ocilayers index\0"
_VERSION: Final = 1
_HEAD: Final = _MARK + bytes([_VERSION])

#: Most that the inflater can be asked for, and the last place in a stream.
_MOST: Final = (1 << 62) - 1

_PERMISSIONS: Final = 0o7777
#: Of the members of an entry's row that are always there.
_TYPES: Final = (str, str, int, int, int, str, str, int, int)

_FIELDS: Final = (
    "path",
    "kind",
    "mode",
    "uid",
    "gid",
    "user",
    "group",
    "mtime_ns",
    "size",
    "target",
    "device",
    "offset",
)


def to_bytes(
    entries: Sequence[Entry], facts: LayerFacts, checkpoints: Sequence[Checkpoint]
) -> bytes:
    document = {
        "facts": {
            "digest": facts.digest,
            "size": facts.size,
            "diff_id": facts.diff_id,
            "uncompressed_size": facts.uncompressed_size,
            "compression": facts.compression,
            "findings": [
                [f.code, f.severity, f.where, f.message, f.source]
                for f in facts.findings
            ],
        },
        "entries": [_row(entry) for entry in entries],
        "checkpoints": [
            [point.compression, point.stored_offset, point.plain_offset]
            for point in checkpoints
        ],
    }
    text = json.dumps(document, separators=(",", ":"))
    return _HEAD + zlib.compress(text.encode())


def from_bytes(
    data: bytes, limits: Limits
) -> tuple[tuple[Entry, ...], LayerFacts, tuple[Checkpoint, ...]]:
    if not data.startswith(_HEAD):
        raise CorruptStreamError("no layer index of this version", expected=_HEAD)
    try:
        document = json.loads(_inflate(data[len(_HEAD) :], limits))
        rows = document["entries"]
        limits.check("entries", len(rows), where="index")
        return (
            tuple(map(_entry, rows)),
            _facts(document["facts"]),
            tuple(_checkpoint(*point) for point in document["checkpoints"]),
        )
    except OCILayersError:
        raise
    except (
        ValueError,
        TypeError,
        LookupError,
        RecursionError,
        zlib.error,
    ) as wrong:
        raise CorruptStreamError("the layer index is damaged") from wrong


def _inflate(data: bytes, limits: Limits) -> bytes:
    inflater = zlib.decompressobj()
    # One byte more than allowed is enough to know that there are too many.
    text = inflater.decompress(data, min(limits.index_bytes, _MOST) + 1)
    limits.check("index_bytes", len(text), where="index")
    if not inflater.eof or inflater.unused_data:
        raise CorruptStreamError("the layer index is cut, or goes on after its end")
    return text


def _row(entry: Entry) -> list[object]:
    row: list[object] = [getattr(entry, name) for name in _FIELDS]
    return [*row, _texts(entry.xattrs), _texts(entry.records)]


def _texts(items: Mapping[str, bytes]) -> dict[str, str]:
    return {name: b64encode(value).decode() for name, value in items.items()}


def _entry(row: Sequence[Any]) -> Entry:
    path, kind, mode, uid, gid, user, group, mtime_ns, size, *rest = row
    target, device, offset, xattrs, records = rest
    # One comparison for nine members: there are as many rows as entries.
    if tuple(map(type, row[: len(_TYPES)])) != _TYPES or not 0 <= mode <= _PERMISSIONS:
        raise TypeError(f"{row!r} is no entry")
    _check_places(size)
    if target is not None:
        _check(str, target)
    if offset is not None:
        _check_places(offset)
    if device is not None:
        major, minor = device
        _check(int, major, minor)
        device = major, minor
    return Entry(
        path,
        kind,
        mode,
        uid,
        gid,
        user,
        group,
        mtime_ns,
        size,
        target,
        device,
        _bytes(xattrs),
        offset,
        records=_bytes(records),
    )


def _bytes(items: dict[str, str]) -> FrozenMap[str, bytes]:
    _check(dict, items)
    if not items:
        return EMPTY_MAP
    return FrozenMap({name: b64decode(text) for name, text in items.items()})


def _facts(members: dict[str, Any]) -> LayerFacts:
    findings = members["findings"]
    _check(str, *(text for row in findings for text in row))
    _check_places(members["size"], members["uncompressed_size"])
    return LayerFacts(
        Digest(members["digest"]),
        members["size"],
        Digest(members["diff_id"]),
        members["uncompressed_size"],
        _compression(members["compression"]),
        tuple(Finding(*row) for row in findings),
    )


def _checkpoint(compression: object, stored: int, plain: int) -> Checkpoint:
    _check_places(stored, plain)
    return Checkpoint(_compression(compression), stored, plain)


def _compression(value: object) -> Compression:
    if value not in get_args(Compression):
        raise ValueError(f"{value!r} is no compression")
    return cast("Compression", value)


def _check_places(*values: object) -> None:
    for value in values:
        # No file is longer, and no stream can be asked to go farther.
        if type(value) is not int or not 0 <= value <= _MOST:
            raise ValueError(f"{value!r} is no place in a stream")


def _check(kind: type, *values: object) -> None:
    for value in values:
        if type(value) is not kind:
            raise TypeError(f"{value!r} is no {kind.__name__}")
