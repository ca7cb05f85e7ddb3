"""What small texts mean, found out once: documents and headers repeat each other.

Law: bounded in number and in length, so that hostile input leaves little behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Final, TypeVar

__all__ = ["LONGEST", "Cache"]

K = TypeVar("K", bound=Sized)
V = TypeVar("V")

LONGEST: Final = 512
"""Longer texts are parsed each time."""


class Cache(dict[K, V]):
    """Texts as they stand, with what they mean; `cache[text]` always has an answer.

    A dictionary that asks when it does not know costs half of `functools.lru_cache`.

    Args:
        parse: What tells what a text means; what it raises is not kept.
        most: How many are kept, before all are forgotten.
    """

    def __init__(self, parse: Callable[[K], V], most: int) -> None:
        super().__init__()
        self._parse = parse
        self._most = most

    def __missing__(self, text: K) -> V:
        value = self._parse(text)
        if len(text) <= LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[text] = value
        return value
