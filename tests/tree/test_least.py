"""The least layer that makes one file system another."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.diff import diff
from ocilayers.tree.merge import merge

LOWER = [
    Entry("d", "directory", 0o700),
    Entry("d/a", "file", content=b"1"),
    Entry("d/b", "hardlink", target="d/a"),
    Entry("e/x", "file"),
    Entry("e/y", "file"),
]


def least(upper: list[Entry], *, opaque: bool = False) -> Changeset:
    """What has to be stored on `LOWER` so that *upper* on it comes out."""
    before = merge([LOWER])
    return diff(before, merge([LOWER, upper])).changeset(opaque=opaque)


@pytest.mark.parametrize(
    ("upper", "stored"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            [Entry("d/new", "file")],
            [("directory", "d"), ("file", "d/new")],
            id="parents with what they are",
        ),
        pytest.param(
            [Entry("d/c", "hardlink", target="d/a")],
            [
                ("directory", "d"),
                ("file", "d/a"),
                ("hardlink", "d/b"),
                ("hardlink", "d/c"),
            ],
            id="all names of an inode",
        ),
        pytest.param([Entry("e", "whiteout")], [("whiteout", "e")], id="one whiteout"),
        pytest.param(
            [Entry("e/x", "whiteout")],
            [("directory", "e"), ("whiteout", "e/x")],
            id="a whiteout and its parent",
        ),
        pytest.param(
            [Entry(".", "directory", 0o711)], [("directory", ".")], id="the root"
        ),
        pytest.param(
            [Entry("e", "file")], [("file", "e")], id="a file for a directory"
        ),
    ],
)
def test_only_what_must_be_is_stored(
    upper: list[Entry], stored: list[tuple[str, str]]
) -> None:
    """In the order in which it is written."""
    assert stored == [(entry.kind, entry.path) for entry in least(upper)]


def test_a_directory_that_keeps_something_is_not_made_opaque() -> None:
    """Only where nothing would come through anyway."""
    kept = least([Entry("e/x", "whiteout")], opaque=True)
    emptied = least([Entry("e", "opaque"), Entry("e/z", "file")], opaque=True)

    assert {"e/x"} == {*kept.contents.whiteouts}
    assert {"e"} == {*emptied.contents.opaques}
    assert not emptied.contents.whiteouts


class Fetched:
    """A layer of one file whose content is fetched."""

    def __iter__(self) -> Iterator[Entry]:
        yield Entry("f", "file", size=3)

    def open_content(self, _entry: Entry) -> io.BytesIO:
        return io.BytesIO(b"far")


def test_content_stays_where_it_is() -> None:
    """The layer reads nothing, and finds it when it is asked for."""
    layer = diff(merge([LOWER]), merge([LOWER, Fetched()])).changeset()

    assert b"far" == merge([LOWER, layer])["/f"].read_bytes()


def test_an_opaque_mark_is_an_entry_of_its_directory() -> None:
    """And the root's is never made: a kernel overlay ignores it."""
    emptied = least([Entry("e", "opaque"), Entry("e/z", "file")], opaque=True)
    all_gone = least([Entry("d", "whiteout"), Entry("e", "whiteout")], opaque=True)

    assert {"e": Entry("e", "opaque")} == emptied.contents.opaques
    assert {} == all_gone.contents.opaques


def test_only_the_directories_that_are_stored_are_its_directories() -> None:
    """Else it would make those that are there anyway."""
    layer = least([Entry("d/new", "file")])

    assert {"", "d"} == layer.contents.dirs


def test_the_names_of_an_inode_share_its_entry() -> None:
    """The first is the file, and the others link to it."""
    contents = least([Entry("d/c", "hardlink", target="d/a")]).contents

    file = contents.table["d/a"]
    assert {"d/b": file, "d/c": file} == contents.links
    assert {name: Entry(name, "hardlink", target="d/a") for name in ("d/b", "d/c")} == {
        name: contents.table[name] for name in contents.links
    }


def test_its_marks_and_directories_are_entries_of_their_paths() -> None:
    """Those of lower layers where there are some, and plain ones elsewhere."""
    contents = least(
        [Entry("e/x", "whiteout"), Entry("d", "directory", 0o711)]
    ).contents

    assert {"e/x": Entry("e/x", "whiteout")} == contents.whiteouts
    assert {
        "d": Entry("d", "directory", 0o711),
        "e": Entry("e", "directory"),
    } == contents.table


def test_the_least_layer_makes_a_file_system_of_no_layers_too() -> None:
    """Its root is one that no entry made, and has the attributes of such."""
    before, after = merge([[Entry(".", "directory", 0o700)], LOWER]), merge([])

    assert after == merge([*before.layers, diff(before, after).changeset()])
