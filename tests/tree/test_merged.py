"""Layers on top of each other."""

from __future__ import annotations

import pytest

from ocilayers.errors import ContentNotKeptError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.merged import Inode, Merged

LAYERS = [
    [
        Entry("d/a", "file", content=b"1"),
        Entry("d/b", "hardlink", target="d/a"),
        Entry("l", "symlink", target="d/a"),
        Entry("kept", "file", 0o600, content=b"2"),
    ],
    [
        Entry("c", "hardlink", target="d/a"),
        Entry("d/a", "whiteout"),
        Entry("e/f", "file", size=3),
    ],
]


@pytest.fixture(params=["merged", "seen from a layer above"])
def merged(request: pytest.FixtureRequest) -> Merged:
    """The layers, and the same with an empty one on top."""
    above: list[list[Entry]] = [] if request.param == "merged" else [[]]
    return merge([*LAYERS, *above]).merged


@pytest.mark.parametrize(
    ("path", "layer", "kind"),
    [
        pytest.param("", 0, Kind.DIRECTORY, id="the root"),
        pytest.param("d", 0, Kind.DIRECTORY, id="implied"),
        pytest.param("e", 1, Kind.DIRECTORY, id="implied above"),
        pytest.param("d/b", 0, Kind.FILE, id="a hard link"),
        pytest.param("c", 0, Kind.FILE, id="a hard link to a lower layer"),
        pytest.param("l", 0, Kind.SYMLINK, id="a symlink"),
        pytest.param("e/f", 1, Kind.FILE, id="a file"),
    ],
)
def test_a_path_knows_the_layer_that_stores_it(
    merged: Merged, path: str, layer: int, kind: Kind
) -> None:
    """And what it is, hard links followed."""
    assert (layer, kind) == (merged.inode(path).layer, merged.kind(path))


@pytest.mark.parametrize("path", ["d/a", "none"], ids=["hidden", "never there"])
def test_a_path_that_is_not_there_is_nothing(merged: Merged, path: str) -> None:
    """No kind, and no symlink."""
    assert merged.kind(path) is None
    assert merged.symlink(path) is None


def test_only_symlinks_have_targets(merged: Merged) -> None:
    """As written."""
    assert "d/a" == merged.symlink("l")
    assert [None, None] == [merged.symlink(path) for path in ("d", "c")]


def test_names_of_one_inode_are_known_together(merged: Merged) -> None:
    """Also across layers, hidden names left out."""
    assert ("c", "d/b") == merged.links("c") == merged.links("d/b")
    assert ("kept",) == merged.links("kept")
    assert () == merged.names_of(Inode(0, "kept"))


def test_without_hard_links_every_inode_has_one_name() -> None:
    """Nothing has to be grouped."""
    merged = merge([[Entry("a", "file")]]).merged

    assert () == merged.names_of(Inode(0, "a"))
    assert ("a",) == merged.links("a")


def test_an_entry_belongs_to_an_inode(merged: Merged) -> None:
    """An implied directory has none."""
    found = merged.entry("c")

    assert found is not None
    assert (Kind.FILE, b"1") == (found.kind, found.content)
    assert [None, None] == [merged.entry(path) for path in ("", "d")]
    assert merged.entry_of(merged.inode("d")) is None


def test_children_and_what_is_below_come_in_byte_order(merged: Merged) -> None:
    """Hidden ones left out."""
    assert ["c", "d", "e", "kept", "l"] == merged.children("")
    assert ["d/b"] == merged.children("d")
    assert [] == merged.children("kept")
    assert ["d", "d/b"] == [*merged.walk("d")]


def test_content_comes_from_the_layer_that_stores_it(merged: Merged) -> None:
    """If it was kept there."""
    assert b"1" == merged.open("c").read(9)
    with pytest.raises(ContentNotKeptError):
        merged.open("e/f")


def test_layers_are_looked_up_while_others_come() -> None:
    """Asking early changes no later answer."""
    tree: Filesystem = merge([[Entry("a", "file")], [Entry("a", "file", 0o600)]])

    assert (0, 1) == (tree.at(1)["/a"].layer, tree["/a"].layer)
