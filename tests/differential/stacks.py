"""Random layer stacks that every judge can judge.

Names are few, so that layers meet. What the tools are known to disagree about is
left out here and has a named test in `test_kernel.py`: hard links to lower
layers, entries below files or dangling symlinks of their own layer, whiteouts whose
directory is missing, hidden or reached through a symlink.
"""

from __future__ import annotations

import random
from typing import Final

import attrs

from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

__all__ = ["random_stack"]

_NAMES: Final = ("a", "b", "c", "d", "e-f", "é", "\udcff", "x.wh.y", "...")


def random_stack(dice: random.Random, *, layers: int = 5) -> list[list[Entry]]:
    """One to *layers* layers of up to a dozen entries each."""
    stack: list[list[Entry]] = []
    read: list[Changeset] = []
    for _ in range(dice.randint(1, layers)):
        stack.append(_RandomLayer(dice, merge(read)).make())
        read.append(Changeset(stack[-1]))
    return stack


@attrs.define
class _RandomLayer:
    dice: random.Random
    lower: Filesystem
    entries: list[Entry] = attrs.field(factory=list[Entry])
    own: dict[str, Kind] = attrs.field(factory=dict[str, Kind])
    marks: dict[str, Kind] = attrs.field(factory=dict[str, Kind])
    twice: set[str] = attrs.field(factory=set[str])

    def make(self) -> list[Entry]:
        for _ in range(self.dice.randint(0, 8)):
            self.add(self.parent())
        for _ in range(self.dice.randint(0, 3)):
            self.hide()
        links = any(path.startswith("link") for path in self.own)
        if self.dice.random() < 0.3 and not self.twice and not links:
            # Directories may come after what is in them.
            self.entries.sort(key=lambda entry: entry.kind is Kind.DIRECTORY)
        entries = self.entries
        for path, kind in self.marks.items():
            place = self.dice.randint(0, len(entries))
            entries.insert(place, Entry(path or ".", kind))
        return entries

    def parent(self) -> str:
        """Where the next entry goes: a directory, or what will become one."""
        dice = self.dice
        known = [path for path, kind in self.own.items() if kind is Kind.DIRECTORY]
        lower = [node.path[1:] for node in self.lower.walk()]
        path = dice.choice([*known, *known, *lower, ""])
        while dice.random() < 0.2 and path.count("/") < 4:
            path = f"{path}/{dice.choice(_NAMES)}".lstrip("/")
        return path

    def add(self, parent: str) -> None:
        if not self.is_free(parent):
            return
        name = self.dice.choice(_NAMES)
        path = f"{parent}/{name}".lstrip("/")
        if path in self.own and self.dice.random() < 0.9:
            return
        if self.own.get(path) is Kind.DIRECTORY:
            return
        if path in self.own:
            self.twice.add(path)
        if self.dice.random() < 0.5:
            self.name_parents(parent)
        self.imply(parent)
        kind = self.kind()
        entry = self.entry(path, kind)
        self.entries.append(entry)
        self.own[path] = entry.kind
        if kind is Kind.DIRECTORY and self.dice.random() < 0.2:
            self.through_symlink(path)

    def is_free(self, path: str) -> bool:
        """Whether nothing of this layer stands in the way of directory *path*."""
        while path:
            if self.own.get(path, Kind.DIRECTORY) is not Kind.DIRECTORY:
                return False
            path = path.rpartition("/")[0]
        return True

    def name_parents(self, path: str) -> None:
        parts = path.split("/") if path else []
        for n in range(1, len(parts) + 1):
            above = "/".join(parts[:n])
            if above not in self.own:
                self.entries.append(self.entry(above, Kind.DIRECTORY))
                self.own[above] = Kind.DIRECTORY

    def imply(self, path: str) -> None:
        while path:
            self.own.setdefault(path, Kind.DIRECTORY)
            path = path.rpartition("/")[0]

    def through_symlink(self, directory: str) -> None:
        link = f"link{self.dice.randint(0, 9)}"
        if link in self.own:
            return
        self.entries.append(Entry(link, Kind.SYMLINK, target=f"/{directory}"))
        self.own[link] = Kind.SYMLINK
        name = self.dice.choice(_NAMES)
        real = f"{directory}/{name}"
        if real not in self.own:
            self.entries.append(self.entry(f"{link}/{name}", Kind.FILE))
            self.own[real] = Kind.FILE

    def kind(self) -> Kind:
        kinds = [Kind.FILE, Kind.DIRECTORY, Kind.SYMLINK, Kind.FIFO, Kind.CHAR]
        return self.dice.choices([*kinds, Kind.HARDLINK], [6, 5, 3, 1, 1, 2])[0]

    def entry(self, path: str, kind: Kind) -> Entry:
        dice = self.dice
        if kind is Kind.HARDLINK:
            targets = [
                entry.path
                for entry in self.entries
                if entry.kind not in {Kind.DIRECTORY, Kind.HARDLINK}
                and self.own.get(entry.path) is entry.kind
                and entry.path != path
            ]
            if targets:
                return Entry(path, kind, target=dice.choice(targets))
            kind = Kind.FILE
        content = (
            dice.randbytes(dice.choice([0, 1, 700])) if kind is Kind.FILE else None
        )
        target = dice.choice(["a", "/b/c", "../a", "nowhere"])
        xattrs = {"user.k": dice.randbytes(2)} if dice.random() < 0.2 else {}
        return Entry(
            path,
            kind,
            mode=dice.choice([0o755, 0o700, 0o4711, 0o1777, 0o600]),
            uid=dice.choice([0, 0, 7, 3_000_000]),
            gid=dice.choice([0, 8]),
            # Times that survive the judge's arithmetic with floats.
            mtime_ns=dice.choice(
                [10**9, 15 * 10**8, 16 * 10**17 + 5 * 10**8, 4 * 10**18]
            ),
            target=target if kind is Kind.SYMLINK else None,
            device=(1, dice.randint(3, 9)) if kind is Kind.CHAR else None,
            xattrs=xattrs if kind in {Kind.FILE, Kind.DIRECTORY} else {},
            content=content,
        )

    def hide(self) -> None:
        dice = self.dice
        nodes = list(self.lower.walk())
        own = [path for path, kind in self.own.items() if kind is Kind.DIRECTORY]
        if dice.random() < 0.4:
            dirs = [node.path[1:] for node in nodes if node.is_dir()]
            path = dice.choice([*dirs, *own])
            if self.is_free(path) and self.may_mark(path):
                self.marks[path] = Kind.OPAQUE
        else:
            path = dice.choice(nodes).path[1:]
            parent = path.rpartition("/")[0]
            if path and self.is_free(parent) and self.may_mark(path):
                self.marks[path] = Kind.WHITEOUT

    def may_mark(self, path: str) -> bool:
        related = (
            f"{other}/".startswith(f"{path}/".lstrip("/"))
            or f"{path}/".startswith(f"{other}/".lstrip("/"))
            for other in (*self.marks, *self.twice)
        )
        return not any(related)
