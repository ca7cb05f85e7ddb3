"""JSON text: what no two readers agree on is refused."""

from __future__ import annotations

import time

import pytest

from ocilayers.errors import DocumentSyntaxError, LimitExceededError
from ocilayers.limits import Limits
from ocilayers.wire._json import MOST_DIGITS, Members, Odd, fold, read, read_plain

LIMITS = Limits()


@pytest.mark.hostile("NaN, huge numbers, depth, other encodings, half characters")
@pytest.mark.spec(
    "image-spec considerations.md, JSON",
    "JSON content SHOULD be encoded in UTF-8; RFC 8259: JSON text exchanged MUST be "
    "encoded using UTF-8",
)
@pytest.mark.parametrize(
    ("raw", "offset"),
    [
        pytest.param(b"", 0, id="nothing"),
        pytest.param(b"{} x", 3, id="something after it"),
        pytest.param(b'{"a": \xff}', 6, id="not UTF-8"),
        pytest.param('{"ä": x}'.encode(), 7, id="offsets count bytes"),
        pytest.param('{"a": 1}'.encode("utf-16"), 0, id="UTF-16"),
        pytest.param('{"a": 1}'.encode("utf-16-le"), 1, id="UTF-16 without a mark"),
        pytest.param('{"a": 1}'.encode("utf-16-be"), 0, id="UTF-16, the other way"),
        pytest.param('{"a": 1}'.encode("utf-32"), 0, id="UTF-32"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', 7, id="a half in UTF-8"),
        pytest.param(b'{"a": "\xc0\xaf"}', 7, id="more bytes than needed"),
        pytest.param(b'{"a" 1}', 5, id="no colon"),
        pytest.param(b'{"a": "\n"}', 7, id="a line feed in a text"),
        pytest.param(rb'{"a": "\ud800"}', 7, id="a high half alone"),
        pytest.param(rb'{"a": "\udc00"}', 7, id="a low half alone"),
        pytest.param(rb'{"a": "\ud800\ud800"}', 7, id="two high halves"),
        pytest.param(rb'{"a": "\ud800 \udc00"}', 7, id="halves apart"),
        pytest.param(rb'{"a": "\ud800\n"}', 7, id="a half and another escape"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(raw: bytes, offset: int) -> None:
    """In bytes from the start."""
    with pytest.raises(DocumentSyntaxError) as caught:
        read(raw, LIMITS)

    assert caught.value.offset == offset


@pytest.mark.hostile("NaN, huge numbers, depth, other encodings, half characters")
@pytest.mark.spec(
    "RFC 8259, 6", "Numeric values that cannot be represented are not permitted."
)
@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 641]
)
def test_a_number_that_not_everybody_reads_is_refused(number: str) -> None:
    """Python's own reader takes most of these."""
    raw = f"[{number}]".encode()

    with pytest.raises(DocumentSyntaxError):
        read(raw, LIMITS)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(rb'{"a": "\ud83d\ude00"}', id="a pair of halves"),
        pytest.param(rb'{"a": "\\ud800"}', id="an escaped backslash"),
        pytest.param(b'\xef\xbb\xbf {"a": 1} \r\n', id="a byte order mark, spaces"),
        pytest.param(b"[" + b"1" * MOST_DIGITS + b"]", id="a long number"),
        pytest.param(b'["[[[[[[[[{{{{{{{{"]', id="brackets in a text"),
    ],
)
def test_what_only_looks_odd_is_read(raw: bytes) -> None:
    """Objects and arrays alike."""
    assert read(raw, Limits(json_depth=2))


def test_an_object_remembers_names_that_come_twice() -> None:
    """The last one counts."""
    value = read(b'{"a": 1, "b": 2, "a": 3, "a": 4}', LIMITS)

    assert isinstance(value, Members)
    assert value == {"a": 4, "b": 2}
    assert value.duplicates == ("a",)


@pytest.mark.hostile("a key twice, or in other letters")
def test_names_are_folded_as_go_folds_them() -> None:
    """Letters that stand for one, and none that stand for two."""
    assert fold("\u212aey\u017f") == "keys"
    assert fold("con\ufb01g") == "con\ufb01g"
    assert fold("ma\xdf") == "ma\xdf"


@pytest.mark.hostile("NaN, huge numbers, depth, other encodings, half characters")
def test_nesting_has_a_limit() -> None:
    """Wide documents do not reach it."""
    read(b"[" + b",".join([b"[[]]"] * 50) + b"]", Limits(json_depth=3))
    with pytest.raises(LimitExceededError) as caught:
        read(b'{"a": [[[1]]]}', Limits(json_depth=3))

    assert caught.value.limit == "json_depth"
    assert caught.value.offset == 8


@pytest.mark.hostile("NaN, huge numbers, depth, other encodings, half characters")
def test_nesting_is_counted_in_linear_time() -> None:
    """A text that does not end has no second look, however many ends it might have."""
    raw = b"[" + b"[]," * LIMITS.json_depth + b'"' + rb"\"" * 20_000
    begin = time.process_time()
    with pytest.raises(DocumentSyntaxError, match="Unterminated"):
        read(raw, LIMITS)

    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("raw", "strings"),
    [
        pytest.param(b'{"a": "b", "c": ["d", 1]}', 4, id="names and texts"),
        pytest.param(rb'{"a": "\"", "b": "\\", "c": "\\\"\n"}', 6, id="escapes"),
    ],
)
def test_the_quick_reader_counts_strings(raw: bytes, strings: int) -> None:
    """Who finds fewer has missed a member that came twice."""
    value, found = read_plain(raw, LIMITS)

    assert value == read(raw, LIMITS)
    assert found == strings


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"[]", id="no object"),
        pytest.param(b"{} {}", id="something after it"),
        pytest.param(b'{"a": NaN}', id="no number"),
        pytest.param(b'{"a": \xff}', id="not UTF-8"),
        pytest.param(rb'{"a": "\uD800"}', id="perhaps half a character"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param(b'{"a":' + b"[" * 200_000, id="nested too deep"),
    ],
)
def test_the_quick_reader_gives_up_at_once(raw: bytes) -> None:
    """The careful one will say why."""
    with pytest.raises(Odd):
        read_plain(raw, LIMITS)


def test_the_quick_reader_leaves_tight_limits_to_the_careful_one() -> None:
    """It does not count levels."""
    with pytest.raises(Odd):
        read_plain(b"{}", Limits(json_depth=2))
