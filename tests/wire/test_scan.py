"""Where everything is in JSON text."""

from __future__ import annotations

from ocilayers.wire._scan import scan


def test_every_value_and_name_has_its_span() -> None:
    """Escapes, brackets in texts and names that come twice included."""
    text = r' {"a\"" : [1, "]"], "b":{}, "b" :-2e1 } '
    root = scan(text)

    assert text[root.start : root.end] == text.strip()
    assert [span.name for span in root.inside] == ['a"', "b", "b"]
    assert [text[s.start : s.name_end] for s in root.inside] == [r'"a\""', '"b"', '"b"']
    values = [text[s.value.start : s.value.end] for s in root.inside]
    assert values == ['[1, "]"]', "{}", "-2e1"]
    items = [text[s.start : s.end] for s in root.inside[0].value.inside]
    assert items == ["1", '"]"']
    assert [s.value.kind for s in root.inside] == ["[", "{", ""]


def test_a_byte_order_mark_is_no_part_of_the_value() -> None:
    """It stays where it is."""
    root = scan("\ufeff[1]")

    assert (root.start, root.end) == (1, 4)
