"""A path as one layer stores it, seen or not."""

from __future__ import annotations

import pytest

from ocilayers.errors import ContentNotKeptError, PathNotFoundError
from ocilayers.tar.entry import Entry
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.stored import StoredNode

TREE = merge(
    [
        [
            Entry("d/a", "file", content=b"old"),
            Entry("d/b", "hardlink", target="d/a"),
            Entry("k", "symlink", target="d/a"),
            Entry("gone/x", "file", content=b"secret"),
        ],
        [
            Entry("d/a", "file", content=b"newer"),
            Entry("l", "hardlink", target="d/b"),
            Entry("k", "file", content=b"seen"),
            Entry("gone", "whiteout"),
        ],
    ]
)


def stored(path: str, *, layer: int = 0, tree: Filesystem = TREE) -> StoredNode:
    """What *layer* stores at *path*."""
    return StoredNode.of(tree.merged, layer, path)


def test_a_layer_keeps_what_another_one_replaced() -> None:
    """Content and layer are its own, and so is its only name."""
    old, new = stored("d/a"), stored("d/a", layer=1)

    assert (b"old", 3, 0) == (old.read_bytes(), old.size, old.layer)
    assert (b"newer", 5, 1) == (new.read_bytes(), new.size, new.layer)
    assert (("/d/a",), 1) == (old.links, old.nlink)
    assert old != new


def test_a_hard_link_is_what_it_links_to() -> None:
    """Also where that is in another layer."""
    link = stored("l", layer=1)

    assert ("/l", 0, b"old") == (link.path, link.layer, link.read_bytes())
    assert link.stored_as(stored("d/a"))


def test_a_directory_has_no_children_here() -> None:
    """What it holds depends on the other layers."""
    directory = stored("d")

    assert directory.is_dir()
    assert directory.implied
    assert [] == [*directory.iterdir()]
    assert not stored("d/a").is_dir()


def test_a_symlink_of_one_layer_leads_nowhere() -> None:
    """What took its place is something else, and no content of it."""
    link = stored("k")

    assert ("d/a", b"seen") == (link.target, TREE["/k"].read_bytes())
    with pytest.raises(ContentNotKeptError, match="/k: a symlink that nobody"):
        link.read_bytes()
    with pytest.raises(ContentNotKeptError):
        link.digest()


def test_what_is_around_it_is_what_is_seen() -> None:
    """And an error of ours where that is gone."""
    assert TREE["/d"] == stored("d/a").parent
    with pytest.raises(PathNotFoundError, match="/gone: no such path"):
        _ = stored("gone/x").parent
