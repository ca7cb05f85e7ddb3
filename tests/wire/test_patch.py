"""JSON text with some values changed and everything else left as it is."""

from __future__ import annotations

import pytest

from ocilayers._types import JSONValue
from ocilayers.wire._patch import patched


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        pytest.param(" 1 ", 1, 2, " 2 ", id="one value"),
        pytest.param("[1.0]", [1], [1], "[1.0]", id="the same number"),
        pytest.param("[1]", [1], [True], "[true]", id="true is not one"),
        pytest.param("[ ]", [], [1, 2], "[1,2]", id="an empty list is filled"),
        pytest.param("[ 1, 2 ]", [1, 2], [], "[]", id="a list is emptied"),
        pytest.param("[1, 2]", [1, 2], [3], "[3]", id="one goes, one changes"),
        pytest.param("[1, 2]", [1, 2], [0, 1, 2], "[0, 1, 2]", id="one more before"),
        pytest.param("[1 , 2]", [1, 2], [1, 2, 3], "[1 , 2 , 3]", id="one more after"),
        pytest.param("[1,  2,3]", [1, 2, 3], [3], "[3]", id="the head goes"),
        pytest.param("[1,  2,3]", [1, 2, 3], [1], "[1]", id="the tail goes"),
        pytest.param("[\n 1\n]", [1], [1, 2], "[\n 1,\n 2\n]", id="lines"),
        pytest.param("[1]", [1], {"a": 1}, '{"a":1}', id="another kind"),
        pytest.param('{"a":1}', {}, {"b": 2}, '{"a":1,"b":2}', id="more than is seen"),
        pytest.param(
            '{"a":1}', {"b": []}, {"b": []}, '{"a":1}', id="taken for granted"
        ),
        pytest.param(
            '{"a":1}', {"a": 1, "b": []}, {"a": 1}, '{"a":1}', id="granted no more"
        ),
        pytest.param(
            '{"a":1}',
            {"a": 1, "b": []},
            {"a": 1, "b": [2]},
            '{"a":1,"b":[2]}',
            id="more than is granted",
        ),
        pytest.param(
            '{"a":1,"a":2}', {"a": 2}, {"b": 1}, '{"b":1}', id="all of a name go"
        ),
        pytest.param(
            '{"z":1,"y":2}',
            {"y": 2, "z": 1},
            {"a": 0, "y": 2, "z": 1},
            '{"z":1,"y":2,"a":0}',
            id="no order at all",
        ),
        pytest.param(
            '{"a":1,"d":2}',
            {"d": 2, "a": 1},
            {"d": 2, "a": 1, "c": 3},
            '{"a":1,"c":3,"d":2}',
            id="the order of the alphabet",
        ),
        pytest.param(
            '{"b":1}', {"b": 1}, {"a": 0, "b": 1}, '{"a":0,"b":1}', id="before"
        ),
        pytest.param(
            '{"A":1}', {"A": 1}, {"A": 1, "a": 2}, '{"A":1,"a":2}', id="other letters"
        ),
        pytest.param(
            '{"A":1}', {"a": 1}, {"a": 2}, '{"A":2}', id="seen in other letters"
        ),
        pytest.param("{}", {"b": []}, {}, "{}", id="nothing of what was granted"),
        pytest.param(
            '{"a":1}',
            {"a": 1, "b": []},
            {"a": 2, "b": []},
            '{"a":2}',
            id="granted beside a change",
        ),
        pytest.param("{}", {}, {"a": {"b": [1]}}, '{"a":{"b":[1]}}', id="from nothing"),
        pytest.param(
            '{"a": {}}',
            {"a": {}},
            {"a": {"b": 1}},
            '{"a": {"b": 1}}',
            id="filled in the style of the text",
        ),
        pytest.param(
            '[[{"a": 1}]]',
            [[{"a": 1}]],
            [[{"a": 1}, {"a": 2}]],
            '[[{"a": 1}, {"a": 2}]]',
            id="in lists of lists",
        ),
        pytest.param(
            '{\n "a": [{"b": 1}]\n}',
            {"a": [{"b": 1}]},
            {"a": [{"b": 1}, {"b": 2}]},
            '{\n "a": [{"b": 1}, {\n   "b": 2\n  }]\n}',
            id="one line among lines",
        ),
    ],
)
def test_a_text_is_changed_in_its_place(
    text: str, old: JSONValue, new: JSONValue, expected: str
) -> None:
    """Everything around it stays."""
    assert patched(text, old, new) == expected
