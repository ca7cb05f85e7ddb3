"""Glob patterns with the meaning that `pathlib` gives them."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final, Self

import attrs

__all__ = ["Pattern"]

_MAGIC: Final = re.compile(r"[*?[]")
# A set begins with "[", may hold "]" as its first member, and ends with "]".
_TOKEN: Final = re.compile(r"(\[(!|(?!!))(\][^\]]*|[^\]]+)\]|.)", re.DOTALL)
_MEMBER: Final = re.compile(r"(.)-(.)|(.)", re.DOTALL)


@attrs.frozen
class Pattern:
    """A pattern, ready to be matched against whole paths.

    Attributes:
        start: The directory that every match is at or below.
        directories: Whether only directories match.
        below: Whether a directory matches along with what is below it.
    """

    start: str
    directories: bool
    below: bool
    _regex: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a pattern, relative to the root."""
        parts = [part for part in text.split("/") if part not in {"", "."}]
        plain = len(list(takewhile(lambda part: not _MAGIC.search(part), parts)))
        regex = re.compile(_translate(parts), re.DOTALL)
        below = parts[-1:] == ["**"]
        return cls("/".join(parts[:plain]), text.endswith("/"), below, regex)

    def matches(self, path: str, *, directory: bool) -> bool:
        """Whether *path*, relative to the root, matches."""
        if self.directories and not directory:
            return False
        name = f"{path}/" if self.below and directory else path
        return self._regex.fullmatch(name) is not None


def _translate(parts: list[str]) -> str:
    regex = ""
    for n, part in enumerate(parts, 1):
        if part != "**":
            regex += _translate_name(part) + ("/" if n < len(parts) else "")
        elif n < len(parts):
            regex += "(?:[^/]+/)*"
        else:
            # The directory itself, with a slash at its end, and everything below it.
            regex += ".*"
    return regex


def _translate_name(part: str) -> str:
    if not part.strip("*"):
        return "[^/]+"
    regex = ""
    for text, negation, members in _TOKEN.findall(part):
        if text == "*":
            regex += "[^/]*"
        elif text == "?":
            regex += "[^/]"
        elif members:
            inside = _translate_members(members)
            regex += f"(?!/|{inside})." if negation else f"(?!/){inside}"
        else:
            regex += re.escape(text)
    return regex


def _translate_members(members: str) -> str:
    """What is inside of a set; a range that ends before it begins holds nothing."""
    choices = "".join(
        f"{re.escape(first)}-{re.escape(last)}" if first else re.escape(alone)
        for first, last, alone in _MEMBER.findall(members)
        if first <= last
    )
    return f"[{choices}]" if choices else "(?!)"
