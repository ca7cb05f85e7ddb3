"""The doors of a layer: its facts, its tap, its checkpoints, and leaving early."""

from __future__ import annotations

import gzip
import pickle
import threading
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from codec_streams import BLOBS, PLAIN, pushed

from ocilayers.codec.layer import LayerDecoder, LayerEncoder, LayerFacts
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint
from ocilayers.errors import CodecError
from ocilayers.spec.digest import Digest

LONG = b"".join(b"%d\n" % number for number in range(300_000))
LONG_GZIP = gzip.compress(LONG, mtime=0)


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


@pytest.mark.hostile("a reader that leaves early")
@pytest.mark.parametrize("stream", [LayerDecoder, LayerEncoder])
def test_facts_come_after_the_end(
    stream: type[LayerDecoder | LayerEncoder],
) -> None:
    """Who leaves early has verified nothing."""
    said = r"^nothing is known of a layer before finish\(\) has seen it all$"
    with pytest.raises(CodecError, match=said):
        _ = stream().facts


def test_a_layer_can_be_fed_what_is_no_bytes() -> None:
    """Any buffer is bytes; its owner may write over it at once."""
    decoder = LayerDecoder()
    buffer = bytearray(BLOBS["zstd"])
    given = decoder.feed(memoryview(buffer))
    buffer[:] = bytes(len(buffer))

    assert b"".join(given) == PLAIN
    assert decoder.finish() == []


class Recorder:
    """A tap that knows who calls it."""

    def __init__(self, error_at: int | None = None) -> None:
        self.data = b""
        self.threads: set[int] = set()
        self.error_at = error_at

    def __call__(self, piece: bytes) -> None:
        self.data += piece
        self.threads.add(threading.get_ident())
        if self.error_at is not None and len(self.data) > self.error_at:
            raise ZeroDivisionError("in the tap")


def test_a_tap_gets_every_piece_in_order(executor: Executor | None) -> None:
    """Whoever calls it."""
    tap = Recorder()
    decoder = LayerDecoder(executor=executor, tap=tap)

    assert pushed(decoder, LONG_GZIP) == tap.data == LONG


def test_a_tap_is_called_by_the_worker() -> None:
    """Beside the thread that decodes."""
    tap = Recorder()
    with ThreadPoolExecutor(1) as pool:
        pushed(LayerDecoder(executor=pool, tap=tap), LONG_GZIP)

    assert tap.threads - {threading.get_ident()}


def test_an_error_of_the_tap_reaches_the_caller(executor: Executor | None) -> None:
    """As it was; the decoder is over then, and the tap is not called again."""
    tap = Recorder(error_at=400_000)
    decoder = LayerDecoder(executor=executor, tap=tap)
    with pytest.raises(ZeroDivisionError, match="in the tap"):
        pushed(decoder, LONG_GZIP)
    seen = tap.data

    with pytest.raises(CodecError, match="ZeroDivisionError"):
        decoder.finish()
    assert tap.data is seen
    assert len(seen) <= 400_000 + STEP_BYTES


@pytest.mark.hostile("a reader that leaves early")
def test_a_decoder_dropped_half_way_leaves_nothing(executor: Executor | None) -> None:
    """No thread, no call to come, no warning; facts neither."""
    tap = Recorder()
    before = threading.active_count()
    decoder = LayerDecoder(executor=executor, tap=tap)
    next(decoder.feed(LONG_GZIP))
    with pytest.raises(CodecError, match="nothing is known"):
        _ = decoder.facts
    del decoder
    if executor is not None:
        executor.shutdown()

    assert threading.active_count() <= before
    assert len(tap.data) <= STEP_BYTES


@pytest.mark.parametrize("name", ["none", "gzip", "zstd"])
def test_a_checkpoint_of_a_layer_goes_on(name: str) -> None:
    """There is none before the first bytes."""
    decoder = LayerDecoder(checkpoints=True)
    assert decoder.checkpoint() is decoder.portable_checkpoint() is None

    checkpoints = [
        (decoder.checkpoint(), decoder.portable_checkpoint())
        for _ in decoder.feed(BLOBS[name])
    ]

    [(here, portable)] = checkpoints
    assert type(here) is type(portable) is Checkpoint


def test_checkpoints_are_right_here_when_asked_for() -> None:
    """Whichever library is installed."""
    decoder = LayerDecoder(checkpoints=True)
    offset = 0
    for piece in decoder.feed(LONG_GZIP):
        offset += len(piece)
        point = decoder.checkpoint()

        assert point is not None
        assert point.plain_offset == offset
