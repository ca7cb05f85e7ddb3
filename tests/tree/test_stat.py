"""What stat(2) says."""

from __future__ import annotations

import stat

from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge


def test_facts_have_the_names_of_stat() -> None:
    """The mode has the file type in it."""
    tree = merge(
        [
            [
                Entry(
                    "f", "file", 0o4755, 1, 2, mtime_ns=1_500_000_000, content=b"123"
                ),
                Entry("g", "hardlink", target="f"),
                Entry("null", "char", 0o666, device=(1, 3)),
                Entry("l", "symlink", target="f"),
            ]
        ]
    )
    file, link, device = tree.stat("/l"), tree.lstat("/l"), tree.stat("/null")

    assert "-rwsr-xr-x" == stat.filemode(file.st_mode)
    assert (2, 1, 2, 3, 1.5) == (
        file.st_nlink,
        file.st_uid,
        file.st_gid,
        file.st_size,
        file.st_mtime,
    )
    assert "lrwxrwxrwx" == stat.filemode(link.st_mode)
    assert 1 == link.st_size
    assert ("crw-rw-rw-", (1, 3)) == (stat.filemode(device.st_mode), device.st_rdev)


def test_the_size_of_a_symlink_is_that_of_its_target() -> None:
    """In bytes, whatever they are; only devices have numbers."""
    tree = merge([[Entry("l", "symlink", target="é\udcff"), Entry("p", "fifo")]])

    assert (3, (0, 0)) == (tree.lstat("/l").st_size, tree.lstat("/l").st_rdev)
    assert 0 == tree.stat("/p").st_size
