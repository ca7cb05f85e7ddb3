"""Two file systems, compared."""

from __future__ import annotations

import pytest

from ocilayers.errors import MergeError
from ocilayers.spec.digest import Digest
from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import Rename, diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge


def tree(*entries: Entry) -> Filesystem:
    """The file system of one layer."""
    return merge([list(entries)])


BEFORE = tree(
    Entry("gone", "file", content=b"same"),
    Entry("kept", "file", content=b"1"),
    Entry("changed", "file", content=b"1", uid=1),
)
AFTER = tree(
    Entry("new", "file", content=b"same"),
    Entry("kept", "file", content=b"1"),
    Entry("changed", "file", content=b"2", uid=2),
)


def test_changes_are_told_by_kind_and_in_order() -> None:
    """Parents first, siblings in byte order."""
    found = diff(BEFORE, AFTER)

    assert [("/changed", "changed"), ("/gone", "removed"), ("/new", "added")] == [
        (change.path, change.kind) for change in found
    ]
    assert 3 == len(found)
    assert ["/new"] == [change.path for change in found.added]
    assert ["/gone"] == [change.path for change in found.removed]
    assert [("content", "owner")] == [change.facets for change in found.changed]
    assert [(1, 2)] == [
        (change.lower.uid, change.upper.uid)
        for change in found.changed
        if change.lower and change.upper
    ]
    assert "<Diff: 1 added, 1 removed, 1 changed>" == repr(found)


def test_changes_can_be_asked_for_by_facet() -> None:
    """What is new or gone has none."""
    found = diff(BEFORE, AFTER)

    assert ["/changed"] == [change.path for change in found.by_facet("owner")]
    assert () == found.by_facet("mode")


def test_facets_can_be_ignored() -> None:
    """A path that differs in nothing else is no change."""
    assert ["/gone", "/new"] == [
        change.path for change in diff(BEFORE, AFTER, ignore=["content", "owner"])
    ]
    with pytest.raises(MergeError, match="no such facet"):
        diff(BEFORE, AFTER, ignore=["colour"])  # type: ignore[list-item] # on purpose


def test_a_rename_is_a_file_that_went_and_came_back() -> None:
    """Content decides, whatever the attributes are."""
    assert (Rename("/gone", "/new", Digest.of(b"same")),) == diff(
        BEFORE, AFTER
    ).renames()


def test_files_of_other_content_or_of_none_are_no_renames() -> None:
    """Equal sizes are not enough, and all empty files are alike."""
    before = tree(
        Entry("a", "file", content=b"1"),
        Entry("b", "file", content=b"22"),
        Entry("empty", "file"),
        Entry("l", "symlink", target="a"),
    )
    after = tree(
        Entry("c", "file", content=b"3"),
        Entry("d", "file", content=b"333"),
        Entry("none", "file"),
        Entry("m", "symlink", target="a"),
    )

    assert () == diff(before, after).renames()


def test_several_files_of_one_content_are_paired_in_order() -> None:
    """Each is used once."""
    before = tree(Entry("a", "file", content=b"1"), Entry("b", "file", content=b"1"))
    after = tree(*(Entry(name, "file", content=b"1") for name in "xyz"))

    pairs = [(found.before, found.after) for found in diff(before, after).renames()]

    assert [("/a", "/x"), ("/b", "/y")] == pairs


def test_the_least_layer_names_no_more_than_it_must() -> None:
    """One whiteout hides a whole directory."""
    before = tree(Entry("d/a", "file"), Entry("d/b", "file"), Entry("e", "file"))
    after = tree(Entry("e", "file"))

    layer = list(diff(before, after).changeset())

    assert [("whiteout", "d")] == [(entry.kind, entry.path) for entry in layer]


def test_an_opaque_directory_is_said_on_request() -> None:
    """Where nothing of the directory is left, one mark stands for many."""
    before = tree(Entry("d", "directory"), Entry("d/a", "file"), Entry("d/b", "file"))
    after = tree(Entry("d", "directory"))

    layer = list(diff(before, after).changeset(opaque=True))

    assert [("directory", "d"), ("opaque", "d")] == [
        (entry.kind, entry.path) for entry in layer
    ]


def test_an_opaque_root_is_never_written() -> None:
    """Kernels ignore it, so paths are hidden one by one there."""
    before = tree(Entry("a", "file"), Entry("b", "file"))

    layer = list(diff(before, merge([])).changeset(opaque=True))

    assert [("whiteout", "a"), ("whiteout", "b")] == [
        (entry.kind, entry.path) for entry in layer
    ]


def test_only_files_whose_sizes_occur_on_both_sides_are_read() -> None:
    """The others cannot be the same."""
    before = tree(Entry("a", "file", content=b"1"), Entry("far", "file", size=7))
    after = tree(Entry("b", "file", content=b"1"), Entry("off", "file", size=8))

    assert [("/a", "/b")] == [
        (found.before, found.after) for found in diff(before, after).renames()
    ]


def test_without_being_asked_it_makes_no_directory_opaque() -> None:
    """Whiteouts say the same, and every tool knows them."""
    before = tree(Entry("d", "directory"), Entry("d/a", "file"))

    layer = diff(before, tree(Entry("d", "directory"))).changeset()

    assert {"d/a"} == {*layer.contents.whiteouts}
    assert {} == layer.contents.opaques
