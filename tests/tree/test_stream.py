"""The content of a file, as what `io` can wrap."""

from __future__ import annotations

import io

import pytest

from ocilayers._source import OwnedStream
from ocilayers.tree._stream import open_binary


def test_content_is_read_in_pieces_of_any_length() -> None:
    """However much the source gives at once."""
    with open_binary(io.BytesIO(b"hello\nworld")) as stream:
        assert stream.readable()
        assert b"hel" == stream.read(3)
        assert b"lo\n" == stream.readline()
        assert b"world" == stream.read()


def test_an_object_that_is_closed_stays_closed() -> None:
    """Its source is let go once only."""
    file = io.BytesIO(b"x")
    stream = open_binary(OwnedStream(file))
    assert isinstance(stream, io.BufferedReader)
    raw = stream.detach()

    raw.close()
    raw.close()

    assert raw.closed
    assert file.closed


@pytest.mark.parametrize("owned", [True, False], ids=["ours", "the caller's"])
def test_only_what_the_library_opened_is_closed(*, owned: bool) -> None:
    """And closing twice is no mistake."""
    file = io.BytesIO(b"x")
    stream = open_binary(OwnedStream(file) if owned else file)

    stream.close()
    stream.close()

    assert owned == file.closed
