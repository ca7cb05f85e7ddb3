"""A layer's contents as entries again, in the order in which they are best written.

Source: image-spec, layer.md, "Whiteouts": whiteouts SHOULD come before the other
entries of their directory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from ocilayers.errors import HardlinkTargetError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.contents import Contents

__all__ = ["spell_out"]


def spell_out(contents: Contents, children: Mapping[str, list[str]]) -> Iterator[Entry]:
    """Entries that say *contents*.

    Args:
        contents: What to say.
        children: Its paths by the directory they are in.

    Raises:
        HardlinkTargetError: A hard link to a lower layer is hidden by this layer.
    """
    shared = {id(link) for link in contents.links.values()}
    holders: dict[int, str] = {}
    # Few tools see both a whiteout and what its own layer has below it. An empty
    # directory that hides what was in it says the same.
    anew = contents.implied & contents.whiteouts.keys()
    for path, kind in _in_order(contents, anew):
        entry = contents.table.get(path)
        if kind is not None:
            yield Entry(path or ".", kind)
        elif entry is None:
            if path in anew or not (path in children or path in contents.opaques):
                yield Entry(path, Kind.DIRECTORY)
        elif path in contents.links or id(entry) in shared:
            yield _shared(path, contents, holders)
        else:
            yield _at(path, entry)


def _in_order(contents: Contents, anew: set[str]) -> list[tuple[str, Kind | None]]:
    """Every path and every mark, marks before the children of their directory."""
    whiteouts = contents.whiteouts.keys() - anew
    opaques = contents.opaques.keys() | anew
    places = [
        *((_place(path, "\2"), path, None) for path in contents.table),
        *((_place(path, "\2"), path, None) for path in contents.implied),
        *((_place(path, "\1"), path, Kind.WHITEOUT) for path in whiteouts),
        *((_place_in(path), path, Kind.OPAQUE) for path in opaques),
    ]
    places.sort(key=lambda place: place[0])
    return [(path, kind) for _, path, kind in places]


def _place(path: str, rank: str) -> bytes:
    directory, slash, name = path.rpartition("/")
    above = "\2" + directory.replace("/", "\0\2") + "\0" if slash else ""
    return f"{above}{rank}{name}".encode("utf-8", "surrogateescape")


def _place_in(directory: str) -> bytes:
    """Before everything else in *directory*."""
    return _place(f"{directory}/" if directory else "", "\0")


def _shared(path: str, contents: Contents, holders: dict[int, str]) -> Entry:
    link = contents.links.get(path) or contents.table[path]
    entry = contents.table[path]
    if isinstance(link, str):
        if link in contents.table or link in contents.dirs:
            raise HardlinkTargetError(
                "a hard link to what the same layer replaces",
                where=f"/{path}",
                actual=link,
            )
        return attrs.evolve(entry, path=path, target=link)
    holder = holders.setdefault(id(link), path)
    if holder == path:
        return _at(path, link)
    return Entry(path, Kind.HARDLINK, target=holder)


def _at(path: str, entry: Entry) -> Entry:
    path = path or "."
    return entry if entry.path == path else attrs.evolve(entry, path=path)
