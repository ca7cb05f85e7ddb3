"""Layers unpacked over the lower ones, as tools with one directory do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

import pytest

from ocilayers.errors import HardlinkTargetError, MergeError, NotADirectoryPathError
from ocilayers.tar.entry import Entry
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

SEQUENCE: Final = "sequential"
LOWER = [
    Entry("usr/bin/old", "file", content=b"old"),
    Entry("bin", "symlink", target="usr/bin"),
    Entry("f", "file", content=b"f"),
]


def unpacked(*upper: Entry) -> Filesystem:
    """*upper* over the lower layer, in its order."""
    return merge([LOWER, list(upper)], profile="sequential")


def codes(tree: Filesystem) -> set[str]:
    """What was noted of the upper layer."""
    return {f.code for f in tree.findings if f.where.startswith("layers[1]")}


def test_a_lower_symlink_is_followed() -> None:
    """The profiles differ here, and a finding says so."""
    tree = unpacked(Entry("bin/new", "file", content=b"new"))

    assert b"new" == tree["/usr/bin/new"].read_bytes()
    assert "usr/bin" == tree["/bin"].target
    assert "symlinked-parent" in codes(tree)


def test_a_symlink_that_this_layer_hides_first_is_not_followed() -> None:
    """Order matters to who unpacks in order."""
    before = unpacked(Entry("bin", "whiteout"), Entry("bin/new", "file"))
    after = unpacked(Entry("bin/new", "file"), Entry("bin", "whiteout"))

    assert "/bin/new" in before
    assert "/usr/bin/new" in after
    assert "/bin" not in after


@pytest.mark.parametrize(
    ("mark", "code", "gone"),
    [
        pytest.param(
            Entry("bin/old", "whiteout"),
            "whiteout-below-symlink",
            "/usr/bin/old",
            id="a whiteout",
        ),
        pytest.param(
            Entry("bin", "opaque"), "opaque-over-symlink", "/usr/bin/old", id="opaque"
        ),
    ],
)
def test_a_mark_reaches_through_a_lower_symlink(
    mark: Entry, code: str, gone: str
) -> None:
    """What it hides is where the symlink leads."""
    tree = unpacked(mark)

    assert gone not in tree
    assert "/bin" in tree
    assert code in codes(tree)


def test_a_directory_that_replaces_what_the_layer_made_is_empty() -> None:
    """Nothing of the lower layers comes back below it."""
    tree = unpacked(
        Entry("usr", "file"), Entry("usr", "directory"), Entry("usr/x", "file")
    )

    assert ["/usr", "/usr/x"] == [path for path in tree if path.startswith("/usr")]


@pytest.mark.parametrize(
    "upper",
    [
        pytest.param([Entry("f/x", "file")], id="below a lower file"),
        pytest.param([Entry("f", "opaque")], id="an opaque mark on one"),
        pytest.param([Entry("f/x/y", "opaque")], id="an opaque mark below one"),
        pytest.param([Entry("g", "file"), Entry("g/x", "file")], id="below its own"),
    ],
)
def test_nothing_is_put_below_a_file(upper: list[Entry]) -> None:
    """The tools that unpack so fail, too."""
    with pytest.raises(NotADirectoryPathError, match=r"layers\[1\]/[fg]"):
        unpacked(*upper)


def test_an_opaque_mark_below_a_file_of_its_layer_does_nothing() -> None:
    """Whatever the lower layers have there, as in the overlay profile."""
    tree = unpacked(Entry("f", "file"), Entry("f/x", "opaque"))

    assert "file" == tree["/f"].kind
    assert "whiteout-without-parent" in codes(tree)


@pytest.mark.parametrize(
    ("over", "led"),
    [
        pytest.param(Entry("bin", "symlink", target="new"), "/new/sub/b", id="a link"),
        pytest.param(Entry("bin", "directory"), "/bin/sub/b", id="a directory"),
    ],
)
def test_a_way_ends_where_its_symlink_is_replaced(over: Entry, led: str) -> None:
    """What comes before goes there, and what comes after goes elsewhere."""
    tree = unpacked(Entry("bin/sub/a", "file"), over, Entry("bin/sub/b", "file"))

    assert "/usr/bin/sub/a" in tree
    assert led in tree
    assert "/usr/bin/sub/b" not in tree
    with pytest.raises(NotADirectoryPathError, match=r"layers\[1\]/bin"):
        unpacked(Entry("bin/a", "file"), Entry("bin", "file"), Entry("bin/b", "file"))


def test_a_way_ends_where_its_directory_is_replaced() -> None:
    """A file stands where the symlink was in."""
    lower = [Entry("d/l", "symlink", target="/usr"), Entry("usr/x", "directory")]
    first, then = Entry("d/l/x/a", "file"), Entry("d/l/x/b", "file")

    assert "/usr/x/b" in merge([lower, [first, then]], profile=SEQUENCE)
    with pytest.raises(NotADirectoryPathError, match=r"layers\[1\]/d"):
        merge([lower, [first, Entry("d", "file"), then]], profile=SEQUENCE)


@pytest.mark.parametrize("kind", ["whiteout", "opaque"])
def test_nothing_of_below_shows_under_a_file_of_the_layer(kind: str) -> None:
    """A symlink that was there leads nowhere any more, a file is no target."""
    lower = [Entry("d/l", "symlink", target="/usr"), Entry("usr/a/b", "file")]
    tree = merge([lower, [Entry("d", "file"), Entry("d/l/a", kind)]], profile=SEQUENCE)

    assert ["/d", "/usr", "/usr/a", "/usr/a/b"] == [*tree][1:]
    for target in ("d/l", "d/l/a/b"):
        link = Entry("h", "hardlink", target=target)
        with pytest.raises(HardlinkTargetError, match="there already"):
            merge([lower, [Entry("d", "file"), link]], profile=SEQUENCE)


def test_an_emptied_directory_shows_nothing_of_below() -> None:
    """A symlink that was in it leads nowhere any more."""
    lower = [Entry("d/l", "symlink", target="/usr"), Entry("usr/a", "file")]
    upper = [Entry("d", "opaque"), Entry("d/l/x", "file")]
    tree = merge([lower, upper], profile="sequential")

    assert ["/d", "/d/l", "/d/l/x", "/usr", "/usr/a"] == [*tree][1:]


def test_links_are_made_to_what_is_there_already() -> None:
    """Through lower symlinks, and not to what comes later."""
    tree = unpacked(Entry("h", "hardlink", target="bin/old"))

    assert ("/h", "/usr/bin/old") == tree["/h"].links
    with pytest.raises(HardlinkTargetError, match="there already"):
        unpacked(Entry("h", "hardlink", target="g"), Entry("g", "file"))
    with pytest.raises(MergeError):
        unpacked(Entry("f", "whiteout"), Entry("h", "hardlink", target="f"))
    with pytest.raises(HardlinkTargetError, match="a directory"):
        unpacked(Entry("h", "hardlink", target="usr"), Entry("h", "file"))


def test_a_hard_link_to_a_lower_symlink_is_followed_as_it_is() -> None:
    """They are one inode."""
    tree = unpacked(Entry("h", "hardlink", target="bin"), Entry("h/new", "file"))

    assert ("/bin", "/h") == tree["/h"].links
    assert "/usr/bin/new" in tree
    assert "hardlink-to-lower" in codes(tree)


class Fetched:
    """A layer whose content is fetched."""

    def __iter__(self) -> Iterator[Entry]:
        yield Entry("bin/new", "file", size=3)

    def open_content(self, entry: Entry) -> io.BytesIO:
        return io.BytesIO(entry.path[:3].encode())


def test_content_comes_from_the_layer_all_the_same() -> None:
    """Under the name that the layer has for it."""
    tree = merge([LOWER, Fetched()], profile="sequential")

    assert b"bin" == tree["/usr/bin/new"].read_bytes()


def test_a_layer_that_crosses_nothing_is_the_same_in_both_profiles() -> None:
    """So it is not unpacked a second time."""
    upper = [Entry("usr/bin/old", "whiteout"), Entry("etc/x", "file")]

    assert dict(merge([LOWER, upper])) == dict(unpacked(*upper))


def test_each_crossing_is_noted_where_it_happens() -> None:
    """What follows and crosses nothing is not."""
    tree = unpacked(
        Entry("bin/new", "file"),
        Entry("etc/x", "file"),
        Entry("bin/old", "whiteout"),
        Entry("y", "whiteout"),
    )

    assert [
        ("symlinked-parent", "layers[1]/bin/new"),
        ("whiteout-below-symlink", "layers[1]/bin/old"),
    ] == sorted(
        (found.code, found.where)
        for found in tree.findings
        if found.code in {"symlinked-parent", "whiteout-below-symlink"}
    )


@pytest.mark.parametrize(
    ("upper", "old_is_there"),
    [
        pytest.param(
            [Entry("bin/old", "whiteout"), Entry("bin", "whiteout")],
            False,
            id="before its symlink is hidden",
        ),
        pytest.param(
            [Entry("bin", "whiteout"), Entry("bin/old", "whiteout")],
            True,
            id="after it was hidden",
        ),
        pytest.param(
            [Entry("bin", "opaque"), Entry("bin", "whiteout")],
            False,
            id="opaque, and then hidden",
        ),
        pytest.param(
            [Entry("bin/old", "whiteout"), Entry("bin", "file")],
            False,
            id="before its symlink is replaced by a file",
        ),
        pytest.param(
            [Entry("bin/old", "whiteout"), Entry("bin", "symlink", target="x")],
            False,
            id="before its symlink is replaced by another",
        ),
        pytest.param(
            [Entry("bin", "file"), Entry("bin/old", "whiteout")],
            True,
            id="after it was replaced",
        ),
    ],
)
def test_marks_act_in_the_order_of_the_archive(
    upper: list[Entry], *, old_is_there: bool
) -> None:
    """Through a symlink for as long as it is there, as umoci has it."""
    assert old_is_there == ("/usr/bin/old" in unpacked(*upper))


def test_an_opaque_mark_that_a_symlink_leads_below_a_file_does_nothing() -> None:
    """As in umoci, where the layer makes directories of all that afterwards."""
    lower = [Entry("a", "file"), Entry("b", "symlink", target="a")]
    upper = [
        Entry("b/c/d", "opaque"),
        *(Entry(path, "directory") for path in ("b", "b/c", "b/c/d")),
    ]

    tree = merge([lower, upper], profile="sequential")

    assert ["/", "/a", "/b", "/b/c", "/b/c/d"] == [*tree]


def test_the_first_of_several_marks_below_files_is_the_one_that_is_refused() -> None:
    """However texts are hashed."""
    files = [Entry(f"{n}/f", "file") for n in range(9)]
    marks = [Entry(f"{n}/f/d", "opaque") for n in (5, 3, 8, 1, 7)]

    with pytest.raises(NotADirectoryPathError, match=r"layers\[1\]/5/f:"):
        merge([files, marks], profile=SEQUENCE)
