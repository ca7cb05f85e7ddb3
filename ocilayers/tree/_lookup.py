"""Finding what a path names, as a process inside the container would."""

from __future__ import annotations

from ocilayers.errors import NotADirectoryPathError, PathNotFoundError
from ocilayers.tree._links import follow
from ocilayers.tree.merged import Merged

__all__ = ["resolve"]


def resolve(merged: Merged, name: str, *, last: bool = True) -> str:
    """The real path of *name*, with symlinks followed inside the root.

    Args:
        merged: Where to look.
        name: Absolute, or relative to the root.
        last: Whether a symlink at the very end is followed too.

    Raises:
        PathNotFoundError: There is nothing on the way, or at its end.
        NotADirectoryPathError: The way leads through something that is no directory.
        SymlinkLoopError: It leads through too many symlinks.
    """

    def look(path: str, rest: int) -> str | None:
        if path in merged.dirs:
            return None
        if path not in merged.paths:
            raise PathNotFoundError("no such path", where=f"/{path}")
        target = merged.symlink(path)
        if target is None and rest:
            raise NotADirectoryPathError("no directory", where=f"/{path}")
        return target

    path = follow(name, look, limits=merged.limits, last=last).path
    if path not in merged.paths:
        raise PathNotFoundError("no such path", where=f"/{path}")
    return path
