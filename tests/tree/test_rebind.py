"""Hard links whose target is gone: another name below, or the file itself."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._rebind import rebind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge

LOWER = merge(
    [
        [
            Entry("a", Kind.FILE, content=b"1"),
            Entry("b", Kind.HARDLINK, target="a"),
            Entry("c", Kind.FILE, content=b"2"),
            Entry("d", Kind.DIRECTORY),
        ]
    ]
)


def said(gone: Iterable[str], *links: tuple[str, str]) -> list[tuple[str, str | None]]:
    """What a layer of *links* says when *gone* may not be named."""
    layer = Changeset(
        [Entry(path, Kind.HARDLINK, target=target) for path, target in links]
    )
    again = rebind(layer, LOWER.merged, set(gone).__contains__)
    return [(f"{entry.kind.value} {entry.path}", entry.target) for entry in again]


@pytest.mark.parametrize(
    ("gone", "links", "expected"),
    [
        pytest.param([], [("x", "a")], [("hardlink x", "a")], id="not gone"),
        pytest.param(["a"], [("x", "a")], [("hardlink x", "b")], id="another name"),
        pytest.param(["a", "b"], [("x", "a")], [("file x", None)], id="no other name"),
        pytest.param(
            ["a", "b"],
            [("x", "a"), ("y", "b")],
            [("file x", None), ("hardlink y", "x")],
            id="two links, one file",
        ),
        pytest.param(["n"], [("x", "n")], [("hardlink x", "n")], id="to nothing"),
        pytest.param(["d"], [("x", "d")], [("hardlink x", "d")], id="to a directory"),
    ],
)
def test_an_inode_stays_one_inode(
    gone: list[str],
    links: list[tuple[str, str]],
    expected: list[tuple[str, str | None]],
) -> None:
    """What means nothing is left as it is, for the merge to refuse."""
    assert expected == said(gone, *links)


@pytest.mark.parametrize("links", ["xy", "yx"])
def test_content_comes_from_where_it_was(links: str) -> None:
    """It is not read before somebody asks, by whichever name of it."""

    class Source(list[Entry]):
        def open_content(self, entry: Entry) -> object:
            raise EOFError(entry.path)

    lower = merge([Source([Entry("a", Kind.FILE, size=5)])])
    layer = rebind(
        Changeset(Entry(path, Kind.HARDLINK, target="a") for path in links),
        lower.merged,
        lambda path: path == "a",
    )
    for path in links:
        with pytest.raises(EOFError, match="a"):
            layer.open_path(path)


def test_what_it_stores_is_the_file_of_below_under_the_new_name() -> None:
    """With its content, and with every attribute."""
    layer = Changeset([Entry("x", Kind.HARDLINK, target="c")])

    again = rebind(layer, LOWER.merged, lambda path: path == "c")

    assert {"x": Entry("x", Kind.FILE, content=b"2")} == again.contents.table
    assert {} == again.contents.links


def test_a_link_that_may_stay_changes_nothing_for_those_after_it() -> None:
    """Each is looked at."""
    assert [("hardlink x", "c"), ("hardlink y", "b")] == said(
        ["a"], ("x", "c"), ("y", "a")
    )


def test_the_way_to_a_target_may_lead_through_the_layer_itself() -> None:
    """By a symlink that it brings along."""
    lower = merge([[Entry("d/a", Kind.FILE, content=b"1")]])
    layer = Changeset(
        [
            Entry("l", Kind.SYMLINK, target="d"),
            Entry("x", Kind.HARDLINK, target="l/a"),
        ]
    )

    again = rebind(layer, lower.merged, lambda path: path == "d/a")

    assert Entry("x", Kind.FILE, content=b"1") == again.contents.table["x"]
