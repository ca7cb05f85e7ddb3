"""A figure is a whole picture that an image viewer takes, whatever is written in it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from faces import DRAWN, hostile_image

from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.notebook.figure import PALETTE, box, caption, colour, figure

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.hostile("names that are markup or move a cursor")
@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize(
    "image",
    [
        pytest.param(hostile_image(), id="hostile"),
        pytest.param(sample_image(), id="sample"),
        pytest.param(Image.empty(), id="empty"),
    ],
)
def test_a_figure_is_xml_with_a_title(name: str, image: Image) -> None:
    """Nothing in it is more than text, and screen readers have something to read."""
    drawn = DRAWN[name](image)

    root = ET.fromstring(drawn.svg)  # noqa: S314 - we made it

    tags = {part.tag.removeprefix(SVG) for part in root.iter()}
    assert tags <= {"svg", "title", "rect", "text", "line"}
    assert root.get("aria-label") == root[0].text == drawn.title
    assert "img" == root.get("role")
    assert not set("\x1b\u202e\udcff\uffff") & set(drawn.svg)
    assert drawn._repr_svg_() == str(drawn) == drawn.svg
    assert repr(drawn) == f"<Figure: {drawn.title}>"


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_drawn_outside_of_a_figure(name: str) -> None:
    """Every rectangle and every text is inside, as far as its width is known."""
    root = ET.fromstring(DRAWN[name](hostile_image()).svg)  # noqa: S314 - we made it
    _, _, width, height = map(float, root.get("viewBox", "").split())

    for part in root:
        if part.tag == f"{SVG}svg":
            x, y, w, h = (float(part.get(key, "")) for key in _PLACE)
            assert 0 <= x <= x + w <= width + 0.1
            assert 0 <= y <= y + h <= height + 0.1
        if part.tag == f"{SVG}text":
            assert float(part.get("y", "")) <= height
            assert float(part.get("x", "")) <= width


_PLACE = ("x", "y", "width", "height")


def test_a_label_is_cut_to_its_room() -> None:
    """A box too small for three letters has none; what it tells is always there."""
    wide = box((0, 0, 80, 20), "#fff", "a long label", "tip")
    small = box((0, 0, 20, 20), "#fff", "a long label", "tip")
    low = box((0, 0, 80, 9), "#fff", "a long label", "tip")

    assert "a long la…" not in wide
    assert re.search("<text[^>]*>a long l…</text>", wide)
    assert "<text" not in small + low
    assert 3 == (wide + small + low).count("<title>tip</title>")


def test_a_caption_without_room_is_empty() -> None:
    """But for the mark that there was something."""
    assert caption(0, 0, "abc", 0).endswith(">…</text>")

    assert "text-anchor='end'" in caption(0, 0, "abc", 50, end=True)


def test_a_wide_character_takes_two_places() -> None:
    """Or the text would leave its room."""
    assert caption(0, 0, "\u5c64" * 9, 50).endswith(f">{chr(0x5C64) * 2}…</text>")
    assert caption(0, 0, "\u5c64" * 3, 50).endswith(f">{chr(0x5C64) * 3}</text>")


def test_lines_become_one() -> None:
    """SVG text has no lines."""
    assert "a; b" in box((0, 0, 99, 20), "#fff", "", "a\nb")


def test_colours_repeat() -> None:
    """There are layers after the last colour."""
    assert colour(0) == colour(len(PALETTE))


def test_a_hostile_title_is_text() -> None:
    """In its attribute, too."""
    root = ET.fromstring(figure("'><x a='", 9, 9, ()).svg)  # noqa: S314 - we made it

    assert "'><x a='" == root.get("aria-label")
