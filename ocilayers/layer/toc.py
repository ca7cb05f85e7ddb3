"""The table of contents that eStargz and zstd:chunked layers carry along.

It lets a snapshotter mount a layer that it has not pulled. Here it is read when asked
for and held against the tar; nothing else believes it.

Source: stargz-snapshotter, docs/estargz.md; containers/storage, pkg/chunked.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

import attrs

from ocilayers._source import read_up_to, release, start_at
from ocilayers._types import EMPTY_MAP, FrozenMap, SupportsRead
from ocilayers.codec.decoder import new_decoder
from ocilayers.errors import CorruptStreamError, DigestMismatchError, OCILayersError
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import Compression
from ocilayers.tar._path import clean_path
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import classify

__all__ = ["TOC_NAME", "Chunk", "TableOfContents", "TocForm", "read_toc"]

TocForm: TypeAlias = Literal["estargz", "zstd:chunked"]
"""Whose table it is."""

#: "TOC MUST be a JSON file contained as the last tar entry and MUST be named
#: stargz.index.json." — docs/estargz.md, "TOC"
TOC_NAME: Final = "stargz.index.json"
_ESTARGZ: Final = "containerd.io/snapshot/stargz/toc.digest"
#: As it is now, and as older versions wrote it.
_CHUNKED: Final = (
    "io.github.containers.zstd-chunked.manifest",
    "io.containers.zstd-chunked.manifest",
)
#: "The footer MUST be the following 51 bytes", in which 16 hex digits are the offset
#: of the TOC. — docs/estargz.md, "Footer"
_FOOTER_BYTES: Final = 51
_FOOTER_MARK: Final = b"STARGZ"
_FOOTER_OFFSET: Final = slice(16, 32)

_KINDS: Final = {
    "reg": Kind.FILE,
    "dir": Kind.DIRECTORY,
    "symlink": Kind.SYMLINK,
    "hardlink": Kind.HARDLINK,
    "char": Kind.CHAR,
    "block": Kind.BLOCK,
    "fifo": Kind.FIFO,
}
_PERMISSIONS: Final = 0o7777
#: What a table says of a marker means nothing, and writers leave in it what they had.
_MARKERS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})


@attrs.frozen
class Chunk:
    """A piece of a file that is compressed on its own.

    Attributes:
        path: Of the file.
        stored_offset: Where it begins in the stored layer, in bytes.
        offset: Where it begins in the file, in bytes.
        digest: Of its plain bytes; None where the table does not say it.
    """

    path: str
    stored_offset: int
    offset: int
    digest: Digest | None


@attrs.frozen
class TableOfContents:
    """What a layer says of itself, in the words of its tar.

    Attributes:
        form: Whose table it is.
        digest: As the annotation names it: of the JSON for eStargz, of its stored
            bytes for zstd:chunked. It has been verified.
        entries: Without times; whiteouts are read as in a tar.
        chunks: The pieces of files, in the table's order.
    """

    form: TocForm
    digest: Digest
    entries: tuple[Entry, ...] = attrs.field(repr=False)
    chunks: tuple[Chunk, ...] = attrs.field(repr=False)

    def differences(self, entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
        """Paths for which it says something else than *entries* of the tar, and what.

        Times are not compared: tables round them.
        """
        mine = {entry.path: _facts(entry) for entry in self.entries}
        tar = {e.path: _facts(e) for e in entries if e.path != TOC_NAME}
        for path in mine | tar:
            if path not in tar:
                yield path, "in the table of contents alone"
            elif path not in mine:
                yield path, "in the tar alone"
            elif mine[path] != tar[path]:
                yield path, _unlike(mine[path], tar[path])


def _facts(entry: Entry) -> dict[str, object]:
    facts: dict[str, object] = {"kind": str(entry.kind)}
    if entry.kind in _MARKERS:
        return facts
    if entry.kind is Kind.HARDLINK:
        return facts | {"target": clean_path(entry.target or "")}
    facts |= {"mode": oct(entry.mode), "owner": (entry.uid, entry.gid)}
    if entry.kind is Kind.FILE:
        facts["size"] = entry.size
    if entry.kind is Kind.SYMLINK:
        facts["target"] = entry.target
    if entry.device is not None:
        facts["device"] = entry.device
    return facts | {"xattrs": {**entry.xattrs}}


def _unlike(mine: dict[str, object], tar: dict[str, object]) -> str:
    names = [name for name in mine | tar if mine.get(name) != tar.get(name)]
    return "another " + ", ".join(names) + " than in the tar"


def read_toc(
    open_stored: Callable[[], SupportsRead],
    descriptor: Descriptor,
    *,
    limits: Limits | None = None,
) -> TableOfContents | None:
    """The table of contents that the annotations of *descriptor* promise, if any.

    Little else of the layer is read, and nothing of it is verified but the table.

    Args:
        open_stored: Opens the stored layer at its start, each time it is called. A
            stream with `seek` is not read from its start.
        descriptor: Of the layer.
        limits: `index_bytes` and `entries` are used.

    Raises:
        DigestMismatchError: It is another one than was promised.
        InvalidDigestError: The annotation names no digest.
        CodecError: It is not where it should be, or no table.
        LimitExceededError: It is longer than is allowed.
    """
    limits = limits or Limits()
    notes = descriptor.annotations
    if _ESTARGZ in notes:
        text = _estargz(open_stored, descriptor, limits)
        return _table("estargz", Digest(notes[_ESTARGZ]), text, text, limits)
    for prefix in _CHUNKED:
        if f"{prefix}-position" in notes and f"{prefix}-checksum" in notes:
            begin, size = _position(notes[f"{prefix}-position"])
            limits.check("index_bytes", size, where="table of contents")
            stored = _read(open_stored, begin, size)
            text = _decoded("zstd", stored, limits)
            promised = Digest(notes[f"{prefix}-checksum"])
            return _table("zstd:chunked", promised, stored, text, limits)
    return None


def _position(text: str) -> tuple[int, int]:
    """*text* is offset, stored length, plain length and version, with colons."""
    numbers = text.split(":")
    if not all(number.isascii() and number.isdigit() for number in numbers[:2]):
        raise CorruptStreamError("no place of a table of contents", actual=text)
    begin, size = map(int, [*numbers, "0"][:2])
    return begin, size


def _estargz(
    open_stored: Callable[[], SupportsRead], descriptor: Descriptor, limits: Limits
) -> bytes:
    end = max(descriptor.size - _FOOTER_BYTES, 0)
    footer = _read(open_stored, end, _FOOTER_BYTES)
    offset = footer[_FOOTER_OFFSET]
    if footer[32:38] != _FOOTER_MARK or not offset.isalnum():
        raise CorruptStreamError("no footer of eStargz at the end of the layer")
    try:
        begin = int(offset, 16)
    except ValueError as wrong:
        raise CorruptStreamError("the footer of eStargz names no place") from wrong
    size = max(end - begin, 0)
    limits.check("index_bytes", size, where="table of contents")
    tar = TarDecoder(limits=limits)
    events = tar.feed(_decoded("gzip", _read(open_stored, begin, size), limits))
    if not events or not isinstance(events[0], Entry) or events[0].path != TOC_NAME:
        raise CorruptStreamError(f"no {TOC_NAME} where the footer says")
    return b"".join(event for event in events if isinstance(event, bytes))


def _read(open_stored: Callable[[], SupportsRead], begin: int, size: int) -> bytes:
    stored = open_stored()
    try:
        start_at(stored, begin)
        return read_up_to(stored, size)
    finally:
        release(stored)


def _decoded(compression: Compression, stored: bytes, limits: Limits) -> bytes:
    decoder = new_decoder(compression, limits=limits)
    plain = bytearray()
    for piece in decoder.feed(stored):
        plain += piece
        limits.check("index_bytes", len(plain), where="table of contents")
    decoder.finish()
    return bytes(plain)


def _table(
    form: TocForm, promised: Digest, hashed: bytes, text: bytes, limits: Limits
) -> TableOfContents:
    found = Digest.of(hashed, promised.algorithm)
    if found != promised:
        raise DigestMismatchError(
            "another table of contents than promised", expected=promised, actual=found
        )
    try:
        rows = json.loads(text)["entries"] or ()
        limits.check("entries", len(rows), where="table of contents")
        return TableOfContents(
            form,
            promised,
            tuple(_entry(row) for row in rows if row["type"] != "chunk"),
            tuple(_chunk(row) for row in rows if row.get("offset")),
        )
    except OCILayersError:
        raise
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as bad:
        raise CorruptStreamError("the table of contents is none") from bad


def _entry(row: Mapping[str, Any]) -> Entry:
    path, kind = classify(clean_path(row["name"]), _KINDS[row["type"]])
    device = None
    if kind in {Kind.CHAR, Kind.BLOCK}:
        device = int(row.get("devMajor", 0)), int(row.get("devMinor", 0))
    linked = kind in {Kind.SYMLINK, Kind.HARDLINK}
    return Entry(
        path,
        kind,
        int(row.get("mode", 0)) & _PERMISSIONS,
        int(row.get("uid", 0)),
        int(row.get("gid", 0)),
        size=int(row.get("size", 0)) if kind is Kind.FILE else 0,
        target=str(row.get("linkName", "")) if linked else None,
        device=device,
        xattrs=_xattrs(row.get("xattrs") or {}),
    )


def _xattrs(items: Mapping[str, str]) -> FrozenMap[str, bytes]:
    if not items:
        return EMPTY_MAP
    return FrozenMap({name: b64decode(text) for name, text in items.items()})


def _chunk(row: Mapping[str, Any]) -> Chunk:
    digest = row.get("chunkDigest") or row.get("digest")
    return Chunk(
        clean_path(row["name"]),
        int(row["offset"]),
        int(row.get("chunkOffset", 0)),
        Digest(digest) if digest else None,
    )
