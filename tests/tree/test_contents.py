"""What one layer says, in normal form."""

from __future__ import annotations

import pytest

from ocilayers.errors import LimitExceededError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.changeset import Changeset
from ocilayers.tree.contents import cause_of


@pytest.mark.parametrize(
    ("entries", "whiteouts", "opaques"),
    [
        pytest.param(
            [Entry("d", "whiteout"), Entry("d/a", "whiteout"), Entry("d/s", "opaque")],
            {"d"},
            set[str](),
            id="a mark below another one goes",
        ),
        pytest.param(
            [Entry("d", "whiteout"), Entry("d", "opaque")],
            {"d"},
            set[str](),
            id="of two marks of one path the whiteout stays",
        ),
        pytest.param(
            [Entry("d", "whiteout"), Entry("d", "directory")],
            set[str](),
            {"d"},
            id="a directory hidden and made again is opaque",
        ),
        pytest.param(
            [Entry("d", "whiteout"), Entry("d/a", "file")],
            {"d"},
            set[str](),
            id="one that is only implied is hidden first",
        ),
        pytest.param(
            [Entry("f", "whiteout"), Entry("f", "file")],
            set[str](),
            set[str](),
            id="a file replaces what it hides anyway",
        ),
        pytest.param(
            [Entry("f/x", "whiteout"), Entry("f/d", "opaque"), Entry("f", "file")],
            set[str](),
            set[str](),
            id="nothing is below a file",
        ),
        pytest.param(
            [Entry(".", "opaque"), Entry("a", "whiteout")],
            set[str](),
            {""},
            id="an opaque root hides all there is",
        ),
    ],
)
def test_marks_have_one_form(
    entries: list[Entry], whiteouts: set[str], opaques: set[str]
) -> None:
    """So that layers that do the same are equal."""
    contents = Changeset(entries).contents

    assert whiteouts == {*contents.whiteouts}
    assert opaques == {*contents.opaques}


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (
            [Entry("l/x", "whiteout"), Entry("l", "symlink", target="d")],
            "whiteout-below-symlink",
        ),
        (
            [
                Entry("l", "symlink", target="d"),
                Entry("h", "hardlink", target="l"),
                Entry("h/x", "whiteout"),
            ],
            "whiteout-below-symlink",
        ),
        ([Entry("f/x", "whiteout"), Entry("f", "file")], "whiteout-without-parent"),
        ([Entry("f", "whiteout"), Entry("f", "file")], "whiteout-beside-entry"),
        ([Entry("d", "whiteout"), Entry("d/x", "whiteout")], "whiteout-below-whiteout"),
        ([Entry(".", "opaque")], "opaque-root"),
        ([Entry("a", "whiteout"), Entry("a", "whiteout")], "duplicate-path"),
        ([Entry("a", "opaque"), Entry("a", "opaque")], "duplicate-path"),
    ],
    ids=[
        "below a symlink",
        "below a hard link to one",
        "below a file",
        "beside a file",
        "below another",
        "of the root",
        "a whiteout twice",
        "an opaque mark twice",
    ],
)
def test_marks_that_tools_read_differently_are_noted(
    entries: list[Entry], code: str
) -> None:
    """With a stable code."""
    [finding] = Changeset(entries).findings
    marked = [entry.path for entry in entries if entry.kind in {"whiteout", "opaque"}]
    assert (code, f"/{marked[-1]}".rstrip(".")) == (finding.code, finding.where)


def test_a_layer_knows_what_it_hides() -> None:
    """By a whiteout, an opaque directory, or a file in the way."""
    contents = Changeset(
        [Entry("w", "whiteout"), Entry("o", "opaque"), Entry("f", "file")]
    ).contents

    hidden = [
        path for path in ("w", "w/x", "o", "o/x", "f/x", "y") if contents.hides(path)
    ]

    assert ["w", "w/x", "o/x", "f/x"] == hidden
    assert "f" == contents.in_the_way("f/x/y")
    assert contents.in_the_way("o/x") is None


@pytest.mark.parametrize(
    ("mark", "cause"),
    [
        (Entry("d", "opaque"), "opaque"),
        (Entry("d/.wh..wh..opq", "file"), "opaque"),
        (Entry("d", "whiteout"), "whiteout"),
        (Entry(".wh.d", "file"), "whiteout"),
    ],
    ids=["opaque", "opaque by name", "whiteout", "whiteout by name"],
)
def test_a_mark_says_which_one_it_is(mark: Entry, cause: str) -> None:
    """By its kind, or by its name."""
    assert cause == cause_of(mark)


@pytest.mark.parametrize(
    ("limits", "name"),
    [(Limits(implied_bytes=2), "implied_bytes"), (Limits(entries=2), "entries")],
    ids=["how long they are", "how many"],
)
def test_implied_directories_cost_no_more_than_they_may(
    limits: Limits, name: str
) -> None:
    """A deep path implies many."""
    with pytest.raises(LimitExceededError, match=name):
        Changeset([Entry("a/b/c", "file")], limits=limits)


def test_a_layer_of_nothing_hides_nothing() -> None:
    """What it does not speak of stays as it is."""
    assert not Changeset().contents.hides("a/b/c")
