"""Layers that name a path twice, or put something below a file."""

from __future__ import annotations

import pytest

from ocilayers.errors import HardlinkTargetError, SymlinkLoopError
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge

FILE = Entry("a", "file", content=b"1")


def paths(*entries: Entry) -> list[str]:
    """What one layer of *entries* makes, but the root."""
    return [*merge([entries])][1:]


@pytest.mark.hostile("a path twice in one layer")
@pytest.mark.parametrize(
    ("entries", "left"),
    [
        pytest.param(
            [Entry("a/x", "file"), FILE], ["/a"], id="a file replaces what is below it"
        ),
        pytest.param(
            [Entry("a", "directory"), Entry("a/x", "file"), Entry("a", "directory")],
            ["/a", "/a/x"],
            id="a directory named twice keeps what is in it",
        ),
        pytest.param(
            [Entry("a", "directory"), Entry("a/x", "file"), FILE],
            ["/a"],
            id="a file replaces a directory named before",
        ),
        pytest.param(
            [FILE, Entry("a/x", "file")],
            ["/a", "/a/x"],
            id="a later entry makes a directory of a file",
        ),
        pytest.param(
            [Entry("l", "symlink", target="d"), Entry("l/x", "file")],
            ["/d", "/d/x", "/l"],
            id="a symlink of the layer is followed, and its target made",
        ),
        pytest.param(
            [
                Entry("l", "symlink", target="d"),
                Entry("l/x", "file"),
                Entry("l/y", "file"),
            ],
            ["/d", "/d/x", "/d/y", "/l"],
            id="the second time too",
        ),
        pytest.param(
            [Entry("l", "symlink", target="../../d"), Entry("l/x", "file")],
            ["/d", "/d/x", "/l"],
            id="and never out of the root",
        ),
    ],
)
def test_the_later_entry_wins(entries: list[Entry], left: list[str]) -> None:
    """As when the layer is unpacked entry by entry."""
    assert left == paths(*entries)


@pytest.mark.hostile("a path twice in one layer")
@pytest.mark.hostile("links out of the root")
@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        pytest.param([FILE, FILE], ["duplicate-path"], id="twice"),
        pytest.param(
            [Entry("a/x", "file"), FILE], ["duplicate-path"], id="over what is below"
        ),
        pytest.param([FILE, Entry("a/x", "file")], ["parent-is-file"], id="below"),
        pytest.param(
            [Entry("l", "symlink", target="d"), Entry("l/x", "file")],
            ["symlinked-parent-dangles"],
            id="through a symlink to nothing",
        ),
        pytest.param(
            [Entry("l", "symlink", target="../d"), Entry("l/x", "file")],
            ["symlinked-parent-escapes"],
            id="through a symlink out of the root",
        ),
        pytest.param(
            [FILE, Entry("h", "hardlink", target="b"), FILE, Entry("b", "file")],
            ["duplicate-path", "hardlink-forward"],
            id="a link before its target",
        ),
    ],
)
def test_what_is_ambiguous_is_noted(entries: list[Entry], codes: list[str]) -> None:
    """With a stable code."""
    assert codes == [finding.code for finding in Changeset(entries).findings]


def test_links_are_made_to_what_is_there_at_the_time() -> None:
    """A path named again afterwards is another inode."""
    tree = merge(
        [
            [
                FILE,
                Entry("h", "hardlink", target="a"),
                Entry("a", "file", content=b"2"),
            ]
        ]
    )

    assert (b"1", b"2") == (tree["/h"].read_bytes(), tree["/a"].read_bytes())


def test_links_through_links_that_come_later_are_bound_at_the_end() -> None:
    """All of them to the one inode."""
    tree = merge(
        [
            [
                FILE,
                FILE,
                Entry("x", "hardlink", target="y"),
                Entry("z", "hardlink", target="x"),
                Entry("y", "hardlink", target="a"),
            ]
        ]
    )

    assert ("/a", "/x", "/y", "/z") == tree["/a"].links


@pytest.mark.parametrize(
    ("target", "said"), [("a", "itself"), ("d", "a directory")], ids=["itself", "dir"]
)
def test_a_link_to_itself_or_to_a_directory_is_refused(target: str, said: str) -> None:
    """No file system has such links."""
    layer = [FILE, FILE, Entry("d/x", "file"), Entry("a", "hardlink", target=target)]
    with pytest.raises(HardlinkTargetError, match=said):
        Changeset(layer)


@pytest.mark.hostile("symlinks in a circle, symlinks that multiply")
def test_symlinks_in_a_circle_are_refused() -> None:
    """After as many as a kernel follows."""
    layer = [
        Entry("l", "symlink", target="m"),
        Entry("m", "symlink", target="l"),
        Entry("l/x", "file"),
    ]
    with pytest.raises(SymlinkLoopError):
        Changeset(layer)


def test_a_chain_of_links_that_come_too_early_is_bound_once() -> None:
    """The first of them binds the others."""
    layer = [
        FILE,
        FILE,
        Entry("x", "hardlink", target="y"),
        Entry("y", "hardlink", target="b"),
        Entry("b", "file"),
    ]

    assert ("/b", "/x", "/y") == merge([layer])["/x"].links


