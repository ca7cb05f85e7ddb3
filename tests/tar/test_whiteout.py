"""Whiteouts: names that hide, and names that only look like it."""

from __future__ import annotations

import pytest

from ocilayers.tar.entry import Kind
from ocilayers.tar.whiteout import classify, marker_name

MARKERS = [
    (".wh.a", "a", Kind.WHITEOUT),
    ("d/.wh.a", "d/a", Kind.WHITEOUT),
    ("d/.wh..hidden", "d/.hidden", Kind.WHITEOUT),
    ("d/.wh.....", "d/....", Kind.WHITEOUT),
    ("d/.wh.wh.a", "d/wh.a", Kind.WHITEOUT),
    (".wh..wh..opq", ".", Kind.OPAQUE),
    ("d/e/.wh..wh..opq", "d/e", Kind.OPAQUE),
]


@pytest.mark.spec(
    "image-spec layer.md, Whiteouts",
    "A whiteout filename consists of the prefix .wh. plus the basename of the path to"
    " be deleted.",
)
@pytest.mark.parametrize(("name", "path", "kind"), MARKERS)
@pytest.mark.parametrize("found", [Kind.FILE, Kind.DIRECTORY, Kind.SYMLINK])
def test_a_marker_speaks_of_another_path(
    name: str, path: str, kind: Kind, found: Kind
) -> None:
    """Whatever its own type is."""
    assert (path, kind) == classify(name, found)


@pytest.mark.parametrize(("name", "path", "kind"), MARKERS)
def test_a_marker_is_named_as_it_is_read(name: str, path: str, kind: Kind) -> None:
    """The one is the inverse of the other."""
    assert name == marker_name(path, kind)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(".wh.", id="hides nothing"),
        pytest.param("d/.wh..", id="hides its directory"),
        pytest.param("d/.wh...", id="hides its parent"),
        pytest.param(".wh..wh.plnk", id="of AUFS"),
        pytest.param("d/.wh..wh..wh.aufs", id="of AUFS, in a directory"),
        pytest.param(".wh.d/a", id="a directory's name"),
        pytest.param("x.wh.y", id="inside a name"),
        pytest.param(".WH.a", id="in capitals"),
        pytest.param("wh.a", id="without the dot"),
    ],
)
def test_any_other_name_is_itself(name: str) -> None:
    """Who merges decides what to think of it."""
    assert classify(name, Kind.FIFO) == (name, Kind.FIFO)
    assert marker_name(name, Kind.FIFO) == name
