"""Framing: what a tar holds around its contents, and the tar made again from both."""

from __future__ import annotations

import pickle

import pytest
from splits import in_every_split
from tar_blocks import END, decode, member, pax

from ocilayers.errors import TarError
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry
from ocilayers.tar.framing import Framing, reassemble

TAR = (
    member(b"d/", flag=b"5")
    + pax({b"mtime": b"1", b"comment": b"kept"})
    + member(b"d/a", b"x" * 700)
    + member(b"V", b"volume", flag=b"V")
    + member(b"b", b"y")[:-7]
    + b"garbage"
    + member(b"last")
    + END
    + bytes(512)
    + b"smuggled"
)


def _apart(chunks: list[bytes], *, content: bool = True) -> tuple[Framing, list[bytes]]:
    decoder = TarDecoder(content=content, framing=True)
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    events += decoder.finish()
    return decoder.framing, [e for e in events if isinstance(e, bytes)]


def test_a_tar_taken_apart_is_put_together_bit_for_bit() -> None:
    """In every split, and with contents in any pieces."""
    tar = member(b"a", b"x" * 700)[:-7] + b"garbage" + TAR
    framing, contents = _apart([tar])

    assert framing.size == len(tar)
    assert framing.content_size == sum(map(len, contents))
    for chunks in in_every_split(tar, random_cuts=3):
        found, pieces = _apart(chunks)
        assert framing == found
        assert b"".join(reassemble(found, pieces)) == tar
    for pieces in in_every_split(b"".join(contents), random_cuts=3):
        assert b"".join(reassemble(framing, pieces)) == tar


def test_framing_does_not_need_the_contents() -> None:
    """They may be had elsewhere."""
    framing, contents = _apart([TAR])

    assert _apart([TAR], content=False) == (framing, [])
    assert b"".join(reassemble(framing, contents)) == TAR


def test_any_buffer_is_content() -> None:
    """Bytes, or what can be read as such."""
    framing = Framing((b"<", 2, b">", 1))

    assert b"".join(reassemble(framing, [bytearray(b"a"), b"", memoryview(b"bc")])) == (
        b"<ab>c"
    )


def test_holes_are_left_out() -> None:
    """The zeros of a sparse file are not in its tar."""
    framing = Framing((b"<", 1, -3, 1, b">"))

    assert (framing.size, framing.content_size) == (4, 5)
    assert b"".join(reassemble(framing, [b"a\0", b"\0\0b"])) == b"<ab>"


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        pytest.param([b"a\0\0"], "less content", id="too little"),
        pytest.param([], "less content", id="none"),
        pytest.param([b"a\0\0bc"], "more content", id="too much"),
        pytest.param([b"a\0xb"], "hole", id="other content"),
        pytest.param([b"aXXb"], "hole", id="other content alone"),
    ],
)
def test_only_the_very_contents_fit(contents: list[bytes], problem: str) -> None:
    """A tar of other bytes would have another diff_id."""
    with pytest.raises(TarError, match=problem):
        list(reassemble(Framing((b"<", 1, -2, 1)), contents))


def test_framing_is_a_value() -> None:
    """It pickles, compares and hashes, and its repr is short."""
    framing, _ = _apart([TAR])

    assert framing == pickle.loads(pickle.dumps(framing))  # noqa: S301 - our own bytes
    assert hash(framing) == hash(_apart([TAR])[0])
    assert len(repr(framing)) < 100


def test_a_long_tail_of_zeros_is_kept_once() -> None:
    """It may be longer than memory."""
    framing, _ = _apart([END, *[bytes(1 << 20)] * 64])

    assert framing.size == 1024 + (64 << 20)
    assert len({id(piece) for piece in framing.pieces}) <= 2
    assert len(pickle.dumps(framing)) < 100_000


def test_framing_has_to_be_asked_for() -> None:
    """It costs memory."""
    decoder = TarDecoder()
    decoder.feed(TAR)
    decoder.finish()

    with pytest.raises(TarError, match="not asked for"):
        _ = decoder.framing


def test_framing_is_there_when_all_was_read() -> None:
    """Half of it would be of another tar."""
    decoder = TarDecoder(framing=True)
    decoder.feed(TAR)
    with pytest.raises(TarError, match="has been read"):
        _ = decoder.framing
    decoder.finish()
    assert decoder.framing.size == len(TAR)

    broken = TarDecoder(framing=True)
    broken.feed(TAR[:100])
    with pytest.raises(TarError):
        broken.finish()
    with pytest.raises(TarError, match="has been read"):
        _ = broken.framing


@pytest.mark.parametrize("end", [b"", bytes(512), bytes(700)])
def test_an_odd_ending_is_put_together_too(end: bytes) -> None:
    """Byte for byte."""
    tar = member(b"a", b"x") + end
    framing, contents = _apart([tar])

    assert b"".join(reassemble(framing, contents)) == tar


def test_events_are_the_same_with_framing() -> None:
    """It only looks on."""
    decoder = TarDecoder(framing=True)

    assert decode(TAR) == decoder.feed(TAR)
    assert all(isinstance(event, Entry | bytes) for event in decode(TAR))
