"""Entries, layers and stacks: few paths, so that layers meet.

Law: one choice for each thing that is drawn, the plainest first. So what fails
shrinks to a few entries of plain files called `a`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import WHITEOUT_PREFIX

__all__ = ["entries", "layer_stacks", "layers"]

_PATHS: Final = ("a", "b", "a/a", "a/b", "a/a/a")
#: Legal, and a trap: a line break, text that turns round, bytes that are no text,
#: almost a parent, a name as long as they get, markup, and what AUFS left behind.
_NASTY: Final = (
    "a\nb",
    "\u202ea",
    "\udcff",
    "a/...",
    "a/" + "n" * 255,
    "<b>",
    ".wh.",
    ".wh..wh.aufs",
    ".wh.a/a",
)
#: Some more than once: they are drawn as often.
_KINDS: Final = (
    Kind.FILE,
    Kind.WHITEOUT,
    Kind.FILE,
    Kind.WHITEOUT,
    Kind.DIRECTORY,
    Kind.FILE,
    Kind.OPAQUE,
    Kind.SYMLINK,
    Kind.FIFO,
    Kind.CHAR,
)
_MARKS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})
_CONTENTS: Final = (b"", b"1", b"22", b"3" * 513)
_TARGETS: Final = (*_PATHS, "/a", "../b", "nowhere")
#: What else an entry may say; one thing at a time, so that it is seen what matters.
_DETAILS: Final[tuple[Mapping[str, Any], ...]] = (
    {},
    {"mode": 0o700},
    {"mode": 0o4755},
    {"uid": 7, "gid": 7},
    {"user": "root", "group": "wheel"},
    {"mtime_ns": 1_623_023_914_000_000_000},
    {"mtime_ns": 1_500_000_000},
    {"xattrs": {"user.a": b"\0\xff"}},
)


def entries(*, hostile: bool = False) -> SearchStrategy[Entry]:
    r"""Entries of every kind but hard links, which mean something in a layer only.

    Args:
        hostile: With names that are legal and a trap: a line break, bytes that are
            no text, 255 characters, markup, names that are almost a whiteout's.
    """
    return _entries(_PATHS + _NASTY if hostile else _PATHS)


@st.composite
def _entries(draw: DrawFn, paths: tuple[str, ...]) -> Entry:
    kind = draw(st.sampled_from(_KINDS))
    path = draw(st.sampled_from(paths))
    if kind in _MARKS:
        # `.wh..wh.` hides nothing: there is no whiteout of such a name.
        name = path.rpartition("/")[2]
        hides = kind is Kind.OPAQUE or not name.startswith(WHITEOUT_PREFIX)
        return Entry(path if hides else "a", kind)
    return Entry(
        path,
        kind,
        content=draw(st.sampled_from(_CONTENTS)) if kind is Kind.FILE else None,
        target=draw(st.sampled_from(_TARGETS)) if kind is Kind.SYMLINK else None,
        device=(1, 3) if kind is Kind.CHAR else None,
        **draw(st.sampled_from(_DETAILS)),
    )


def layers(*, hostile: bool = False) -> SearchStrategy[tuple[Entry, ...]]:
    """Layers that merge; a hard link names a file of its own layer.

    Args:
        hostile: With the names of hostile `entries`, with paths that stand there
            more than once or below what is no directory.
    """
    drawn = _layers(hostile)
    return drawn.map(tuple if hostile else _sound)


@st.composite
def _layers(draw: DrawFn, hostile: bool) -> list[Entry]:  # noqa: FBT001 - hypothesis calls it
    layer = draw(st.lists(entries(hostile=hostile), max_size=8))
    files = [entry.path for entry in layer if entry.kind is Kind.FILE]
    for target in files[:1] if draw(st.booleans()) else ():
        path = draw(st.sampled_from(_PATHS))
        layer.append(Entry(path, Kind.HARDLINK, target=target))
    return layer


def layer_stacks(
    *, hostile: bool = False
) -> SearchStrategy[tuple[tuple[Entry, ...], ...]]:
    """Stacks of layers, the lowest first, ready for `ocilayers.merge`.

    They merge in the strict sense too. A layer may hide a path and have it itself, as
    builders write what they replace: a trap for whoever applies whiteouts in turn.

    Args:
        hostile: As for `layers`; not all of them mean something.
    """
    stacks = st.lists(_layers(hostile), max_size=5)
    return stacks.map(_as_tuples if hostile else _sound_stack)


def _as_tuples(stack: list[list[Entry]]) -> tuple[tuple[Entry, ...], ...]:
    return tuple(map(tuple, stack))


def _sound_stack(stack: list[list[Entry]]) -> tuple[tuple[Entry, ...], ...]:
    """Without what lies below something that is no directory by then."""
    solid: set[str] = set()
    sound: list[tuple[Entry, ...]] = []
    for drawn in stack:
        layer = _sound(drawn, solid)
        solid = set(_solid(layer, solid))
        sound.append(layer)
    return tuple(sound)


def _sound(layer: Iterable[Entry], solid: Collection[str] = ()) -> tuple[Entry, ...]:
    """Each path once, and nothing below what is no directory; *solid* are none."""
    marks = [entry for entry in dict.fromkeys(layer) if entry.kind in _MARKS]
    own: dict[str, Entry] = {}
    for entry in layer:
        if entry.kind not in _MARKS:
            own.setdefault(entry.path, entry)
    below = set(solid) - set(own) - {path for path in solid if _hides(marks, path)}
    below |= {path for path, it in own.items() if it.kind is not Kind.DIRECTORY}
    kept = [one for one in (*marks, *own.values()) if not below & set(_above(one))]
    files = {entry.path for entry in kept if entry.kind is Kind.FILE}
    return tuple(
        entry
        for entry in kept
        if entry.kind is not Kind.HARDLINK or entry.target in files
    )


def _above(entry: Entry) -> Iterator[str]:
    """The paths that have to be directories for *entry* to be there."""
    path = f"{entry.path}/" if entry.kind is Kind.OPAQUE else entry.path
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _hides(layer: Iterable[Entry], path: str) -> bool:
    """Whether a mark, or something that is no directory, hides *path* below it."""
    return any(
        path.startswith(f"{entry.path}/")
        or (path == entry.path and entry.kind is not Kind.OPAQUE)
        for entry in layer
        if entry.kind is not Kind.DIRECTORY
    )


def _solid(layer: tuple[Entry, ...], lower: set[str]) -> Iterator[str]:
    """What is no directory once *layer* lies on what has *lower*."""
    own = {entry.path: entry for entry in layer if entry.kind not in _MARKS}
    yield from (path for path in lower - set(own) if not _hides(layer, path))
    yield from (path for path, it in own.items() if it.kind is not Kind.DIRECTORY)
