"""`Changeset`: one layer, read.

Reading one costs one pass over the entries; merging it afterwards costs next to
nothing, so a changeset that is used twice is worth keeping.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeAlias, final, runtime_checkable

from ocilayers._types import EMPTY_MAP, SupportsRead, override
from ocilayers.errors import ContentNotKeptError
from ocilayers.findings import Finding, FindingLog
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree._collect import collect
from ocilayers.tree._composition import Composition, Lower
from ocilayers.tree._facts import facts
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import clean
from ocilayers.tree._spelling import spell_out
from ocilayers.tree.contents import Contents

__all__ = ["Changeset", "OpensContent"]


Origin: TypeAlias = "tuple[Changeset, str]"
"""A layer, and a path in it."""


@runtime_checkable
class OpensContent(Protocol):
    """A layer that can fetch the content of its entries."""

    def open_content(self, entry: Entry, /) -> SupportsRead:
        """A stream of the content of *entry*, from its start."""
        ...


@final
class Changeset:
    """One layer read as additions, removals and opaque directories.

    Two changesets are equal when no file system can tell them apart; content is
    compared where entries carry it. Iterating gives the entries of a layer that
    says the same, in the order in which they are best written.

    Args:
        entries: What the layer has, in archive order. When it has a method
            `open_content(entry)`, that is where content comes from.
        strict: Raise the first finding of severity `error`.
        limits: How much the layer may cost.

    Raises:
        MergeError: The entries say something that has no meaning, such as a
            whiteout of nothing or a hard link to a directory.
        LimitExceededError: There are too many, or they imply too much.

    >>> from ocilayers.tar.entry import Entry
    >>> lower = Changeset([Entry("etc/motd", "file", content=b"hello")])
    >>> upper = Changeset([Entry("etc/.wh.motd", "file")])
    >>> [entry.path for entry in lower.then(upper)]
    ['etc', 'etc/motd']
    """

    __slots__ = ("_origins", "_source", "contents", "findings", "raw")

    contents: Contents
    """What the layer says, in normal form."""
    raw: tuple[Entry, ...]
    """The entries as they came; empty where the changeset was computed."""
    findings: tuple[Finding, ...]
    """What was noticed in this layer by itself."""

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        *,
        strict: bool = False,
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        log = FindingLog(strict=strict, limits=limits)
        self.raw, self.contents = collect(entries, limits, Notes(log))
        self.findings = log.findings
        self._source: OpensContent | None = None
        if isinstance(entries, OpensContent):
            self._source = entries
        self._origins: Mapping[str, Origin] = EMPTY_MAP

    @classmethod
    def of(
        cls,
        contents: Contents,
        *,
        source: OpensContent | None = None,
        origins: Mapping[str, Origin] = EMPTY_MAP,
    ) -> Changeset:
        """Make one from what it should say.

        Args:
            contents: In normal form.
            source: Where content comes from.
            origins: For paths whose content comes from elsewhere, where that is.
        """
        changeset = cls()
        changeset.contents = contents
        changeset._source = source
        changeset._origins = origins
        return changeset

    def __iter__(self) -> Iterator[Entry]:
        """The entries of a layer that says this, in the best order to write them.

        Directories come before what is in them, marks before their siblings, the
        first path of an inode before its hard links. Directories without an entry
        get none, as one would replace what is below, unless nothing is in them.

        Raises:
            HardlinkTargetError: A hard link to a lower layer names a path that this
                layer has too; no archive can say that.
        """
        return spell_out(self.contents, self.children)

    def open_content(self, entry: Entry) -> SupportsRead:
        """A stream of the content of *entry*, one that iterating gave.

        Raises:
            ContentNotKeptError: Nobody kept it.
        """
        return self.open_path(clean(entry.path).path)

    @property
    def children(self) -> Mapping[str, list[str]]:
        """The paths of the layer by the directory they are in."""
        return self.contents.by_directory()

    @property
    def shared(self) -> Iterable[str]:
        """The paths that share an inode with another path of this or a lower layer."""
        links, table = self.contents.links, self.contents.table
        if not links:
            return ()
        inodes = {id(link) for link in links.values()}
        holders = (path for path, entry in table.items() if id(entry) in inodes)
        return (*links, *holders)

    def inode(self, path: str) -> Entry | None:
        """The entry whose kind, attributes and content *path* has in this layer.

        None for implied directories, and for hard links to a lower layer.
        """
        link = self.contents.links.get(path)
        if link is None:
            return self.contents.table.get(path)
        return link if isinstance(link, Entry) else None

    def open_path(self, path: str) -> SupportsRead:
        """A stream of the content at *path*, from its start.

        Raises:
            ContentNotKeptError: Nobody kept it.
        """
        entry = self.inode(path)
        if entry is not None and entry.content is not None:
            return io.BytesIO(entry.content)
        if entry is None or not entry.size:
            return io.BytesIO(b"")
        if path in self._origins:
            origin, there = self._origins[path]
            return origin.open_path(there)
        if self._source is None:
            raise ContentNotKeptError("the content was not kept", where=f"/{path}")
        return self._source.open_content(entry)

    @property
    def source(self) -> OpensContent | None:
        """What opens the content of `raw`, or of what iterating gives without it."""
        return self._source if self.raw else self

    def origin(self, path: str) -> Origin:
        """Where the content of *path* comes from: a layer, and a path in it."""
        return self._origins.get(path, (self, path))

    def with_origins(self, origins: Mapping[str, Origin]) -> Changeset:
        """The same, but the content of these paths comes from elsewhere."""
        return Changeset.of(
            self.contents, source=self._source, origins={**self._origins, **origins}
        )

    def then(self, other: Iterable[Entry]) -> Changeset:
        """One changeset that does what this one and then *other* do.

        On any lower layers it gives the same file system, with the fewest marks
        that do so; composition is associative.

        Raises:
            HardlinkTargetError: A hard link of *other* leads to what this one hides.
        """
        upper = other if isinstance(other, Changeset) else Changeset(other)
        return compose([self, upper])

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Changeset):
            return NotImplemented
        return self._meaning() == other._meaning()

    @override
    def __hash__(self) -> int:
        return hash(frozenset(self.contents.table))

    def _meaning(self) -> tuple[object, ...]:
        contents = self.contents
        holders: dict[int, str] = {}
        for path in sorted((*self.shared,)):
            holders.setdefault(id(contents.links.get(path, contents.table[path])), path)
        table: dict[str, object] = {}
        for path, entry in contents.table.items():
            link = contents.links.get(path, entry)
            holder = holders.get(id(link), path)
            table[path] = link if isinstance(link, str) else (holder, facts(link))
        marks = contents.whiteouts.keys(), contents.opaques.keys()
        return table, contents.implied, *marks

    @override
    def __repr__(self) -> str:
        contents = self.contents
        marks = len(contents.whiteouts), len(contents.opaques)
        return (
            f"<Changeset: {len(contents.table)} entries,"
            f" {marks[0]} whiteouts, {marks[1]} opaque directories>"
        )


def compose(
    changesets: Iterable[Changeset],
    *,
    limits: Limits | None = None,
    lower: Lower | None = None,
) -> Changeset:
    """What *changesets* do one after the other, as one.

    Args:
        changesets: Bottom first.
        limits: How much they may cost.
        lower: What is below, where that is known.
    """
    composition = Composition[Origin](limits or Limits(), lower)
    for changeset in changesets:
        composition.add(changeset.contents, changeset.children, changeset.origin)
    contents = composition.finish()
    return Changeset.of(contents, origins=composition.origins)
