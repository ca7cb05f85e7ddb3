"""Names of members as paths."""

from __future__ import annotations

import pytest

from ocilayers.errors import MergeError, PathEscapeError, TarError
from ocilayers.tar._path import clean_path, is_dotted


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("a", "a", id="clean"),
        pytest.param("/a", "a", id="absolute"),
        pytest.param("./a/", "a", id="dot and slash"),
        pytest.param("a//b/./c", "a/b/c", id="empty parts and dots"),
        pytest.param("a/../b", "b", id="inner parent"),
        pytest.param("a/..", ".", id="back to the root"),
        pytest.param("", ".", id="empty"),
        pytest.param(".", ".", id="dot"),
        pytest.param("/", ".", id="slash"),
        pytest.param(" a\n", " a\n", id="blanks stay"),
        pytest.param("a\\b", "a\\b", id="backslash stays"),
        pytest.param("A\u0308/a\udcff", "A\u0308/a\udcff", id="letters stay"),
        pytest.param("...", "...", id="three dots"),
        pytest.param("..a/b..", "..a/b..", id="dots in names"),
    ],
)
def test_a_name_is_cleaned_as_text(name: str, expected: str) -> None:
    """Nothing but slashes, `.` and `..` is touched."""
    assert expected == clean_path(name)


@pytest.mark.parametrize(
    "name", ["..", "../a", "/..", "a/../..", "./../a", "a/../../b"]
)
def test_a_name_that_climbs_out_is_refused(name: str) -> None:
    """The error is one of tar and one of merging."""
    with pytest.raises(PathEscapeError, match="climbs out") as caught:
        clean_path(name)

    assert isinstance(caught.value, TarError)
    assert isinstance(caught.value, MergeError)
    assert caught.value.where == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a/../b", True), ("..", True), ("a..b", False), ("a/..b/c", False), ("a", False)],
)
def test_a_dotted_name_has_a_parent_among_its_parts(
    name: str, *, expected: bool
) -> None:
    """Dots inside of names are letters."""
    assert is_dotted(name) == expected
