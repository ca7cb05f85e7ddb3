"""What some layer stores and nobody sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from ocilayers._types import override
from ocilayers.findings import FindingLog
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import classify
from ocilayers.tree._notes import Notes
from ocilayers.tree._overlay import apply
from ocilayers.tree._paths import clean, tree_key
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.contents import Contents
from ocilayers.tree.history import PathEvent
from ocilayers.tree.merged import Hiding, Merged
from ocilayers.tree.stored import StoredNode

__all__ = ["HiddenNode", "find_hidden"]


@attrs.frozen(eq=False, repr=False)
class HiddenNode(StoredNode):
    """A path that one layer stores and no process sees, its content included.

    Attributes:
        hidden_by: What hid it.
    """

    hidden_by: PathEvent

    @override
    def __repr__(self) -> str:
        return f"{super().__repr__()[:-1]}, hidden by layer {self.hidden_by.layer})"


def find_hidden(
    merged: Merged, given: Sequence[Changeset], created_by: Sequence[str] = ()
) -> Iterator[HiddenNode]:
    """What the layers of *merged* store and nobody sees.

    What its own layer names again comes first, then what each layer hides, in tree
    order. A directory whose entry a later layer replaced is no less there, and neither
    is a file whose inode still has a name.

    Args:
        merged: The layers, as applied.
        given: The layers, as read.
        created_by: The command that made each layer.
    """
    for n, layer in enumerate(given):
        by = created_by[n] if n < len(created_by) else ""
        for path, entry in _overwritten(layer, merged.layers[n].contents):
            alone = Changeset.of(Contents({path: entry}, {""}), source=layer.source)
            event = _event(Hiding(path, n, n, "replaced", path), by)
            yield HiddenNode(merged, path, n, alone, path, event)
    for hiding in sorted(_replay(merged), key=_place):
        inode = merged.stored(hiding.stored, hiding.path)
        stored = merged.entry_of(inode)
        still = stored is None or (
            stored.kind is Kind.DIRECTORY and hiding.path in merged.dirs
        )
        if not still and not merged.names_of(inode):
            by = created_by[hiding.layer] if hiding.layer < len(created_by) else ""
            changeset = merged.layers[inode.layer]
            event = _event(hiding, by)
            yield HiddenNode(
                merged, hiding.path, inode.layer, changeset, inode.path, event
            )


def _place(hiding: Hiding) -> tuple[int, bytes]:
    return hiding.layer, tree_key(hiding.path)


def _event(hiding: Hiding, by: str) -> PathEvent:
    path, at = f"/{hiding.path}", f"/{hiding.at}"
    return PathEvent(hiding.layer, "hidden", path, (), hiding.cause, by, at)


def _replay(merged: Merged) -> list[Hiding]:
    hidings: list[Hiding] = []
    again = Merged(limits=merged.limits, hidings=hidings)
    silent = Notes(FindingLog(limits=merged.limits))
    for layer in merged.layers:
        apply(layer, again, merged.limits, silent)
    return hidings


def _overwritten(layer: Changeset, contents: Contents) -> Iterator[tuple[str, Entry]]:
    """Files that their own layer names again, or that AUFS left behind."""
    kept = {id(entry) for entry in (*contents.table.values(), *contents.links.values())}
    for entry in layer.raw:
        if entry.kind is Kind.FILE and id(entry) not in kept:
            path = clean(entry.path).path
            if classify(path, entry.kind)[1] is Kind.FILE:
                yield path, entry
