"""`TarEncoder`: entries and their content in, tar bytes out.

Law: the same entries make the same bytes, everywhere and always. A header is ustar
where every field fits, and has a PAX header with exactly the fields that do not fit
where some do not.

Source: POSIX.1-2024, pax, ustar Interchange Format and Extended Header; image-spec,
layer.md, for whiteouts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocilayers._types import Buffer, FrozenMap, as_bytes
from ocilayers.errors import PathEscapeError, TarError
from ocilayers.tar._gnu import PAX
from ocilayers.tar._header import (
    LONG_NUMBER_BYTES,
    NUMBER_BYTES,
    ZERO_BLOCK,
    Header,
    fits_name,
    fits_number,
    padding,
    render_header,
)
from ocilayers.tar._path import clean_path
from ocilayers.tar._pax import (
    TEXTS,
    carried_record,
    encode,
    render_records,
    seconds,
    xattr_record,
)
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import classify, marker_name

__all__ = ["TarEncoder"]

#: Type flag and file type bits. Go wrote these bits into `mode` before 1.9, Docker
#: and BuildKit add them to this day, so that the digests of their layers stay.
_TYPES: Final[Mapping[Kind, tuple[bytes, int]]] = FrozenMap(
    {
        Kind.FILE: (b"0", 0o100000),
        Kind.HARDLINK: (b"1", 0o100000),
        Kind.SYMLINK: (b"2", 0o120000),
        Kind.CHAR: (b"3", 0o020000),
        Kind.BLOCK: (b"4", 0o060000),
        Kind.DIRECTORY: (b"5", 0o040000),
        Kind.FIFO: (b"6", 0o010000),
        Kind.WHITEOUT: (b"0", 0o100000),
        Kind.OPAQUE: (b"0", 0o100000),
    }
)

_LINKS: Final = frozenset({Kind.SYMLINK, Kind.HARDLINK})
_DEVICES: Final = frozenset({Kind.BLOCK, Kind.CHAR})
_MARKERS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})

#: What a reader that knows no PAX headers would call their content.
_PAX_NAME: Final = b"././@PaxHeader"
_PAX_MODE: Final = 0o100644

_NAME_BYTES: Final = 100
#: Owners' names end with a NUL, so the last byte of their field is not theirs.
_OWNER_BYTES: Final = 31
_PERMISSIONS: Final = 0o7777
_SECOND: Final = 10**9
#: Largest number that readers take: 63 bits.
_MOST: Final = (1 << 63) - 1


class TarEncoder:
    """Entries and their content in, tar bytes out.

    A file's content follows its entry as buffers of any lengths, `size` bytes in
    all; an entry that carries its `content` needs none.

    >>> encoder = TarEncoder()
    >>> [len(chunk) for chunk in encoder.feed(Entry("motd", "file", content=b"hi"))]
    [512, 2, 510]
    >>> [len(chunk) for chunk in encoder.finish()]
    [1024]
    """

    def __init__(self) -> None:
        self._path = ""
        self._left = 0
        self._padding = b""
        self._finished = False

    def feed(self, event: Entry | Buffer) -> list[bytes]:
        """Take the next entry, or the next piece of the last entry's content.

        Returns:
            The tar bytes that are complete with it.

        Raises:
            TarError: The entry cannot be written, the last one still lacks content,
                there is more content than its size, or nothing may be fed any more.
        """
        if self._finished:
            raise TarError("the encoder has finished: start a new one")
        if not isinstance(event, Entry):
            return self._write_content(as_bytes(event))
        self._check_whole()
        chunks = [_headers(event)]
        self._path = event.path
        if event.kind is Kind.FILE:
            self._left = event.size
            self._padding = padding(event.size)
        if event.content is not None and event.kind is Kind.FILE:
            chunks += self._write_content(event.content)
        return chunks

    def finish(self) -> list[bytes]:
        """Say that no more entries will come.

        Returns:
            The end of the archive: two zero blocks.

        Raises:
            TarError: The last entry still lacks content, or it was finished before.
        """
        if self._finished:
            raise TarError("the encoder has finished: start a new one")
        self._check_whole()
        self._finished = True
        return [2 * ZERO_BLOCK]

    def _check_whole(self) -> None:
        if self._left:
            raise TarError(f"the content lacks {self._left} bytes", where=self._path)

    def _write_content(self, data: bytes) -> list[bytes]:
        if len(data) > self._left:
            raise TarError(
                "there is more content than the entry's size",
                where=self._path,
                expected=self._left,
                actual=len(data),
            )
        self._left -= len(data)
        pieces = [data]
        if not self._left:
            pieces.append(self._padding)
            # Once: a source may go on with pieces of no bytes.
            self._padding = b""
        return [piece for piece in pieces if piece]


def _headers(entry: Entry) -> bytes:
    """The header of *entry*, with a PAX header before it where one is needed."""
    try:
        _check(entry)
        fields = _Fields()
        header = fields.header(entry)
    except PathEscapeError:
        raise
    except ValueError as error:
        raise TarError(f"it cannot be written: {error}", where=entry.path) from None
    block = render_header(header)
    if not fields.records:
        return block
    payload = render_records(fields.records)
    pax = Header(_PAX_NAME, _PAX_MODE, size=len(payload), flag=PAX)
    return render_header(pax) + payload + padding(len(payload)) + block


def _check(entry: Entry) -> None:
    """Whether *entry* would be read as it is.

    Raises:
        ValueError: It would not.
    """
    kind = Kind.FILE if entry.kind in _MARKERS else entry.kind
    if clean_path(entry.path) != entry.path:
        raise ValueError("its path is not clean")
    if classify(marker_name(entry.path, entry.kind), kind) != (entry.path, entry.kind):
        raise ValueError("its path would be read as something else")
    if entry.path == "." and entry.kind not in {Kind.DIRECTORY, Kind.OPAQUE}:
        raise ValueError("the root is a directory")
    if entry.size < 0 or (entry.size and entry.kind is not Kind.FILE):
        raise ValueError(f"its size is {entry.size}")
    if not 0 <= entry.mode <= _PERMISSIONS:
        raise ValueError(f"its mode is {entry.mode:o}")


class _Fields:
    """What of an entry fits its header, and records of what does not."""

    def __init__(self) -> None:
        self.records: dict[bytes, bytes] = {}

    def header(self, entry: Entry) -> Header:
        flag, type_bits = _TYPES[entry.kind]
        self.records.update(xattr_record(*item) for item in entry.xattrs.items())
        self.records.update(carried_record(*item) for item in entry.records.items())
        header = Header(
            name=self._name(entry),
            mode=type_bits | entry.mode,
            uid=self._number(b"uid", entry.uid, NUMBER_BYTES),
            gid=self._number(b"gid", entry.gid, NUMBER_BYTES),
            size=self._number(b"size", entry.size, LONG_NUMBER_BYTES),
            mtime=self._mtime(entry.mtime_ns),
            flag=flag,
            link=self._link(entry),
            user=self._text(b"uname", entry.user, _OWNER_BYTES),
            group=self._text(b"gname", entry.group, _OWNER_BYTES),
            device=_device(entry),
        )
        if any(_is_binary(self.records.get(key, b"")) for key in TEXTS):
            # Records are UTF-8 unless this says that they are not.
            self.records[b"hdrcharset"] = b"BINARY"
        return header

    def _name(self, entry: Entry) -> bytes:
        slash = "/" * (entry.kind is Kind.DIRECTORY)
        name = _encoded(marker_name(entry.path, entry.kind) + slash)
        if fits_name(name):
            return name
        self.records[b"path"] = name
        return _ascii(name, _NAME_BYTES)

    def _link(self, entry: Entry) -> bytes:
        if entry.kind not in _LINKS:
            return b""
        if entry.target is None:
            raise ValueError("it is a link without a target")
        return self._text(b"linkpath", entry.target, _NAME_BYTES)

    def _text(self, key: bytes, text: str, width: int) -> bytes:
        field = _encoded(text)
        if len(field) <= width and field.isascii():
            return field
        self.records[key] = field
        return _ascii(field, width)

    def _number(self, key: bytes, value: int, width: int) -> int:
        if not 0 <= value <= _MOST:
            raise ValueError(f"its {key.decode()} is {value}")
        if fits_number(value, width):
            return value
        self.records[key] = b"%d" % value
        return 0

    def _mtime(self, mtime_ns: int) -> int:
        whole, rest = divmod(mtime_ns, _SECOND)
        if abs(whole) > _MOST:
            raise ValueError(f"its mtime_ns is {mtime_ns}")
        fits = fits_number(whole, LONG_NUMBER_BYTES)
        if rest or not fits:
            self.records[b"mtime"] = seconds(mtime_ns)
        return whole if fits else 0


def _device(entry: Entry) -> tuple[int, int]:
    if entry.kind not in _DEVICES:
        return 0, 0
    if entry.device is None or not all(
        fits_number(part, NUMBER_BYTES) for part in entry.device
    ):
        raise ValueError(f"its device is {entry.device}")
    return entry.device


def _encoded(text: str) -> bytes:
    field = encode(text)
    if b"\0" in field:
        raise ValueError(f"{text!r} holds a NUL")
    return field


def _is_binary(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return True
    return False


def _ascii(field: bytes, width: int) -> bytes:
    """What is shown to readers that know no PAX headers: never a directory's name."""
    return field.decode("ascii", "ignore").encode()[:width].rstrip(b"/")
