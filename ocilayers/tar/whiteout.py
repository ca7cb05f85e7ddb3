"""Whiteouts: the names that hide.

Law: only names are read here; what is hidden is decided by who merges.
"""

from __future__ import annotations

from typing import Final

from ocilayers.tar.entry import Kind

__all__ = ["OPAQUE_WHITEOUT", "WHITEOUT_PREFIX", "classify", "marker_name"]

#: "A whiteout file is an empty file with a special filename that signifies a
#: path should be deleted. A whiteout filename consists of the prefix .wh. plus
#: the basename of the path to be deleted."
#: — image-spec, layer.md, "Whiteouts"
WHITEOUT_PREFIX: Final = ".wh."

#: Hides every lower name of its directory, never its own layer's entries.
#: — image-spec, layer.md, "Opaque Whiteout"
OPAQUE_WHITEOUT: Final = ".wh..wh..opq"


def classify(path: str, kind: Kind) -> tuple[str, Kind]:
    """What a member called *path* stands for: the path it speaks of, and its kind.

    A marker is recognised by its base name, whatever its type. Names that would
    hide nothing, `.` or `..` are no markers and come back as they are; so do the
    other names beginning `.wh..wh.`, which AUFS left behind.
    """
    directory, slash, name = path.rpartition("/")
    if not name.startswith(WHITEOUT_PREFIX):
        return path, kind
    if name == OPAQUE_WHITEOUT:
        return directory or ".", Kind.OPAQUE
    hidden = name.removeprefix(WHITEOUT_PREFIX)
    if hidden in {"", ".", ".."} or hidden.startswith(WHITEOUT_PREFIX):
        return path, kind
    return f"{directory}{slash}{hidden}", Kind.WHITEOUT


def marker_name(path: str, kind: Kind) -> str:
    """The member name that says *kind* of *path*: the inverse of `classify`."""
    if kind is Kind.OPAQUE:
        return OPAQUE_WHITEOUT if path == "." else f"{path}/{OPAQUE_WHITEOUT}"
    if kind is Kind.WHITEOUT:
        directory, slash, name = path.rpartition("/")
        return f"{directory}{slash}{WHITEOUT_PREFIX}{name}"
    return path
