"""JSON spelled in many ways that mean the same."""

from __future__ import annotations

import json

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers._types import JSONValue

__all__ = ["json_spellings"]


def json_spellings(value: JSONValue) -> SearchStrategy[bytes]:
    """Bytes that all mean *value*: spacing, order of members and escapes vary."""
    return _spellings(value)


@st.composite
def _spellings(draw: DrawFn, value: JSONValue) -> bytes:
    indent = draw(st.sampled_from([None, 1, 3]))
    escaped = draw(st.booleans())
    return json.dumps(
        _reordered(draw, value), indent=indent, ensure_ascii=escaped
    ).encode()


def _reordered(draw: DrawFn, value: JSONValue) -> JSONValue:
    if isinstance(value, dict):
        order = draw(st.permutations(list(value)))
        return {name: _reordered(draw, value[name]) for name in order}
    if isinstance(value, list):
        return [_reordered(draw, item) for item in value]
    return value
