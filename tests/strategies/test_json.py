"""Spellings of JSON: other bytes, the same meaning."""

from __future__ import annotations

import json

import pytest
from hypothesis import find, given, settings

from ocilayers._types import JSONValue
from ocilayers.strategies.json import json_spellings

drawn = settings(derandomize=True, max_examples=100, deadline=None, database=None)
VALUE: JSONValue = {"a/b": [1, 0.5, -(10**30)], "é😀\u2028": [True, None, {}, []]}


@drawn
@given(json_spellings(VALUE))
def test_spellings_mean_the_same(raw: bytes) -> None:
    """However they look, and numbers to the last digit."""
    read = json.loads(raw)

    assert VALUE == read
    assert [int, float, int] == [type(number) for number in read["a/b"]]


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(b" : ", id="spaces"),
        pytest.param(b"\r\n", id="lines"),
        pytest.param(b"\\/", id="a slash that is escaped"),
        pytest.param(b"\\u0061", id="a letter that is escaped"),
        pytest.param(b"\\ud83d\\ude00", id="a pair of surrogates"),
        pytest.param("é".encode(), id="a letter as it is"),
        pytest.param(b"E-01", id="an exponent"),
        pytest.param(b"{}", id="nothing between"),
    ],
)
def test_what_is_legal_is_drawn(part: bytes) -> None:
    """All that parsers get wrong."""
    assert find(json_spellings(VALUE), lambda raw: part in raw, settings=drawn)


def test_a_spelling_shrinks_to_what_go_writes() -> None:
    """So what is left of the spelling is what matters."""
    raw = find(json_spellings(VALUE), lambda _: True, settings=drawn)

    assert json.dumps(VALUE, ensure_ascii=False, separators=(",", ":")) == raw.decode()
