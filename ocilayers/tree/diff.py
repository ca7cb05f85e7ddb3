"""`diff`: two file systems, compared facet by facet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

import attrs

from ocilayers._types import override
from ocilayers.spec.digest import Digest
from ocilayers.tar.entry import Kind
from ocilayers.tree._least import least_layer
from ocilayers.tree._paths import tree_order
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.facets import Facet, check_facets, differing
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.node import Node

__all__ = ["Change", "Diff", "Rename", "diff"]


@attrs.frozen
class Change:
    """One path that is not the same in two file systems.

    Attributes:
        path: Absolute.
        kind: Whether the path is new, gone, or something else than before.
        facets: What differs; empty for what is new or gone.
        lower: The path as it was.
        upper: The path as it is.
    """

    path: str
    kind: Literal["added", "removed", "changed"]
    facets: tuple[Facet, ...] = ()
    lower: Node | None = attrs.field(default=None, repr=False)
    upper: Node | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Rename:
    """A file that is gone, and a new one with the same content.

    Attributes:
        before: The path that is gone.
        after: The path that is new.
        digest: Of the content.
    """

    before: str
    after: str
    digest: Digest


@attrs.frozen(repr=False)
class Diff:
    """What makes one file system another.

    Attributes:
        lower: The file system before.
        upper: The file system after.
        changes: What differs, parents first, siblings in byte order.
    """

    lower: Filesystem
    upper: Filesystem
    changes: tuple[Change, ...]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def added(self) -> tuple[Change, ...]:
        """The paths that are new."""
        return tuple(change for change in self.changes if change.kind == "added")

    @property
    def removed(self) -> tuple[Change, ...]:
        """The paths that are gone."""
        return tuple(change for change in self.changes if change.kind == "removed")

    @property
    def changed(self) -> tuple[Change, ...]:
        """The paths that are something else than before."""
        return tuple(change for change in self.changes if change.kind == "changed")

    def by_facet(self, facet: Facet) -> tuple[Change, ...]:
        """The paths that differ in *facet*."""
        return tuple(change for change in self.changes if facet in change.facets)

    def renames(self) -> tuple[Rename, ...]:
        """Files that went away and came back under another name.

        Only files whose sizes occur on both sides are read. Where several have the
        same content they are paired in their order.

        Raises:
            ContentNotKeptError: Content has to be compared and was not kept.
        """
        before = _files(change.lower for change in self.removed)
        after = _files(change.upper for change in self.added)
        sizes = {node.size for node in before} & {node.size for node in after}
        gone: dict[Digest, list[Node]] = {}
        for node in before:
            if node.size in sizes:
                gone.setdefault(node.digest(), []).append(node)
        found: list[Rename] = []
        for node in after:
            if node.size in sizes:
                digest = node.digest()
                candidates = gone.get(digest)
                if candidates:
                    found.append(Rename(candidates.pop(0).path, node.path, digest))
        return tuple(found)

    def changeset(self, *, opaque: bool = False) -> Changeset:
        """The least layer that makes *upper* of *lower*.

        It names every directory above what it changes, whites out the topmost paths
        that are gone, and stores all paths of an inode when it stores one.

        Args:
            opaque: Mark a directory opaque where all that was in it is gone or stored
                again, instead of whiting out path by path.
        """
        return least_layer(
            self.lower.merged,
            self.upper.merged,
            changed=[change.path[1:] for change in self.changes if change.upper],
            removed=[change.path[1:] for change in self.removed],
            opaque=opaque,
        )

    def _repr_html_(self) -> str:
        from ocilayers.notebook.changes import diff_html  # noqa: PLC0415 - the one arrow up

        return diff_html(self)

    @override
    def __repr__(self) -> str:
        counts = len(self.added), len(self.removed), len(self.changed)
        return "<Diff: {} added, {} removed, {} changed>".format(*counts)


def diff(
    lower: Filesystem, upper: Filesystem, *, ignore: Collection[Facet] = ()
) -> Diff:
    """What makes *upper* of *lower*.

    Args:
        lower: The file system before.
        upper: The file system after.
        ignore: Facets that do not count, of `type content mode owner mtime xattrs
            target device links`.

    Raises:
        ContentNotKeptError: Content has to be compared and was not kept.
        MergeError: There is no such facet.

    >>> from ocilayers.tar.entry import Entry
    >>> from ocilayers.tree.merge import merge
    >>> before = merge([[Entry("a", "file"), Entry("b", "file", mode=0o600)]])
    >>> after = merge([[Entry("b", "file", mode=0o644)]])
    >>> [(change.path, change.kind, change.facets) for change in diff(before, after)]
    [('/a', 'removed', ()), ('/b', 'changed', ('mode',))]
    """
    check_facets(ignore)
    before, after = lower.merged, upper.merged
    changes: list[Change] = []
    for path in tree_order(before.paths.keys() | after.paths.keys()):
        old = Node(before, path) if path in before.paths else None
        new = Node(after, path) if path in after.paths else None
        if old is None or new is None:
            kind: Literal["added", "removed"] = "added" if old is None else "removed"
            changes.append(Change(f"/{path}", kind, (), old, new))
        elif facets := tuple(differing(old, new, ignore=ignore)):
            changes.append(Change(f"/{path}", "changed", facets, old, new))
    return Diff(lower, upper, tuple(changes))


def _files(nodes: Iterator[Node | None]) -> list[Node]:
    return [node for node in nodes if node and node.kind is Kind.FILE and node.size]
