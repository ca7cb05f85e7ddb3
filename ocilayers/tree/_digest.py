"""One digest for a whole file system.

It is the sha256 of one line of JSON for each path, parents first, siblings in byte
order, keys sorted, no spaces, everything outside ASCII escaped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable

from ocilayers.spec.digest import Digest
from ocilayers.tar.entry import Kind
from ocilayers.tree.facets import Facet
from ocilayers.tree.node import Node

__all__ = ["tree_digest"]


def tree_digest(nodes: Iterable[Node], ignore: Collection[Facet]) -> Digest:
    """The digest of *nodes*, facets in *ignore* left out.

    Raises:
        ContentNotKeptError: Content was not kept, and is not ignored.
    """
    hasher = hashlib.sha256()
    for node in nodes:
        facts = {
            facet: value
            for facet, value in _facts(node).items()
            if facet not in ignore and value not in (None, {}, [])
        }
        if node.kind is Kind.FILE and "content" not in ignore:
            facts["content"] = node.digest()
        line = json.dumps(
            {"path": node.path, **facts}, sort_keys=True, separators=(",", ":")
        )
        hasher.update(f"{line}\n".encode())
    return Digest(f"sha256:{hasher.hexdigest()}")


def _facts(node: Node) -> dict[str, object]:
    return {
        "type": node.kind,
        "mode": node.mode,
        "owner": [node.uid, node.gid],
        "mtime": node.mtime_ns,
        "target": node.target if node.is_symlink() else None,
        "device": list(node.device or ()),
        "xattrs": {name: value.hex() for name, value in node.xattrs.items()},
        "links": list(node.links if node.nlink > 1 else ()),
    }
