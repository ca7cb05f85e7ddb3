"""A file system as folders that open, and one path of it as a table.

Law: a listing costs what it shows. A tree of a million paths shows as many rows as a
small one, and says how many are left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import attrs

from ocilayers.notebook.html import amount, table, text
from ocilayers.tar.entry import Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.node import Node

__all__ = ["filesystem_html", "node_html"]

_ROWS: Final = 500
_CHILDREN: Final = 60
_DEPTH: Final = 8


def filesystem_html(fs: Filesystem) -> str:
    """The folders of *fs*, the first of them open."""
    head = f"{len(fs)} paths from {len(fs.layers)} layers"
    return f"<div><strong>{head}</strong></div>{_folders(fs['/'])}"


def node_html(node: Node) -> str:
    """What *node* is, and what is in it."""
    facts = [
        ("kind", node.kind),
        ("mode", f"{node.mode:04o}"),
        ("owner", f"{node.uid}:{node.gid}"),
        ("size", f"{amount(node.size)} ({node.size} bytes)"),
        ("target", node.target or ""),
        ("layer", str(node.layer)),
        ("extended attributes", ", ".join(node.xattrs)),
        ("names", ", ".join(node.links[:5]) if node.nlink > 1 else ""),
    ]
    rows = [fact for fact in facts if fact[1]]
    below = _folders(node) if node.is_dir() else ""
    return table((), rows, node.path).html + below


@attrs.define
class _Shown:
    """One row: a node, and the rows in it; `more` are not shown."""

    node: Node
    rows: Sequence[_Shown] = ()
    depth: int = 0
    more: int = 0


def _folders(node: Node) -> str:
    top = _Shown(node)
    room = _ROWS
    todo = deque([top])
    # Level by level, so that what is deep does not use up the room of what is near.
    while todo:
        row = todo.popleft()
        children = list(row.node.iterdir())
        taken = min(_CHILDREN, room) if row.depth < _DEPTH else 0
        row.rows = [_Shown(child, depth=row.depth + 1) for child in children[:taken]]
        row.more = len(children) - len(row.rows)
        room -= len(row.rows)
        todo.extend(below for below in row.rows if below.node.is_dir())
    return _rendered(top, is_open=True)


def _rendered(row: _Shown, *, is_open: bool = False) -> str:
    line = _line(row.node)
    rows = [_rendered(below) for below in row.rows]
    if row.more:
        rows.append(f"… {row.more} more")
    if not rows:
        return line
    mark = " open" if is_open else ""
    inside = "".join(f"<li>{shown}</li>" for shown in rows)
    return (
        f"<details{mark}><summary>{line}</summary>"
        f'<ul style="{_LIST}">{inside}</ul></details>'
    )


_LIST: Final = (
    "list-style-type:none;margin:0;padding-left:20px;overflow-wrap:break-word"
)
#: What follows a name stands behind it, also where the name reads from right to left.
_LEFT_TO_RIGHT: Final = "&lrm;"


def _line(node: Node) -> str:
    name = text(node.name or "/").html
    if node.is_dir():
        return f"{name}/" if node.name else name
    name += _LEFT_TO_RIGHT
    if node.kind is Kind.SYMLINK:
        return f"{name} → {text(node.target or '').html}"
    if node.kind is Kind.FILE:
        return f"{name} <em>{amount(node.size)}, layer {node.layer}</em>"
    return f"{name} <em>{node.kind}</em>"
