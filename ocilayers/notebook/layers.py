"""The stack of an image's layers: sizes, and the commands that made them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ocilayers.image.layer import Layer
from ocilayers.notebook.figure import Figure, box, caption, colour, figure
from ocilayers.notebook.html import amount

__all__ = ["layer_stack"]

_WIDTH: Final = 900
_ROW: Final = 24
_BAR: Final = 220
_MOST: Final = 60


def layer_stack(layers: Sequence[Layer]) -> Figure:
    """A picture of *layers*, the base at the bottom, as long as their blobs are large.

    Args:
        layers: As `Image.layers` gives them; no blob is read.
    """
    whole = sum(layer.descriptor.size for layer in layers)
    title = f"{len(layers)} layers, {amount(whole)} stored"
    # Of very many, the largest are shown, still in their order.
    shown = sorted(layers, key=lambda layer: -layer.descriptor.size)[:_MOST]
    most = max((layer.descriptor.size for layer in shown), default=0) or 1
    parts = [caption(10, 18, title, _WIDTH - 20)]
    y = 30
    for layer in sorted(shown, key=lambda layer: -layer.index):
        parts += _row(layer, y, layer.descriptor.size / most)
        y += _ROW
    if len(shown) < len(layers):
        more = f"{len(layers) - len(shown)} smaller layers more"
        parts.append(caption(10, y + 15, more, _WIDTH - 20))
        y += _ROW
    return figure(title, _WIDTH, y + 6, parts)


def _row(layer: Layer, y: int, share: float) -> Sequence[str]:
    command = layer.created_by or "(no step says what made it)"
    size = layer.descriptor.size
    tip = f"layer {layer.index}: {size} bytes\n{command}\n{layer.descriptor.digest}"
    length = max(_BAR * share, 2)
    return (
        caption(36, y + 15, str(layer.index), 30, end=True),
        caption(120, y + 15, amount(size), 90, end=True),
        box((130, y, length, _ROW - 2), colour(layer.index), "", tip),
        caption(140 + _BAR, y + 15, command, _WIDTH - 160 - _BAR),
    )
