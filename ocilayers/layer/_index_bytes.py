"""The byte form of an index: a mark, a version, and deflated JSON.

Entries are written field by field, not one by one: what all entries have of a field
is checked by a few calls for all of them.

Law: whatever the bytes are, the result is an index or an error, and never costs
more than the limits allow.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast, get_args

from ocilayers._types import EMPTY_MAP, FrozenMap
from ocilayers.codec.layer import LayerFacts
from ocilayers.codec.protocols import Checkpoint
from ocilayers.errors import CorruptStreamError, OCILayersError
from ocilayers.findings import Finding
from ocilayers.limits import KIB, Limits
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import Compression
from ocilayers.tar.entry import Entry, EntryDraft, Kind

__all__ = ["from_bytes", "to_bytes"]

_MARK: Final = b"ocilayers index\0"
_VERSION: Final = 1
_HEAD: Final = _MARK + bytes([_VERSION])

#: Most that the inflater can be asked for, and the last place in a stream.
_MOST: Final = (1 << 62) - 1
#: The longest state of a checkpoint: as far as deflate looks back.
_STATE_BYTES: Final = 32 * KIB

_PERMISSIONS: Final = 0o7777
_KINDS: Final = {kind.value: kind for kind in Kind}
#: The types that the values of a field may have.
_TYPES: Final[Mapping[str, frozenset[type]]] = {
    "path": frozenset({str}),
    "kind": frozenset({str}),
    "mode": frozenset({int}),
    "uid": frozenset({int}),
    "gid": frozenset({int}),
    "user": frozenset({str}),
    "group": frozenset({str}),
    "mtime_ns": frozenset({int}),
    "size": frozenset({int}),
    "target": frozenset({str, type(None)}),
    "offset": frozenset({int, type(None)}),
}
#: The fields that few entries have: by the number of the entry.
_RARE: Final = ("device", "xattrs", "records")


def to_bytes(
    entries: Sequence[Entry], facts: LayerFacts, checkpoints: Sequence[Checkpoint]
) -> bytes:
    columns: dict[str, object] = {
        name: [getattr(entry, name) for entry in entries] for name in _TYPES
    }
    for name in _RARE:
        columns[name] = {
            number: _plain(value)
            for number, entry in enumerate(entries)
            if (value := getattr(entry, name))
        }
    document = {
        "facts": {
            "digest": facts.digest,
            "size": facts.size,
            "diff_id": facts.diff_id,
            "uncompressed_size": facts.uncompressed_size,
            "compression": facts.compression,
            "findings": [
                [f.code, f.severity, f.where, f.message, f.source, f.hint]
                for f in facts.findings
            ],
        },
        "entries": columns,
        "checkpoints": [
            [point.compression, point.stored_offset, point.plain_offset, _state(point)]
            for point in checkpoints
        ],
    }
    text = json.dumps(document, separators=(",", ":"))
    return _HEAD + zlib.compress(text.encode())


def _plain(value: Mapping[str, bytes] | tuple[int, int]) -> object:
    if isinstance(value, tuple):
        return value
    return {name: b64encode(data).decode() for name, data in value.items()}


def _state(point: Checkpoint) -> str | None:
    if not isinstance(point.state, bytes):
        return None
    # Deflated by itself, for text in base64 deflates badly.
    return b64encode(zlib.compress(point.state)).decode()


def from_bytes(
    data: bytes, limits: Limits
) -> tuple[tuple[Entry, ...], LayerFacts, tuple[Checkpoint, ...]]:
    if not data.startswith(_HEAD):
        raise CorruptStreamError("no layer index of this version", expected=_HEAD)
    try:
        document = json.loads(_text(data[len(_HEAD) :], limits))
        columns = document["entries"]
        limits.check("entries", len(columns["path"]), where="index")
        return (
            _entries(columns),
            _facts(document["facts"]),
            tuple(_checkpoint(*point) for point in document["checkpoints"]),
        )
    except OCILayersError:
        raise
    except (
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
        RecursionError,
        zlib.error,
    ) as wrong:
        raise CorruptStreamError("the layer index is damaged") from wrong


def _text(data: bytes, limits: Limits) -> bytes:
    text = _inflate(data, min(limits.index_bytes, _MOST))
    limits.check("index_bytes", len(text), where="index")
    return text


def _inflate(data: bytes, most: int) -> bytes:
    """*data* inflated, or one byte more than *most* of it."""
    inflater = zlib.decompressobj()
    text = inflater.decompress(data, most + 1)
    if len(text) <= most and (not inflater.eof or inflater.unused_data):
        raise CorruptStreamError("the layer index is cut, or goes on after its end")
    return text


def _entries(columns: dict[str, Any]) -> tuple[Entry, ...]:
    names = tuple(_TYPES)
    for name in names:
        _check_types(columns[name], _TYPES[name])
    modes = columns["mode"]
    if modes and not 0 <= min(modes) <= max(modes) <= _PERMISSIONS:
        raise ValueError("a mode is more than permissions")
    _check_places(columns["size"])
    _check_places([offset for offset in columns["offset"] if offset is not None])
    devices, *attributes = (_by_number(columns[name]) for name in _RARE)
    device = {number: _device(*value) for number, value in devices}
    xattrs, records = ({n: _bytes(v) for n, v in rare} for rare in attributes)
    return tuple(
        _entry(row, device.get(n), xattrs.get(n), records.get(n))
        for n, row in enumerate(zip(*(columns[name] for name in names), strict=True))
    )


def _entry(
    row: tuple[Any, ...],
    device: tuple[int, int] | None,
    xattrs: FrozenMap[str, bytes] | None,
    records: FrozenMap[str, bytes] | None,
) -> Entry:
    # As the constructor does it; there are as many as a layer has entries.
    made = EntryDraft()
    made.path = row[0]
    made.kind = _KINDS[row[1]]
    made.mode = row[2]
    made.uid = row[3]
    made.gid = row[4]
    made.user = row[5]
    made.group = row[6]
    made.mtime_ns = row[7]
    made.size = row[8]
    made.target = row[9]
    made.offset = row[10]
    made.device = device
    made.xattrs = EMPTY_MAP if xattrs is None else xattrs
    made.records = EMPTY_MAP if records is None else records
    made.content = None
    made.__class__ = Entry
    return cast("Entry", made)


def _by_number(items: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    return ((int(number), value) for number, value in items.items())


def _device(major: int, minor: int) -> tuple[int, int]:
    _check_types((major, minor), {int})
    return major, minor


def _bytes(items: dict[str, str]) -> FrozenMap[str, bytes]:
    return FrozenMap({name: b64decode(text) for name, text in items.items()})


def _facts(members: dict[str, Any]) -> LayerFacts:
    findings = members["findings"]
    _check_types([text for row in findings for text in row], {str})
    _check_places([members["size"], members["uncompressed_size"]])
    return LayerFacts(
        Digest(members["digest"]),
        members["size"],
        Digest(members["diff_id"]),
        members["uncompressed_size"],
        _compression(members["compression"]),
        tuple(Finding(*row) for row in findings),
    )


def _checkpoint(
    compression: object, stored: int, plain: int, state: str | None
) -> Checkpoint:
    _check_places([stored, plain])
    window = None
    if state is not None:
        window = _inflate(b64decode(state), _STATE_BYTES)
        if len(window) > _STATE_BYTES or compression != "gzip":
            raise ValueError("a checkpoint with a state that it cannot have")
    return Checkpoint(_compression(compression), stored, plain, window)


def _compression(value: object) -> Compression:
    if value not in get_args(Compression):
        raise ValueError(f"{value!r} is no compression")
    return cast("Compression", value)


def _check_places(values: Sequence[object]) -> None:
    _check_types(values, {int})
    # No file is longer, and no stream can be asked to go farther.
    places = cast("Sequence[int]", values)
    if places and not 0 <= min(places) <= max(places) <= _MOST:
        raise ValueError("one is no place in a stream")


def _check_types(values: Sequence[object], types: frozenset[type] | set[type]) -> None:
    found = set(map(type, values))
    if not found <= types:
        raise TypeError(f"{found} where {types} may be")
