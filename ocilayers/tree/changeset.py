"""`Changeset`: one layer, read.

Reading one costs one pass over the entries; merging it afterwards costs next to
nothing, so a changeset that is used twice is worth keeping.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, Self, runtime_checkable

import attrs
from typing_extensions import override

from ocilayers._types import EMPTY_MAP, SupportsRead
from ocilayers.errors import ContentNotKeptError
from ocilayers.findings import Finding, FindingLog
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.collect import collect
from ocilayers.tree.contents import Contents
from ocilayers.tree.notes import Notes
from ocilayers.tree.paths import clean
from ocilayers.tree.spelling import spell_out

__all__ = ["Changeset", "OpensContent"]


@runtime_checkable
class OpensContent(Protocol):
    """A layer that can fetch the content of its entries."""

    def open_content(self, entry: Entry, /) -> SupportsRead:
        """A stream of the content of *entry*, from its start."""
        ...


@attrs.frozen(eq=False, repr=False)
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

    contents: Contents
    raw: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    sources: tuple[OpensContent, ...]
    origins: Mapping[str, int]
    _by_directory: list[dict[str, list[str]]]

    def __init__(
        self,
        entries: Iterable[Entry] = (),
        *,
        strict: bool = False,
        limits: Limits | None = None,
    ) -> None:
        limits = limits or Limits()
        log = FindingLog(strict=strict, limits=limits)
        self._read(entries, limits, Notes(log))

    @classmethod
    def read(cls, entries: Iterable[Entry], limits: Limits, notes: Notes) -> Self:
        """Read one layer of several, with findings that say which."""
        changeset = cls.__new__(cls)
        changeset._read(entries, limits, notes)
        return changeset

    @classmethod
    def of(
        cls,
        contents: Contents,
        sources: tuple[OpensContent, ...],
        origins: Mapping[str, int],
    ) -> Self:
        """Make one from what it should say.

        Args:
            contents: In normal form.
            sources: Where content comes from.
            origins: For each path the position of its source, where it is not 0.
        """
        changeset = cls.__new__(cls)
        changeset.__attrs_init__(contents, (), (), sources, origins, [])
        return changeset

    def _read(self, entries: Iterable[Entry], limits: Limits, notes: Notes) -> None:
        before = len(notes.log.findings)
        raw, contents = collect(entries, limits, notes)
        findings = notes.log.findings[before:]
        sources = (entries,) if isinstance(entries, OpensContent) else ()
        self.__attrs_init__(contents, raw, findings, sources, EMPTY_MAP, [])

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
        if not self._by_directory:
            self._by_directory.append(_group(self.contents))
        return self._by_directory[0]

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
        if not self.sources:
            raise ContentNotKeptError("the content was not kept", where=f"/{path}")
        return self.sources[self.origins.get(path, 0)].open_content(entry)


def _group(contents: Contents) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for path in (*contents.table, *contents.implied):
        if path:
            directory = path.rpartition("/")[0]
            try:
                children[directory].append(path)
            except KeyError:
                children[directory] = [path]
    return children
