"""Names of members as paths.

Law: only text is read; no file system is asked, no symlink followed, no letter
changed.
"""

from __future__ import annotations

from ocilayers.errors import PathEscapeError

__all__ = ["clean_path", "is_dotted"]


def clean_path(name: str) -> str:
    """Read a member's name as a path: relative, clean, `.` for the root.

    >>> clean_path("./usr//lib/../bin/"), clean_path("/")
    ('usr/bin', '.')

    Raises:
        PathEscapeError: It climbs out of the root.
    """
    parts: list[str] = []
    for part in name.split("/"):
        if part == "..":
            if not parts:
                raise PathEscapeError("the name climbs out of the root", where=name)
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts) or "."


def is_dotted(name: str) -> bool:
    """Whether *name* has a `..` among its parts."""
    return ".." in name and ".." in name.split("/")
