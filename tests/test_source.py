"""The caller's streams are held to their contract."""

from __future__ import annotations

import io

import pytest

from ocilayers._source import CHUNK_BYTES, chunks, read_some
from ocilayers.errors import SourceError


class Gives:
    """A source that gives one prepared answer."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def read(self, _size: int) -> object:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.hostile("a source that gives little, nothing, or too much")
@pytest.mark.parametrize("chunk", [b"ab", bytearray(b"ab"), memoryview(b"ab")])
def test_any_buffer_is_taken(chunk: bytes) -> None:
    """Bytes, bytearray and memoryview are bytes alike."""
    assert b"ab" == bytes(read_some(io.BytesIO(chunk), 2))


@pytest.mark.hostile("a source that gives little, nothing, or too much")
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(None, "NoneType", id="a source that does not block"),
        pytest.param("text", "str", id="text"),
        pytest.param(b"abc", "at most 2 bytes, found 3 bytes", id="too much"),
        pytest.param(StopIteration(), "StopIteration", id="StopIteration"),
    ],
)
def test_a_source_that_breaks_its_contract_is_named(answer: object, said: str) -> None:
    """The error says what the source gave."""
    with pytest.raises(SourceError, match=said):
        read_some(Gives(answer), 2)  # type: ignore[arg-type] # wrong on purpose


@pytest.mark.parametrize("given", [b"ab", "a/b", None, iter([b"ab"])])
def test_what_is_no_stream_is_named(given: object) -> None:
    """Bytes, a path or chunks in its place are the usual mistake."""
    said = rf"io\.BytesIO, .*found {type(given).__name__}"
    with pytest.raises(SourceError, match=said):
        read_some(given, 2)  # type: ignore[arg-type] # wrong on purpose


@pytest.mark.hostile("a source that fails")
@pytest.mark.parametrize("error", [ConnectionResetError(), KeyError("x")])
def test_the_callers_own_error_passes_through(error: Exception) -> None:
    """It is not ours to wrap."""
    with pytest.raises(type(error)) as caught:
        read_some(Gives(error), 2)  # type: ignore[arg-type] # wrong on purpose

    assert error is caught.value


@pytest.mark.hostile("a source that fails")
def test_a_callback_that_says_stop_is_named() -> None:
    """A generator would take it for an end."""
    told = iter([1])

    def progress(_size: int) -> None:
        next(told)

    stream = chunks(io.BytesIO(bytes(CHUNK_BYTES + 5)), progress=progress)
    assert CHUNK_BYTES == len(bytes(next(stream)))
    with pytest.raises(SourceError, match="progress raised StopIteration"):
        next(stream)


def test_progress_hears_of_every_byte_once() -> None:
    """The callback gets the bytes since the last call."""
    data = bytes(CHUNK_BYTES + 5)
    told: list[int] = []

    read = b"".join(bytes(c) for c in chunks(io.BytesIO(data), progress=told.append))

    assert data == read
    assert [CHUNK_BYTES, 5] == told
