"""Layers on top of each other: which path comes from which of them.

Law: flat, path → entry. No depth recurses, and putting a layer on the others is
little more than one `dict.update`. Which layer a path comes from is worked out when
somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import attrs

from ocilayers._types import SupportsRead
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._paths import byte_order
from ocilayers.tree.changeset import Changeset

__all__ = ["Hiding", "Inode", "Merged"]


@attrs.frozen
class Inode:
    """What one or more paths share.

    Attributes:
        layer: The layer that stores it.
        path: One of its paths there.
    """

    layer: int
    path: str


@attrs.frozen
class Hiding:
    """That a path of one layer stopped being seen.

    Attributes:
        path: The path.
        stored: The layer that it came from.
        layer: The layer that hid it.
        cause: How.
        at: The path of the mark or entry that did it.
    """

    path: str
    stored: int
    layer: int
    cause: Literal["whiteout", "opaque", "replaced"]
    at: str


@attrs.define(eq=False)
class Merged:
    """What layers make together.

    Attributes:
        layers: Bottom first, as they were applied.
        paths: What made each path: an entry, or the layer that implies it. The root is
            the empty text.
        dirs: The directories among the paths.
        residents: For each directory the layers that put something in it since it
            was last empty.
        borrowed: For hard links to a lower layer, by layer and path, what they share.
        limits: What they may cost.
        hidings: Every path that was hidden, where anybody asks.
    """

    limits: Limits = attrs.field(factory=Limits)
    layers: list[Changeset] = attrs.field(factory=list[Changeset])
    paths: dict[str, Entry | int] = attrs.field(factory=lambda: {"": 0})
    dirs: set[str] = attrs.field(factory=lambda: {""})
    residents: dict[str, list[int]] = attrs.field(factory=dict[str, list[int]])
    borrowed: dict[tuple[int, str], Inode] = attrs.field(
        factory=dict[tuple[int, str], Inode]
    )
    hidings: list[Hiding] | None = None
    _named_last: dict[str, int] = attrs.field(factory=dict[str, int])
    _indexed: int = 0
    _groups: dict[tuple[int, int], tuple[str, ...]] | None = None

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        # Identities are those of this process: groups of links are made again.
        state: dict[str, object] = {
            name: getattr(self, name) for name in attrs.fields_dict(Merged)
        }
        return None, {**state, "_groups": None}

    def layer_of(self, path: str) -> int:
        """The layer that *path* comes from."""
        made_by = self.paths[path]
        if isinstance(made_by, int):
            return made_by
        # What is there comes from the last layer that names it. Each layer is looked
        # at once, also while others are still to come.
        while self._indexed < len(self.layers):
            table = self.layers[self._indexed].contents.table
            self._named_last.update(dict.fromkeys(table, self._indexed))
            self._indexed += 1
        return self._named_last[path]

    def inode(self, path: str) -> Inode:
        """What *path* shares with its other names."""
        return self.stored(self.layer_of(path), path)

    def stored(self, layer: int, path: str) -> Inode:
        """What *path* is in *layer*, seen or not."""
        return self.borrowed.get((layer, path)) or Inode(layer, path)

    def entry_of(self, inode: Inode) -> Entry | None:
        """The entry that made *inode*; None for an implied directory."""
        return self.layers[inode.layer].inode(inode.path)

    def entry(self, path: str) -> Entry | None:
        """The entry that made the inode of *path*; None for an implied directory."""
        made_by = self.paths[path]
        if isinstance(made_by, int):
            return None
        if made_by.kind is Kind.HARDLINK:
            return self.entry_of(self.inode(path))
        return made_by

    def kind(self, path: str) -> Kind | None:
        """What *path* is; None where there is nothing."""
        if path in self.dirs:
            return Kind.DIRECTORY
        if path not in self.paths:
            return None
        entry = self.entry(path)
        return entry.kind if entry else Kind.DIRECTORY

    def symlink(self, path: str) -> str | None:
        """The target of the symlink at *path*, if there is one."""
        if path not in self.paths or path in self.dirs:
            return None
        entry = self.entry(path)
        return entry.target if entry and entry.kind is Kind.SYMLINK else None

    def children(self, directory: str) -> list[str]:
        """What is in *directory*, in byte order."""
        layers = self.residents.get(directory, ())
        return byte_order(self._alive(directory, layers))

    def _alive(self, directory: str, layers: Iterable[int]) -> set[str]:
        listed = (self.layers[n].children.get(directory, ()) for n in layers)
        return {path for paths in listed for path in paths if path in self.paths}

    def walk(self, start: str) -> Iterator[str]:
        """*start* and everything below it, parents first, siblings in byte order."""
        todo = [start]
        while todo:
            path = todo.pop()
            yield path
            if path in self.dirs:
                todo.extend(reversed(self.children(path)))

    def links(self, path: str) -> tuple[str, ...]:
        """All paths of the inode of *path*, itself included, in byte order."""
        return self.names_of(self.inode(path)) or (path,)

    def names_of(self, inode: Inode) -> tuple[str, ...]:
        """The paths that are seen of an *inode* that several paths share."""
        if self._groups is None:
            self._groups = self._group_links()
        if not self._groups:
            return ()
        return self._groups.get((inode.layer, id(self.entry_of(inode))), ())

    def _group_links(self) -> dict[tuple[int, int], tuple[str, ...]]:
        shared = [set(layer.shared) for layer in self.layers]
        for inode in self.borrowed.values():
            shared[inode.layer].add(inode.path)
        groups: dict[tuple[int, int], list[str]] = {}
        for n, paths in enumerate(shared):
            for path in paths:
                if path in self.paths and self.layer_of(path) == n:
                    inode = self.stored(n, path)
                    key = inode.layer, id(self.entry_of(inode))
                    groups.setdefault(key, []).append(path)
        return {key: tuple(byte_order(paths)) for key, paths in groups.items()}

    def open(self, path: str) -> SupportsRead:
        """A stream of the content at *path*.

        Raises:
            ContentNotKeptError: Nobody kept it.
        """
        inode = self.inode(path)
        return self.layers[inode.layer].open_path(inode.path)
