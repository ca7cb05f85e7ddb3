"""fsspec: the files of an image under the names that pandas, Dask and others know.

Law: read-only, and no file is opened here. A URL inside a URL, as in
`ociimage://etc/passwd::file:///images/app.tar`, is opened by fsspec.

Source: filesystem_spec, `fsspec.spec.AbstractFileSystem`.
"""

# fsspec has no types: what comes from it is unknown, and what it really asks of
# `_open` is less than pyright concludes from its code.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import errno
import io
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias, cast

from fsspec.core import OpenFile, open as open_url
from fsspec.spec import AbstractFileSystem

from ocilayers._source import read_some, release, start_at
from ocilayers._types import Buffer, SupportsRead, override
from ocilayers.archive.archive import open_archive
from ocilayers.archive.tar_members import SeekableFile
from ocilayers.errors import (
    MergeError,
    NotADirectoryPathError,
    PathNotFoundError,
    SymlinkLoopError,
)
from ocilayers.image.image import Image
from ocilayers.tar.entry import Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.node import Node
from ocilayers.tree.stat import Stat

__all__ = ["ImageFileSystem"]

_Source: TypeAlias = Filesystem | Image | SeekableFile | OpenFile | str

#: Everything else is "other".
_TYPES: Final[Mapping[Kind, str]] = {
    Kind.FILE: "file",
    Kind.DIRECTORY: "directory",
    Kind.SYMLINK: "link",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class ImageFileSystem(AbstractFileSystem):
    r"""What a container of an image sees, for whatever speaks fsspec.

    Symlinks are followed inside the root, as a container would. A listing shows a
    symlink to a file as that file and one to a directory as a "link", so that walking
    never goes in circles.

    >>> from ocilayers.image.sample import sample_image
    >>> fs = ImageFileSystem(sample_image())
    >>> fs.ls("/etc", detail=False), fs.cat("/apple.txt")
    (['/etc/os-release'], b'apple\n')

    Pickled, it carries the file system with it, or the URL that it was opened from.

    Args:
        fo: A file system, an image, or an archive: a seekable file, or a path or URL
            that fsspec opens.
        target_protocol: How fsspec opens *fo*, when its URL does not say so.
        target_options: What fsspec needs to open it.
        ref: Which image of an archive, by name.
        platform: Which image of an archive, by platform.
        storage_options: What fsspec itself wants to know, as `use_listings_cache`.

    Raises:
        OCILayersError: It is no archive, has more than one image or none, or its
            layers do not verify.
    """

    protocol = "ociimage"
    root_marker = "/"
    # fsspec's cache tells sources apart by their repr, and would take one for another.
    cachable = False

    def __init__(
        self,
        fo: _Source,
        *,
        target_protocol: str | None = None,
        target_options: Mapping[str, object] | None = None,
        ref: str | None = None,
        platform: str | None = None,
        **storage_options: object,
    ) -> None:
        super().__init__(**storage_options)
        if isinstance(fo, str):
            options = {"protocol": target_protocol, **(target_options or {})}
            fo = cast("OpenFile", open_url(fo, **cast("dict[str, Any]", options)))
        if isinstance(fo, OpenFile):
            fo = cast("SeekableFile", fo.open())
        if not isinstance(fo, Filesystem | Image):
            fo = open_archive(fo, ref=ref, platform=platform)
        tree = fo.filesystem() if isinstance(fo, Image) else fo
        self.filesystem: Filesystem = tree

    @classmethod
    @override
    def _strip_protocol(cls, path: Any) -> Any:
        bare = super()._strip_protocol(path)
        return bare if isinstance(bare, list) else f"/{bare.strip('/')}"

    @override
    def ls(
        self, path: str, detail: bool = True, **_: object
    ) -> list[dict[str, object]] | list[str]:
        """What is in a directory, or the file itself."""
        path = self._strip_protocol(path)
        with _in_words_of_fsspec(path):
            node = self.filesystem.resolve(path)
        if node.is_dir():
            found = [self._listed(path, child) for child in node.iterdir()]
        else:
            found = [self.info(path)]
        return found if detail else [str(facts["name"]) for facts in found]

    @override
    def info(self, path: str, **_: object) -> dict[str, object]:
        """What is known of *path* and, when it is a symlink, of what it leads to."""
        path = self._strip_protocol(path)
        with _in_words_of_fsspec(path):
            return _facts(path, self._named(path), self.filesystem.resolve(path))

    @override
    def modified(self, path: str) -> datetime:
        """When it was last changed, to the microsecond."""
        node = self._found(path)
        return _EPOCH + timedelta(microseconds=node.mtime_ns // 1000)

    @override
    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **_: object
    ) -> bytes:
        """The content of a file, or what a slice of it would give."""
        begin, stop, _step = slice(start, end).indices(self._file(path).size)
        with self._open(path) as file:
            file.seek(begin)
            return file.read(max(stop - begin, 0))

    @override
    def _open(self, path: str, mode: str = "rb", **_: object) -> io.BufferedReader:
        if mode != "rb":
            raise OSError(errno.EROFS, "an image is read-only", path)
        return _File(self._file(path))

    def _file(self, path: str) -> Node:
        node = self._found(path)
        if node.is_dir():
            raise IsADirectoryError(errno.EISDIR, "a directory", path)
        return node

    def _found(self, path: str) -> Node:
        path = self._strip_protocol(path)
        with _in_words_of_fsspec(path):
            return self.filesystem.resolve(path)

    def _named(self, path: str) -> Node:
        """The node at *path*, and not what it leads to if it is a symlink."""
        directory, _, name = path.rpartition("/")
        return self.filesystem.resolve(directory or "/") / name

    def _listed(self, directory: str, node: Node) -> dict[str, object]:
        path = f"{directory.rstrip('/')}/{node.name}"
        leads_to = node
        if node.is_symlink():
            with suppress(MergeError, PathNotFoundError):
                leads_to = self.filesystem.resolve(node.path)
        return _facts(path, node, node if leads_to.is_dir() else leads_to)

    @override
    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ImageFileSystem) and self.filesystem == other.filesystem
        )

    @override
    def __hash__(self) -> int:
        return hash(self.filesystem)


