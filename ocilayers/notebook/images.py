"""An image, its layers and its documents as tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from ocilayers.findings import Finding
from ocilayers.image.image import Image
from ocilayers.image.layer import Layer
from ocilayers.image.verify import Report
from ocilayers.notebook.figure import colour
from ocilayers.notebook.html import Markup, Size, amount, bar, table, text
from ocilayers.wire.document import Document

__all__ = ["document_html", "findings_html", "image_html", "layer_html", "report_html"]

_ROWS: Final = 200
_PREVIEW: Final = 2000

M = TypeVar("M")


def image_html(image: Image) -> str:
    """What *image* is made of; nothing is read."""
    layers = image.layers
    most = max((layer.descriptor.size for layer in layers), default=0)
    rows = [
        (
            layer.index,
            Size(layer.descriptor.size),
            bar(layer.descriptor.size, most, colour(layer.index)),
            layer.created_by,
            layer.descriptor.digest[:19],
        )
        for layer in layers[:_ROWS]
    ]
    whole = amount(sum(layer.descriptor.size for layer in layers))
    title = f"Image {image.digest[:19]} {image.platform}: {len(layers)} layers, {whole}"
    names = ("layer", "size", "", "created by", "digest")
    return table(names, rows, title).html + _more(len(layers), "layers")


def layer_html(layer: Layer) -> str:
    """What is known of *layer* without reading it."""
    size = layer.descriptor.size
    rows = [
        ("created by", layer.created_by),
        ("size", f"{amount(size)} ({size} bytes)"),
        ("media type", layer.descriptor.media_type),
        ("digest", layer.descriptor.digest),
        ("diff_id", layer.diff_id or ""),
        ("chain_id", layer.chain_id or ""),
    ]
    return table((), rows, f"Layer {layer.index}").html


def document_html(document: Document[M]) -> str:
    """What *document* is, and how it begins."""
    kind = type(document.model).__name__
    start = " ".join(document.raw[:_PREVIEW].decode("utf-8", "replace").split())
    rows: list[tuple[str | Markup, ...]] = [
        ("media type", document.media_type),
        ("digest", document.digest),
        ("size", f"{document.size} bytes"),
        ("begins", text(start, 300)),
    ]
    shown = table((), rows, kind).html
    return shown + findings_html(document.findings)


def report_html(report: Report) -> str:
    """The verdict of *report*, and its findings."""
    verdict = "Verified" if report.verified else "Not verified"
    done = sum(layer.verified for layer in report.layers)
    head = f"{verdict}: {done} of {len(report.layers)} layers"
    return table((), (), head).html + findings_html(report.findings)


def findings_html(findings: Iterable[Finding]) -> str:
    """A table of *findings*; nothing where there are none."""
    found = list(findings)
    if not found:
        return ""
    rows: list[tuple[str | Markup, ...]] = [
        (one.severity, one.code, one.where, one.message, one.hint)
        for one in found[:_ROWS]
    ]
    names = ("severity", "code", "where", "message", "what to do")
    shown = table(names, rows, f"{len(found)} findings").html
    return shown + _more(len(found), "findings")


def _more(count: int, what: str) -> str:
    return f"<div>and {count - _ROWS} more {what}</div>" if count > _ROWS else ""
