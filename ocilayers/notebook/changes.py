"""What differs between two file systems, as a picture and as a table."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ocilayers.notebook.figure import Figure, box, caption, figure
from ocilayers.notebook.html import Size, amount, table
from ocilayers.tree.diff import Change, Diff
from ocilayers.tree.node import Node

__all__ = ["COLOURS", "diff_html", "differences"]

COLOURS: Final = {"added": "#b5e48c", "removed": "#f4a3a3", "changed": "#ffc94d"}
"""Of each kind of change."""

_WIDTH: Final = 900
_ROW: Final = 22
_BAR: Final = 160
_SHOWN: Final = 40
_ROWS: Final = 200


def differences(diff: Diff) -> Figure:
    """A picture of *diff*: the changes that move most bytes, with their sizes."""
    title = _title(diff)
    shown = sorted(diff, key=lambda change: -_moved(change))[:_SHOWN]
    most = max(map(_moved, shown), default=0) or 1
    parts = [caption(10, 18, title, _WIDTH - 20)]
    for n, change in enumerate(shown):
        y, moved = 30 + n * _ROW, _moved(change)
        told = " ".join((change.kind, *change.facets))
        fill, tip = COLOURS[change.kind], f"{change.path}\n{told}: {moved} bytes"
        parts += (
            caption(90, y + 14, amount(moved), 80, end=True),
            box((100, y, max(_BAR * moved / most, 2), _ROW - 4), fill, "", tip),
            caption(110 + _BAR, y + 14, change.kind, 70),
            caption(190 + _BAR, y + 14, change.path, _WIDTH - 200 - _BAR),
        )
    height = 36 + len(shown) * _ROW
    if len(shown) < len(diff):
        more = f"{len(diff) - len(shown)} smaller changes more"
        parts.append(caption(10, height + 9, more, _WIDTH - 20))
        height += _ROW
    return figure(title, _WIDTH, height, parts)


def _title(diff: Diff) -> str:
    counts = Counter[str](change.kind for change in diff)
    told = [f"{counts[kind]} {kind}" for kind in COLOURS if counts[kind]]
    return ", ".join(told) or "nothing differs"


def _moved(change: Change) -> int:
    return max(_size(change.lower), _size(change.upper))


def _size(node: Node | None) -> int:
    return node.size if node else 0


def diff_html(diff: Diff) -> str:
    """The first changes of *diff*."""
    rows = [
        (
            change.kind,
            change.path,
            ", ".join(change.facets),
            "" if change.lower is None else Size(change.lower.size),
            "" if change.upper is None else Size(change.upper.size),
        )
        for change in diff.changes[:_ROWS]
    ]
    more = len(diff) - len(rows)
    rest = f"<div>and {more} more</div>" if more else ""
    names = ("change", "path", "facets", "before", "after")
    return table(names if rows else (), rows, _title(diff)).html + rest
