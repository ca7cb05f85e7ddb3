"""`squash`: a run of layers as one."""

from __future__ import annotations

from collections.abc import Iterable

from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._rebind import rebind
from ocilayers.tree.changeset import Changeset, compose
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.stack import AnyLayer

__all__ = ["squash"]


def squash(
    layers: Iterable[AnyLayer],
    *,
    lower: Filesystem | None = None,
    limits: Limits | None = None,
) -> Changeset:
    """One changeset that does what *layers* do one after the other, bottom first.

    Whiteouts that may still hide something of lower layers are kept; all others are
    gone, and so is what they hid. Content stays where it is, unread.

    As a changeset the result is exact on any lower layers. An archive cannot say
    "this directory, with the attributes that it has below" of a directory that
    nothing is left in; with *lower* it gets an entry that says them, and without
    it one of mode 0755 when the changeset is written. Nor can it say "the file that
    was below" of what it replaces; with *lower* such a hard link names the file by
    another name, or stores it, and without it the changeset cannot be written.
    A hard link through a symlink that is below the run needs *lower*, too.

    Args:
        layers: Any run of layers, each an iterable of `Entry` or a `Changeset`.
        lower: What the run lies on, where that is known; marks that hide nothing
            of it are left out.
        limits: How much they may cost.

    Raises:
        MergeError: The layers say something that has no meaning.
        LimitExceededError: There are too many entries.

    >>> from ocilayers.tar.entry import Entry
    >>> lower = [Entry("a", "file"), Entry("b", "file")]
    >>> upper = [Entry("a", "whiteout")]
    >>> [(entry.kind.value, entry.path) for entry in squash([lower, upper])]
    [('whiteout', 'a'), ('file', 'b')]
    """
    limits = limits or Limits()
    changesets = (
        layer if isinstance(layer, Changeset) else Changeset(layer, limits=limits)
        for layer in layers
    )
    below = None if lower is None else lower.merged
    squashed = compose(changesets, limits=limits, lower=below)
    if lower is not None:
        _drop_idle_marks(squashed, lower)
        _name_bare_directories(squashed, lower)
        squashed = _without_lost_links(squashed, lower)
    return squashed


def _without_lost_links(squashed: Changeset, lower: Filesystem) -> Changeset:
    contents = squashed.contents

    def gone(path: str) -> bool:
        return path in contents.table or path in contents.dirs or contents.hides(path)

    return rebind(squashed, lower.merged, gone)


def _drop_idle_marks(squashed: Changeset, lower: Filesystem) -> None:
    contents, below = squashed.contents, lower.merged.paths
    for marks in (contents.whiteouts, contents.opaques):
        for path in [path for path in marks if path not in below]:
            del marks[path]


def _name_bare_directories(squashed: Changeset, lower: Filesystem) -> None:
    contents = squashed.contents
    bare = contents.implied - squashed.children.keys() - contents.opaques.keys()
    for path in bare & lower.merged.dirs:
        if not contents.hides(path):
            entry = lower.merged.entry(path) or Entry(path, Kind.DIRECTORY)
            contents.table[path] = entry
            contents.implied.discard(path)
