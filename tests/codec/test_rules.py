"""The rules of this floor: found by their codes."""

from __future__ import annotations

from ocilayers.codec.rules import RULES


def test_every_rule_is_found_by_its_code() -> None:
    """And stands in the table once."""
    assert sorted(RULES) == [
        "compression-mismatch",
        "gzip-padding",
        "gzip-reserved-flags",
        "other-deflate",
    ]
    assert all(rule.code == code for code, rule in RULES.items())
