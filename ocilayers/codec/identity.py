"""No compression at all, in the shape of one."""

from __future__ import annotations

from ocilayers.codec._intake import Intake
from ocilayers.codec._push import Push, Steps
from ocilayers.codec.protocols import STEP_BYTES, Checkpoint

__all__ = ["IdentityDecoder", "IdentityEncoder"]


class IdentityDecoder(Push):
    """Bytes in, the same bytes out.

    >>> decoder = IdentityDecoder()
    >>> list(decoder.feed(b"hello")), decoder.finish()
    ([b'hello'], [])

    Args:
        at: Where to begin, which may be anywhere.
    """

    def __init__(self, *, at: Checkpoint | None = None) -> None:
        intake = Intake("plain stream", at.stored_offset if at else 0)
        super().__init__(intake, _steps(intake))

    def checkpoint(self) -> Checkpoint:
        """Right here: a plain stream can be read from anywhere."""
        offset = self._intake.offset
        return Checkpoint("none", offset, offset)

    portable_checkpoint = checkpoint


class IdentityEncoder(Push):
    """Bytes in, the same bytes out."""

    def __init__(self) -> None:
        intake = Intake("plain stream")
        super().__init__(intake, _steps(intake))


def _steps(intake: Intake) -> Steps:
    while len(intake) or not intake.ended:
        piece = bytes(intake.head(STEP_BYTES))
        intake.skip(len(piece))
        yield piece
