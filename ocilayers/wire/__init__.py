"""JSON bytes to documents and back; what was received is never written anew."""

from __future__ import annotations

from ocilayers.wire.convert import Conversion, convert
from ocilayers.wire.converter import make_converter
from ocilayers.wire.document import Document
from ocilayers.wire.parse import (
    parse,
    parse_config,
    parse_index,
    parse_layout,
    parse_manifest,
    parse_repositories,
    parse_saved_manifest,
)
from ocilayers.wire.render import render

__all__ = [
    "Conversion",
    "Document",
    "convert",
    "make_converter",
    "parse",
    "parse_config",
    "parse_index",
    "parse_layout",
    "parse_manifest",
    "parse_repositories",
    "parse_saved_manifest",
    "render",
]
