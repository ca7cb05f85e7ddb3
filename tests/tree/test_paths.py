"""Paths inside a layer."""

from __future__ import annotations

import pytest

from ocilayers.tree._paths import (
    Cleaned,
    ancestors,
    byte_order,
    clean,
    join,
    parent,
    tree_order,
)


@pytest.mark.hostile("names with .. and absolute names")
@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        pytest.param("a/b", Cleaned("a/b"), id="clean already"),
        pytest.param("/a//./b/", Cleaned("a/b"), id="needless slashes and dots"),
        pytest.param("", Cleaned(""), id="nothing is the root"),
        pytest.param(".", Cleaned(""), id="so is a dot"),
        pytest.param("/", Cleaned(""), id="and a slash"),
        pytest.param("a/../b", Cleaned("b", dotted=True), id="up again"),
        pytest.param("a/..", Cleaned("", dotted=True), id="up to the root"),
        pytest.param("../a", Cleaned("a", dotted=True, escapes=True), id="out"),
        pytest.param(
            "a/../../b", Cleaned("b", dotted=True, escapes=True), id="out later"
        ),
        pytest.param("..a/...", Cleaned("..a/..."), id="names that begin with dots"),
        pytest.param("\udcff/a\nb", Cleaned("\udcff/a\nb"), id="any bytes"),
    ],
)
def test_no_name_leaves_the_root(name: str, cleaned: Cleaned) -> None:
    """And each path has one spelling."""
    assert cleaned == clean(name)
    assert Cleaned(cleaned.path) == clean(cleaned.path)


@pytest.mark.parametrize(
    ("path", "above"),
    [("a/b/c", ["a/b", "a", ""]), ("a", [""]), ("", [])],
    ids=["deep", "in the root", "the root"],
)
def test_ancestors_come_nearest_first(path: str, above: list[str]) -> None:
    """The root is the last one, and has none."""
    assert above == [*ancestors(path)]
    assert (above or [""])[0] == parent(path)


def test_a_name_in_the_root_has_no_slash() -> None:
    """As paths are relative."""
    assert ("a", "d/a") == (join("", "a"), join("d", "a"))


@pytest.mark.parametrize(
    "ordered",
    [
        ["A", "a", "a-", "a0"],
        ["a", "é", "\uffff", "\U00010000", "\udcff"],
        [],
    ],
    ids=["ascii", "bytes that are no text", "nothing"],
)
def test_siblings_are_in_the_order_of_their_bytes(ordered: list[str]) -> None:
    """Not in that of their code points."""
    assert ordered == byte_order(reversed(ordered))
    assert ordered == tree_order(reversed(ordered))


def test_what_is_in_a_directory_follows_it() -> None:
    """Before siblings whose names merely begin like it."""
    ordered = ["", "a", "a/b", "a/b/c", "a-", "a-/x", "a0"]

    assert ordered == tree_order(reversed(ordered))
