"""The recorder: the same pieces, however the tar was cut."""

from __future__ import annotations

from ocilayers.tar._recorder import FramingRecorder


def test_neighbours_are_one_piece() -> None:
    """Literals, contents and holes each."""
    recorder = FramingRecorder()
    for literal in (b"a", b"", b"b"):
        recorder.literal(literal)
    for size in (1, 2, 0, -3, -4, 5):
        recorder.content(size)
    recorder.literal(b"c")

    assert recorder.build().pieces == (b"ab", 3, -7, 5, b"c")


def test_nothing_is_no_piece() -> None:
    """An empty tar has none."""
    assert FramingRecorder().build().pieces == ()


def test_content_may_come_first() -> None:
    """Though no tar begins with it."""
    recorder = FramingRecorder()
    recorder.content(1)

    assert recorder.build().pieces == (1,)


def test_long_literals_are_cut_at_the_same_places() -> None:
    """Whatever the chunks were."""
    one, other = FramingRecorder(), FramingRecorder()
    text = bytes(range(256)) * 1000
    one.literal(text)
    for start in range(0, len(text), 999):
        other.literal(text[start : start + 999])

    assert one.build() == other.build()
    assert max(len(p) for p in one.build().pieces if isinstance(p, bytes)) == 64 << 10
