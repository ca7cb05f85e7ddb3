"""Documents, blobs and layers joined."""

from __future__ import annotations

from ocilayers.image.blobs import BlobSource
from ocilayers.image.image import HistoryStep, Image
from ocilayers.image.layer import Layer
from ocilayers.image.verify import LayerReport, Report

__all__ = ["BlobSource", "HistoryStep", "Image", "Layer", "LayerReport", "Report"]
