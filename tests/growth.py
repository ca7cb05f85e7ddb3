"""Work, counted: the calls of functions, Python's and C's.

The same on every machine, however busy it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Final

__all__ = ["MOST", "counted", "growth"]

#: A line through the origin, with a little for what is done once.
MOST: Final = 2 * 1.15


def counted(work: Callable[[], object]) -> int:
    """How many calls *work* takes."""
    count = 0

    def count_one(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count_one)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def growth(counts: list[int]) -> float:
    """How much more is done when there is twice as much to do, at the most."""
    return max(later / earlier for earlier, later in pairwise(counts))
