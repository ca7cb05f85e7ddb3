"""Layers as functions from file systems to file systems, one after the other.

What a composition says is exact for every lower file system, and has one form
only: two compositions that do the same are equal.

Where the upper layer makes a directory of what the lower one made something else of,
whatever is below both is gone; a whiteout beside the directory says so.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Generic, Protocol, TypeVar

from ocilayers.errors import HardlinkTargetError
from ocilayers.findings import FindingLog
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._links import follow
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import join, parent
from ocilayers.tree._sight import Sight
from ocilayers.tree.contents import Contents, Link

__all__ = ["Composition", "Lower"]

OriginT = TypeVar("OriginT")


class Lower(Protocol):
    """A merged file system, as far as its paths and symlinks."""

    @property
    def paths(self) -> Container[str]:
        """All of them."""
        ...

    def symlink(self, path: str) -> str | None:
        """The target of the symlink at *path*, if there is one."""
        ...


class Composition(Generic[OriginT]):
    """What several layers do together.

    Attributes:
        contents: In normal form once `finish` was called.
        origins: Where the content of each file comes from.

    Args:
        limits: How much they may cost.
        lower: What is below, where that is known.
    """

    def __init__(self, limits: Limits, lower: Lower | None = None) -> None:
        self.contents = Contents({}, {""})
        self._lower = lower
        self.origins: dict[str, OriginT] = {}
        self._limits = limits
        # What the layers say by themselves was noted when they were read.
        self._notes = Notes(FindingLog(limits=limits))
        self._residents: dict[str, list[list[str]]] = {}

    def add(
        self,
        upper: Contents,
        children: Mapping[str, list[str]],
        origin: Callable[[str], OriginT],
    ) -> None:
        """Do what *upper* does after everything so far.

        Args:
            upper: The next layer.
            children: Its paths by the directory they are in.
            origin: Where the content of its paths comes from.

        Raises:
            HardlinkTargetError: It links to what is hidden, or to a directory.
        """
        bound = {
            path: self._bind(path, link, upper) for path, link in upper.lower_links()
        }
        self._hide(upper)
        self._make_directories(upper)
        self._add_entries(upper, origin)
        for path, (link, there) in bound.items():
            self.contents.links[path] = link
            if there is not None:
                self.origins[path] = there
        self.contents.whiteouts.update(upper.whiteouts)
        self.contents.opaques.update(upper.opaques)
        for directory, paths in children.items():
            self._residents.setdefault(directory, []).append(paths)
        count = len(self.contents.table) + len(self.contents.implied)
        self._limits.check("entries", count)

    def finish(self) -> Contents:
        """Bring everything into normal form."""
        self.contents.settle_marks(self._limits, self._notes)
        for path in self.origins.keys() - self.contents.table.keys():
            del self.origins[path]
        return self.contents

    def _bind(
        self, path: str, target: str, upper: Contents
    ) -> tuple[Link, OriginT | None]:
        """What a hard link to a lower layer shares, with the lower layers known."""
        contents = self.contents
        led = self._lead(target, upper)
        link = contents.links.get(led) or contents.table.get(led)
        if link is not None and led not in contents.dirs:
            return link, self.origins.get(led)
        if led in contents.dirs or contents.hides(led):
            raise HardlinkTargetError(
                "a hard link to a directory, or to what the layer below hides",
                where=f"/{path}",
                actual=target,
            )
        return led, None

    def _lead(self, target: str, upper: Contents) -> str:
        """*target* with symlinks followed: those so far, then those of *upper* too."""
        table = self.contents.table
        if target in table:
            return target
        directory, _, name = target.rpartition("/")

        sight = Sight(self._covers)

        def below(path: str, _rest: int) -> str | None:
            lower, link = self._seen(path, sight), self.contents.links.get(path)
            if lower is not None:
                return lower.symlink(path)
            if isinstance(link, str) and self._lower is not None:
                return self._lower.symlink(link)
            return self.contents.symlink(path)

        def together(path: str, rest: int) -> str | None:
            return upper.symlink(path) if path in upper.table else below(path, rest)

        # What is not known here may be on layers that are not known either.
        unknown = ""
        for look in (below, together):
            led = join(follow(directory, look, limits=self._limits).path, name)
            lower = self._seen(led, sight)
            if led in table or (lower is not None and led in lower.paths):
                return led
            unknown = unknown or led
        return unknown

    def _seen(self, path: str, sight: Sight) -> Lower | None:
        """What is below, if it is known and shows at *path*."""
        contents = self.contents
        own = path in contents.table or path in contents.dirs
        if self._lower is None or own or path in contents.whiteouts:
            return None
        return self._lower if sight.inside(parent(path)) else None

    def _covers(self, path: str) -> bool:
        contents = self.contents
        replaced = path in contents.table and path not in contents.dirs
        return replaced or path in contents.whiteouts or path in contents.opaques

    def _hide(self, upper: Contents) -> None:
        for path in upper.whiteouts:
            self._remove(path)
        for path in upper.opaques:
            self._empty(path)
        for path in (upper.table.keys() & self.contents.dirs) - upper.dirs:
            self._remove(path)

    def _remove(self, path: str) -> None:
        if self._drop(path):
            self._empty(path)

    def _empty(self, directory: str) -> None:
        todo = [directory]
        while todo:
            for paths in self._residents.pop(todo.pop(), ()):
                todo.extend(path for path in paths if self._drop(path))

    def _drop(self, path: str) -> bool:
        """Forget *path*; whether it was a directory."""
        contents = self.contents
        contents.table.pop(path, None)
        contents.links.pop(path, None)
        contents.opaques.pop(path, None)
        contents.implied.discard(path)
        directory = path in contents.dirs
        contents.dirs.discard(path)
        return directory

    def _make_directories(self, upper: Contents) -> None:
        contents = self.contents
        for path in (upper.dirs - contents.dirs) & contents.table.keys():
            self._drop(path)
            contents.whiteouts[path] = Entry(path, Kind.WHITEOUT)
        contents.implied |= upper.implied - contents.dirs
        contents.implied -= upper.table.keys()
        contents.dirs |= upper.dirs

    def _add_entries(self, upper: Contents, origin: Callable[[str], OriginT]) -> None:
        contents = self.contents
        if contents.links:
            for path in upper.table.keys() & contents.links.keys():
                del contents.links[path]
        contents.table.update(upper.table)
        inodes = {
            path: link for path, link in upper.links.items() if isinstance(link, Entry)
        }
        contents.links.update(inodes)
        for path, entry in {**upper.table, **inodes}.items():
            if entry.size and entry.content is None:
                self.origins[path] = origin(path)
