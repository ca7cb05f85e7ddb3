"""Windows builds: which host runs containers of which.

Source: containerd/platforms, `platform_windows_compat.go`.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["build_of", "runs"]

_VERSION: Final = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:\.[0-9]*)?")
_LONG_TERM: Final = (20348, 26100)
"""Long-term builds since which hosts run containers of older ones."""


def build_of(version: str) -> tuple[int, int, int] | None:
    """Major, minor and build of `os.version`; its revision does not count."""
    match = _VERSION.fullmatch(version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def runs(host: str, image: str) -> bool:
    """Whether a host of one version runs containers of another.

    A version that is not said fits every other.
    """
    if not (host and image):
        return True
    mine, other = build_of(host), build_of(image)
    if mine is None or other is None:
        return host == image
    if mine[:2] != other[:2]:
        return False
    build = mine[2]
    if build < _LONG_TERM[0]:
        return build == other[2]
    # A long-term build runs everything since the one before it.
    oldest = max((b for b in _LONG_TERM if b < build), default=_LONG_TERM[0])
    return oldest <= other[2] <= build
