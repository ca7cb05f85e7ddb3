"""Finding what a path names, as a process inside would."""

from __future__ import annotations

import stat
from typing import get_args

import pytest
from growth import counted

from ocilayers.errors import (
    NotADirectoryPathError,
    OCILayersError,
    PathNotFoundError,
    SymlinkLoopError,
)
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge
from ocilayers.tree.stack import Profile

TREE = merge(
    [
        [
            Entry("usr/bin/sh", "symlink", target="busybox"),
            Entry("usr/bin/busybox", "file", content=b"box"),
            Entry("bin", "symlink", target="usr/bin"),
            Entry("abs", "symlink", target="/usr/bin/sh"),
            Entry("out", "symlink", target="../../../usr"),
            Entry("loop", "symlink", target="loop"),
            Entry("dangling", "symlink", target="none"),
            *(Entry(f"c{n}", "symlink", target=f"c{n + 1}") for n in range(41)),
            Entry("c41", "file"),
        ]
    ]
)


@pytest.mark.hostile("links out of the root")
@pytest.mark.parametrize(
    ("path", "led"),
    [
        ("/bin/sh", "/usr/bin/busybox"),
        ("bin/sh", "/usr/bin/busybox"),
        ("/abs", "/usr/bin/busybox"),
        ("/out/bin", "/usr/bin"),
        ("/bin/../lib/..", None),
        ("/bin/..", "/usr"),
        ("/../../bin/./sh", "/usr/bin/busybox"),
        ("/", "/"),
        ("/c1", "/c41"),
    ],
)
def test_symlinks_are_followed_inside_the_root(path: str, led: str | None) -> None:
    """`..` is where a symlink led, and above the root is the root."""
    if led is None:
        with pytest.raises(PathNotFoundError):
            TREE.resolve(path)
    else:
        assert led == TREE.resolve(path).path


@pytest.mark.hostile("symlinks in a circle, symlinks that multiply")
@pytest.mark.parametrize(
    "links",
    [
        pytest.param([f"l{n + 1}/../l{n + 1}" for n in range(39)], id="each twice"),
        pytest.param(["l0/" * 1000] * 39, id="itself, many times"),
        pytest.param(
            [f"{'./' * 30}l{n + 1}" for n in range(39)], id="parts of nothing"
        ),
        pytest.param(
            [f"/{'d/' * 500}../{'../' * 499}l{n + 1}" for n in range(39)], id="far away"
        ),
    ],
)
def test_symlinks_that_multiply_cost_no_more_than_a_long_path(links: list[str]) -> None:
    """All that one look-up follows is counted together; the tree itself is there."""
    entries = [Entry(f"l{n}", "symlink", target=text) for n, text in enumerate(links)]
    tree = merge([[Entry("d/" * 500 + "f", "file"), *entries, Entry("l39/f", "file")]])

    def look() -> None:
        with pytest.raises(SymlinkLoopError):
            tree.resolve("/l0/f")

    assert counted(look) < 20_000


@pytest.mark.hostile("symlinks in a circle, symlinks that multiply")
@pytest.mark.parametrize("profile", get_args(Profile))
def test_merging_looks_up_no_symlink_that_nobody_goes_through(profile: Profile) -> None:
    """Circles are entries as any other, in both profiles."""
    circle = [Entry("a", "symlink", target="b"), Entry("b", "symlink", target="a")]
    tree = merge([circle, [*circle, Entry("c", "file")]], profile=profile)

    assert ["/", "/a", "/b", "/c"] == [*tree]
    assert "b" == tree["/a"].target


@pytest.mark.hostile("symlinks in a circle, symlinks that multiply")
@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/none", PathNotFoundError),
        ("/none/x", PathNotFoundError),
        ("/dangling", PathNotFoundError),
        ("/usr/bin/busybox/x", NotADirectoryPathError),
        ("/loop", SymlinkLoopError),
        ("/c0", SymlinkLoopError),
    ],
)
def test_a_way_that_leads_nowhere_is_an_error(
    path: str, error: type[OCILayersError]
) -> None:
    """Forty symlinks are followed, as Linux does, and no more."""
    with pytest.raises(error):
        TREE.resolve(path)


def test_the_last_symlink_can_be_left_alone() -> None:
    """As lstat(2) does; those on the way are followed."""
    assert stat.S_ISLNK(TREE.lstat("/bin/sh").st_mode)
    assert stat.S_ISREG(TREE.stat("/bin/sh").st_mode)


def test_what_is_not_followed_has_to_be_there_too() -> None:
    """A missing path has no facts."""
    with pytest.raises(PathNotFoundError, match="/usr/none"):
        TREE.lstat("/usr/none")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/usr/none/x", "/usr/none: no such path"),
        ("/usr/none", "/usr/none: no such path"),
        ("/usr/bin/busybox/x", "/usr/bin/busybox: no directory"),
        ("/loop", "/loop: too many symlinks, expected at most 40"),
    ],
    ids=["on the way", "at the end", "through a file", "in a circle"],
)
def test_a_refusal_says_how_far_the_way_went(path: str, said: str) -> None:
    """The place where it ended."""
    with pytest.raises(OCILayersError) as raised:
        TREE.resolve(path)

    assert said == str(raised.value)


def test_slashes_and_dots_in_a_target_mean_what_they_mean_in_a_path() -> None:
    """Nothing."""
    tree = merge([[Entry("d/x", "file"), Entry("l", "symlink", target="./d//.//")]])

    assert "/d/x" == tree.resolve("/l//x").path
