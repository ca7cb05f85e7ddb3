"""In how many ways two versions of a path can differ.

Law: content is read only where sizes are equal and nothing else can tell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final, Literal, TypeAlias, get_args

from ocilayers._source import CHUNK_BYTES, read_up_to, release
from ocilayers._types import SupportsRead
from ocilayers.errors import MergeError
from ocilayers.tar.entry import Kind
from ocilayers.tree.node import Node

__all__ = ["FACETS", "Facet", "check_facets", "differing"]

Facet: TypeAlias = Literal[
    "type", "content", "mode", "owner", "mtime", "xattrs", "target", "device", "links"
]
"""One way in which two versions of a path can differ: `owner` is uid and gid, `target`
where a symlink leads, `links` which paths share the inode."""

FACETS: Final[tuple[Facet, ...]] = get_args(Facet)


def check_facets(facets: Iterable[str]) -> None:
    """Refuse what is no facet.

    Raises:
        MergeError: There is no such facet.
    """
    for facet in facets:
        if facet not in FACETS:
            raise MergeError("no such facet", expected=" ".join(FACETS), actual=facet)


def differing(
    lower: Node, upper: Node, *, ignore: Collection[Facet] = ()
) -> Iterator[Facet]:
    """The facets in which two versions of a path differ.

    Where the type differs nothing else is compared.

    Args:
        lower: The earlier version.
        upper: The later version.
        ignore: Facets not to look at.

    Raises:
        ContentNotKeptError: Content has to be compared and was not kept.
    """
    if lower.kind is not upper.kind:
        if "type" not in ignore:
            yield "type"
        return
    for facet in FACETS:
        if facet not in ignore and not _same(facet, lower, upper):
            yield facet


def _same(facet: Facet, lower: Node, upper: Node) -> bool:
    match facet:
        case "content":
            return lower.kind is not Kind.FILE or _same_content(lower, upper)
        case "owner":
            return (lower.uid, lower.gid) == (upper.uid, upper.gid)
        case "mtime":
            return lower.mtime_ns == upper.mtime_ns
        case "links":
            return lower.links == upper.links
        case "type":
            return lower.kind is upper.kind
        case _:
            same: bool = getattr(lower, facet) == getattr(upper, facet)
            return same


def _same_content(lower: Node, upper: Node) -> bool:
    if lower.size != upper.size:
        return False
    if not lower.size or lower.stored_as(upper):
        return True
    return _same_stream(lower.stream(), upper.stream())


def _same_stream(lower: SupportsRead, upper: SupportsRead) -> bool:
    try:
        while True:
            left = read_up_to(lower, CHUNK_BYTES)
            if left != read_up_to(upper, CHUNK_BYTES):
                return False
            if not left:
                return True
    finally:
        release(lower)
        release(upper)
