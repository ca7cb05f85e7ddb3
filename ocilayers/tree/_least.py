"""The least layer that makes one file system another."""

from __future__ import annotations

from collections.abc import Iterable

from ocilayers.findings import FindingLog
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import ancestors, parent
from ocilayers.tree.changeset import Changeset, Origin
from ocilayers.tree.contents import Contents
from ocilayers.tree.merged import Merged

__all__ = ["least_layer"]


def least_layer(
    lower: Merged,
    upper: Merged,
    *,
    changed: Iterable[str],
    removed: Iterable[str],
    opaque: bool,
) -> Changeset:
    """A changeset that makes *upper* of *lower*.

    Args:
        lower: What is there.
        upper: What should be there.
        changed: The paths of *upper* that are new or different.
        removed: The paths of *lower* that are gone.
        opaque: Prefer opaque directories to several whiteouts.
    """
    wanted = {link for path in changed for link in upper.links(path)}
    gone = [path for path in removed if parent(path) in upper.dirs & lower.dirs]
    stored = wanted | {above for path in wanted for above in ancestors(path)}
    stored |= {above for path in gone for above in ancestors(path)}
    # The root needs no entry but for its own sake.
    stored -= {""} - wanted
    contents = Contents({}, upper.dirs & stored | {""})
    origins: dict[str, Origin] = {}
    for path in stored:
        _store(path, upper, contents, origins)
    for path in gone:
        contents.whiteouts[path] = Entry(path, Kind.WHITEOUT)
    if opaque:
        _make_opaque(lower, upper, contents)
        log = FindingLog(limits=upper.limits)
        contents.settle_marks(upper.limits, Notes(log))
    return Changeset.of(contents, origins=origins)


def _store(
    path: str, upper: Merged, contents: Contents, origins: dict[str, Origin]
) -> None:
    entry = upper.entry(path) or Entry(path or ".", Kind.DIRECTORY)
    first = upper.links(path)[0]
    if path == first:
        contents.table[path] = entry
    else:
        contents.table[path] = Entry(path, Kind.HARDLINK, target=first)
        contents.links[path] = entry
    if entry.size and entry.content is None:
        inode = upper.inode(path)
        origins[path] = upper.layers[inode.layer].origin(inode.path)


def _make_opaque(lower: Merged, upper: Merged, contents: Contents) -> None:
    kept = (lower.paths.keys() & upper.paths.keys()) - contents.table.keys()
    keeping: set[str] = set()
    for path in kept:
        for above in ancestors(path):
            if above in keeping:
                break
            keeping.add(above)
    for path in list(contents.whiteouts):
        directory = parent(path)
        # A kernel overlay ignores an opaque root.
        if directory and directory not in keeping:
            del contents.whiteouts[path]
            contents.opaques[directory] = Entry(directory or ".", Kind.OPAQUE)
