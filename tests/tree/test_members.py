"""Which entries add something, and which ones hide."""

from __future__ import annotations

import pytest

from ocilayers.errors import (
    InvalidWhiteoutError,
    LimitExceededError,
    PathEscapeError,
    RootNotDirectoryError,
)
from ocilayers.findings import FindingLog
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree._members import Members, sort_out
from ocilayers.tree._notes import Notes


def sorted_out(
    *entries: Entry, limits: Limits | None = None
) -> tuple[Members, list[str]]:
    """What *entries* are there for, and the codes of what was noted."""
    log = FindingLog()
    members = sort_out(entries, limits or Limits(), Notes(log))
    return members, [finding.code for finding in log.findings]


@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "A whiteout filename consists of the prefix .wh. plus the basename of the path to "
    "be deleted.",
)
@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        pytest.param(".wh.a", "a", id="at the root"),
        pytest.param("d/.wh.a", "d/a", id="in a directory"),
        pytest.param("/d/./.wh.a", "d/a", id="with a name that is not clean"),
        pytest.param("d/.wh..wh.a", "d/.wh.a", id="of a name that looks like one"),
        pytest.param(".wh.a.b", "a.b", id="of a name with dots"),
    ],
)
def test_a_marker_is_known_by_its_base_name(name: str, hidden: str) -> None:
    """Whatever its type is; another type than a file is noted."""
    as_file, quiet = sorted_out(Entry(name, "file"))
    as_directory, noted = sorted_out(Entry(name, "directory"))

    assert [(hidden, Kind.WHITEOUT)] == [(m.path, m.kind) for m in as_file.marks]
    assert [hidden] == [mark.path for mark in as_directory.marks]
    assert [] == as_file.paths == quiet
    assert ["odd-marker"] == noted


@pytest.mark.spec(
    "image-spec layer.md, Opaque Whiteout",
    "Implementations SHOULD generate layers using explicit whiteout files, "
    "but MUST accept both.",
)
@pytest.mark.parametrize(
    ("name", "directory"),
    [(".wh..wh..opq", ""), ("d/.wh..wh..opq", "d")],
    ids=["of the root", "of a directory"],
)
def test_an_opaque_mark_speaks_of_its_directory(name: str, directory: str) -> None:
    """The root is the empty text."""
    members, _ = sorted_out(Entry(name, "file"))

    assert [(directory, Kind.OPAQUE)] == [(m.path, m.kind) for m in members.marks]


@pytest.mark.parametrize(
    "name",
    ["x.wh.y", ".whx", "a.wh.", "...", ".w"],
)
def test_other_names_with_dots_are_names(name: str) -> None:
    """A marker begins with its prefix."""
    members, noted = sorted_out(Entry(name, "file"))

    assert [name] == members.paths
    assert [] == members.marks
    assert [] == noted


@pytest.mark.hostile("a whiteout that names nothing")
@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "A whiteout file with an empty name SHOULD be treated as an error.",
)
@pytest.mark.parametrize("name", [".wh.", "d/.wh.", ".wh..", "d/.wh..", "d/.wh..."])
def test_a_whiteout_that_names_nothing_is_refused(name: str) -> None:
    """Some tools empty the whole root for one."""
    with pytest.raises(InvalidWhiteoutError, match="names nothing"):
        sorted_out(Entry(name, "file"))


@pytest.mark.hostile("a root that becomes a link or a file")
@pytest.mark.hostile("a whiteout that names nothing")
def test_a_whiteout_of_the_root_is_refused() -> None:
    """Nobody could tell what would be left."""
    with pytest.raises(InvalidWhiteoutError, match="of the root"):
        sorted_out(Entry(".", "whiteout"))


@pytest.mark.hostile("a root that becomes a link or a file")
@pytest.mark.parametrize("name", ["", ".", "./", "/", "//", "./.", "a/.."])
@pytest.mark.parametrize(
    "kind", ["file", "symlink", "hardlink", "fifo", "char", "block"]
)
def test_the_root_stays_a_directory(kind: str, name: str) -> None:
    """A link there would lead every path elsewhere."""
    with pytest.raises(RootNotDirectoryError, match=kind):
        sorted_out(Entry(name, kind, target="/etc"))


@pytest.mark.hostile("names with .. and absolute names")
def test_a_name_that_climbs_out_is_refused() -> None:
    """The error shows it as it was written."""
    with pytest.raises(PathEscapeError, match=r"a/\.\./\.\./p"):
        sorted_out(Entry("a/../../p", "file"))


