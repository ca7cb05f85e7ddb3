"""`Entry`: one member of a layer, as a value.

Names are text with surrogateescape, so that any bytes survive; sizes are bytes;
times are nanoseconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import attrs

from ocilayers._types import EMPTY_MAP, Buffer, FrozenMap, as_bytes

if TYPE_CHECKING:
    from tarfile import TarInfo

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


class EntryDraft:
    """An entry whose fields are still being set; `draft.__class__ = Entry` ends that.

    Not part of the interface. Entries are made millions of times, and a frozen
    attrs class of this many fields takes five times as long as fifteen plain
    assignments to the same slots followed by a change of class (1.27 against
    0.27 microseconds, CPython 3.11). The law `a draft that was frozen is the
    entry that the constructor makes` is in `tests/laws/test_tar.py`.
    """

    __slots__ = (
        "content",
        "device",
        "gid",
        "group",
        "kind",
        "mode",
        "mtime_ns",
        "offset",
        "path",
        "records",
        "size",
        "target",
        "uid",
        "user",
        "xattrs",
    )

    path: str
    kind: Kind
    mode: int
    uid: int
    gid: int
    user: str
    group: str
    mtime_ns: int
    size: int
    target: str | None
    device: tuple[int, int] | None
    xattrs: FrozenMap[str, bytes]
    records: FrozenMap[str, bytes]
    offset: int | None
    content: bytes | None


def _as_kind(kind: Kind | str) -> Kind:
    return Kind(kind)


def _usual_mode(entry: Entry) -> int:
    return DEFAULT_MODES[entry.kind]


def _frozen_bytes(items: Mapping[str, bytes]) -> FrozenMap[str, bytes]:
    if isinstance(items, FrozenMap):
        return items
    return FrozenMap(items) if items else EMPTY_MAP


def _frozen_content(content: Buffer | None) -> bytes | None:
    return None if content is None else as_bytes(content)


# No slot of its own, or a draft's layout would not fit.
@attrs.frozen(weakref_slot=False)
class Entry(EntryDraft):
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
        records: PAX records that mean something to other systems and have no field
            here, as written: `MSWINDOWS.*` and `LIBARCHIVE.creationtime`.
        offset: Where the content starts in the plain tar, in bytes, when it stands
            there in one piece. Not compared.
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
        default=EMPTY_MAP, converter=_frozen_bytes
    )
    offset: int | None = attrs.field(default=None, eq=False)
    content: bytes | None = attrs.field(
        default=None, converter=_frozen_content, hash=False, repr=False
    )
    records: FrozenMap[str, bytes] = attrs.field(
        default=EMPTY_MAP, converter=_frozen_bytes, kw_only=True, repr=False
    )

    def __attrs_post_init__(self) -> None:
        # -1 stands for "as long as the content", which is set after `size`.
        length = None if self.content is None else len(self.content)
        if self.size == -1:
            object.__setattr__(self, "size", length or 0)
        elif length is not None and length != self.size:
            raise ValueError(f"size is {self.size}, content has {length} bytes")

    def to_tarinfo(self) -> TarInfo:
        """This entry as the standard library's `tarfile` knows it.

        The content is not part of a `TarInfo`: hand it to `TarFile.addfile`, whose
        format must be `tarfile.PAX_FORMAT` (the default) for nothing to be lost.

        >>> Entry("bin/sh", "symlink", target="busybox").to_tarinfo().linkname
        'busybox'
        """
        # Floor rule: nobody who does not ask for it pays for tarfile.
        from ocilayers.tar._tarinfo import to_tarinfo  # noqa: PLC0415

        return to_tarinfo(self)

    @classmethod
    def from_tarinfo(cls, info: TarInfo) -> Entry:
        """Read what the standard library's `tarfile` found.

        >>> from tarfile import TarInfo
        >>> entry = Entry.from_tarinfo(TarInfo("./etc/.wh.motd"))
        >>> entry.path, entry.kind
        ('etc/motd', <Kind.WHITEOUT: 'whiteout'>)

        Raises:
            TarError: The member has no place in a layer, or its name climbs out
                of the root.
        """
        from ocilayers.tar._tarinfo import from_tarinfo  # noqa: PLC0415

        return from_tarinfo(info)
