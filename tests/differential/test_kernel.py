"""Random stacks before the kernel's overlayfs and before umoci."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from judges import Judge, judge, unavailable, verdict
from stacks import random_stack

from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.merge import merge

pytestmark = pytest.mark.differential

STACKS = 300


@pytest.fixture(scope="module")
def asked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """The oracle, if there is root and overlayfs."""
    oracle = shared / "tools" / "overlay_oracle.py"
    if missing := unavailable(oracle):
        pytest.skip(missing)
    with judge(oracle, tmp_path_factory.mktemp("layers")) as running:
        yield running


def test_the_kernel_makes_the_same_trees(asked: Judge) -> None:
    """Type, mode, owner, time, content, target, device, xattrs and hard links."""
    for seed in range(STACKS):
        stack = random_stack(random.Random(seed))

        assert verdict(stack, "overlay", asked.ask("case", stack)) == [], seed


def test_umoci_makes_the_same_trees_in_sequence(asked: Judge) -> None:
    """It unpacks every layer over the lower ones."""
    if missing := unavailable(asked.oracle, "umoci"):
        pytest.skip(missing)
    for seed in range(STACKS // 5):
        stack = random_stack(random.Random(seed))

        # Where nobody can be right there is nothing to hold against each other.
        assert not verdict(stack, "sequential", asked.ask("umoci", stack)), seed


def _d(path: str, mode: int = 0o755) -> Entry:
    return Entry(path, Kind.DIRECTORY, mode)


def _f(path: str) -> Entry:
    return Entry(path, Kind.FILE, content=path.encode())


AMBIGUITIES = {
    "a whiteout whose directory is missing: the oracle's mount makes the directory": (
        [[_f("x")], [_f("no/.wh.such")]],
        "entries",
        "no",
        {"/", "/x"},
    ),
    "a whiteout below another one: the mount keeps an empty directory": (
        [[_d("a"), _f("a/x")], [_f(".wh.a"), _f("a/.wh.x")]],
        "entries",
        "a",
        {"/"},
    ),
    "a character device 0:0: the kernel hides what is below": (
        [[_f("x"), _f("y")], [Entry("x", Kind.CHAR, device=(0, 0))]],
        "absent",
        "x",
        {"/", "/x", "/y"},
    ),
    "a hard link to a lower layer: there is nothing to link to": (
        [[_f("x")], [Entry("y", Kind.HARDLINK, target="x")]],
        "error",
        "hardlink-target-missing",
        {"/", "/x", "/y"},
    ),
    "a hard link before its target: there is nothing to link to yet": (
        [[Entry("y", Kind.HARDLINK, target="x"), _f("x")]],
        "error",
        "hardlink-target-missing",
        {"/", "/x", "/y"},
    ),
    "an entry below a file of its own layer: not a directory": (
        [[_f("x"), _f("x/y")]],
        "error",
        "parent-not-a-directory",
        {"/", "/x", "/x/y"},
    ),
    "an entry below a dangling symlink of its own layer: not a directory": (
        [[Entry("l", Kind.SYMLINK, target="nodir"), _f("l/y")]],
        "error",
        "parent-is-dangling-symlink",
        {"/", "/l", "/nodir", "/nodir/y"},
    ),
    "a whiteout through a symlink of its own layer: the mount follows it": (
        [
            [_d("t"), _f("t/x")],
            [_d("t"), Entry("l", Kind.SYMLINK, target="t"), _f("l/.wh.x")],
        ],
        "absent",
        "t/x",
        {"/", "/l", "/t", "/t/x"},
    ),
}
"""What is known to differ: the stack, where and what the kernel's answer is, and the
paths of ours."""


@pytest.mark.parametrize("name", AMBIGUITIES)
def test_the_known_ambiguities_are_still_these(asked: Judge, name: str) -> None:
    """Each is decided by the specification, and has a finding or breaks nothing."""
    stack, where, what, ours = AMBIGUITIES[name]
    answer = asked.ask("case", stack)
    fs = merge(stack)

    if where == "error":
        assert what == answer["error"]
    else:
        assert (what in answer["entries"]) == (where == "entries")
    assert ours == set(fs)
    assert fs.findings


def test_an_implied_directory_keeps_its_xattrs(asked: Judge) -> None:
    """The oracle gives it mode, owner and time of the lower one, but not those."""
    lower = Entry("a", Kind.DIRECTORY, 0o700, xattrs={"user.k": b"v"})
    stack = [[lower], [_f("a/x")]]

    assert "xattrs" not in asked.ask("case", stack)["entries"]["a"]
    assert merge(stack)["/a"].xattrs == {"user.k": b"v"}


def test_an_implied_directory_takes_nothing_from_what_is_hidden(asked: Judge) -> None:
    """The oracle looks through whiteouts for the nearest directory of that name."""
    stack = [[_d("a"), _d("a/b", 0o700)], [_f(".wh.a")], [_f("a/b/x")]]

    assert asked.ask("case", stack)["entries"]["a/b"]["mode"] == 0o700
    assert merge(stack)["/a/b"].mode == 0o755
