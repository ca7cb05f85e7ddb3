"""`feed` and `finish`: nothing is lost, and nothing goes on after the end."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable
from subprocess import run

import pytest
from codec_streams import pieces

from ocilayers.codec._intake import Intake
from ocilayers.codec._push import Push, Steps, sliced
from ocilayers.errors import CodecError, CorruptStreamError


def _letters(intake: Intake, fail: Callable[[], BaseException] | None = None) -> Steps:
    while len(intake) or not intake.ended:
        if not len(intake):
            yield b""
            continue
        letter = intake.take(1)
        if letter == b"!" and fail is not None:
            raise fail()
        yield letter
    yield b"end"


def _push(fail: Callable[[], BaseException] | None = None) -> Push:
    intake = Intake("letters")
    return Push(intake, _letters(intake, fail))


def test_pieces_come_step_by_step() -> None:
    """And the rest at the end."""
    assert pieces(_push(), [b"ab", b"", b"c"]) == [b"a", b"b", b"c", b"end"]


def test_what_was_not_taken_comes_next_time() -> None:
    """A caller may leave an iterator half way, or never begin it."""
    stream = _push()
    assert next(stream.feed(b"abc")) == b"a"
    stream.feed(b"d")

    assert list(stream.feed(b"e")) == [b"b", b"c", b"d", b"e"]


def test_what_was_never_taken_comes_at_the_end() -> None:
    """`finish` is eager."""
    stream = _push()
    stream.feed(b"ab")

    assert stream.finish() == [b"a", b"b", b"end"]


def test_the_bytes_are_taken_at_once() -> None:
    """The caller may write over them before the iterator is used."""
    stream = _push()
    buffer = bytearray(b"ab")
    given = stream.feed(buffer)
    buffer[:] = b"xy"

    assert list(given) == [b"a", b"b"]


def test_after_the_end_it_says_that_it_is_complete() -> None:
    """Both ways in are closed."""
    stream = _push()
    stream.finish()

    with pytest.raises(CodecError, match="complete"):
        stream.feed(b"x")
    with pytest.raises(CodecError, match="complete"):
        stream.finish()


def test_after_an_error_it_raises_the_same_one() -> None:
    """With the same data, and without what the first one held."""
    stream = _push(lambda: CorruptStreamError("bad", where="letters", offset=3))
    with pytest.raises(CorruptStreamError):
        list(stream.feed(b"a!b"))

    for again in (lambda: stream.feed(b"x"), stream.finish):
        with pytest.raises(CorruptStreamError, match="bad") as caught:
            again()
        assert (caught.value.where, caught.value.offset) == ("letters", 3)


@pytest.mark.hostile("a source that fails")
def test_an_interrupted_stream_does_not_look_complete() -> None:
    """Ctrl-C in the middle must not make a short result."""
    stream = _push(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        list(stream.feed(b"!"))

    with pytest.raises(CodecError, match="KeyboardInterrupt ended this stream"):
        stream.finish()


@pytest.mark.hostile("a reader that leaves early")
def test_a_stream_dropped_half_way_goes_at_once() -> None:
    """It has no cycle that a collector would have to find."""
    gc.disable()
    try:
        stream = _push()
        next(stream.feed(b"abc"))
        gone = weakref.ref(stream)
        del stream

        assert gone() is None
    finally:
        gc.enable()


def test_a_stream_that_failed_goes_at_once() -> None:
    """The error that it keeps holds no frames."""
    # In a process of its own: what else a test process imports may hold frames.
    code = """
import gc, weakref
from contextlib import suppress
from subprocess import run
from ocilayers import CorruptStreamError, LayerDecoder
gc.disable()
stream = LayerDecoder()
with suppress(CorruptStreamError):
    list(stream.feed(b"\\x1f\\x8b\\x08\\0\\0\\0\\0\\0\\0\\xff" + b"\\xff" * 100))
gone = weakref.ref(stream)
del stream
print(gone())
"""
    command = [sys.executable, "-c", code]
    done = run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert "None\n" == done.stdout


@pytest.mark.parametrize(
    ("length", "steps"),
    [(0, []), (1, [1]), (131_072, [131_072]), (131_073, [131_072, 1])],
)
def test_long_data_is_cut_into_steps(length: int, steps: list[int]) -> None:
    """And nothing gives no step, which would ask for input."""
    data = bytes(length)

    assert [len(step) for step in sliced(data)] == steps
    assert b"".join(sliced(data)) == data
