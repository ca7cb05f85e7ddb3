"""Bytes: read as what they are, and damaged in words."""

from __future__ import annotations

import gzip

from hypothesis import given, settings, strategies as st

from ocilayers.codec.layer import LayerDecoder
from ocilayers.strategies.blobs import Corrupted, compressed, corrupted, tar_bytes
from ocilayers.strategies.layers import layers
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry

drawn = settings(derandomize=True, max_examples=50, deadline=None, database=None)
LAYER = (Entry("a", "file", content=b"1"), Entry("b", "symlink", target="a"))


@drawn
@given(tar_bytes(st.just(LAYER)))
def test_a_tar_holds_the_layer_that_was_given(tar: bytes) -> None:
    """In every dialect."""
    events = TarDecoder(strict=True).feed(tar)

    assert [("a", "file"), ("b", "symlink")] == [
        (event.path, event.kind) for event in events if isinstance(event, Entry)
    ]


@drawn
@given(compressed(tar_bytes()))
def test_a_wrapped_tar_is_read_by_strict_readers(blob: bytes) -> None:
    """Whatever it is wrapped in."""
    decoder, tar = LayerDecoder(strict=True), TarDecoder(strict=True)
    plain = b"".join([*decoder.feed(blob), *decoder.finish()])
    tar.feed(plain)
    tar.finish()

    assert len(plain) == decoder.facts.uncompressed_size


@drawn
@given(compressed(st.binary(max_size=99), compression="gzip"))
def test_a_compression_can_be_chosen(blob: bytes) -> None:
    """And other readers take it too."""
    decoder = LayerDecoder()
    plain = b"".join([*decoder.feed(blob), *decoder.finish()])

    assert gzip.decompress(blob) == plain


@drawn
@given(corrupted(compressed(tar_bytes(layers(hostile=True)))))
def test_damage_changes_something_and_says_what(bad: Corrupted) -> None:
    """Every damage has its word."""
    assert bad.original != bad.data
    assert " at byte " in bad.damage


@drawn
@given(corrupted(st.just(b"")))
def test_what_is_empty_grows(bad: Corrupted) -> None:
    """Nothing else can happen to it."""
    assert (b"\0", "inserted at byte 0") == (bad.data, bad.damage)
