"""One layer decoded: everything promised is checked, everything costly is bounded."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from collections.abc import Callable
from concurrent.futures import Executor

import attrs
import pytest
import zstandard
from codec_streams import BLOBS, PLAIN, Busy, given_before, gzip_member, pieces, pushed
from splits import in_every_split

from ocilayers.codec.layer import LayerDecoder
from ocilayers.codec.protocols import STEP_BYTES
from ocilayers.errors import (
    CodecError,
    CorruptStreamError,
    DigestMismatchError,
    InvalidDigestError,
    LimitExceededError,
    OCILayersError,
    SizeMismatchError,
    TrailingDataError,
    TruncatedStreamError,
    UnsupportedAlgorithmError,
)
from ocilayers.limits import KIB, MIB, Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import (
    DOCKER_LAYER_GZIP,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
)

LONG = b"".join(b"%d\n" % number for number in range(300_000))
LONG_GZIP = gzip.compress(LONG, mtime=0)
DIFF_ID = Digest.of(PLAIN)


def _gzip_descriptor(blob: bytes, media_type: str = OCI_LAYER_GZIP) -> Descriptor:
    return Descriptor.of(blob, media_type)


@pytest.mark.spec(
    "image-spec config.md, Layer DiffID",
    "A layer DiffID is the digest over the layer's uncompressed tar archive",
)
@pytest.mark.parametrize("name", BLOBS)
def test_a_layer_is_decoded_and_its_facts_known(
    name: str, executor: Executor | None
) -> None:
    """With no promises, in every split."""
    blob = BLOBS[name]
    for chunks in in_every_split(blob):
        decoder = LayerDecoder(executor=executor)

        assert pushed(decoder, *chunks) == PLAIN
        facts = decoder.facts
        assert facts.digest == Digest.of(blob)
        assert facts.diff_id == DIFF_ID
        assert (facts.size, facts.uncompressed_size) == (len(blob), len(PLAIN))
        assert facts.compression == name.partition(",")[0]
        assert facts.findings == decoder.findings == ()


@pytest.mark.parametrize("blob", [LONG_GZIP, zstandard.compress(LONG), LONG])
def test_a_long_layer_is_decoded_in_steps(
    blob: bytes, executor: Executor | None
) -> None:
    """Long enough for every queue to fill."""
    decoder = LayerDecoder(executor=executor, diff_id=Digest.of(LONG))
    steps = pieces(decoder, [blob[i : i + 65_536] for i in range(0, len(blob), 65_536)])

    assert b"".join(steps) == LONG
    assert max(map(len, steps)) <= STEP_BYTES
    assert decoder.facts.digest == Digest.of(blob)


def test_nothing_is_a_layer_without_entries(executor: Executor | None) -> None:
    """Of no bytes, that is of the tar that has none."""
    decoder = LayerDecoder(executor=executor)

    assert decoder.finish() == []
    assert decoder.facts.size == decoder.facts.uncompressed_size == 0
    assert decoder.facts.compression == "none"


@pytest.mark.hostile("other bytes than promised")
@pytest.mark.spec(
    "image-spec descriptor.md, Verification",
    "Before calculating the digest, the size of the content SHOULD be verified to"
    " reduce hash collision space.",
)
def test_too_much_is_refused_when_it_is_seen(executor: Executor | None) -> None:
    """Not at the end, and not by its digest."""
    blob = BLOBS["gzip"]
    decoder = LayerDecoder(_gzip_descriptor(blob), executor=executor)
    assert b"".join(decoder.feed(blob)) == PLAIN

    with pytest.raises(SizeMismatchError) as caught:
        decoder.feed(b"x")

    assert caught.value.where == "size"
    assert (caught.value.expected, caught.value.actual) == (len(blob), len(blob) + 1)
    with pytest.raises(SizeMismatchError):
        decoder.finish()


@pytest.mark.hostile("other bytes than promised")
def test_too_little_is_refused_by_its_size(executor: Executor | None) -> None:
    """Which says more than where the stream was cut."""
    blob = BLOBS["gzip"]
    decoder = LayerDecoder(_gzip_descriptor(blob), executor=executor)

    with pytest.raises(SizeMismatchError) as caught:
        pushed(decoder, blob[:-1])

    assert (caught.value.expected, caught.value.actual) == (len(blob), len(blob) - 1)


@pytest.mark.hostile("other bytes than promised")
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
@pytest.mark.spec(
    "image-spec descriptor.md, Verification",
    "Before consuming content targeted by a descriptor from untrusted sources, the"
    " byte content SHOULD be verified against the digest string.",
)
def test_other_bytes_are_refused(algorithm: str, executor: Executor | None) -> None:
    """The error says which digest, what was promised and what was found."""
    blob, other = gzip_member(PLAIN), gzip_member(PLAIN, flags=1)
    decoder = LayerDecoder(
        Descriptor.of(blob, OCI_LAYER_GZIP, algorithm=algorithm), executor=executor
    )

    with pytest.raises(DigestMismatchError) as caught:
        pushed(decoder, other)

    assert caught.value.where == "digest"
    assert caught.value.expected == Digest.of(blob, algorithm)
    assert caught.value.actual == Digest.of(other, algorithm)


@pytest.mark.hostile("other bytes than promised")
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("name", BLOBS)
def test_another_diff_id_is_refused(
    name: str, algorithm: str, executor: Executor | None
) -> None:
    """Also when the stored bytes are the promised ones."""
    blob = BLOBS[name]
    promised = Digest.of(b"another tar", algorithm)
    decoder = LayerDecoder(
        Descriptor.of(blob, "application/octet-stream"),
        diff_id=promised,
        executor=executor,
    )

    with pytest.raises(DigestMismatchError) as caught:
        pushed(decoder, blob)

    assert caught.value.where == "diff_id"
    assert caught.value.expected == promised
    assert caught.value.actual == Digest.of(PLAIN, algorithm)
    with pytest.raises(CodecError, match="nothing is known"):
        _ = decoder.facts


def test_promises_of_any_algorithm_become_the_facts() -> None:
    """Each digest has the algorithm that was asked for."""
    blob = BLOBS["zstd"]
    decoder = LayerDecoder(
        Descriptor.of(blob, OCI_LAYER_ZSTD, algorithm="sha384"),
        diff_id=Digest.of(PLAIN, "sha512"),
    )
    pushed(decoder, blob)

    assert decoder.facts.digest == Digest.of(blob, "sha384")
    assert decoder.facts.diff_id == Digest.of(PLAIN, "sha512")


def test_a_digest_that_nobody_can_compute_is_never_verified() -> None:
    """Unless the caller brings a hasher."""
    diff_id = f"blake3:{hashlib.blake2s(PLAIN).hexdigest()}"
    with pytest.raises(UnsupportedAlgorithmError):
        LayerDecoder(diff_id=diff_id)
    decoder = LayerDecoder(diff_id=diff_id, hashers={"blake3": hashlib.blake2s})
    pushed(decoder, PLAIN)

    assert decoder.facts.diff_id == diff_id


def test_a_diff_id_that_is_no_digest_is_refused() -> None:
    """Before the first byte."""
    with pytest.raises(InvalidDigestError):
        LayerDecoder(diff_id="sha256:")


@pytest.mark.hostile("another compression than promised")
@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("none", OCI_LAYER_GZIP),
        ("gzip", OCI_LAYER),
        ("gzip", OCI_LAYER_ZSTD),
        ("zstd", DOCKER_LAYER_GZIP),
    ],
)
def test_the_first_bytes_are_believed_more_than_the_media_type(
    name: str, media_type: str
) -> None:
    """As engines do; a finding says so, and a strict reader refuses."""
    blob = BLOBS[name]
    decoder = LayerDecoder(_gzip_descriptor(blob, media_type))

    assert pushed(decoder, blob) == PLAIN
    assert [finding.code for finding in decoder.facts.findings] == [
        "compression-mismatch"
    ]
    assert decoder.facts.compression == name
    with pytest.raises(CodecError, match=f"compressed with {name}"):
        pushed(LayerDecoder(_gzip_descriptor(blob, media_type), strict=True), blob)


def test_a_media_type_that_promises_nothing_cannot_be_wrong() -> None:
    """Some layers are no tar archives."""
    blob = BLOBS["zstd"]
    decoder = LayerDecoder(_gzip_descriptor(blob, "application/x-other"), strict=True)
    pushed(decoder, blob)

    assert decoder.facts.findings == ()


def test_an_encrypted_layer_is_named_as_such() -> None:
    """Its bytes would look like a plain tar that is none."""
    with pytest.raises(CodecError, match="encrypted"):
        LayerDecoder(_gzip_descriptor(b"?", f"{OCI_LAYER_GZIP}+encrypted"))


def test_findings_of_the_compression_are_findings_of_the_layer(
    executor: Executor | None,
) -> None:
    """And errors for a strict reader."""
    blob = gzip_member(PLAIN, flags=32) + bytes(512)
    decoder = LayerDecoder(executor=executor)
    pushed(decoder, blob)

    assert [finding.code for finding in decoder.facts.findings] == [
        "gzip-reserved-flags",
        "gzip-padding",
    ]
    with pytest.raises(CorruptStreamError):
        pushed(LayerDecoder(strict=True, executor=executor), blob)


@pytest.mark.hostile("a few bytes that inflate to many")
@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(gzip.compress(bytes(5_000_000)), id="gzip"),
        pytest.param(zstandard.compress(bytes(5_000_000)), id="zstd"),
        pytest.param(bytes(5_000_000), id="none"),
    ],
)
@pytest.mark.parametrize("limit", [0, 1000, MIB, 4_999_999])
def test_plain_bytes_are_limited(
    blob: bytes, limit: int, executor: Executor | None
) -> None:
    """What comes out before the error is within the limit."""
    decoder = LayerDecoder(limits=Limits(uncompressed_bytes=limit), executor=executor)
    given, error = given_before(LimitExceededError, decoder.feed(blob))

    assert given <= limit
    assert isinstance(error, LimitExceededError)
    assert error.limit == "uncompressed_bytes"
    # However far the step went that reached it.
    assert limit + 1 == error.actual


@pytest.mark.hostile("a few bytes that inflate to many")
@pytest.mark.parametrize(
    "compress", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"]
)
def test_what_goes_over_a_limit_is_one_step(
    compress: Callable[[bytes], bytes],
) -> None:
    """The memory that a bomb is given is that of its chunk, and of a few steps."""
    blob = compress(bytes(64 * MIB))
    tracemalloc.start()
    decoder = LayerDecoder(limits=Limits(uncompressed_bytes=MIB))
    given, _ = given_before(LimitExceededError, decoder.feed(blob))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert given <= MIB
    assert peak < 8 * STEP_BYTES


def test_a_limit_that_is_reached_is_not_exceeded() -> None:
    """To the byte."""
    decoder = LayerDecoder(limits=Limits(uncompressed_bytes=len(PLAIN)))

    assert pushed(decoder, BLOBS["gzip"]) == PLAIN


@pytest.mark.hostile("a few bytes that inflate to many")
@pytest.mark.parametrize("ratio", [1, 10, 500])
@pytest.mark.parametrize("promised", [True, False])
def test_the_ratio_is_limited(
    ratio: int, executor: Executor | None, *, promised: bool
) -> None:
    """Against the promised size, or against what came in; a step may be too much."""
    blob = gzip.compress(bytes(20_000_000))
    decoder = LayerDecoder(
        _gzip_descriptor(blob) if promised else None,
        limits=Limits(ratio=ratio),
        executor=executor,
    )
    given, error = given_before(
        LimitExceededError,
        (
            piece
            for start in range(0, len(blob), 1000)
            for piece in decoder.feed(blob[start : start + 1000])
        ),
    )

    assert isinstance(error, LimitExceededError)
    assert error.limit == "ratio"
    assert given <= ratio * len(blob) + STEP_BYTES


def test_a_small_layer_is_held_to_the_ratio_at_its_end() -> None:
    """Before that, a step is allowed to whoever promised nothing."""
    blob = gzip.compress(bytes(100_000))
    exact = -(-100_000 // len(blob))

    for chunks in in_every_split(blob):
        assert pushed(LayerDecoder(limits=Limits(ratio=exact)), *chunks)
        with pytest.raises(LimitExceededError):
            pushed(LayerDecoder(limits=Limits(ratio=exact - 1)), *chunks)


def test_a_layer_that_begins_with_zeros_is_held_to_what_it_promised() -> None:
    """Its first part has a high ratio, the whole has not."""
    plain = bytes(3_000_000) + LONG
    blob = gzip.compress(plain)
    limits = Limits(ratio=len(plain) // len(blob) + 1)
    decoder = LayerDecoder(_gzip_descriptor(blob), limits=limits)

    assert pushed(decoder, blob[:9], blob[9:]) == plain


def test_a_window_is_limited_in_a_layer_too() -> None:
    """The limits go down to the decoder."""
    with pytest.raises(LimitExceededError, match="zstd window"):
        pushed(
            LayerDecoder(limits=Limits(zstd_window=KIB)),
            zstandard.ZstdCompressor(level=3).compressobj().compress(LONG),
        )


@pytest.mark.hostile("a stream that is cut, or goes on")
@pytest.mark.parametrize("name", ["gzip", "zstd", "gzip, two members"])
def test_a_promised_layer_that_is_cut_anywhere_is_refused(
    name: str, executor: Executor | None
) -> None:
    """Also cut to nothing."""
    blob = BLOBS[name]
    for end in range(len(blob)):
        decoder = LayerDecoder(_gzip_descriptor(blob), executor=executor)
        with pytest.raises(SizeMismatchError):
            pushed(decoder, blob[:end])


@pytest.mark.hostile("a stream that is cut, or goes on")
@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_layer_that_is_cut_anywhere_is_refused(
    name: str, executor: Executor | None
) -> None:
    """Without any promise; cut to nothing it is a layer without entries."""
    blob = BLOBS[name]
    for end in range(1, len(blob)):
        with pytest.raises(TruncatedStreamError):
            pushed(LayerDecoder(executor=executor), blob[:end])


@pytest.mark.hostile("other bytes than promised")
@pytest.mark.parametrize("name", BLOBS)
def test_a_flipped_bit_of_a_promised_layer_is_always_seen(name: str) -> None:
    """Whatever it hits: the digest covers every bit."""
    blob = BLOBS[name]
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(OCILayersError):
            pushed(LayerDecoder(_gzip_descriptor(blob)), flipped)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        pytest.param(
            LONG_GZIP[:-8] + b"????" + LONG_GZIP[-4:] + b"garbage",
            CorruptStreamError,
            id="a checksum, then garbage",
        ),
        pytest.param(LONG_GZIP + b"garbage", TrailingDataError, id="garbage"),
        pytest.param(
            LONG_GZIP[:-8] + b"????" + LONG_GZIP[-4:-1],
            TruncatedStreamError,
            id="a checksum that is cut",
        ),
    ],
)
def test_the_first_error_of_the_stream_is_the_one_that_is_raised(
    wrong: bytes, error: type[OCILayersError], executor: Executor | None
) -> None:
    """Whoever finds it, and however late."""
    with pytest.raises(error):
        pushed(LayerDecoder(executor=executor), wrong)


def test_a_mismatch_of_size_comes_after_what_was_wrong_before() -> None:
    """A worker may still be busy with the bytes before it."""
    wrong = LONG_GZIP[:-8] + b"????" + LONG_GZIP[-4:]
    for given in (None, Busy()):
        decoder = LayerDecoder(_gzip_descriptor(wrong), executor=given)
        with pytest.raises(CorruptStreamError):
            list(decoder.feed(wrong)) and decoder.feed(b"x")


def test_limits_can_be_changed_alone() -> None:
    """They are one value."""
    limits = attrs.evolve(Limits(), uncompressed_bytes=10)
    with pytest.raises(LimitExceededError):
        pushed(LayerDecoder(limits=limits), PLAIN)
