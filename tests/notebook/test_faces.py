"""Whatever shows itself is safe to show, bounded, and needs no blob to be read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.notebook.changes import differences
from ocilayers.notebook.figure import Figure
from ocilayers.notebook.history import timeline
from ocilayers.notebook.layers import layer_stack
from ocilayers.notebook.treemap import squarify, treemap
from ocilayers.tar.entry import Entry
from ocilayers.tree.diff import diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m\udcff\uffff&'\""
NAME = HOSTILE.replace("/", "|")


def hostile_image() -> Image:
    """An image whose names and commands want to be more than text."""
    entries = [
        Entry(NAME, "file", content=b"x" * 900),
        Entry("link", "symlink", target=HOSTILE),
        Entry("pipe", "fifo"),
    ]
    return sample_image().append(entries, created_by=HOSTILE.replace("\udcff", ""))


def large() -> Filesystem:
    """A tree of 44,000 files in folders of folders."""
    names = (f"usr/d{n % 40}/e{n % 700}/f{n}" for n in range(44_000))
    return merge([[Entry(name, "file", size=1) for name in names]])


SHOWN: list[tuple[str, Callable[[Image], object]]] = [
    ("image", lambda image: image),
    ("layer", lambda image: image.layers[-1]),
    ("manifest", lambda image: image.manifest),
    ("config", lambda image: image.config),
    ("filesystem", lambda image: image.filesystem()),
    ("file", lambda image: image.filesystem()[NAME]),
    ("folder", lambda image: image.filesystem()["/"]),
    ("diff", lambda image: diff(sample_image().filesystem(), image.filesystem())),
    ("report", lambda image: image.verify()),
    ("waste", lambda image: image.waste()),
]
DRAWN: list[tuple[str, Callable[[Image], Figure]]] = [
    ("layers", lambda image: image.figures.layers()),
    ("history", lambda image: image.figures.history()),
    ("treemap", lambda image: image.figures.treemap()),
    ("waste", lambda image: image.figures.waste()),
    ("diff", sample_image().figures.diff),
]


@pytest.mark.parametrize(
    "value", [pytest.param(value, id=name) for name, value in SHOWN]
)
@pytest.mark.parametrize("image", [hostile_image(), Image.empty(), sample_image()])
def test_html_lets_no_name_out_raw(
    value: Callable[[Image], object], image: Image
) -> None:
    """No tag, control or direction of a stranger reaches the page."""
    try:
        shown = value(image)
    except LookupError:
        return

    html = shown._repr_html_()  # type: ignore[attr-defined] # each of them has one

    assert "<script" not in html
    assert not set("\x1b\u202e\udcff") & set(html)
    assert "<style" not in html


@pytest.mark.parametrize("draw", [pytest.param(draw, id=name) for name, draw in DRAWN])
@pytest.mark.parametrize("image", [hostile_image(), Image.empty(), sample_image()])
def test_a_figure_is_xml_with_a_title(
    draw: Callable[[Image], Figure], image: Image
) -> None:
    """Whatever the names are, an image viewer takes it."""
    if not image.layers and draw is DRAWN[-1][1]:
        image = sample_image()
    figure = draw(image)

    root = ET.fromstring(figure.svg)  # noqa: S314 - we made it

    assert root.get("aria-label") == root[0].text == figure.title
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    assert figure._repr_svg_() == str(figure) == figure.svg
    assert repr(figure) == f"<Figure: {figure.title}>"


def test_a_large_tree_is_shown_small() -> None:
    """44,000 paths are less than 300 kB, and the keys offered are bounded."""
    fs = large()

    html = fs._repr_html_()

    assert len(html) < 300_000
    assert "more</div>" in html
    assert len(fs._ipython_key_completions_()) == 5_000


def test_a_treemap_of_a_large_tree_is_bounded() -> None:
    """Small directories stay closed."""
    figure = treemap(large())

    assert figure.svg.count("<rect") < 400


def test_showing_an_image_reads_nothing() -> None:
    """A source that fails is never asked."""
    image = sample_image()
    image = Image(image.manifest, image.config, {})

    assert "COPY apple.txt" in image._repr_html_()
    assert "COPY apple.txt" in image.figures.layers().svg
    assert "no layer" in image.figures.history().svg


@pytest.mark.parametrize("sizes", [[5], [6, 6, 4, 3, 2, 2, 1], [1] * 50])
def test_squarified_rectangles_have_the_areas_of_their_sizes(sizes: list[int]) -> None:
    """And together they are the whole."""
    places = squarify(sizes, (0, 0, 60, 40))

    scale = 60 * 40 / sum(sizes)
    assert [size * scale for size in sizes] == pytest.approx(
        [width * height for _, _, width, height in places]
    )


def test_what_is_left_out_is_counted() -> None:
    """A picture of very many shows the largest, and says how many it does not."""
    names = [f"f{n}" for n in range(50)]
    fs = merge([[Entry(name, "file", size=9) for name in names]])
    layers, steps = sample_image().layers * 20, sample_image().history * 25

    assert "10 smaller changes more" in differences(diff(merge([]), fs)).svg
    assert "20 smaller layers more" in layer_stack(layers).svg
    assert "25 steps more" in timeline(steps).svg
    assert "10 more" in treemap(fs).svg
