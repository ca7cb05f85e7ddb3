"""The waiting bytes: in order, counted, and safe from their owner."""

from __future__ import annotations

import pytest
from splits import in_every_split

from ocilayers.codec._intake import Intake
from ocilayers.errors import TruncatedStreamError


def _filled(*chunks: bytes, offset: int = 0) -> Intake:
    intake = Intake("stream", offset)
    for chunk in chunks:
        intake.give(chunk)
    return intake


def test_everything_is_taken_once_and_in_order() -> None:
    """However it was cut, and however much is taken at a time."""
    data = bytes(range(256))
    for chunks in in_every_split(data):
        intake = _filled(*chunks)

        assert [len(intake), intake.peek(5)] == [256, data[:5]]
        assert intake.take(100) == data[:100]
        intake.skip(50)
        assert [intake.offset, len(intake)] == [150, 106]
        assert intake.take(106) == data[150:]
        assert intake.peek(1) == intake.take_chunk() == bytes(intake.head(9)) == b""


def test_an_offset_counts_from_the_start_of_the_stream() -> None:
    """Also where the intake does not begin there."""
    intake = _filled(b"abc", offset=1000)
    intake.skip(2)

    assert intake.offset == 1002


def test_the_head_is_part_of_the_first_chunk() -> None:
    """So it needs no copy."""
    intake = _filled(b"abc", b"def")

    assert bytes(intake.head(2)) == b"ab"
    assert bytes(intake.head(9)) == b"abc"


def test_a_view_is_of_one_chunk() -> None:
    """Bytes of several are put together."""
    intake = _filled(b"abc", b"def")

    assert intake.take_view(2) == memoryview(b"ab")
    assert intake.take_view(2) == b"cd"
    assert (intake.offset, len(intake)) == (4, 2)


def test_a_whole_chunk_is_given_as_it_is() -> None:
    """The rest of one is not."""
    first, second = b"abc", b"defg"
    intake = _filled(first, second)

    assert intake.take_chunk() is first
    intake.skip(1)
    assert intake.take_chunk() == b"efg"


def test_waiting_asks_until_enough_is_there() -> None:
    """By empty pieces."""
    intake = _filled(b"ab")
    waiting = intake.wait(3, "a part")

    assert next(waiting) == b""
    assert next(waiting) == b""
    intake.give(b"c")
    assert next(waiting, "there") == "there"


def test_what_never_comes_is_missed_where_it_should_be() -> None:
    """The offset is the end of what came."""
    intake = _filled(b"abc", offset=7)
    intake.ended = True

    with pytest.raises(TruncatedStreamError, match="inside a part") as caught:
        next(intake.wait(4, "a part"))

    assert (caught.value.where, caught.value.offset) == ("stream", 10)


def test_what_was_used_up_may_wait_again() -> None:
    """Before all that waits, and where it was."""
    intake = _filled(b"abc", b"de", offset=7)
    used = intake.take(4)

    intake.put_back(used[2:])

    assert (9, 3) == (intake.offset, len(intake))
    assert b"cde" == intake.take(3)
