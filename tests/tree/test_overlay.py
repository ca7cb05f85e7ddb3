"""Applying a layer: collect, hide below, add."""

from __future__ import annotations

from typing import get_args

import pytest

from ocilayers.errors import HardlinkTargetError, LimitExceededError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge
from ocilayers.tree.stack import Profile

LOWER = [
    Entry("d", "directory", 0o700, uid=5),
    Entry("d/a", "file", content=b"a"),
    Entry("d/sub", "directory"),
    Entry("d/sub/b", "file"),
    Entry("f", "file", content=b"f"),
    Entry("l", "symlink", target="d"),
]


@pytest.mark.hostile("a whiteout beside what it names")
@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "Files that are present in the same layer as a whiteout file can only be "
    "hidden by whiteout files in subsequent layers.",
)
@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "Whiteout files MUST only apply to resources in lower/parent layers.",
)
@pytest.mark.parametrize("first", [True, False], ids=["mark first", "mark last"])
@pytest.mark.parametrize(
    ("mark", "entry"),
    [
        pytest.param(Entry("f", "whiteout"), Entry("f", "file"), id="the same path"),
        pytest.param(Entry("d", "whiteout"), Entry("d/new", "file"), id="a path below"),
        pytest.param(Entry("d", "opaque"), Entry("d/new", "file"), id="an opaque mark"),
        pytest.param(Entry(".", "opaque"), Entry("new", "file"), id="an opaque root"),
    ],
)
@pytest.mark.parametrize("profile", get_args(Profile))
def test_a_mark_never_hides_its_own_layer(
    mark: Entry, entry: Entry, profile: Profile, *, first: bool
) -> None:
    """In whichever order they stand."""
    upper = [mark, entry] if first else [entry, mark]

    assert entry.path in merge([LOWER, upper], profile=profile)


@pytest.mark.spec(
    "image-spec layer.md, Changeset over existing files",
    "If the entry and the existing path are both directories, then the "
    "existing path's attributes MUST be replaced by those of the entry in the "
    "changeset. In all other cases, the implementation MUST do the semantic "
    "equivalent of removing the file path and recreating it.",
)
@pytest.mark.parametrize(
    ("upper", "left"),
    [
        pytest.param(
            Entry("d", "directory", 0o711),
            ["/d", "/d/a", "/d/sub", "/d/sub/b", "/f", "/l"],
            id="a directory over a directory keeps what is in it",
        ),
        pytest.param(Entry("d", "file"), ["/d", "/f", "/l"], id="a file over one"),
        pytest.param(
            Entry("d", "symlink", target="f"), ["/d", "/f", "/l"], id="a link over one"
        ),
    ],
)
def test_what_is_replaced_goes_with_all_that_was_in_it(
    upper: Entry, left: list[str]
) -> None:
    """But a directory over a directory."""
    tree = merge([LOWER, [upper]])

    assert left == [*tree][1:]
    assert upper.mode == tree["/d"].mode or upper.kind == "symlink"


def test_an_implied_directory_leaves_the_lower_one_as_it_is() -> None:
    """Attributes included, and a finding tells who would do otherwise."""
    tree = merge([LOWER, [Entry("d/new", "file")]])

    assert (0o700, 5) == (tree["/d"].mode, tree["/d"].uid)
    assert "implied-over-lower" in {finding.code for finding in tree.findings}


@pytest.mark.parametrize(
    ("upper", "code"),
    [
        pytest.param([Entry("new/x", "file")], "implied-parent", id="nothing there"),
        pytest.param([Entry("f/x", "file")], "parent-is-file", id="a file there"),
        pytest.param([Entry("l/x", "file")], "symlinked-parent", id="a symlink there"),
        pytest.param([Entry("f", "opaque")], "opaque-over-file", id="opaque, a file"),
        pytest.param(
            [Entry("l", "opaque")], "opaque-over-symlink", id="opaque, a symlink"
        ),
        pytest.param(
            [Entry("none/x", "whiteout")], "whiteout-without-parent", id="no parent"
        ),
        pytest.param(
            [Entry("f/x/y", "whiteout")], "whiteout-without-parent", id="below a file"
        ),
        pytest.param(
            [Entry("l/a", "whiteout")], "whiteout-below-symlink", id="below a symlink"
        ),
        pytest.param(
            [Entry("h", "hardlink", target="f")],
            "hardlink-to-lower",
            id="a lower inode",
        ),
    ],
)
def test_what_tools_do_otherwise_is_noted(upper: list[Entry], code: str) -> None:
    """Whoever reads the findings need not guess."""
    findings = merge([LOWER, upper]).findings

    assert [code] == [f.code for f in findings if f.where.startswith("layers[1]")]


