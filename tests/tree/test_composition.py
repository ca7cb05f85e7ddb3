"""Layers one after the other, as one."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from ocilayers._source import read_up_to
from ocilayers.errors import HardlinkTargetError, LimitExceededError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset, compose
from ocilayers.tree.merge import merge

LOWER = [
    Entry("d/a", "file", content=b"a"),
    Entry("d/sub/b", "file", content=b"b"),
    Entry("f", "file", content=b"f"),
    Entry("to", "symlink", target="d"),
]


def composed(*layers: list[Entry]) -> Changeset:
    """All of *layers* as one."""
    return compose(map(Changeset, layers))


@pytest.mark.parametrize(
    "upper",
    [
        pytest.param([Entry("d", "whiteout")], id="a directory hidden"),
        pytest.param([Entry("d", "opaque")], id="a directory emptied"),
        pytest.param([Entry("d", "file")], id="a directory replaced"),
        pytest.param([Entry("f", "directory")], id="a file made a directory"),
        pytest.param([Entry("f/new", "file")], id="a file made an implied directory"),
        pytest.param([Entry("d", "directory", 0o700)], id="an implied one named"),
        pytest.param([Entry("h", "hardlink", target="f")], id="a link to below"),
        pytest.param([Entry("h", "hardlink", target="to/a")], id="through a symlink"),
        pytest.param([Entry("h", "hardlink", target="none")], id="to below both"),
        pytest.param([Entry("f", "file", content=b"new")], id="a file replaced"),
    ],
)
def test_a_composition_does_what_its_layers_do(upper: list[Entry]) -> None:
    """On lower layers that have something at every path."""
    bottom = [Entry("none", "file", content=b"n"), Entry("d/sub/old", "file")]

    one_by_one = merge([bottom, LOWER, upper])
    at_once = merge([bottom, composed(LOWER, upper)])

    assert dict(one_by_one) == dict(at_once)


def test_a_link_that_is_replaced_is_one_no_more() -> None:
    """The other name keeps the inode."""
    lower = [Entry("a", "file", content=b"1"), Entry("b", "hardlink", target="a")]
    upper = [Entry("b", "file", content=b"2")]

    tree = merge([composed(lower, upper)])

    assert (b"1", b"2") == (tree["/a"].read_bytes(), tree["/b"].read_bytes())
    assert 1 == tree["/a"].nlink


def test_a_link_through_a_link_shares_one_inode() -> None:
    """However many layers are between them."""
    first = [Entry("a", "file", content=b"1")]
    second = [Entry("b", "hardlink", target="a")]
    third = [Entry("c", "hardlink", target="b")]

    assert ("/a", "/b", "/c") == merge([composed(first, second, third)])["/c"].links


def test_a_link_to_a_lower_layer_goes_through_symlinks_of_its_own() -> None:
    """As it does when the layers are merged."""
    lower = [Entry("d/a", "file", content=b"1"), Entry("l", "file")]
    upper = [Entry("l", "symlink", target="d"), Entry("h", "hardlink", target="l/a")]

    assert merge([lower, upper]) == merge([composed(lower, upper)])
    assert ("/d/a", "/h") == merge([composed(lower, upper)])["/h"].links


@pytest.mark.parametrize(
    ("lower", "target"),
    [
        pytest.param([Entry("d", "directory")], "d", id="a directory"),
        pytest.param([Entry("d/a", "file")], "d", id="an implied directory"),
        pytest.param([Entry("a", "whiteout")], "a", id="what is hidden"),
        pytest.param([Entry("d", "opaque")], "d/a", id="what is in an emptied one"),
    ],
)
def test_a_link_that_leads_nowhere_is_refused(lower: list[Entry], target: str) -> None:
    """The error names the link and its target."""
    with pytest.raises(HardlinkTargetError, match=rf"/h: .*found {target}"):
        composed(lower, [Entry("h", "hardlink", target=target)])


def test_composing_costs_no_more_than_it_may() -> None:
    """Implied directories count."""
    layers = [Changeset([Entry("d/a", "file")]), Changeset([Entry("e/b", "file")])]
    with pytest.raises(LimitExceededError, match="entries"):
        compose(layers, limits=Limits(entries=3))


class Fetched:
    """A layer of one file whose content is fetched."""

    def __iter__(self) -> Iterator[Entry]:
        yield Entry("a", "file", size=3)

    def open_content(self, _entry: Entry) -> io.BytesIO:
        return io.BytesIO(b"far")


def test_the_way_to_content_goes_with_the_inode() -> None:
    """A new name has it, and nobody has it once all names are gone."""
    linked = Changeset(Fetched()).then([Entry("h", "hardlink", target="a")])
    gone = Changeset(Fetched()).then([Entry("a", "whiteout")])

    assert b"far" == read_up_to(linked.open_path("h"), 9)
    assert ("a", "whiteout") == next((e.path, e.kind) for e in gone)
    assert ("a", "file") not in {(e.path, e.kind) for e in gone}


def test_a_hidden_directory_leaves_nothing_behind() -> None:
    """Neither entries nor directories, however deep."""
    contents = composed(LOWER, [Entry("d", "whiteout")]).contents

    assert {"f", "to"} == {*contents.table}
    assert {""} == contents.dirs
    assert set() == contents.implied


def test_a_refusal_says_what_is_wrong() -> None:
    """Without a layer: a composition is one."""
    with pytest.raises(HardlinkTargetError) as raised:
        composed([Entry("a", "whiteout")], [Entry("h", "hardlink", target="a")])

    said = "a hard link to a directory, or to what the layer below hides"
    assert f"/h: {said}, found a" == str(raised.value)
