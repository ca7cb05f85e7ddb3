"""What an entry says about the file that it makes."""

from __future__ import annotations

import attrs
import pytest

from ocilayers.tar.entry import Entry
from ocilayers.tree._facts import facts

FILE = Entry("a", "file", content=b"1")
SYMLINK = Entry("a", "symlink", target="b")
DEVICE = Entry("a", "char", device=(1, 3))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(FILE, attrs.evolve(FILE, path="b"), id="where it is"),
        pytest.param(FILE, attrs.evolve(FILE, offset=512), id="where its content is"),
        pytest.param(FILE, attrs.evolve(FILE, user="root"), id="names of owners"),
        pytest.param(SYMLINK, attrs.evolve(SYMLINK, mode=0o600), id="mode of symlinks"),
    ],
)
def test_what_no_process_sees_does_not_count(one: Entry, other: Entry) -> None:
    """Both make the same file."""
    assert facts(one) == facts(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(FILE, Entry("a", "fifo"), id="kind"),
        pytest.param(FILE, attrs.evolve(FILE, mode=0o600), id="mode"),
        pytest.param(FILE, attrs.evolve(FILE, uid=1), id="user"),
        pytest.param(FILE, attrs.evolve(FILE, gid=1), id="group"),
        pytest.param(FILE, attrs.evolve(FILE, mtime_ns=1), id="time"),
        pytest.param(FILE, Entry("a", "file", content=b"22"), id="size"),
        pytest.param(FILE, Entry("a", "file", content=b"2"), id="content"),
        pytest.param(FILE, attrs.evolve(FILE, xattrs={"u": b""}), id="attributes"),
        pytest.param(SYMLINK, attrs.evolve(SYMLINK, target="c"), id="target"),
        pytest.param(DEVICE, attrs.evolve(DEVICE, device=(1, 5)), id="device"),
    ],
)
def test_what_a_process_sees_counts(one: Entry, other: Entry) -> None:
    """One difference is enough."""
    assert facts(one) != facts(other)
