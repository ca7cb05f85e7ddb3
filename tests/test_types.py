"""`FrozenMap`, a mapping that is a value, and bytes that nobody else can change."""

from __future__ import annotations

import array
import copy
import pickle

import pytest

from ocilayers._types import EMPTY_MAP, FrozenMap, as_bytes

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


def test_bytes_are_not_copied() -> None:
    """They cannot change."""
    data = b"abc"

    assert as_bytes(data) is data


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param(bytearray(b"abcd"), id="bytearray"),
        pytest.param(memoryview(b"a-b-c-d-")[::2], id="with gaps"),
        pytest.param(array.array("H", b"abcd"), id="of larger items"),
    ],
)
def test_any_buffer_is_taken_as_its_bytes(
    chunk: bytearray | memoryview | array.array[int],
) -> None:
    """And copied, because its owner may write over it."""
    assert as_bytes(chunk) == b"abcd"


@pytest.mark.parametrize("wrong", ["text", 5, None])
def test_what_is_no_buffer_is_refused(wrong: object) -> None:
    """`bytes(5)` would be five zeros."""
    with pytest.raises(TypeError):
        as_bytes(wrong)  # type: ignore[arg-type]  # that is the point
