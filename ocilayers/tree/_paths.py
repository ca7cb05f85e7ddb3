"""Paths inside a layer: relative, clean, the empty text for the root.

Law: only text is read here; no symlink is followed, no file system asked.
Source: `clean` is what every reader of layers does with member names: leading
slashes, empty parts and `.` go, inner `..` is resolved, nothing climbs out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

__all__ = [
    "Cleaned",
    "ancestors",
    "byte_order",
    "clean",
    "join",
    "parent",
    "tree_key",
    "tree_order",
]


@attrs.frozen
class Cleaned:
    """A name as a path.

    Attributes:
        path: Relative and clean; empty for the root.
        dotted: Whether a `..` had to be resolved.
        escapes: Whether a `..` stood at the root, where it means the root.
    """

    path: str
    dotted: bool = False
    escapes: bool = False


def clean(name: str) -> Cleaned:
    """Read *name* as a path, bounded to the root.

    >>> clean("./usr//lib/../bin/")
    Cleaned(path='usr/bin', dotted=True, escapes=False)
    >>> clean("../p").escapes
    True
    """
    parts: list[str] = []
    dotted = escapes = False
    for part in name.split("/"):
        if part == "..":
            dotted = True
            if parts:
                parts.pop()
            else:
                escapes = True
        elif part not in {"", "."}:
            parts.append(part)
    return Cleaned("/".join(parts), dotted, escapes)


def parent(path: str) -> str:
    """The directory that *path* is in; of the root, the root."""
    return path.rpartition("/")[0]


def join(directory: str, name: str) -> str:
    """*name* in *directory*."""
    return f"{directory}/{name}" if directory else name


def ancestors(path: str) -> Iterator[str]:
    """The directories above *path*, nearest first, the root last."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def byte_order(paths: Iterable[str]) -> list[str]:
    """Siblings in the order of their bytes, whatever bytes they are."""
    names = list(paths)
    if "".join(names).isascii():
        names.sort()
    else:
        # Lone surrogates stand for bytes, which sort elsewhere than their code points.
        names.sort(key=_as_bytes)
    return names


def tree_order(paths: Iterable[str]) -> list[str]:
    """Any paths, parents before children and siblings in the order of their bytes."""
    return sorted(paths, key=tree_key)


def tree_key(path: str) -> bytes:
    """What sorts *path* into tree order."""
    return _as_bytes(path).replace(b"/", b"\0")


def _as_bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
