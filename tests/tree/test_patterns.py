"""Patterns, with the meaning that `pathlib` gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge

PATHS = ["a.so", "lib/a.so", "lib/b", "lib/x/b.so", "lib/x/[c]", "lib/x/.d", "bin/sh"]
LIB = ["/lib/a.so", "/lib/b", "/lib/x", "/lib/x/.d", "/lib/x/[c]", "/lib/x/b.so"]
TREE = merge([[Entry(path, "file") for path in PATHS]])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same paths on a disk."""
    root = tmp_path_factory.mktemp("tree")
    for path in PATHS:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "*.so",
        "**/*.so",
        "lib/*",
        "lib/**/*.so",
        "lib/x/b.??",
        "lib/[ab]*",
        "lib/[!a]*",
        "*/x/*",
        "**/x/*",
        "lib/x/[[]c]",
        "none/*",
        "lib/b/*",
        "**/.*",
        "*n/s*",
        "[a-c]*",
        "[c-a]*",
        "[!c-a]*",
        "[a-c-l]*",
        "[a--b]*",
        "[!]*",
        "lib/x/[]x[]c]",
        "lib/x/[!]x]c]",
        "lib/x/[&|~^[]c[]]",
    ],
)
def test_a_pattern_finds_what_pathlib_finds(pattern: str, folder: Path) -> None:
    """On the same paths."""
    wanted = {f"/{path.relative_to(folder)}" for path in folder.glob(pattern)}

    assert wanted == {node.path for node in TREE.glob(pattern)}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        pytest.param(
            "lib/x/", ["/lib/x"], id="a slash at the end asks for directories"
        ),
        pytest.param("lib/b/", [], id="and finds no file"),
        pytest.param("***", ["/a.so", "/bin", "/lib"], id="three stars are one"),
        pytest.param("/bin/./*", ["/bin/sh"], id="slashes and dots mean nothing"),
        pytest.param("bin/**", ["/bin", "/bin/sh"], id="all below, itself included"),
        pytest.param("lib/b/**", [], id="nothing is below a file"),
        pytest.param("lib/**/**", ["/lib", *LIB], id="said twice, it is the same"),
        pytest.param("", ["/"], id="nothing is the root"),
        pytest.param("**/", ["/", "/bin", "/lib", "/lib/x"], id="all directories"),
        pytest.param("*[!-~]*", ["/a.so", "/bin", "/lib"], id="no set has a slash"),
        pytest.param("lib[!a]b", [], id="nor anything that is in no set"),
        pytest.param("**", ["/", *[path for path in TREE if path != "/"]], id="all"),
    ],
)
def test_patterns_are_relative_to_the_root(pattern: str, found: list[str]) -> None:
    """And never match a slash by accident."""
    assert found == [node.path for node in TREE.glob(pattern)]


def test_what_is_found_is_a_node_of_its_tree() -> None:
    """And a newline is a character like any other."""
    tree = merge([[Entry("d/a\nb", "file", content=b"1"), Entry("e/f/g", "file")]])

    assert [b"1"] == [node.read_bytes() for node in tree.glob("d/a*b")]
    assert ["/d/a\nb"] == [node.path for node in tree.glob("d/a?b")]
    assert ["/d/a\nb"] == [node.path for node in tree.glob("d/a[!b]b")]
    assert ["/d", "/d/a\nb"] == [node.path for node in tree.glob("d/**")]
    assert ["/e/f/g"] == [node.path for node in tree.glob("e/**/g")]
    assert [] == [node.path for node in tree.glob("f/**/g")]
    assert ["/e/f/g"] == [node.path for node in tree.glob("**/[f-f]/**/g")]
    assert ["/d/a\nb"] == [node.path for node in tree.glob("d/[ab]*")]
