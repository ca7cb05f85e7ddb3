"""`Node`: one path of a file system.

Law: a symlink is followed by `open`, `read_bytes` and `read_text` only, as open(2)
does, and never out of the root.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import IO, Final, Literal, Protocol, overload

import attrs

from ocilayers._source import chunks, read_up_to, release
from ocilayers._types import FrozenMap, SupportsRead, override
from ocilayers.errors import ContentNotKeptError, PathNotFoundError, SourceError
from ocilayers.spec.digest import Digest
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._facts import facts
from ocilayers.tree._lookup import resolve
from ocilayers.tree._paths import clean, parent
from ocilayers.tree._stream import open_binary
from ocilayers.tree.merged import Merged
from ocilayers.tree.xattrs import (
    ACLEntry,
    FileCapabilities,
    file_capabilities,
    posix_acl,
)

__all__ = ["Node"]


#: What a directory is that no entry speaks of. Source: image-spec leaves it open; this
#: is what containerd, Docker and umoci make.
_IMPLIED: Final = Entry(".", Kind.DIRECTORY)


class _PathLike(Protocol):
    """What `os.PathLike[str]` is."""

    def __fspath__(self) -> str: ...


@attrs.frozen(eq=False, repr=False)
class Node(Traversable):
    """One path of a file system: what it is, and where it comes from.

    Nodes are equal when path, attributes and hard links are; content is compared
    where the entries carry it, and layers are not.

    >>> from ocilayers.tar.entry import Entry
    >>> from ocilayers.tree.merge import merge
    >>> motd = merge([[Entry("etc/motd", "file", content=b"hello")]])["/etc/motd"]
    >>> motd.read_text(), motd.size, motd.layer
    ('hello', 5, 0)
    """

    _merged: Merged
    _path: str

    @property
    def path(self) -> str:
        """Absolute; `/` for the root."""
        return f"/{self._path}"

    @property
    @override
    def name(self) -> str:
        """The last part of the path; empty for the root."""
        return self._path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return self.name.removesuffix(self.suffix)

    @property
    def suffix(self) -> str:
        """The last dot of the name and what follows, as in `pathlib`."""
        stem, dot, suffix = self.name.rpartition(".")
        return f".{suffix}" if stem and dot and suffix else ""

    @property
    def parent(self) -> Node:
        """The directory it is in; of the root, the root."""
        return Node(self._merged, parent(self._path))

    @property
    def kind(self) -> Kind:
        """One of the first six: `file directory symlink block char fifo`."""
        return self._entry.kind

    @property
    def mode(self) -> int:
        """Permission bits, `0o7777` at most; `0o777` for every symlink."""
        entry = self._entry
        return 0o777 if entry.kind is Kind.SYMLINK else entry.mode

    @property
    def uid(self) -> int:
        """Owner."""
        return self._entry.uid

    @property
    def gid(self) -> int:
        """Group."""
        return self._entry.gid

    @property
    def user(self) -> str:
        """Owner's name as the layer has it, often empty."""
        return self._entry.user

    @property
    def group(self) -> str:
        """Group's name as the layer has it, often empty."""
        return self._entry.group

    @property
    def mtime_ns(self) -> int:
        """Last change, in nanoseconds since the epoch; 0 when implied."""
        return self._entry.mtime_ns

    @property
    def size(self) -> int:
        """Of the content, in bytes; 0 for everything but files."""
        entry = self._entry
        return entry.size if entry.kind is Kind.FILE else 0

    @property
    def target(self) -> str | None:
        """Where a symlink leads, as written."""
        return self._entry.target

    @property
    def device(self) -> tuple[int, int] | None:
        """Major and minor number, of block and character devices."""
        return self._entry.device

    @property
    def xattrs(self) -> FrozenMap[str, bytes]:
        """Extended attributes, names to bytes."""
        return self._entry.xattrs

    @property
    def capabilities(self) -> FileCapabilities | None:
        """The file capabilities, if it has any.

        Raises:
            BadExtensionError: `security.capability` is no such thing.
        """
        value = self.xattrs.get("security.capability")
        return None if value is None else file_capabilities(value)

    def acl(self, *, default: bool = False) -> tuple[ACLEntry, ...]:
        """The POSIX access control list, or the one that new files in it get.

        Raises:
            BadExtensionError: The extended attribute is no such thing.
        """
        which = "default" if default else "access"
        value = self.xattrs.get(f"system.posix_acl_{which}")
        return () if value is None else posix_acl(value)

    @property
    def links(self) -> tuple[str, ...]:
        """All paths of its inode, itself included, in byte order."""
        return tuple(f"/{path}" for path in self._merged.links(self._path))

    @property
    def nlink(self) -> int:
        """How many paths share its inode."""
        return len(self._merged.links(self._path))

    @property
    def layer(self) -> int:
        """The position of the layer that its content and attributes come from."""
        return self._merged.inode(self._path).layer

    @property
    def entry(self) -> Entry | None:
        """What its layer says of its inode; None where it is implied."""
        return self._made_by

    @property
    def inode(self) -> tuple[int, str]:
        """Equal for paths that share an inode: its layer, and a path there."""
        return self.layer, self._path if self.implied else self._entry.path

    @property
    def implied(self) -> bool:
        """Whether no entry made it: a directory that only its children speak of."""
        return self._made_by is None

    @property
    def _entry(self) -> Entry:
        return self._made_by or _IMPLIED

    @property
    def _made_by(self) -> Entry | None:
        return self._merged.entry(self._path)

    @override
    def is_dir(self) -> bool:
        """Whether it is a directory; a symlink to one is not."""
        return self._path in self._merged.dirs

    @override
    def is_file(self) -> bool:
        """Whether it is a regular file; a symlink to one is not."""
        return self.kind is Kind.FILE

    def is_symlink(self) -> bool:
        """Whether it is a symlink."""
        return self.kind is Kind.SYMLINK

    @override
    def iterdir(self) -> Iterator[Node]:
        """What is in the directory, in byte order; nothing for anything else."""
        for path in self._merged.children(self._path):
            yield Node(self._merged, path)

    @override
    def joinpath(self, *descendants: str | _PathLike) -> Node:
        """What is below, as text: no symlink is followed, `..` goes up.

        Raises:
            PathNotFoundError: There is no such path.
        """
        name = "/".join((self._path, *map(_text, descendants)))
        path = clean(name).path
        if path not in self._merged.paths:
            raise PathNotFoundError("no such path", where=f"/{path}")
        return Node(self._merged, path)

    @override
    def __truediv__(self, child: str | _PathLike) -> Node:
        return self.joinpath(child)

    @override
    def read_bytes(self) -> bytes:
        """The content, whole.

        Raises:
            ContentNotKeptError: Nobody kept it, or it is no file.
            SourceError: There is less of it than there should be.
        """
        stream, size = self._open()
        try:
            content = read_up_to(stream, size)
        finally:
            release(stream)
        if len(content) < size:
            raise SourceError(
                "less content than the entry says",
                where=self.path,
                expected=size,
                actual=len(content),
            )
        return content

    @override
    def read_text(self, encoding: str | None = None, errors: str = "strict") -> str:
        """The content as text, UTF-8 unless *encoding* says something else."""
        return self.read_bytes().decode(encoding or "utf-8", errors)

    @overload
    def open(
        self,
        mode: Literal["r"] = "r",
        *,
        encoding: str | None = None,
        errors: str | None = None,
    ) -> IO[str]: ...
    @overload
    def open(self, mode: Literal["rb"]) -> IO[bytes]: ...
    @override
    def open(
        self,
        mode: Literal["r", "rb"] = "r",
        *,
        encoding: str | None = None,
        errors: str | None = None,
    ) -> IO[str] | IO[bytes]:
        """A stream of the content, text unless *mode* is `rb`.

        Raises:
            ContentNotKeptError: Nobody kept it, or it is no file.
            ValueError: *mode* does not read.
        """
        if mode not in {"r", "rt", "rb"}:
            raise ValueError(f"mode is {mode!r}, but all that can be done is to read")
        stream = open_binary(self._open()[0])
        if mode == "rb":
            return stream
        return io.TextIOWrapper(stream, encoding or "utf-8", errors)

    def digest(self, algorithm: str = "sha256") -> Digest:
        """The digest of the content.

        Raises:
            ContentNotKeptError: Nobody kept it, or it is no file.
            UnsupportedAlgorithmError: Nobody here can compute it.
        """
        hasher = Digest.of(b"", algorithm).hasher()
        stream = self._open()[0]
        try:
            for chunk in chunks(stream):
                hasher.update(chunk)
        finally:
            release(stream)
        return Digest(f"{algorithm}:{hasher.hexdigest()}")

    def stream(self) -> SupportsRead:
        """The content as its layer gives it, to be read once.

        Raises:
            ContentNotKeptError: Nobody kept it, or it is no file.
        """
        return self._open()[0]

    def stored_as(self, other: Node) -> bool:
        """Whether both are the same entry of the same layer."""
        return not self.implied and self._entry is other._entry

    def _repr_html_(self) -> str:
        from ocilayers.notebook.listing import node_html  # noqa: PLC0415 - the one arrow up

        return node_html(self)

    def _open(self) -> tuple[SupportsRead, int]:
        node = self
        if self.kind is Kind.SYMLINK:
            node = Node(self._merged, resolve(self._merged, self._path))
        if node.kind is not Kind.FILE:
            raise ContentNotKeptError("no file, so no content", where=self.path)
        return node._content(), node.size

    def _content(self) -> SupportsRead:
        return self._merged.open(self._path)

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Node):
            return NotImplemented
        return (self.path, self.links, facts(self._entry)) == (
            other.path,
            other.links,
            facts(other._entry),
        )

    @override
    def __hash__(self) -> int:
        return hash((self._path, self.kind, self.size))

    @override
    def __repr__(self) -> str:
        return f"Node({self.path!r}, {self.kind.value!r}, layer={self.layer})"


def _text(part: str | _PathLike) -> str:
    return part if isinstance(part, str) else part.__fspath__()
