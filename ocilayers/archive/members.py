"""Names inside an archive, and the bytes behind each, whatever the archive is."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from typing import Protocol

import attrs

from ocilayers._source import OwnedStream, read_up_to, release
from ocilayers._types import SupportsRead
from ocilayers.errors import BlobNotFoundError, SourceError
from ocilayers.limits import Limits

__all__ = ["FolderMembers", "Members", "read_member", "reading"]


class Members(Protocol):
    """Files by their names; names are relative, with `/` between their parts."""

    def __contains__(self, name: str, /) -> bool:
        """Whether there is something of this name."""
        ...

    def open(self, name: str, /) -> SupportsRead:
        """The bytes of a file, from its start.

        Raises:
            BlobNotFoundError: There is no such file.
        """
        ...


@contextmanager
def reading(members: Members, name: str) -> Generator[SupportsRead]:
    """A file for the length of a block; closed where this library opened it.

    Raises:
        BlobNotFoundError: There is no such file.
    """
    stream = members.open(name)
    try:
        yield stream
    finally:
        release(stream)


def read_member(members: Members, name: str, *, limits: Limits) -> bytes:
    """A file whole, when it is no longer than a document may be.

    Raises:
        BlobNotFoundError: There is no such file.
        LimitExceededError: It is longer than `Limits.document_bytes`.
    """
    with reading(members, name) as stream:
        raw = read_up_to(stream, limits.document_bytes + 1)
    limits.check("document_bytes", len(raw), where=name)
    return raw


@attrs.frozen
class FolderMembers:
    """The files of a folder. What is opened here is closed by whoever reads it.

    Attributes:
        root: The folder; `pathlib.Path` and zip files have what it takes.

    Raises:
        SourceError: It has no `joinpath`, as the name of a folder has none.
    """

    root: Traversable

    def __attrs_post_init__(self) -> None:
        if not hasattr(self.root, "joinpath"):
            raise SourceError(
                "a layout is read at many places: give its folder as a pathlib.Path",
                expected="a folder with joinpath()",
                actual=type(self.root).__name__,
            )

    def __contains__(self, name: str, /) -> bool:
        return self._find(name) is not None

    def open(self, name: str, /) -> OwnedStream:
        """The bytes of a file, from its start.

        Raises:
            BlobNotFoundError: There is no such file.
        """
        found = self._find(name)
        if found is None:
            raise BlobNotFoundError("there is no such file", where=name)
        return OwnedStream(found.open("rb"))

    def _find(self, name: str) -> Traversable | None:
        try:
            found = self.root.joinpath(*name.split("/"))
        except KeyError:
            # The nodes of our own file systems are there, or cannot be had.
            return None
        return found if found.is_file() else None
