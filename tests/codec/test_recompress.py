"""A layer compressed anew keeps its diff_id."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest
from codec_streams import Busy
from splits import in_every_split

from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.recompress import recompress
from ocilayers.errors import CodecError, DigestMismatchError
from ocilayers.limits import MIB
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import Compression

PLAIN = bytes(range(256)) * 700
STORED = gzip.compress(PLAIN, mtime=0)


@pytest.mark.parametrize("to", ["none", "gzip", "zstd"])
def test_the_diff_id_stays(to: Compression) -> None:
    """What comes out decodes to what came in, however it was cut."""
    for chunks in in_every_split(STORED):
        new = recompress(chunks, to, diff_id=Digest.of(PLAIN))
        stored = b"".join(new)
        decoder = LayerDecoder()

        decoded = b"".join([*decoder.feed(stored), *decoder.finish()])

        assert PLAIN == decoded
        assert Digest.of(stored) == new.facts.digest
        assert decoder.facts == new.facts


@pytest.mark.parametrize("size", range(12))
def test_a_few_bytes_are_kept(size: int) -> None:
    """Too few to tell what they are before they have ended."""
    plain = b"hello world"[:size]
    new = recompress([plain], "none", diff_id=Digest.of(plain))

    assert plain == b"".join(new)
    assert Digest.of(plain) == new.facts.diff_id


def test_another_diff_id_than_promised_is_refused() -> None:
    """What comes out before the end is not verified, and the end says so."""
    new = recompress([STORED], "zstd", diff_id=Digest.of(b"something else"))
    with pytest.raises(DigestMismatchError) as raised:
        list(new)

    assert "diff_id" == raised.value.where


def test_an_executor_makes_the_same_bytes() -> None:
    """Workers change nothing."""
    alone = b"".join(recompress([STORED], "gzip"))
    with ThreadPoolExecutor(2) as executor:
        together = b"".join(recompress([STORED], "gzip", executor=executor))

    assert alone == together


def test_a_worker_checks_what_comes_in() -> None:
    """Also where there is nothing to compress."""
    busy = Busy()
    plain = b"".join(recompress([gzip.compress(bytes(MIB))], "none", executor=busy))

    assert bytes(MIB) == plain
    assert busy.futures != []


def test_a_layer_that_was_not_promised_is_refused() -> None:
    """What comes in is verified, at its end at the latest."""
    other = Descriptor.of(STORED[:-1] + b"\1", "application/x")
    with pytest.raises(DigestMismatchError):
        b"".join(recompress([STORED], descriptor=other))


def test_nothing_is_known_before_the_end() -> None:
    """Facts are of the whole layer."""
    new = recompress([STORED], "zstd")
    with pytest.raises(CodecError):
        _ = new.facts
