"""`feed` and `finish` over a generator that asks for input by an empty piece."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from copy import copy
from typing import TypeAlias

from ocilayers._types import Buffer, as_bytes
from ocilayers.codec._intake import Intake
from ocilayers.codec.protocols import STEP_BYTES
from ocilayers.errors import CodecError, OCILayersError

__all__ = ["Push", "Steps", "ending", "sliced"]

Steps: TypeAlias = Generator[bytes, None, None]
"""Pieces of output; an empty one asks for more input."""


class Push:
    """A stream that is pushed through *steps*, which read from *intake*.

    The steps must not refer to this object: without a cycle, whoever drops it half
    way ends them at once, and their buffers go.

    Args:
        intake: Where the input is put.
        steps: Pieces of output; an empty one asks for more input.
    """

    def __init__(self, intake: Intake, steps: Steps) -> None:
        self._intake = intake
        self._steps = steps
        self._over: OCILayersError | None = None

    def feed(self, chunk: Buffer, /) -> Iterator[bytes]:
        """Take the next bytes; give what can be given of them, step by step.

        Raises:
            OCILayersError: See the class; also that it was finished before.
        """
        if self._over is not None:
            raise self._over
        self._intake.give(as_bytes(chunk))
        return self._pull()

    def finish(self) -> list[bytes]:
        """Say that no more will come; give everything that is left.

        Raises:
            OCILayersError: See the class; also that it was finished before.
        """
        if self._over is not None:
            raise self._over
        self._intake.ended = True
        rest = list(self._pull())
        self._over = CodecError("finish() has been called: this stream is complete")
        return rest

    def _pull(self) -> Iterator[bytes]:
        while True:
            try:
                piece = next(self._steps, None)
            except BaseException as error:
                self._over = ending(error)
                raise
            if not piece:
                return
            yield piece

    def _refuse(self, error: OCILayersError) -> None:
        """End the stream with *error*, or with an earlier one that was on its way."""
        try:
            self._steps.throw(error)
        except BaseException as raised:
            self._over = ending(raised)
            raise


def ending(error: BaseException) -> OCILayersError:
    """What a stream that ended with *error* says when it is used again."""
    if isinstance(error, OCILayersError):
        # A copy, because an error that was raised keeps its frames alive.
        return copy(error)
    return CodecError(f"an earlier {type(error).__name__} ended this stream")


def sliced(data: bytes) -> Iterator[bytes]:
    """*data* in steps; none where it is empty."""
    if 0 < len(data) <= STEP_BYTES:
        yield data
        return
    for start in range(0, len(data), STEP_BYTES):
        yield data[start : start + STEP_BYTES]
