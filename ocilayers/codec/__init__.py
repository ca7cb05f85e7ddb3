"""A layer's stored bytes, and its plain bytes.

Everything is pushed: `feed` takes bytes of any length, `finish` says that no more
will come. See `ocilayers.codec.layer` for whole layers.
"""

from __future__ import annotations

from ocilayers.codec.decoder import new_decoder, resume
from ocilayers.codec.gzip import GzipDecoder, GzipEncoder
from ocilayers.codec.identity import IdentityDecoder, IdentityEncoder
from ocilayers.codec.layer import LayerDecoder, LayerEncoder, LayerFacts
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint, Decoder, Encoder
from ocilayers.codec.recipe import Recipe, how_compressed
from ocilayers.codec.recompress import Recompression, recompress
from ocilayers.codec.sniff import sniff
from ocilayers.codec.zstd import ZstdDecoder, ZstdEncoder

__all__ = [
    "STEP_BYTES",
    "Checkpoint",
    "Decoder",
    "Encoder",
    "GzipDecoder",
    "GzipEncoder",
    "IdentityDecoder",
    "IdentityEncoder",
    "LayerDecoder",
    "LayerEncoder",
    "LayerFacts",
    "Recipe",
    "Recompression",
    "ZstdDecoder",
    "ZstdEncoder",
    "how_compressed",
    "new_decoder",
    "recompress",
    "resume",
    "sniff",
]
