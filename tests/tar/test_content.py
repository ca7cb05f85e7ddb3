"""Content: given out as it comes, with holes, and not where nobody wants it."""

from __future__ import annotations

import pytest

from ocilayers.limits import Limits
from ocilayers.tar._content import Content, Events
from ocilayers.tar._recorder import FramingRecorder


def _read(
    steps: list[int], pad: int, data: bytes, *, give: bool = True, wanted: bool = True
) -> tuple[Events, int, FramingRecorder]:
    recorder = FramingRecorder()
    content = Content(give=give, recorder=recorder, limits=Limits())
    out: Events = []
    content.open(steps, pad, where="a", wanted=wanted, out=out)
    position = 0
    while not content.done and position < len(data):
        position = content.read(data, position, out)
    return out, position, recorder


def test_content_is_followed_by_padding() -> None:
    """Which is nobody's."""
    out, position, recorder = _read([3], 2, b"abc\0\0next")

    assert (out, position) == ([b"abc"], 5)
    assert recorder.build().pieces == (3, b"\0\0")


def test_holes_are_zeros() -> None:
    """At the start, between and at the end."""
    out, position, recorder = _read([-2, 1, -1, 2, -3], 1, b"abc\0")

    assert (b"".join(event for event in out if isinstance(event, bytes)), position) == (
        b"\0\0a\0bc\0\0\0",
        4,
    )
    assert recorder.build().pieces == (-2, 1, -1, 2, -3, b"\0")


def test_content_may_come_in_pieces() -> None:
    """Each is given out when it is there."""
    content = Content(give=True, recorder=None, limits=Limits())
    out: Events = []
    content.open([4], 0, where="a", wanted=True, out=out)

    assert content.read(b"ab", 0, out) == 2
    assert not content.done
    assert content.read(b"cd", 0, out) == 2
    assert content.done
    assert out == [b"ab", b"cd"]


def test_content_that_nobody_asked_for_is_counted_alone() -> None:
    """Its framing is the same."""
    out, _, recorder = _read([-2, 1], 1, b"a\0", give=False)

    assert out == []
    assert recorder.build().pieces == (-2, 1, b"\0")


def test_content_of_no_entry_is_framing() -> None:
    """Nobody could give it back otherwise."""
    out, _, recorder = _read([-2, 1], 1, b"a\0", wanted=False)

    assert out == []
    assert recorder.build().pieces == (b"a\0",)


@pytest.mark.parametrize("pad", [0, 7])
def test_no_content_needs_no_reading(pad: int) -> None:
    """Only its padding, when there is any."""
    out, position, _ = _read([], pad, bytes(20))

    assert (out, position) == ([], pad)
