"""A layer unpacked entry by entry, into nothing.

This is what overlay drivers do with each layer: the later entry replaces the
earlier one, and a symlink of the layer itself is followed inside the root. Only
layers that name a path twice or put something below a file need it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ocilayers.errors import HardlinkTargetError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._hardlinks import bind_chain, hardlink_target, in_layer
from ocilayers.tree._links import follow
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import Cleaned, join, parent
from ocilayers.tree.contents import Contents
from ocilayers.tree.rules import (
    DUPLICATE_PATH,
    HARDLINK_FORWARD,
    PARENT_IS_FILE,
    SYMLINKED_PARENT_DANGLES,
    SYMLINKED_PARENT_ESCAPES,
)

__all__ = ["Extraction"]

_LEADING: Final = frozenset({Kind.SYMLINK, Kind.HARDLINK})
"""What may lead ways elsewhere: a hard link to a symlink is one, too."""


class Extraction:
    """One layer being unpacked.

    Args:
        limits: How much the layer may cost.
        notes: Where findings go.
        leftovers: Files that AUFS left behind for hard links to name.
    """

    def __init__(
        self, limits: Limits, notes: Notes, leftovers: dict[str, Entry]
    ) -> None:
        self.contents = Contents({}, {""}, regular=False)
        self.limits = limits
        self.notes = notes
        self._leftovers = leftovers
        self._children: dict[str, list[str]] = {}
        self.aliases: dict[str, str] = {}
        self._pending: dict[str, str] = {}

    def unpack(self, paths: Iterable[str], entries: Iterable[Entry]) -> Contents:
        """Unpack *entries* at *paths*, in this order."""
        for path, entry in zip(paths, entries, strict=True):
            self.add(path, entry)
        return self.finish()

    def add(self, path: str, entry: Entry) -> None:
        """Unpack one entry.

        Raises:
            SymlinkLoopError: The way to it goes round in a circle.
            HardlinkTargetError: It links to a directory, or to itself.
        """
        directory, _, name = path.rpartition("/")
        if directory not in self.contents.dirs:
            directory = self._enter(directory, path)
        path = join(directory, name)
        self._make_room(path, entry)
        if entry.kind is Kind.DIRECTORY:
            self.contents.dirs.add(path)
            self.contents.implied.discard(path)
        elif entry.kind is Kind.HARDLINK:
            self._link(path, entry)
        self.contents.table[path] = entry
        self._children.setdefault(directory, []).append(path)

    def finish(self) -> Contents:
        """Bind the hard links that stood before their targets."""
        targets = {
            path: in_layer(target, self.contents, self.limits)
            for path, target in self._pending.items()
        }
        for path, target in targets.items():
            if target in self.contents.table:
                self.notes.add(HARDLINK_FORWARD, path)
            if path not in self.contents.links:
                bind_chain(path, targets, self.contents, self._leftovers, self.notes)
        return self.contents

    def symlink(self, path: str) -> str | None:
        """The target of the symlink at *path*, if there is one."""
        return self.contents.symlink(path)

    def make_way(self, path: str) -> None:
        """Have nothing but a directory at *path*."""
        if path in self.contents.table:
            self.notes.add(PARENT_IS_FILE, path)
            self.clear(path)

    def find(self, path: str) -> str:
        """*path* with the symlinks on the way to it followed."""
        directory, _, name = path.rpartition("/")
        return join(self.walk(directory).path, name)

    def walk(self, directory: str) -> Cleaned:
        """Where *directory* leads."""
        return follow(directory, self._look, limits=self.limits)

    def _look(self, path: str, _rest: int) -> str | None:
        return self.symlink(path)

    def _enter(self, directory: str, path: str) -> str:
        """The real directory that *directory* leads to, made if it is missing."""
        real = self.aliases.get(directory)
        if real is not None:
            return real
        led = self.walk(directory)
        real = led.path
        missing: list[str] = []
        above = real
        while above not in self.contents.dirs:
            missing.append(above)
            self.make_way(above)
            above = parent(above)
        if led.escapes:
            self.notes.add(SYMLINKED_PARENT_ESCAPES, path)
        elif missing and real != directory:
            self.notes.add(SYMLINKED_PARENT_DANGLES, path)
        self.contents.imply(real, self.limits, self.notes)
        for made in missing:
            self._children.setdefault(parent(made), []).append(made)
        if real != directory:
            self.aliases[directory] = real
        return real

    def _make_room(self, path: str, entry: Entry) -> None:
        contents = self.contents
        if path in contents.table:
            self.notes.add(DUPLICATE_PATH, path)
        if path in contents.dirs:
            if entry.kind is Kind.DIRECTORY:
                return
            if path in contents.implied:
                message = "a later entry replaces what the layer put below this path"
                self.notes.add(DUPLICATE_PATH, path, message)
        elif path not in contents.table:
            if entry.kind in _LEADING:
                self.aliases.clear()
            self.cover(path, entry)
            return
        self.clear(path)

    def cover(self, path: str, entry: Entry) -> None:
        """Have *entry* over what the lower layers have at *path*; here is none."""

    def clear(self, path: str) -> None:
        """Forget what is at *path* and below."""
        contents = self.contents
        self.aliases.clear()
        todo = [path]
        while todo:
            gone = todo.pop()
            contents.table.pop(gone, None)
            contents.links.pop(gone, None)
            contents.implied.discard(gone)
            contents.dirs.discard(gone)
            self._pending.pop(gone, None)
            todo.extend(self._children.pop(gone, ()))

    def _link(self, path: str, entry: Entry) -> None:
        target = hardlink_target(path, entry, self.notes)
        real = self.find(target)
        contents = self.contents
        if real == path or real in contents.dirs:
            what = "itself" if real == path else "a directory"
            raise HardlinkTargetError(
                f"a hard link to {what}", where=self.notes.where(path), actual=target
            )
        link = (
            contents.links.get(real)
            or contents.table.get(real)
            or self._leftovers.get(target)
        )
        if link is None or real in self._pending:
            self.defer(path, target, real)
        else:
            contents.links[path] = link

    def defer(self, path: str, target: str, real: str) -> None:
        """Take a hard link whose target has not come yet.

        Args:
            path: The hard link.
            target: What it names.
            real: The same with this layer's symlinks followed so far.
        """
        self._pending[path] = real if real in self._pending else target
