"""What an image stores for nothing, as a picture and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from ocilayers.image.waste import CAUSES, LayerUse, WasteReport
from ocilayers.notebook.figure import PALETTE, Figure, box, caption, figure
from ocilayers.notebook.html import Size, amount, table

__all__ = ["waste_html", "wasted"]

_WIDTH: Final = 900
_ROW: Final = 24
_BAR: Final = 400
_MOST: Final = 60
_SHOWN: Final = 50
_SEEN: Final = "#c9c9c9"


def wasted(report: WasteReport) -> Figure:
    """A picture of *report*: bytes by cause, then what becomes of each layer."""
    title = (
        f"{amount(report.wasted)} of {amount(report.content)} are stored for nothing"
    )
    parts = [caption(10, 18, title, _WIDTH - 20)]
    y = 30
    most = max(report.by_cause.values()) or 1
    for fill, (cause, size) in zip(PALETTE, report.by_cause.items(), strict=False):
        parts += (
            caption(110, y + 15, cause, 100, end=True),
            caption(200, y + 15, amount(size), 90, end=True),
            box(
                (210, y, max(_BAR * size / most, 1), _ROW - 4),
                fill,
                "",
                f"{size} bytes",
            ),
        )
        y += _ROW
    y += 10
    layers = sorted(report.layers, key=lambda layer: -layer.content)[:_MOST]
    lost = Counter[tuple[int, str]]()
    for item in report.items:
        lost[item.layer, item.cause] += item.size
    for layer in sorted(layers, key=lambda layer: layer.layer):
        parts += _layer(layer, lost, y, layers[0].content or 1)
        y += _ROW
    return figure(title, _WIDTH, y + 6, parts)


def _layer(
    layer: LayerUse, lost: Mapping[tuple[int, str], int], y: int, most: int
) -> Iterator[str]:
    yield caption(110, y + 15, f"layer {layer.layer}", 100, end=True)
    yield caption(200, y + 15, amount(layer.content), 90, end=True)
    sizes = [layer.seen, *(lost[layer.layer, cause] for cause in CAUSES)]
    x = 210.0
    names = ("seen", *CAUSES)
    for name, fill, size in zip(names, (_SEEN, *PALETTE), sizes, strict=False):
        if size:
            width = _BAR * size / most
            yield box((x, y, width, _ROW - 4), fill, name, f"{name}: {size} bytes")
            x += width
    yield caption(230 + _BAR, y + 15, layer.created_by, _WIDTH - 240 - _BAR)


def waste_html(report: WasteReport) -> str:
    """The largest items of *report*, and why each is waste."""
    causes = ", ".join(
        f"{cause} {amount(size)}" for cause, size in report.by_cause.items() if size
    )
    head = f"{amount(report.wasted)} of {amount(report.content)} are waste"
    rows = [
        (item.cause, Size(item.size), item.layer, item.path, item.created_by)
        for item in report.items[:_SHOWN]
    ]
    more = len(report.items) - len(rows)
    rest = f"<div>and {more} more</div>" if more else ""
    names = ("cause", "size", "layer", "path", "created by")
    title = f"{head}: {causes}" if causes else head
    return table(names if rows else (), rows, title).html + rest
