"""One path of a file system."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

import pytest

from ocilayers.errors import (
    BadExtensionError,
    ContentNotKeptError,
    PathNotFoundError,
    SourceError,
    UnsupportedAlgorithmError,
)
from ocilayers.spec.digest import Digest
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node

TREE = merge(
    [
        [
            Entry(
                "etc/motd.d/x.tar.gz",
                "file",
                0o640,
                1,
                2,
                "root",
                "wheel",
                content="grüß".encode(),
                mtime_ns=7,
                xattrs={"user.a": b"\0"},
            ),
            Entry("l", "symlink", 0o600, target="etc/motd.d/x.tar.gz"),
            Entry("h", "hardlink", target="etc/motd.d/x.tar.gz"),
            Entry("null", "char", device=(1, 3)),
            Entry("d", "directory"),
        ],
        [Entry("new", "file", content=b"")],
    ]
)
FILE = TREE["/etc/motd.d/x.tar.gz"]


def test_a_node_has_the_attributes_of_its_entry() -> None:
    """And the layer that they come from."""
    assert (0o640, 1, 2, "root", "wheel", 7) == (
        FILE.mode,
        FILE.uid,
        FILE.gid,
        FILE.user,
        FILE.group,
        FILE.mtime_ns,
    )
    assert {"user.a": b"\0"} == FILE.xattrs
    assert (0, 1) == (FILE.layer, TREE["/new"].layer)
    assert (1, 3) == TREE["/null"].device
    assert "Node('/null', 'char', layer=0)" == repr(TREE["/null"])


def test_a_symlink_is_always_of_mode_0777() -> None:
    """No tool keeps another one."""
    link = TREE["/l"]

    assert (0o777, "etc/motd.d/x.tar.gz", 0) == (link.mode, link.target, link.size)
    assert link.is_symlink()
    assert not link.is_file()
    assert not link.is_dir()


def test_a_directory_that_no_entry_made_is_implied() -> None:
    """It is root's, of mode 0755, and of no time."""
    implied = TREE["/etc"]

    assert implied.implied
    assert (Kind.DIRECTORY, 0o755, 0, 0) == (
        implied.kind,
        implied.mode,
        implied.uid,
        implied.mtime_ns,
    )
    assert not TREE["/d"].implied
    assert not implied.stored_as(implied)
    assert (0, "etc") == implied.inode


def test_a_node_has_the_entry_that_its_layer_has() -> None:
    """The same one for all names of an inode; none where it is implied."""
    motd = Entry("./motd", "file", content=b"hello", offset=512)
    tree = merge([[motd, Entry("d/l", "hardlink", target="motd")]])

    assert motd is tree["/motd"].entry
    assert motd is tree["/d/l"].entry
    assert tree["/d"].entry is None
    assert tree["/"].entry is None


def test_names_are_read_as_pathlib_reads_them() -> None:
    """Of files with several dots, and of the root."""
    pure = PurePosixPath(FILE.path)

    assert (pure.name, pure.stem, pure.suffix) == (FILE.name, FILE.stem, FILE.suffix)
    assert str(pure.parent) == FILE.parent.path
    assert ("", "", "/") == (TREE["/"].name, TREE["/"].suffix, TREE["/"].parent.path)


def test_hard_links_share_one_inode() -> None:
    """With all its paths in byte order."""
    other = TREE["/h"]

    assert (2, ("/etc/motd.d/x.tar.gz", "/h")) == (other.nlink, other.links)
    assert FILE.inode == other.inode
    assert FILE.stored_as(other)
    assert "grüß" == other.read_text()


def test_a_node_is_traversable() -> None:
    """Resources can be read from an image as from a package."""
    root: Traversable = TREE["/"]

    assert "grüß" == (root / "etc" / "motd.d" / "x.tar.gz").read_text("utf-8")
    assert FILE == root.joinpath("etc/motd.d", "x.tar.gz")
    assert FILE == root.joinpath("d/../etc/motd.d/x.tar.gz")
    assert ["d", "etc", "h", "l", "new", "null"] == [n.name for n in root.iterdir()]
    assert [] == [*FILE.iterdir()]
    assert FILE.is_file()
    with pytest.raises(PathNotFoundError, match="/etc/none"):
        root.joinpath("etc", "none")


