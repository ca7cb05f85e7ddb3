"""A treemap of a file system: areas are sizes, colours are layers.

Squarified, after Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000). Directories
are opened from the largest on until there are as many rectangles as one can look at.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from ocilayers.notebook.figure import Figure, box, caption, colour, figure
from ocilayers.notebook.html import amount
from ocilayers.tree.filesystem import Filesystem

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
    tree = _weigh(fs)
    whole = sum(tree["/"].layers.values())
    title = f"What takes the room: {amount(whole)} in {len(fs)} paths, by layer"
    used = sorted(tree["/"].layers, key=lambda n: -tree["/"].layers[n])
    area = (8.0, float(_TOP), _WIDTH - 16.0, float(_HEIGHT))
    parts = [caption(10, 18, title, _WIDTH - 20)]
    parts += _drawn(tree, _opened(tree), area)
    parts += _legend(fs, sorted(used[:_LEGEND]), tree["/"].layers)
    rows = -(-min(len(used), _LEGEND) // 2)
    return figure(title, _WIDTH, _TOP + _HEIGHT + 14 + 20 * rows, parts)


@attrs.define
class _Weight:
    """The bytes at and below a path, by layer, and what is directly in it."""

    layers: dict[int, int] = attrs.field(factory=lambda: defaultdict[int, int](int))
    children: list[str] = attrs.field(factory=list[str])
    size: int = 0


def _weigh(fs: Filesystem) -> Mapping[str, _Weight]:
    tree: dict[str, _Weight] = defaultdict(_Weight)
    tree["/"].size = 0
    # Children come after their parents, so from the end each is done when it is met.
    for node in reversed(list(fs.walk())):
        path = node.path
        if node.size and node.links[0] == path:
            tree[path].layers[node.layer] = tree[path].size = node.size
        if path != "/" and path in tree:
            above = tree[path.rpartition("/")[0] or "/"]
            above.children.append(path)
            above.size += tree[path].size
            for layer, size in tree[path].layers.items():
                above.layers[layer] += size
    for weight in tree.values():
        weight.children.sort(key=lambda path: -tree[path].size)
    return tree


def _opened(tree: Mapping[str, _Weight]) -> set[str]:
    """The directories whose children are drawn, from the largest on."""
    opened: set[str] = set()
    todo, drawn = [(-tree["/"].size, "/")], 1
    while todo and drawn < _MOST:
        path = heapq.heappop(todo)[1]
        children = tree[path].children[:_CHILDREN]
        if children:
            opened.add(path)
            drawn += len(children)
            for child in children:
                heapq.heappush(todo, (-tree[child].size, child))
    return opened


def _drawn(
    tree: Mapping[str, _Weight], opened: set[str], area: Rectangle
) -> Iterator[str]:
    todo = [("/", area)]
    while todo:
        path, place = todo.pop()
        weight = tree[path]
        if path not in opened or min(place[2:]) < _SMALL:
            yield _tile(path, weight, place)
            continue
        if path != "/":
            yield _tile(path, weight, place)
            place = _inside(place)
        shown, rest = weight.children[:_CHILDREN], weight.children[_CHILDREN:]
        sizes = [tree[child].size for child in shown]
        left = weight.size - sum(sizes)
        places = squarify([*sizes, left] if left else sizes, place)
        todo += zip(shown, places, strict=False)
        if left:
            label = f"{len(rest)} more"
            tip = f"{path}: {label}, {amount(left)}"
            yield box(places[-1], _REST, label, tip)


_SMALL: Final = 24
_REST: Final = "#d9d9d9"


def _inside(place: Rectangle) -> Rectangle:
    x, y, width, height = place
    return x + 2, y + 16, max(width - 4, 1), max(height - 18, 1)


def _tile(path: str, weight: _Weight, place: Rectangle) -> str:
    layers = sorted(weight.layers, key=lambda n: -weight.layers[n])
    told = ", ".join(f"layer {n}: {amount(weight.layers[n])}" for n in layers[:5])
    name = path.rpartition("/")[2] + ("/" if weight.children else "")
    fill = colour(layers[0]) if layers else _REST
    return box(place, fill, name, f"{path}: {amount(weight.size)} ({told})")


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
    left = float(sum(sizes))
    at = 0
    while at < len(sizes):
        side = min(area[2:])
        scale = area[2] * area[3] / left
        stop = _row(sizes, at, side, scale)
        row = sizes[at:stop]
        area = _laid(row, sum(row) / left, area, places)
        left -= sum(row)
        at = stop
    return places


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
        return x + across, area[1], width - across, height
    across = height * share
    for size in row:
        places.append((x, y, width * size / total, across))
        x += width * size / total
    return area[0], y + across, width, height - across
