"""A treemap of a file system: areas are sizes, colours are layers.

Squarified, after Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000). Directories
are opened from the largest on until there are as many rectangles as one can look at.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from ocilayers.notebook.figure import Figure, box, caption, colour, figure
from ocilayers.notebook.html import amount
from ocilayers.tar.entry import Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merged import Merged

__all__ = ["Rectangle", "squarify", "treemap"]

Rectangle: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height, in pixels."""

_WIDTH: Final = 900
_HEIGHT: Final = 480
_TOP: Final = 28
_MOST: Final = 220
_LEGEND: Final = 12
#: Children of one directory that get a rectangle of their own.
_CHILDREN: Final = 40


def treemap(fs: Filesystem) -> Figure:
    """A picture of what takes the room in *fs*, coloured by layer.

    Args:
        fs: Sizes and layers are asked for, content is not.
    """
    tree = _Tree.of(fs.merged)
    sizes = tree.layers("")
    title = f"What takes the room: {amount(tree.size(''))} in {len(fs)} paths, by layer"
    used = _largest(sizes)[:_LEGEND]
    area = (8.0, float(_TOP), _WIDTH - 16.0, float(_HEIGHT))
    parts = [caption(10, 18, title, _WIDTH - 20)]
    parts += _drawn(tree, _opened(tree), area)
    parts += _legend(fs, sorted(used), sizes)
    rows = -(-len(used) // 2)
    return figure(title, _WIDTH, _TOP + _HEIGHT + 14 + 20 * rows, parts)


@attrs.frozen
class _Tree:
    """What the paths of a tree weigh.

    Attributes:
        merged: The tree.
        folders: For each directory the bytes below it, by layer.
        contents: For each directory what is in it and weighs something, the largest
            first: size and path.
    """

    merged: Merged
    folders: Mapping[str, dict[int, int]]
    contents: Mapping[str, Sequence[tuple[int, str]]]

    @classmethod
    def of(cls, merged: Merged) -> _Tree:
        folders: dict[str, dict[int, int]] = {path: {} for path in merged.dirs}
        contents = {path: list[tuple[int, str]]() for path in folders}
        for path, layer, size in _files(merged):
            above = path.rpartition("/")[0]
            contents[above].append((size, path))
            folders[above][layer] = folders[above].get(layer, 0) + size
        # What is in a directory has a longer path, so it is done before.
        for path in sorted(folders, key=len, reverse=True):
            contents[path].sort(key=lambda item: (-item[0], item[1]))
            if path and (layers := folders[path]):
                above = path.rpartition("/")[0]
                contents[above].append((sum(layers.values()), path))
                for layer, size in layers.items():
                    folders[above][layer] = folders[above].get(layer, 0) + size
        return cls(merged, folders, contents)

    def layers(self, path: str) -> Mapping[int, int]:
        """The bytes at and below *path*, by layer."""
        if path in self.folders:
            return self.folders[path]
        entry = self.merged.entry(path)
        return {self.merged.inode(path).layer: entry.size if entry else 0}

    def size(self, path: str) -> int:
        """The bytes at and below *path*."""
        return sum(self.layers(path).values())


def _files(merged: Merged) -> Iterator[tuple[str, int, int]]:
    """Path, layer and size of every file that has a size, each inode once."""
    seen: set[tuple[int, int]] = set()
    for path, made_by in merged.paths.items():
        entry = merged.entry(path)
        if entry is None or entry.kind is not Kind.FILE or entry.size <= 0:
            continue
        # A hard link may be to a file of a lower layer.
        linked = entry is not made_by
        layer = merged.inode(path).layer if linked else merged.layer_of(path)
        if (layer, id(entry)) not in seen:
            seen.add((layer, id(entry)))
            yield path, layer, entry.size


def _largest(layers: Mapping[int, int]) -> list[int]:
    return sorted(layers, key=lambda layer: (-layers[layer], layer))


def _opened(tree: _Tree) -> set[str]:
    """The directories whose children are drawn, from the largest on."""
    opened: set[str] = set()
    todo, drawn = [(0, "")], 1
    while todo and drawn < _MOST:
        path = heapq.heappop(todo)[1]
        children = tree.contents.get(path, ())[:_CHILDREN]
        if children:
            opened.add(path)
            drawn += len(children)
            for size, child in children:
                heapq.heappush(todo, (-size, child))
    return opened


def _drawn(tree: _Tree, opened: set[str], area: Rectangle) -> Iterator[str]:
    todo = [("", area)]
    while todo:
        path, place = todo.pop()
        if path or path not in opened:
            yield _tile(tree, path, place)
        if path not in opened or min(place[2:]) < _SMALL:
            continue
        tiles = list(tree.contents[path][:_CHILDREN])
        rest = tree.contents[path][_CHILDREN:]
        if rest:
            # Shapes are best with the largest first; no child is called nothing.
            tiles.append((sum(size for size, _ in rest), ""))
            tiles.sort(key=lambda tile: -tile[0])
        sizes = [size for size, _ in tiles]
        places = squarify(sizes, _inside(path, place))
        for (size, child), spot in zip(tiles, places, strict=True):
            if child:
                todo.append((child, spot))
            else:
                label = f"{len(rest)} more"
                yield box(spot, _REST, label, f"/{path}: {label}, {amount(size)}")


_SMALL: Final = 24
_REST: Final = "#d9d9d9"


def _inside(path: str, place: Rectangle) -> Rectangle:
    """Where the children of *path* go: under its name, which the root has not."""
    x, y, width, height = place
    if not path:
        return place
    return x + 2, y + 16, max(width - 4, 1), max(height - 18, 1)


def _tile(tree: _Tree, path: str, place: Rectangle) -> str:
    sizes = tree.layers(path)
    layers = _largest(sizes)
    told = ", ".join(f"layer {n}: {amount(sizes[n])}" for n in layers[:_TOLD])
    name = path.rpartition("/")[2] + ("/" if path in tree.folders else "")
    fill = colour(layers[0]) if layers else _REST
    return box(place, fill, name, f"/{path}: {amount(tree.size(path))} ({told})")


_TOLD: Final = 5


def _legend(
    fs: Filesystem, layers: Sequence[int], sizes: Mapping[int, int]
) -> Iterator[str]:
    half = (_WIDTH - 16) / 2
    for n, layer in enumerate(layers):
        x, y = 8 + half * (n % 2), _TOP + _HEIGHT + 8 + 20 * (n // 2)
        command = fs.created_by[layer] if layer < len(fs.created_by) else ""
        label = f"layer {layer}: {amount(sizes[layer])} {command}".rstrip()
        yield box((x, y, 14, 14), colour(layer), "", label)
        yield caption(x + 20, y + 11, label, half - 30)


def squarify(sizes: Sequence[int], area: Rectangle) -> list[Rectangle]:
    """One rectangle in *area* for each size, as square as can be.

    >>> squarify([1, 1], (0, 0, 4, 2))
    [(0, 0, 2.0, 2.0), (2.0, 0, 2.0, 2.0)]

    Args:
        sizes: Positive; the largest first gives the best shapes.
        area: All of it is used.
    """
    places: list[Rectangle] = []
    left = sum(sizes)
    at = 0
    while at < len(sizes):
        side = min(area[2:])
        if side < _POINT:
            # Next to what is very large nothing else can be seen.
            return places + [(*area[:2], 0.0, 0.0)] * (len(sizes) - at)
        scale = area[2] * area[3] / left
        stop = _row(sizes, at, side, scale)
        row = sizes[at:stop]
        area = _laid(row, sum(row) / left, area, places)
        left -= sum(row)
        at = stop
    return places


_POINT: Final = 1e-6


def _row(sizes: Sequence[int], start: int, side: float, scale: float) -> int:
    """Where the row from *start* ends: before the next one would make it worse."""
    total = float(sizes[start])
    worst = _ratio(total, sizes[start], sizes[start], side, scale)
    stop = start + 1
    while stop < len(sizes):
        total += sizes[stop]
        ratio = _ratio(total, sizes[start], sizes[stop], side, scale)
        if ratio > worst:
            break
        worst, stop = ratio, stop + 1
    return stop


def _ratio(total: float, most: float, least: float, side: float, scale: float) -> float:
    square, area = side * side, total * scale
    return max(
        square * most * scale / (area * area), area * area / (square * least * scale)
    )


def _laid(
    row: Sequence[int], share: float, area: Rectangle, places: list[Rectangle]
) -> Rectangle:
    """Lay *row* along the shorter side; what is left of *area*."""
    x, y, width, height = area
    total = sum(row)
    if width >= height:
        across = width * share
        for size in row:
            places.append((x, y, across, height * size / total))
            y += height * size / total
        return x + across, area[1], max(width - across, 0.0), height
    across = height * share
    for size in row:
        places.append((x, y, width * size / total, across))
        x += width * size / total
    return area[0], y + across, width, max(height - across, 0.0)
