"""The kernel's overlayfs: its own marks for OCI's whiteouts, and Docker's folders.

OCI hides with names, overlayfs with a character device 0:0 and an extended
attribute. A layer in one form is plain data in the other, so converting is
something that a caller asks for.

Source: Linux, Documentation/filesystems/overlayfs.rst, "whiteouts and opaque
directories".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, TypeAlias, cast

import attrs

from ocilayers.errors import InvalidFieldError, MergeError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.stack import AnyLayer

__all__ = ["GraphDriver", "Namespace", "from_overlayfs", "to_overlayfs"]

Namespace: TypeAlias = Literal["trusted", "user"]
"""Where overlayfs keeps its attributes: `user` on mounts without privileges
(`userxattr`)."""

_NAMESPACES: Final = ("trusted.overlay.", "user.overlay.")
_WHITEOUT_DEVICE: Final = (0, 0)
_OPAQUE: Final = b"y"
_INIT: Final = "-init/diff"


def to_overlayfs(
    layer: AnyLayer, *, namespace: Namespace = "trusted"
) -> Iterator[Entry]:
    """The entries of *layer* with overlayfs' marks instead of OCI's.

    A directory that is opaque and has no entry gets one, mode 0755: only an entry can
    carry the mark. An opaque root gets its mark too, but the kernel ignores it.

    Args:
        layer: Entries in archive order, or a changeset.
        namespace: Where the opaque attribute goes.

    Raises:
        MergeError: The layer says something that has no meaning.

    >>> [entry.device for entry in to_overlayfs([Entry("a", "whiteout")])]
    [(0, 0)]
    """
    changeset = layer if isinstance(layer, Changeset) else Changeset(layer)
    contents = changeset.contents
    opaque = {f"{namespace}.overlay.opaque": _OPAQUE}
    for entry in changeset:
        path = "" if entry.path == "." else entry.path
        if entry.kind is Kind.WHITEOUT:
            yield Entry(path, Kind.CHAR, mode=0, device=_WHITEOUT_DEVICE)
        elif entry.kind is Kind.OPAQUE:
            if path not in contents.table:
                yield Entry(entry.path, Kind.DIRECTORY, xattrs=opaque)
        elif path in contents.whiteouts and path not in contents.table:
            # Made anew without an entry: the opaque mark that follows makes one.
            continue
        elif path in contents.opaques:
            yield attrs.evolve(entry, xattrs={**entry.xattrs, **opaque})
        else:
            yield entry


def from_overlayfs(entries: Iterable[Entry]) -> Iterator[Entry]:
    """What overlayfs' upper directory says, in OCI's words.

    Both namespaces are read, and both kinds of whiteouts: character devices 0:0 and
    empty files with the attribute; hard links to one are whiteouts too, as overlayfs
    makes many names of one device. What overlayfs notes for itself (`origin`,
    `impure`, …) goes.

    Args:
        entries: The upper directory, in archive order.

    Raises:
        MergeError: A directory was renamed, or a file has its content below; OCI has
            no words for either.

    >>> upper = [Entry("a", "char", device=(0, 0))]
    >>> [(entry.kind.value, entry.path) for entry in from_overlayfs(upper)]
    [('whiteout', 'a')]
    """
    whiteouts: set[str] = set()
    for entry in entries:
        marks = _marks(entry)
        if "redirect" in marks or "metacopy" in marks:
            raise MergeError(
                "a renamed directory or a file without its content",
                where=f"/{entry.path}",
            )
        device = entry.kind is Kind.CHAR and entry.device == _WHITEOUT_DEVICE
        linked = entry.kind is Kind.HARDLINK and _linked(entry) in whiteouts
        if device or linked or ("whiteout" in marks and entry.kind is Kind.FILE):
            whiteouts.add(entry.path)
            yield Entry(entry.path, Kind.WHITEOUT, mtime_ns=entry.mtime_ns)
            continue
        yield _without_marks(entry) if marks else entry
        if marks.get("opaque") == _OPAQUE and entry.kind is Kind.DIRECTORY:
            yield Entry(entry.path, Kind.OPAQUE)


def _marks(entry: Entry) -> dict[str, bytes]:
    # `trusted.overlay.overlay.opaque` is another overlayfs' mark, kept as plain data.
    return {
        name.split(".", 2)[2]: value
        for name, value in entry.xattrs.items()
        if name.startswith(_NAMESPACES)
    }


def _linked(entry: Entry) -> str:
    parts = (entry.target or "").split("/")
    return "/".join(part for part in parts if part not in {"", "."})


def _without_marks(entry: Entry) -> Entry:
    xattrs = {
        name: value
        for name, value in entry.xattrs.items()
        if not name.startswith(_NAMESPACES)
    }
    return attrs.evolve(entry, xattrs=xattrs)


@attrs.frozen(kw_only=True)
class GraphDriver:
    """The folders of an image or a container, as `docker inspect` tells them.

    Attributes:
        lower: The read-only folders, bottom first.
        upper: The folder on top: of an image its last layer, of a container what it
            has written.
        merged: Where the whole is mounted while it is in use.
        work: What overlayfs needs for itself.
    """

    lower: tuple[str, ...]
    upper: str
    merged: str = ""
    work: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, object]) -> GraphDriver:
        """Read the member `GraphDriver` of `docker inspect`, or its `Data`.

        Raises:
            InvalidFieldError: It is of another driver, or not whole.

        >>> data = {"LowerDir": "/o/b/diff:/o/a/diff", "UpperDir": "/o/c/diff"}
        >>> GraphDriver.parse(data).layers
        ('/o/a/diff', '/o/b/diff', '/o/c/diff')
        """
        name = data.get("Name", "overlay2")
        if name not in ("overlay", "overlay2"):
            raise InvalidFieldError(
                "no overlay", where="GraphDriver.Name", actual=repr(name)
            )
        lower = _text(data, "LowerDir")
        upper = _text(data, "UpperDir")
        if not upper:
            raise InvalidFieldError("no folder", where="GraphDriver.Data.UpperDir")
        return cls(
            # The nearest folder comes first in what Docker writes.
            lower=tuple(reversed(lower.split(":"))) if lower else (),
            upper=upper,
            merged=_text(data, "MergedDir"),
            work=_text(data, "WorkDir"),
        )

    @property
    def init(self) -> str | None:
        """Of a container, the folder in which Docker prepares its mount points."""
        return next((path for path in self.lower if path.endswith(_INIT)), None)

    @property
    def layers(self) -> tuple[str, ...]:
        """All folders, bottom first."""
        return (*self.lower, self.upper)

    @property
    def image_layers(self) -> tuple[str, ...]:
        """The folders of the image alone, bottom first."""
        if self.init is None:
            return self.layers
        return tuple(path for path in self.lower if path != self.init)

    def mount_options(self, *, read_only: bool = False) -> str:
        """What mount(8) takes after `-o`, for a mount of type `overlay`.

        Args:
            read_only: Look only: the upper folder is one more lower folder.

        >>> GraphDriver(lower=("/a", "/b"), upper="/c", work="/w").mount_options()
        'lowerdir=/b:/a,upperdir=/c,workdir=/w'
        """
        lower = [_escaped(path) for path in reversed(self.lower)]
        upper = _escaped(self.upper)
        if read_only:
            return f"lowerdir={':'.join([upper, *lower])}"
        work = _escaped(self.work)
        return f"lowerdir={':'.join(lower)},upperdir={upper},workdir={work}"

    def to_data(self) -> dict[str, str]:
        """What Docker writes as `Data`: the inverse of `parse`."""
        data = {
            "LowerDir": ":".join(reversed(self.lower)),
            "MergedDir": self.merged,
            "UpperDir": self.upper,
            "WorkDir": self.work,
        }
        return {key: value for key, value in data.items() if value}


def _text(data: Mapping[str, object], key: str) -> str:
    inner = data.get("Data", data)
    if not isinstance(inner, Mapping):
        raise InvalidFieldError(
            "no folders", where="GraphDriver.Data", actual=repr(inner)
        )
    value = cast("Mapping[str, object]", inner).get(key, "")
    if not isinstance(value, str):
        raise InvalidFieldError(
            "no folder", where=f"GraphDriver.Data.{key}", actual=repr(value)
        )
    return value


def _escaped(path: str) -> str:
    for special in ("\\", ":", ","):
        path = path.replace(special, f"\\{special}")
    return path
