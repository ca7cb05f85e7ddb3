"""The picture of the floors, drawn from the contract that checks them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from html import escape
from importlib import import_module
from pathlib import Path

from package import summary

__all__ = ["draw", "floors"]

_WIDTH = 720
_ROW = 52
_GAP = 10


def floors(pyproject: Path) -> list[list[str]]:
    """The folders and files of each floor, the highest first."""
    config = tomllib.loads(pyproject.read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["id"] == "floors")
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def draw(house: list[list[str]]) -> str:
    """The floors as SVG: in the colour of the text around it, on any background."""
    height = len(house) * _ROW
    shapes = [
        shape for row, names in enumerate(house) for shape in _floor(row * _ROW, names)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' role="img" aria-label="The floors of the package, the highest on top"'
        ' class="floors">' + "".join(shapes) + "</svg>"
    )


def _floor(top: int, names: list[str]) -> Iterator[str]:
    width = (_WIDTH - 2 - _GAP * (len(names) - 1)) / len(names)
    for column, name in enumerate(names):
        left = 1 + column * (width + _GAP)
        yield (
            f"<g><title>{escape(_meaning(name))}</title>"
            f'<rect x="{left:.1f}" y="{top + 1}" width="{width:.1f}"'
            f' height="{_ROW - _GAP - 2}" rx="4"/>'
            f'<text x="{left + width / 2:.1f}" y="{top + 26}"'
            f' text-anchor="middle">{escape(name)}</text></g>'
        )


def _meaning(name: str) -> str:
    return summary(import_module(f"ocilayers.{name}"))
