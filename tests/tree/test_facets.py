"""In how many ways two versions of a path can differ."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from ocilayers._source import CHUNK_BYTES, OwnedStream
from ocilayers.errors import MergeError
from ocilayers.tar.entry import Entry
from ocilayers.tree.facets import FACETS, Facet, check_facets, differing
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node


def node(entry: Entry) -> Node:
    """The one path that *entry* makes."""
    return merge([[entry]])[entry.path]


@pytest.mark.parametrize(
    ("other", "facets"),
    [
        pytest.param(Entry("a", "file", content=b"1"), [], id="the same"),
        pytest.param(Entry("a", "file", content=b"2"), ["content"], id="content"),
        pytest.param(Entry("a", "file", content=b"22"), ["content"], id="size"),
        pytest.param(Entry("a", "file", 0o600, content=b"1"), ["mode"], id="mode"),
        pytest.param(Entry("a", "file", gid=1, content=b"1"), ["owner"], id="owner"),
        pytest.param(
            Entry("a", "file", mtime_ns=1, content=b"1"), ["mtime"], id="mtime"
        ),
        pytest.param(
            Entry("a", "file", xattrs={"user.x": b""}, content=b"1"),
            ["xattrs"],
            id="xattrs",
        ),
        pytest.param(Entry("a", "fifo"), ["type"], id="type"),
    ],
)
def test_each_facet_is_found_alone(other: Entry, facets: list[Facet]) -> None:
    """Where the type differs, nothing else is compared."""
    here = node(Entry("a", "file", content=b"1"))

    assert facets == [*differing(here, node(other))]
    assert [] == [*differing(here, node(other), ignore=FACETS)]


def test_targets_devices_and_links_are_facets_too() -> None:
    """Of symlinks, of devices, and of paths that share an inode."""
    links = [node(Entry("l", "symlink", target=target)) for target in ("x", "y")]
    devices = [node(Entry("d", "char", device=(1, minor))) for minor in (3, 5)]
    alone = node(Entry("a", "file"))
    shared = merge([[Entry("a", "file"), Entry("b", "hardlink", target="a")]])["/a"]

    assert ["target"] == [*differing(*links)]
    assert ["device"] == [*differing(*devices)]
    assert ["links"] == [*differing(alone, shared)]


class Stored:
    """A layer of one file, whose content is fetched."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __iter__(self) -> Iterator[Entry]:
        yield Entry("a", "file", size=len(self.content))

    def open_content(self, _entry: Entry) -> io.BytesIO:
        return io.BytesIO(self.content)


@pytest.mark.parametrize(
    ("other", "facets"),
    [(b"x" * CHUNK_BYTES + b"1", []), (b"x" * CHUNK_BYTES + b"2", ["content"])],
    ids=["equal to the end", "different at the end"],
)
def test_content_is_compared_to_its_end(other: bytes, facets: list[str]) -> None:
    """Piece by piece, never all of it in memory."""
    here = merge([Stored(b"x" * CHUNK_BYTES + b"1")])["/a"]

    assert facets == [*differing(here, merge([Stored(other)])["/a"])]


def test_what_is_no_facet_is_refused() -> None:
    """The error names all that are."""
    check_facets(FACETS)
    with pytest.raises(MergeError, match="content mode owner"):
        check_facets(["size"])


def test_links_can_be_left_out() -> None:
    """As any other facet."""
    layer = [Entry("a", "file"), Entry("b", "hardlink", target="a")]
    alone, shared = node(Entry("a", "file")), merge([layer])["/a"]

    assert [] == [*differing(alone, shared, ignore=["links"])]
    assert [] == [*differing(shared, merge([layer])["/a"])]


def test_the_refusal_of_a_facet_is_said_in_full() -> None:
    """Those that are, and the one that is not."""
    with pytest.raises(MergeError) as raised:
        check_facets(["size"])

    known = "type content mode owner mtime xattrs target device links"
    assert f"no such facet, expected {known}, found size" == str(raised.value)


class Opened:
    """A layer of files whose streams are files that the library opens for itself."""

    def __init__(self) -> None:
        self.files: list[io.BytesIO] = []

    def __iter__(self) -> Iterator[Entry]:
        yield Entry("a", "file", size=3)

    def open_content(self, _entry: Entry) -> OwnedStream:
        self.files.append(io.BytesIO(b"abc"))
        return OwnedStream(self.files[-1])


def test_what_was_opened_to_compare_is_closed() -> None:
    """On both sides, and after a digest too."""
    one, other = Opened(), Opened()
    lower, upper = merge([one])["/a"], merge([other])["/a"]

    assert [] == [*differing(lower, upper)]
    assert lower.digest() == upper.digest()
    assert 4 == len(one.files + other.files)
    assert all(file.closed for file in one.files + other.files)
