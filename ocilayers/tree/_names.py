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
        self._stored = _stored(node, merged)
        self.seen: frozenset[str] = frozenset()
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


def _stored(node: StoredNode, merged: Merged) -> dict[int, set[str]]:
    """The names of the inode of *node*, by the layers that store them."""
    layer, entry = node.layer, node.entry
    contents = merged.layers[layer].contents
    names = {path for path, link in contents.links.items() if link is entry}
    borrowed = [
        (n, path)
        for (n, path), inode in merged.borrowed.items()
        if inode.layer == layer and merged.entry_of(inode) is entry
    ]
    if not (names or borrowed):
        return {}
    # Whoever has other names also has the one that is no link.
    names.update(path for path, made in contents.table.items() if made is entry)
    stored = {layer: names}
    for n, path in borrowed:
        stored.setdefault(n, set()).add(path)
    return stored
