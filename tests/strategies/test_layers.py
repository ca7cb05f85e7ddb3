"""Layers and stacks: they mean something, meet, and shrink to what can be read."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import find, given, settings

from ocilayers.errors import MergeError
from ocilayers.strategies.layers import entries, layer_stacks, layers
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.merge import merge

# Drawn the same way every time, so that coverage is the same every time.
drawn = settings(derandomize=True, max_examples=100, deadline=None, database=None)
Stack = tuple[tuple[Entry, ...], ...]


def paths(layer: Iterable[Entry], kind: Kind) -> set[str]:
    """Where *layer* has entries of *kind*."""
    return {entry.path for entry in layer if entry.kind is kind}


@drawn
@given(layers())
def test_a_layer_means_something(layer: tuple[Entry, ...]) -> None:
    """In the strict sense, on its own."""
    merge([layer], strict=True)


@drawn
@given(layer_stacks())
def test_a_stack_means_something(stack: Stack) -> None:
    """In the strict sense too."""
    merge(stack, strict=True)


@drawn
@given(layer_stacks(hostile=True))
def test_a_hostile_stack_is_merged_or_refused_by_name(stack: Stack) -> None:
    """Nothing but an error of the library comes out."""
    with suppress(MergeError):
        merge(stack)


@drawn
@given(entries())
def test_an_entry_needs_no_layer(entry: Entry) -> None:
    """So it is no hard link."""
    assert entry.kind is not Kind.HARDLINK


@pytest.mark.parametrize("kind", Kind)
def test_there_are_entries_of_every_kind(kind: Kind) -> None:
    """And nothing that is not needed is left beside it."""
    layer = find(layers(), lambda layer: bool(paths(layer, kind)), settings=drawn)

    assert {kind} <= {entry.kind for entry in layer} <= {kind, Kind.FILE}


def test_a_stack_that_hides_a_file_shrinks_to_two_entries() -> None:
    """What is found is small enough to read."""
    found = find(
        layer_stacks(),
        lambda stack: any(
            paths(lower, Kind.FILE) & paths(upper, Kind.WHITEOUT)
            for lower, upper in pairwise(stack)
        ),
        settings=drawn,
    )

    assert ((Entry("a", "file", content=b""),), (Entry("a", "whiteout"),)) == found


def test_a_layer_may_have_what_it_hides() -> None:
    """A trap for whoever applies whiteouts in turn."""
    found = find(
        layers(),
        lambda layer: bool(paths(layer, Kind.FILE) & paths(layer, Kind.WHITEOUT)),
        settings=drawn,
    )

    assert {Entry("a", "file", content=b""), Entry("a", "whiteout")} == set(found)
