"""One digest for a whole file system."""

from __future__ import annotations

import hashlib

import pytest

from ocilayers.errors import ContentNotKeptError
from ocilayers.spec.digest import Digest
from ocilayers.tar.entry import Entry
from ocilayers.tree._digest import tree_digest
from ocilayers.tree.facets import Facet
from ocilayers.tree.merge import merge

A = Entry("a", "file", 0o644, 1, 2, content=b"x", mtime_ns=7, xattrs={"u": b"\xff"})
TREE = merge(
    [[A, Entry("b", "hardlink", target="a"), Entry("é", "char", device=(5, 1))]]
)
EVERYTHING: tuple[Facet, ...] = (
    "type",
    "content",
    "mode",
    "owner",
    "mtime",
    "xattrs",
    "target",
    "device",
    "links",
)


def of(*entries: Entry, ignore: tuple[Facet, ...] = ()) -> Digest:
    """The digest of one layer."""
    return tree_digest(merge([entries]).walk(), ignore)


def test_it_is_of_one_line_of_json_a_path() -> None:
    """Anybody can compute it again."""
    x = Digest.of(b"x")
    facts = f'"content":"{x}","links":["/a","/b"],"mode":420,"mtime":7,"owner":[1,2],'
    lines = (
        '{"mode":493,"mtime":0,"owner":[0,0],"path":"/","type":"directory"}\n'
        f'{{{facts}"path":"/a","type":"file","xattrs":{{"u":"ff"}}}}\n'
        f'{{{facts}"path":"/b","type":"file","xattrs":{{"u":"ff"}}}}\n'
        '{"device":[5,1],"mode":420,"mtime":0,"owner":[0,0],"path":"/\\u00e9",'
        '"type":"char"}\n'
    )
    wanted = hashlib.sha256(lines.encode()).hexdigest()

    assert f"sha256:{wanted}" == tree_digest(TREE.walk(), ())


@pytest.mark.parametrize(
    ("one", "other", "facet"),
    [
        pytest.param(
            Entry("a", "file", content=b"1"),
            Entry("a", "file", content=b"2"),
            "content",
            id="content",
        ),
        pytest.param(Entry("a", "fifo"), Entry("a", "fifo", 0o600), "mode", id="mode"),
        pytest.param(Entry("a", "fifo"), Entry("a", "fifo", gid=1), "owner", id="gid"),
        pytest.param(
            Entry("a", "fifo"), Entry("a", "fifo", mtime_ns=-1), "mtime", id="mtime"
        ),
        pytest.param(
            Entry("a", "fifo"), Entry("a", "fifo", xattrs={"u": b""}), "xattrs", id="x"
        ),
        pytest.param(
            Entry("a", "symlink", target="b"),
            Entry("a", "symlink", target="c"),
            "target",
            id="target",
        ),
        pytest.param(
            Entry("a", "block", device=(1, 2)),
            Entry("a", "block", device=(1, 3)),
            "device",
            id="device",
        ),
        pytest.param(
            Entry("a", "fifo", 0o600), Entry("a", "file", 0o600), "type", id="type"
        ),
    ],
)
def test_every_facet_counts_unless_it_is_ignored(
    one: Entry, other: Entry, facet: Facet
) -> None:
    """One at a time."""
    content: Facet = "content"
    ignored = (facet, content) if facet == "type" else (facet,)

    assert of(one) != of(other)
    assert of(one, ignore=ignored) == of(other, ignore=ignored)


def test_links_count_unless_they_are_ignored() -> None:
    """Two names of one inode are not two files."""
    linked = [A, Entry("b", "hardlink", target="a")]
    apart = [
        A,
        Entry(
            "b", "file", 0o644, 1, 2, content=b"x", mtime_ns=7, xattrs={"u": b"\xff"}
        ),
    ]

    assert of(*linked) != of(*apart)
    assert of(*linked, ignore=("links",)) == of(*apart, ignore=("links",))


def test_content_is_needed_unless_it_is_ignored() -> None:
    """It would have to be guessed."""
    lost = Entry("a", "file", size=3)

    with pytest.raises(ContentNotKeptError):
        of(lost)
    assert of(lost, ignore=("content",)) != of(ignore=("content",))


def test_paths_always_count() -> None:
    """Whatever else is ignored."""
    assert of(A, ignore=EVERYTHING) == of(Entry("a", "fifo"), ignore=EVERYTHING)
    assert of(A, ignore=EVERYTHING) != of(Entry("b", "fifo"), ignore=EVERYTHING)
