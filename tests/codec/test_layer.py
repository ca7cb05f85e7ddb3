"""The facts of a layer: a value like any other."""

from __future__ import annotations

import pickle

import pytest
from codec_streams import BLOBS, PLAIN, pushed

from ocilayers.codec.layer import LayerDecoder, LayerEncoder, LayerFacts
from ocilayers.errors import CodecError
from ocilayers.spec.digest import Digest


def test_facts_are_values() -> None:
    """Comparable, hashable, picklable."""
    decoder = LayerDecoder()
    pushed(decoder, BLOBS["gzip"])
    facts = decoder.facts

    assert facts == decoder.facts
    assert hash(facts) == hash(decoder.facts)
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301 - our own bytes
    assert facts == LayerFacts(
        digest=Digest.of(BLOBS["gzip"]),
        size=len(BLOBS["gzip"]),
        diff_id=Digest.of(PLAIN),
        uncompressed_size=len(PLAIN),
        compression="gzip",
    )


@pytest.mark.parametrize("stream", [LayerDecoder, LayerEncoder])
def test_facts_come_after_the_end(
    stream: type[LayerDecoder | LayerEncoder],
) -> None:
    """Who leaves early has verified nothing."""
    with pytest.raises(CodecError, match=r"before finish\(\)"):
        _ = stream().facts


def test_a_layer_can_be_fed_what_is_no_bytes() -> None:
    """Any buffer is bytes; its owner may write over it at once."""
    decoder = LayerDecoder()
    buffer = bytearray(BLOBS["zstd"])
    given = decoder.feed(memoryview(buffer))
    buffer[:] = bytes(len(buffer))

    assert b"".join(given) == PLAIN
    assert decoder.finish() == []
