"""What an image stores and nobody sees, or sees twice, and why.

Law: each file that a layer stores is counted once: it is seen, or it is waste of one
cause. So the parts add up to the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs
from typing_extensions import override

from ocilayers._text import safe_text
from ocilayers.image._digests import Digests, Key, read_digests
from ocilayers.image._edit import paired
from ocilayers.tar.entry import Kind
from ocilayers.tree.facets import differing
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.hidden import HiddenNode
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node
from ocilayers.tree.stored import StoredNode

if TYPE_CHECKING:
    from ocilayers.image.image import Image

__all__ = ["CAUSES", "Cause", "LayerUse", "WasteItem", "WasteReport", "waste"]

Cause: TypeAlias = Literal[
    "deleted", "overwritten", "metadata", "unchanged", "link-broken", "duplicate"
]
"""Why bytes are wasted:

- `deleted`: a higher layer hides the file, by a whiteout or an opaque directory.
- `overwritten`: a higher layer has something else at its path.
- `metadata`: a higher layer stores it again with the same content, for a new mode,
  owner, time or extended attribute.
- `unchanged`: a higher layer stores it again with nothing changed at all.
- `link-broken`: it was another name of a file that is still seen, until its layer
  stored a copy.
- `duplicate`: a file with the same content is seen at another path.
"""

CAUSES: tuple[Cause, ...] = (
    "deleted",
    "overwritten",
    "metadata",
    "unchanged",
    "link-broken",
    "duplicate",
)
"""All of them, in the order in which they are told."""


@attrs.frozen
class WasteItem:
    """One file that is stored for nothing.

    Attributes:
        path: Its path, absolute.
        layer: The layer that stores it.
        cause: Why it is waste.
        size: Of its content, in bytes.
        stored_estimate: What that may be of the stored blob, in bytes: as much as if
            all of the layer were compressed alike. It is an estimate.
        by: The layer that hides it; None where it is seen, and a copy.
        same_as: The path that has the same content, where there is one.
        created_by: The command that made the layer which hides it, or which stores
            the copy.
    """

    path: str
    layer: int
    cause: Cause
    size: int
    stored_estimate: int
    by: int | None
    same_as: str | None
    created_by: str


@attrs.frozen
class LayerUse:
    """What becomes of the files of one layer.

    Attributes:
        layer: Its place, counted from the base.
        created_by: The command that made it.
        stored: The size of its blob, in bytes.
        content: The content of all files that it stores, in bytes.
        wasted: How much of `content` is waste.
        stored_waste_estimate: How much of `stored` that may be; an estimate.
    """

    layer: int
    created_by: str
    stored: int
    content: int
    wasted: int
    stored_waste_estimate: int

    @property
    def seen(self) -> int:
        """How much of `content` is seen, and nowhere else, in bytes."""
        return self.content - self.wasted


@attrs.frozen
class WasteReport:
    """Everything that an image stores for nothing, the largest first.

    Attributes:
        layers: What becomes of the files of each layer, the base first.
        items: Each file that is waste.
    """

    layers: tuple[LayerUse, ...]
    items: tuple[WasteItem, ...] = attrs.field(repr=False)

    @property
    def content(self) -> int:
        """The content of all files that the layers store, in bytes."""
        return sum(layer.content for layer in self.layers)

    @property
    def wasted(self) -> int:
        """How much of `content` is waste, in bytes."""
        return sum(layer.wasted for layer in self.layers)

    @property
    def stored_waste_estimate(self) -> int:
        """How much of the stored blobs that may be, in bytes; an estimate."""
        return sum(layer.stored_waste_estimate for layer in self.layers)

    @property
    def by_cause(self) -> Mapping[Cause, int]:
        """How many bytes are wasted for each cause, zeros included."""
        sums = dict.fromkeys(CAUSES, 0)
        for item in self.items:
            sums[item.cause] += item.size
        return sums

    def rows(self) -> Iterator[dict[str, object]]:
        """One plain dict for each item, ready for a data frame."""
        return (attrs.asdict(item) for item in self.items)

    @override
    def __str__(self) -> str:
        lines = [f"{self.wasted} of {self.content} bytes are waste"]
        lines += [
            f"{size:>12} {cause}" for cause, size in self.by_cause.items() if size
        ]
        lines += [
            f"{item.size:>12} layer {item.layer} {item.cause} {safe_text(item.path)}"
            for item in self.items[:_SHOWN]
        ]
        return "\n".join(lines)


_SHOWN = 10


def waste(
    image: Image,
    *,
    executor: Executor | None = None,
    progress: Callable[[int], object] | None = None,
) -> WasteReport:
    """Read each layer once, with the digests of its files, and tell what is waste.

    Raises:
        ImageError: Manifest and config have different numbers of layers.
        OCILayersError: A layer does not verify, or the layers make no file system.
    """
    paired(image)
    read = read_digests(image.layers, executor=executor, progress=progress)
    created_by = [layer.created_by for layer in image.layers]
    fs = merge(
        [layer.index for layer in read], limits=image.limits, created_by=created_by
    )
    items = [*_hidden(fs, read), *_copies(fs, read)]
    items.sort(key=lambda item: (-item.size, item.layer, item.path))
    wasted: dict[int, int] = defaultdict(int)
    for item in items:
        wasted[item.layer] += item.size
    layers = tuple(
        LayerUse(
            layer=n,
            created_by=created_by[n],
            stored=one.index.facts.size,
            content=one.content,
            wasted=wasted[n],
            stored_waste_estimate=one.estimate(wasted[n]),
        )
        for n, one in enumerate(read)
    )
    return WasteReport(layers, tuple(items))


def _hidden(fs: Filesystem, read: list[Digests]) -> Iterator[WasteItem]:
    for node in fs.hidden():
        if node.kind is Kind.FILE and node.size:
            by = node.hidden_by.layer
            upper = _replacement(fs, node)
            yield WasteItem(
                path=node.path,
                layer=node.layer,
                cause=_why_hidden(node, upper, read),
                size=node.size,
                stored_estimate=read[node.layer].estimate(node.size),
                by=by,
                same_as=None,
                created_by=node.hidden_by.created_by,
            )


def _replacement(fs: Filesystem, node: HiddenNode) -> Node | None:
    """The file that took the place of *node*, if one did."""
    event = node.hidden_by
    if event.cause != "replaced" or event.at != node.path:
        return None
    upper = StoredNode.of(fs.merged, event.layer, node.path[1:])
    return upper if upper.kind is Kind.FILE else None


def _why_hidden(node: HiddenNode, upper: Node | None, read: list[Digests]) -> Cause:
    if node.hidden_by.cause != "replaced":
        return "deleted"
    key = _key(node, read)
    if upper is None or key is None or key != _key(upper, read):
        return "overwritten"
    facets = set(differing(node, upper, ignore=("content", "links")))
    return "metadata" if facets else "unchanged"


def _copies(fs: Filesystem, read: list[Digests]) -> Iterator[WasteItem]:
    """Files that are seen, and have the content of another that is seen."""
    inodes = {
        node.inode: node
        for node in fs.walk()
        if node.kind is Kind.FILE and node.size and node.path == node.links[0]
    }
    same: dict[Key, list[Node]] = defaultdict(list)
    for node in sorted(inodes.values(), key=lambda node: node.layer):
        if (key := _key(node, read)) is not None:
            same[key].append(node)
    for first, *others in same.values():
        for node in others:
            broken = _was_link(fs, node, first)
            yield WasteItem(
                path=node.path,
                layer=node.layer,
                cause="link-broken" if broken else "duplicate",
                size=node.size,
                stored_estimate=read[node.layer].estimate(node.size),
                by=None,
                same_as=first.path,
                created_by=fs.created_by[node.layer],
            )


def _was_link(fs: Filesystem, node: Node, first: Node) -> bool:
    """Whether *node* took the place of another name of *first*."""
    names = _names_below(node.links)
    return any(
        name in fs.layers[n].contents.table
        and StoredNode.of(fs.merged, n, name).inode == first.inode
        for n in range(first.layer, node.layer)
        for name in names
    )


def _names_below(links: Iterable[str]) -> list[str]:
    return [link[1:] for link in links]


def _key(node: Node, read: list[Digests]) -> Key | None:
    return read[node.layer].by_offset.get(node.offset)
