"""The making of a `Framing` while its tar is read.

Law: the same tar gives the same pieces, however it was cut.
"""

from __future__ import annotations

from typing import Final

from ocilayers.tar.framing import Framing, Piece

__all__ = ["FramingRecorder"]

#: Longest piece, in bytes, and what a long tail of zeros is a repetition of.
_ZEROS: Final = bytes(64 << 10)


class FramingRecorder:
    """Collects the pieces of a `Framing`."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._text = bytearray()

    def literal(self, data: bytes) -> None:
        """Keep *data* as it is."""
        self._text += data
        while len(self._text) >= len(_ZEROS):
            self._keep(bytes(self._text[: len(_ZEROS)]))
            del self._text[: len(_ZEROS)]

    def content(self, size: int) -> None:
        """Leave room for *size* bytes of content; less than 0 for a hole."""
        if not size:
            return
        self._flush()
        last = self._pieces[-1] if self._pieces else b""
        if isinstance(last, int) and (last > 0) == (size > 0):
            self._pieces[-1] = last + size
        else:
            self._pieces.append(size)

    def build(self) -> Framing:
        """What was collected."""
        self._flush()
        return Framing(tuple(self._pieces))

    def _flush(self) -> None:
        if self._text:
            self._keep(bytes(self._text))
            self._text.clear()

    def _keep(self, text: bytes) -> None:
        # All long runs of zeros are one object.
        self._pieces.append(_ZEROS if text == _ZEROS else text)
