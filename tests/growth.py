"""Work, counted: calls of functions, Python's and C's, and the interpreter's steps.

The same on every machine, however busy it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from types import FrameType
from typing import Final, Self

__all__ = ["MOST", "counted", "growth", "instructions"]

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


class _Steps:
    """Counts the instructions of every frame that it is told of."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, frame: FrameType, event: str, _argument: object) -> Self:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        self.count += event == "opcode"
        return self


def instructions(work: Callable[[], object]) -> int:
    """How many instructions of the interpreter *work* takes."""
    steps = _Steps()
    before = sys.gettrace()
    sys.settrace(steps)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps.count


def growth(counts: list[int]) -> float:
    """How much more is done when there is twice as much to do, at the most."""
    return max(later / earlier for earlier, later in pairwise(counts))
