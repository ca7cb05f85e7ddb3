"""Hard links to lower layers whose target is not there any more.

Law: an inode stays one inode. Where it has another name below, the links name that;
where it has none, the layer stores it, and the other links name the first.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ocilayers.tar.entry import Entry
from ocilayers.tree._overlay import find_lower
from ocilayers.tree.changeset import Changeset, Origin
from ocilayers.tree.merged import Merged

__all__ = ["rebind"]


def rebind(layer: Changeset, lower: Merged, gone: Callable[[str], bool]) -> Changeset:
    """*layer* without hard links to what is *gone*.

    Args:
        layer: Its contents are changed, so nobody else may have it.
        lower: What it lies on.
        gone: Whether a path of *lower* is one that its links may not name.
    """
    contents = layer.contents
    stored: dict[tuple[str, ...], Entry] = {}
    origins: dict[str, Origin] = {}
    for path, target in contents.lower_links():
        found = find_lower(target, layer, lower)
        entry = None if found is None else lower.entry(found)
        if found is None or entry is None or found in lower.dirs:
            continue
        if not gone(found):
            # A symlink that led there may be gone.
            contents.links[path] = found
            continue
        names = lower.links(found)
        left = [name for name in names if not gone(name)]
        if left:
            contents.links[path] = left[0]
            continue
        if names in stored:
            contents.links[path] = stored[names]
        else:
            del contents.links[path]
            contents.table[path] = stored[names] = attrs.evolve(entry, path=path)
        # Whichever of them is written first is the one that is asked for content.
        if entry.size and entry.content is None:
            inode = lower.inode(found)
            origins[path] = lower.layers[inode.layer].origin(inode.path)
    return layer.with_origins(origins)
