"""`Entry`: one member of a layer, as a value.

Names are text with surrogateescape, so that any bytes survive; sizes are bytes;
times are nanoseconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import attrs

from ocilayers._types import EMPTY_MAP, FrozenMap

__all__ = ["DEFAULT_MODES", "Entry", "Kind"]


class Kind(StrEnum):
    """What an entry is. A file system holds the first six only."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symlink"
    BLOCK = "block"
    CHAR = "char"
    FIFO = "fifo"
    HARDLINK = "hardlink"
    """Another name of an inode: `target` is the other path."""
    WHITEOUT = "whiteout"
    """Hides its path in the layers below."""
    OPAQUE = "opaque"
    """Hides everything below its directory in the layers below."""


DEFAULT_MODES: Final[Mapping[Kind, int]] = FrozenMap(
    dict.fromkeys(Kind, 0o644) | {Kind.DIRECTORY: 0o755, Kind.SYMLINK: 0o777}
)


def _as_kind(kind: Kind | str) -> Kind:
    return Kind(kind)


def _usual_mode(entry: Entry) -> int:
    return DEFAULT_MODES[entry.kind]


def _frozen_xattrs(xattrs: Mapping[str, bytes]) -> FrozenMap[str, bytes]:
    if isinstance(xattrs, FrozenMap):
        return xattrs
    return FrozenMap(xattrs) if xattrs else EMPTY_MAP


@attrs.frozen
class Entry:
    """One member of a layer.

    Attributes:
        path: Relative and clean; `.` is the root. Of a whiteout, the path that it
            hides; of an opaque mark, its directory.
        kind: What it is; the text of a `Kind` is taken too.
        mode: Permission bits with setuid, setgid and sticky, `0o7777` at most.
        uid: Owner.
        gid: Group.
        user: Owner's name; empty when not recorded.
        group: Group's name; empty when not recorded.
        mtime_ns: Last change, in nanoseconds since the epoch; may be negative.
        size: Of the content, in bytes; 0 for everything but files.
        target: Of symlinks and hard links, as written.
        device: Major and minor number, of block and character devices.
        xattrs: Extended attributes, names to bytes.
        offset: Where the content starts in the plain tar, in bytes, when it came
            from one. Not compared.
        content: The bytes themselves, when they are carried along.

    >>> Entry("etc/motd", "file", content=b"hello").size
    5
    """

    path: str
    kind: Kind = attrs.field(converter=_as_kind)
    mode: int = attrs.field(default=attrs.Factory(_usual_mode, takes_self=True))
    uid: int = 0
    gid: int = 0
    user: str = ""
    group: str = ""
    mtime_ns: int = 0
    size: int = -1
    target: str | None = None
    device: tuple[int, int] | None = None
    xattrs: FrozenMap[str, bytes] = attrs.field(
        default=EMPTY_MAP, converter=_frozen_xattrs
    )
    offset: int | None = attrs.field(default=None, eq=False)
    content: bytes | None = attrs.field(default=None, hash=False, repr=False)

    def __attrs_post_init__(self) -> None:
        # -1 stands for "as long as the content", which is set after `size`.
        length = None if self.content is None else len(self.content)
        if self.size == -1:
            object.__setattr__(self, "size", length or 0)
        elif length is not None and length != self.size:
            raise ValueError(f"size is {self.size}, content has {length} bytes")