def _facts(path: str, node: Node, leads_to: Node) -> dict[str, object]:
    stat = Stat.of(leads_to)
    facts: dict[str, object] = {
        "name": path,
        "size": leads_to.size,
        "type": _TYPES.get(leads_to.kind, "other"),
        "islink": node.is_symlink(),
        "mode": stat.st_mode,
        "uid": stat.st_uid,
        "gid": stat.st_gid,
        "mtime": stat.st_mtime,
        "nlink": stat.st_nlink,
        "layer": leads_to.layer,
    }
    if node.is_symlink():
        facts["destination"] = node.target
    return facts


@contextmanager
def _in_words_of_fsspec(path: str) -> Generator[None]:
    """What fsspec and its callers catch: the errors of the operating system."""
    try:
        yield
    except PathNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, "no such path", path) from error
    except NotADirectoryPathError as error:
        raise NotADirectoryError(errno.ENOTDIR, "not a directory", path) from error
    except SymlinkLoopError as error:
        raise OSError(errno.ELOOP, "too many symlinks", path) from error


class _File(io.BufferedReader):
    """An open file, with the size that `read_block` and others ask it for."""

    def __init__(self, node: Node) -> None:
        super().__init__(_SeekableContent(node))
        self.size = node.size


class _SeekableContent(io.RawIOBase):
    """The content of a file; going elsewhere opens it anew at the nearest place."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._offset = 0
        self._stream: SupportsRead | None = node.stream()

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origins = {
            io.SEEK_SET: 0,
            io.SEEK_CUR: self._offset,
            io.SEEK_END: self._node.size,
        }
        place = origins[whence] + offset
        if place < 0:
            raise ValueError("before the start of the file")
        if place != self._offset:
            self._release()
            self._offset = place
        return place

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        if self._offset >= self._node.size:
            return 0
        if self._stream is None:
            self._stream = self._node.stream()
            start_at(self._stream, self._offset)
        space = memoryview(buffer).cast("B")
        data = memoryview(read_some(self._stream, len(space)))
        space[: data.nbytes] = data
        self._offset += data.nbytes
        return data.nbytes

    @override
    def close(self) -> None:
        self._release()
        super().close()

    def _release(self) -> None:
        if self._stream is not None:
            release(self._stream)
        self._stream = None
