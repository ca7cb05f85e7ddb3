"""Entries in archive order, read as one layer.

Nearly every layer names each path once and puts nothing below a file. Such a layer
is laid out here in a few passes that run at C speed; any other one is unpacked
entry by entry in `extraction`, to the same contents.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._extraction import Extraction
from ocilayers.tree._hardlinks import bind
from ocilayers.tree._members import Members, sort_out
from ocilayers.tree._notes import Notes
from ocilayers.tree.contents import Contents
from ocilayers.tree.rules import DUPLICATE_PATH

__all__ = ["collect"]


def collect(
    entries: Iterable[Entry], limits: Limits, notes: Notes
) -> tuple[tuple[Entry, ...], Contents]:
    """Read *entries* as one layer.

    Returns:
        The entries as they came, and what they say together.

    Raises:
        MergeError: They say something that has no meaning.
        LimitExceededError: There are too many, or they imply too much.
    """
    raw = tuple(islice(entries, limits.entries + 1))
    limits.check("entries", len(raw), where=notes.layer)
    members = sort_out(raw, limits, notes)
    contents = _lay_out(members, limits, notes)
    if contents is None:
        extraction = Extraction(limits, notes, members.leftovers)
        contents = extraction.unpack(members.paths, members.entries)
    for mark in members.marks:
        opaque = mark.kind is Kind.OPAQUE
        marks = contents.opaques if opaque else contents.whiteouts
        if mark.path in marks:
            notes.add(DUPLICATE_PATH, mark.path, "the layer marks this path twice")
        marks[mark.path] = mark.entry
    contents.settle_marks(limits, notes)
    return raw, contents


def _lay_out(members: Members, limits: Limits, notes: Notes) -> Contents | None:
    paths, entries = members.paths, members.entries
    table = dict(zip(paths, entries, strict=True))
    if len(table) < len(paths):
        return None
    dirs = {paths[n] for n in members.special if entries[n].kind is Kind.DIRECTORY}
    dirs.add("")
    contents = Contents(table, dirs)
    for path in sorted(contents.by_directory().keys() - dirs):
        if contents.imply(path, limits, notes) is not None:
            return None
    links = [n for n in members.special if entries[n].kind is Kind.HARDLINK]
    if links:
        bind(contents, members, links, limits, notes)
    return contents
