"""What small texts mean, found out once."""

from __future__ import annotations

import pytest

from ocilayers._cache import Cache


def test_a_text_is_parsed_once() -> None:
    """The same object comes for an equal text."""
    parsed: list[str] = []

    def parse(text: str) -> list[str]:
        parsed.append(text)
        return [text]

    cache = Cache(parse, 10)

    assert cache["a"] is cache["a"]
    assert ["a"] == parsed


def test_only_so_many_are_kept() -> None:
    """Hostile input may have texts that never come again."""
    cache: Cache[bytes, int] = Cache(len, 10)
    for number in range(300):
        assert number == cache[b"x" * number]
        assert len(cache) <= 10


def test_what_is_long_is_not_kept() -> None:
    """Or a few of them would be much."""
    cache: Cache[str, int] = Cache(len, 10)

    assert 513 == cache["x" * 513]
    assert {} == cache
    assert 512 == cache["x" * 512]
    assert ["x" * 512] == [*cache]


def test_what_cannot_be_parsed_is_not_kept() -> None:
    """The error comes each time."""
    cache: Cache[str, int] = Cache(int, 10)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            _ = cache["x"]

    assert {} == cache
