"""Hard links of a layer that names each path once, bound to what they share.

A target is looked for in this layer first, wherever it stands; what is not found
here belongs to the layers below.
"""

from __future__ import annotations

from ocilayers.errors import HardlinkTargetError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree._links import follow
from ocilayers.tree._members import Members
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import clean, join
from ocilayers.tree.contents import Contents, Link
from ocilayers.tree.rules import HARDLINK_ESCAPES, HARDLINK_FORWARD

__all__ = ["bind", "bind_chain", "hardlink_target", "in_layer"]


def hardlink_target(path: str, entry: Entry, notes: Notes) -> str:
    """The path that the hard link at *path* names, bounded to the root.

    Raises:
        HardlinkTargetError: It names the root, or nothing.
    """
    cleaned = clean(entry.target or "")
    if cleaned.escapes:
        notes.add(HARDLINK_ESCAPES, path)
    if not cleaned.path:
        raise HardlinkTargetError(
            "a hard link to the root", where=notes.where(path), actual=entry.target
        )
    return cleaned.path


def bind(
    contents: Contents,
    members: Members,
    positions: list[int],
    limits: Limits,
    notes: Notes,
) -> None:
    """Say for every hard link of *members* whose inode it shares.

    Args:
        contents: Where the links are kept.
        members: The layer's entries.
        positions: Of the hard links among them.
        limits: How many symlinks may be on the way to a target.
        notes: Where findings go.

    Raises:
        HardlinkTargetError: A link leads to a directory, or to itself.
    """
    targets: dict[str, str] = {}
    for n in positions:
        path = members.paths[n]
        targets[path] = in_layer(
            hardlink_target(path, members.entries[n], notes), contents, limits
        )
    wanted = set(targets.values())
    order = {path: n for n, path in enumerate(members.paths) if path in wanted}
    for n in positions:
        path = members.paths[n]
        if order.get(targets[path], -1) > n:
            notes.add(HARDLINK_FORWARD, path)
        if path not in contents.links:
            bind_chain(path, targets, contents, members.leftovers, notes)


def in_layer(target: str, contents: Contents, limits: Limits) -> str:
    """*target* with this layer's own symlinks on the way followed."""
    if target in contents.table or target in contents.dirs:
        return target
    directory, _, name = target.rpartition("/")
    if contents.in_the_way(directory) is None:
        return target

    def look(path: str, _rest: int) -> str | None:
        return contents.symlink(path)

    real = join(follow(directory, look, limits=limits).path, name)
    return real if real in contents.table else target


def bind_chain(
    path: str,
    targets: dict[str, str],
    contents: Contents,
    leftovers: dict[str, Entry],
    notes: Notes,
) -> None:
    """Bind the hard link at *path*, and those that it leads through.

    Raises:
        HardlinkTargetError: It leads to a directory, or to itself.
    """
    chain = {path: None}
    target = targets[path]
    while target in targets and target not in contents.links:
        if target in chain:
            raise HardlinkTargetError(
                "a hard link to itself", where=notes.where(path), actual=target
            )
        chain[target] = None
        target = targets[target]
    if target in contents.dirs:
        raise HardlinkTargetError(
            "a hard link to a directory", where=notes.where(path), actual=target
        )
    found = contents.links.get(target) or leftovers.get(target)
    link: Link = found or contents.table.get(target) or target
    contents.links.update(dict.fromkeys(chain, link))
