"""Areas are sizes, colours are layers, and few rectangles stand for many files."""

from __future__ import annotations

import re

import pytest
from faces import large_tree
from growth import counted

from ocilayers.image.sample import sample_image
from ocilayers.notebook.figure import colour
from ocilayers.notebook.treemap import squarify, treemap
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge


def _tips(svg: str) -> dict[str, str]:
    return dict(re.findall(r"<title>(/[^:]*): (.*?)</title>", svg))


def test_a_tile_tells_path_size_and_layers() -> None:
    """Folders tell of all that is below."""
    fs = merge([[Entry("a/b", "file", size=2048)], [Entry("a/c", "file", size=10)]])

    told = _tips(treemap(fs).svg)

    assert {
        "/a": "2.0 KiB (layer 0: 2.0 KiB, layer 1: 10 B)",
        "/a/b": "2.0 KiB (layer 0: 2.0 KiB)",
        "/a/c": "10 B (layer 1: 10 B)",
    } == told


def test_a_tile_has_the_colour_of_its_largest_layer() -> None:
    """Of two that are as large, of the lower one."""
    fs = merge([[Entry("d/a", "file", size=5)], [Entry("d/b", "file", size=5)]])

    svg = treemap(fs).svg

    assert re.search(f"<title>/d: .*?</title><rect [^>]*{colour(0)}", svg)
    assert re.search(f"<title>/d/b: .*?</title><rect [^>]*{colour(1)}", svg)


def test_an_inode_counts_once() -> None:
    """Hard links share what they take, also with a lower layer."""
    base = [Entry("a", "file", size=100), Entry("b", "hardlink", target="a")]
    fs = merge([base, [Entry("c", "hardlink", target="a")]])

    figure = treemap(fs)

    assert figure.title.startswith("What takes the room: 100 B in 4 paths")
    assert {"/a": "100 B (layer 0: 100 B)"} == _tips(figure.svg)


def test_a_link_that_outlives_its_file_takes_its_room() -> None:
    """In the layer that stores the content."""
    upper = [Entry("c", "hardlink", target="a"), Entry("a", "whiteout")]
    fs = merge([[Entry("a", "file", size=100)], upper])

    assert {"/c": "100 B (layer 0: 100 B)"} == _tips(treemap(fs).svg)


def test_what_weighs_nothing_is_not_drawn() -> None:
    """Symlinks, empty files, and folders of these."""
    nothing = [Entry("d/e", "file"), Entry("l", "symlink", target="/d/e")]

    assert {"/": "0 B ()"} == _tips(treemap(merge([nothing])).svg)
    assert {"/": "0 B ()"} == _tips(treemap(merge([])).svg)


def test_the_smallest_of_many_are_one_tile() -> None:
    """Which says how many they are."""
    fs = merge([[Entry(f"f{n}", "file", size=9) for n in range(50)]])

    assert "/: 10 more, 90 B" in treemap(fs).svg


def test_a_layer_without_a_command_is_in_the_legend() -> None:
    """And one that has it is there with it."""
    assert "layer 0: 5 B<" in treemap(merge([[Entry("a", "file", size=5)]])).svg
    assert "B COPY apple.txt /" in sample_image().figures.treemap().svg


def test_a_deep_tree_is_drawn() -> None:
    """No depth recurses."""
    fs = merge([[Entry("/".join("d" * 200), "file", size=1)]])

    assert "/d/d/d" in treemap(fs).svg


def test_a_large_tree_is_drawn_small() -> None:
    """Small folders stay closed, and a file costs few calls."""
    fs = large_tree()
    figure = treemap(fs)

    calls = counted(lambda: treemap(fs))

    assert figure.svg.count("<rect") < 400
    assert len(figure.svg) < 100_000
    assert calls < 15 * len(fs)


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param([5], id="one"),
        pytest.param([6, 6, 4, 3, 2, 2, 1], id="the article's"),
        pytest.param([1] * 50, id="equal"),
        pytest.param([10**6, 1], id="far apart"),
    ],
)
def test_squarified_rectangles_have_the_areas_of_their_sizes(sizes: list[int]) -> None:
    """And together they are the whole."""
    places = squarify(sizes, (0, 0, 60, 40))

    scale = 60 * 40 / sum(sizes)
    assert [size * scale for size in sizes] == pytest.approx(
        [width * height for _, _, width, height in places]
    )


def test_what_cannot_be_seen_has_a_place_without_size() -> None:
    """Sizes may be whatever a header says."""
    places = squarify([2**70, 1, 1], (0, 0, 60, 40))

    assert [(0, 0, 60, 40), (60, 0, 0, 0), (60, 0, 0, 0)] == places
