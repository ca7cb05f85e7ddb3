"""A path as one layer stores it, seen or not."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ocilayers._types import SupportsRead, override
from ocilayers.errors import ContentNotKeptError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merged import Merged
from ocilayers.tree.node import Node

__all__ = ["StoredNode"]


@attrs.frozen(eq=False, repr=False)
class StoredNode(Node):
    """One path as one layer stores it, whether anybody sees it or not.

    It has no children, and no links but its own path. A symlink leads nowhere, as
    nobody can follow it.
    """

    _layer: int
    _changeset: Changeset
    _there: str

    @classmethod
    def of(cls, merged: Merged, layer: int, path: str) -> StoredNode:
        """What *layer* stores at *path*."""
        inode = merged.stored(layer, path)
        changeset = merged.layers[inode.layer]
        return StoredNode(merged, path, inode.layer, changeset, inode.path)

    @property
    @override
    def parent(self) -> Node:
        """The directory that is seen at the place it was in.

        Raises:
            PathNotFoundError: There is none any more.
        """
        return self.joinpath("..")

    @property
    @override
    def layer(self) -> int:
        return self._layer

    @property
    @override
    def links(self) -> tuple[str, ...]:
        return (self.path,)

    @property
    @override
    def nlink(self) -> int:
        return 1

    @property
    @override
    def _made_by(self) -> Entry | None:
        return self._changeset.inode(self._there)

    @override
    def is_dir(self) -> bool:
        return self.kind is Kind.DIRECTORY

    @override
    def iterdir(self) -> Iterator[Node]:
        return iter(())

    @override
    def _open(self) -> tuple[SupportsRead, int]:
        if self.is_symlink():
            raise ContentNotKeptError(
                "a symlink that nobody can follow", where=self.path
            )
        return super()._open()

    @override
    def _content(self) -> SupportsRead:
        return self._changeset.open_path(self._there)