@pytest.mark.spec(
    "image-spec layer.md, Hardlinks",
    "Extracting a layer with hardlink references to files outside of the "
    "layer may fail.",
)
@pytest.mark.parametrize(
    ("first", "path", "code"),
    [
        pytest.param(Entry("l/x", "file"), "l", "symlinked-parent", id="a symlink"),
        pytest.param(Entry("f/x/y", "fifo"), "f", "parent-is-file", id="a file"),
        pytest.param(Entry("l/a", "whiteout"), "l", "symlinked-parent", id="a mark"),
        pytest.param(Entry("l", "opaque"), "l", "opaque-over-symlink", id="opaque"),
    ],
)
def test_a_directory_that_comes_after_what_is_in_it_is_noted(
    first: Entry, path: str, code: str
) -> None:
    """Who goes entry by entry finds there what is below; after it, nobody does."""
    directory = Entry(path, "directory")
    late = merge([LOWER, [first, directory]])
    early = merge([LOWER, [directory, first]])

    assert [*late] == [*early]
    assert [code] == [f.code for f in late.findings if f.where == f"layers[1]/{path}"]
    assert code not in {finding.code for finding in early.findings}


@pytest.mark.parametrize(
    "upper",
    [
        pytest.param([Entry("f", "whiteout"), Entry("f/x", "file")], id="a file"),
        pytest.param([Entry("f", "whiteout"), Entry("f", "opaque")], id="opaque"),
        pytest.param([Entry(".wh.f", "file"), Entry("f/x", "fifo")], id="by its name"),
        pytest.param([Entry("l", "whiteout"), Entry("l/x", "file")], id="a symlink"),
        pytest.param([Entry("f/x", "whiteout")], id="a mark below a file"),
    ],
)
def test_a_directory_that_comes_after_its_mark_is_nothing_to_note(
    upper: list[Entry],
) -> None:
    """Who goes entry by entry has taken away what was there, and so reads the same."""
    layer = [*upper, Entry(upper[0].path[0].replace(".", "f"), "directory")]
    tree = merge([LOWER, layer], strict=True)

    assert [*tree] == [*merge([LOWER, layer], strict=True, profile="sequential")]


@pytest.mark.parametrize(
    ("target", "led"),
    [
        pytest.param("f", "/f", id="directly"),
        pytest.param("l/a", "/d/a", id="through a lower symlink"),
        pytest.param("m/a", "/d/a", id="through a symlink of its own layer"),
    ],
)
def test_a_link_to_a_lower_layer_shares_that_inode(target: str, led: str) -> None:
    """Found before anything of this layer hides it."""
    upper = [
        Entry("m", "symlink", target="l"),
        Entry("h", "hardlink", target=target),
        Entry("n", "directory"),
    ]
    tree = merge([LOWER, upper])

    assert {led, "/h"} == {*tree["/h"].links}


def test_a_file_that_goes_where_a_directory_is_implied_is_noted() -> None:
    """Tools that go entry by entry cannot make the directory over the file."""
    upper = [Entry("d/a/new", "file"), Entry("d", "opaque")]
    noted = [(f.code, f.where) for f in merge([LOWER, upper]).findings]

    assert ("whiteout-beside-entry", "layers[1]/d/a") in noted


def test_a_link_keeps_what_its_own_layer_hides() -> None:
    """The other name goes, the inode stays."""
    tree = merge([LOWER, [Entry("h", "hardlink", target="f"), Entry("f", "whiteout")]])

    assert b"f" == tree["/h"].read_bytes()
    assert "/f" not in tree


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("none", "to nothing"),
        ("d/none", "to nothing"),
        ("n/x", "to nothing"),
        ("d", "to a directory"),
    ],
)
def test_a_link_to_nothing_or_to_a_directory_is_refused(target: str, said: str) -> None:
    """The error names layer, path and target."""
    upper = [Entry("n", "directory"), Entry("h", "hardlink", target=target)]
    with pytest.raises(HardlinkTargetError, match=rf"layers\[1\]/h.*{said}.*{target}"):
        merge([LOWER, upper])


def test_a_file_system_has_no_more_paths_than_it_may() -> None:
    """Of all layers together."""
    with pytest.raises(LimitExceededError, match=r"layers\[1\].*entries"):
        merge([[Entry("a", "file")], [Entry("b", "file")]], limits=Limits(entries=2))


def test_an_emptied_directory_forgets_its_directories_too() -> None:
    """What a whiteout hides is gone at every depth, whatever layer it came from."""
    middle = [Entry("d/sub/deep/c", "file")]

    assert ["/f", "/l"] == [*merge([LOWER, middle, [Entry("d", "whiteout")]])][1:]
    assert ["/d", "/f", "/l"] == [*merge([LOWER, middle, [Entry("d", "opaque")]])][1:]


def test_an_event_is_kept_for_everything_that_is_hidden() -> None:
    """By a whiteout, with the directory below it, or by a file in the way."""
    tree = merge([LOWER, [Entry("d", "whiteout"), Entry("f", "whiteout")]])

    hidden = {(node.path, node.hidden_by.cause) for node in tree.hidden()}

    assert {
        ("/d", "whiteout"),
        ("/d/a", "whiteout"),
        ("/d/sub", "whiteout"),
        ("/d/sub/b", "whiteout"),
        ("/f", "whiteout"),
    } == hidden


def test_a_link_may_name_its_target_through_a_symlink_further_down() -> None:
    """The last part is the file, and what is before it is the way."""
    lower = [
        Entry("d/e/t", "file", content=b"1"),
        Entry("d/m", "symlink", target="e"),
    ]

    tree = merge([lower, [Entry("h", "hardlink", target="d/m/t")]])

    assert ("/d/e/t", "/h") == tree["/h"].links
