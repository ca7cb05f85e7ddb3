"""What one layer says, in normal form.

Law: every directory above an entry is in `dirs`; what no entry names is in
`implied`; a mark hides only lower layers, and no mark lies below another one, below
something that is no directory, or at an entry that replaces its path anyway.
Two layers that say the same have the same contents.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import attrs

from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import OPAQUE_WHITEOUT
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import ancestors, parent, tree_order
from ocilayers.tree.rules import (
    OPAQUE_ROOT,
    WHITEOUT_BELOW_SYMLINK,
    WHITEOUT_BELOW_WHITEOUT,
    WHITEOUT_BESIDE_ENTRY,
    WHITEOUT_WITHOUT_PARENT,
)

__all__ = ["Contents", "Link", "cause_of"]

Link: TypeAlias = Entry | str
"""Whose inode a hard link shares: an entry of its layer, or a path of the lower."""


def cause_of(mark: Entry) -> Literal["whiteout", "opaque"]:
    """Which of the two *mark* is."""
    opaque = mark.kind is Kind.OPAQUE or mark.path.endswith(OPAQUE_WHITEOUT)
    return "opaque" if opaque else "whiteout"


@attrs.define(eq=False)
class Contents:
    """One layer as additions, removals and opaque directories.

    Attributes:
        table: What each path becomes; the root is the empty text.
        dirs: The directories among them, implied ones included.
        implied: The directories that no entry names.
        whiteouts: Paths hidden in the layers below, and the marks that say so.
        opaques: Directories whose lower children are hidden, and the marks.
        links: What the hard links in `table` share.
        implied_bytes: How much text the implied directories are, in characters.
        regular: Whether the order of entries and marks did not matter.
        children: All paths by the directory they are in, once `by_directory` was asked.
    """

    table: dict[str, Entry]
    dirs: set[str]
    implied: set[str] = attrs.field(factory=set[str])
    whiteouts: dict[str, Entry] = attrs.field(factory=dict[str, Entry])
    opaques: dict[str, Entry] = attrs.field(factory=dict[str, Entry])
    links: dict[str, Link] = attrs.field(factory=dict[str, Link])
    implied_bytes: int = 0
    regular: bool = True
    children: dict[str, list[str]] | None = None

    def by_directory(self) -> dict[str, list[str]]:
        """All paths by the directory they are in."""
        if self.children is None:
            self.children = _group((*self.table, *self.implied))
        return self.children

    def symlink(self, path: str) -> str | None:
        """The target of the symlink at *path*, if the layer makes one there."""
        # A hard link to a symlink is one too.
        entry = self.links.get(path) or self.table.get(path)
        if isinstance(entry, Entry) and entry.kind is Kind.SYMLINK:
            return entry.target
        return None

    def lower_links(self) -> list[tuple[str, str]]:
        """The hard links to lower layers, and what they name there."""
        links = self.links.items()
        return [(path, link) for path, link in links if isinstance(link, str)]

    def imply(self, path: str, limits: Limits, notes: Notes) -> str | None:
        """Make sure that *path* is a directory.

        Returns:
            What stands in the way: the path of an entry that is no directory.

        Raises:
            LimitExceededError: There would be too many paths, or too long ones.
        """
        missing: list[str] = []
        while path not in self.dirs:
            if path in self.table:
                return path
            missing.append(path)
            path = parent(path)
        if missing:
            where = notes.where(missing[0])
            self.implied_bytes += sum(map(len, missing))
            limits.check("implied_bytes", self.implied_bytes, where=where)
            self.implied.update(missing)
            if self.children is not None:
                for made in missing:
                    self.children.setdefault(parent(made), []).append(made)
            self.dirs.update(missing)
            count = len(self.table) + len(self.implied)
            limits.check("entries", count, where=where)
        return None

    def in_the_way(self, path: str) -> str | None:
        """The entry at or above *path* that is no directory, if there is one."""
        while path not in self.dirs:
            if path in self.table:
                return path
            path = parent(path)
        return None

    def hides(self, path: str) -> bool:
        """Whether *path* of the lower layers is hidden."""
        return path in self.whiteouts or any(
            above in self.whiteouts
            or above in self.opaques
            or (above in self.table and above not in self.dirs)
            for above in ancestors(path)
        )

    def settle_marks(self, limits: Limits, notes: Notes) -> None:
        """Bring whiteouts and opaque marks into normal form.

        What a mark that goes here would have done, who unpacks in order may see: such
        a layer is not `regular`.
        """
        for path in list(self.opaques):
            blocking = self.imply(path, limits, notes)
            if blocking is not None:
                del self.opaques[path]
                self._note_blocked(path, blocking, notes)
        if "" in self.opaques:
            notes.add(OPAQUE_ROOT, "")
        self._drop_covered(notes)
        for path in list(self.whiteouts):
            self._settle_whiteout(path, notes)

    def _drop_covered(self, notes: Notes) -> None:
        marks = tree_order(self.whiteouts.keys() | self.opaques.keys())
        cover: str | None = None
        for path in marks:
            if cover is not None and (path.startswith(f"{cover}/") or not cover):
                self.regular = False
                # An opaque mark that is not needed still made its directory.
                self.opaques.pop(path, None)
                if self.whiteouts.pop(path, None) is not None:
                    notes.add(WHITEOUT_BELOW_WHITEOUT, path)
                continue
            cover = path
            if path in self.whiteouts and self.opaques.pop(path, None) is not None:
                self.regular = False

    def _settle_whiteout(self, path: str, notes: Notes) -> None:
        if path in self.dirs:
            notes.add(WHITEOUT_BESIDE_ENTRY, path)
            # A directory with an entry of its own keeps nothing from below, so
            # hiding it and hiding its children are the same.
            if path in self.table:
                self.opaques[path] = self.whiteouts.pop(path)
            return
        blocking = self.in_the_way(path)
        if blocking is None:
            return
        del self.whiteouts[path]
        if blocking == path:
            notes.add(WHITEOUT_BESIDE_ENTRY, path)
        else:
            self._note_blocked(path, blocking, notes)

    def _note_blocked(self, path: str, blocking: str, notes: Notes) -> None:
        self.regular = False
        if self.symlink(blocking) is not None:
            notes.add(WHITEOUT_BELOW_SYMLINK, path)
        else:
            notes.add(WHITEOUT_WITHOUT_PARENT, path)


def _group(paths: Iterable[str]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    last: str | None = None
    siblings: list[str] = []
    for path in paths:
        directory = path.rpartition("/")[0]
        # Siblings stand together in nearly every archive.
        if directory != last:
            last = directory
            siblings = children.setdefault(directory, [])
        siblings.append(path)
    if "" in children.get("", ()):
        children[""].remove("")
    return children
