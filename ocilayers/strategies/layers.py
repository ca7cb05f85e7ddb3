"""Entries, layers and stacks: few paths, so that layers meet.

Law: one choice for each thing that is drawn, the plainest first. So what fails
shrinks to a few entries of plain files called `a`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers._types import FrozenMap
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
_MARKS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})
_DEVICE: Final = st.just((1, 3))
#: What an entry of a kind always says. As many choices in each form of a kind: of two
#: that fail alike, Hypothesis keeps the one that took fewer.
_NEEDED: Final[Mapping[Kind, Mapping[str, SearchStrategy[Any]]]] = {
    Kind.FILE: {"content": st.sampled_from((b"", b"1", b"22", b"3" * 513))},
    Kind.SYMLINK: {"target": st.sampled_from((*_PATHS, "/a", "../b", "nowhere"))},
    Kind.CHAR: {"device": _DEVICE},
    Kind.BLOCK: {"device": _DEVICE},
}
#: What an entry may say beside that. One detail at a time, so that
#: it is seen what matters; what is there more than once is drawn more often.
_FORMS: Final[tuple[tuple[Kind, Mapping[str, SearchStrategy[Any]]], ...]] = (
    (Kind.FILE, {}),
    (Kind.WHITEOUT, {}),
    (Kind.DIRECTORY, {}),
    (Kind.OPAQUE, {}),
    (Kind.SYMLINK, {}),
    (Kind.FILE, {}),
    (Kind.WHITEOUT, {}),
    (Kind.FIFO, {}),
    (Kind.CHAR, {}),
    (Kind.BLOCK, {}),
    (Kind.FILE, {"mode": st.just(0o4755)}),
    (Kind.WHITEOUT, {}),
    (Kind.FILE, {"mtime_ns": st.sampled_from((1_623_023_914 * 10**9, 1_500_000_000))}),
    (Kind.OPAQUE, {}),
    (Kind.FILE, {"xattrs": st.just(FrozenMap({"user.a": b"\0\xff"}))}),
    (Kind.WHITEOUT, {}),
    (Kind.DIRECTORY, {"mode": st.just(0o700)}),
    (Kind.FILE, {"user": st.just("root"), "group": st.just("wheel")}),
    (Kind.DIRECTORY, {"uid": st.just(7), "gid": st.just(7)}),
)


def entries(*, hostile: bool = False) -> SearchStrategy[Entry]:
    """Entries of every kind but hard links, which mean something in a layer only.

    Args:
        hostile: With names that are legal and a trap: a line break, bytes that are
            no text, 255 characters, markup, names that are almost a whiteout's.
    """
    return _HOSTILE if hostile else _USUAL


def _entries(paths: tuple[str, ...]) -> SearchStrategy[Entry]:
    path = st.sampled_from(paths)
    # `.wh..wh.` hides nothing: there is no whiteout of such a name.
    names = [
        it for it in paths if not it.rpartition("/")[2].startswith(WHITEOUT_PREFIX)
    ]
    hidden = st.sampled_from(names)
    # Built by Hypothesis, so that it reports the call and not all fifteen fields.
    return st.one_of(
        [
            st.builds(
                Entry,
                hidden if kind in _MARKS else path,
                st.just(kind.value),
                **_NEEDED.get(kind, {}),
                **details,
            )
            for kind, details in _FORMS
        ]
    )


# Once for all: it takes longer to make strategies than to draw from them.
_USUAL: Final = _entries(_PATHS)
_HOSTILE: Final = _entries(_PATHS + _NASTY)
_LINKS: Final = {
    target: st.builds(
        Entry, st.sampled_from(_PATHS), st.just("hardlink"), target=st.just(target)
    )
    for target in _PATHS
}


def layers(*, hostile: bool = False) -> SearchStrategy[tuple[Entry, ...]]:
    """Layers that merge; a hard link names a file of its own layer.

    Args:
        hostile: With the names of hostile `entries`, with paths that stand there
            more than once or below what is no directory.
    """
    return _layers(st.lists(entries(hostile=hostile), max_size=8), hostile)


@st.composite
def _layers(
    draw: DrawFn,
    lists: SearchStrategy[list[Entry]],
    hostile: bool,  # noqa: FBT001 - hypothesis calls it
) -> tuple[Entry, ...]:
    layer = draw(lists)
    files = [it.path for it in layer if it.kind is Kind.FILE and it.path in _LINKS]
    linked = draw(st.booleans())
    if files and linked:
        layer.append(draw(_LINKS[files[0]]))
    return tuple(layer) if hostile else _sound(layer)


def layer_stacks(
    *, hostile: bool = False
) -> SearchStrategy[tuple[tuple[Entry, ...], ...]]:
    """Stacks of layers, the lowest first, ready for `ocilayers.merge`.

    They merge in the strict sense too. A layer may hide a path and have it itself, as
    builders write what they replace: a trap for whoever applies whiteouts in turn.

    >>> from hypothesis import find
    >>> find(
    ...     layer_stacks(),
    ...     lambda stack: any(
    ...         entry.kind == "whiteout" for layer in stack[1:] for entry in layer
    ...     ),
    ... )
    ((), (Entry(path='a', kind=<Kind.WHITEOUT: 'whiteout'>, ...),))

    Args:
        hostile: As for `layers`; not all of them mean something.
    """
    return _layer_stacks(st.lists(layers(hostile=hostile), max_size=5), hostile)


@st.composite
def _layer_stacks(
    draw: DrawFn,
    lists: SearchStrategy[list[tuple[Entry, ...]]],
    hostile: bool,  # noqa: FBT001 - so too
) -> tuple[tuple[Entry, ...], ...]:
    stack = draw(lists)
    return tuple(stack) if hostile else _sound_stack(stack)


def _sound_stack(stack: Iterable[Iterable[Entry]]) -> tuple[tuple[Entry, ...], ...]:
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
    layer = list(dict.fromkeys(layer))
    own: dict[str, Entry] = {}
    for entry in layer:
        if entry.kind not in _MARKS:
            own.setdefault(entry.path, entry)
    below = {path for path, it in own.items() if it.kind is not Kind.DIRECTORY}
    # Until the layer hides it, or puts a directory there: whoever reads in order is not
    # so far yet.
    still = set(solid)
    kept: list[Entry] = []
    for entry in layer:
        again = entry.kind not in _MARKS and entry is not own[entry.path]
        if again or (below | still).intersection(_above(entry)):
            continue
        kept.append(entry)
        if entry.kind is Kind.DIRECTORY:
            still.discard(entry.path)
        else:
            still = {path for path in still if not _hides([entry], path)}
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
