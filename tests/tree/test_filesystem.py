"""What a container sees."""

from __future__ import annotations

import copy
import json
import pickle
from typing import get_args

import pytest

from ocilayers.errors import MergeError, PathNotFoundError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import diff
from ocilayers.tree.merge import merge
from ocilayers.tree.squash import squash
from ocilayers.tree.stack import Profile

LAYERS = [
    [
        Entry("b/x", "file", content=b"12345"),
        Entry("b/y", "hardlink", target="b/x"),
        Entry("b-", "file", content=b"1"),
        Entry("\udcff", "file"),
        Entry("é", "file"),
    ],
    [Entry("b/x", "whiteout"), Entry("c", "file", content=b"22")],
]
TREE = merge(LAYERS, created_by=["ADD b", "RUN rm"])


def test_parents_come_first_and_siblings_in_byte_order() -> None:
    """Whatever bytes their names are."""
    assert ["/", "/b", "/b/y", "/b-", "/c", "/é", "/\udcff"] == [*TREE]
    assert 7 == len(TREE)


@pytest.mark.hostile("deep trees and long paths")
@pytest.mark.parametrize("profile", get_args(Profile))
def test_no_depth_exhausts_the_interpreter(profile: Profile) -> None:
    """Twelve hundred directories are walked, compared, copied, shown and squashed."""
    path, deep = "d/" * 1200 + "f", Limits(path_depth=1300)
    layers = [[Entry(path, "file", content=b"1")], [Entry(path, "file", content=b"2")]]
    tree = merge(layers, profile=profile, limits=deep)
    flat = merge([[*squash(layers, limits=deep)]], limits=deep)

    assert 1202 == len([*tree]) == len([*tree.walk()]) == len([*tree.rows()])
    assert b"2" == tree[path].read_bytes() == tree.resolve(path).read_bytes()
    assert tree == copy.deepcopy(tree) == pickle.loads(pickle.dumps(tree))  # noqa: S301  # our own bytes
    assert tree.digest() == flat.digest()
    assert 1 == len([*diff(tree.at(1), tree)]) == len([*tree.hidden()])
    assert 2 == len(tree.history(path))
    assert ["/" + path] == [node.path for node in tree.glob("**/f")]
    assert "/" + path in tree.explain(path)
    assert "f" in str(tree[path])
    assert tree._repr_html_()


@pytest.mark.parametrize("path", ["/b/y", "b/y", "./b//y", "/b/../b/y/"])
def test_a_path_may_be_spelled_loosely(path: str) -> None:
    """Keys are absolute all the same."""
    assert "/b/y" == TREE[path].path
    assert path in TREE


def test_a_path_that_is_not_there_is_a_key_error_of_ours() -> None:
    """And no other kind of key is a path."""
    with pytest.raises(PathNotFoundError, match="/b/x"):
        TREE["/b/x"]
    with pytest.raises(KeyError):
        TREE["/none"]
    assert object() not in {*TREE}
    assert not TREE.__contains__(3)
    assert TREE.get("/none") is None


def test_walking_and_finding_begin_where_they_are_told() -> None:
    """The place itself comes first."""
    assert ["/b", "/b/y"] == [node.path for node in TREE.walk("/b")]
    assert ["/b/y"] == [n.path for n in TREE.find(lambda node: node.size == 5)]
    assert [] == [n.path for n in TREE.find(lambda node: node.size, "/é")]


def test_an_inode_is_counted_once() -> None:
    """However many paths it has."""
    both = merge(LAYERS[:1])

    assert 5 == both.du("/b")
    assert 6 == both.du()
    assert 8 == TREE.du()


def test_rows_have_the_names_of_nodes() -> None:
    """Plain dicts, ready for a data frame."""
    rows = list(TREE.rows())

    assert [*TREE] == [row["path"] for row in rows]
    assert ("file", 5, 1, 0, False) == tuple(
        rows[2][name] for name in ("kind", "size", "nlink", "layer", "implied")
    )
    assert {dict} == {type(row["xattrs"]) for row in rows}
    assert json.loads(json.dumps(rows))[2]["path"] == rows[2]["path"]


def test_earlier_states_can_be_seen() -> None:
    """After the first layers, counted from either end."""
    assert ["/"] == [*TREE.at(0)]
    assert "/b/x" in TREE.at(1)
    assert TREE.at(-1) == TREE.at(1)
    assert TREE == TREE.at(2)
    for n in (3, -3):
        with pytest.raises(MergeError, match="no such layer"):
            TREE.at(n)


@pytest.mark.parametrize(
    ("n", "commands"),
    [(0, ()), (1, ("ADD",)), (2, ("ADD",)), (-1, ("ADD",)), (-2, ("ADD",)), (-3, ())],
)
def test_layers_keep_their_commands(n: int, commands: tuple[str, ...]) -> None:
    """Also where only the first ones are known."""
    tree = merge([[], [], []], created_by=["ADD"])

    assert commands == tree.at(n).created_by


def test_one_digest_stands_for_everything() -> None:
    """Layers do not count, and ignored facets neither."""
    flat = merge([[*TREE.layers[0].then(TREE.layers[1])]])
    touched = merge([*LAYERS, [Entry("c", "file", mtime_ns=1, content=b"22")]])

    assert TREE.digest() == flat.digest()
    assert TREE.digest() != touched.digest()
    assert TREE.digest(ignore=["mtime"]) == touched.digest(ignore=["mtime"])
    with pytest.raises(MergeError, match="no such facet"):
        TREE.digest(ignore=["size"])  # type: ignore[list-item]  # on purpose


def test_file_systems_are_values() -> None:
    """Equal to what looks the same, hashable, picklable, and short to show."""
    again = pickle.loads(pickle.dumps(TREE))  # noqa: S301  # our own bytes

    assert TREE == again
    assert hash(TREE) == hash(again)
    assert TREE != merge(LAYERS[:1])
    assert TREE != [*TREE]
    assert "<Filesystem: 7 paths from 2 layers>" == repr(TREE)
    assert [*TREE] == TREE._ipython_key_completions_()


def test_an_earlier_state_is_the_whole_of_what_it_was() -> None:
    """In the same profile, with what was noticed, and ready to be asked again."""
    lower = [Entry("usr/bin", "directory"), Entry("bin", "symlink", target="usr/bin")]
    upper = [Entry("bin/sh", "file"), Entry("../x", "symlink", target="y")][:1]
    tree = merge([lower, upper, []], profile="sequential")

    before = tree.at(2)

    assert "/usr/bin/sh" in before
    assert "sequential" == before.profile
    assert [("symlinked-parent", "layers[1]/bin/sh")] == [
        (found.code, found.where)
        for found in before.findings
        if found.code == "symlinked-parent"
    ]
    assert tree.layers[:2] == before.layers
    assert ["/", "/bin", "/usr", "/usr/bin"] == [*before.at(1)]


@pytest.mark.parametrize("n", [3, -3])
def test_there_are_no_more_states_than_layers(n: int) -> None:
    """The error says how many there are."""
    with pytest.raises(MergeError) as raised:
        TREE.at(n)

    assert f"no such layer, expected at most 2, found {n}" == str(raised.value)


def test_only_so_many_paths_are_offered_as_completions() -> None:
    """A list of all of them helps nobody who pressed a key."""
    tree = merge([[Entry(f"{n:05}", "file") for n in range(6000)]])

    assert 5000 == len(tree._ipython_key_completions_())
