"""`Figure`: a picture as SVG that any host can show, with nothing to install.

Law: a figure brings its own ground. As an image it sees no theme of the page around
it, so text that follows the theme would vanish on a dark one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from html import escape
from itertools import accumulate
from typing import Final
from unicodedata import east_asian_width

import attrs

from ocilayers._text import safe_text
from ocilayers._types import override

__all__ = ["PALETTE", "Figure", "box", "caption", "colour", "figure"]

#: Fills that dark text can be read on. They repeat after the last.
PALETTE: Final = (
    "#8ecae6",
    "#ffc94d",
    "#b5e48c",
    "#f4a3a3",
    "#cdb4db",
    "#e8c39e",
    "#7fdbca",
    "#d4d48a",
    "#a9bcd0",
    "#f2a6d8",
)
_GROUND: Final = "#fafafa"
_INK: Final = "#1b1b1b"
_FONT: Final = "font-family='ui-monospace,DejaVu Sans Mono,monospace' font-size='12'"
#: How wide a character is, in pixels; some of the East are two of these.
_WIDE: Final = 7.3
#: No character of XML 1.0, written or escaped.
_NOT_XML: Final = re.compile("[\\ufffe\\uffff]")


@attrs.frozen(repr=False)
class Figure:
    """A picture of an image; notebooks show it, and `svg` can be kept as a file.

    Attributes:
        title: What it shows, in one sentence.
        svg: The picture, a whole document.
    """

    title: str
    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    @override
    def __str__(self) -> str:
        return self.svg

    @override
    def __repr__(self) -> str:
        return f"<Figure: {safe_text(self.title)}>"


def figure(title: str, width: int, height: int, parts: Iterable[str]) -> Figure:
    """Put *parts* on a ground of *width* by *height* pixels."""
    name = _xml(title)
    return Figure(
        title,
        f"<svg xmlns='http://www.w3.org/2000/svg' role='img' aria-label='{name}' "
        f"viewBox='0 0 {width} {height}' width='{width}' height='{height}' {_FONT} "
        f"fill='{_INK}'><title>{name}</title>"
        f"<rect width='{width}' height='{height}' rx='6' fill='{_GROUND}'/>"
        f"{''.join(parts)}</svg>",
    )


def box(
    place: tuple[float, float, float, float], fill: str, label: str, tip: str
) -> str:
    """A rectangle with as much of *label* as fits, and all of *tip* when pointed at.

    Args:
        place: Left, top, width and height, in pixels.
        fill: Its colour.
        label: Text in it.
        tip: What it tells when pointed at.
    """
    x, y, width, height = (round(number, 1) for number in place)
    # An inner picture clips what it holds, and needs no name that another could have.
    return (
        f"<svg x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}'>"
        f"<title>{_xml(tip)}</title><rect width='{width:g}' height='{height:g}' "
        f"fill='{fill}' stroke='{_GROUND}'/>{_label(label, width, height)}</svg>"
    )


def _label(label: str, width: float, height: float) -> str:
    room = int((width - 8) / _WIDE)
    if not label or room < _SHORTEST or height < _LINE:
        return ""
    return f"<text x='4' y='{min(height / 2 + 4, 14):g}'>{_xml(label, room)}</text>"


_SHORTEST: Final = 3
_LINE: Final = 15


def caption(x: float, y: float, label: str, width: float, *, end: bool = False) -> str:
    """Text that begins, or ends, at a place, cut to *width* pixels."""
    anchor = " text-anchor='end'" if end else ""
    shown = _xml(label, int(width / _WIDE))
    return f"<text x='{x:g}' y='{y:g}'{anchor}>{shown}</text>"


def colour(layer: int) -> str:
    """The fill of everything that comes from *layer*."""
    return PALETTE[layer % len(PALETTE)]


_TIP: Final = 300


def _xml(label: str, longest: int = _TIP) -> str:
    shown = _NOT_XML.sub(
        "\N{REPLACEMENT CHARACTER}", safe_text(label[: longest + 1].replace("\n", "; "))
    )
    widths = list(accumulate(2 if east_asian_width(c) in "WF" else 1 for c in shown))
    if widths and widths[-1] > longest:
        shown = f"{shown[: bisect_right(widths, longest - 1)]}…"
    return escape(shown)
