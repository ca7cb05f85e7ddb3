"""File systems as the shared facts write them down: one row a path."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Final, TypeAlias

from ocilayers.tar.entry import Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.node import Node

__all__ = ["Difference", "Tree", "differences", "tree_in", "tree_of"]

Tree: TypeAlias = dict[str, dict[str, Any]]
"""Paths without the slash before them, `.` for the root, and what is there."""

Difference: TypeAlias = tuple[str, str]
"""A path, and the key in which two trees differ there; no key for a path alone."""

_TYPES: Final = {
    Kind.FILE: "reg",
    Kind.DIRECTORY: "dir",
    Kind.SYMLINK: "lnk",
    Kind.CHAR: "chr",
    Kind.BLOCK: "blk",
    Kind.FIFO: "fifo",
}


def tree_in(file: Path) -> Tree:
    """What is written in *file*."""
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return {row.pop("path"): row for row in rows}


def tree_of(fs: Filesystem) -> Tree:
    """What *fs* holds, the content of every file included."""
    return {node.path[1:] or ".": _row(node) for node in fs.walk()}


def _row(node: Node) -> dict[str, Any]:
    row: dict[str, Any] = {
        "type": _TYPES[node.kind],
        "mode": f"{node.mode:04o}",
        "uid": node.uid,
        "gid": node.gid,
        "mtime": node.mtime_ns,
    }
    if node.kind is Kind.FILE:
        content = node.read_bytes()
        assert len(content) == node.size
        row |= {"size": node.size, "sha256": hashlib.sha256(content).hexdigest()}
    if node.kind is Kind.SYMLINK:
        row["link"] = node.target
    if node.device is not None:
        row |= {"major": node.device[0], "minor": node.device[1]}
    if node.xattrs:
        row["xattrs"] = {
            name: base64.b64encode(value).decode()
            for name, value in node.xattrs.items()
        }
    if node.nlink > 1:
        row["hl"] = node.links[0][1:]
    return row


def differences(wanted: Tree, found: Tree) -> set[Difference]:
    """Where two trees differ, and in what."""
    differing = {(path, "") for path in wanted.keys() ^ found.keys()}
    for path in wanted.keys() & found.keys():
        one, other = wanted[path], found[path]
        differing.update(
            (path, key)
            for key in one.keys() | other.keys()
            if one.get(key) != other.get(key)
        )
    return differing
