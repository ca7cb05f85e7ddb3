"""The names of one inode, from layer to layer."""

from __future__ import annotations

import pytest

from ocilayers.tar.entry import Entry
from ocilayers.tree._names import Names
from ocilayers.tree.merge import merge
from ocilayers.tree.stored import StoredNode

LOWER = [Entry("d/a", "file", content=b"1"), Entry("b", "hardlink", target="d/a")]


def followed(path: str, *upper: list[Entry]) -> list[set[str]]:
    """The other names of *path* of the lowest layer, after each layer."""
    merged = merge([LOWER, *upper]).merged
    names = Names(StoredNode.of(merged, 0, path), 0, merged)
    seen = [set(names.seen)]
    for n in range(1, len(merged.layers)):
        before = names.seen
        changed = names.pass_layer(n)
        assert before ^ names.seen == changed
        seen.append(set(names.seen))
    return seen


@pytest.mark.parametrize(
    ("upper", "left"),
    [
        pytest.param([Entry("b", "whiteout")], set(), id="a whiteout of it"),
        pytest.param([Entry("b", "file")], set(), id="another file there"),
        pytest.param([Entry("b/x", "file")], set(), id="a directory there"),
        pytest.param([Entry(".", "opaque")], set(), id="an opaque mark above"),
        pytest.param([Entry("c", "hardlink", target="b")], {"b", "c"}, id="one more"),
        pytest.param([Entry("b", "hardlink", target="d/a")], {"b"}, id="the same"),
        pytest.param([Entry("x", "file")], {"b"}, id="something else"),
    ],
)
def test_names_come_and_go(upper: list[Entry], left: set[str]) -> None:
    """By what each layer says of them."""
    assert [{"b"}, left] == followed("d/a", upper)


def test_a_layer_of_the_same_entries_has_inodes_of_its_own() -> None:
    """Nothing is shared between them."""
    assert [{"b"}, set()] == followed("d/a", LOWER)


def test_what_nothing_else_names_has_no_other_names() -> None:
    """Whatever comes."""
    merged = merge([[Entry("a", "file")], [Entry("a", "whiteout")]]).merged
    names = Names(StoredNode.of(merged, 0, "a"), 0, merged)

    assert set() == names.pass_layer(1) == names.seen
