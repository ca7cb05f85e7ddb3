"""Which of a layer's entries add something, and which ones hide.

Law: names are read here, and nothing else; what they do to each other is decided
by who lays them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Final

import attrs

from ocilayers._types import EMPTY_MAP
from ocilayers.errors import (
    InvalidWhiteoutError,
    PathEscapeError,
    RootNotDirectoryError,
)
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.whiteout import OPAQUE_WHITEOUT, WHITEOUT_PREFIX, classify
from ocilayers.tree._notes import Notes
from ocilayers.tree._paths import clean, join, parent
from ocilayers.tree.rules import (
    AUFS_LEFTOVER,
    DOTTED_NAME,
    ODD_MARKER,
    OVERLAY_MARK,
    RESERVED_NAME,
)

__all__ = ["Mark", "Members", "sort_out"]

#: A name of its own, as looking up a member of an enumeration is slow.
_FILE: Final = Kind.FILE
_MARKS: Final = frozenset({Kind.WHITEOUT, Kind.OPAQUE})
_MARK_TYPES: Final = _MARKS | {Kind.FILE}
_AUFS_PREFIX: Final = ".wh..wh."
_AUFS_LINKS: Final = ".wh..wh.plnk/"
_OVERLAY_PREFIXES: Final = ("trusted.overlay.", "user.overlay.")


@attrs.frozen
class Mark:
    """A whiteout or an opaque mark.

    Attributes:
        path: What it hides, or the directory whose lower children it hides.
        kind: `whiteout` or `opaque`.
        entry: The mark itself.
        after: How many entries were added before it.
    """

    path: str
    kind: Kind
    entry: Entry
    after: int


@attrs.define(eq=False)
class Members:
    """A layer's entries, by what they are there for.

    Attributes:
        paths: Clean paths of what is added, in archive order.
        entries: What is added, in the same order.
        special: Positions of what is more than a file without xattrs.
        marks: What hides, in archive order.
        leftovers: Files that AUFS left behind for hard links to name, by path.
    """

    paths: list[str]
    entries: Sequence[Entry]
    special: list[int]
    marks: list[Mark] = attrs.field(factory=list[Mark])
    leftovers: dict[str, Entry] = attrs.field(factory=dict[str, Entry])


def sort_out(raw: Sequence[Entry], limits: Limits, notes: Notes) -> Members:
    """Tell what *raw* adds from what it hides.

    Raises:
        PathEscapeError: A name climbs out of the root.
        InvalidWhiteoutError: A whiteout names nothing, or the root.
        RootNotDirectoryError: The root would become something else.
        LimitExceededError: A path is too long or too deep.
    """
    paths = [entry.path for entry in raw]
    _check_lengths(paths, limits, notes)
    members = Members(paths, raw, _special(raw))
    marks = (n for n in members.special if raw[n].kind in _MARKS)
    keep = bytearray(b"\1") * len(raw)
    dropped = 0
    for n in sorted({*_odd_names(paths), *marks}):
        entry = raw[n]
        path, kind = _read_name(entry, notes)
        if path.startswith(_AUFS_PREFIX):
            # Nothing is shown of it, so marks among it hide nothing either.
            if path.startswith(_AUFS_LINKS) and kind is Kind.FILE:
                members.leftovers[path] = entry
        elif kind in _MARKS:
            members.marks.append(Mark(path, kind, entry, n - dropped))
        else:
            paths[n] = path
            continue
        keep[n] = 0
        dropped += 1
    if dropped:
        members.paths = list(compress(paths, keep))
        members.entries = tuple(compress(raw, keep))
        members.special = _special(members.entries)
    _diagnose(members, notes)
    return members


def _special(entries: Sequence[Entry]) -> list[int]:
    return [
        n
        for n, entry in enumerate(entries)
        if entry.kind is not _FILE or entry.xattrs is not EMPTY_MAP
    ]


def _check_lengths(paths: Iterable[str], limits: Limits, notes: Notes) -> None:
    # A character is at most four bytes, and a component at least one and a slash.
    safe = min(limits.path_bytes // 4, 2 * limits.path_depth)
    if max(map(len, paths), default=0) <= safe:
        return
    for path in paths:
        where = notes.where(path)
        size = len(path.encode("utf-8", "surrogateescape"))
        limits.check("path_bytes", size, where=where)
        limits.check("path_depth", path.count("/") + 1, where=where)


def _odd_names(paths: list[str]) -> Iterable[int]:
    """Positions of names that may be markers, or not clean."""
    text = "/" + "/\0/".join(paths) + "/"
    if "//" in text or text.count("\0") >= max(len(paths), 1):
        return [n for n, path in enumerate(paths) if _may_be_odd(path)]
    odd: list[int] = []
    n = last = 0
    hit = text.find("/.")
    while hit >= 0:
        n += text.count("\0", last, hit)
        odd.append(n)
        last = text.find("\0", hit)
        hit = text.find("/.", last) if last >= 0 else -1
    return odd


def _may_be_odd(path: str) -> bool:
    return (
        not path or path[0] in "./" or "/." in path or "//" in path or path[-1] == "/"
    )


def _read_name(entry: Entry, notes: Notes) -> tuple[str, Kind]:
    """The path that *entry* speaks of, and what it is there for."""
    cleaned = clean(entry.path)
    if cleaned.escapes:
        raise PathEscapeError(
            "the name climbs out of the root", where=f"{notes.layer}/{entry.path}"
        )
    path, kind = cleaned.path, entry.kind
    if cleaned.dotted:
        notes.add(DOTTED_NAME, path)
    if kind not in _MARKS:
        path, kind = _as_marker(path, kind, notes)
    if kind in _MARKS and (entry.size or entry.kind not in _MARK_TYPES):
        notes.add(ODD_MARKER, path)
    if not path:
        _check_root(kind, notes)
    if path.startswith(_AUFS_PREFIX):
        notes.add(AUFS_LEFTOVER, path)
    elif WHITEOUT_PREFIX in path and f"/{WHITEOUT_PREFIX}" in f"/{parent(path)}":
        notes.add(RESERVED_NAME, path)
    return path, kind


def _as_marker(path: str, kind: Kind, notes: Notes) -> tuple[str, Kind]:
    if path.startswith(_AUFS_PREFIX) and path != OPAQUE_WHITEOUT:
        return path, kind
    said, marker = classify(path, kind)
    if marker in _MARKS:
        return ("" if said == "." else said), marker
    directory, _, name = path.rpartition("/")
    if not name.startswith(WHITEOUT_PREFIX):
        return path, kind
    hidden = name.removeprefix(WHITEOUT_PREFIX)
    if hidden in {"", ".", ".."}:
        raise InvalidWhiteoutError(
            "a whiteout that names nothing", where=notes.where(path)
        )
    # AUFS wrote such names at the root only; anywhere else it is a whiteout.
    return join(directory, hidden), Kind.WHITEOUT


def _check_root(kind: Kind, notes: Notes) -> None:
    if kind is Kind.WHITEOUT:
        raise InvalidWhiteoutError("a whiteout of the root", where=notes.where(""))
    if kind not in {Kind.DIRECTORY, Kind.OPAQUE}:
        raise RootNotDirectoryError(
            "the root would become something else", where=notes.where(""), actual=kind
        )


def _diagnose(members: Members, notes: Notes) -> None:
    for n in members.special:
        entry = members.entries[n]
        if (entry.kind is Kind.CHAR and entry.device == (0, 0)) or any(
            name.startswith(_OVERLAY_PREFIXES) for name in entry.xattrs
        ):
            notes.add(OVERLAY_MARK, members.paths[n])
