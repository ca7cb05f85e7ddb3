"""What an image stores and nobody sees, or sees twice, and why.

Law: each file that a layer stores is counted once: it is seen, or it is waste of one
cause. So the parts add up to the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from ocilayers._text import safe_text
from ocilayers._types import override
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

- `deleted`: nobody sees the file, and nothing is in its place. A whiteout or an opaque
  directory hides it, or AUFS left it behind.
- `overwritten`: something else is at its path, or at a path above it.
- `metadata`: the same content is at its path again, with a new mode, owner, time or
  extended attribute.
- `unchanged`: the same file is at its path again, and nothing is new.
- `link-broken`: it is seen, and was a name of the same file as another that is seen
  with the same content, until a layer stored it apart.
- `duplicate`: it is seen, and so is another file with the same content.
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
        by: The layer that hides its last name; None where it is seen, and a copy.
        same_as: Of a copy, the path that is seen and has the same content.
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
        """How much of `content` is needed for what is seen, in bytes."""
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

    def _repr_html_(self) -> str:
        from ocilayers.notebook.waste import waste_html  # noqa: PLC0415 - the one arrow up

        return waste_html(self)

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


_SHOWN: Final = 10
_Identity: TypeAlias = tuple[int, int]
"""One file of an image: its layer, and which entry. Paths do not tell, as a layer may
name one twice."""


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
    fs = merge(read, limits=image.limits, created_by=created_by)
    items = [*_hidden(fs, read), *_copies(fs, read)]
    items.sort(key=lambda item: (-item.size, item.layer, _as_bytes(item.path)))
    wasted: dict[int, list[WasteItem]] = defaultdict(list)
    for item in items:
        wasted[item.layer].append(item)
    layers = tuple(
        LayerUse(
            layer=n,
            created_by=created_by[n],
            stored=one.index.facts.size,
            content=one.content,
            wasted=sum(item.size for item in wasted[n]),
            stored_waste_estimate=sum(item.stored_estimate for item in wasted[n]),
        )
        for n, one in enumerate(read)
    )
    return WasteReport(layers, tuple(items))


def _hidden(fs: Filesystem, read: Sequence[Digests]) -> Iterator[WasteItem]:
    for node in _last_names(fs):
        yield WasteItem(
            path=node.path,
            layer=node.layer,
            cause=_why_hidden(node, fs, read),
            size=node.size,
            stored_estimate=read[node.layer].estimate(node.size),
            by=node.hidden_by.layer,
            same_as=None,
            created_by=node.hidden_by.created_by,
        )


def _last_names(fs: Filesystem) -> Iterable[HiddenNode]:
    """Each file that nobody sees once, by the name that was hidden last."""
    last: dict[_Identity, HiddenNode] = {}
    for node in sorted(fs.hidden(), key=_last_first):
        if node.kind is Kind.FILE and node.size:
            last.setdefault((node.layer, id(node.entry)), node)
    return last.values()


def _last_first(node: HiddenNode) -> tuple[int, bytes]:
    return -node.hidden_by.layer, _as_bytes(node.path)


def _as_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _why_hidden(node: HiddenNode, fs: Filesystem, read: Sequence[Digests]) -> Cause:
    by, path = node.hidden_by.layer, node.path[1:]
    contents = fs.merged.layers[by].contents
    if path not in contents.dirs and contents.in_the_way(path) is None:
        return "deleted"
    upper = StoredNode.of(fs.merged, by, path)
    if _key(upper, read) != _key(node, read):
        return "overwritten"
    changed = any(differing(node, upper, ignore=("content", "links")))
    return "metadata" if changed else "unchanged"


def _copies(fs: Filesystem, read: Sequence[Digests]) -> Iterator[WasteItem]:
    """Files that are seen, and have the content of another that is seen."""
    same: dict[Key | None, list[Node]] = defaultdict(list)
    for node in fs.walk():
        path = node.path[1:]
        if node.kind is Kind.FILE and node.size and fs.merged.links(path)[0] == path:
            same[_key(node, read)].append(node)
    groups = [nodes for nodes in same.values() if len(nodes) > 1]
    named = _ever_named(fs, groups)
    for nodes in groups:
        first, *others = sorted(nodes, key=lambda node: node.layer)
        known = named[first.path]
        for node in others:
            broken = not known.isdisjoint(named[node.path])
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
            known |= named[node.path]


def _ever_named(
    fs: Filesystem, groups: Iterable[Iterable[Node]]
) -> dict[str, set[_Identity]]:
    """For each node, what its names have been names of, in any layer."""
    merged = fs.merged
    holder = {
        name: node.path
        for nodes in groups
        for node in nodes
        for name in merged.links(node.path[1:])
    }
    named: dict[str, set[_Identity]] = defaultdict(set)
    for n, layer in enumerate(merged.layers):
        # Path by path, every layer would be asked for each of them.
        for path in layer.contents.table.keys() & holder.keys():
            inode = merged.stored(n, path)
            named[holder[path]].add((inode.layer, id(merged.entry_of(inode))))
    return named


def _key(node: Node, read: Sequence[Digests]) -> Key | None:
    return read[node.layer].by_entry.get(id(node.entry))
