"""Whatever shows itself is safe to show, bounded, and needs no blob to be read."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from faces import SHOWN, hostile_image
from typing_extensions import override

from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.notebook.html import Markup, Size, amount, bar, clipped, table, text

#: What neither Jupyter's sanitizer nor nbconvert's takes away, and the two that only
#: the latter writes out as text.
KEPT = {"div", "em", "li", "strong", "table", "td", "tr", "ul"}
WRITTEN_OUT = {"details", "summary"}
#: The styles that JupyterLab lets untrusted pages have, and their values.
#: Source: jupyterlab, packages/apputils/src/sanitizer.ts, `CssProp`.
LENGTHS = r"((\d+px|0|auto) ?){1,4}"
STYLES = {
    "background-color": "#[0-9a-f]+",
    "height": LENGTHS,
    "list-style-type": "disc|none",
    "margin": LENGTHS,
    "max-width": LENGTHS,
    "overflow-wrap": "normal|break-word",
    "padding": LENGTHS,
    "padding-left": LENGTHS,
    "table-layout": "auto|fixed",
    "text-align": "left|right|center|justify",
    "vertical-align": "baseline|top|middle|bottom",
    "white-space": "normal|pre|nowrap|pre-wrap|pre-line",
    "width": LENGTHS,
    "word-break": "normal|keep-all|break-all",
}


class _Tags(HTMLParser):
    """Every tag and attribute of a page, and whether each is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.styles: set[tuple[str, str]] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        style = dict(attrs).get("style") or ""
        self.styles |= set(re.findall("([^:;]+):([^;]+)", style))
        self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()


@pytest.mark.hostile("names that are markup or move a cursor")
@pytest.mark.parametrize("name", SHOWN)
def test_only_tags_and_styles_that_hosts_keep_are_written(name: str) -> None:
    """No tag, control or direction of a stranger reaches the page."""
    page = SHOWN[name](hostile_image())._repr_html_()

    seen = _Tags(page)

    assert seen.tags <= KEPT | WRITTEN_OUT
    for key, value in seen.styles:
        assert re.fullmatch(STYLES[key], value)
    assert seen.attributes <= {"style", "open"}
    assert [] == seen.open
    assert not set("\x1b\u202e\udcff") & set(page)


@pytest.mark.parametrize("name", set(SHOWN) - {"layer", "file"})
def test_an_image_of_nothing_shows_itself(name: str) -> None:
    """A table without rows is a sentence."""
    page = SHOWN[name](Image.empty())._repr_html_()

    assert "<strong>" in page


def test_showing_an_image_reads_nothing() -> None:
    """A source that fails is never asked."""
    image = sample_image()
    image = Image(image.manifest, image.config, {})

    assert "COPY apple.txt" in image._repr_html_()
    assert "COPY apple.txt" in image.layers[1]._repr_html_()
    assert "ImageConfig" in image.config._repr_html_()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (2**20 - 1, "1.0 MiB"),
        (2**50, "1.0 PiB"),
        (2**63 - 1, "8.0 EiB"),
        (2**80, "1048576.0 EiB"),
        (-1, "-1 B"),
        (-(2**20), "-1.0 MiB"),
    ],
)
def test_an_amount_has_the_largest_unit_that_fits(size: int, expected: str) -> None:
    """No unit is written 1024 times, and a wrong size is not hidden."""
    assert expected == amount(size)


def test_text_is_clipped_after_it_is_made_safe() -> None:
    """An escape counts as long as it is shown."""
    assert "\\x1b\\x…" == clipped("\x1b" * 9, 7)
    assert 100 == len(text("x" * 10**6).html)


def test_a_bar_of_nothing_is_empty() -> None:
    """Also where everything is nothing."""
    assert "width:0px" in bar(0, 0, "#000").html
    assert "width:60px" in bar(1, 2, "#000").html


def test_numbers_stand_right_and_text_left() -> None:
    """Sizes are numbers; markup is taken as it is."""
    cells = table((), [("a<b", 1, Size(2048), Markup("<em>c</em>"))], "t").html

    found = re.findall(r'<td style="[^"]*text-align:(\w+);[^"]*">(.*?)</td>', cells)

    assert [
        ("left", "a&lt;b"),
        ("right", "1"),
        ("right", "2.0 KiB"),
        ("left", "<em>c</em>"),
    ] == found


def test_a_long_word_may_be_broken_anywhere() -> None:
    """Others are not: a table is read by its words."""
    cells = table((), [("x" * 41, "two words " * 9)], "t").html

    assert 1 == cells.count("word-break:break-all")
