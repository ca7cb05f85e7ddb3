"""A layer's contents as entries again."""

from __future__ import annotations

import pytest

from ocilayers.errors import HardlinkTargetError
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset


def said(*entries: Entry) -> list[tuple[str, str]]:
    """What is written of *entries*."""
    return [(entry.kind, entry.path) for entry in Changeset(entries)]


@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "Implementations SHOULD generate layers such that whiteout files appear before "
    "sibling directory entries.",
)
def test_marks_come_before_their_siblings() -> None:
    """An opaque mark first of all, then whiteouts, then the rest in byte order."""
    assert [
        ("directory", "d"),
        ("opaque", "d"),
        ("file", "d/a"),
        ("file", "d/b"),
        ("whiteout", "e/z"),
        ("file", "e/a"),
    ] == said(
        Entry("e/a", "file"),
        Entry("d/b", "file"),
        Entry("d/a", "file"),
        Entry("d", "directory"),
        Entry("e/z", "whiteout"),
        Entry("d", "opaque"),
    )


def test_the_root_comes_before_what_is_in_it() -> None:
    """Its mark before everything."""
    assert [("opaque", "."), ("directory", "."), ("file", "a")] == said(
        Entry("a", "file"), Entry(".", "opaque"), Entry(".", "directory")
    )


def test_the_first_name_of_an_inode_is_the_file() -> None:
    """Whichever it was, and its hard links come after it."""
    assert [("file", "a"), ("hardlink", "b"), ("hardlink", "c")] == said(
        Entry("b", "file"),
        Entry("c", "hardlink", target="b"),
        Entry("a", "hardlink", target="b"),
    )


def test_names_are_written_clean() -> None:
    """However they were spelled."""
    assert [("file", "a/b")] == said(Entry("./a//b", "file"))


def test_a_link_to_a_lower_layer_is_written_as_one() -> None:
    """With a clean target."""
    [entry] = Changeset([Entry("h", "hardlink", target="/x/./y")])

    assert ("h", "x/y") == (entry.path, entry.target)


def test_a_link_to_what_the_layer_replaces_cannot_be_written() -> None:
    """An archive would link to the new one."""
    layer = Changeset([Entry("h", "hardlink", target="a")]).then([Entry("a", "file")])
    with pytest.raises(HardlinkTargetError, match="replaces"):
        list(layer)


def test_a_directory_of_nothing_gets_an_entry() -> None:
    """Else nobody would make it."""
    layer = Changeset([Entry("d/a", "file")]).then([Entry("d/a", "whiteout")])

    assert [("directory", "d"), ("whiteout", "d/a")] == [
        (entry.kind, entry.path) for entry in layer
    ]


def test_a_directory_that_hides_and_is_made_anew_is_an_empty_one() -> None:
    """Few tools see a whiteout and what its own layer has below it."""
    entries = list(Changeset([Entry("d", "whiteout"), Entry("d/a", "file")]))

    assert [("d", "directory"), ("d", "opaque"), ("d/a", "file")] == [
        (entry.path, entry.kind) for entry in entries
    ]


def test_what_is_in_a_directory_comes_before_its_next_sibling() -> None:
    """Names are compared part by part, never as one text."""
    assert [
        ("directory", "a"),
        ("directory", "a/b"),
        ("file", "a/b/c"),
        ("file", "a/b-"),
        ("file", "a-"),
        ("file", "aA"),
    ] == said(
        Entry("aA", "file"),
        Entry("a-", "file"),
        Entry("a/b-", "file"),
        Entry("a/b/c", "file"),
        Entry("a/b", "directory"),
        Entry("a", "directory"),
    )


def test_each_inode_has_a_first_name_of_its_own() -> None:
    """Links of one never name the other."""
    entries = Changeset(
        [
            Entry("a", "file"),
            Entry("b", "file"),
            Entry("la", "hardlink", target="a"),
            Entry("lb", "hardlink", target="b"),
        ]
    )

    assert [("a", None), ("b", None), ("la", "a"), ("lb", "b")] == [
        (entry.path, entry.target) for entry in entries
    ]


def test_a_refusal_names_the_link_and_what_it_names() -> None:
    """So that whoever composed the layers finds them."""
    layer = Changeset([Entry("h", "hardlink", target="a")]).then([Entry("a", "file")])
    with pytest.raises(HardlinkTargetError) as raised:
        list(layer)

    said = "a hard link to what the same layer replaces"
    assert f"/h: {said}, found a" == str(raised.value)
