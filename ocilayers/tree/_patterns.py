"""Glob patterns with the meaning that `pathlib` gives them."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final, Self

import attrs

__all__ = ["Pattern"]

_MAGIC: Final = re.compile(r"[*?[]")
# A set begins with "[", may hold "]" as its first member, and ends with "]".
_TOKEN: Final = re.compile(r"(\[(!?[^\]][^\]]*|!?\][^\]]*)\]|.)", re.DOTALL)


@attrs.frozen
class Pattern:
    """A pattern, ready to be matched against whole paths.

    Attributes:
        start: The directory that every match is at or below.
        directories: Whether only directories match.
    """

    start: str
    directories: bool
    _regex: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a pattern, relative to the root."""
        parts = [part for part in text.split("/") if part not in {"", "."}]
        plain = len(list(takewhile(lambda part: not _MAGIC.search(part), parts)))
        regex = re.compile(_translate(parts), re.DOTALL)
        return cls("/".join(parts[:plain]), text.endswith("/"), regex)

    def matches(self, path: str, *, directory: bool) -> bool:
        """Whether *path*, relative to the root, matches."""
        if self.directories and not directory:
            return False
        return self._regex.fullmatch(path) is not None


def _translate(parts: list[str]) -> str:
    regex = ""
    for n, part in enumerate(parts, 1):
        if part != "**":
            regex += _translate_name(part) + ("/" if n < len(parts) else "")
        elif n < len(parts):
            regex += "(?:[^/]+/)*"
        else:
            # The directory itself, and everything below it.
            regex = f"{regex[:-1]}(?:/.*)?" if regex.endswith("/") else f"{regex}.*"
    return regex


def _translate_name(part: str) -> str:
    if part == "*":
        return "[^/]+"
    regex = ""
    for text, choice in _TOKEN.findall(part):
        if text == "*":
            regex += "[^/]*"
        elif text == "?":
            regex += "[^/]"
        elif choice:
            negated = choice.startswith("!")
            inside = re.sub(r"([\\\[\]&~|^])", r"\\\1", choice.removeprefix("!"))
            regex += f"(?!/)[{'^' if negated else ''}{inside}]"
        else:
            regex += re.escape(text)
    return regex
