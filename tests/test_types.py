"""`FrozenMap`: a mapping that is a value."""

from __future__ import annotations

import copy
import pickle

import pytest

from ocilayers._types import EMPTY_MAP, FrozenMap

MAP = FrozenMap({"b": 1, "a": 2})


def test_it_reads_as_the_mapping_that_it_was_made_of() -> None:
    """In its order."""
    assert [("b", 1), ("a", 2)] == list(MAP.items())


@pytest.mark.parametrize("other", [{"a": 2, "b": 1}, FrozenMap({"a": 2, "b": 1})])
def test_it_equals_every_mapping_of_the_same_items(other: object) -> None:
    """Whatever the order and the type."""
    assert other == MAP


@pytest.mark.parametrize("other", [{}, {"a": 2}, [("b", 1), ("a", 2)], None])
def test_it_equals_nothing_else(other: object) -> None:
    """No list of items, no other items."""
    assert other != MAP


def test_equal_maps_hash_alike() -> None:
    """So that frozen values that hold one can be keys."""
    assert hash(FrozenMap({"a": 2, "b": 1})) == hash(MAP)


def test_a_missing_key_is_a_key_error() -> None:
    """As of every mapping."""
    with pytest.raises(KeyError):
        EMPTY_MAP["a"]


def test_its_repr_makes_it_again() -> None:
    """Short, and code."""
    assert "FrozenMap({'b': 1, 'a': 2})" == repr(MAP)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_itself(copied: object) -> None:
    """What cannot change needs no second one."""
    assert callable(copied)
    assert copied(MAP) is MAP


def test_a_pickle_keeps_the_order() -> None:
    """Items come back as they went."""
    again = pickle.loads(pickle.dumps(MAP))  # noqa: S301 - our own bytes
    assert (MAP, ["b", "a"]) == (again, list(again))