def test_a_link_to_a_lower_layer_is_left_to_the_merge() -> None:
    """Though its own layer names another path twice."""
    lower = Entry("low", "file", content=b"below")
    upper = [FILE, FILE, Entry("b", "hardlink", target="low")]

    assert ("/b", "/low") == merge([[lower], upper])["/b"].links


LINK = Entry("h", "hardlink", target="b")


@pytest.mark.parametrize(
    ("entries", "table"),
    [
        pytest.param(
            [Entry("a/b/c", "file"), Entry("a/b/c", "file"), FILE],
            {"a"},
            id="with directories that no entry names",
        ),
        pytest.param(
            [
                Entry("l", "symlink", target="d"),
                Entry("l/e/x", "file"),
                Entry("d", "fifo"),
            ],
            {"l", "d"},
            id="with what came there through a symlink",
        ),
    ],
)
def test_what_is_below_goes_with_what_is_replaced(
    entries: list[Entry], table: set[str]
) -> None:
    """All of it, however deep."""
    contents = Changeset(entries).contents

    assert table == {*contents.table}
    assert {""} == contents.dirs


def test_a_directory_named_after_it_was_implied_is_implied_no_more() -> None:
    """Its entry says what it is."""
    entries = [FILE, FILE, Entry("d/x", "file"), Entry("d", "directory", 0o700)]

    assert set() == Changeset(entries).contents.implied


def test_a_link_that_is_named_again_shares_nothing_any_more() -> None:
    """The file that replaces it is an inode of its own."""
    entries = [Entry("b", "file", content=b"1"), LINK, Entry("h", "file", content=b"2")]
    tree = merge([entries])

    assert [("/b",), ("/h",)] == [tree["/b"].links, tree["/h"].links]
    assert {} == Changeset(entries).contents.links


def test_a_link_to_what_aufs_left_behind_is_bound() -> None:
    """Though the path it names is in no tree."""
    left = Entry(".wh..wh.plnk/1.2", "file", content=b"kept")
    entries = [left, FILE, FILE, Entry("h", "hardlink", target=left.path)]

    assert b"kept" == merge([entries])["/h"].read_bytes()


def test_a_link_through_a_symlink_to_a_link_that_waits_waits_too() -> None:
    """And all of them share one inode in the end."""
    entries = [
        *(FILE, FILE),
        Entry("l", "symlink", target="d"),
        Entry("d/t", "hardlink", target="z"),
        Entry("h", "hardlink", target="l/t"),
        Entry("z", "file", content=b"z"),
    ]

    assert ("/d/t", "/h", "/z") == merge([entries])["/h"].links


def test_links_that_wait_for_each_other_are_refused() -> None:
    """The error names the layer and the first of them."""
    entries = [FILE, FILE, Entry("g", "hardlink", target="h"), link_to("g")]
    with pytest.raises(HardlinkTargetError) as raised:
        merge([entries])

    assert "layers[0]/g: a hard link to itself, found g" == str(raised.value)


def link_to(target: str) -> Entry:
    """A hard link called `h`."""
    return Entry("h", "hardlink", target=target)


def test_what_goes_with_a_directory_is_said_at_its_path() -> None:
    """A name that was only implied was never named twice."""
    [finding] = Changeset([Entry("d/x", "file"), Entry("d", "file")]).findings

    assert ("/d", "a later entry replaces what the layer put below this path") == (
        finding.where,
        finding.message,
    )


def test_a_hard_link_to_a_symlink_leads_where_it_does() -> None:
    """They are one inode, and the way to an entry goes through either name."""
    entries = [
        Entry("l", "symlink", target="d"),
        Entry("h", "hardlink", target="l"),
        Entry("h/x", "file"),
    ]

    assert ["/d", "/d/x", "/h", "/l"] == paths(*entries)
    assert ("/h", "/l") == merge([entries])["/h"].links


def test_a_link_that_waits_finds_its_target_behind_a_symlink() -> None:
    """Also one that comes later, as a link in a plain layer does."""
    entries = [
        Entry("l", "symlink", target="d"),
        Entry("h", "hardlink", target="l/x"),
        Entry("l/x", "file"),
    ]

    assert ("/d/x", "/h") == merge([entries])["/h"].links


@pytest.mark.parametrize("kind", ["symlink", "hardlink"])
def test_a_way_through_what_was_missing_ends_where_a_symlink_comes(kind: str) -> None:
    """What comes before goes there, and what comes after goes elsewhere."""
    entries = [
        Entry("l", "symlink", target="m/../d"),
        Entry("t", "symlink", target="e/f"),
        Entry("l/x", "file"),
        Entry("m", kind, target="t" if kind == "hardlink" else "e/f"),
        Entry("l/y", "file"),
    ]

    made = {"/d", "/d/x", "/e", "/e/d", "/e/d/y", "/l", "/m", "/t"}
    assert made == {*paths(*entries)}
