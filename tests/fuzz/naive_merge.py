"""The merge as the specification tells it, in the plainest code: slow, and a judge.

It knows layers without ambiguities only; `bound` says whether a stack is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.filesystem import Filesystem

__all__ = ["Shown", "bound", "naive_merge", "shown"]

Shown: TypeAlias = dict[str, tuple[object, ...]]
"""What there is at each path: kind, mode, owner, content or target, and links."""

_AGREED = frozenset(
    {"implied-parent", "implied-over-lower", "whiteout-without-parent", "opaque-root"}
)
_MARKS = frozenset({Kind.WHITEOUT, Kind.OPAQUE})


def bound(fs: Filesystem) -> bool:
    """Whether nothing in the layers is read differently by different tools."""
    return {finding.code for finding in fs.findings} <= _AGREED


def shown(fs: Filesystem) -> Shown:
    """*fs* in the words of this judge."""
    return {
        node.path: (
            node.kind,
            node.mode if node.kind is not Kind.SYMLINK else None,
            node.uid,
            node.read_bytes() if node.kind is Kind.FILE else node.target,
            tuple(node.links),
        )
        for node in fs.walk()
    }


def naive_merge(stack: Sequence[Iterable[Entry]]) -> Shown:
    """Each layer: take away what is hidden, then put what is added."""
    tree: dict[str, Entry] = {"/": Entry(".", Kind.DIRECTORY, mode=0o755)}
    inodes: dict[str, object] = {}
    for layer in stack:
        entries = list(layer)
        for mark in entries:
            if mark.kind in _MARKS:
                _hide(tree, inodes, mark)
        for entry in entries:
            if entry.kind not in _MARKS:
                _add(tree, inodes, entry)
    links: dict[object, list[str]] = {}
    for path, inode in inodes.items():
        links.setdefault(inode, []).append(path)
    return {
        path: (
            entry.kind,
            entry.mode if entry.kind is not Kind.SYMLINK else None,
            entry.uid,
            (entry.content or b"") if entry.kind is Kind.FILE else entry.target,
            tuple(sorted(links[inodes[path]], key=_bytes))
            if path in inodes
            else (path,),
        )
        for path, entry in tree.items()
    }


def _hide(tree: dict[str, Entry], inodes: dict[str, object], mark: Entry) -> None:
    hidden = _absolute(mark.path)
    if mark.kind is Kind.WHITEOUT:
        _remove(tree, inodes, hidden)
    for path in [path for path in tree if _inside(path, hidden)]:
        _remove(tree, inodes, path)
    if mark.kind is Kind.OPAQUE:
        # The mark is a file in its directory, so there is one.
        _imply(tree, inodes, [*_above(hidden), hidden])


def _add(tree: dict[str, Entry], inodes: dict[str, object], entry: Entry) -> None:
    path = _absolute(entry.path)
    _imply(tree, inodes, _above(path))
    if entry.kind is Kind.DIRECTORY:
        if path in tree and tree[path].kind is not Kind.DIRECTORY:
            _remove(tree, inodes, path)
        tree[path] = entry
        return
    for below in [other for other in tree if _inside(other, path)]:
        _remove(tree, inodes, below)
    if entry.kind is Kind.HARDLINK:
        target = _absolute(entry.target or "")
        tree[path], inodes[path] = tree[target], inodes[target]
    else:
        tree[path], inodes[path] = entry, object()


def _imply(
    tree: dict[str, Entry], inodes: dict[str, object], directories: Iterable[str]
) -> None:
    for path in directories:
        if path not in tree or tree[path].kind is not Kind.DIRECTORY:
            _remove(tree, inodes, path)
            tree[path] = Entry(path, Kind.DIRECTORY, mode=0o755)


def _remove(tree: dict[str, Entry], inodes: dict[str, object], path: str) -> None:
    tree.pop(path, None)
    inodes.pop(path, None)


def _absolute(path: str) -> str:
    return "/" if path in {".", ""} else f"/{path}"


def _above(path: str) -> list[str]:
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[:n]) for n in range(1, len(parts) + 1)]


def _inside(path: str, directory: str) -> bool:
    return path != directory and path.startswith(directory.rstrip("/") + "/")


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
