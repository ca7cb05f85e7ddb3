"""How JSON is written."""

from __future__ import annotations

import json

import pytest

from ocilayers._types import JSONValue
from ocilayers.errors import InvalidFieldError
from ocilayers.wire._form import CANONICAL, GO, INDENT3, Form, encoded

VALUE: JSONValue = {"b": [1, {"c": None}], "a": {}, "d": [], "e": True, "f": False}


def test_go_writes_one_line_and_escapes_html() -> None:
    """And the separators that JavaScript could not bear."""
    assert GO.write(VALUE) == ('{"b":[1,{"c":null}],"a":{},"d":[],"e":true,"f":false}')
    assert GO.text("<a&b>\u2028\u2029é\x7f/\n\x01") == (
        r'"\u003ca\u0026b\u003e\u2028\u2029é' + "\x7f" + r'/\n\u0001"'
    )


def test_distribution_indents_by_three() -> None:
    """As `json.MarshalIndent` does."""
    assert INDENT3.write(VALUE) == json.dumps(VALUE, indent=3)


@pytest.mark.spec(
    "RFC 8785, 3.2.3",
    "Property name strings to be sorted are formatted as arrays of UTF-16 code units.",
)
def test_canonical_names_are_sorted_by_utf_16() -> None:
    """Where an emoji comes before a private character."""
    names = ["\ue000", "\U0001f600", "b", "a", "", "\xe9"]
    written = CANONICAL.write(dict.fromkeys(names, 1))

    assert list(json.loads(written)) == ["", "a", "b", "\xe9", "\U0001f600", "\ue000"]
    assert CANONICAL.text("<&>") == '"<&>"'


@pytest.mark.spec(
    "RFC 8785, 3.2.2.3",
    "Numbers MUST be serialized according to Section 7.1.12.1 of ECMA-262.",
)
@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (4.5e-6, "0.0000045"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.25e-7, "1.25e-7"),
        (333333333.33333329, "333333333.3333333"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (9007199254740992.0, "9007199254740992"),
        (0.1, "0.1"),
        (123456.0, "123456"),
        (1 << 70, "1180591620717411303424"),
    ],
)
def test_a_number_has_the_fewest_digits_that_mean_it(
    value: float, written: str
) -> None:
    """As ECMAScript writes it; elsewhere it stays what it is."""
    assert CANONICAL.write(value) == written
    assert float(written) == value
    assert GO.write(value) == repr(value)


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_a_number_that_json_cannot_say_is_refused(value: float) -> None:
    """Nobody could read it."""
    with pytest.raises(InvalidFieldError):
        GO.write([value])


def test_other_people_escape_other_things() -> None:
    """A document is changed in its own way."""
    assert Form(ascii=True).text("é😀") == r'"\u00e9\ud83d\ude00"'
    assert Form(upper=True).text("<é\\u003c\n") == r'"\u003Cé\\u003c\n"'
    assert Form(slash=True).text("a/b") == r'"a\/b"'
    assert Form(html=False).text("<") == '"<"'


def test_half_a_character_has_no_bytes() -> None:
    """UTF-8 cannot say it."""
    assert encoded('"é"') == '"é"'.encode()
    with pytest.raises(InvalidFieldError, match="udc80"):
        encoded('"\udc80"')
