"""Applying a layer: collect, hide below, add.

Law: what a layer hides is hidden before anything of it is added, so the order of its
entries does not matter; each path is hidden once for each time it was added, and a
mark costs nothing beyond that.
Source: image-spec, layer.md, "Whiteouts" and "Changeset over existing files".
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ocilayers.errors import HardlinkTargetError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import classify
from ocilayers.tree._links import follow
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import ancestors, clean, join, parent
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.contents import cause_of
from ocilayers.tree.merged import Hiding, Merged
from ocilayers.tree.rules import (
    HARDLINK_TO_LOWER,
    IMPLIED_OVER_LOWER,
    IMPLIED_PARENT,
    OPAQUE_OVER_FILE,
    OPAQUE_OVER_SYMLINK,
    PARENT_IS_FILE,
    SYMLINKED_PARENT,
    WHITEOUT_BELOW_SYMLINK,
    WHITEOUT_BESIDE_ENTRY,
    WHITEOUT_WITHOUT_PARENT,
)

__all__ = ["apply", "find_lower"]


def apply(layer: Changeset, merged: Merged, limits: Limits, notes: Notes) -> None:
    """Put *layer* on top of *merged*.

    Raises:
        HardlinkTargetError: A hard link leads to nothing.
        LimitExceededError: There would be too many paths.
    """
    position = len(merged.layers)
    _borrow(layer, position, merged, notes)
    blocked = (layer.contents.implied & merged.paths.keys()) - merged.dirs
    _hide(layer, position, merged)
    # Taking `paths.keys()` away from them would look at every path there is.
    for path in sorted(path for path in blocked if path not in merged.paths):
        # Who goes entry by entry comes to what is below it first, maybe, and to the
        # mark that hides it later.
        if path not in layer.contents.whiteouts:
            notes.add(WHITEOUT_BESIDE_ENTRY, path)
    _add(layer, position, merged, notes)
    merged.layers.append(layer)
    for path in layer.contents.whiteouts:
        _note_whiteout(path, merged, notes)
    limits.check("entries", len(merged.paths), where=notes.layer)


def _hide(layer: Changeset, position: int, merged: Merged) -> None:
    contents = layer.contents
    for path in contents.whiteouts:
        if path in merged.paths:
            why = Hiding(path, 0, position, "whiteout", path)
            _remove(path, why, merged)
            _empty(path, why, merged)
    for path, mark in contents.opaques.items():
        _empty(path, Hiding(path, 0, position, cause_of(mark), path), merged)
    for path in (contents.table.keys() & merged.dirs) - contents.dirs:
        merged.dirs.discard(path)
        _empty(path, Hiding(path, 0, position, "replaced", path), merged)


def _remove(path: str, why: Hiding, merged: Merged) -> bool:
    """Hide *path*; whether it was a directory."""
    if merged.hidings is not None:
        stored = merged.layer_of(path)
        merged.hidings.append(attrs.evolve(why, path=path, stored=stored))
    del merged.paths[path]
    directory = path in merged.dirs
    merged.dirs.discard(path)
    return directory


def _empty(directory: str, why: Hiding, merged: Merged) -> None:
    """Hide everything below *directory*."""
    todo = [directory]
    while todo:
        path = todo.pop()
        for layer in merged.residents.pop(path, ()):
            children = merged.layers[layer].children.get(path, ())
            alive = (child for child in children if child in merged.paths)
            todo.extend(child for child in alive if _remove(child, why, merged))


def _add(layer: Changeset, position: int, merged: Merged, notes: Notes) -> None:
    contents = layer.contents
    for path in _named_late(layer, merged):
        _note_made(path, layer, merged, notes)
    for path in sorted(contents.implied):
        if path in merged.dirs:
            _note_kept(path, merged, notes)
        else:
            _note_made(path, layer, merged, notes)
            _replace((path,), position, merged)
            merged.paths[path] = position
    _replace(contents.table, position, merged)
    if position:
        merged.paths.update(contents.table)
    else:
        # A copy is much faster than an update, and the first layer the largest.
        paths: dict[str, Entry | int] = {**contents.table}
        for path, made_by in merged.paths.items():
            paths.setdefault(path, made_by)
        merged.paths = paths
    merged.dirs |= contents.dirs
    for path in contents.dirs:
        merged.residents.setdefault(path, []).append(position)


def _named_late(layer: Changeset, merged: Merged) -> list[str]:
    """Directories of *layer* that stand after what is in them, over something else."""
    contents = layer.contents
    over = (contents.dirs & merged.paths.keys()) - merged.dirs - contents.implied
    late: list[str] = []
    for entry in layer.raw if over else ():
        path, kind = classify(clean(entry.path).path, entry.kind)
        within = over.intersection(ancestors(path))
        if kind is Kind.OPAQUE:
            within |= over & {path}
        elif kind is Kind.WHITEOUT:
            # Below a file there is nothing to hide.
            within = {it for it in within if merged.symlink(it) is not None}
        late += sorted(within)
        over -= within
        if kind is Kind.DIRECTORY or kind is Kind.WHITEOUT:
            over.discard(path)
    return late


def _replace(paths: Iterable[str], position: int, merged: Merged) -> None:
    """Take down which of *paths* this layer replaces, where anybody asks."""
    if merged.hidings is not None:
        merged.hidings += [
            Hiding(path, merged.layer_of(path), position, "replaced", path)
            for path in paths
            if path in merged.paths
        ]


def _note_kept(path: str, merged: Merged, notes: Notes) -> None:
    entry = merged.entry(path)
    if entry and (entry.mode, entry.uid, entry.gid) != (0o755, 0, 0):
        notes.add(IMPLIED_OVER_LOWER, path)


def _note_made(path: str, layer: Changeset, merged: Merged, notes: Notes) -> None:
    if path not in merged.paths:
        notes.add(IMPLIED_PARENT, path)
        return
    symlink = merged.symlink(path) is not None
    if path in layer.contents.opaques:
        notes.add(OPAQUE_OVER_SYMLINK if symlink else OPAQUE_OVER_FILE, path)
    else:
        notes.add(SYMLINKED_PARENT if symlink else PARENT_IS_FILE, path)


def _note_whiteout(path: str, merged: Merged, notes: Notes) -> None:
    above = parent(path)
    if above in merged.dirs:
        return
    while above not in merged.paths:
        above = parent(above)
    symlink = merged.symlink(above) is not None
    notes.add(WHITEOUT_BELOW_SYMLINK if symlink else WHITEOUT_WITHOUT_PARENT, path)


def _borrow(layer: Changeset, position: int, merged: Merged, notes: Notes) -> None:
    """Bind hard links to lower layers, before this layer hides anything."""
    for path, target in layer.contents.lower_links():
        found = find_lower(target, layer, merged)
        if found is None:
            raise HardlinkTargetError(
                "a hard link to nothing", where=notes.where(path), actual=target
            )
        if merged.kind(found) is Kind.DIRECTORY:
            raise HardlinkTargetError(
                "a hard link to a directory", where=notes.where(path), actual=target
            )
        notes.add(HARDLINK_TO_LOWER, path)
        merged.borrowed[position, path] = merged.inode(found)


def find_lower(target: str, layer: Changeset, merged: Merged) -> str | None:
    """The path below that a hard link of *layer* names; None where there is none."""
    if target in merged.paths:
        return target
    directory, _, name = target.rpartition("/")
    if not directory:
        return None
    contents = layer.contents

    def below(path: str, _rest: int) -> str | None:
        return merged.symlink(path)

    def together(path: str, rest: int) -> str | None:
        if path in contents.table:
            return contents.symlink(path)
        return below(path, rest)

    for look in (below, together):
        led = follow(directory, look, limits=merged.limits)
        found = join(led.path, name)
        if found in merged.paths:
            return found
    return None
