"""JSON text, as strictly as these documents need it.

Law: this file knows nothing about images. `read_plain` is quick and gives up at
anything odd; `read` takes all that a lenient reader may take and says what is wrong.
Source: RFC 8259; RFC 7493 (I-JSON); image-spec, considerations.md, "JSON".
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, Literal, NoReturn, cast

from ocilayers.errors import DocumentSyntaxError
from ocilayers.limits import Limits

__all__ = ["BOM", "MOST_DIGITS", "Members", "Odd", "fold", "read", "read_plain"]

BOM: Final = b"\xef\xbb\xbf"
"""A byte order mark in UTF-8."""

MOST_DIGITS: Final = 640
"""Longest integer, in digits: what every Python reads, however it is set up."""

_SPACE: Final = " \t\n\r"
_DEEPEST_MODEL: Final = 8
_LONE: Final = "half a character (a lone surrogate)"
# A text that does not end takes the rest: nothing in it is looked at a second time.
_STRING_OR_BRACKET: Final = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


class Odd(Exception):  # noqa: N818 - it is no error, the careful reader decides
    """The quick reader met something that only the careful one can judge."""


class Members(dict[str, Any]):
    """A JSON object that remembers which names came twice."""

    __slots__ = ("duplicates",)

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        pairs = list(pairs)
        super().__init__(pairs)
        self.duplicates: tuple[str, ...] = ()
        if len(self) != len(pairs):
            counts = Counter(name for name, _ in pairs)
            again = [name for name, count in counts.items() if count > 1]
            self.duplicates = tuple(again)


def fold(name: str) -> str:
    r"""What *name* has in common with every name that Go takes for the same.

    >>> fold("Layers") == fold("layer\u017f") == "layers"
    True
    """
    # Lower case leaves the long s alone; Go takes it for an s, and the Kelvin sign
    # for a k.
    return name.lower().replace("\u017f", "s")


def read_plain(raw: bytes, limits: Limits) -> tuple[dict[str, Any], int]:
    """Read a JSON object that has nothing odd about it.

    Returns:
        The object, and how many strings (names of members included) the text has. A
        reader that counts fewer has missed one: a member that came twice.

    Raises:
        Odd: There is something odd.
    """
    if limits.json_depth < _DEEPEST_MODEL:
        raise Odd
    try:
        text = raw.decode().strip(_SPACE)
        value, end = _PLAIN.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise Odd from error
    if end != len(text) or not isinstance(value, dict):
        raise Odd
    quotes = text.count('"')
    if "\\" in text:
        quotes -= _escaped_quotes(text)
    return cast("dict[str, Any]", value), quotes >> 1


def _escaped_quotes(text: str) -> int:
    # What follows an escaped backslash is plain text.
    text = text.replace(r"\\", "")
    if r"\ud" in text or r"\uD" in text:
        raise Odd  # perhaps half a character
    return text.count(r"\"")


def read(raw: bytes, limits: Limits) -> object:
    """Read JSON text; objects are `Members`.

    Args:
        raw: UTF-8, perhaps behind a byte order mark.
        limits: `json_depth` is the deepest nesting.

    Raises:
        DocumentSyntaxError: It is no JSON, or JSON that no two readers agree on.
        LimitExceededError: It nests too deep.
        RecursionError: It nests too deep for this interpreter.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise DocumentSyntaxError("not UTF-8", offset=error.start) from None
    _check_depth(text, limits)
    body = text.removeprefix("\ufeff").lstrip(_SPACE)
    try:
        value, end = _CAREFUL.raw_decode(text, len(text) - len(body))
    except json.JSONDecodeError as error:
        raise _no_json(error.msg, text, error.pos) from None
    tail = text[end:].lstrip(_SPACE)
    if tail:
        raise _no_json("something follows the value", text, len(text) - len(tail))
    if "\\u" in text:
        _check_surrogates(text)
    return value


def _check_depth(text: str, limits: Limits) -> None:
    if text.count("[") + text.count("{") <= limits.json_depth:
        return
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        bracket = match[0]
        if bracket in "[{":
            depth += 1
            if depth > deepest:
                deepest = depth
                limits.check("json_depth", depth, offset=_offset(text, match.start()))
        elif bracket in "]}":
            depth -= 1


def _check_surrogates(text: str) -> None:
    waiting: int | None = None  # where a high half ends that needs its low half
    for match in _ESCAPE.finditer(text):
        half = _half(match[1])
        if waiting is not None:
            if half != "low" or match.start() != waiting:
                raise _no_json(_LONE, text, waiting - len(r"\ud800"))
            waiting = None
        elif half == "low":
            raise _no_json(_LONE, text, match.start())
        elif half == "high":
            waiting = match.end()
    if waiting is not None:
        raise _no_json(_LONE, text, waiting - len(r"\ud800"))


def _half(digits: str | None) -> Literal["high", "low"] | None:
    """Which half of a surrogate pair an escape stands for."""
    if digits is None or digits[0] not in "dD":
        return None
    if digits[1] in "89abAB":
        return "high"
    return "low" if digits[1] in "cdefCDEF" else None


def _no_json(problem: str, text: str, position: int) -> DocumentSyntaxError:
    return DocumentSyntaxError(f"no JSON: {problem}", offset=_offset(text, position))


def _offset(text: str, position: int) -> int:
    return len(text[:position].encode())


def _refused(literal: str) -> NoReturn:
    raise DocumentSyntaxError("no JSON: a number that is none", actual=literal)


def _odd(literal: str) -> NoReturn:
    raise Odd(literal)


def _integer(literal: str) -> int:
    if len(literal) > MOST_DIGITS:
        raise DocumentSyntaxError(
            "a number longer than every reader takes",
            expected=f"at most {MOST_DIGITS} digits",
            actual=len(literal),
        )
    return int(literal)


def _real(literal: str) -> float:
    value = float(literal)
    if value in (float("inf"), float("-inf")):
        raise DocumentSyntaxError(
            "a number larger than every reader takes", actual=literal
        )
    return value


_PLAIN: Final = json.JSONDecoder(parse_constant=_odd)
_CAREFUL: Final = json.JSONDecoder(
    object_pairs_hook=Members,
    parse_constant=_refused,
    parse_float=_real,
    parse_int=_integer,
)
