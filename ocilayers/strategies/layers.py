"""Entries, layers and stacks: few names, so that layers meet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers.tar.entry import Entry, Kind

__all__ = ["entries", "layer_stacks", "layers"]

_NAMES: Final = ("a", "b", "c")
#: Legal, and a trap: a line break, text that turns round, bytes that are no text,
#: almost a parent, a name as long as they get, and markup.
_NASTY: Final = ("a\nb", "\u202ea", "\udcff", "...", "n" * 255, "<b>")
_KINDS: Final = (
    Kind.FILE,
    Kind.DIRECTORY,
    Kind.SYMLINK,
    Kind.FIFO,
    Kind.WHITEOUT,
    Kind.OPAQUE,
)
_MARKS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})
_HOLDERS: Final = frozenset({Kind.DIRECTORY, Kind.OPAQUE})


def entries(*, hostile: bool = False) -> SearchStrategy[Entry]:
    """Entries of every kind but hard links, which mean something in a layer only."""
    return _entries(hostile)


@st.composite
def _entries(draw: DrawFn, hostile: bool) -> Entry:  # noqa: FBT001 - hypothesis calls it
    path = draw(_paths(hostile=hostile))
    kind = draw(st.sampled_from(_KINDS))
    if kind in _MARKS:
        return Entry(path, kind)
    return Entry(
        path,
        kind,
        content=draw(st.binary(max_size=3)) if kind is Kind.FILE else None,
        target=draw(_paths(hostile=hostile)) if kind is Kind.SYMLINK else None,
        uid=draw(st.sampled_from([0, 7])),
    )


def _paths(*, hostile: bool) -> SearchStrategy[str]:
    names = _NAMES + _NASTY if hostile else _NAMES
    parts = st.lists(st.sampled_from(names), min_size=1, max_size=3)
    return parts.map("/".join)


def layers(*, hostile: bool = False) -> SearchStrategy[tuple[Entry, ...]]:
    """Layers that merge; a hard link names a file of its own layer.

    Args:
        hostile: With nasty names, and with paths that stand there more than once or
            below what is no directory.
    """
    return _layers(hostile)


@st.composite
def _layers(draw: DrawFn, hostile: bool) -> tuple[Entry, ...]:  # noqa: FBT001 - so too
    layer = draw(st.lists(entries(hostile=hostile), max_size=6))
    if not hostile:
        layer = _sound(layer)
    files = [entry.path for entry in layer if entry.kind is Kind.FILE]
    linked = draw(st.booleans())
    if files and linked:
        target = draw(st.sampled_from(files))
        # Beside every other name, so that it stands in nobody's way.
        layer.append(Entry("link", Kind.HARDLINK, target=target))
    return tuple(layer)


def _sound(layer: Iterable[Entry], lower: Collection[str] = ()) -> list[Entry]:
    """Every path once, and below nothing but directories; *lower* are none."""
    kept: dict[str, Entry] = {}
    for entry in sorted(layer, key=lambda entry: entry.path.count("/")):
        parts = entry.path.split("/")
        above = ["/".join(parts[:end]) for end in range(1, len(parts))]
        if entry.kind is Kind.OPAQUE:
            above.append(entry.path)
        if all(up not in lower and _holds(kept.get(up)) for up in above):
            kept.setdefault(entry.path, entry)
    return list(kept.values())


def _holds(entry: Entry | None) -> bool:
    return entry is None or entry.kind in _HOLDERS


def layer_stacks(
    *, hostile: bool = False
) -> SearchStrategy[tuple[tuple[Entry, ...], ...]]:
    """Stacks of layers, the lowest first, ready for `ocilayers.merge`.

    Args:
        hostile: As for `layers`.
    """
    stacks = st.lists(layers(hostile=hostile), max_size=4)
    return stacks.map(tuple if hostile else _sound_stack)


def _sound_stack(stack: list[tuple[Entry, ...]]) -> tuple[tuple[Entry, ...], ...]:
    """Without what lies below a path that some lower layer has as no directory."""
    lower: set[str] = set()
    sound: list[tuple[Entry, ...]] = []
    for layer in stack:
        links = [entry for entry in layer if entry.kind is Kind.HARDLINK]
        rest = _sound((e for e in layer if e.kind is not Kind.HARDLINK), lower)
        paths = {entry.path for entry in rest}
        links = [link for link in links if link.target in paths]
        sound.append((*rest, *links))
        lower |= {e.path for e in rest if e.kind not in _HOLDERS | _MARKS}
    return tuple(sound)
