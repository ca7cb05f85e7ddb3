"""One layer: its compression and its tar read and written together."""

from __future__ import annotations

from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.layer.index import LayerIndex, index_layer, read_layer
from ocilayers.layer.reader import LayerReader, open_layer
from ocilayers.layer.stored import PlainStream, StoredLayer
from ocilayers.layer.toc import Chunk, TableOfContents, read_toc

__all__ = [
    "BuiltLayer",
    "Chunk",
    "LayerBuilder",
    "LayerIndex",
    "LayerReader",
    "PlainStream",
    "StoredLayer",
    "TableOfContents",
    "index_layer",
    "open_layer",
    "read_layer",
    "read_toc",
]
