"""Copies that nobody can edit."""

from __future__ import annotations

import pytest

from ocilayers._types import EMPTY_MAP, FrozenMap, JSONValue
from ocilayers.errors import InvalidFieldError
from ocilayers.spec._freeze import (
    frozen_json,
    frozen_members,
    frozen_names,
    frozen_texts,
    texts,
)
from ocilayers.spec.config import ContainerConfig


def test_json_is_frozen_all_the_way_down() -> None:
    """Arrays are tuples, objects are maps that hash."""
    value: JSONValue = {"a": [1, {"b": [None, True]}], "c": "d"}
    frozen = frozen_json(value)

    assert frozen == {"a": (1, {"b": (None, True)}), "c": "d"}
    assert hash(frozen) == hash(frozen_json(value))


def test_nothing_is_always_the_same() -> None:
    """All models share it."""
    assert frozen_texts({}) is EMPTY_MAP
    assert frozen_members({}) is EMPTY_MAP


def test_a_copy_does_not_change_with_what_it_was_made_of() -> None:
    """Whatever that was."""
    names = ["a"]
    frozen = frozen_names(names)
    names.append("b")

    assert frozen == {"a": {}}
    assert frozen_names({"a": 1}) == {"a": 1}
    assert frozen_texts({"a": "b"}) == FrozenMap({"a": "b"})
    assert texts(iter("ab")) == ("a", "b")


def test_one_text_is_no_list_of_texts() -> None:
    """Its letters would be the list: nobody means `cmd="ls"` so."""
    for given in ({"cmd": "ls"}, {"volumes": "/data"}):
        with pytest.raises(InvalidFieldError, match=r"one text for a list .*\['"):
            ContainerConfig(**given)  # type: ignore[arg-type]  # the mistake
