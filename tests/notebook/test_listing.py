"""A listing has folders that open, and costs what it shows."""

from __future__ import annotations

import re

from faces import large_tree

from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge


def _lines(html: str) -> list[str]:
    rows = re.sub("<(summary|li|/strong)[^>]*>", "\n", html)
    shown = re.sub("<[^>]*>|&lrm;", "", rows)
    return [line for line in shown.split("\n") if line]


def test_a_listing_says_what_each_path_is() -> None:
    """Folders before what is in them, siblings in byte order."""
    entries = [
        Entry("bin/sh", "symlink", target="busybox"),
        Entry("etc", "directory"),
        Entry("motd", "file", content=b"hello"),
        Entry("pipe", "fifo"),
    ]

    assert [
        "6 paths from 1 layers",
        "/",
        "bin/",
        "sh → busybox",
        "etc/",
        "motd 5 B, layer 0",
        "pipe fifo",
    ] == _lines(merge([entries])._repr_html_())[:7]


def test_what_follows_a_name_stands_behind_it() -> None:
    """A browser would put the size before a name that reads from right to left."""
    entries = [
        Entry("קובץ", "file", content=b"hello"),
        Entry("קישור", "symlink", target="קובץ"),
    ]

    html = merge([entries])._repr_html_()

    assert "קובץ&lrm; <em>5 B" in html
    assert "קישור&lrm; → קובץ<" in html


def test_only_the_first_folder_is_open() -> None:
    """The others are a click away."""
    fs = merge([[Entry("a/b/c", "file")]])

    assert 3 == fs._repr_html_().count("<details")
    assert 1 == fs._repr_html_().count("<details open")


def test_a_node_shows_its_facts_and_what_is_in_it() -> None:
    """Facts that it has not are not shown."""
    entries = [
        Entry("d/f", "file", content=b"x", mode=0o640, uid=5, xattrs={"user.a": b""}),
        Entry("d/g", "hardlink", target="d/f"),
    ]
    fs = merge([entries])

    file, folder = fs["/d/f"]._repr_html_(), fs["/d"]._repr_html_()

    for told in ("0640", "5:0", "1 B (1 bytes)", "user.a", "/d/f, /d/g"):
        assert told in file
    assert "target" not in file
    assert "<summary>d/</summary>" in folder
    assert "extended attributes" not in folder


def test_a_deep_tree_is_shown_as_far_as_anyone_clicks() -> None:
    """What is deeper is counted."""
    fs = merge([[Entry("/".join("d" * 200), "file")]])

    assert 9 == fs._repr_html_().count("<details")
    assert "<li>… 1 more</li>" in fs._repr_html_()


def test_a_large_tree_is_shown_small() -> None:
    """44,000 paths are less than 300 kB, and the keys offered are bounded."""
    fs = large_tree()

    html = fs._repr_html_()

    assert len(html) < 300_000
    assert html.count("<li>") < 1_000
    assert "more</li>" in html
    assert len(fs._ipython_key_completions_()) == 5_000


def test_a_long_name_is_cut() -> None:
    """A page is as large as what one reads."""
    fs = merge([[Entry("n" * 255, "symlink", target="t" * 10**6)]])

    assert len(fs._repr_html_()) < 1_000
