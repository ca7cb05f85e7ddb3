"""What holds for every stack of layers, strange ones included."""

from __future__ import annotations

import random

import pytest
from drawn_layers import MARKS, layers, linked_stacks, merged, stacks
from hypothesis import given, strategies as st

from ocilayers.errors import MergeError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.diff import diff
from ocilayers.tree.merge import merge
from ocilayers.tree.squash import squash


def read(stack: list[list[Entry]]) -> list[Changeset]:
    """The layers of *stack*, if together they mean something."""
    return list(merged(stack).layers)


@pytest.mark.hostile("a whiteout beside what it names")
@given(stacks, st.randoms(use_true_random=False))
def test_the_place_of_a_mark_in_its_layer_does_not_matter(
    stack: list[list[Entry]], dice: random.Random
) -> None:
    """Entries in their order, marks anywhere between: the same tree."""
    fs = merged(stack)
    moved: list[list[Entry]] = []
    for layer in stack:
        again = [entry for entry in layer if entry.kind not in MARKS]
        for mark in (entry for entry in layer if entry.kind in MARKS):
            again.insert(dice.randint(0, len(again)), mark)
        moved.append(again)

    assert fs == merge(moved)


@given(stacks)
def test_the_view_at_a_layer_is_the_merge_of_those_below(
    stack: list[list[Entry]],
) -> None:
    """`at(n)` is what the first n layers make."""
    fs = merged(stack)

    for n in range(len(stack) + 1):
        assert merge(stack[:n]) == fs.at(n)


@given(stacks, st.integers(0, 4), st.integers(0, 4))
def test_squashing_a_run_changes_nothing(
    stack: list[list[Entry]], i: int, j: int
) -> None:
    """As a changeset on any lower layers, and as an archive on those it knows."""
    i, j = sorted((min(i, len(stack)), min(j, len(stack))))
    fs = merged(stack)
    below, run, above = fs.layers[:i], fs.layers[i:j], fs.layers[j:]

    assert fs == merge([*below, squash(run), *above])
    assert fs == merge([*below, list(squash(run, lower=fs.at(i))), *above])


@given(layers(), layers(), layers())
def test_composition_is_associative(
    a: list[Entry], b: list[Entry], c: list[Entry]
) -> None:
    """And the empty layer does nothing on either side."""
    first, second, third = read([a, b, c])

    assert first.then(second).then(third) == first.then(second.then(third))
    assert first.then(second).then(third) == squash([first, second, third])
    assert first == first.then([])
    assert first == Changeset().then(first)


@given(stacks, stacks, st.booleans())
def test_a_difference_applied_gives_the_other_tree(
    lower: list[list[Entry]],
    upper: list[list[Entry]],
    opaque: bool,  # noqa: FBT001  # hypothesis draws it
) -> None:
    """As a changeset and as an archive; nothing differs then, digests included."""
    before, after = merged(lower), merged(upper)
    layer = diff(before, after).changeset(opaque=opaque)

    again = merge([*before.layers, layer])

    assert after == again
    assert after == merge([*before.layers, list(layer)])
    assert after.digest() == again.digest()
    assert not diff(after, again)
    assert layer == Changeset(layer)


@given(stacks)
def test_a_difference_to_itself_is_an_empty_layer(stack: list[list[Entry]]) -> None:
    """Least means least."""
    fs = merged(stack)

    assert [] == list(diff(fs, merge(stack)).changeset())


@given(st.lists(layers(), min_size=1, max_size=4))
def test_a_biography_ends_in_what_the_tree_shows(stack: list[list[Entry]]) -> None:
    """For every path that any layer speaks of."""
    fs = merged(stack)
    spoken_of = {
        f"/{path}"
        for layer in fs.layers
        for path in (*layer.contents.table, *layer.contents.dirs)
    }

    for path in spoken_of | set(fs):
        events = fs.history(path)
        seen = {path for n in range(len(stack)) if path in fs.at(n + 1)}

        assert (path in fs) == (events[-1].kind != "hidden")
        assert bool(seen) == bool(events)
        assert sorted(event.layer for event in events) == [e.layer for e in events]
        assert fs.explain(path).startswith(path.replace("\udcff", "\\xff"))


@given(stacks)
def test_every_file_is_seen_or_hidden(stack: list[list[Entry]]) -> None:
    """Each entry with content shows under one of its names, or among the hidden."""
    fs = merged(stack)
    seen = {(n.layer, n.inode, n.read_bytes()) for n in fs.walk() if n.is_file()}
    hidden = {(n.layer, n.inode, n.read_bytes()) for n in fs.hidden() if n.is_file()}
    stored = {
        (n, (n, entry.path), entry.content)
        for n, layer in enumerate(stack)
        for entry in layer
        if entry.kind is Kind.FILE
    }

    assert stored == seen | hidden


@given(stacks)
def test_where_the_profiles_differ_there_is_a_finding(
    stack: list[list[Entry]],
) -> None:
    """Another tree or a refusal: nobody has to guess."""
    fs = merged(stack)
    try:
        same = fs == merge(stack, profile="sequential")
    except MergeError:
        same = False

    assert same or any(finding.severity != "note" for finding in fs.findings)


@given(linked_stacks())
def test_hard_links_to_lower_layers_survive_squashing(
    stack: list[list[Entry]],
) -> None:
    """An inode stays one inode, whoever named it first."""
    fs = merged(stack)

    assert fs == merge([squash(fs.layers)])
    assert fs == merge([list(squash(fs.layers))])
    assert fs == merge([diff(merge([]), fs).changeset()])


@given(linked_stacks(), st.integers(0, 4), st.integers(0, 4))
def test_hard_links_survive_the_squashing_of_a_run(
    stack: list[list[Entry]], i: int, j: int
) -> None:
    """Whatever symlinks lead to their targets, in the run and below it."""
    i, j = sorted((min(i, len(stack)), min(j, len(stack))))
    fs = merged(stack)
    run = squash(fs.layers[i:j], lower=fs.at(i))

    assert fs == merge([*fs.layers[:i], run, *fs.layers[j:]])
    assert fs == merge([*fs.layers[:i], list(run), *fs.layers[j:]])
