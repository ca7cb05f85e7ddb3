"""`Filesystem`: what a container sees, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from typing import Final

import attrs

from ocilayers._types import override
from ocilayers.errors import MergeError, PathNotFoundError
from ocilayers.findings import Finding
from ocilayers.spec.digest import Digest
from ocilayers.tree._digest import tree_digest
from ocilayers.tree._lookup import resolve
from ocilayers.tree._paths import clean
from ocilayers.tree._patterns import Pattern
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.facets import Facet, check_facets
from ocilayers.tree.hidden import HiddenNode, find_hidden
from ocilayers.tree.history import PathEvent, biography, explanation
from ocilayers.tree.merged import Merged
from ocilayers.tree.node import Node
from ocilayers.tree.stack import Profile, stack
from ocilayers.tree.stat import Stat

__all__ = ["Filesystem"]


@attrs.frozen(eq=False, repr=False)
class Filesystem(Mapping[str, Node]):
    """A file system in memory: absolute paths to nodes, the root included.

    Parents come before children, siblings in the order of their bytes. A path may
    be given relative to the root and with needless slashes or dots; symlinks are
    followed by `resolve` and `stat` only.

    >>> from ocilayers.tar.entry import Entry
    >>> from ocilayers.tree.merge import merge
    >>> fs = merge([[Entry("bin/sh", "symlink", target="busybox")]])
    >>> list(fs)
    ['/', '/bin', '/bin/sh']
    """

    merged: Merged
    layers: tuple[Changeset, ...]
    profile: Profile
    created_by: tuple[str, ...]
    findings: tuple[Finding, ...]

    @override
    def __getitem__(self, path: str) -> Node:
        found = self._find(path)
        if found is None:
            raise PathNotFoundError("no such path", where=path)
        return Node(self.merged, found)

    @override
    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self._find(path) is not None

    @override
    def __len__(self) -> int:
        return len(self.merged.paths)

    @override
    def __iter__(self) -> Iterator[str]:
        for path in self.merged.walk(""):
            yield f"/{path}"

    def _find(self, path: str) -> str | None:
        paths = self.merged.paths
        found = path[1:]
        if path[:1] != "/" or found not in paths:
            found = clean(path).path
        return found if found in paths else None

    def walk(self, path: str = "/") -> Iterator[Node]:
        """*path* and everything below it, parents first."""
        for found in self.merged.walk(self[path].path[1:]):
            yield Node(self.merged, found)

    def find(
        self, predicate: Callable[[Node], object], path: str = "/"
    ) -> Iterator[Node]:
        """The nodes at and below *path* that *predicate* is true for."""
        return (node for node in self.walk(path) if predicate(node))

    def glob(self, pattern: str) -> Iterator[Node]:
        """The nodes whose paths match *pattern*, relative to the root.

        `*`, `?` and `[…]` match inside one name, `**` any number of directories; a
        slash at the end asks for directories. No symlink is followed.

        >>> from ocilayers.tar.entry import Entry
        >>> from ocilayers.tree.merge import merge
        >>> fs = merge([[Entry("lib/a.so", "file"), Entry("lib/x/b.so", "file")]])
        >>> [node.path for node in fs.glob("**/*.so")]
        ['/lib/a.so', '/lib/x/b.so']
        """
        wanted = Pattern.parse(pattern)
        start = wanted.start
        if start not in self.merged.paths:
            return
        for path in self.merged.walk(start):
            if wanted.matches(path, directory=path in self.merged.dirs):
                yield Node(self.merged, path)

    def resolve(self, path: str) -> Node:
        """What *path* leads to, with symlinks followed inside the root.

        Raises:
            PathNotFoundError: It leads to nothing.
            NotADirectoryPathError: It leads through something that is no directory.
            SymlinkLoopError: It leads through more than `Limits.symlink_follows`.
        """
        return Node(self.merged, resolve(self.merged, path))

    def lstat(self, path: str) -> Stat:
        """The facts of *path*; symlinks on the way are followed, a last one is not.

        Raises:
            PathNotFoundError: There is no such path.
            NotADirectoryPathError: It leads through something that is no directory.
            SymlinkLoopError: It leads through more than `Limits.symlink_follows`.
        """
        return Stat.of(Node(self.merged, resolve(self.merged, path, last=False)))

    def stat(self, path: str) -> Stat:
        """The facts of what *path* leads to, with symlinks followed inside the root.

        Raises:
            PathNotFoundError: There is no such path.
            NotADirectoryPathError: It leads through something that is no directory.
            SymlinkLoopError: It leads through more than `Limits.symlink_follows`.
        """
        return Stat.of(self.resolve(path))

    def digest(self, *, ignore: Collection[Facet] = ()) -> Digest:
        """One digest for everything that is there, whatever layers it came from.

        Args:
            ignore: Facets that do not count, of `type content mode owner mtime xattrs
                target device links`.

        Raises:
            ContentNotKeptError: Content was not kept, and is not ignored.

        >>> from ocilayers.tar.entry import Entry
        >>> from ocilayers.tree.merge import merge
        >>> old = merge([[Entry("a", "file", mtime_ns=1)]])
        >>> new = merge([[Entry("a", "file", mtime_ns=2)]])
        >>> old.digest(ignore=["mtime"]) == new.digest(ignore=["mtime"])
        True
        """
        check_facets(ignore)
        return tree_digest(self.walk(), ignore)

    def du(self, path: str = "/") -> int:
        """The bytes of all files at and below *path*, each inode counted once."""
        sizes = {node.links: node.size for node in self.walk(path)}
        return sum(sizes.values())

    def rows(self) -> Iterator[dict[str, object]]:
        """One plain dict a path, ready for a data frame."""
        for node in self.walk():
            row: dict[str, object] = {name: getattr(node, name) for name in _COLUMNS}
            # Arrow and JSON know no other map than this one.
            row["xattrs"] = dict(node.xattrs)
            yield row

    def at(self, n: int) -> Filesystem:
        """What the first *n* layers make together; `at(-1)` leaves the last out.

        Raises:
            MergeError: There are not so many layers.
        """
        if not -len(self.layers) <= n <= len(self.layers):
            raise MergeError(
                "no such layer", expected=f"at most {len(self.layers)}", actual=n
            )
        limits = self.merged.limits
        merged, layers, log = stack(
            self.layers[:n], profile=self.profile, limits=limits
        )
        created_by = self.created_by[: len(layers)]
        return Filesystem(merged, layers, self.profile, created_by, log.findings)

    def history(self, path: str) -> tuple[PathEvent, ...]:
        """Everything that the layers did to *path*, in their order.

        Paths that are hidden have a history too; one that never was has none.

        >>> from ocilayers.tar.entry import Entry
        >>> from ocilayers.tree.merge import merge
        >>> fs = merge([[Entry("a", "file")], [Entry("a", "whiteout")]])
        >>> [(event.layer, event.kind, event.cause) for event in fs.history("/a")]
        [(0, 'added', 'entry'), (1, 'hidden', 'whiteout')]
        """
        return tuple(biography(self.merged, clean(path).path, self.created_by))

    def explain(self, path: str) -> str:
        """Where *path* comes from, or why it is not there, in one sentence.

        >>> from ocilayers.tar.entry import Entry
        >>> from ocilayers.tree.merge import merge
        >>> fs = merge([[Entry("a/b", "file")], [Entry("a", "whiteout")]])
        >>> fs.explain("/a/b")
        '/a/b is not there: hidden in layer 1 by a whiteout of /a; added in layer 0'
        """
        return explanation(self.merged, clean(path).path, self.created_by)

    def hidden(self) -> Iterator[HiddenNode]:
        """What some layer stores and nobody sees, content included.

        A file is there once for every layer that stores it; each says what hid it.
        First comes what its own layer replaces, then what each layer hides, by path.

        >>> from ocilayers.tar.entry import Entry
        >>> from ocilayers.tree.merge import merge
        >>> fs = merge(
        ...     [[Entry("k", "file", content=b"secret")], [Entry("k", "whiteout")]]
        ... )
        >>> [
        ...     (node.path, node.read_text(), node.hidden_by.layer)
        ...     for node in fs.hidden()
        ... ]
        [('/k', 'secret', 1)]
        """
        return find_hidden(self.merged, self.layers, self.created_by)

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Filesystem):
            return NotImplemented
        return self.merged.paths.keys() == other.merged.paths.keys() and all(
            node == other[path] for path, node in self.items()
        )

    @override
    def __hash__(self) -> int:
        return hash(frozenset(self.merged.paths))

    @override
    def __repr__(self) -> str:
        return f"<Filesystem: {len(self)} paths from {len(self.layers)} layers>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(islice(self, _COMPLETIONS))

    def _repr_html_(self) -> str:
        from ocilayers.notebook.listing import filesystem_html  # noqa: PLC0415 - the one arrow up

        return filesystem_html(self)


#: More than that and nobody chooses from them, but waits.
_COMPLETIONS: Final = 5_000


_COLUMNS: Final = (
    "path",
    "kind",
    "mode",
    "uid",
    "gid",
    "user",
    "group",
    "size",
    "mtime_ns",
    "target",
    "device",
    "xattrs",
    "nlink",
    "links",
    "layer",
    "implied",
)
