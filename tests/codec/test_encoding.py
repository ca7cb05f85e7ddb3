"""One layer encoded: what is written, and what is known of it."""

from __future__ import annotations

import threading
from concurrent.futures import Executor

import pytest
from codec_streams import PLAIN, pieces, pushed
from splits import in_every_split

from ocilayers.codec.deflate import ZLIB
from ocilayers.codec.gzip import GzipEncoder
from ocilayers.codec.layer import LayerDecoder, LayerEncoder
from ocilayers.codec.protocols import STEP_BYTES
from ocilayers.codec.zstd import ZstdEncoder
from ocilayers.errors import CodecError, UnsupportedAlgorithmError
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import Compression

LONG = b"".join(b"%d\n" % number for number in range(300_000))
COMPRESSIONS: list[Compression] = ["gzip", "zstd", "none"]

every_compression = pytest.mark.parametrize("compression", COMPRESSIONS)


@every_compression
@pytest.mark.parametrize("plain", [b"", PLAIN, LONG], ids=["empty", "small", "long"])
def test_what_is_written_is_read_and_known(
    compression: Compression, plain: bytes, executor: Executor | None
) -> None:
    """Both facts are the same, and hashlib agrees."""
    encoder = LayerEncoder(compression, executor=executor)
    steps = pieces(encoder, [plain])
    stored = b"".join(steps)
    decoder = LayerDecoder()

    assert all(0 < len(step) <= STEP_BYTES for step in steps)
    assert pushed(decoder, stored) == plain
    assert decoder.facts == encoder.facts
    assert encoder.facts.compression == compression
    assert encoder.facts.digest == Digest.of(stored)
    assert encoder.facts.diff_id == Digest.of(plain)
    assert encoder.facts.size == len(stored)
    assert encoder.facts.uncompressed_size == len(plain)


@every_compression
def test_the_bytes_depend_on_nothing_but_the_content(
    compression: Compression, executor: Executor | None
) -> None:
    """Not on the cuts, not on the executor."""
    expected = pushed(LayerEncoder(compression), LONG)
    for chunks in in_every_split(LONG, random_cuts=2):
        encoder = LayerEncoder(compression, executor=executor)

        assert pushed(encoder, *chunks) == expected


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_both_digests_have_the_algorithm_asked_for(algorithm: str) -> None:
    """By default it is sha256."""
    encoder = LayerEncoder(algorithm=algorithm)
    stored = pushed(encoder, PLAIN)

    assert encoder.facts.digest == Digest.of(stored, algorithm)
    assert encoder.facts.diff_id == Digest.of(PLAIN, algorithm)


def test_an_algorithm_that_nobody_knows_is_refused() -> None:
    """Before the first byte."""
    with pytest.raises(UnsupportedAlgorithmError):
        LayerEncoder(algorithm="md5")


def test_a_level_goes_to_the_compression() -> None:
    """Gzip counts from 0 to 9, zstd from 1 to 22."""
    assert pushed(LayerEncoder(level=9), LONG) == pushed(GzipEncoder(level=9), LONG)
    assert pushed(LayerEncoder("zstd", level=9), LONG) == pushed(
        ZstdEncoder(level=9), LONG
    )
    with pytest.raises(CodecError, match="no such level"):
        LayerEncoder("zstd", level=0)


def test_another_compression_is_refused() -> None:
    """Also when type checkers were not asked."""
    with pytest.raises(CodecError, match=r"no such compression.*found xz"):
        LayerEncoder("xz")  # type: ignore[arg-type]  # that is the point


def test_another_library_is_asked_for_by_name_and_recorded() -> None:
    """Its bytes are others, so somebody will wonder."""
    pytest.importorskip("isal")
    encoder = LayerEncoder(deflate="isal")
    stored = pushed(encoder, LONG)

    assert stored != pushed(LayerEncoder(), LONG)
    assert [finding.code for finding in encoder.facts.findings] == ["other-deflate"]
    assert encoder.facts.findings[0].message == "deflated by isal"
    assert pushed(LayerDecoder(), stored) == LONG


def test_zlib_is_nothing_to_record() -> None:
    """It is what one expects."""
    encoder = LayerEncoder(deflate=ZLIB.name)
    pushed(encoder, PLAIN)

    assert encoder.facts.findings == ()


@every_compression
def test_nothing_is_known_before_the_end(compression: Compression) -> None:
    """The last block is missing."""
    encoder = LayerEncoder(compression)
    list(encoder.feed(PLAIN))

    with pytest.raises(CodecError, match="nothing is known"):
        _ = encoder.facts


@every_compression
def test_an_encoder_dropped_half_way_leaves_nothing(
    compression: Compression, executor: Executor | None
) -> None:
    """No thread, no call to come, no warning."""
    before = threading.active_count()
    encoder = LayerEncoder(compression, executor=executor)
    for _ in encoder.feed(LONG):
        break
    del encoder
    if executor is not None:
        executor.shutdown()

    assert threading.active_count() <= before
