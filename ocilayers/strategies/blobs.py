"""Bytes: tars, compressed wrappings, and what damage makes of them."""

from __future__ import annotations

from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ocilayers.spec.media_types import Compression
from ocilayers.strategies._asked import asked
from ocilayers.strategies._dialects import DIALECTS, Dialect, tar_of
from ocilayers.strategies._wrappings import gzip_member, zstd_frame
from ocilayers.strategies.layers import layers
from ocilayers.tar.entry import Entry

__all__ = ["Corrupted", "Dialect", "compressed", "corrupted", "tar_bytes"]


def tar_bytes(
    layer: SearchStrategy[tuple[Entry, ...]] | None = None,
    *,
    dialect: Dialect | None = None,
    hostile: bool = False,
) -> SearchStrategy[bytes]:
    r"""Plain tars of layers.

    What a dialect has no words for is lost: all but PAX know no parts of a second and
    no extended attributes, `v7` no owners' names, pipes and devices, and `ustar` and
    `v7` no long names.

    >>> from hypothesis import find, strategies as st
    >>> motd = st.just((Entry("motd", "file", content=b"hi"),))
    >>> find(tar_bytes(motd, dialect="gnu"), lambda tar: True)[257:265]
    b'ustar  \x00'

    Args:
        layer: What is in them; any layer, when not given.
        dialect: `ustar`, `pax`, `gnu` or `v7`; any of them, when not given.
        hostile: As for `layers`, when *layer* is not given.

    Raises:
        InvalidFieldError: There is no such dialect.
    """
    return st.builds(
        tar_of,
        layers(hostile=hostile) if layer is None else layer,
        st.sampled_from(asked(dialect, DIALECTS, "dialect")),
        # GNU tar and bsdtar fill up to what a tape took at once.
        record=st.sampled_from((512, 10_240)),
    )


def compressed(
    data: SearchStrategy[bytes], *, compression: Compression | None = None
) -> SearchStrategy[bytes]:
    """*data* as layers are stored, in one gzip member or zstd frame or in two.

    Members have names, times, comments, extra fields and checksums of headers, or
    none of it; frames have a checksum and say how long they are, or do not; frames
    that are to be skipped stand between them.

    Args:
        data: The plain bytes.
        compression: `none`, `gzip` or `zstd`; any of them, when not given.

    Raises:
        InvalidFieldError: There is no such compression.
    """
    return _compressed(data, asked(compression, _COMPRESSIONS, "compression"))


_COMPRESSIONS: Final[tuple[Compression, ...]] = ("none", "gzip", "zstd")


@st.composite
def _compressed(
    draw: DrawFn, data: SearchStrategy[bytes], compressions: tuple[Compression, ...]
) -> bytes:
    plain = draw(data)
    chosen = draw(st.sampled_from(compressions))
    if chosen == "none":
        return plain
    wrapped = gzip_member if chosen == "gzip" else zstd_frame
    cut = draw(st.integers(0, len(plain)))
    pieces = [plain[:cut], plain[cut:]] if cut else [plain]
    return b"".join(draw(wrapped(piece)) for piece in pieces)


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

    >>> from hypothesis import find, strategies as st
    >>> find(corrupted(st.just(b"layer")), lambda bad: "flipped" in bad.damage)
    Corrupted(data=b'mayer', original=b'layer', damage='flipped at byte 0')
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
