"""The files of a tar archive, each a stream of its own over the one file.

Law: the file is asked for `seek`, `tell` and `read(n)` alone, sought before each
read, and never closed; nothing is written anywhere. A plain archive is listed by
hopping from header to header; a compressed one is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import UnsupportedOperation
from typing import Final, Literal, Protocol

import attrs

from ocilayers._source import read_some, read_up_to
from ocilayers._types import Buffer, SupportsRead
from ocilayers.codec.sniff import HEAD_BYTES, sniff
from ocilayers.errors import (
    BadHeaderError,
    BlobNotFoundError,
    ImageError,
    OCILayersError,
    PathEscapeError,
    SourceError,
    SymlinkLoopError,
    TruncatedArchiveError,
    UnsupportedEntryError,
)
from ocilayers.layer.index import index_layer
from ocilayers.layer.stored import StoredLayer
from ocilayers.limits import Limits
from ocilayers.spec.media_types import Compression
from ocilayers.tar._path import clean_path
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind

__all__ = ["SeekableFile", "TarMembers", "clean_name"]

_BLOCK: Final = 512
_ZERO_BLOCK: Final = bytes(_BLOCK)
_FROM_END: Final = 2


class SeekableFile(SupportsRead, Protocol):
    """What an archive has to offer: any binary file that is no pipe."""

    def seek(self, offset: int, whence: Literal[0, 2] = 0, /) -> object:
        """Go to *offset*, from the start or, where *whence* is 2, from the end."""
        ...

    def tell(self) -> int:
        """Where it stands, in bytes from its start."""
        ...


def clean_name(name: str) -> str:
    """A name that a document gives to a member: relative and clean.

    >>> clean_name("./blobs//sha256/")
    'blobs/sha256'

    Raises:
        PathEscapeError: It is absolute or climbs out of the archive.
    """
    if name.startswith("/"):
        raise PathEscapeError("the name is absolute", where=name)
    return clean_path(name)


class TarMembers:
    """The files of a tar archive, plain or compressed with gzip or zstd.

    Two threads must not read from it at once, since there is one file.

    Args:
        file: The archive. Its bytes are counted from its start, wherever it stands.
        limits: What reading it may cost.

    Raises:
        ImageError: It is no archive.
        TarError: It is one, but broken.
        CodecError: It cannot be decompressed.
        SourceError: It cannot be sought.
    """

    def __init__(self, file: SeekableFile, *, limits: Limits) -> None:
        self._limits = limits
        size = _size_of(file)
        head = read_up_to(_Slice(file, 0, size), HEAD_BYTES)
        try:
            listed, self._open = _list(file, size, sniff(head), limits)
        except BadHeaderError as error:
            if error.offset:
                raise
            raise ImageError(
                "no image archive: it does not begin as a tar does",
                actual=repr(head.decode("latin-1")),
            ) from error
        self._entries = listed

    def __contains__(self, name: str, /) -> bool:
        return name in self._entries

    def open(self, name: str, /) -> SupportsRead:
        """The bytes of a file, from its start; links are followed.

        Raises:
            BlobNotFoundError: There is no such file.
        """
        return self._open(self.find(name))

    def find(self, name: str) -> Entry:
        """The file of this name, or that a link of this name leads to.

        Raises:
            BlobNotFoundError: There is no such file, or the link leads nowhere.
            PathEscapeError: The link leads out of the archive.
            SymlinkLoopError: Links lead to each other.
            ImageError: It is no file.
        """
        path = name
        for _ in range(self._limits.symlink_follows + 1):
            entry = self._entries.get(path)
            if entry is None:
                raise BlobNotFoundError(
                    "there is no such file in the archive",
                    where=name,
                    expected=None if path == name else path,
                )
            target = entry.target or ""
            match entry.kind:
                case Kind.FILE:
                    return entry
                case Kind.HARDLINK:
                    path = clean_path(target)
                case Kind.SYMLINK:
                    folder = "" if target.startswith("/") else path.rpartition("/")[0]
                    path = clean_name(f"{folder}/{target}" if folder else target)
                case _:
                    raise ImageError("no file", where=name, actual=entry.kind)
        raise SymlinkLoopError("links that lead to each other", where=name)


class _Slice:
    """A part of a file that is read at many places at once, as a stream."""

    def __init__(self, file: SeekableFile, start: int, size: int) -> None:
        self._file = file
        self._start = self._offset = start
        self._end = start + size

    def read(self, size: int, /) -> Buffer:
        size = min(size, self._end - self._offset)
        if size <= 0:
            return b""
        self._file.seek(self._offset)
        chunk = read_some(self._file, size)
        self._offset += memoryview(chunk).nbytes
        return chunk

    def seek(self, offset: int, /) -> int:
        self._offset = self._start + offset
        return offset


def _size_of(file: SeekableFile) -> int:
    try:
        file.seek(0, _FROM_END)
        return file.tell()
    except (AttributeError, UnsupportedOperation) as error:
        raise SourceError(
            "an archive is read at many places: open a file, or read the stream"
            " into io.BytesIO",
            expected="a file that can be sought",
            actual=type(file).__name__,
        ) from error


_Listing = tuple[Mapping[str, Entry], Callable[[Entry], SupportsRead]]


def _list(
    file: SeekableFile, size: int, compression: Compression, limits: Limits
) -> _Listing:
    """The members by name, the last of a name counting, and how to open them."""
    if compression == "none":
        found = _hop(file, size, limits)
        return {entry.path: entry for entry in found}, partial(_open_plain, file)
    index = index_layer(_Slice(file, 0, size), limits=limits)
    stored = StoredLayer(index, partial(_Slice, file, 0, size), limits=limits)
    return {entry.path: entry for entry in index}, stored.open_content


def _open_plain(file: SeekableFile, entry: Entry) -> _Slice:
    if entry.offset is None:
        raise UnsupportedEntryError(
            "a sparse file in an archive that is not compressed", where=entry.path
        )
    return _Slice(file, entry.offset, entry.size)


def _hop(file: SeekableFile, size: int, limits: Limits) -> Iterator[Entry]:
    """List a plain archive without reading the content of its files."""
    stream = _Slice(file, 0, size)
    decoder, begin, offset, count = _new_decoder(limits), 0, 0, 0
    while block := read_up_to(stream, _BLOCK):
        if offset == begin and block == _ZERO_BLOCK:
            return
        offset += len(block)
        with _counted_from(begin):
            events = decoder.feed(block)
        for entry in events:
            # Without content, entries are all that comes.
            assert isinstance(entry, Entry)  # noqa: S101
            count += 1
            limits.check("entries", count)
            start = None if entry.offset is None else begin + entry.offset
            yield attrs.evolve(entry, offset=start)
            if start is None or entry.kind is not Kind.FILE:
                continue
            if start + entry.size > size:
                raise TruncatedArchiveError(
                    "the archive ends inside a member",
                    where=entry.path,
                    expected=f"{entry.size} bytes",
                    actual=f"{size - start} bytes",
                    offset=size,
                )
            begin = offset = start + entry.size + -entry.size % _BLOCK
            stream.seek(begin)
            decoder = _new_decoder(limits)
    with _counted_from(begin):
        decoder.finish()


@contextmanager
def _counted_from(begin: int) -> Generator[None]:
    """Let errors of a decoder that began at *begin* count from the archive's start."""
    try:
        yield
    except OCILayersError as error:
        error.offset = None if error.offset is None else begin + error.offset
        raise


def _new_decoder(limits: Limits) -> TarDecoder:
    # One that knows nothing of what came before takes any place as a beginning.
    return TarDecoder(content=False, limits=limits)
