"""Finding what a path names, as a process inside would."""

from __future__ import annotations

import stat

import pytest

from ocilayers.errors import (
    NotADirectoryPathError,
    OCILayersError,
    PathNotFoundError,
    SymlinkLoopError,
)
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge

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
