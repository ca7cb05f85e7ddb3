"""The steps of a build on a line, those without a layer included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ocilayers.image.image import HistoryStep
from ocilayers.notebook.figure import Figure, box, caption, colour, figure
from ocilayers.notebook.html import amount
from ocilayers.spec.created_by import read_created_by

__all__ = ["timeline"]

_WIDTH: Final = 900
_ROW: Final = 24
_MOST: Final = 100
_EMPTY: Final = "#e4e4e4"


def timeline(steps: Sequence[HistoryStep]) -> Figure:
    """A picture of *steps*, the first on top; those that made no layer are grey.

    Args:
        steps: As `Image.history` gives them.
    """
    made = sum(step.layer is not None for step in steps)
    title = f"{len(steps)} steps, {made} of them made a layer"
    parts = [caption(10, 18, title, _WIDTH - 20)]
    shown = steps[:_MOST]
    if len(shown) > 1:
        last = 41 + (len(shown) - 1) * _ROW
        parts.append(f"<line x1='57' y1='41' x2='57' y2='{last}' stroke='#999999'/>")
    for n, step in enumerate(shown):
        parts += _row(step, 30 + n * _ROW)
    height = 30 + len(shown) * _ROW
    if len(shown) < len(steps):
        more = f"{len(steps) - len(shown)} steps more"
        parts.append(caption(10, height + 15, more, _WIDTH - 20))
        height += _ROW
    return figure(title, _WIDTH, height + 6, parts)


def _row(step: HistoryStep, y: int) -> Iterator[str]:
    layer, history = step.layer, step.history
    command = str(read_created_by(history.created_by)) or history.comment
    what = "no layer" if layer is None else f"layer {layer.index}"
    size = "" if layer is None else amount(layer.descriptor.size)
    tip = f"{what} {size}\n{command}\n{history.created}"
    yield box(
        (20, y, 74, _ROW - 4),
        _EMPTY if layer is None else colour(layer.index),
        what,
        tip,
    )
    yield caption(180, y + 15, size, 80, end=True)
    yield caption(195, y + 15, str(history.created)[:10], 80)
    yield caption(280, y + 15, command, _WIDTH - 290)