def test_a_path_like_object_is_a_part_too() -> None:
    """As `pathlib` takes it."""
    assert FILE == TREE["/"] / PurePosixPath("etc/motd.d/x.tar.gz")


def test_content_is_read_through_symlinks() -> None:
    """As open(2) does: text unless bytes are asked for."""
    link = TREE["/l"]

    with link.open() as text, link.open("rb") as binary:
        assert "grüß" == text.read()
        assert "grüß".encode() == binary.read()
    with link.open(encoding="ascii", errors="replace") as text:
        assert "gr\ufffd\ufffd\ufffd\ufffd" == text.read()
    with pytest.raises(UnicodeDecodeError):
        link.read_text("ascii")
    assert "gr" == link.read_text("ascii", "ignore")


@pytest.mark.parametrize("mode", ["w", "a", "r+", "wb", "x", ""])
def test_a_file_is_only_read(mode: str) -> None:
    """Who asks to write is not given a stream that does not."""
    with pytest.raises(ValueError, match=f"mode is '{re.escape(mode)}'"):
        FILE.open(mode)  # type: ignore[call-overload] # the mistake


def test_content_has_a_digest() -> None:
    """By any algorithm that can be computed."""
    content = "grüß".encode()

    assert Digest.of(content) == FILE.digest()
    assert Digest.of(content, "sha512") == FILE.digest("sha512")
    with pytest.raises(UnsupportedAlgorithmError):
        FILE.digest("blake3")


@pytest.mark.parametrize("path", ["/d", "/etc", "/null", "/"])
def test_what_is_no_file_has_no_content(path: str) -> None:
    """The error names the path that was asked for."""
    with pytest.raises(ContentNotKeptError, match=path):
        TREE[path].read_bytes()


class Short:
    """A layer whose source has less than it should."""

    def __iter__(self) -> Iterator[Entry]:
        yield Entry("a", "file", size=5)

    def open_content(self, _entry: Entry) -> io.BytesIO:
        return io.BytesIO(b"cut")


def test_content_that_is_too_short_is_refused() -> None:
    """It is not what was verified."""
    with pytest.raises(SourceError, match="expected 5, found 3"):
        merge([Short()])["/a"].read_bytes()


def test_capabilities_and_lists_are_decoded_on_request() -> None:
    """What has none has none; what is malformed is an error of ours."""
    tree = merge(
        [
            [
                Entry(
                    "ping",
                    "file",
                    xattrs={
                        "security.capability": bytes.fromhex(
                            "0100000200200000000000000000000000000000"
                        ),
                        "system.posix_acl_access": bytes.fromhex(
                            "0200000001000700ffffffff"
                        ),
                    },
                ),
                Entry("bad", "file", xattrs={"security.capability": b"x"}),
                Entry(
                    "d",
                    "directory",
                    xattrs={
                        "system.posix_acl_default": bytes.fromhex(
                            "0200000001000700ffffffff"
                        )
                    },
                ),
            ]
        ]
    )

    assert "cap_net_raw=ep" == str(tree["/ping"].capabilities)
    assert ["user::rwx"] == [str(line) for line in tree["/ping"].acl()]
    assert () == tree["/ping"].acl(default=True)
    assert () == tree["/d"].acl()
    assert ["user::rwx"] == [str(line) for line in tree["/d"].acl(default=True)]
    assert tree["/"].capabilities is None
    with pytest.raises(BadExtensionError):
        _ = tree["/bad"].capabilities


def test_nodes_are_equal_when_they_are_the_same_to_a_process() -> None:
    """In whichever layers they are."""

    def one(*layers: list[Entry]) -> Node:
        return merge(layers)["/a"]

    low, high = one([Entry("a", "file")], []), one([], [Entry("a", "file")])

    assert low == high
    assert hash(low) == hash(high)
    assert low != one([Entry("a", "file", 0o600)])
    assert low != "/a"
