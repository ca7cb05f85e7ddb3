"""Laws of layers: decoding undoes encoding, however the stream is cut and run."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import zstandard
from codec_streams import pushed
from hypothesis import given, strategies as st

from ocilayers.codec.decoder import resume
from ocilayers.codec.layer import LayerDecoder, LayerEncoder, LayerFacts
from ocilayers.errors import OCILayersError
from ocilayers.limits import Limits
from ocilayers.spec.media_types import Compression
from ocilayers.strategies.blobs import Corrupted, compressed, corrupted

#: The first byte of a tar is one of a name, so it is no mark of a compression.
plain_bytes = st.builds(
    lambda head, parts: head + b"".join(part * times for part, times in parts),
    st.just(b"name\0"),
    st.lists(st.tuples(st.binary(max_size=40), st.sampled_from([1, 3, 700]))),
)
compressions = st.sampled_from(["gzip", "zstd", "none"])


@st.composite
def cut(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """*data* in any pieces."""
    places = draw(st.lists(st.integers(0, len(data)), max_size=9))
    return [data[a:b] for a, b in pairwise([0, *sorted(places), len(data)])]


def _outcome(chunks: list[bytes], **options: object) -> tuple[bytes, LayerFacts] | str:
    decoder = LayerDecoder(**options)  # type: ignore[arg-type]  # options by name
    try:
        return pushed(decoder, *chunks), decoder.facts
    except OCILayersError as error:
        return f"{type(error).__name__}: {error}"


@given(st.data(), plain_bytes, compressions)
def test_decoding_undoes_encoding(
    data: st.DataObject, plain: bytes, compression: Compression
) -> None:
    """Cut in any way before and after; and the bytes between do not show it."""
    encoder = LayerEncoder(compression)
    stored = pushed(encoder, *data.draw(cut(plain)))
    decoder = LayerDecoder(diff_id=encoder.facts.diff_id)

    assert pushed(decoder, *data.draw(cut(stored))) == plain
    assert decoder.facts == encoder.facts
    assert stored == pushed(LayerEncoder(compression), plain)


@given(
    st.data(),
    st.lists(plain_bytes, min_size=1, max_size=4),
    st.sampled_from([zstandard.compress, gzip.compress]),
)
def test_facts_are_what_other_libraries_say(
    data: st.DataObject, parts: list[bytes], compress: Callable[[bytes], bytes]
) -> None:
    """Of streams that other libraries wrote, in several members or frames."""
    stored = b"".join(compress(part) for part in parts)
    decoder = LayerDecoder()
    plain = pushed(decoder, *data.draw(cut(stored)))

    assert plain == b"".join(parts)
    assert decoder.facts.digest.hex == hashlib.sha256(stored).hexdigest()
    assert decoder.facts.diff_id.hex == hashlib.sha256(plain).hexdigest()
    assert decoder.facts.size == len(stored)
    assert decoder.facts.uncompressed_size == len(plain)


@given(st.data(), plain_bytes, compressions)
def test_an_executor_changes_nothing(
    data: st.DataObject, plain: bytes, compression: Compression
) -> None:
    """Neither what comes out, nor what is refused, nor why."""
    stored = bytearray(pushed(LayerEncoder(compression), plain))
    for place in data.draw(
        st.lists(st.integers(0, max(len(stored) - 1, 0)), max_size=2)
    ):
        stored[place : place + 1] = data.draw(st.binary(max_size=2))
    chunks = data.draw(cut(bytes(stored)))
    with ThreadPoolExecutor(2) as pool:
        assert _outcome(chunks, executor=pool) == _outcome(chunks)


@given(st.data(), plain_bytes, compressions)
def test_how_a_stream_is_cut_changes_nothing(
    data: st.DataObject, plain: bytes, compression: Compression
) -> None:
    """Also of a stream that is broken: the same bytes, or the same error."""
    stored = pushed(LayerEncoder(compression), plain)
    stored = stored[: data.draw(st.integers(0, len(stored)))]
    stored += data.draw(st.sampled_from([b"", b"\0\0", b"?", b"\x1f\x8b", stored[:20]]))

    assert _outcome(data.draw(cut(stored))) == _outcome([stored])


@given(st.data(), plain_bytes, compressions, st.integers(0, 5000))
def test_a_limit_always_refuses(
    data: st.DataObject, plain: bytes, compression: Compression, limit: int
) -> None:
    """Exactly what is more."""
    stored = pushed(LayerEncoder(compression), plain)
    outcome = _outcome(data.draw(cut(stored)), limits=Limits(uncompressed_bytes=limit))

    assert isinstance(outcome, str) == (len(plain) > limit)


@given(st.data(), plain_bytes, compressions)
def test_a_checkpoint_goes_on_from_where_it_was_taken(
    data: st.DataObject, plain: bytes, compression: Compression
) -> None:
    """However the stream was cut before it."""
    stored = pushed(LayerEncoder(compression), plain)
    decoder = LayerDecoder(checkpoints=True)
    for chunk in data.draw(cut(stored)):
        for _ in decoder.feed(chunk):
            checkpoint = decoder.checkpoint()

            assert checkpoint is not None
            rest = pushed(resume(checkpoint), stored[checkpoint.stored_offset :])
            assert rest == plain[checkpoint.plain_offset :]
    decoder.finish()


@given(st.data(), corrupted(compressed(plain_bytes)))
def test_how_a_strange_stream_is_cut_changes_nothing(
    data: st.DataObject, bad: Corrupted
) -> None:
    """Of any headers, members and frames, whole or damaged."""
    for stored in (bad.original, bad.data):
        assert _outcome(data.draw(cut(stored))) == _outcome([stored])
