"""What follows a header: content with its holes, and padding.

Law: content is never gathered; each piece is given out when it comes.
"""

from __future__ import annotations

from typing import Final

from ocilayers.limits import Limits
from ocilayers.tar._recorder import FramingRecorder
from ocilayers.tar.entry import EntryDraft

__all__ = ["Content", "Events"]

Events = list[EntryDraft | bytes]
"""What a decoder gives out; the drafts in it are frozen."""

#: What holes of sparse files are given out as, again and again.
_HOLE: Final = bytes(1 << 20)


class Content:
    """The content of one member after another.

    Attributes:
        where: Name of the member.
        wanted: Whether its content belongs to an entry.
        pad: What its padding still lacks, in bytes.
        steps: What its content still lacks, the last step first: `n` bytes that are
            stored, `-n` zeros that are not.

    Args:
        give: Whether to give content out at all.
        recorder: Where the framing goes.
        limits: `sparse_bytes` is used.
    """

    def __init__(
        self, *, give: bool, recorder: FramingRecorder | None, limits: Limits
    ) -> None:
        self._give = give
        self._recorder = recorder
        self._limits = limits
        self._hole_bytes = 0
        self.where = ""
        self.wanted = False
        self.pad = 0
        self.steps: list[int] = []

    def open(
        self, steps: list[int], pad: int, *, where: str, wanted: bool, out: Events
    ) -> None:
        """Begin with the content of a member."""
        self.steps = steps[::-1]
        self.pad = pad
        self.where = where
        self.wanted = wanted
        self._skip_holes(out)

    @property
    def done(self) -> bool:
        """Whether the next header comes next."""
        return not (self.steps or self.pad)

    def read(self, data: bytes, start: int, out: Events) -> int:
        """Read on in *data* from *start*, at least one byte.

        Returns:
            Where in *data* it ended.
        """
        if not self.steps:
            stop = min(start + self.pad, len(data))
            self.pad -= stop - start
            self._record(data[start:stop])
            return stop
        stop = min(start + self.steps[-1], len(data))
        self.steps[-1] -= stop - start
        if self.wanted and self._recorder is not None:
            self._recorder.content(stop - start)
        elif not self.wanted:
            self._record(data[start:stop])
        if self.wanted and self._give:
            out.append(data[start:stop])
        if not self.steps[-1]:
            self.steps.pop()
            self._skip_holes(out)
        return stop

    def _record(self, data: bytes) -> None:
        if self._recorder is not None:
            self._recorder.literal(data)

    def _skip_holes(self, out: Events) -> None:
        while self.steps and self.steps[-1] <= 0:
            size = -self.steps.pop()
            if not self.wanted:
                continue
            if self._recorder is not None:
                self._recorder.content(-size)
            if self._give:
                self._hole_bytes += size
                self._limits.check("sparse_bytes", self._hole_bytes, where=self.where)
                whole, rest = divmod(size, len(_HOLE))
                out += [_HOLE] * whole
                out += [_HOLE[:rest]] * bool(rest)
