"""Bytes: tars, compressed wrappings, and what damage makes of them."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers.codec.layer import LayerEncoder
from ocilayers.spec.media_types import Compression
from ocilayers.strategies.layers import layers
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry

__all__ = ["Corrupted", "compressed", "corrupted", "tar_bytes"]


def tar_bytes(
    layer: SearchStrategy[tuple[Entry, ...]] | None = None, *, hostile: bool = False
) -> SearchStrategy[bytes]:
    """Plain tars of layers.

    Args:
        layer: What is in them; any layer, when not given.
        hostile: As for `layers`, when *layer* is not given.
    """
    return (layers(hostile=hostile) if layer is None else layer).map(_tar)


def _tar(layer: tuple[Entry, ...]) -> bytes:
    encoder = TarEncoder()
    pieces = [piece for entry in layer for piece in encoder.feed(entry)]
    return b"".join([*pieces, *encoder.finish()])


def compressed(
    data: SearchStrategy[bytes], *, compression: Compression | None = None
) -> SearchStrategy[bytes]:
    """*data* as layers are stored, in one member or frame or in two.

    Args:
        data: The plain bytes.
        compression: `none`, `gzip` or `zstd`; any of them, when not given.
    """
    return _compressed(data, compression)


@st.composite
def _compressed(
    draw: DrawFn, data: SearchStrategy[bytes], compression: Compression | None
) -> bytes:
    plain = draw(data)
    names: tuple[Compression, ...] = ("none", "gzip", "zstd")
    chosen = draw(st.sampled_from(names if compression is None else (compression,)))
    cut = draw(st.integers(0, len(plain)))
    pieces = [plain[:cut], plain[cut:]] if cut else [plain]
    return b"".join(_encoded(piece, chosen) for piece in pieces)


def _encoded(plain: bytes, compression: Compression) -> bytes:
    encoder = LayerEncoder(compression)
    return b"".join([*encoder.feed(plain), *encoder.finish()])


@attrs.frozen
class Corrupted:
    """Bytes that were damaged.

    Attributes:
        data: What is left.
        original: What it was.
        damage: What was done, in words.
    """

    data: bytes
    original: bytes
    damage: str


def corrupted(data: SearchStrategy[bytes]) -> SearchStrategy[Corrupted]:
    """*data* cut off, with a bit flipped, or with a byte put in, left out or doubled.

    The result always differs from what it was; empty bytes only ever grow.
    """
    return _corrupted(data)


@st.composite
def _corrupted(draw: DrawFn, data: SearchStrategy[bytes]) -> Corrupted:
    original = draw(data)
    damages = ["truncated", "flipped", "deleted", "duplicated", "inserted"]
    damage = draw(st.sampled_from(damages if original else ["inserted"]))
    at = draw(st.integers(0, max(len(original) - 1, 0)))
    here = original[at : at + 1]
    put = {
        "truncated": b"",
        "deleted": b"",
        "duplicated": here * 2,
        "flipped": bytes(byte ^ 1 for byte in here),
        "inserted": b"\x00" + here,
    }[damage]
    tail = b"" if damage == "truncated" else original[at + 1 :]
    bad = original[:at] + put + tail
    return Corrupted(bad, original, f"{damage} at byte {at}")
