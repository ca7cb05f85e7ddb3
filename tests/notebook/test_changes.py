"""What differs, with the largest changes first in the picture."""

from __future__ import annotations

import re

from ocilayers.notebook.changes import COLOURS, differences
from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge


def _tree(**sizes: int) -> Filesystem:
    files = [Entry(name, "file", content=b"x" * n) for name, n in sizes.items()]
    return merge([files])


CHANGES = diff(_tree(gone=5, shrunk=2048), _tree(shrunk=1, added=7))


def test_changes_are_drawn_by_what_they_move() -> None:
    """A file that shrank moved what it had."""
    svg = differences(CHANGES).svg

    order = [svg.index(f">{path}<") for path in ("/shrunk", "/added", "/gone")]
    assert sorted(order) == order
    assert "1 added, 1 removed, 1 changed" in svg
    for colour in COLOURS.values():
        assert colour in svg


def test_changes_are_listed_with_both_sizes() -> None:
    """What is not on one side has none there."""
    rows = CHANGES._repr_html_().split("<tr>")[2:]

    cells = [re.findall(">([^<]*)</td>", row) for row in rows]
    assert [
        ["added", "/added", "", "", "7 B"],
        ["removed", "/gone", "", "5 B", ""],
        ["changed", "/shrunk", "content", "2.0 KiB", "1 B"],
    ] == cells


def test_nothing_differs_in_one_sentence() -> None:
    """And there is no table."""
    same = diff(CHANGES.lower, CHANGES.lower)

    assert "nothing differs" == differences(same).title
    assert "<td" not in same._repr_html_()


def test_what_is_left_out_is_counted() -> None:
    """In both, in their own measure."""
    fs = merge([[Entry(f"f{n}", "file", size=9) for n in range(250)]])
    changes = diff(merge([]), fs)

    assert "210 smaller changes more" in differences(changes).svg
    assert "and 50 more" in changes._repr_html_()
