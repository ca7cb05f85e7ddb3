"""A run of layers as one."""

from __future__ import annotations

import pytest

from ocilayers.errors import HardlinkTargetError, LimitExceededError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.merge import merge
from ocilayers.tree.squash import squash


def test_whiteouts_that_may_still_hide_something_stay() -> None:
    """All others go, with what they hid."""
    run = [
        [Entry("a", "file"), Entry("b", "file")],
        [Entry("a", "whiteout"), Entry("z", "whiteout")],
    ]

    said = [(entry.kind, entry.path) for entry in squash(run)]

    assert [
        (Kind.WHITEOUT, "a"),
        (Kind.WHITEOUT, "z"),
        (Kind.FILE, "b"),
    ] == said


def test_a_directory_that_became_empty_keeps_what_it_is_below() -> None:
    """With the lower layers known, the archive says their attributes."""
    lower = merge([[Entry("d", "directory", 0o700, uid=7)]])
    run = [[Entry("d/a", "file")], [Entry("d/a", "whiteout")]]

    blind, seeing = squash(run), squash(run, lower=lower)

    assert 0o755 == next(e.mode for e in blind if e.path == "d")
    assert (0o700, 7) == next((e.mode, e.uid) for e in seeing if e.path == "d")


def test_an_implied_directory_below_is_said_as_one() -> None:
    """Nobody gave it attributes, so it gets the usual ones."""
    lower = merge([[Entry("d/x", "file")]])
    run = [[Entry("d/a", "file")], [Entry("d/a", "whiteout")]]

    again = merge([[Entry("d/x", "file")], [*squash(run, lower=lower)]])

    assert ["/", "/d", "/d/x"] == [*again]


def test_what_the_run_hides_gets_no_entry() -> None:
    """A directory that was hidden and made again is not the one below."""
    lower = merge([[Entry("d", "directory", 0o700)]])
    run = [[Entry("d", "whiteout")], [Entry("d/a", "file")], [Entry("d/a", "whiteout")]]

    again = merge([*lower.layers, [*squash(run, lower=lower)]])

    assert 0o755 == again["/d"].mode


def test_a_squash_costs_no_more_than_it_may() -> None:
    """The entries of all layers count."""
    run = [[Entry(name, "file")] for name in "abc"]
    with pytest.raises(LimitExceededError, match="entries"):
        squash(run, limits=Limits(entries=2))


@pytest.mark.parametrize(
    ("upper", "link"),
    [
        pytest.param([], ("hardlink", "d/a"), id="nothing else"),
        pytest.param([Entry("d/a", "file")], ("file", None), id="replaces it"),
        pytest.param(
            [Entry("d/a/x", "file")], ("file", None), id="makes a directory of it"
        ),
        pytest.param([Entry("d", "whiteout")], ("file", None), id="hides it"),
        pytest.param(
            [Entry("e", "whiteout")], ("hardlink", "d/a"), id="hides something else"
        ),
    ],
)
def test_a_link_to_what_the_run_takes_away_becomes_the_file(
    upper: list[Entry], link: tuple[str, str | None]
) -> None:
    """And one to what stays remains a link."""
    lower = merge([[Entry("d/a", "file", content=b"1"), Entry("e", "file")]])
    run = [[Entry("h", "hardlink", target="d/a")], upper]

    [written] = [entry for entry in squash(run, lower=lower) if entry.path == "h"]

    assert link == (written.kind.value, written.target)


def test_only_directories_that_nothing_is_left_in_are_named() -> None:
    """What the run does not touch is not stored."""
    lower = merge([[Entry("d", "directory", 0o700), Entry("e", "directory", 0o711)]])
    squashed = squash([[Entry("d/a", "file")], [Entry("d/a", "whiteout")]], lower=lower)

    assert {"d": Entry("d", "directory", 0o700)} == squashed.contents.table
    assert set() == squashed.contents.implied


def test_a_bare_directory_that_no_layer_named_gets_the_usual_entry() -> None:
    """So that whoever unpacks it makes it."""
    lower = merge([[Entry("d/x", "file")]])
    squashed = squash([[Entry("d/a", "file")], [Entry("d/a", "whiteout")]], lower=lower)

    assert {"d": Entry("d", "directory")} == squashed.contents.table


def test_layers_that_were_read_are_not_read_again() -> None:
    """And raw ones cost no more than is allowed."""
    read = Changeset([Entry("a", "file"), Entry("b", "file")])
    tight = Limits(entries=2, path_bytes=1)

    assert 2 == len(squash([read], limits=tight).contents.table)
    with pytest.raises(LimitExceededError, match="path bytes"):
        squash([[Entry("long", "file")]], limits=tight)


def linked(base: list[Entry], *run: list[Entry]) -> list[Entry]:
    """What *run* is as one layer over *base*; both ways make the same tree."""
    squashed = list(squash(run, lower=merge([base])))

    assert merge([base, squashed]) == merge([base, *run])
    return [entry for entry in squashed if entry.kind is Kind.HARDLINK]


def test_a_link_through_a_symlink_below_the_run_finds_its_target_in_the_run() -> None:
    """What is below is known, so the way is."""
    base = [Entry("l", "symlink", target="d")]
    link = Entry("h", "hardlink", target="l/f")

    [written] = linked(base, [Entry("d/f", "file")], [link])
    assert "d/f" == written.target


def test_a_link_names_what_is_below_before_its_own_symlink_leads_elsewhere() -> None:
    """As in the merge: the layers below come first."""
    base = [Entry("d/f", "file", content=b"below")]
    upper = [Entry("d", "symlink", target="e"), Entry("h", "hardlink", target="d/f")]
    tree = merge([base, squash([[Entry("e/f", "file")], upper], lower=merge([base]))])

    assert b"below" == tree["/h"].read_bytes()


def test_a_link_goes_through_another_one_to_a_symlink_below() -> None:
    """They are one inode, also where the run cannot see it."""
    base = [Entry("l", "symlink", target="d")]
    first = [Entry("k", "hardlink", target="l"), Entry("d/f", "file")]

    written = linked(base, first, [Entry("h", "hardlink", target="k/f")])
    assert {"h": "d/f", "k": "l"} == {entry.path: entry.target for entry in written}


def test_a_symlink_below_that_the_run_hides_leads_nowhere() -> None:
    """So the link means nothing, as in the merge."""
    base = [Entry("l", "symlink", target="d"), Entry("d/f", "file")]
    link = Entry("h", "hardlink", target="l/f")
    run = [[Entry("l", "whiteout")], [link]]

    with pytest.raises(HardlinkTargetError, match="hard link to nothing"):
        merge([base, *run])
    with pytest.raises(HardlinkTargetError, match="hides"):
        squash(run, lower=merge([base]))
