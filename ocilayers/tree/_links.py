"""Symlinks, followed inside the root and only so often.

Law: no file system is held here; the caller says where the symlinks are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ocilayers.errors import SymlinkLoopError
from ocilayers.limits import Limits
from ocilayers.tree._paths import Cleaned, join, parent

__all__ = ["Look", "follow"]

Look: TypeAlias = Callable[[str, int], str | None]
"""The target of a path that is a symlink; told how many parts of the way are left."""


def follow(name: str, look: Look, *, limits: Limits, last: bool = True) -> Cleaned:
    """Where *name* leads, as the kernel walks it with the root as its root.

    Args:
        name: A path or the text of a symlink.
        look: Asked for every step.
        limits: How many symlinks may be followed, and how far they may lead.
        last: Whether a symlink at the very end is followed too.

    Raises:
        SymlinkLoopError: There are more symlinks on the way, or longer ones.
    """
    todo = name.split("/")
    todo.reverse()
    here = ""
    dotted = escapes = False
    follows = parts = 0
    while todo:
        part = todo.pop()
        if part in {"", "."}:
            continue
        if part == "..":
            dotted = True
            escapes = escapes or not here
            here = parent(here)
            continue
        step = join(here, part)
        target = look(step, len(todo)) if todo or last else None
        if target is None:
            here = step
            continue
        follows += 1
        parts += target.count("/") + 1
        if follows > limits.symlink_follows:
            raise SymlinkLoopError(
                "too many symlinks",
                where=f"/{name.lstrip('/')}",
                expected=f"at most {limits.symlink_follows}",
            )
        # Or forty long targets for each of many paths would cost minutes.
        if parts > limits.path_depth:
            raise SymlinkLoopError(
                "symlinks that lead too far",
                where=f"/{name.lstrip('/')}",
                expected=f"at most {limits.path_depth} components",
            )
        if target.startswith("/"):
            here = ""
        todo.extend(reversed(target.split("/")))
    return Cleaned(here, dotted, escapes)
