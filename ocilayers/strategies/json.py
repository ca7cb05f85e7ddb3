"""JSON spelled in many ways that mean the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers._types import JSONValue

__all__ = ["json_spellings"]

#: The first of each is how Go writes it.
_SPACES: Final = st.sampled_from(("", " ", "\n   ", "\t\r\n"))
_NUMBERS: Final[SearchStrategy[Callable[[float], str]]] = st.sampled_from(
    (repr, "{:.17e}".format, "{:.17E}".format)
)


def _plain(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _all_escaped(text: str) -> str:
    units = text.encode("utf-16-be").hex()
    return (
        '"' + "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)) + '"'
    )


def _slashed(text: str) -> str:
    return json.dumps(text).replace("/", "\\/")


_TEXTS: Final[SearchStrategy[Callable[[str], str]]] = st.sampled_from(
    (_plain, json.dumps, _slashed, _all_escaped)
)


def json_spellings(value: JSONValue) -> SearchStrategy[bytes]:
    r"""Bytes that all mean *value*: spaces, order of members, escapes and exponents.

    Integers are always written with their digits alone; Go takes no other.

    >>> from hypothesis import find
    >>> find(json_spellings({"a/b": [1, 0.5]}), lambda raw: b"\\" in raw)
    b'{"a\\/b":[1,0.5]}'
    """
    return _spellings(value)


@st.composite
def _spellings(draw: DrawFn, value: JSONValue) -> bytes:
    space = draw(_SPACES)
    return f"{space}{_spelled(draw, value, space)}{space}".encode()


def _spelled(draw: DrawFn, value: JSONValue, space: str) -> str:
    if isinstance(value, str):
        return draw(_TEXTS)(value)
    if isinstance(value, float):
        return draw(_NUMBERS)(value)
    if isinstance(value, Mapping):
        colon = f"{space}:{space}"
        inside = [
            _spelled(draw, name, space) + colon + _spelled(draw, value[name], space)
            for name in _in_any_order(draw, list(value))
        ]
        return f"{{{_joined(inside, space)}}}"
    if isinstance(value, list | tuple):
        return f"[{_joined([_spelled(draw, item, space) for item in value], space)}]"
    return json.dumps(value)


def _in_any_order(draw: DrawFn, names: list[str]) -> list[str]:
    return draw(st.permutations(names)) if len(names) > 1 else names


def _joined(parts: list[str], space: str) -> str:
    return space + f"{space},{space}".join(parts) + space
