"""`safe_text`: text of strangers that can do nothing to a terminal or a page."""

from __future__ import annotations

import pytest

from ocilayers._text import safe_text, shortened

CASES = {
    "plain": ("/usr/bin/é — 日本", "/usr/bin/é — 日本"),
    "escape sequence": ("a\x1b[31mb", "a\\x1b[31mb"),
    "newline": ("a\nb", "a\\x0ab"),
    "back to the start of the line": ("a\rb", "a\\x0db"),
    "a letter taken back": ("a\x08b\x7f", "a\\x08b\\x7f"),
    "escape sequence in one character": ("a\x9b31mb", "a\\x9b31mb"),
    "right to left": ("a\u200fb\u2067", "a\\u200fb\\u2067"),
    "bidi": ("a\u202eb", "a\\u202eb"),
    "letters of a tag": ("a\U000e0061b", "a\\U000e0061b"),
    "variation selector": ("a\ufe0fb", "a\\ufe0fb"),
    "filler": ("a\u3164b", "a\\u3164b"),
    "private use": ("\uf31c", "\uf31c"),
    "last of four digits": ("\uffff", "\uffff"),
    "byte that is no text": ("a\udcffb", "a\\xffb"),
    "lone surrogate": ("a\ud800b", "a\\ud800b"),
}


@pytest.mark.hostile("names that are markup or move a cursor")
@pytest.mark.parametrize(("raw", "safe"), CASES.values(), ids=CASES)
def test_what_moves_or_hides_is_escaped(raw: str, safe: str) -> None:
    """And all else stays as it is."""
    assert safe == safe_text(raw)


def test_what_is_long_is_cut() -> None:
    """And says that there is more."""
    assert shortened("a" * 1000) == "a" * 1000
    assert shortened("a" * 1001) == f"{'a' * 1000}…"
    assert shortened(5) == "5"
