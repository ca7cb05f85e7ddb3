"""The names of one inode, followed from layer to layer."""

from __future__ import annotations

from ocilayers.tree.merged import Merged
from ocilayers.tree.stored import StoredNode

__all__ = ["Names"]


class Names:
    """Which names of an inode are seen, besides the one it is asked by.

    Args:
        node: The inode, at the path that asks.
        n: The layer that put it there.
        merged: The layers, as applied.

    Attributes:
        seen: The other names that are seen so far.
    """

    def __init__(self, node: StoredNode, n: int, merged: Merged) -> None:
        self._merged = merged
        self._path = node.path[1:]
        self._stored: dict[int, set[str]] = {}
        self.seen: frozenset[str] = frozenset()
        shared = [
            (k, path) for k, layer in enumerate(merged.layers) for path in layer.shared
        ]
        shared += ((inode.layer, inode.path) for inode in merged.borrowed.values())
        for k, path in shared:
            other = StoredNode.of(merged, k, path)
            if node.layer == other.layer and node.stored_as(other):
                self._stored.setdefault(k, set()).add(path)
        for lower in range(n + 1):
            self.pass_layer(lower)

    def pass_layer(self, n: int) -> frozenset[str]:
        """Go on to what is seen after layer *n*; the names that came or went."""
        if not self._stored:
            return self.seen
        before, contents = self.seen, self._merged.layers[n].contents
        stay = {
            path
            for path in before
            if path not in contents.table
            and path not in contents.dirs
            and not contents.hides(path)
        }
        self.seen = frozenset(stay | self._stored.get(n, set())) - {self._path}
        return before ^ self.seen
