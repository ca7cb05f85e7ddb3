"""Stacks of layers that hypothesis draws: few names, so that layers meet."""

from __future__ import annotations

from hypothesis import assume, strategies as st

from ocilayers.errors import MergeError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

__all__ = [
    "MARKS",
    "layers",
    "linked_stacks",
    "merged",
    "names",
    "paths",
    "stacks",
]

MARKS = frozenset({Kind.WHITEOUT, Kind.OPAQUE})

names = st.sampled_from(["a", "b", "c", "d-e", "\udcff"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
contents = st.sampled_from([b"", b"1", b"22"])
modes = st.sampled_from([0o755, 0o700, 0o4711])
small_numbers = st.sampled_from([0, 7])
targets = st.one_of(paths, paths.map("/{}".format), paths.map("../{}".format))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """One entry of any kind but a hard link."""
    kind = draw(
        st.sampled_from(
            [
                Kind.FILE,
                Kind.FILE,
                Kind.DIRECTORY,
                Kind.DIRECTORY,
                Kind.SYMLINK,
                Kind.FIFO,
                Kind.WHITEOUT,
                Kind.OPAQUE,
            ]
        )
    )
    path = draw(paths)
    if kind in MARKS:
        return Entry(path, kind)
    return Entry(
        path,
        kind,
        target=draw(targets) if kind is Kind.SYMLINK else None,
        content=draw(contents) if kind is Kind.FILE else None,
        mode=draw(modes),
        uid=draw(small_numbers),
        mtime_ns=draw(small_numbers),
    )


@st.composite
def layers(draw: st.DrawFn) -> list[Entry]:
    """Up to eight entries; a hard link names a file of the layer."""
    layer = draw(st.lists(entries(), max_size=7))
    files = [entry.path for entry in layer if entry.kind is Kind.FILE]
    linked = draw(st.booleans())
    if files and linked:
        target = draw(st.sampled_from(files))
        layer.append(Entry(draw(paths), Kind.HARDLINK, target=target))
    return layer


@st.composite
def linked_stacks(draw: st.DrawFn) -> list[list[Entry]]:
    """Up to four layers; a hard link names what a lower layer shows, or a way to it."""
    stack = [draw(layers())]
    for _ in range(draw(st.integers(1, 3))):
        layer = draw(layers())
        targets = [node.path for node in merged(stack).walk() if not node.is_dir()]
        if targets:
            target = draw(st.sampled_from(targets) | paths)
            layer.append(Entry(draw(paths), Kind.HARDLINK, target=target))
        stack.append(layer)
    return stack


stacks = st.lists(layers(), max_size=4)


def merged(stack: list[list[Entry]] | list[Changeset]) -> Filesystem:
    """What *stack* makes; a stack that means nothing is none."""
    try:
        return merge(stack)
    except MergeError:
        assume(condition=False)
        raise
