"""A run of layers as one."""

from __future__ import annotations

import pytest

from ocilayers.errors import LimitExceededError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry, Kind
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
