"""What stat(2) says of a path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from ocilayers.tar.entry import Kind
from ocilayers.tree.node import Node

__all__ = ["Stat"]

#: The file types of st_mode. Source: inode(7).
_TYPES: Final[Mapping[Kind, int]] = {
    Kind.FIFO: 0o010000,
    Kind.CHAR: 0o020000,
    Kind.DIRECTORY: 0o040000,
    Kind.BLOCK: 0o060000,
    Kind.FILE: 0o100000,
    Kind.SYMLINK: 0o120000,
}


@attrs.frozen
class Stat:
    """What stat(2) says of a path, by its names.

    Attributes:
        st_mode: File type and permission bits.
        st_nlink: How many paths share the inode; 1 for directories.
        st_uid: Owner.
        st_gid: Group.
        st_size: In bytes; of a symlink, the length of its target.
        st_mtime_ns: Last change, in nanoseconds since the epoch.
        st_rdev: Major and minor number of a device.
    """

    st_mode: int
    st_nlink: int
    st_uid: int
    st_gid: int
    st_size: int
    st_mtime_ns: int
    st_rdev: tuple[int, int] = (0, 0)

    @classmethod
    def of(cls, node: Node) -> Stat:
        """What *node* is; a symlink is not followed."""
        target = (node.target or "").encode("utf-8", "surrogateescape")
        return cls(
            _TYPES[node.kind] | node.mode,
            node.nlink,
            node.uid,
            node.gid,
            node.size or len(target),
            node.mtime_ns,
            node.device or (0, 0),
        )

    @property
    def st_mtime(self) -> float:
        """Last change, in seconds since the epoch."""
        return self.st_mtime_ns / 10**9
