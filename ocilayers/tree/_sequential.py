"""A layer unpacked over the lower ones, as tools with one directory do.

Here the order of entries matters for the way to a path: a symlink of a lower layer
is followed, unless this layer has replaced or hidden it before.
"""

from __future__ import annotations

from ocilayers._types import override
from ocilayers.errors import HardlinkTargetError, NotADirectoryPathError
from ocilayers.findings import FindingLog, Rule
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._extraction import Extraction
from ocilayers.tree._members import Mark, Members, sort_out
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import Cleaned, ancestors, parent
from ocilayers.tree._sight import Sight
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.contents import Contents
from ocilayers.tree.merged import Merged
from ocilayers.tree.rules import (
    OPAQUE_OVER_SYMLINK,
    SYMLINKED_PARENT,
    WHITEOUT_BELOW_SYMLINK,
)

__all__ = ["in_sequence"]


def in_sequence(layer: Changeset, lower: Merged, notes: Notes) -> Changeset:
    """*layer* with its paths as they come out when it is unpacked over *lower*.

    Raises:
        NotADirectoryPathError: Something is below a path that is no directory.
        HardlinkTargetError: A hard link stands before its target.
        SymlinkLoopError: Symlinks lead round in a circle.
    """
    if _same_either_way(layer, lower):
        return layer
    # What the layer says by itself has been noted when it was read.
    silent = Notes(FindingLog(limits=lower.limits), notes.layer)
    entries = layer.raw or tuple(layer)
    members = sort_out(entries, lower.limits, silent)
    unpacked = _InSequence(lower, members, silent, notes).run()
    return Changeset.of(unpacked, source=layer.source)


def _same_either_way(layer: Changeset, lower: Merged) -> bool:
    contents = layer.contents
    return (
        contents.regular
        and not contents.links
        and not (lower.paths.keys() & (contents.dirs - lower.dirs))
        and {parent(path) for path in contents.whiteouts} - contents.dirs <= lower.dirs
    )


class _InSequence(Extraction):
    def __init__(
        self, lower: Merged, members: Members, silent: Notes, notes: Notes
    ) -> None:
        super().__init__(lower.limits, silent, members.leftovers)
        self._lower = lower
        self._members = members
        self._aloud = notes
        self._gone: set[str] = set()
        self._emptied: set[str] = set()
        self._crossed = False
        self._sight = Sight(self._covers)

    def run(self) -> Contents:
        """Unpack everything, marks in their places."""
        members = self._members
        marks = members.marks[::-1]
        for n, (path, entry) in enumerate(
            zip(members.paths, members.entries, strict=True)
        ):
            while marks and marks[-1].after <= n:
                self._mark(marks.pop())
            self.add(path, entry)
            self._note_crossing(SYMLINKED_PARENT, path)
        while marks:
            self._mark(marks.pop())
        contents = self.finish()
        named = {mark.path for mark in members.marks}
        self._sight = Sight(self._covers)
        # In order, so that what is said does not depend on how texts are hashed.
        for path in list(contents.opaques):
            made = path in contents.dirs or path in contents.table
            if not made and contents.in_the_way(path) is None:
                self._check_opaque(path, named)
        for path in sorted(self._gone & contents.dirs - contents.whiteouts.keys()):
            contents.opaques[path] = Entry(path, Kind.OPAQUE)
        contents.settle_marks(self.limits, self.notes)
        return contents

    @override
    def symlink(self, path: str) -> str | None:
        contents = self.contents
        link = contents.links.get(path)
        if isinstance(link, str):
            return self._lower.symlink(link)
        if path in contents.table or path in contents.dirs:
            return super().symlink(path)
        target = self._lower.symlink(path) if self._visible(path) else None
        self._crossed = self._crossed or target is not None
        return target

    @override
    def make_way(self, path: str) -> None:
        if path in self.contents.table:
            raise self._not_a_directory(path)
        self._check_lower(path)

    @override
    def cover(self, path: str, entry: Entry) -> None:
        lower = self._lower
        hides = path in lower.dirs and entry.kind is not Kind.DIRECTORY
        if hides or lower.symlink(path) is not None:
            # What led through it leads elsewhere now.
            self.aliases.clear()

    @override
    def clear(self, path: str) -> None:
        super().clear(path)
        self._gone.add(path)

    @override
    def defer(self, path: str, target: str, real: str) -> None:
        is_there = real in self._lower.paths and self._visible(real)
        if not is_there or real in self._lower.dirs:
            what = "a directory" if is_there else "nothing that is there already"
            raise HardlinkTargetError(
                f"a hard link to {what}",
                where=self._aloud.where(path),
                actual=target,
            )
        self.contents.links[path] = real

    @override
    def walk(self, directory: str) -> Cleaned:
        self._sight = Sight(self._covers)
        return super().walk(directory)

    def _visible(self, path: str) -> bool:
        """Whether a lower layer's *path* still shows."""
        return path not in self._gone and self._sight.inside(parent(path))

    def _covers(self, path: str) -> bool:
        contents = self.contents
        replaced = path in contents.table and path not in contents.dirs
        return replaced or path in self._gone or path in self._emptied

    def _check_lower(self, path: str) -> None:
        if self._is_lower_file(path):
            raise self._not_a_directory(path)

    def _check_opaque(self, path: str, named: set[str]) -> None:
        ways = (path, *ancestors(path))
        file = next((way for way in ways if self._is_lower_file(way)), None)
        if file is not None and path in named:
            raise self._not_a_directory(file)
        if file is not None:
            # A mark that a symlink leads there does nothing, as in umoci.
            del self.contents.opaques[path]

    def _is_lower_file(self, path: str) -> bool:
        own, lower = self.contents.dirs, self._lower
        lower_file = path in lower.paths and path not in lower.dirs
        return lower_file and path not in own and self._visible(path)

    def _not_a_directory(self, path: str) -> NotADirectoryPathError:
        return NotADirectoryPathError(
            "something is below a path that is no directory",
            where=self._aloud.where(path),
        )

    def _mark(self, mark: Mark) -> None:
        self.aliases.clear()
        if mark.kind is Kind.OPAQUE:
            path = self.walk(mark.path).path
            self.contents.opaques[path] = mark.entry
            self._emptied.add(path)
            self._note_crossing(OPAQUE_OVER_SYMLINK, mark.path)
        else:
            path = self.find(mark.path)
            self.contents.whiteouts[path] = mark.entry
            self._gone.add(path)
            self._note_crossing(WHITEOUT_BELOW_SYMLINK, mark.path)

    def _note_crossing(self, rule: Rule, path: str) -> None:
        if self._crossed:
            self._aloud.add(rule, path)
        self._crossed = False
