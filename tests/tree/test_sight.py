"""Where lower layers show, and where something covers them."""

from __future__ import annotations

import pytest

from ocilayers.tree._sight import Sight


@pytest.mark.parametrize(
    ("covers", "directory", "shows"),
    [
        pytest.param([], "", True, id="nothing covers the root"),
        pytest.param([""], "", False, id="the root is covered"),
        pytest.param([""], "a/b", False, id="and so is all in it"),
        pytest.param(["a"], "a", False, id="covered itself"),
        pytest.param(["a"], "a/b/c", False, id="covered above"),
        pytest.param(["a/b/c"], "a/b", True, id="covered below"),
        pytest.param(["a"], "ab/c", True, id="another name"),
    ],
)
def test_what_is_covered_shows_nothing_below(
    covers: list[str], directory: str, *, shows: bool
) -> None:
    """Asked for once, and again."""
    sight = Sight(covers.__contains__)

    assert [shows, shows] == [sight.inside(directory), sight.inside(directory)]


def test_along_a_way_each_directory_is_asked_once() -> None:
    """From the top down, and from the bottom up."""
    asked: list[str] = []

    def covers(path: str) -> bool:
        asked.append(path)
        return path == "a/b"

    sight = Sight(covers)

    assert [False, True, False] == [
        sight.inside(path) for path in ("a/b", "a", "a/b/c")
    ]
    assert ["", "a", "a/b"] == asked