@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "As files prefixed with .wh. are special whiteout markers, it is not "
    "possible to create a filesystem which has a file or directory with a "
    "name beginning with .wh..",
)
@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        pytest.param(Entry("a/../b", "file"), ["dotted-name"], id="an inner .."),
        pytest.param(
            Entry("b", "whiteout", content=b"x"), ["odd-marker"], id="content in a mark"
        ),
        pytest.param(
            Entry("d/.wh.x/f", "file"), ["reserved-name"], id="below a marker's name"
        ),
        pytest.param(
            Entry("c", "char", device=(0, 0)),
            ["overlay-mark"],
            id="a kernel's whiteout",
        ),
        pytest.param(
            Entry("d", "directory", xattrs={"trusted.overlay.opaque": b"y"}),
            ["overlay-mark"],
            id="a kernel's opaque mark",
        ),
        pytest.param(Entry("c", "char", device=(1, 3)), [], id="another device"),
        pytest.param(
            Entry("d", "directory", xattrs={"user.x": b""}), [], id="an xattr"
        ),
    ],
)
def test_what_others_read_otherwise_is_noted(entry: Entry, codes: list[str]) -> None:
    """And kept as ordinary data."""
    assert codes == sorted_out(entry)[1]


@pytest.mark.hostile("what AUFS left behind")
def test_what_aufs_left_behind_is_no_file() -> None:
    """Hard links may name it, nobody else sees it."""
    plink = Entry(".wh..wh.plnk/1.2", "file", content=b"data")
    members, noted = sorted_out(plink, Entry("a", "file"))

    assert {".wh..wh.plnk/1.2": plink} == members.leftovers
    assert ["a"] == members.paths
    assert ["aufs-leftover"] == noted


@pytest.mark.hostile("what AUFS left behind")
@pytest.mark.parametrize(
    "left",
    [
        pytest.param(Entry(".wh..wh.plnk", "directory"), id="a directory"),
        pytest.param(Entry(".wh..wh.plnk/1.2", "directory"), id="one in it"),
        pytest.param(Entry(".wh..wh.plnk/1.2", "hardlink", target="a"), id="a link"),
        pytest.param(Entry(".wh..wh.aufs", "file"), id="a file elsewhere"),
        pytest.param(Entry(".wh..wh.plnk", "opaque"), id="an opaque mark"),
        pytest.param(Entry(".wh..wh.plnk/1.2", "whiteout"), id="a whiteout"),
    ],
)
def test_only_files_that_aufs_left_for_links_are_kept(left: Entry) -> None:
    """A hard link to anything else is one to nothing, and a mark there does nothing."""
    members, noted = sorted_out(left)

    assert {} == members.leftovers
    assert [] == members.paths
    assert [] == members.marks
    assert ["aufs-leftover"] == noted


def test_marks_know_how_much_was_added_before_them() -> None:
    """Tools that unpack in sequence care."""
    members, _ = sorted_out(
        Entry("x", "whiteout"), Entry("a", "file"), Entry("y", "whiteout")
    )

    assert [("x", 0), ("y", 1)] == [(mark.path, mark.after) for mark in members.marks]


def test_names_with_nul_bytes_hide_no_marker() -> None:
    """Names are searched all at once only where none holds the separator."""
    members, _ = sorted_out(Entry("a\0/b", "file"), Entry("d/.wh.x", "file"))

    assert ["a\0/b"] == members.paths
    assert ["d/x"] == [mark.path for mark in members.marks]


@pytest.mark.hostile("deep trees and long paths")
@pytest.mark.parametrize(
    ("path", "limit"),
    [
        pytest.param("é" * 2049, "path_bytes", id="too many bytes"),
        pytest.param("d/" * 1024 + "f", "path_depth", id="too many parts"),
    ],
)
def test_paths_are_no_longer_than_they_may_be(path: str, limit: str) -> None:
    """Bytes count, not characters."""
    with pytest.raises(LimitExceededError, match=limit):
        sorted_out(Entry(path, "file"))


def test_a_long_path_that_fits_is_taken() -> None:
    """The quick check refuses nothing."""
    path = "d/" * 1000 + "f"

    assert [path] == sorted_out(Entry(path, "file"))[0].paths


def test_a_mark_knows_how_much_was_added_before_it() -> None:
    """Other marks, and what AUFS left behind, are not counted."""
    members, _ = sorted_out(
        Entry("a", "whiteout"),
        Entry("b", "file"),
        Entry("c", "whiteout"),
        Entry(".wh..wh.plnk/1", "file"),
        Entry("d", "file"),
        Entry("e", "opaque"),
        Entry("f", "whiteout"),
    )

    assert ["b", "d"] == members.paths
    assert [("a", 0), ("c", 1), ("e", 2), ("f", 2)] == [
        (mark.path, mark.after) for mark in members.marks
    ]
